"""The account's money from a ccxt balance: the exchange's own totals where their meaning is known, else ccxt's."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crashdesk.exchange.ccxt_parse import Unreadable, decimal_or_none
from crashdesk.exchange.records import ExchangeAccount

Raw = Mapping[str, Any]

_SETTLEMENT = ("USDT", "USDC", "USD", "FDUSD", "BUSD", "EUR", "BTC", "ETH")
"""In this order when several currencies are held."""


def parse_account(balance: Raw, market_type: str) -> ExchangeAccount:
    """The account's money in its settlement currency. Raises Unreadable for a balance without any currency."""
    info = balance.get("info")
    if market_type != "spot":
        for known in (_binance_futures, _bybit, _okx):
            account = known(info, balance)
            if account is not None:
                return account
    return _unified(balance, market_type)


def settlement_currency(balance: Raw) -> str:
    """The currency that the account settles in, as far as its balances tell; empty when there is none."""
    totals = balance.get("total")
    held = {
        str(code): amount
        for code, value in (totals.items() if isinstance(totals, Mapping) else ())
        if (amount := decimal_or_none(value)) is not None
    }
    preferred = [code for code in _SETTLEMENT if code in held]
    for code in (
        *(code for code in preferred if held[code]),
        *(code for code in sorted(held) if held[code]),
        *preferred,
    ):
        return code
    return next(iter(sorted(held)), "")


def _unified(balance: Raw, market_type: str) -> ExchangeAccount:
    currency = settlement_currency(balance)
    if not currency:
        raise Unreadable("the balance came without any currency; is this the right market type for the account?")
    row = balance.get(currency)
    found = row if isinstance(row, Mapping) else {}
    total = decimal_or_none(found.get("total"))
    return ExchangeAccount(
        currency=currency,
        # On spot one currency's balance is not what the account is worth.
        equity=None if market_type == "spot" else total,
        balance=total,
        available=decimal_or_none(found.get("free")),
        margin_used=decimal_or_none(found.get("used")),
    )


def _binance_futures(info: object, balance: Raw) -> ExchangeAccount | None:
    if not isinstance(info, Mapping) or "totalMarginBalance" not in info:
        return None
    return ExchangeAccount(
        currency=settlement_currency(balance) or "USDT",
        equity=decimal_or_none(info["totalMarginBalance"]),
        balance=decimal_or_none(info.get("totalWalletBalance")),
        available=decimal_or_none(info.get("availableBalance")),
        margin_used=decimal_or_none(info.get("totalInitialMargin")),
        unrealized_pnl=decimal_or_none(info.get("totalUnrealizedProfit")),
    )


def _bybit(info: object, _balance: Raw) -> ExchangeAccount | None:
    found = _first(_first(info, "result") if isinstance(info, Mapping) else None, "list")
    if found is None or "totalPerpUPL" not in found:
        return None
    return ExchangeAccount(
        currency="USD",
        equity=decimal_or_none(found.get("totalEquity")),
        balance=decimal_or_none(found.get("totalWalletBalance")),
        available=decimal_or_none(found.get("totalAvailableBalance")),
        margin_used=decimal_or_none(found.get("totalInitialMargin")),
        unrealized_pnl=decimal_or_none(found.get("totalPerpUPL")),
    )


def _okx(info: object, balance: Raw) -> ExchangeAccount | None:
    account = _first(info, "data")
    currency = settlement_currency(balance)
    details = account.get("details") if account is not None else None
    if not isinstance(details, list):
        return None
    row = next((item for item in details if isinstance(item, Mapping) and item.get("ccy") == currency), None)
    if row is None:
        return None
    return ExchangeAccount(
        currency=currency,
        equity=decimal_or_none(row.get("eq")),
        balance=decimal_or_none(row.get("cashBal")),
        available=_first_told(row, "availEq", "availBal"),
        margin_used=_first_told(row, "imr", "frozenBal"),
        unrealized_pnl=decimal_or_none(row.get("upl")),
    )


def _first_told(row: Raw, *names: str) -> Decimal | None:
    """The first of these that is a number, zero included."""
    told = (decimal_or_none(row.get(name)) for name in names)
    return next((number for number in told if number is not None), None)


def _first(container: object, name: str) -> Raw | None:
    """The mapping under `name`, or the first of a list of them."""
    found = container.get(name) if isinstance(container, Mapping) else None
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, Mapping) else None
