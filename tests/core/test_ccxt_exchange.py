"""CcxtExchange on the real ccxt client, against the embedded exchange over loopback."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from crashdesk.demo.transport import mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange, Fault, FaultKind, LedgerStatus
from crashdesk.demo.venue import Namespace as VenueNamespace
from crashdesk.errors import ExchangeRefused, ExchangeUnavailable
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import (
    ExchangeCredentials,
    ExchangeSettings,
)
from crashdesk.exchange.protocol import Exchange, take_snapshot
from crashdesk.exchange.records import (
    CancelStatus,
    LookupStatus,
    Namespace,
    OrderRef,
    ScopeKind,
    ScopeStatus,
)
from crashdesk.state import OrderStatus, OrderType, Side

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-api-key-1a2b3c", secret="bot-secret-4d5e6f")
VIEWER = Credentials(api_key="viewer-api-key-9z", secret="viewer-secret-8y", can_trade=False)
HEDGER = Credentials(api_key="hedger-api-key-7x", secret="hedger-secret-6w", account="hedger")
NORMAL_PATH, CONDITIONAL_PATH = "/fapi/v1/order", "/fapi/v1/algoOrder"
SECONDS_TO_WAIT = 5.0

Open = Callable[..., CcxtExchange]


class VenueClock:
    """The embedded exchange's time."""

    def __init__(self, venue: EmbeddedExchange) -> None:
        self._venue = venue

    def now_ns(self) -> int:
        return self._venue.now_ns()

    def sleep(self, seconds: float) -> None:
        self._venue.advance(seconds)


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BOT, VIEWER, HEDGER)) as running:
        yield running


@pytest.fixture
def open_exchange(venue: EmbeddedExchange) -> Iterator[Open]:
    opened: list[CcxtExchange] = []

    def open_one(keys: Credentials = BOT, **settings: Any) -> CcxtExchange:
        exchange = CcxtExchange(
            ExchangeSettings(**{"exchange": "binanceusdm", "account": "main", **settings}),
            ExchangeCredentials(values={"apiKey": keys.api_key, "secret": keys.secret}),
            clock=VenueClock(venue),
            prepare=lambda client: mount_loopback(client, venue.url, now_ns=venue.now_ns),
        )
        opened.append(exchange)
        return exchange

    yield open_one
    for exchange in opened:
        exchange.close()


@pytest.fixture
def exchange(open_exchange: Open) -> CcxtExchange:
    return open_exchange()


@pytest.fixture
def trader(venue: EmbeddedExchange) -> Iterator[Any]:
    client = new_trader(venue, BOT)
    yield client
    client.session.close()


def new_trader(venue: EmbeddedExchange, keys: Credentials) -> Any:
    client = ccxt.binanceusdm({"apiKey": keys.api_key, "secret": keys.secret, "options": {"fetchCurrencies": False}})
    mount_loopback(client, venue.url, now_ns=venue.now_ns)
    return client


def rest(trader: Any, price: str = "60000", **params: Any) -> OrderRef:
    made = trader.create_order(BTC, "limit", "buy", "0.01", price, params)
    return OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=made["id"], client_order_id=made["clientOrderId"])


def stop(trader: Any, trigger: str = "60000", price: str | None = None, **params: Any) -> OrderRef:
    kind = "market" if price is None else "limit"
    extra = {"stopLossPrice": trigger, "reduceOnly": True, **params}
    made = trader.create_order(BTC, kind, "sell", "0.01", price, extra)
    return OrderRef(symbol=BTC, namespace=Namespace.CONDITIONAL, id=made["id"], client_order_id=made["clientOrderId"])


def truth(venue: EmbeddedExchange, ref: OrderRef) -> LedgerStatus:
    order = venue.ledger().order(ref.id, VenueNamespace(ref.namespace.value))
    assert order is not None
    return order.status


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS_TO_WAIT
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


# Reading


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


BROKEN = [
    FaultKind.RESET_AFTER,
    FaultKind.TRUNCATED,
    FaultKind.PLAIN_OK,
    FaultKind.HTML_404,
    FaultKind.HTML_503,
    FaultKind.RATE_LIMITED,
    FaultKind.UNKNOWN_STATUS,
]


@pytest.mark.scenario(40)
@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.value)
def test_a_broken_answer_is_never_an_empty_account(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, kind: FaultKind
) -> None:
    trader.create_order(BTC, "market", "buy", "0.01")
    ref = rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=kind, method="GET", times=100))

    orders, positions, account = exchange.read_open_orders([]), exchange.read_positions([]), exchange.read_account()

    for reading in (*orders.coverage.readings, *positions.coverage.readings, *account.coverage.readings):
        assert reading.status is ScopeStatus.FAILED
        assert reading.reason
    assert not orders.coverage.covers(ScopeKind.ORDERS, BTC)
    assert not orders.coverage.covers(ScopeKind.CONDITIONAL_ORDERS, BTC)
    assert account.account is None
    assert exchange.read_order(ref).status is LookupStatus.UNKNOWN
    assert exchange.clock_offset_ns() is None
    assert exchange.read_prices([BTC]) == {}


def test_one_scope_that_fails_leaves_the_others_read(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    ref = rest(trader)
    venue.add_fault(Fault(kind=FaultKind.HTML_502, path="/fapi/v1/openAlgoOrders"))

    reading = exchange.read_open_orders([])

    assert [order.id for order in reading.orders] == [ref.id]
    assert reading.coverage.covers(ScopeKind.ORDERS, BTC)
    assert not reading.coverage.covers(ScopeKind.CONDITIONAL_ORDERS, BTC)
    assert [gap.reason for gap in reading.coverage.gaps()] == [
        "the exchange cannot serve requests at this moment (a web page instead of an answer: 502 Bad Gateway); "
        "look at the exchange's status page, wait a minute, then read it again"
    ]


def test_without_markets_everything_is_a_gap_and_the_next_read_tries_again(
    venue: EmbeddedExchange, exchange: CcxtExchange
) -> None:
    venue.add_fault(Fault(kind=FaultKind.HTML_503, path="/fapi/v1/exchangeInfo", times=2))

    reading = exchange.read_open_orders([])

    assert [gap.scope.kind for gap in reading.coverage.gaps()] == [ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS]
    assert all("the markets of binanceusdm could not be loaded" in gap.reason for gap in reading.coverage.gaps())
    with pytest.raises(ExchangeUnavailable, match="read it again"):
        exchange.describe_market(BTC)
    assert exchange.read_open_orders([]).coverage.complete


@pytest.mark.scenario(45)
def test_wrong_keys_say_what_to_check(open_exchange: Open) -> None:
    stranger = open_exchange(Credentials(api_key="nobodys-key", secret="nobodys-secret"))

    (reading,) = stranger.read_account().coverage.readings

    assert reading.status is ScopeStatus.FAILED
    assert "check on the exchange's site that the key still exists" in reading.reason
    with pytest.raises(ExchangeRefused, match="check on the exchange's site that the key still exists"):
        stranger.check_credentials()


# One order


def test_an_order_is_found_by_id_or_by_client_id_in_its_namespace(exchange: CcxtExchange, trader: Any) -> None:
    normal, conditional = rest(trader, clientOrderId="bot-1"), stop(trader, clientOrderId="bot-stop")

    for ref in (normal, conditional):
        nameless = OrderRef(symbol=BTC, namespace=ref.namespace, id="", client_order_id=ref.client_order_id)
        for asked in (ref, nameless):
            lookup = exchange.read_order(asked)
            assert lookup.status is LookupStatus.FOUND
            assert lookup.order is not None
            assert lookup.order.ref == ref


def test_an_id_of_the_other_namespace_is_absent(exchange: CcxtExchange, trader: Any) -> None:
    conditional = stop(trader)

    lookup = exchange.read_order(OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=conditional.id))

    assert lookup.status is LookupStatus.ABSENT
    assert lookup.reason == "OrderNotFound: Order does not exist. (-2013)"


@pytest.mark.scenario(1, 4)
def test_what_became_of_an_order_is_told(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any) -> None:
    filled, cancelled = rest(trader, "63000"), rest(trader, "50000")
    trader.cancel_order(cancelled.id, BTC)
    venue.push_price(BTC, Decimal(62000))

    orders = [exchange.read_order(ref).order for ref in (filled, cancelled)]

    assert [order.status for order in orders if order] == [OrderStatus.FILLED, OrderStatus.CANCELLED]
    assert [order.filled for order in orders if order] == [Decimal("0.01"), 0]


def test_a_triggered_order_tells_the_fate_of_the_order_that_it_placed(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "0.02")
    filled, resting = stop(trader, "63000"), stop(trader, "63000", "63500")
    venue.push_price(BTC, Decimal(62500))

    done, waiting = exchange.read_order(filled), exchange.read_order(resting)

    assert done.order is not None
    assert (done.order.status, done.order.filled) == (OrderStatus.FILLED, Decimal("0.01"))
    assert done.order.ref.id == filled.id
    assert waiting.order is not None
    assert (waiting.order.status, waiting.order.filled) == (OrderStatus.EXPIRED, 0)
    child = exchange.read_open_orders([]).orders[0]
    assert waiting.reason == f"its trigger fired and placed order {child.id}, which is open"


def test_a_triggered_order_whose_child_cannot_be_read_is_unknown(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "0.01")
    ref = stop(trader, "63000")
    venue.push_price(BTC, Decimal(62500))
    venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, method="GET", path=NORMAL_PATH))

    lookup = exchange.read_order(ref)

    assert lookup.status is LookupStatus.UNKNOWN
    assert "which could not be read" in lookup.reason


# Cancelling


@pytest.mark.scenario(32)
@pytest.mark.parametrize("place", [rest, stop], ids=["normal", "conditional"])
def test_a_cancel_is_one_request_and_its_answer_is_accepted(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, place: Callable[[Any], OrderRef]
) -> None:
    ref = place(trader)
    path = NORMAL_PATH if ref.namespace is Namespace.NORMAL else CONDITIONAL_PATH

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.ACCEPTED
    assert venue.request_count("DELETE", path, received=True) == 1
    assert truth(venue, ref) is LedgerStatus.CANCELLED
    again = exchange.cancel_order(ref)
    assert (again.status, again.reason) == (CancelStatus.ABSENT, "OrderNotFound: Unknown order sent. (-2011)")


OPEN, GONE = LedgerStatus.OPEN, LedgerStatus.CANCELLED


@pytest.mark.scenario(9, 44)
@pytest.mark.parametrize(
    ("kind", "answered", "ends"),
    [
        (FaultKind.RESET_BEFORE, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.RESET_AFTER, CancelStatus.UNKNOWN, GONE),
        (FaultKind.DELAY_AFTER, CancelStatus.UNKNOWN, GONE),
        (FaultKind.TRUNCATED, CancelStatus.UNKNOWN, GONE),
        (FaultKind.PLAIN_OK, CancelStatus.UNKNOWN, GONE),
        (FaultKind.UNKNOWN_STATUS, CancelStatus.UNKNOWN, GONE),
        (FaultKind.HTML_404, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.HTML_502, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.OVERLOADED, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.RATE_LIMITED, CancelStatus.NOT_DONE, OPEN),
        (FaultKind.CLOCK_SKEW, CancelStatus.NOT_DONE, OPEN),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_every_fault_costs_one_request_and_is_never_called_done(
    venue: EmbeddedExchange,
    open_exchange: Open,
    trader: Any,
    kind: FaultKind,
    answered: CancelStatus,
    ends: LedgerStatus,
) -> None:
    # An operator's own ccxt options must not make a cancel repeat itself.
    exchange, ref = open_exchange(timeout_s=0.3, options={"maxRetriesOnFailure": 2}), rest(trader)
    exchange.connect()
    seconds = 60.0 if kind is FaultKind.CLOCK_SKEW else 0.6
    venue.add_fault(Fault(kind=kind, method="DELETE", seconds=seconds))

    answer = exchange.cancel_order(ref)

    assert answer.status is answered
    assert answer.reason
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 1
    assert truth(venue, ref) is ends


def test_a_refused_connection_did_nothing(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any) -> None:
    ref = rest(trader)
    exchange.connect()
    venue.close()

    answer = exchange.cancel_order(ref)

    assert (answer.status, answer.reason) == (CancelStatus.NOT_DONE, "NetworkError: Connection refused")


@pytest.mark.scenario(45)
def test_a_key_without_trading_permission_did_nothing(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any
) -> None:
    ref = rest(trader)

    answer = open_exchange(VIEWER).cancel_order(ref)

    assert answer.status is CancelStatus.NOT_DONE
    assert "Invalid API-key, IP, or permissions for action. (-2015)" in answer.reason
    assert truth(venue, ref) is LedgerStatus.OPEN


@pytest.mark.parametrize("order_id", ["", " "])
def test_without_an_id_nothing_is_sent(exchange: CcxtExchange, venue: EmbeddedExchange, order_id: str) -> None:
    ref = OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=order_id, client_order_id="bot-1")

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.NOT_DONE
    assert "read the order first" in answer.reason
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 0


def test_without_markets_nothing_is_sent(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any) -> None:
    ref = rest(trader)
    venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, path="/fapi/v1/exchangeInfo"))

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.NOT_DONE
    assert answer.reason.startswith("nothing was sent: the markets")
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 0


# Deadlines and late results


def test_a_result_after_the_deadline_is_unknown_first_and_kept_when_it_comes(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any, caplog: pytest.LogCaptureFixture
) -> None:
    exchange, ref = open_exchange(deadline_s=0.3), rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="DELETE"))

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.UNKNOWN
    assert "unknown until it is read again" in answer.reason
    assert exchange.late_results == ()
    venue.release()
    wait_until(lambda: exchange.late_results)
    (late,) = exchange.late_results
    assert late.request == f"cancelling {ref.key}"
    assert late.text == f"answered about order {ref.id}, status canceled"
    assert "after its deadline" in caplog.text


def test_a_cancel_that_waits_behind_a_slow_request_is_never_sent_late(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any
) -> None:
    exchange, first, second = open_exchange(deadline_s=0.3), rest(trader), rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="DELETE"))
    exchange.cancel_order(first)

    answer = exchange.cancel_order(second)

    assert answer.status is CancelStatus.NOT_DONE
    assert "nothing was sent" in answer.reason
    venue.release()
    wait_until(lambda: exchange.late_results)
    assert exchange.read_order(second).status is LookupStatus.FOUND
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 1
    assert truth(venue, second) is LedgerStatus.OPEN


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


# Secrets


def test_no_message_and_no_log_record_shows_key_secret_or_signature(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any
) -> None:
    texts: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            texts.append(logging.Formatter().format(record))

    root, handler = logging.getLogger(), Collect()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    refs = [rest(trader) for _ in FaultKind]
    trader.session.close()
    texts.clear()
    noisy = logging.getLogger("urllib3.connectionpool")
    try:
        exchange = open_exchange(timeout_s=0.2, deadline_s=0.4)
        texts.append(repr(exchange))
        for ref, kind in zip(refs, FaultKind, strict=True):
            # An application may lower the level again: the filter still stands before its handlers.
            noisy.setLevel(logging.DEBUG)
            venue.add_fault(Fault(kind=kind, method="DELETE", seconds=0.3))
            texts.append(str(exchange.cancel_order(ref)))
            venue.clear_faults()
            venue.release()
            texts.extend((str(exchange.read_open_orders([])), str(exchange.read_account())))
        venue.close()
        texts.extend((str(exchange.read_order(refs[0])), str(exchange.read_positions([]))))
        texts.append(str(exchange.late_results))
        logging.getLogger("crashdesk.exchange").warning("signed with %s", BOT.secret)
        exchange.close()
    finally:
        noisy.setLevel(logging.WARNING)
        root.removeHandler(handler)
        root.setLevel(level)

    everything = "\n".join(texts)
    assert "signed with [removed]" in everything
    assert "/fapi/v1/openOrders" in everything
    for secret in (BOT.api_key, BOT.secret, "signature=", "X-MBX-APIKEY"):
        assert secret not in everything
