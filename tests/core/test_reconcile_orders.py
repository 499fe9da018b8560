"""The verdict on each order: from the state, the journal and the exchange, and never more than they prove."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import strategies as make
from recovery_builders import (
    BTC,
    LATER,
    SECOND,
    coverage,
    intent,
    journal,
    leg,
    live,
    lookup,
    market,
    only_order,
    plan_of,
    reading,
    rules,
    snapshot,
    stop,
)
from strategies import T0

from crashdesk.exchange.records import (
    Coverage,
    ExchangeSnapshot,
    LookupStatus,
    Namespace,
    OrderLookup,
    OrderRef,
    ScopeKind,
    ScopeStatus,
)
from crashdesk.reconcile.orders import orders_to_look_up
from crashdesk.reconcile.records import OrderVerdictKind
from crashdesk.state import OrderState, OrderStatus, OrderType, Side, SystemState
from crashdesk.storage.journal_records import Dismissal

Kind = OrderVerdictKind
KNOWN_STOP = make.order(order_type=OrderType.STOP, side=Side.SELL, price=Decimal(34000))


def knowing(*orders: OrderState) -> SystemState:
    return make.state(open_orders=orders, positions=())


def told(plan_text: Any) -> str:
    return "\n".join(item.text for item in plan_text.evidence)


@pytest.mark.scenario(47)
def test_an_order_that_both_sides_tell_alike_is_matched() -> None:
    verdict = only_order(plan_of(knowing(make.order()), snapshot(orders=(live(),))))
    assert (verdict.kind, verdict.preselected, verdict.is_orphan, verdict.is_stale) == (
        Kind.MATCHED,
        False,
        False,
        False,
    )
    silent = live(amount=None, filled=None, price=None, client_order_id="")
    assert only_order(plan_of(knowing(make.order()), snapshot(orders=(silent,)))).kind is Kind.MATCHED


@pytest.mark.scenario(2, 11)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": Decimal("0.008")}, "amount: 0.010 → 0.008"),
        ({"price": Decimal("36451")}, "price: 36450.0 → 36451"),
        ({"filled": Decimal("0.004"), "status": OrderStatus.PARTIALLY_FILLED}, "filled: 0 → 0.004"),
    ],
)
def test_what_changed_on_an_open_order_is_named_exactly(change: dict[str, Any], words: str) -> None:
    verdict = only_order(plan_of(knowing(make.order()), snapshot(orders=(live(**change),))))
    assert verdict.kind is Kind.DRIFTED
    assert words in told(verdict)


@pytest.mark.scenario(1, 3, 4, 5, 14)
@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        (
            {"status": OrderStatus.FILLED, "filled": Decimal("0.010"), "average": Decimal("36440")},
            Kind.FILLED_WHILE_DOWN,
            "filled, 0.01 of 0.01 at 36440",
        ),
        ({"status": OrderStatus.CANCELLED, "filled": Decimal("0.003")}, Kind.CLOSED_WHILE_DOWN, "cancelled, 0.003 of"),
        ({"status": OrderStatus.EXPIRED}, Kind.CLOSED_WHILE_DOWN, "expired"),
        ({"status": OrderStatus.REJECTED}, Kind.CLOSED_WHILE_DOWN, "rejected"),
        ({}, Kind.MATCHED, "open"),
        ({"filled": Decimal("0.002"), "status": OrderStatus.PARTIALLY_FILLED}, Kind.DRIFTED, "filled: 0 → 0.002"),
    ],
)
def test_an_order_that_is_gone_from_the_list_gets_the_verdict_of_its_own_read(
    changes: dict[str, Any], kind: OrderVerdictKind, words: str
) -> None:
    answered = lookup(LookupStatus.FOUND, live(**changes))
    verdict = only_order(plan_of(knowing(make.order()), snapshot(lookups=(answered,))))
    assert (verdict.kind, verdict.is_stale) == (kind, kind in (Kind.FILLED_WHILE_DOWN, Kind.CLOSED_WHILE_DOWN))
    assert words in told(verdict)


@pytest.mark.scenario(16)
def test_absence_is_never_more_than_unproven() -> None:
    verdict = only_order(plan_of(knowing(make.order()), snapshot(lookups=(lookup(LookupStatus.ABSENT),))))
    assert (verdict.kind, verdict.is_stale) == (Kind.MISSING_UNPROVEN, True)
    assert "exchanges forget old closed orders" in told(verdict)


@pytest.mark.scenario(13)
def test_an_order_placed_a_moment_ago_is_not_missing_yet() -> None:
    young = make.order(created_at=LATER - 2 * SECOND)
    verdict = only_order(plan_of(knowing(young), snapshot(lookups=(lookup(LookupStatus.ABSENT),))))
    assert (verdict.kind, verdict.is_stale) == (Kind.UNKNOWN, False)
    assert "Too young" in told(verdict)


@pytest.mark.scenario(15, 40)
@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(snapshot(), id="never asked for by itself"),
        pytest.param(
            snapshot(lookups=(lookup(LookupStatus.UNKNOWN, reason="no answer in time"),)), id="its own read failed"
        ),
        pytest.param(snapshot(lookups=(lookup(LookupStatus.FOUND),)), id="found, but nothing was told"),
        pytest.param(snapshot(coverage=coverage([ScopeKind.ORDERS])), id="its scope failed"),
        pytest.param(snapshot(coverage=coverage([ScopeKind.ORDERS], ScopeStatus.TRUNCATED)), id="the page was cut"),
        pytest.param(snapshot(coverage=coverage([ScopeKind.ORDERS], ScopeStatus.NOT_SUPPORTED)), id="not offered"),
        pytest.param(snapshot(coverage=Coverage()), id="nothing was read"),
        pytest.param(
            snapshot(coverage=Coverage(readings=(reading(ScopeKind.ORDERS, symbol="ETH/USDT:USDT"),))),
            id="only another symbol was read",
        ),
    ],
)
def test_what_could_not_be_read_is_unknown_and_never_stale(exchange: ExchangeSnapshot) -> None:
    verdict = only_order(plan_of(knowing(make.order()), exchange))
    assert (verdict.kind, verdict.is_stale) == (Kind.UNKNOWN, False)


def test_an_absent_answer_counts_for_nothing_while_the_scope_was_not_read() -> None:
    exchange = snapshot(coverage=coverage([ScopeKind.ORDERS]), lookups=(lookup(LookupStatus.ABSENT),))
    assert only_order(plan_of(knowing(make.order()), exchange)).kind is Kind.UNKNOWN


@pytest.mark.parametrize("status", [ScopeStatus.FAILED, ScopeStatus.NOT_SUPPORTED])
def test_a_known_stop_belongs_to_the_conditional_scope(status: ScopeStatus) -> None:
    exchange = snapshot(coverage=coverage([ScopeKind.CONDITIONAL_ORDERS], status))
    assert only_order(plan_of(knowing(KNOWN_STOP), exchange)).kind is Kind.UNKNOWN
    assert orders_to_look_up(knowing(KNOWN_STOP), exchange) == []
    assert [ref.namespace for ref in orders_to_look_up(knowing(KNOWN_STOP), snapshot())] == [Namespace.CONDITIONAL]


def test_only_orders_that_can_be_named_are_asked_for() -> None:
    unnamed = make.order(id="", client_order_id="")
    by_client = make.order(id="", client_order_id="grid-18")
    refs = orders_to_look_up(knowing(make.order(), by_client, unnamed), snapshot())
    assert {(ref.id, ref.client_order_id) for ref in refs} == {("8389765", "grid-17"), ("", "grid-18")}
    assert only_order(plan_of(knowing(unnamed), snapshot())).kind is Kind.UNKNOWN


def test_a_known_trigger_price_is_compared_with_the_trigger() -> None:
    assert only_order(plan_of(knowing(KNOWN_STOP), snapshot(orders=(stop(),)))).kind is Kind.MATCHED
    moved = snapshot(orders=(stop(trigger_price=Decimal(33000)),))
    assert only_order(plan_of(knowing(KNOWN_STOP), moved)).kind is Kind.DRIFTED


# Identity


def test_the_same_id_in_the_other_namespace_is_another_order() -> None:
    """With or without client order ids: the exchange numbers conditional orders apart."""
    for client_order_id in ("grid-99", ""):
        other = stop(client_order_id=client_order_id)
        gone = lookup(LookupStatus.FOUND, live(status=OrderStatus.FILLED, filled=Decimal("0.010")))
        plan = plan_of(
            knowing(make.order(client_order_id="")), snapshot(orders=(other,), lookups=(_without_client(gone),))
        )
        kinds = {
            (verdict.known is not None, verdict.live is not None and verdict.live.namespace): verdict.kind
            for verdict in plan.orders
        }
        assert kinds[True, Namespace.NORMAL] is Kind.FILLED_WHILE_DOWN
        assert (False, Namespace.CONDITIONAL) in kinds


def _without_client(answer: OrderLookup) -> OrderLookup:
    ref = OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="8389765")
    return OrderLookup(ref=ref, status=answer.status, order=answer.order, read_at=LATER)


def test_the_same_client_order_id_tells_that_a_stop_is_the_known_one_wherever_it_is_listed() -> None:
    known = make.order(order_type=OrderType.OTHER, side=Side.SELL, price=Decimal(34000))
    assert only_order(plan_of(knowing(known), snapshot(orders=(stop(),)))).kind is Kind.MATCHED


@pytest.mark.scenario(12)
@pytest.mark.parametrize(
    "old",
    [
        lookup(LookupStatus.FOUND, live(status=OrderStatus.CANCELLED)),
        lookup(LookupStatus.FOUND, live(status=OrderStatus.EXPIRED)),
        lookup(LookupStatus.ABSENT),
    ],
)
def test_a_replaced_order_keeps_its_client_order_id_and_gets_a_new_id(old: OrderLookup) -> None:
    replaced = live(id="9000001", price=Decimal("36400"))
    exchange = snapshot(orders=(replaced,))
    assert [ref.id for ref in orders_to_look_up(knowing(make.order()), exchange)] == ["8389765"]
    verdict = only_order(plan_of(knowing(make.order()), snapshot(orders=(replaced,), lookups=(old,))))
    assert verdict.kind is Kind.DRIFTED
    assert "id: 8389765 → 9000001" in told(verdict)
    assert "order 9000001 carries its client order id grid-17" in told(verdict)


@pytest.mark.scenario(22)
@pytest.mark.parametrize(
    ("status", "fate"), [(OrderStatus.FILLED, Kind.FILLED_WHILE_DOWN), (OrderStatus.OPEN, Kind.MATCHED)]
)
def test_a_client_order_id_that_was_used_again_does_not_make_two_orders_one(
    status: OrderStatus, fate: OrderVerdictKind
) -> None:
    """The known order has a fate of its own, so the other one is another order, though it carries the same client order id."""
    filled = Decimal("0.010") if status is OrderStatus.FILLED else Decimal(0)
    old = lookup(LookupStatus.FOUND, live(status=status, filled=filled))
    plan = plan_of(knowing(make.order()), snapshot(orders=(live(id="9000001"),), lookups=(old,)))
    kinds = {verdict.key: verdict.kind for verdict in plan.orders}
    assert kinds == {live().key: fate, live(id="9000001").key: Kind.OWN_ORPHAN}


@pytest.mark.scenario(22)
@pytest.mark.parametrize("answers", [(), (lookup(LookupStatus.UNKNOWN, reason="no answer in time"),)])
def test_whether_a_client_order_id_was_used_again_is_open_as_long_as_the_known_order_is_not_read(answers: Any) -> None:
    plan = plan_of(knowing(make.order()), snapshot(orders=(live(id="9000001"),), lookups=answers))
    verdict = only_order(plan)
    assert (verdict.kind, verdict.preselected) == (Kind.AMBIGUOUS, False)
    assert "could not be read by itself" in told(verdict)


def test_an_order_to_the_other_side_is_not_what_replaced_the_known_one() -> None:
    turned = live(id="9000001", side=Side.SELL)
    verdict = only_order(plan_of(knowing(make.order(id="")), snapshot(orders=(turned,))))
    assert verdict.kind is Kind.AMBIGUOUS


def test_what_an_order_replaced_is_not_the_order_though_it_is_listed_as_over() -> None:
    replaced = live(id="9000000", status=OrderStatus.CANCELLED)
    exchange = snapshot(orders=(replaced,), coverage=coverage([ScopeKind.ORDERS]))
    assert only_order(plan_of(knowing(make.order()), exchange)).kind is Kind.UNKNOWN


def test_an_exact_id_beats_a_client_order_id_whoever_stands_first() -> None:
    old = make.order(id="1", client_order_id="grid-5")
    new = make.order(id="2", client_order_id="grid-5")
    for orders in ((old, new), (new, old)):
        answer = OrderLookup(
            ref=OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="1", client_order_id="grid-5"),
            status=LookupStatus.FOUND,
            order=live(id="1", client_order_id="grid-5", status=OrderStatus.CANCELLED),
        )
        exchange = snapshot(orders=(live(id="2", client_order_id="grid-5"),), lookups=(answer,))
        plan = plan_of(knowing(*orders), exchange)
        kinds = {verdict.known.id: verdict.kind for verdict in plan.orders if verdict.known is not None}
        assert kinds == {"1": Kind.CLOSED_WHILE_DOWN, "2": Kind.MATCHED}


def test_one_order_on_the_exchange_is_never_two_orders_of_the_state() -> None:
    """A record written before the id was known, beside the one written after."""
    before, after = make.order(id="", status=OrderStatus.PENDING), make.order()
    answer = OrderLookup(
        ref=OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="", client_order_id="grid-17"),
        status=LookupStatus.FOUND,
        order=live(),
    )
    plan = plan_of(knowing(before, after), snapshot(orders=(live(),), lookups=(answer,)))
    assert sorted(verdict.kind.value for verdict in plan.orders) == ["ambiguous", "matched"]


def test_an_id_with_another_client_order_id_contradicts_itself() -> None:
    verdict = only_order(plan_of(knowing(make.order()), snapshot(orders=(live(client_order_id="grid-99"),))))
    assert (verdict.kind, verdict.preselected) == (Kind.AMBIGUOUS, False)
    assert "'grid-99' instead of 'grid-17'" in told(verdict)


def test_a_client_order_id_that_two_open_orders_carry_contradicts_itself() -> None:
    twins = (live(id="1"), live(id="2"))
    for orders in (twins, twins[::-1]):
        plan = plan_of(knowing(make.order()), snapshot(orders=orders))
        paired = next(verdict for verdict in plan.orders if verdict.known is not None)
        assert (paired.kind, paired.live.id if paired.live else "") == (Kind.AMBIGUOUS, "1")


@pytest.mark.scenario(37)
def test_an_order_that_was_listed_twice_is_one_order_as_far_as_it_had_filled() -> None:
    twice = (live(filled=Decimal("0.004"), updated_at=2), live(updated_at=1))
    for orders in (twice, twice[::-1]):
        verdict = only_order(plan_of(knowing(make.order()), snapshot(orders=orders)))
        assert verdict.live is not None
        assert verdict.live.filled == Decimal("0.004")


def test_a_listed_order_that_is_over_is_not_open() -> None:
    filled = live(status=OrderStatus.FILLED, filled=Decimal("0.010"))
    assert only_order(plan_of(knowing(make.order()), snapshot(orders=(filled,)))).kind is Kind.FILLED_WHILE_DOWN
    assert plan_of(knowing(), snapshot(orders=(filled,))).orphans == ()


# Protection and preselection


@pytest.mark.scenario(24)
@pytest.mark.parametrize(
    ("order", "positions", "how"),
    [
        (live(reduce_only=True, side=Side.SELL), (leg(),), "reduce-only against the open long position of 0.250"),
        (live(reduce_only=True), (), "marked reduce-only"),
        (stop(close_position=True, amount=None), (leg(),), "closes the open long position"),
        (stop(close_position=True), (), "marked close-position"),
        (stop(), (leg(),), "triggers against the open long position"),
        (
            stop(side=Side.BUY, position_side="short"),
            (leg(side=Side.SELL),),
            "triggers against the open short position",
        ),
        (live(side=Side.SELL, position_side="long"), (leg(),), "can only reduce the open long position"),
        (live(order_type=OrderType.TAKE_PROFIT, side=Side.SELL), (leg(),), "triggers against the open long"),
    ],
)
def test_what_protects_a_position_is_said_and_never_preselected(order: Any, positions: Any, how: str) -> None:
    verdict = only_order(plan_of(knowing(), snapshot(orders=(order,), positions=positions)))
    assert (verdict.kind, verdict.protective, verdict.preselected) == (Kind.OWN_ORPHAN, True, False)
    assert how in verdict.protects


def test_a_stop_that_covers_nothing_is_an_orphan_like_any_other() -> None:
    for positions in ((), (leg(side=Side.SELL),), (leg(symbol="ETH/USDT:USDT"),)):
        verdict = only_order(plan_of(knowing(), snapshot(orders=(stop(),), positions=positions)))
        assert (verdict.protective, verdict.preselected) == (False, True)
    hedge = stop(side=Side.BUY, position_side="long")
    verdict = only_order(plan_of(knowing(), snapshot(orders=(hedge,), positions=(leg(side=Side.SELL),))))
    assert not verdict.protective


def test_a_stop_may_protect_as_long_as_positions_are_not_read() -> None:
    exchange = snapshot(orders=(stop(), live(id="5")), coverage=coverage([ScopeKind.POSITIONS]))
    verdicts = {verdict.live.order_type: verdict for verdict in plan_of(knowing(), exchange).orders if verdict.live}
    assert (verdicts[OrderType.STOP].protective, verdicts[OrderType.STOP].preselected) == (True, False)
    assert verdicts[OrderType.LIMIT].preselected


def test_an_order_that_was_left_alone_before_stays_alone() -> None:
    left = Dismissal(order_key=live().key, at=T0, who="operator", note="hedge of the desk")
    verdict = only_order(plan_of(knowing(), snapshot(orders=(live(),)), with_journal=journal(dismissals=(left,))))
    assert (verdict.kind, verdict.preselected, verdict.dismissed) == (Kind.OWN_ORPHAN, False, "hedge of the desk")
    other = Dismissal(order_key=stop().key, at=T0, who="operator", note="")
    assert only_order(
        plan_of(knowing(), snapshot(orders=(live(),)), with_journal=journal(dismissals=(other,)))
    ).preselected


def test_an_order_of_the_state_is_never_preselected_whatever_it_looks_like() -> None:
    for order in (live(), live(price=Decimal(1)), live(client_order_id="grid-99")):
        plan = plan_of(knowing(make.order()), snapshot(orders=(order,)), with_journal=journal(intent()))
        assert not only_order(plan).preselected


def test_notional_is_told_only_where_every_factor_is_known() -> None:
    def notional(**changes: Any) -> Decimal | None:
        described = {key: changes.pop(key) for key in ("contract_size", "linear", "market_type") if key in changes}
        exchange = snapshot(orders=(live(**changes),), markets=(market(**described),))
        return only_order(plan_of(knowing(), exchange)).notional

    assert notional() == Decimal("0.010") * Decimal("36450.0")
    assert notional(filled=Decimal("0.004"), contract_size=Decimal("0.1")) == Decimal("0.0006") * Decimal("36450.0")
    assert notional(contract_size=Decimal(100), linear=False, amount=Decimal(3)) == Decimal(300)
    assert notional(contract_size=None) is None
    assert notional(filled=None) is None
    assert only_order(plan_of(knowing(), snapshot(orders=(live(),), markets=()))).notional is None


def test_evidence_says_where_each_fact_comes_from() -> None:
    verdict = only_order(plan_of(knowing(), snapshot(orders=(live(),)), by=rules(checkpoint_seq=None)))
    assert {item.source.value for item in verdict.evidence} == {"checkpoint", "exchange", "rule"}
    assert "Unknown to the state that was compared." in told(verdict)
