"""What became of the orders that a bot was about to send: looked up, never guessed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import strategies as make
from recovery_builders import (
    BTC,
    LATER,
    SECOND,
    ExchangeInMemory,
    coverage,
    intent,
    live,
    plan_of,
    rules,
    snapshot,
    stop,
)
from strategies import T0, ManualClock

from crashdesk.changes import Change, ChangeKind, Mark, checkpoint_mark
from crashdesk.codec import encode_order
from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.exchange.records import (
    ExchangeOrder,
    LookupStatus,
    Namespace,
    OrderLookup,
    OrderRef,
    ScopeKind,
    ScopeStatus,
    Trade,
)
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.intents import MOST_LOOKUPS, intents_to_look_up
from crashdesk.reconcile.records import IntentVerdict, IntentVerdictKind, OrderVerdictKind, Plan
from crashdesk.report import report_markdown
from crashdesk.state import OrderState, OrderStatus, SystemState
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Intent, JournalView
from crashdesk.storage.store import StateStore

Kind = IntentVerdictKind
SENT = T0 + SECOND
"""When the bot wrote the intent down."""
LIMIT = {"order_type": "limit"}


def knowing(*orders: OrderState) -> SystemState:
    return make.state(open_orders=orders, positions=())


def pending(*intents: Intent) -> JournalView:
    return JournalView(pending=intents)


def answer(
    status: LookupStatus, order: ExchangeOrder | None = None, namespace: Namespace = Namespace.NORMAL, **changes: Any
) -> OrderLookup:
    ref = OrderRef(symbol=BTC, namespace=namespace, id="", client_order_id="grid-17")
    return OrderLookup(ref=ref, status=status, order=order, read_at=LATER, **changes)


def found(**changes: Any) -> OrderLookup:
    return answer(LookupStatus.FOUND, live(**({"created_at": SENT} | changes)))


def fate(*lookups: OrderLookup, sent: Intent | None = None, **changes: Any) -> tuple[IntentVerdict, Plan]:
    exchange = snapshot(lookups=lookups, **changes)
    plan = plan_of(knowing(), exchange, with_journal=pending(sent or intent(**LIMIT)), by=rules())
    (verdict,) = plan.intents
    return verdict, plan


def told(verdict: IntentVerdict) -> str:
    return "\n".join(item.text for item in verdict.evidence)


@pytest.mark.scenario(7)
def test_a_timed_out_order_that_was_accepted_is_an_own_orphan() -> None:
    verdict, plan = fate(found())
    assert (verdict.kind, verdict.live) == (Kind.LIVE, live(created_at=SENT))
    (orphan,) = plan.orphans
    assert (orphan.kind, orphan.preselected) == (OrderVerdictKind.OWN_ORPHAN, True)
    words = "\n".join(item.text for item in orphan.evidence)
    assert "about to send buy 0.010 at 36450.0 under client order id grid-17" in words
    assert "No list of open orders shows it; asked for by its client order id grid-17: open." in words


def test_an_order_that_a_list_shows_already_is_judged_once() -> None:
    exchange = snapshot(orders=(live(created_at=SENT),), lookups=(found(),))
    plan = plan_of(knowing(), exchange, with_journal=pending(intent(**LIMIT)))
    assert plan.intents == ()
    (orphan,) = plan.orders
    assert orphan.kind is OrderVerdictKind.OWN_ORPHAN
    assert "about to send" in "\n".join(item.text for item in orphan.evidence)


@pytest.mark.scenario(7)
def test_a_timed_out_order_that_filled_is_told_with_its_fills() -> None:
    trades = (
        Trade(id="1", order_id="8389765", symbol=BTC, amount=Decimal("0.004"), price=Decimal(36440), at=SENT),
        Trade(id="2", order_id="8389765", symbol=BTC, amount=Decimal("0.006"), price=Decimal(36450), at=SENT + 1),
    )
    filled = found(status=OrderStatus.FILLED, filled=Decimal("0.010"), average=Decimal(36446))
    verdict, plan = fate(msgspec.structs.replace(filled, trades=trades))
    assert (verdict.kind, plan.orders) == (Kind.FILLED, ())
    assert "2 fills: 0.010 in all, at 36446 on average, fees unstated." in told(verdict)
    assert "filled, 0.010 of 0.010 filled at 36446. The positions that were read contain it." in told(verdict)


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.EXPIRED])
def test_a_timed_out_order_that_is_over_is_closed(status: OrderStatus) -> None:
    verdict, plan = fate(found(status=status))
    assert (verdict.kind, plan.orders) == (Kind.CLOSED, ())
    assert f"arrived: {status.value}, 0 of 0.010" in told(verdict)


@pytest.mark.scenario(8)
def test_an_order_that_nobody_has_heard_of_after_the_grace_never_arrived() -> None:
    verdict, plan = fate(answer(LookupStatus.ABSENT))
    assert (verdict.kind, plan.orders) == (Kind.NEVER_ARRIVED, ())


def test_where_an_exchange_may_have_forgotten_it_absence_says_nothing_either() -> None:
    verdict, _ = fate(answer(LookupStatus.ABSENT), sent=intent(at=LATER - 3 * 3600 * SECOND, **LIMIT))
    assert verdict.kind is Kind.UNKNOWN
    assert "exchanges forget" in told(verdict)


@pytest.mark.scenario(8, 44)
def test_within_the_grace_absence_says_nothing() -> None:
    verdict, _ = fate(answer(LookupStatus.ABSENT), sent=intent(at=LATER - 4 * SECOND, **LIMIT))
    assert verdict.kind is Kind.UNKNOWN
    assert "Too young to judge: written down 4.0 s before" in told(verdict)
    # The intent's time is our clock's, whatever the exchange's says.
    older = intent(at=LATER - 6 * SECOND, **LIMIT)
    exchange = snapshot(lookups=(answer(LookupStatus.ABSENT),), clock_offset_ns=-30 * SECOND)
    plan = plan_of(knowing(), exchange, with_journal=pending(older), by=rules(now_ns=LATER - 30 * SECOND))
    assert plan.intents[0].kind is Kind.NEVER_ARRIVED


@pytest.mark.parametrize(
    ("lookups", "changes", "words"),
    [
        ((answer(LookupStatus.UNKNOWN, reason="no answer in time"),), {}, "without an answer: no answer in time"),
        ((), {}, "not asked about this order alone"),
        ((answer(LookupStatus.ABSENT),), {"coverage": coverage([ScopeKind.ORDERS])}, "was not read"),
        (
            (answer(LookupStatus.ABSENT),),
            {"coverage": coverage([ScopeKind.ORDERS], ScopeStatus.TRUNCATED)},
            "was not read",
        ),
    ],
)
def test_what_could_not_be_read_leaves_the_fate_open(lookups: Any, changes: Any, words: str) -> None:
    verdict, _ = fate(*lookups, **changes)
    assert verdict.kind is Kind.UNKNOWN
    assert words in told(verdict)


@pytest.mark.parametrize(
    ("noted", "words"),
    [
        ({"order_type": "market"}, "at market under"),
        ({"order_type": "stop_market"}, "at an unstated price under"),
        ({}, "at an unstated price under"),
        ({"order_type": "limit", "price": "36000.0"}, "at 36000.0 under"),
    ],
)
def test_a_price_that_was_not_noted_is_not_called_the_markets(noted: dict[str, str], words: str) -> None:
    sent = msgspec.structs.replace(intent(), order_type="", price="")
    verdict, _ = fate(sent=msgspec.structs.replace(sent, **noted))
    assert words in told(verdict)


def test_an_older_order_with_the_same_client_order_id_is_not_the_intended_one() -> None:
    used_before = found(status=OrderStatus.FILLED, filled=Decimal("0.010"), created_at=SENT - 3600 * SECOND)
    verdict, _ = fate(used_before)
    assert verdict.kind is Kind.UNKNOWN
    assert "used twice" in told(verdict)


def test_an_order_of_an_unstated_kind_is_asked_for_in_both_namespaces_and_absent_only_in_both() -> None:
    unstated = intent()
    refs = intents_to_look_up(knowing(), pending(unstated), snapshot())
    assert [ref.namespace for ref in refs] == [Namespace.NORMAL, Namespace.CONDITIONAL]
    both = (answer(LookupStatus.ABSENT), answer(LookupStatus.ABSENT, namespace=Namespace.CONDITIONAL))
    assert fate(*both, sent=unstated)[0].kind is Kind.NEVER_ARRIVED
    half = (both[0], answer(LookupStatus.UNKNOWN, namespace=Namespace.CONDITIONAL, reason="no answer"))
    assert fate(*half, sent=unstated)[0].kind is Kind.UNKNOWN
    conditional = answer(LookupStatus.FOUND, stop(created_at=SENT), Namespace.CONDITIONAL)
    assert fate(both[0], conditional, sent=unstated)[0].kind is Kind.LIVE
    named = intents_to_look_up(knowing(), pending(intent(order_type="STOP_MARKET")), snapshot())
    assert [ref.namespace for ref in named] == [Namespace.CONDITIONAL]


def test_intents_that_are_resolved_or_cannot_be_named_are_not_asked_for() -> None:
    def asked(*known: OrderState, orders: tuple[ExchangeOrder, ...] = (), **changes: Any) -> list[OrderRef]:
        sent = pending(intent(**{**LIMIT, **changes}))
        return intents_to_look_up(knowing(*known), sent, snapshot(orders=orders))

    assert len(asked()) == 1
    assert asked(make.order()) == []
    assert asked(orders=(live(),)) == []
    assert asked(client_order_id="") == []
    assert len(asked(orders=(live(symbol="ETH/USDT:USDT"),))) == 1


def test_not_more_than_some_hundreds_are_asked_for_and_the_rest_is_named_as_unknown() -> None:
    many = [intent(seq=n, at=T0 + n, client_order_id=f"grid-{n}", **LIMIT) for n in range(MOST_LOOKUPS + 5)]
    refs = intents_to_look_up(knowing(), pending(*many), snapshot())
    assert len(refs) == MOST_LOOKUPS
    assert refs[0].client_order_id == f"grid-{MOST_LOOKUPS + 4}"
    answers = tuple(OrderLookup(ref=ref, status=LookupStatus.ABSENT, read_at=LATER) for ref in refs)
    view = msgspec.structs.replace(pending(*many), pending_omitted=7)
    plan = plan_of(knowing(), snapshot(lookups=answers), with_journal=view)
    kinds = [verdict.kind for verdict in plan.intents]
    assert (kinds.count(Kind.NEVER_ARRIVED), kinds.count(Kind.UNKNOWN)) == (MOST_LOOKUPS, 5)
    assert plan.intents_omitted == 7


def test_the_fates_are_part_of_the_plans_identity() -> None:
    plans = [fate(lookup)[1] for lookup in (answer(LookupStatus.ABSENT), answer(LookupStatus.UNKNOWN), found())]
    assert len({plan.id for plan in plans}) == 3
    assert msgspec.json.decode(msgspec.json.encode(plans[2]), type=Plan) == plans[2]


# The shell around it


def compared(exchange: ExchangeInMemory, *intents: Intent, known: tuple[OrderState, ...] = ()) -> Plan:
    plan, _ = compare(
        knowing(*known),
        journal=JournalView(intents=intents),
        exchange=exchange,
        manifest=StoreManifest(bot="b", client_order_id_prefix="grid-"),
        checkpoint_seq=1,
        checkpoint_timestamp=T0,
        clock=ManualClock(LATER),
    )
    return plan


def test_a_comparison_asks_for_recent_intents_and_books_what_they_became() -> None:
    exchange = ExchangeInMemory(
        live(id="1", client_order_id="grid-1", status=OrderStatus.FILLED, filled=Decimal("0.010"), created_at=SENT),
        live(id="2", client_order_id="grid-2", created_at=SENT),
    )
    sent = [intent(seq=n, client_order_id=f"grid-{n}", **LIMIT) for n in (1, 2, 3)]
    long_ago = intent(client_order_id="grid-0", at=T0 - 3600 * SECOND, **LIMIT)
    plan = compared(exchange, long_ago, *sent)
    assert {verdict.intent.client_order_id: verdict.kind for verdict in plan.intents} == {
        "grid-1": Kind.FILLED,
        "grid-3": Kind.NEVER_ARRIVED,
    }
    assert [verdict.key for verdict in plan.orphans] == [live(id="2").key]
    assert exchange.requests["read_order"] == 2


def test_an_exchange_that_does_not_answer_is_not_asked_hundreds_of_times() -> None:
    class Silent(ExchangeInMemory):
        def read_order(self, ref: OrderRef) -> OrderLookup:
            self._asked("read_order")
            return OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="no answer in time")

    exchange = Silent()
    plan = compared(exchange, *(intent(seq=n, client_order_id=f"grid-{n}", **LIMIT) for n in range(50)))
    assert {verdict.kind for verdict in plan.intents} == {Kind.UNKNOWN}
    assert len(plan.intents) == 50
    assert exchange.requests["read_order"] <= 5


def test_from_the_journal_of_a_dead_bot_to_the_report(tmp_path: Path) -> None:
    """The bot's journal holds the intents; what it noted as placed needs no question."""
    directory, clock = tmp_path / "store", ManualClock(T0)
    with StateStore(directory, clock=clock) as store:
        store.save(knowing(make.order(id="9", client_order_id="grid-9")))
        marks = [Mark(info.seq, info.timestamp) for info in store.list_checkpoints()]
        journal = Journal(directory, clock)
        journal.commit([checkpoint_mark(mark) for mark in marks])
        for number in range(4):
            journal.intend(intent(client_order_id=f"grid-{number}", at=SENT, **LIMIT))
        placed = encode_order(make.order(id="3", client_order_id="grid-3"))
        journal.commit([Change(ChangeKind.ORDER, placed), Change(ChangeKind.ORDER_GONE, b"3")])
        journal.close()
    exchange = ExchangeInMemory(
        live(id="9", client_order_id="grid-9"),
        live(id="1", client_order_id="grid-1", status=OrderStatus.FILLED, filled=Decimal("0.010"), created_at=SENT),
        live(id="2", client_order_id="grid-2", created_at=SENT),
        live(id="8", client_order_id="42", created_at=SENT - SECOND),
    )
    with StoreView(directory, clock=ManualClock(LATER)) as view:
        recovery = OperatorRecovery(view, exchange, who="kim", clock=ManualClock(LATER))
        comparison = recovery.compare()
        report = recovery.execute(comparison, (), plan_id=comparison.plan.id)
    plan = comparison.plan
    assert {each.intent.client_order_id: each.kind for each in plan.intents} == {
        "grid-0": Kind.NEVER_ARRIVED,
        "grid-1": Kind.FILLED,
    }
    # Listed, and the journal names it: own without any prefix. The other one is older than the journal.
    assert {verdict.key: verdict.kind for verdict in plan.orphans} == {
        live(id="2").key: OrderVerdictKind.OWN_ORPHAN,
        live(id="8").key: OrderVerdictKind.AMBIGUOUS,
    }
    text = report_markdown(report)
    assert "Orders that were about to be sent" in text
    assert all(
        word in text for word in ("grid-0", "never arrived", "grid-1", "The positions that were read contain it")
    )


def test_of_an_ended_order_that_is_listed_twice_the_first_one_does_not_decide() -> None:
    twice = [live(status=OrderStatus.FILLED, filled=Decimal("0.010"), group_id=group) for group in ("", "oco")]
    wrote = JournalView(pending=(intent(),))
    empty = make.state(open_orders=(), positions=())
    plans = [plan_of(empty, snapshot(orders=tuple(orders)), with_journal=wrote) for orders in (twice, twice[::-1])]
    assert len(plans[0].intents) == 1
    assert plans[0].id == plans[1].id
