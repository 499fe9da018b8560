"""Scenarios that the embedded exchange's Binance dialect cannot play: per-symbol lists, orders without names, linked orders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from embedded_clients import status_of
from okx_builders import BOT, BTC, CANCEL, conditional, new_client, okx_venue, open_exchange, rest
from strategies import T0, ManualClock
from venue_clock import VenueClock

from crashdesk.clock import SystemClock
from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.demo.venue import EmbeddedExchange, LedgerStatus
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.protocol import take_snapshot
from crashdesk.exchange.records import ScopeKind, ScopeStatus
from crashdesk.execute import execute_plan
from crashdesk.reconcile.records import Action, Decision, OrderVerdictKind, OutcomeKind, Plan
from crashdesk.state import OrderState
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JournalView

Kind = OrderVerdictKind
ETH = "ETH/USDT:USDT"


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


def compared(
    venue: EmbeddedExchange, exchange: CcxtExchange, *, known: tuple[OrderState, ...] = (), **manifest: Any
) -> Plan:
    venue.advance(60)
    clock = VenueClock(venue)
    plan, _ = compare(
        make.state(timestamp=clock.now_ns(), positions=(), open_orders=known),
        journal=JournalView(),
        exchange=exchange,
        manifest=StoreManifest(bot="grid", exchange="okx", client_order_id_prefix="grid", **manifest),
        checkpoint_seq=1,
        clock=clock,
    )
    return plan


@pytest.mark.scenario(20)
@pytest.mark.parametrize(("exclusive", "kind"), [(False, Kind.AMBIGUOUS), (True, Kind.OWN_ORPHAN)])
def test_an_order_without_a_client_order_id_is_ours_only_where_the_account_is(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, exclusive: bool, kind: OrderVerdictKind
) -> None:
    order = trader.private_post_trade_order(
        {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1", "px": "60000"}
    )
    (verdict,) = compared(venue, exchange, exclusive_account=exclusive).orphans
    assert verdict.live is not None
    assert (verdict.live.id, verdict.live.client_order_id) == (order["data"][0]["ordId"], "")
    assert (verdict.kind, verdict.preselected) == (kind, exclusive)


@pytest.mark.scenario(25, 26)
def test_a_stop_and_take_profit_in_one_is_found_in_its_own_list_and_marked_as_protection(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "1")
    both = {"stopLossPrice": "58000", "takeProfitPrice": "70000", "reduceOnly": True, "algoClOrdId": "grid1"}
    linked = conditional(trader, "sell", **both)
    plain = rest(trader, clientOrderId="grid2")
    verdicts = {verdict.live.id: verdict for verdict in compared(venue, exchange).orphans if verdict.live}
    assert {order: verdict.preselected for order, verdict in verdicts.items()} == {linked: False, plain: True}
    assert verdicts[linked].protective


@pytest.mark.scenario(11)
@pytest.mark.parametrize(
    ("amount", "price", "words"), [("4", "59000", "price: 60000 → 59000"), ("3", "60000", "amount: 4 → 3")]
)
def test_an_order_that_was_amended_has_drifted(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, amount: str, price: str, words: str
) -> None:
    order = rest(trader, "60000", "4", clientOrderId="grid1")
    known = make.order(
        id=order, client_order_id="grid1", price=Decimal(60000), quantity=Decimal(4), created_at=venue.now_ns()
    )
    trader.edit_order(order, BTC, "limit", "buy", amount, price)
    (verdict,) = compared(venue, exchange, known=(known,)).orders
    assert (verdict.kind, verdict.live.id if verdict.live else "") == (Kind.DRIFTED, order)
    assert words in "\n".join(item.text for item in verdict.evidence)


@pytest.mark.scenario(28, 29)
@pytest.mark.parametrize(
    ("amount", "price", "words"), [("4", "59000", "price 60000 → 59000"), ("3", "60000", "amount 4 → 3")]
)
def test_an_order_that_was_amended_during_the_review_is_not_touched(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, tmp_path: Path, amount: str, price: str, words: str
) -> None:
    order = rest(trader, "60000", "4", clientOrderId="grid1")
    plan = compared(venue, exchange)
    trader.edit_order(order, BTC, "limit", "buy", amount, price)
    (orphan,) = plan.orphans
    clock = VenueClock(venue)
    journal = Journal(tmp_path, clock)
    decision = Decision(order_key=orphan.key, action=Action.CANCEL, who="kim")
    (outcome,) = execute_plan(plan, [decision], exchange=exchange, log=journal, clock=clock).outcomes
    journal.close()
    assert (outcome.kind, outcome.sent) == (OutcomeKind.CHANGED, False)
    assert words in outcome.text
    assert venue.request_count("POST", CANCEL, received=True) == 0
    assert status_of(venue, order) is LedgerStatus.OPEN


def phemex(answers: dict[str, list[dict[str, Any]]]) -> CcxtExchange:
    """An exchange that lists open orders per symbol; a symbol without an answer is refused by it."""
    kind = {"type": "swap", "spot": False, "swap": True, "future": False, "option": False, "contract": True}
    markets = [
        {
            "id": f"{base}USDT", "symbol": f"{base}/USDT:USDT", "base": base, "quote": "USDT", "settle": "USDT",
            "baseId": base, "quoteId": "USDT", "settleId": "USDT", "linear": True, "inverse": False, "active": True,
            "contractSize": "1", "precision": {"amount": "0.001", "price": "0.1"}, "limits": {},
            "info": {"settlementCurrency": "USDT"}, **kind,
        }
        for base in ("BTC", "ETH")
    ]  # fmt: skip

    def prepare(client: Any) -> None:
        client.set_markets(markets)
        client.enableRateLimit = False

        def fetch(url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
            rows = next((rows for symbol, rows in answers.items() if f"symbol={symbol}" in url), None)
            told = (
                {"code": 0, "msg": "OK", "data": {"rows": rows}} if rows is not None else {"code": 39999, "msg": "busy"}
            )
            client.handle_errors(200, "OK", url, method, {}, json.dumps(told), told, headers, body)
            return told

        client.fetch = fetch

    return CcxtExchange(
        ExchangeSettings(exchange="phemex", account="main"),
        ExchangeCredentials(values={"apiKey": "k-12345", "secret": "c2VjcmV0"}),
        clock=SystemClock(),
        prepare=prepare,
    )


def phemex_row(number: str, **changes: Any) -> dict[str, Any]:
    row = {
        "orderID": number, "clOrdID": "grid-1", "symbol": "BTCUSDT", "side": "Buy", "ordType": "Limit", "priceRp": "60000",
        "orderQtyRq": "0.010", "cumQtyRq": "0", "leavesQtyRq": "0.010", "ordStatus": "New", "timeInForce": "GoodTillCancel",
        "createTime": str(T0 // 1_000_000), "transactTimeNs": str(T0), "reduceOnly": False, "posSide": "Merged",
    }  # fmt: skip
    return row | changes


@pytest.mark.scenario(41, 42)
def test_one_symbol_that_fails_is_a_gap_and_the_others_are_read() -> None:
    both = phemex({"BTCUSDT": [phemex_row("a")]})
    reading = both.read_open_orders([BTC, ETH])
    both.close()

    assert [order.id for order in reading.orders] == ["a"]
    assert {each.scope.symbol: each.status for each in reading.coverage.readings} == {
        BTC: ScopeStatus.READ,
        ETH: ScopeStatus.FAILED,
    }
    assert reading.coverage.covers(ScopeKind.ORDERS, BTC)
    assert not reading.coverage.covers(ScopeKind.ORDERS, ETH)


@pytest.mark.scenario(41)
def test_orders_of_the_symbol_that_failed_are_unknown_and_those_of_the_other_are_judged() -> None:
    known = (
        make.order(id="a", client_order_id="grid-1", price=Decimal(60000)),
        make.order(id="b", client_order_id="grid-2", symbol=ETH),
    )
    exchange = phemex({"BTCUSDT": [phemex_row("a")]})
    snapshot = take_snapshot(exchange, [BTC, ETH], ManualClock())
    plan, _ = compare(
        make.state(positions=(), open_orders=known),
        journal=JournalView(),
        exchange=exchange,
        manifest=None,
        checkpoint_seq=1,
        clock=ManualClock(T0 + 600 * 10**9),
    )
    exchange.close()
    assert snapshot.coverage.gaps() != ()
    assert {verdict.known.id: verdict.kind for verdict in plan.orders if verdict.known} == {
        "a": Kind.MATCHED,
        "b": Kind.UNKNOWN,
    }


@pytest.mark.scenario(47)
@pytest.mark.parametrize("absent", ["priceRp", "cumQtyRq", "orderQtyRq", "clOrdID"])
def test_what_an_answer_leaves_out_is_no_change(absent: str) -> None:
    known = make.order(id="a", client_order_id="grid-1", price=Decimal(60000))
    exchange = phemex({"BTCUSDT": [phemex_row("a", **{absent: None})], "ETHUSDT": []})
    plan, _ = compare(
        make.state(positions=(), open_orders=(known,)),
        journal=JournalView(),
        exchange=exchange,
        manifest=None,
        checkpoint_seq=1,
        clock=ManualClock(T0 + 600 * 10**9),
    )
    exchange.close()
    assert [verdict.kind for verdict in plan.orders] == [Kind.MATCHED]


@pytest.mark.scenario(47)
def test_an_order_without_a_status_is_never_called_over() -> None:
    known = make.order(id="a", client_order_id="grid-1", price=Decimal(60000))
    exchange = phemex({"BTCUSDT": [phemex_row("a", ordStatus=None)], "ETHUSDT": []})
    plan, _ = compare(
        make.state(positions=(), open_orders=(known,)),
        journal=JournalView(),
        exchange=exchange,
        manifest=None,
        checkpoint_seq=1,
        clock=ManualClock(T0 + 600 * 10**9),
    )
    exchange.close()
    (verdict,) = plan.orders
    assert verdict.kind in (Kind.UNKNOWN, Kind.MATCHED)
    assert not verdict.is_stale
