"""What an amount counts: coins, or contracts that each stand for so many of them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec

from crashdesk.exact import product
from crashdesk.exchange.records import Market

_MOST_ZEROS = 40


class Contract(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What one contract stands for: `size` of `unit`. A size of None is not known, and then `unit` is empty.

    Where an amount counts the coins themselves, there is no Contract at all, but None.
    """

    size: Decimal | None = None
    unit: str = ""

    def coins(self, contracts: Decimal | None) -> Decimal | None:
        """How much so many contracts are, exact, in `unit`; None when that is not known."""
        return None if contracts is None or self.size is None else plain(product(contracts, self.size))


def contract_of(symbol: str, market: Market | None, told: Decimal | None = None) -> Contract | None:
    """What the amounts of `symbol` count; None when they are coins. `told` is a position's own contract size."""
    if market is not None and market.market_type == "spot":
        return None
    size = told if told is not None else (market.contract_size if market is not None else None)
    if size is None:
        return Contract() if ":" in symbol else None
    inverse = is_inverse(symbol, market)
    if size == 1 and not inverse:
        return None
    base, _, rest = symbol.partition("/")
    quote = rest.partition(":")[0]
    return Contract(size=size, unit=quote if inverse and quote else base)


def is_inverse(symbol: str, market: Market | None) -> bool:
    """Whether a contract stands for money of the quote currency and is settled in the base."""
    if market is not None and market.linear is not None:
        return not market.linear
    base, colon, settle = symbol.partition(":")
    return bool(colon) and settle.split("-")[0] == base.split("/")[0]


def amount_text(amount: Decimal | str | None, contract: Contract | None) -> str:
    """`5 contracts (0.05 BTC)`, `5 contracts` where their size is not known, `5` for coins.

    `amount` may be a number as somebody wrote it; one that is none stays as it is, and None is `an unstated amount`.
    """
    if amount is None:
        return "an unstated amount"
    if contract is None:
        return str(amount)
    try:
        contracts = Decimal(amount)
    except InvalidOperation:
        return str(amount)
    noun = "contract" if contracts == 1 else "contracts"
    coins = contract.coins(contracts)
    return f"{amount} {noun}" if coins is None else f"{amount} {noun} ({coins} {contract.unit})"


def quote_of(symbol: str) -> str:
    """The currency that a price of `symbol` is in; empty where the symbol does not tell."""
    return symbol.partition("/")[2].partition(":")[0]


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros, and, unless it is beyond all sense, not as a power of ten."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent > _MOST_ZEROS:
        return value
    kept = list(digits)
    while exponent < 0 and kept and kept[-1] == 0:
        kept.pop()
        exponent += 1
    if exponent > 0:
        kept, exponent = [*kept, *([0] * exponent)], 0
    return Decimal((sign, tuple(kept) or (0,), exponent if kept else 0))
