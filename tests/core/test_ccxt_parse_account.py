"""ccxt's balances, markets and prices become ours, with what each exchange calls its account."""

from decimal import Decimal

import pytest
from ccxt_records import BTC

from crashdesk.exchange.ccxt_account import parse_account
from crashdesk.exchange.ccxt_parse import Unreadable, parse_market, parse_price

TICK_SIZE, DECIMAL_PLACES, SIGNIFICANT_DIGITS = 4, 2, 3


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
