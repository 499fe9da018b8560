"""CcxtExchange on the real ccxt client reads an account: orders of both namespaces, positions, money, clock."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from ccxt_on_binance import (
    BTC,
    ETH,
    HEDGER,
    SECONDS_TO_WAIT,
    START_NS,
    Open,
    new_trader,
    rest,
    stop,
    wait_until,
)
from venue_clock import VenueClock

from crashdesk.demo.transport import mount_loopback
from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.protocol import Exchange, take_snapshot
from crashdesk.exchange.records import CancelStatus, OrderRef, ScopeKind
from crashdesk.state import OrderType, Side


def test_it_is_an_exchange(exchange: CcxtExchange) -> None:
    protocol: Exchange = exchange

    assert (protocol.id, protocol.account_label) == ("binanceusdm", "main")


@pytest.mark.scenario(25)
def test_a_snapshot_holds_orders_of_both_namespaces_positions_and_money(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "0.01")
    normal, conditional = rest(trader, clientOrderId="bot-1"), stop(trader, clientOrderId="bot-stop")

    snapshot = take_snapshot(exchange, [], VenueClock(venue))

    ledger = venue.ledger()
    assert [order.ref for order in snapshot.orders] == [normal, conditional]
    assert [order.order_type for order in snapshot.orders] == [OrderType.LIMIT, OrderType.STOP]
    assert [order.reduce_only for order in snapshot.orders] == [False, True]
    assert (snapshot.orders[0].price, snapshot.orders[0].remaining) == (60000, Decimal("0.01"))
    assert (snapshot.orders[1].price, snapshot.orders[1].trigger_price) == (None, 60000)
    assert {order.created_at for order in snapshot.orders} == {START_NS}
    (position,) = snapshot.positions
    assert (position.symbol, position.side, position.contracts) == (BTC, Side.BUY, Decimal("0.01"))
    assert position.entry_price == ledger.positions[0].entry_price
    assert position.hedged is False
    account = snapshot.account
    assert account is not None
    assert (account.equity, account.balance) == (ledger.equity, ledger.balance)
    assert (account.available, account.margin_used) == (ledger.available, ledger.margin_used)
    assert account.unrealized_pnl == ledger.unrealized_pnl
    assert snapshot.prices == {BTC: venue.price(BTC)}
    assert snapshot.coverage.complete
    assert snapshot.coverage.covers(ScopeKind.CONDITIONAL_ORDERS, ETH)
    assert snapshot.clock_offset_ns == 0
    market = snapshot.market(BTC)
    assert market is not None
    assert (market.contract_size, market.amount_step, market.price_step) == (1, Decimal("0.001"), Decimal("0.1"))
    assert (market.least_amount, market.least_cost, market.linear) == (Decimal("0.001"), 100, True)


def test_every_open_order_comes_however_many_there_are(exchange: CcxtExchange, trader: Any) -> None:
    made = {rest(trader, str(50_000 + number)).id for number in range(120)}

    reading = exchange.read_open_orders([])

    assert {order.id for order in reading.orders} == made
    assert reading.coverage.complete


@pytest.mark.scenario(49)
def test_hedge_legs_are_two_positions(venue: EmbeddedExchange, open_exchange: Open) -> None:
    trader = new_trader(venue, HEDGER)
    trader.set_position_mode(True)
    trader.create_order(BTC, "market", "buy", "0.02", None, {"positionSide": "LONG"})
    trader.create_order(BTC, "market", "sell", "0.01", None, {"positionSide": "SHORT"})
    trader.session.close()

    legs = open_exchange(HEDGER).read_positions([]).positions

    assert {(leg.side, leg.contracts, leg.hedged) for leg in legs} == {
        (Side.BUY, Decimal("0.02"), True),
        (Side.SELL, Decimal("0.01"), True),
    }


@pytest.mark.scenario(44)
def test_the_clock_offset_is_exchange_time_minus_ours(venue: EmbeddedExchange) -> None:
    class Behind(VenueClock):
        def now_ns(self) -> int:
            return super().now_ns() - 90_000_000_000

    behind = CcxtExchange(
        ExchangeSettings(exchange="binanceusdm"),
        ExchangeCredentials(values={}),
        clock=Behind(venue),
        prepare=lambda client: mount_loopback(client, venue.url),
    )

    assert behind.clock_offset_ns() == 90_000_000_000
    behind.close()


def test_an_unlisted_symbol_is_no_market_and_has_no_price(exchange: CcxtExchange) -> None:
    assert exchange.describe_market("DOGE/USDT:USDT") is None
    assert set(exchange.read_prices(["DOGE/USDT:USDT", ETH])) == {ETH}


def test_closing_is_bounded_while_a_request_hangs_and_later_calls_are_refused(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crashdesk.exchange.ccxt_worker.SECONDS_TO_CLOSE", 0.1)
    exchange, ref = open_exchange(deadline_s=0.2), rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="DELETE"))
    exchange.cancel_order(ref)
    closing = threading.Thread(target=exchange.close)

    closing.start()
    closing.join(SECONDS_TO_WAIT)

    assert not closing.is_alive()
    assert exchange.cancel_order(ref).status is CancelStatus.NOT_DONE
    assert exchange.read_open_orders([]).coverage.read_count() == 0
    venue.release()
    wait_until(lambda: not any(thread.name == "exchange-binanceusdm" for thread in threading.enumerate()))


def test_many_threads_may_ask_at_once(exchange: CcxtExchange, trader: Any) -> None:
    refs = [rest(trader, str(50_000 + number)) for number in range(8)]
    found: dict[str, str] = {}

    def ask(ref: OrderRef) -> None:
        order = exchange.read_order(ref).order
        found[ref.id] = order.id if order else ""

    threads = [threading.Thread(target=ask, args=(ref,)) for ref in refs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS_TO_WAIT)

    assert found == {ref.id: ref.id for ref in refs}
