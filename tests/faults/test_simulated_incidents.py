"""Random incidents against the exchange's own ledger; and that the invariants see what a wrong desk would do."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from orphan_incident import ExchangeInMemory
from recovery_builders import coverage, live
from strategies import ManualClock, order

from crashdesk import LiveState, RecoveryConfig, RecoveryManager
from crashdesk.demo import simulate
from crashdesk.demo.simulation_exchange import ANSWERS
from crashdesk.demo.simulation_incident import Incident
from crashdesk.demo.simulation_invariants import INVARIANTS, Invariant
from crashdesk.demo.simulation_recovery import simulate as play
from crashdesk.errors import PlanChanged
from crashdesk.exchange.records import Coverage, ExchangeOrder, ScopeKind, ScopeStatus
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.protection import protects
from crashdesk.reconcile.records import Decision, OrderVerdictKind, Plan
from crashdesk.state import Side

SEED = 1
# From this seed on, every kind of turn, answer and verdict comes within fifty incidents; found by counting.
FIRST = 1242
ENOUGH_FOR_EVERY_KIND = 50
# Enough for each mistake below to be made.
MOST_FOR_A_MISTAKE = 250


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """What a store reports of its damage is part of the incidents."""
    caplog.set_level("CRITICAL", "crashdesk")


@pytest.fixture
def root() -> Iterator[Path]:
    with simulate.workplace() as place:
        yield place


@pytest.mark.scenario(71, 72, 73, 74)
def test_no_incident_breaks_an_invariant(request: pytest.FixtureRequest) -> None:
    incidents = request.config.getoption("--incidents")
    campaign = simulate.run(FIRST, incidents, stop_at_first=True)
    told = [f"{found.invariant}: {found.text}\n{found.incident}\n{found.replay}" for found in campaign.violations]
    assert not told, "\n".join(told)
    if incidents >= ENOUGH_FOR_EVERY_KIND:
        assert not sorted(name for name in _wanted_kinds() if not campaign.counts.get(name))


def _wanted_kinds() -> set[str]:
    """What has to happen in some incident, for the invariants to say something."""
    turns = ("crashed", "unattended", "approves what is proposed", "declines everything", "decides at random")
    ends = ("success", "saved", "sync_failed", "otherwise")
    positions = ("matched", "quantity_differs", "opened_while_down", "closed_while_down", "unknown")
    outcomes = ("cancelled", "filled", "already_closed", "adopted", "left", "refused", "unknown")
    return {
        *(f"turn: {name}" for name in turns),
        *(f"turn ended: {name}" for name in ends),
        *(f"verdict: {kind.value}" for kind in OrderVerdictKind),
        *(f"position: {name}" for name in positions),
        *(f"outcome: {name}" for name in outcomes),
        *(f"cancel request: {name}" for name in ANSWERS if name != "late fill"),
    }


def test_a_seed_plays_the_same_incident(root: Path) -> None:
    for seed in range(SEED, SEED + 5):
        told = []
        for place in (root / f"{seed}-one", root / f"{seed}-two"):
            place.mkdir()
            told.append(_told(play(seed, place), place))
        assert told[0] == told[1], f"seed {seed} plays different incidents"


def _told(incident: Incident, place: Path) -> tuple[object, ...]:
    return (
        incident.crash,
        incident.damage,
        [(turn.mode, turn.ids, turn.status, turn.plan, turn.outcomes, turn.after) for turn in incident.turns],
        incident.exchange.requests,
        [(entry.at, entry.kind, entry.text.replace(str(place), "")) for entry in incident.audit],
    )


def test_what_closes_a_leg_of_a_hedge_protects_it_while_positions_cannot_be_read() -> None:
    unread = coverage(unread=[ScopeKind.POSITIONS])
    closing = live(side=Side.SELL, position_side="LONG")
    assert protects(closing, (), unread)
    assert not protects(live(side=Side.BUY, position_side="LONG"), (), unread), "it opens or adds"
    assert not protects(live(side=Side.SELL, position_side="BOTH"), (), unread), "it may open"
    assert not protects(closing, (), coverage()), "there is nothing to protect"


def test_a_plan_made_from_a_damaged_journal_is_refused_once_its_repair_tells_more(root: Path) -> None:
    """Two orders that the bot knew looked like orphans, and would have been missing from what was saved."""
    clock = ManualClock()
    state = LiveState(clock=clock)
    config = RecoveryConfig(checkpoint_dir=root / "store")
    with RecoveryManager(state, config, clock=clock) as manager:
        state.put_order(order(id="1"))
        manager.checkpoint()
        state.put_order(order(id="2"), wait=True)
        shutil.copytree(root / "store", root / "left")
    journal = root / "left" / "journal.sqlite"
    with contextlib.closing(sqlite3.connect(journal)) as connection:
        connection.execute("DROP INDEX intents_by_client")
    with StoreView(root / "left", clock=clock) as view:
        desk = OperatorRecovery(view, ExchangeInMemory(clock.now_ns(), (), ()), who="operator", clock=clock)
        blind = desk.compare()
        assert [known.id for known in blind.state.open_orders] == ["1"]
        with pytest.raises(PlanChanged, match="repaired"):
            desk.execute(blind, (), plan_id=blind.plan.id)
        assert {known.id for known in desk.compare().state.open_orders} == {"1", "2"}


# Mistakes that a desk could make. Each must be seen, by the invariant that is there for it.

Patch = pytest.MonkeyPatch


def protection_is_ignored(patch: Patch) -> None:
    from crashdesk.reconcile.protection import Protection, Protections

    patch.setattr(Protections, "of", lambda _self, _order: Protection())


def what_failed_counts_as_empty(patch: Patch) -> None:
    def all_read(given: Coverage, kind: ScopeKind, symbol: str) -> bool:
        return True

    patch.setattr(Coverage, "covers", all_read)


def what_was_cut_off_counts_as_read(patch: Patch) -> None:
    def covers(given: Coverage, kind: ScopeKind, symbol: str) -> bool:
        relevant = [each for each in given.readings if each.scope.kind is kind and each.scope.symbol in (None, symbol)]
        return bool(relevant) and all(each.status in (ScopeStatus.READ, ScopeStatus.TRUNCATED) for each in relevant)

    patch.setattr(Coverage, "covers", covers)


def a_cancel_is_sent_again_when_its_answer_was_lost(patch: Patch) -> None:
    from crashdesk.demo.simulation_exchange import LedgerExchange
    from crashdesk.exchange.records import CancelAnswer, CancelStatus, OrderRef

    once = LedgerExchange.cancel_order

    def twice(given: LedgerExchange, ref: OrderRef) -> CancelAnswer:
        answer = once(given, ref)
        return once(given, ref) if answer.status is CancelStatus.UNKNOWN else answer

    patch.setattr(LedgerExchange, "cancel_order", twice)


def everybodys_orders_are_the_bots(patch: Patch) -> None:
    patch.setattr(
        "crashdesk.reconcile.strangers.owner", lambda *_arguments, **_named: (OrderVerdictKind.OWN_ORPHAN, ())
    )


def the_bots_prefix_is_ignored(patch: Patch) -> None:
    from crashdesk.reconcile import ownership

    owner = ownership.owner

    def without_prefix(order: ExchangeOrder, intents: Any, rules: Any, *more: Any) -> Any:
        return owner(order, intents, msgspec.structs.replace(rules, client_order_id_prefix=""), *more)

    patch.setattr("crashdesk.reconcile.strangers.owner", without_prefix)


def an_order_is_not_read_again_before_it_is_cancelled(patch: Patch) -> None:
    from crashdesk.execute_order import OneOrder

    patch.setattr(OneOrder, "_settled_before", lambda _self, _shown, _fresh: None)


def a_cancellation_is_believed_without_proof(patch: Patch) -> None:
    from crashdesk.execute_order import OneOrder
    from crashdesk.reconcile.records import OutcomeKind

    def believed(given: Any, since: int, *, sent: bool, **_named: Any) -> Any:
        return given._outcome(OutcomeKind.CANCELLED, "cancelled", sent=sent)

    patch.setattr(OneOrder, "_prove", believed)


def declined_orders_are_cancelled_all_the_same(patch: Patch) -> None:
    from crashdesk import operator_recovery
    from crashdesk.reconcile.records import Action

    execute = operator_recovery.execute_plan

    def eager(plan: Plan, decisions: list[Decision], **named: Any) -> Any:
        decided = {decision.order_key for decision in decisions}
        more = [
            Decision(order_key=verdict.key, action=Action.CANCEL, who="nobody")
            for verdict in plan.orphans
            if verdict.preselected and verdict.key not in decided
        ]
        return execute(plan, [*decisions, *more], **named)

    patch.setattr(operator_recovery, "execute_plan", eager)


def stale_orders_stay_in_the_state(patch: Patch) -> None:
    from crashdesk.reconcile.records import OrderVerdict

    patch.setattr(OrderVerdict, "is_stale", property(lambda _self: False))


def the_plan_depends_on_the_order_of_reports(patch: Patch) -> None:
    patch.setattr("crashdesk.reconcile.orders.sorted", lambda verdicts, **_named: list(verdicts), raising=False)
    patch.setattr("crashdesk.reconcile.matching.sorted", lambda records, **_named: list(records), raising=False)


# Each with the invariant that sees it, and a seed to begin with at which it is seen soon.
MISTAKES: dict[Callable[[Patch], None], tuple[str, int]] = {
    protection_is_ignored: ("no_order_that_should_live_is_cancelled", 6),
    everybodys_orders_are_the_bots: ("no_order_that_should_live_is_cancelled", 2),
    an_order_is_not_read_again_before_it_is_cancelled: ("no_order_that_should_live_is_cancelled", 7),
    the_bots_prefix_is_ignored: ("every_own_orphan_is_found", 3),
    what_failed_counts_as_empty: ("nothing_is_concluded_that_was_not_read", 53),
    what_was_cut_off_counts_as_read: ("nothing_is_concluded_that_was_not_read", 53),
    stale_orders_stay_in_the_state: ("the_recovered_state_is_the_ledgers", 3),
    declined_orders_are_cancelled_all_the_same: ("declining_sends_nothing", 20),
    the_plan_depends_on_the_order_of_reports: ("the_order_of_reports_does_not_matter", 5),
    a_cancel_is_sent_again_when_its_answer_was_lost: ("one_request_an_order_and_plan", 36),
    a_cancellation_is_believed_without_proof: ("the_audit_log_tells_each_cancellation", 99),
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_mistake_is_seen(mistake: Callable[[Patch], None], root: Path, monkeypatch: Patch) -> None:
    mistake(monkeypatch)
    name, first = MISTAKES[mistake]
    [invariant] = [each for each in INVARIANTS if each.__name__ == name]
    assert any(_broken(invariant, seed, root) for seed in range(first, first + MOST_FOR_A_MISTAKE))


def _broken(invariant: Invariant, seed: int, root: Path) -> bool:
    place = root / str(seed)
    place.mkdir()
    return next(invariant(play(seed, place)), None) is not None
