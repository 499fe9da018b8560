"""ccxt's unified records become ours: exact, with None where the exchange does not say. Pure, no network."""

from decimal import Decimal
from typing import Any

import pytest

from crashdesk.exchange.ccxt_account import parse_account
from crashdesk.exchange.ccxt_parse import (
    Unreadable,
    advance,
    has_triggered,
    parse_market,
    parse_order,
    parse_position,
    parse_price,
    triggered_order_id,
)
from crashdesk.exchange.ccxt_reading import without_doubles
from crashdesk.exchange.records import Namespace
from crashdesk.state import OrderStatus, OrderType, Side

BTC = "BTC/USDT:USDT"
TICK_SIZE, DECIMAL_PLACES, SIGNIFICANT_DIGITS = 4, 2, 3


def order(namespace: Namespace = Namespace.NORMAL, info: dict[str, Any] | None = None, **fields: Any) -> Any:
    raw = {
        "id": "1",
        "clientOrderId": None,
        "symbol": BTC,
        "type": "limit",
        "side": "buy",
        "status": "open",
        "price": "60000",
        "amount": "0.01",
        "filled": "0",
        "timestamp": 1767225600123,
        "info": info or {},
        **fields,
    }
    return parse_order(raw, namespace)


def conditional(order_type: str, info: dict[str, Any] | None = None, **fields: Any) -> Any:
    return order(Namespace.CONDITIONAL, {"orderType": order_type, "algoStatus": "NEW", **(info or {})}, **fields)


# What an order says of itself


def test_amounts_keep_every_digit() -> None:
    parsed = order(price="60000.12345678901234567", amount="12345678901.12345678", filled="0.300")

    assert str(parsed.price) == "60000.12345678901234567"
    assert str(parsed.amount) == "12345678901.12345678"
    assert str(parsed.filled) == "0.300"
    assert parsed.created_at == 1767225600123 * 1_000_000


@pytest.mark.scenario(47)
def test_what_the_exchange_does_not_say_stays_none() -> None:
    parsed = order(amount=None, filled=None, price=None, timestamp=None, average="0", lastUpdateTimestamp=None)

    assert (parsed.amount, parsed.filled, parsed.remaining, parsed.price) == (None, None, None, None)
    assert (parsed.average, parsed.created_at, parsed.updated_at) == (None, None, None)
    assert (parsed.reduce_only, parsed.close_position, parsed.position_side) == (None, None, "")


@pytest.mark.parametrize("text", ["nan", "Infinity", "12,5", "", None, True])
def test_what_is_no_number_is_none(text: object) -> None:
    assert order(filled=text).filled is None


@pytest.mark.scenario(21)
def test_ids_are_text_and_a_missing_client_id_is_empty() -> None:
    parsed = order(id=4810225001, clientOrderId=77)

    assert (parsed.id, parsed.client_order_id) == ("4810225001", "77")
    assert order(clientOrderId=None).client_order_id == ""


def test_a_conditional_order_of_okx_has_its_own_client_id() -> None:
    parsed = order(Namespace.CONDITIONAL, {"ordType": "trigger", "algoClOrdId": "bot-7"}, type="trigger")

    assert parsed.client_order_id == "bot-7"


@pytest.mark.parametrize("missing", [{"id": None}, {"id": ""}, {"symbol": None}, {"side": None}, {"status": None}])
def test_an_order_that_lacks_what_identifies_it_is_unreadable(missing: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="look at it on the exchange"):
        order(**missing)


@pytest.mark.parametrize("nothing", ["0", "-", "web", "app", "api"])
def test_a_word_for_no_client_id_is_no_client_id(nothing: str) -> None:
    assert order(clientOrderId=nothing).client_order_id == ""


def test_an_order_of_a_market_that_is_not_listed_is_kept_under_the_exchange_s_name_for_it() -> None:
    raw = {"id": "7", "symbol": None, "side": "buy", "status": "open", "info": {"instId": "OLD-USDT-SWAP"}}

    gone = parse_order(raw, Namespace.NORMAL, markets={BTC})
    listed = parse_order({**raw, "symbol": BTC}, Namespace.NORMAL, markets={BTC})

    assert (gone.symbol, gone.known_market) == ("OLD-USDT-SWAP", False)
    assert (listed.symbol, listed.known_market) == (BTC, True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (1767225600123, 1767225600123 * 10**6),
        ("1767225600123", 1767225600123 * 10**6),
        (1767225600, 1767225600 * 10**9),
        ("1767225600.5", 17672256005 * 10**8),
        (1767225600123456, 1767225600123456 * 10**3),
        (1767225600123456789, 1767225600123456789),
        ("2026-01-01T00:00:00.123Z", 1767225600123 * 10**6),
        ("2026-01-01T01:00:00.123+01:00", 1767225600123 * 10**6),
        ("2026-01-01T00:00:00", 1767225600 * 10**9),
        ("yesterday", None),
        ("", None),
        (0, None),
        (-5, None),
        (10**25, None),
        ("1960-01-01T00:00:00Z", None),
        (True, None),
    ],
)
def test_times_come_in_any_unit_and_what_is_no_time_is_none(told: object, expected: int | None) -> None:
    assert order(timestamp=told).created_at == expected


@pytest.mark.parametrize(("listed", "told"), [("-1", ""), ("0", ""), ("77", "77"), (77, "77")])
def test_orders_of_which_one_cancels_the_other_share_a_group(listed: object, told: str) -> None:
    assert order(info={"orderListId": listed}).group_id == told


@pytest.mark.parametrize(
    ("leg", "side", "reduces"), [("long", "sell", True), ("short", "buy", True), ("long", "buy", None)]
)
def test_an_order_against_its_own_leg_can_only_reduce_it(leg: str, side: str, reduces: bool | None) -> None:
    assert order(info={"positionSide": leg.upper()}, side=side).reduce_only is reduces


@pytest.mark.parametrize(
    ("leg", "does", "side"),
    [
        ("long", "open", Side.BUY),
        ("long", "close", Side.SELL),
        ("short", "open", Side.SELL),
        ("short", "close", Side.BUY),
    ],
)
def test_the_direction_follows_from_what_an_order_does_to_its_leg(leg: str, does: str, side: Side) -> None:
    assert order(info={"posSide": leg, "tradeSide": does}, side="buy").side is side


# How an order stands


def test_an_order_in_a_list_of_open_ones_is_open_though_it_does_not_say_so() -> None:
    raw = {"id": "7", "symbol": BTC, "side": "buy", "status": None, "amount": "3", "filled": "1", "info": {}}

    assert parse_order(raw, Namespace.NORMAL, listed_as_open=True).status is OrderStatus.PARTIALLY_FILLED
    with pytest.raises(Unreadable, match="status"):
        parse_order(raw, Namespace.NORMAL)


@pytest.mark.parametrize(
    ("told", "filled", "expected"),
    [
        ("open", "0", OrderStatus.OPEN),
        ("open", None, OrderStatus.OPEN),
        ("open", "0.004", OrderStatus.PARTIALLY_FILLED),
        ("canceling", "0", OrderStatus.OPEN),
        ("canceling", "0.004", OrderStatus.PARTIALLY_FILLED),
        ("pending", "0", OrderStatus.PENDING),
        ("closed", "0.01", OrderStatus.FILLED),
        ("closed", "0.004", OrderStatus.CANCELLED),
        ("canceled", "0.004", OrderStatus.CANCELLED),
        ("cancelled", "0", OrderStatus.CANCELLED),
        ("rejected", "0", OrderStatus.REJECTED),
        ("expired", "0", OrderStatus.EXPIRED),
    ],
)
def test_statuses(told: str, filled: str | None, expected: OrderStatus) -> None:
    assert order(status=told, filled=filled).status is expected


@pytest.mark.scenario(47)
def test_a_status_that_nobody_knows_is_not_guessed() -> None:
    with pytest.raises(Unreadable, match="LIQUIDATING"):
        order(status="LIQUIDATING")


def test_a_triggered_conditional_order_is_over_and_has_not_filled_itself() -> None:
    info = {"algoStatus": "FINISHED", "orderType": "TAKE_PROFIT", "actualOrderId": "4810225003"}
    raw = {
        "id": "3",
        "symbol": BTC,
        "side": "sell",
        "status": "closed",
        "amount": "0.01",
        "filled": "0.01",
        "info": info,
    }

    parsed = parse_order(raw, Namespace.CONDITIONAL)

    assert has_triggered(raw)
    assert triggered_order_id(raw) == "4810225003"
    assert (parsed.status, parsed.filled) == (OrderStatus.EXPIRED, None)


def test_a_conditional_order_that_keeps_its_id_when_it_triggers_tells_its_own_fills() -> None:
    parsed = order(
        Namespace.CONDITIONAL, {"cumExecQty": "0.01", "stopOrderType": "Stop"}, status="closed", filled="0.01"
    )

    assert (parsed.status, parsed.filled) == (OrderStatus.FILLED, Decimal("0.01"))


@pytest.mark.parametrize("child", ["", "0", None])
def test_no_child_is_no_child(child: object) -> None:
    assert triggered_order_id({"info": {"actualOrderId": child}}) == ""


@pytest.mark.parametrize(
    ("behind", "ahead"),
    [
        ({"filled": "0.1", "lastUpdateTimestamp": 2}, {"filled": "0.2", "lastUpdateTimestamp": 1}),
        ({"filled": "0.1", "lastUpdateTimestamp": 1}, {"filled": "0.1", "lastUpdateTimestamp": 2}),
        ({"filled": None, "status": "open"}, {"filled": "0", "status": "canceled"}),
        ({"filled": "9"}, {"filled": "10"}),
    ],
)
def test_of_two_records_of_an_order_the_more_advanced_counts(behind: dict[str, Any], ahead: dict[str, Any]) -> None:
    assert advance(behind) < advance(ahead)


def test_an_order_in_two_scopes_is_one_as_far_as_it_has_come() -> None:
    seen_first, seen_later = order(filled="0.001"), order(filled="0.004")
    conditional = order(Namespace.CONDITIONAL, {"executedQty": "0"}, id="2")
    twice = order(id="2")

    once = without_doubles([seen_later, seen_first, twice, conditional])

    assert [(one.id, one.namespace, one.filled) for one in once] == [
        ("1", Namespace.NORMAL, Decimal("0.004")),
        ("2", Namespace.CONDITIONAL, Decimal(0)),
    ]


# Which kind of order it is


@pytest.mark.parametrize(
    ("word", "unified", "price", "expected"),
    [
        ("STOP_MARKET", "market", None, OrderType.STOP),
        ("STOP", "limit", "59000", OrderType.STOP_LIMIT),
        ("TAKE_PROFIT_MARKET", "market", None, OrderType.TAKE_PROFIT),
        ("TAKE_PROFIT", "limit", "70000", OrderType.TAKE_PROFIT_LIMIT),
        ("TRAILING_STOP_MARKET", "market", None, OrderType.TRAILING_STOP),
    ],
)
def test_binance_conditional_types(word: str, unified: str, price: str | None, expected: OrderType) -> None:
    parsed = conditional(word, type=unified, price=price, triggerPrice="60000")

    assert parsed.order_type is expected
    assert parsed.trigger_price == 60000
    assert parsed.price == (None if price is None else Decimal(price))


@pytest.mark.parametrize(
    ("info", "fields", "expected"),
    [
        ({"ordType": "trigger", "ordPx": "-1"}, {"type": "trigger", "triggerPrice": "50000", "price": "-1"}, OrderType.STOP),
        ({"ordType": "trigger"}, {"type": "trigger", "triggerPrice": "50000", "price": "50010"}, OrderType.STOP_LIMIT),
        (
            {"ordType": "conditional", "slOrdPx": "-1"},
            {"type": "conditional", "stopLossPrice": "5", "price": None},
            OrderType.STOP,
        ),
        (
            {"ordType": "conditional", "tpOrdPx": "6"},
            {"type": "conditional", "takeProfitPrice": "5", "price": None},
            OrderType.TAKE_PROFIT_LIMIT,
        ),
        ({"ordType": "oco"}, {"type": "oco", "stopLossPrice": "4", "takeProfitPrice": "9"}, OrderType.OTHER),
        ({"ordType": "move_order_stop"}, {"type": "move_order_stop", "price": None}, OrderType.TRAILING_STOP),
        ({"ordType": "iceberg"}, {"type": "iceberg"}, OrderType.OTHER),
        ({"ordType": "twap"}, {"type": "twap"}, OrderType.OTHER),
    ],
)  # fmt: skip
def test_okx_conditional_types(info: dict[str, Any], fields: dict[str, Any], expected: OrderType) -> None:
    assert order(Namespace.CONDITIONAL, info, **fields).order_type is expected


@pytest.mark.parametrize(
    ("info", "fields", "expected"),
    [
        ({"type": "LIMIT"}, {}, OrderType.LIMIT),
        ({"type": "LIMIT_MAKER"}, {"type": "limit"}, OrderType.LIMIT),
        ({"type": "MARKET", "origType": "STOP_MARKET"}, {"type": "market", "triggerPrice": "6"}, OrderType.MARKET),
        ({"type": "STOP_LOSS_LIMIT"}, {"type": "limit", "triggerPrice": "6"}, OrderType.STOP_LIMIT),
        ({"type": "TAKE_PROFIT"}, {"type": "market", "triggerPrice": "6", "price": None}, OrderType.TAKE_PROFIT),
        ({"orderType": "Market", "stopOrderType": "TakeProfit"}, {"type": "market", "triggerPrice": "6"}, OrderType.TAKE_PROFIT),
        ({"ordType": "limit"}, {"stopLossPrice": "5", "takeProfitPrice": "9"}, OrderType.LIMIT),
        ({}, {"type": "stop-loss", "price": None, "triggerPrice": "6"}, OrderType.STOP),
        ({}, {"type": "settle-position", "price": None}, OrderType.OTHER),
    ],
)  # fmt: skip
def test_types_in_the_normal_namespace(info: dict[str, Any], fields: dict[str, Any], expected: OrderType) -> None:
    assert order(info=info, **fields).order_type is expected


def test_a_market_order_has_no_price_though_ccxt_reports_its_average_as_one() -> None:
    parsed = order(type="market", price="64000.1", average="64000.1", status="closed", filled="0.01")

    assert (parsed.price, parsed.average) == (None, Decimal("64000.1"))


# What makes an order protective


@pytest.mark.parametrize(
    ("unified", "info", "expected"),
    [
        (True, {}, True),
        (None, {"reduceOnly": "true"}, True),
        (False, {"reduceOnly": False}, False),
        (None, {"reduce_only": "false"}, False),
        # ccxt's parser of OKX says False where the exchange says nothing.
        (False, {}, None),
        (False, {"reduceOnly": ""}, None),
        (None, {}, None),
    ],
)
def test_reduce_only(unified: bool | None, info: dict[str, Any], expected: bool | None) -> None:
    assert order(reduceOnly=unified, info=info).reduce_only is expected


def test_an_order_that_closes_the_position_has_no_amount_of_its_own() -> None:
    parsed = conditional("STOP_MARKET", {"closePosition": True}, type="market", amount="0", triggerPrice="60000")

    assert (parsed.close_position, parsed.amount, parsed.remaining) == (True, None, None)


@pytest.mark.parametrize(
    ("info", "expected"),
    [({"closePosition": "false"}, False), ({"closeFraction": "1"}, True), ({"closeFraction": ""}, None), ({}, None)],
)
def test_close_position(info: dict[str, Any], expected: bool | None) -> None:
    assert order(info=info).close_position is expected


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"positionSide": "BOTH"}, "both"),
        ({"positionSide": "SHORT"}, "short"),
        ({"posSide": "net"}, "both"),
        ({"posSide": "long"}, "long"),
        ({}, ""),
    ],
)
def test_position_sides(info: dict[str, Any], expected: str) -> None:
    assert order(info=info).position_side == expected


# Positions


def position(info: dict[str, Any] | None = None, **fields: Any) -> Any:
    raw = {"symbol": BTC, "contracts": "3", "contractSize": "0.01", "side": "long", "info": info or {}, **fields}
    return parse_position(raw)


def test_a_position_keeps_contracts_and_contract_size_apart() -> None:
    parsed = position(entryPrice="64000.10000000", markPrice="64000", unrealizedPnl="-0.001", liquidationPrice="0")

    assert (parsed.contracts, parsed.contract_size) == (3, Decimal("0.01"))
    assert str(parsed.entry_price) == "64000.10000000"
    assert parsed.unrealized_pnl == Decimal("-0.001")
    assert (parsed.liquidation_price, parsed.hedged, parsed.id) == (None, None, "")


@pytest.mark.scenario(57)
@pytest.mark.parametrize("contracts", ["0", "0.000", 0])
def test_a_flat_position_is_none(contracts: object) -> None:
    assert position(contracts=contracts) is None


@pytest.mark.scenario(40)
@pytest.mark.parametrize("fields", [{"contracts": None}, {"symbol": None}, {"side": None}])
def test_a_position_without_quantity_symbol_or_side_is_unreadable_and_never_flat(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        position(**fields)


@pytest.mark.parametrize(
    ("info", "fields", "side", "hedged"),
    [
        ({"positionSide": "BOTH"}, {"hedged": False}, Side.BUY, False),
        ({"positionSide": "SHORT"}, {"side": "short", "hedged": True}, Side.SELL, True),
        ({"positionSide": "SHORT"}, {"side": None, "hedged": None}, Side.SELL, True),
        ({"positionSide": "BOTH", "positionAmt": "-3"}, {"side": None, "hedged": None}, Side.SELL, False),
        ({}, {"side": "short"}, Side.SELL, None),
        ({}, {"side": None, "contracts": "-3"}, Side.SELL, None),
    ],
)
def test_the_leg_of_a_position(info: dict[str, Any], fields: dict[str, Any], side: Side, hedged: bool | None) -> None:
    parsed = position(info, **fields)

    assert (parsed.side, parsed.hedged, parsed.contracts) == (side, hedged, 3)


# Money, markets, prices


def test_the_account_of_binance_futures() -> None:
    info = {
        "totalMarginBalance": "99999.67899950",
        "totalWalletBalance": "99999.67999950",
        "availableBalance": "99937.67899950",
        "totalInitialMargin": "62.00000000",
        "totalUnrealizedProfit": "-0.00100000",
    }

    account = parse_account({"info": info, "total": {"USDT": "99999.67899950"}, "USDT": {"total": "1"}}, "swap")

    assert account.currency == "USDT"
    assert str(account.equity) == "99999.67899950"
    assert str(account.balance) == "99999.67999950"
    assert str(account.available) == "99937.67899950"
    assert (account.margin_used, account.unrealized_pnl) == (62, Decimal("-0.001"))


def test_the_account_of_bybit() -> None:
    row = {
        "totalEquity": "10.5",
        "totalWalletBalance": "10",
        "totalAvailableBalance": "8",
        "totalInitialMargin": "2",
        "totalPerpUPL": "0.5",
    }

    account = parse_account({"info": {"result": {"list": [row]}}, "total": {"USDT": "10"}}, "swap")

    assert (account.currency, account.equity, account.balance) == ("USD", Decimal("10.5"), 10)
    assert (account.available, account.margin_used, account.unrealized_pnl) == (8, 2, Decimal("0.5"))


def test_the_account_of_okx_is_that_of_its_settlement_currency() -> None:
    details = [
        {"ccy": "BTC", "eq": "1", "cashBal": "1", "availEq": "1", "imr": "0", "upl": "0"},
        {"ccy": "USDT", "eq": "105", "cashBal": "100", "availEq": "90", "imr": "10", "upl": "5"},
    ]

    account = parse_account({"info": {"data": [{"details": details}]}, "total": {"BTC": "1", "USDT": "100"}}, "swap")

    assert (account.currency, account.equity, account.balance, account.available) == ("USDT", 105, 100, 90)
    assert (account.margin_used, account.unrealized_pnl) == (10, 5)


def test_an_unknown_account_keeps_to_what_ccxt_says() -> None:
    balance = {"info": {}, "total": {"BTC": "0", "ETH": "2.50"}, "ETH": {"total": "2.50", "free": "2", "used": None}}

    account = parse_account(balance, "swap")

    assert (account.currency, str(account.balance), account.available) == ("ETH", "2.50", 2)
    assert (account.margin_used, account.unrealized_pnl) == (None, None)
    assert parse_account(balance, "spot").equity is None


def test_a_balance_without_a_currency_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="market type"):
        parse_account({"info": {}, "total": {}}, "swap")


@pytest.mark.parametrize(
    ("mode", "precision", "expected"),
    [
        (TICK_SIZE, "0.001", Decimal("0.001")),
        (TICK_SIZE, "10", Decimal(10)),
        (DECIMAL_PLACES, "3", Decimal("0.001")),
        (DECIMAL_PLACES, "0", Decimal(1)),
        (DECIMAL_PLACES, "-1", Decimal(10)),
        (SIGNIFICANT_DIGITS, "5", None),
        (TICK_SIZE, None, None),
    ],
)
def test_the_steps_of_a_market(mode: int, precision: str | None, expected: Decimal | None) -> None:
    market = parse_market({"symbol": BTC, "type": "swap", "precision": {"amount": precision}, "limits": None}, mode)

    assert market.amount_step == expected
    assert (market.price_step, market.least_amount, market.contract_size, market.linear) == (None, None, None, None)


@pytest.mark.parametrize(
    ("ticker", "expected"),
    [
        ({"markPrice": "71000.0", "last": "70000"}, Decimal("71000.0")),
        ({"markPrice": None, "last": "70000"}, Decimal(70000)),
        ({"last": None, "bid": "10", "ask": "11"}, Decimal("10.5")),
        ({"bid": "10"}, None),
        ("OK", None),
        (None, None),
    ],
)
def test_prices(ticker: object, expected: Decimal | None) -> None:
    assert parse_price(ticker) == expected
