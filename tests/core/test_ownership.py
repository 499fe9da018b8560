"""Whose an order is: proved by prefix, journal or declaration; where nothing proves it, nobody claims it."""

from __future__ import annotations

from typing import Any

import pytest
import strategies as make
from recovery_builders import BTC, LATER, SECOND, intent, journal, leg, live, only_order, plan_of, rules, snapshot, stop
from strategies import T0

from crashdesk.config import StoreManifest
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind
from crashdesk.reconcile.rules import Rules, rules_for
from crashdesk.reconcile.words import adoption_warning
from crashdesk.storage.journal_records import IntentAction, JournalView

Kind = OrderVerdictKind
NOTHING_KNOWN = make.state(open_orders=(), positions=())
MANUAL = "web_8f31"


def judge(order: Any, with_journal: JournalView | None = None, **changes: Any) -> OrderVerdict:
    return only_order(plan_of(NOTHING_KNOWN, snapshot(orders=(order,)), with_journal=with_journal, by=rules(**changes)))


def told(verdict: OrderVerdict) -> str:
    return "\n".join(item.text for item in verdict.evidence)


@pytest.mark.scenario(17)
def test_own_by_the_prefix_of_its_client_order_id() -> None:
    verdict = judge(live())
    assert (verdict.kind, verdict.preselected) == (Kind.OWN_ORPHAN, True)
    assert "starts with the bot's own prefix grid-" in told(verdict)


def test_own_by_the_intent_that_names_it_with_or_without_a_prefix() -> None:
    wrote = journal(intent(client_order_id="42"))
    for prefix in ("", "grid-"):
        verdict = judge(live(client_order_id="42"), wrote, client_order_id_prefix=prefix)
        assert (verdict.kind, verdict.preselected) == (Kind.OWN_ORPHAN, True)
        assert "about to send buy 0.010 at 36450.0 under client order id 42" in told(verdict)
    assert judge(live(client_order_id="42", symbol="ETH/USDT:USDT"), wrote).kind is Kind.FOREIGN


def test_adopting_what_carries_the_id_of_somebody_else_is_warned_of_whether_he_is_known_or_not() -> None:
    listed = judge(live(client_order_id="arb-1"), other_prefixes=("arb-",))
    assert "starts with arb-, which belongs to another program" in adoption_warning(listed)
    unlisted = judge(live(client_order_id=MANUAL))
    assert f"another program or a person (client order id {MANUAL})" in adoption_warning(unlisted)
    unmarked, own = judge(live(client_order_id="")), judge(live())
    assert [adoption_warning(each) for each in (unmarked, own)] == ["", ""]


@pytest.mark.parametrize(("first_at", "kind"), [(T0, Kind.AMBIGUOUS), (None, Kind.OWN_ORPHAN)])
def test_of_an_order_without_a_date_nobody_knows_whether_the_journal_would_name_it(
    first_at: int | None, kind: OrderVerdictKind
) -> None:
    wrote = journal(*([] if first_at is None else [intent(client_order_id="grid-1", at=first_at)]))
    verdict = judge(live(client_order_id="grid-2-17", created_at=None), wrote)
    assert (verdict.kind, verdict.preselected) == (kind, kind is Kind.OWN_ORPHAN)


def test_a_prefix_proves_nothing_of_what_a_complete_journal_never_intended() -> None:
    """`grid-` of this bot fits `grid-2-17` of another machine's, which no store here tells of."""
    wrote = journal(intent(client_order_id="grid-1", at=T0 - 3600 * SECOND))
    verdict = judge(live(client_order_id="grid-2-17", created_at=T0), wrote)
    assert (verdict.kind, verdict.preselected) == (Kind.AMBIGUOUS, False)
    assert "starts with the bot's own prefix grid-, but the bot writes down every order" in told(verdict)


@pytest.mark.parametrize(
    ("with_journal", "changes"),
    [
        (journal(intent(client_order_id="grid-1", at=T0 + SECOND)), {}),
        (journal(intent(client_order_id="grid-1", at=T0 - 30 * SECOND)), {}),
        (journal(intent(client_order_id="grid-1", action=IntentAction.CANCEL, at=T0 - 3600 * SECOND)), {}),
        (journal(intent(client_order_id="grid-1", at=T0 - 3600 * SECOND), problem="lost"), {}),
        (journal(intent(client_order_id="grid-1", at=T0 - 3600 * SECOND)), {"exclusive_account": True}),
        (journal(intent(client_order_id="grid-2-17", at=T0 - SECOND)), {}),
    ],
    ids=["older than the journal", "clocks differ", "no orders are noted", "journal lost", "alone", "intended"],
)
def test_a_prefix_is_enough_where_the_journal_cannot_contradict(
    with_journal: JournalView, changes: dict[str, Any]
) -> None:
    assert judge(live(client_order_id="grid-2-17", created_at=T0), with_journal, **changes).kind is Kind.OWN_ORPHAN


@pytest.mark.scenario(20)
def test_own_by_declaration_even_without_a_client_order_id() -> None:
    for client_order_id in ("", MANUAL):
        verdict = judge(live(client_order_id=client_order_id), exclusive_account=True)
        assert (verdict.kind, verdict.preselected) == (Kind.OWN_ORPHAN, True)
    other = judge(live(client_order_id="arb-1"), exclusive_account=True, other_prefixes=("arb-",))
    assert other.kind is Kind.FOREIGN


@pytest.mark.scenario(19)
@pytest.mark.parametrize(
    ("own", "others", "client_order_id", "kind"),
    [
        ("grid-", ("grid-b-",), "grid-b-1", Kind.FOREIGN),
        ("grid-b-", ("grid-",), "grid-b-1", Kind.OWN_ORPHAN),
        ("grid-", ("gr", "grid-b-", "grid-b-long-"), "grid-b-long-1", Kind.FOREIGN),
        ("grid-", ("grid-",), "grid-1", Kind.OWN_ORPHAN),
        ("grid-", ("", "arb-"), "grid-1", Kind.OWN_ORPHAN),
        ("", ("arb-",), "arb-1", Kind.FOREIGN),
        ("grid-", (), "GRID-1", Kind.FOREIGN),
        ("grid-", (), "x-grid-1", Kind.FOREIGN),
    ],
)
def test_the_longest_prefix_that_fits_decides(
    own: str, others: tuple[str, ...], client_order_id: str, kind: Kind
) -> None:
    verdict = judge(live(client_order_id=client_order_id), client_order_id_prefix=own, other_prefixes=others)
    assert (verdict.kind, verdict.preselected) == (kind, kind is Kind.OWN_ORPHAN)


@pytest.mark.scenario(18)
def test_a_manual_order_is_foreign_to_a_bot_with_a_prefix() -> None:
    verdict = judge(live(client_order_id=MANUAL))
    assert (verdict.kind, verdict.preselected) == (Kind.FOREIGN, False)
    assert "does not start with the bot's prefix grid-, and no intent names it" in told(verdict)


def test_without_a_prefix_the_journal_tells_own_from_foreign_only_since_it_was_begun() -> None:
    wrote = journal(intent(client_order_id="41", at=T0))
    after, before = (
        live(client_order_id=MANUAL, created_at=T0 + 61 * SECOND),
        live(client_order_id=MANUAL, created_at=T0 - 1),
    )
    assert judge(after, wrote, client_order_id_prefix="").kind is Kind.FOREIGN
    assert judge(before, wrote, client_order_id_prefix="").kind is Kind.AMBIGUOUS
    assert judge(live(client_order_id=MANUAL, created_at=None), wrote, client_order_id_prefix="").kind is Kind.AMBIGUOUS
    assert judge(after, journal(), client_order_id_prefix="").kind is Kind.AMBIGUOUS


@pytest.mark.scenario(20)
def test_no_client_order_id_and_no_intent_is_ambiguous() -> None:
    verdict = judge(live(client_order_id=""))
    assert (verdict.kind, verdict.preselected) == (Kind.AMBIGUOUS, False)
    # An intent without a client order id must not adopt every order that has none.
    assert judge(live(client_order_id=""), journal(intent(client_order_id=""))).kind is Kind.AMBIGUOUS


def test_where_a_damaged_journal_would_decide_nobody_can_tell() -> None:
    damaged = journal(problem="journal.sqlite is damaged")
    for prefix in ("", "grid-"):
        verdict = judge(live(client_order_id=MANUAL), damaged, client_order_id_prefix=prefix)
        assert (verdict.kind, verdict.preselected) == (Kind.AMBIGUOUS, False)
        assert "cannot prove that it is not the bot's: journal.sqlite is damaged" in told(verdict)
        assert "no intent names it" not in told(verdict)
    assert judge(live(), damaged).kind is Kind.OWN_ORPHAN
    assert judge(live(client_order_id="arb-1"), damaged, other_prefixes=("arb-",)).kind is Kind.FOREIGN


def test_a_cancel_that_the_bot_was_about_to_send_names_its_order_and_no_other() -> None:
    def cancelling(**changes: Any) -> JournalView:
        return journal(intent(action=IntentAction.CANCEL, order_id="8389765", **changes))

    order = live(client_order_id="77")
    assert judge(order, cancelling(client_order_id="77")).kind is Kind.OWN_ORPHAN
    assert judge(order, cancelling(client_order_id="")).kind is Kind.OWN_ORPHAN
    assert judge(order, cancelling(client_order_id="78")).kind is Kind.FOREIGN
    conditional = stop(client_order_id="77")
    assert judge(conditional, cancelling(client_order_id="")).kind is Kind.FOREIGN
    assert judge(conditional, cancelling(client_order_id="77")).kind is Kind.OWN_ORPHAN


@pytest.mark.parametrize("age_s", [-30, 0, 4.9])
def test_an_order_that_is_too_young_is_not_judged_however_much_it_looks_like_ours(age_s: float) -> None:
    order = live(created_at=LATER - int(age_s * SECOND))
    verdict = judge(order, journal(intent()), exclusive_account=True)
    assert (verdict.kind, verdict.preselected) == (Kind.UNKNOWN, False)
    assert "Too young to judge" in told(verdict)
    assert judge(live(created_at=LATER - 5 * SECOND)).kind is Kind.OWN_ORPHAN


def test_a_protective_order_is_ours_all_the_same_and_not_preselected() -> None:
    exchange = snapshot(orders=(stop(),), positions=(leg(),))
    verdict = only_order(plan_of(NOTHING_KNOWN, exchange, by=rules()))
    assert (verdict.kind, verdict.protective, verdict.preselected) == (Kind.OWN_ORPHAN, True, False)


def test_the_manifest_gives_the_rules_and_without_one_nothing_is_provably_ours() -> None:
    manifest = StoreManifest(
        bot="b", client_order_id_prefix="p-", other_prefixes=("q-",), exclusive_account=True, exchange="okx"
    )
    assert rules_for(manifest, now_ns=5, checkpoint_seq=3) == Rules(
        now_ns=5, client_order_id_prefix="p-", other_prefixes=("q-",), exclusive_account=True, checkpoint_seq=3
    )
    plan = plan_of(
        NOTHING_KNOWN,
        snapshot(orders=(live(), live(id="2", symbol=BTC, client_order_id=""))),
        by=rules_for(None, now_ns=LATER),
    )
    assert {verdict.kind for verdict in plan.orders} == {Kind.AMBIGUOUS}


def test_while_the_bot_runs_its_newer_orders_are_not_orphans_and_others_are_still_foreign() -> None:
    own = judge(live(), bot_running=True)
    assert (own.kind, own.preselected) == (Kind.UNKNOWN, False)
    assert "The bot is running" in told(own)
    assert judge(live(client_order_id=MANUAL), bot_running=True).kind is Kind.FOREIGN
