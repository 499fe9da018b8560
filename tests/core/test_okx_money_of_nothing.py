"""An account that has nothing left says so: zero is a number, and no missing one."""

from __future__ import annotations

from decimal import Decimal

from crashdesk.exchange.ccxt_account import parse_account


def test_an_available_equity_of_zero_is_not_replaced_by_the_cash_that_stands_against_the_loss() -> None:
    row = {
        "ccy": "USDT",
        "eq": "1000",
        "cashBal": "5000",
        "availEq": "0",
        "availBal": "5000",
        "imr": "0",
        "frozenBal": "7",
    }
    balance = {"total": {"USDT": "5000"}, "info": {"data": [{"details": [row]}]}}
    account = parse_account(balance, "swap")
    assert (account.available, account.margin_used) == (Decimal(0), Decimal(0))


def test_what_is_not_told_of_the_equity_is_told_of_the_balance() -> None:
    row = {
        "ccy": "USDT",
        "eq": "1000",
        "cashBal": "1000",
        "availEq": "",
        "availBal": "900",
        "imr": "",
        "frozenBal": "100",
    }
    balance = {"total": {"USDT": "1000"}, "info": {"data": [{"details": [row]}]}}
    account = parse_account(balance, "swap")
    assert (account.available, account.margin_used) == (Decimal(900), Decimal(100))
