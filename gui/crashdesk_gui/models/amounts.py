"""Amounts with what they count, in the operator's language."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from crashdesk.contracts import Contract, contract_of
from crashdesk.exchange.records import ExchangeSnapshot
from crashdesk_gui.display import Display

translate = QCoreApplication.translate

ContractOf = Callable[[str], Contract | None]
"""What the amounts of a symbol count."""


def contracts_of(snapshot: ExchangeSnapshot | None) -> ContractOf:
    """As the exchange tells it; before it was read nothing is claimed, and amounts stay plain numbers."""
    if snapshot is None:
        return lambda _symbol: None
    markets = {market.symbol: market for market in snapshot.markets}
    told = {each.symbol: each.contract_size for each in snapshot.positions if each.contract_size is not None}
    return lambda symbol: contract_of(symbol, markets.get(symbol), told.get(symbol))


def amount_words(display: Display, amount: Decimal | None, contract: Contract | None) -> str:
    """`5 contracts (0.05 BTC)`, `5 contracts` where their size is not known, `5` for coins; a dash for None."""
    number = display.decimal(amount)
    if amount is None or contract is None:
        return number
    coins = contract.coins(amount)
    one = amount == 1
    if coins is None:
        text = translate("Amounts", "{0} contract") if one else translate("Amounts", "{0} contracts")
        return text.format(number)
    text = translate("Amounts", "{0} contract ({1} {2})") if one else translate("Amounts", "{0} contracts ({1} {2})")
    return text.format(number, display.decimal(coins), contract.unit)


def part_words(
    display: Display, part: Decimal | None, whole: Decimal | None, contract: Contract | None, *, short: bool = False
) -> str:
    """`2 / 5 contracts (0.05 BTC)`: a part of an amount; the coins are those of the whole. Without them where `short`."""
    unit = Contract() if short and contract is not None else contract
    return f"{display.decimal(part)} / {amount_words(display, whole, unit)}"
