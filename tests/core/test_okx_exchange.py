"""CcxtExchange against the embedded exchange's OKX dialect: scopes, pages, contracts, cancels without a status."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from embedded_clients import status_of
from okx_builders import BOT, BTC, CANCEL, CANCEL_ALGOS, conditional, new_client, okx_venue, open_exchange, rest
from venue_clock import VenueClock

from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind, LedgerStatus
from crashdesk.demo.venue import Namespace as LedgerNamespace
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.protocol import take_snapshot
from crashdesk.exchange.records import (
    CancelStatus,
    LookupStatus,
    Namespace,
    OrderRef,
    ScopeKind,
    ScopeStatus,
)
from crashdesk.state import OrderStatus, OrderType, Side


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    with okx_venue() as running:
        yield running


@pytest.fixture
def exchange(venue: EmbeddedExchange) -> Iterator[CcxtExchange]:
    opened = open_exchange(venue)
    yield opened
    opened.close()


@pytest.fixture
def trader(venue: EmbeddedExchange) -> Iterator[Any]:
    client = new_client(BOT, venue.url, venue.now_ns, timeout=10_000)
    yield client
    client.session.close()


def normal(order_id: str, client_order_id: str = "") -> OrderRef:
    return OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=order_id, client_order_id=client_order_id)


def waiting(order_id: str, client_order_id: str = "") -> OrderRef:
    return OrderRef(symbol=BTC, namespace=Namespace.CONDITIONAL, id=order_id, client_order_id=client_order_id)


# Reading


@pytest.mark.scenario(25, 51)
def test_every_kind_of_order_is_found_in_its_scope_and_positions_count_in_contracts(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "12.5")
    made = {
        rest(trader, amount="3", clientOrderId="grid1"): OrderType.LIMIT,
        conditional(trader, "buy", triggerPrice="66000"): OrderType.STOP,
        conditional(trader, "sell", stopLossPrice="60000", reduceOnly=True): OrderType.STOP,
        conditional(trader, "sell", takeProfitPrice="68000", reduceOnly=True): OrderType.TAKE_PROFIT,
        conditional(trader, "sell", stopLossPrice="61000", takeProfitPrice="67000"): OrderType.OTHER,
        conditional(trader, "sell", trailingPercent="5", reduceOnly=True): OrderType.TRAILING_STOP,
    }

    snapshot = take_snapshot(exchange, [], VenueClock(venue))

    truth = venue.ledger()
    assert {order.id: order.order_type for order in snapshot.orders} == made
    assert {order.filled for order in snapshot.orders} == {0}, "none has traded, those that wait for a trigger neither"
    assert snapshot.coverage.complete
    assert {
        (order.id, order.namespace.value, order.amount, order.trigger_price, order.created_at)
        for order in snapshot.orders
        if order.order_type not in (OrderType.OTHER, OrderType.TRAILING_STOP)
    } == {
        (order.id, order.namespace.value, order.contracts, order.trigger_price, order.created_at)
        for order in truth.open_orders
        if order.type not in ("oco", "move_order_stop")
    }
    (leg,), (held,) = snapshot.positions, truth.positions
    assert (leg.contracts, leg.contract_size, held.quantity) == (Decimal("12.5"), Decimal("0.01"), Decimal("0.125"))
    assert (leg.side, leg.entry_price, leg.hedged) == (Side.BUY, held.entry_price, False)
    account = snapshot.account
    assert account is not None
    assert (account.equity, account.balance) == (truth.equity, truth.balance)
    assert (account.available, account.margin_used) == (truth.available, truth.margin_used)
    assert account.unrealized_pnl == truth.unrealized_pnl
    assert snapshot.prices == {BTC: venue.price(BTC)}


@pytest.mark.scenario(39)
def test_every_open_order_comes_however_many_pages_there_are(exchange: CcxtExchange, trader: Any) -> None:
    made = {rest(trader, str(50_000 + number)) for number in range(250)}

    reading = exchange.read_open_orders([])

    assert {order.id for order in reading.orders} == made
    assert reading.coverage.complete


def test_an_order_that_a_trigger_placed_hides_no_others(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    # ccxt gives it the id of the conditional order, which is older than everything on the page.
    trigger = conditional(trader, "buy", "limit", "65000", triggerPrice="66000")
    made = {rest(trader, str(50_000 + number)) for number in range(150)}
    venue.push_price(BTC, Decimal("66000"))

    reading = exchange.read_open_orders([])

    truth = venue.ledger()
    child = truth.order(trigger, LedgerNamespace.CONDITIONAL)
    assert child is not None
    assert {order.id for order in reading.orders} == {order.id for order in truth.open_orders}
    assert {order.id for order in reading.orders} == made | {child.triggered_order_id}
    assert reading.coverage.complete


@pytest.mark.scenario(40)
def test_a_page_that_does_not_come_leaves_the_scope_unread(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    for number in range(101):
        rest(trader, str(50_000 + number))
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.TRUNCATED, path="/api/v5/trade/orders-pending", skip=1))

    coverage = exchange.read_open_orders([]).coverage

    assert not coverage.covers(ScopeKind.ORDERS, BTC)
    assert coverage.covers(ScopeKind.CONDITIONAL_ORDERS, BTC)


def test_one_conditional_kind_that_fails_leaves_the_symbol_unproven(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    stop = conditional(trader, "sell", stopLossPrice="60000")
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.MAINTENANCE, path="/api/v5/trade/orders-algo-pending"))

    reading = exchange.read_open_orders([])

    assert [order.id for order in reading.orders] == [stop]
    assert not reading.coverage.covers(ScopeKind.CONDITIONAL_ORDERS, BTC)
    (gap,) = reading.coverage.gaps()
    assert (gap.scope.variant, gap.status) == ("trigger", ScopeStatus.FAILED)
    assert "maintenance" in gap.reason


@pytest.mark.scenario(49)
def test_hedge_legs_are_two_positions(exchange: CcxtExchange, trader: Any) -> None:
    trader.set_position_mode(True)
    trader.create_order(BTC, "market", "buy", "2", None, {"hedged": True})
    trader.create_order(BTC, "market", "sell", "2", None, {"hedged": True})

    legs = exchange.read_positions([]).positions

    assert {(leg.side, leg.contracts, leg.hedged) for leg in legs} == {(Side.BUY, 2, True), (Side.SELL, 2, True)}


# One order


def test_an_order_is_found_by_id_or_by_client_id_in_its_namespace(exchange: CcxtExchange, trader: Any) -> None:
    resting = normal(rest(trader, clientOrderId="grid1"), "grid1")
    stop = waiting(conditional(trader, "sell", stopLossPrice="60000", algoClOrdId="gridstop"), "gridstop")

    for ref in (resting, stop):
        for asked in (ref, OrderRef(symbol=BTC, namespace=ref.namespace, id="", client_order_id=ref.client_order_id)):
            lookup = exchange.read_order(asked)
            assert lookup.status is LookupStatus.FOUND
            assert lookup.order is not None
            assert lookup.order.ref == ref
    assert exchange.read_order(normal(stop.id)).status is LookupStatus.ABSENT


def test_what_became_of_an_order_is_told(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any) -> None:
    filled, cancelled = rest(trader, "63000", "3"), rest(trader, "50000")
    stop = conditional(trader, "sell", stopLossPrice="62500")
    trader.cancel_order(cancelled, BTC)
    venue.push_price(BTC, Decimal(62000))

    first, second, third = (
        exchange.read_order(ref).order for ref in (normal(filled), normal(cancelled), waiting(stop))
    )

    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.status, first.filled, first.average) == (OrderStatus.FILLED, 3, 63000)
    assert (second.status, second.filled) == (OrderStatus.CANCELLED, 0)
    assert (third.id, third.status, third.filled) == (stop, OrderStatus.FILLED, 1)
    venue.advance(7201)
    assert exchange.read_order(normal(cancelled)).status is LookupStatus.ABSENT, "OKX forgets what never filled"


# Cancelling


@pytest.mark.parametrize("namespace", list(Namespace))
def test_a_cancel_is_one_request_and_proved_by_reading_again(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, namespace: Namespace
) -> None:
    resting = namespace is Namespace.NORMAL
    ref = normal(rest(trader)) if resting else waiting(conditional(trader, "sell", stopLossPrice="60000"))

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.ACCEPTED
    assert venue.request_count("POST", CANCEL if resting else CANCEL_ALGOS, received=True) == 1
    lookup = exchange.read_order(ref)
    assert lookup.order is not None
    assert lookup.order.status is OrderStatus.CANCELLED
    again = exchange.cancel_order(ref)
    assert (again.status, "51401" in again.reason) == (CancelStatus.ABSENT, True)


@pytest.mark.scenario(32)
def test_a_filled_order_and_one_that_never_was_are_absent_to_a_cancel(exchange: CcxtExchange, trader: Any) -> None:
    filled = str(trader.create_order(BTC, "market", "buy", "1")["id"])

    answers = [exchange.cancel_order(ref) for ref in (normal(filled), normal("77"), waiting("77"))]

    assert [answer.status for answer in answers] == [CancelStatus.ABSENT] * 3
    assert ["51402" in answers[0].reason, *("51400" in answer.reason for answer in answers[1:])] == [True] * 3


@pytest.mark.parametrize(
    ("kind", "answered", "ends"),
    [
        (FaultKind.RESET_BEFORE, CancelStatus.UNKNOWN, LedgerStatus.OPEN),
        (FaultKind.RESET_AFTER, CancelStatus.UNKNOWN, LedgerStatus.CANCELLED),
        (FaultKind.DELAY_AFTER, CancelStatus.UNKNOWN, LedgerStatus.CANCELLED),
        (FaultKind.TRUNCATED, CancelStatus.UNKNOWN, LedgerStatus.CANCELLED),
        (FaultKind.PLAIN_OK, CancelStatus.UNKNOWN, LedgerStatus.CANCELLED),
        (FaultKind.UNKNOWN_STATUS, CancelStatus.UNKNOWN, LedgerStatus.CANCELLED),
        (FaultKind.HTML_502, CancelStatus.UNKNOWN, LedgerStatus.OPEN),
        (FaultKind.RATE_LIMITED, CancelStatus.NOT_DONE, LedgerStatus.OPEN),
        (FaultKind.CLOCK_SKEW, CancelStatus.NOT_DONE, LedgerStatus.OPEN),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_every_fault_costs_one_request_and_is_never_called_done(
    venue: EmbeddedExchange, trader: Any, kind: FaultKind, answered: CancelStatus, ends: LedgerStatus
) -> None:
    exchange, order_id = open_exchange(venue, timeout_s=0.3), rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=kind, path=CANCEL, seconds=60.0 if kind is FaultKind.CLOCK_SKEW else 0.6))

    answer = exchange.cancel_order(normal(order_id))
    exchange.close()

    assert answer.status is answered
    assert venue.request_count("POST", CANCEL, received=True) == 1
    assert status_of(venue, order_id) is ends


def test_a_closing_stop_tells_no_amount_and_a_triggered_one_hides_nothing(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "7")
    stop = conditional(trader, "sell", stopLossPrice="62000", closeFraction="1", reduceOnly=True)

    (order,) = exchange.read_open_orders([]).orders
    assert (order.amount, order.close_position, order.reduce_only) == (None, True, True)
    venue.push_price(BTC, Decimal(61000))
    lookup = exchange.read_order(waiting(stop))

    assert lookup.order is not None
    assert (lookup.order.status, lookup.order.filled) == (OrderStatus.FILLED, 7)
    assert venue.ledger().positions == ()


def test_the_dead_mans_switch_is_armed_and_disarmed(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    rest(trader)
    conditional(trader, "sell", stopLossPrice="60000")
    exchange.arm_cancel_all_after(30, [])
    exchange.arm_cancel_all_after(0, [])
    venue.advance(60)
    assert len(venue.ledger().open_orders) == 2
    exchange.arm_cancel_all_after(30, [])
    venue.advance(30)
    assert venue.ledger().open_orders == ()
