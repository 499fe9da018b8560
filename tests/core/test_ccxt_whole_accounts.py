"""Exchanges that list one part of an account at a time: every part that the listed markets show is asked for. No network."""

from decimal import Decimal
from typing import Any

import pytest
from recorded_exchange import ACCOUNT_KINDS, Recorded, opened

from crashdesk.contracts import amount_text, contract_of
from crashdesk.exchange.records import ScopeKind, ScopeStatus
from crashdesk.state import OrderType

HYPERLIQUID = [
    {"id": "0", "symbol": "BTC/USDC:USDC", "baseName": "BTC", "baseId": "0", "contractSize": "1"},
    {
        "id": "110000", "symbol": "XYZ-GOLD/USDC:USDC", "baseName": "xyz:GOLD", "base": "XYZ-GOLD", "baseId": "110000",
        "contractSize": "1", "info": {"dex": "xyz", "hip3": True, "name": "xyz:GOLD"},
    },
]  # fmt: skip


def hyperliquid_order(coin: str, number: int) -> dict[str, Any]:
    return {
        "coin": coin, "side": "B", "limitPx": "4000.0", "sz": "0.3", "oid": number, "timestamp": 1767225600000,
        "isTrigger": False, "triggerCondition": "N/A", "triggerPx": "0.0", "children": [], "isPositionTpsl": False,
        "reduceOnly": False, "orderType": "Limit", "origSz": "0.3", "tif": "Gtc", "cloid": None,
    }  # fmt: skip


def hyperliquid_position(coin: str) -> dict[str, Any]:
    position = {
        "coin": coin, "szi": "2.0", "leverage": {"type": "cross", "value": 5}, "entryPx": "4000.0", "positionValue": "8000.0",
        "unrealizedPnl": "0", "returnOnEquity": "0", "liquidationPx": None, "marginUsed": "1600.0", "maxLeverage": 20,
    }  # fmt: skip
    return {"assetPositions": [{"type": "oneWay", "position": position}], "withdrawable": "5000", "time": 1767225700000}


def test_what_rests_and_is_held_on_a_builders_exchange_is_read_with_the_rest_of_the_account() -> None:
    answers = [
        {
            "ask": "POST /info",
            "with": {"type": "frontendOpenOrders", "dex": "xyz"},
            "body": [hyperliquid_order("xyz:GOLD", 8)],
        },
        {"ask": "POST /info", "with": {"type": "frontendOpenOrders"}, "body": [hyperliquid_order("BTC", 7)]},
        {
            "ask": "POST /info",
            "with": {"type": "clearinghouseState", "dex": "xyz"},
            "body": hyperliquid_position("xyz:GOLD"),
        },
        {"ask": "POST /info", "with": {"type": "clearinghouseState"}, "body": hyperliquid_position("BTC")},
    ]
    with opened("hyperliquid", answers=answers, markets=HYPERLIQUID) as (found, _):
        orders, positions = found.read_open_orders([]), found.read_positions([])

    assert {(one.id, one.symbol) for one in orders.orders} == {("7", "BTC/USDC:USDC"), ("8", "XYZ-GOLD/USDC:USDC")}
    assert {leg.symbol for leg in positions.positions} == {"BTC/USDC:USDC", "XYZ-GOLD/USDC:USDC"}
    assert orders.coverage.complete
    assert positions.coverage.complete


def test_more_builders_exchanges_than_are_listed_are_a_gap_for_none_of_the_listed_symbols() -> None:
    markets = [
        {**HYPERLIQUID[1], "symbol": f"D{n}-GOLD/USDC:USDC", "id": str(110000 + n), "info": {"dex": f"d{n}"}}
        for n in range(10)
    ]
    answers = [
        {"ask": "POST /info", "with": {"type": "frontendOpenOrders"}, "body": []},
        {"ask": "POST /info", "with": {"type": "clearinghouseState"}, "body": {"assetPositions": []}},
    ]
    with opened("hyperliquid", answers=answers, markets=[HYPERLIQUID[0], *markets]) as (found, _):
        orders, positions = found.read_open_orders([]).coverage, found.read_positions([]).coverage

    assert {gap.status for gap in (*orders.gaps(), *positions.gaps())} == {ScopeStatus.NOT_SUPPORTED}
    assert orders.covers(ScopeKind.ORDERS, "BTC/USDC:USDC")
    assert positions.covers(ScopeKind.POSITIONS, "BTC/USDC:USDC")
    assert not positions.covers_all(ScopeKind.POSITIONS)


def inverse(base: str, symbol_id: str) -> dict[str, Any]:
    return {"id": symbol_id, "symbol": f"{base}/USD:{base}", "contractSize": "1", "linear": False, "inverse": True}


def bitget_position(symbol: str, coin: str) -> dict[str, Any]:
    return {
        "marginCoin": coin, "symbol": symbol, "holdSide": "long", "available": "3", "locked": "0", "total": "3", "leverage": "5",
        "openPriceAvg": "3000", "marginMode": "crossed", "posMode": "one_way_mode", "unrealizedPL": "0", "markPrice": "3100",
        "cTime": "1767225600000", "uTime": "1767225600000",
    }  # fmt: skip


def bitget_answers(by_coin: dict[str, list[Any]]) -> list[dict[str, Any]]:
    path = "GET /api/v2/mix/position/all-position"
    return [
        *(
            {"ask": path, "with": {"marginCoin": coin}, "body": {"code": "00000", "msg": "success", "data": rows}}
            for coin, rows in by_coin.items()
        ),
        *ACCOUNT_KINDS,
    ]


MARKETS = [
    {"id": "BTCUSDT", "symbol": "BTC/USDT:USDT", "contractSize": "1"},
    inverse("BTC", "BTCUSD"),
    inverse("ETH", "ETHUSD"),
]


def test_coin_margined_positions_are_read_in_every_coin_that_contracts_settle_in() -> None:
    rows = {"USDT": [], "USDC": [], "BTC": [], "ETH": [bitget_position("ETHUSD", "ETH")]}
    with opened("bitget", answers=bitget_answers(rows), markets=MARKETS) as (found, _):
        reading = found.read_positions([])

    assert [leg.symbol for leg in reading.positions] == ["ETH/USD:ETH"]
    assert reading.coverage.complete, reading.coverage.gaps()


def test_a_position_that_comes_with_every_family_is_held_once() -> None:
    rows = {coin: [bitget_position("ETHUSD", "ETH")] for coin in ("USDT", "USDC", "BTC", "ETH")}
    with opened("bitget", answers=bitget_answers(rows), markets=MARKETS) as (found, _):
        reading = found.read_positions([])

    assert [(leg.symbol, leg.contracts) for leg in reading.positions] == [("ETH/USD:ETH", 3)]


def phemex_position(symbol: str, currency: str) -> dict[str, Any]:
    return {
        "symbol": symbol, "currency": currency, "side": "Buy", "size": "40", "posSide": "Merged", "avgEntryPrice": "3000",
        "markPrice": "3100", "leverage": "5", "unRealisedPosLoss": "0",
    }  # fmt: skip


def test_each_coins_positions_are_asked_for_by_its_name_and_what_cannot_be_listed_is_a_gap() -> None:
    usdc = {"id": "SOLUSDC", "symbol": "SOL/USDC:USDC", "contractSize": "1"}
    answers = [
        {"ask": "GET /g-accounts/accountPositions", "body": {"code": 0, "msg": "", "data": {"positions": []}}},
        *(
            {
                "ask": "GET /accounts/accountPositions",
                "with": {"currency": coin},
                "body": {"code": 0, "msg": "", "data": {"positions": rows}},
            }
            for coin, rows in {"BTC": [], "ETH": [phemex_position("ETHUSD", "ETH")]}.items()
        ),
    ]
    with opened("phemex", answers=answers, markets=[*MARKETS, usdc]) as (found, _):
        reading = found.read_positions([])

    assert [(leg.symbol, leg.contracts) for leg in reading.positions] == [("ETH/USD:ETH", 40)]
    assert [(gap.scope.variant, gap.status) for gap in reading.coverage.gaps()] == [("USDC", ScopeStatus.NOT_SUPPORTED)]


def test_spot_stops_that_the_list_of_open_orders_leaves_out_are_asked_for() -> None:
    row = {
        "userId": "7", "symbol": "BTCUSDT", "orderId": "1200000000000000001", "clientOid": "stop-1", "priceAvg": "0",
        "size": "0.02", "orderType": "market", "side": "sell", "status": "live", "basePrice": "0", "baseVolume": "0",
        "quoteVolume": "0", "orderSource": "normal", "triggerPrice": "50000", "tpslType": "tpsl", "cTime": "1767225600000",
        "uTime": "1767225600000",
    }  # fmt: skip
    path = "GET /api/v2/spot/trade/unfilled-orders"
    answers = [
        {"ask": path, "with": {"tpslType": "tpsl"}, "body": {"code": "00000", "msg": "success", "data": [row]}},
        {"ask": path, "body": {"code": "00000", "msg": "success", "data": []}},
        {
            "ask": "GET /api/v2/spot/trade/current-plan-order",
            "body": {"code": "00000", "msg": "success", "data": {"orderList": []}},
        },
        *ACCOUNT_KINDS,
    ]
    markets = [{"id": "BTCUSDT", "symbol": "BTC/USDT", "amount": "0.0001"}]
    with opened("bitget", answers=answers, markets=markets, market_type="spot") as (found, _):
        reading = found.read_open_orders([])

    assert [(one.client_order_id, one.order_type, one.trigger_price) for one in reading.orders] == [
        ("stop-1", OrderType.STOP, Decimal(50000))
    ]
    assert reading.coverage.complete, reading.coverage.gaps()


def test_what_deribit_counts_in_dollars_is_not_multiplied_by_the_size_of_a_contract() -> None:
    with opened("deribit") as (found, _):
        (position,) = found.read_positions([]).positions
        market = found.describe_market("BTC/USD:BTC")

    assert market is not None
    assert amount_text(position.contracts, contract_of(position.symbol, market, position.contract_size)) == (
        "1500 contracts (1500 USD)"
    )
    assert market.contract_size == 1


def test_an_exchange_that_refuses_to_list_without_a_symbol_is_read_per_symbol() -> None:
    class NeedsSymbol(Recorded):
        def send(self, request: Any, *_: Any, **__: Any) -> Any:
            if "symbol=" in request.url:
                return self.reply(request, 200, [])
            words = "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."
            return self.reply(request, 400, {"code": 700004, "msg": words})

    markets = [{"id": "BTCUSDT", "symbol": "BTC/USDT"}]
    with opened("mexc", adapter=NeedsSymbol([]), markets=markets, market_type="spot") as (found, _):
        coverage = found.read_open_orders(["BTC/USDT"]).coverage

    assert coverage.covers(ScopeKind.ORDERS, "BTC/USDT")
    assert not coverage.covers(ScopeKind.ORDERS, "ETH/USDT")


def test_a_spot_order_that_a_trigger_will_place_keeps_the_bots_name() -> None:
    row = {
        "market": "BTC_USDT", "user": 7, "id": 1283293, "ctime": 1767225600, "ftime": 0, "fired_order_id": 0, "status": "open",
        "trigger": {"price": "50000", "rule": "<=", "expiration": 86400}, "reason": "",
        "put": {
            "type": "limit", "side": "sell", "price": "49900", "amount": "0.2", "account": "normal", "time_in_force": "gtc",
            "text": "t-stop-1",
        },
    }  # fmt: skip
    answers = [
        {"ask": "GET /api/v4/account/detail", "body": {"user_id": 7, "tier": 1, "key": {"mode": 1}}},
        {"ask": "GET /api/v4/spot/open_orders", "body": []},
        {"ask": "GET /api/v4/spot/price_orders", "body": [row]},
    ]
    markets = [{"id": "BTC_USDT", "symbol": "BTC/USDT", "amount": "0.0001"}]
    with opened("gate", answers=answers, markets=markets, market_type="spot") as (found, _):
        (order,) = found.read_open_orders([]).orders

    assert (order.client_order_id, order.order_type, order.trigger_price) == ("t-stop-1", OrderType.STOP_LIMIT, 50000)


@pytest.mark.parametrize(("unopened", "covered"), [("btc", True), ("usdt", False)])
def test_a_part_of_the_account_that_was_never_opened_holds_nothing_and_the_usual_one_is_not_taken_for_such(
    unopened: str, covered: bool
) -> None:
    class Refusing(Recorded):
        def send(self, request: Any, *rest: Any, **more: Any) -> Any:
            if f"/futures/{unopened}/" in request.url:
                words = "please transfer funds first to create futures account"
                return self.reply(request, 400, {"label": "USER_NOT_FOUND", "message": words})
            if "/account/detail" in request.url:
                return self.reply(request, 200, {"user_id": 7, "tier": 1, "key": {"mode": 1}})
            return self.reply(request, 200, [])

    symbol = "BTC/USDT:USDT"
    markets = [{"id": "BTC_USDT", "symbol": symbol, "contractSize": "0.0001", "settleId": "usdt"}]
    with opened("gate", adapter=Refusing([]), markets=markets) as (found, _):
        orders, positions = found.read_open_orders([]).coverage, found.read_positions([]).coverage

    assert orders.covers(ScopeKind.ORDERS, symbol) is covered
    assert positions.covers(ScopeKind.POSITIONS, symbol) is covered


def bybit_order(**changes: Any) -> dict[str, Any]:
    return {
        "symbol": "ETHUSD", "orderType": "Limit", "orderLinkId": "bot-1", "orderId": "e-1", "avgPrice": "", "side": "Buy",
        "stopOrderType": "", "orderStatus": "New", "price": "3000", "qty": "40", "cumExecQty": "0", "triggerPrice": "",
        "createdTime": "1767225600000", "updatedTime": "1767225600000", "reduceOnly": False, "positionIdx": 0, **changes,
    }  # fmt: skip


def test_inverse_orders_are_not_asked_for_among_those_that_settle_in_dollars() -> None:
    stop = bybit_order(
        orderId="e-2", orderLinkId="", stopOrderType="Stop", orderStatus="Untriggered", triggerPrice="2900"
    )

    def listed(rows: list[Any]) -> dict[str, Any]:
        return {"retCode": 0, "retMsg": "OK", "result": {"list": rows, "nextPageCursor": "", "category": "inverse"}}

    path = "GET /v5/order/realtime"
    answers = [
        {"ask": path, "with": {"settleCoin": "USDT"}, "body": listed([])},
        {
            "ask": path,
            "with": {"category": "inverse", "baseCoin": "ETH", "orderFilter": "StopOrder"},
            "body": listed([stop]),
        },
        {"ask": path, "with": {"category": "inverse", "baseCoin": "ETH"}, "body": listed([bybit_order(), stop])},
        {"ask": path, "body": listed([])},
    ]
    with opened("bybit", answers=answers, markets=MARKETS) as (found, _):
        reading = found.read_open_orders([])

    assert [(one.id, one.order_type) for one in reading.orders] == [
        ("e-1", OrderType.LIMIT),
        ("e-2", OrderType.STOP_LIMIT),
    ]
    assert reading.coverage.complete
