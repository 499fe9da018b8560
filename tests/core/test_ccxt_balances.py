"""Spot balances and liquidations through the real ccxt parsers, fed with recorded-style answers. No network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import strategies as make
from recovery_builders import snapshot
from strategies import T0

from crashdesk.clock import SystemClock
from crashdesk.exchange.ccxt_balances import spot_positions
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.protocol import with_liquidations
from crashdesk.exchange.records import Liquidation, ScopeKind, ScopeStatus
from crashdesk.reconcile.positions import judge_positions
from crashdesk.reconcile.records import PositionVerdictKind
from crashdesk.state import Side

D = Decimal
SPOT, SWAP = "BTC/USDT", "BTC/USDT:USDT"
MILLISECOND = 1_000_000
Respond = Callable[[str, dict[str, str]], Any]
Opened = Callable[..., CcxtExchange]


def listed(market_type: str) -> dict[str, Any]:
    swap = market_type == "swap"
    settle = "USDT" if swap else None
    return {
        "id": "BTCUSDT", "symbol": SWAP if swap else SPOT, "type": market_type, "base": "BTC", "quote": "USDT",
        "settle": settle, "baseId": "BTC", "quoteId": "USDT", "settleId": settle, "spot": not swap, "swap": swap,
        "future": False, "option": False, "margin": False, "contract": swap, "linear": swap or None,
        "inverse": False if swap else None, "active": True, "contractSize": "1" if swap else None,
        "precision": {"amount": "0.001", "price": "0.1"}, "limits": {}, "info": {},
    }  # fmt: skip


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens an exchange whose client parses what `respond(path, parameters)` returns in place of the network."""
    exchanges: list[CcxtExchange] = []

    def make_one(exchange_id: str, market_type: str, respond: Respond) -> CcxtExchange:
        def prepare(client: Any) -> None:
            client.set_markets([listed(market_type)])
            client.enableRateLimit = False

            def fetch(url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
                parts = urlsplit(url)
                parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
                answer = respond(parts.path, parameters)
                client.handle_errors(200, "OK", url, method, {}, json.dumps(answer), answer, headers, body)
                return answer

            client.fetch = fetch

        exchange = CcxtExchange(
            ExchangeSettings(exchange=exchange_id, account="main", market_type=market_type),
            ExchangeCredentials(values={"apiKey": "k-12345", "secret": "c2VjcmV0"}),
            clock=SystemClock(),
            prepare=prepare,
        )
        exchanges.append(exchange)
        return exchange

    yield make_one
    for exchange in exchanges:
        exchange.close()


def wallet(**amounts: tuple[str, str]) -> dict[str, Any]:
    return {"balances": [{"asset": name, "free": free, "locked": used} for name, (free, used) in amounts.items()]}


@pytest.mark.scenario(59)
def test_what_a_spot_account_holds_is_told_exactly_with_what_orders_lock(opened: Opened) -> None:
    answer = wallet(BTC=("0.59900001", "0.40000000"), DOGE=("12", "0"), USDT=("5000", "0"))
    told = opened("binance", "spot", lambda *_: answer).read_positions([SPOT])
    (held,) = told.positions
    assert (held.symbol, held.side, held.contracts, held.asset) == (SPOT, Side.BUY, D("0.99900001"), "BTC")
    assert told.coverage.covers(ScopeKind.POSITIONS, SPOT)
    assert not told.coverage.covers(ScopeKind.POSITIONS, "DOGE/USDT")


def test_a_known_symbol_without_a_market_is_read_by_its_name_and_an_unheld_one_is_nothing(opened: Opened) -> None:
    answer = wallet(LUNC=("7", "0"), BTC=("0", "0"))
    told = opened("binance", "spot", lambda *_: answer).read_positions([SPOT, "LUNC/USDT"])
    assert [(held.symbol, held.contracts) for held in told.positions] == [("LUNC/USDT", D(7))]
    assert told.coverage.covers(ScopeKind.POSITIONS, SPOT)
    (verdict,) = judge_positions(make.state(positions=()), snapshot(positions=told.positions, coverage=told.coverage))
    assert any("lists no market LUNC/USDT" in item.text for item in verdict.evidence)


@pytest.mark.scenario(40)
@pytest.mark.parametrize("answer", [{"code": -1001, "msg": "internal error"}, {"balances": []}, {}])
def test_a_balance_that_says_nothing_is_never_flat(opened: Opened, answer: Any) -> None:
    told = opened("binance", "spot", lambda *_: answer).read_positions([SPOT])
    assert told.positions == ()
    assert not told.coverage.covers(ScopeKind.POSITIONS, SPOT)


def test_two_symbols_of_one_asset_tell_it_once_and_an_unreadable_row_is_no_zero() -> None:
    balance = {
        "total": {"BTC": "1", "ETH": None},
        "BTC": {"total": "1"},
        "ETH": {"total": None, "free": "1", "used": None},
    }
    told = spot_positions(balance, ["BTC/USDT", "BTC/EUR", "ETH/USDT"], {}, T0)
    assert [(held.symbol, held.contracts) for held in told.positions] == [("BTC/EUR", D(1))]
    assert {reading.scope.symbol: reading.status for reading in told.coverage.readings} == {
        "BTC/EUR": ScopeStatus.READ,
        "BTC/USDT": ScopeStatus.READ,
        "ETH/USDT": ScopeStatus.FAILED,
    }
    assert not spot_positions(balance, [], {}, T0).coverage.complete


def test_balances_never_say_that_a_short_is_closed_or_has_turned(opened: Opened) -> None:
    short = make.position(symbol=SPOT, side=Side.SELL)
    for amount, kinds in (("0", ["unknown"]), ("1", ["opened_while_down", "unknown"])):
        answer = wallet(BTC=(amount, "0"))
        told = opened("binance", "spot", lambda *_, answer=answer: answer).read_positions([SPOT])
        seen = snapshot(positions=told.positions, coverage=told.coverage)
        assert [verdict.kind.value for verdict in judge_positions(make.state(positions=(short,)), seen)] == kinds


def force_order(at_ms: int, symbol: str = "BTCUSDT") -> dict[str, Any]:
    return {
        "orderId": 6071832819, "symbol": symbol, "status": "FILLED", "clientOrderId": "autoclose-1596107620040000020",
        "price": "30000.5", "avgPrice": "30001.2", "origQty": "0.250", "executedQty": "0.250", "cumQuote": "7500.3",
        "timeInForce": "IOC", "type": "LIMIT", "reduceOnly": False, "closePosition": False, "side": "SELL",
        "positionSide": "BOTH", "stopPrice": "0", "workingType": "CONTRACT_PRICE", "origType": "LIMIT",
        "time": at_ms, "updateTime": at_ms,
    }  # fmt: skip


@pytest.mark.scenario(56)
def test_a_liquidation_that_the_exchange_lists_explains_the_closed_position(opened: Opened) -> None:
    now = SystemClock().now_ns()
    at = now // MILLISECOND - 60_000
    asked: list[dict[str, str]] = []

    def respond(path: str, parameters: dict[str, str]) -> Any:
        assert path.endswith("/forceOrders")
        asked.append(parameters)
        return [force_order(at)]

    exchange = opened("binanceusdm", "swap", respond)
    since = now - 3600 * 10**9
    told = exchange.read_liquidations(SWAP, since)
    assert told.status is ScopeStatus.READ
    assert told.liquidations == (
        Liquidation(symbol=SWAP, at=at * MILLISECOND, side=Side.SELL, contracts=D("0.250"), price=D("30001.2")),
    )
    assert (asked[0]["symbol"], int(asked[0]["startTime"])) == ("BTCUSDT", since // MILLISECOND)
    state = make.state(timestamp=since, open_orders=())
    seen = with_liquidations(exchange, snapshot(), [SWAP], since)
    closed = next(verdict for verdict in judge_positions(state, seen) if verdict.symbol == SWAP)
    assert closed.kind is PositionVerdictKind.CLOSED_WHILE_DOWN
    assert any("Liquidated" in item.text and "30001.2" in item.text for item in closed.evidence)


@pytest.mark.scenario(56)
def test_a_refusal_to_list_liquidations_is_no_answer_and_a_far_past_is_only_partly_asked(opened: Opened) -> None:
    now = SystemClock().now_ns()
    refused = opened("binanceusdm", "swap", lambda *_: {"code": -1001, "msg": "internal error"})
    assert refused.read_liquidations(SWAP, now - 10**9).status is ScopeStatus.FAILED
    empty = opened("binanceusdm", "swap", lambda *_: [])
    assert empty.read_liquidations(SWAP, now - 10**9).status is ScopeStatus.READ
    assert empty.read_liquidations(SWAP, T0).status is ScopeStatus.TRUNCATED
    assert empty.read_liquidations("GONE/USDT:USDT", now).status is ScopeStatus.NOT_SUPPORTED
    silent = opened("okx", "swap", lambda *_: pytest.fail("there is nothing to ask for"))
    assert silent.read_liquidations(SWAP, now).status is ScopeStatus.NOT_SUPPORTED
