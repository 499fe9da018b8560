"""What the values of a curve count: coins, contracts, or money. Nothing is claimed that nobody has told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crashdesk.contracts import Contract
from crashdesk.exchange.records import ExchangeSnapshot
from crashdesk_gui.models.amounts import contracts_of
from crashdesk_gui.models.chart_data import CurveId, Measure


@dataclass(frozen=True, slots=True)
class Unit:
    """Either so many of `coin`, or so many of `contract`; both empty where it is not known."""

    coin: str = ""
    contract: Contract | None = None

    @property
    def known(self) -> bool:
        return bool(self.coin) or self.contract is not None


UnitOf = Callable[[CurveId], Unit]
"""What the values of a curve count."""


def units_of(snapshot: ExchangeSnapshot | None) -> UnitOf:
    """As the exchange tells it: coins by their name, contracts with what one of them is, money by the account's currency.

    Before it was read only spot amounts are known: they are coins whatever the exchange says.
    """
    contract_of = contracts_of(snapshot)
    currency = snapshot.account.currency if snapshot is not None and snapshot.account is not None else ""

    def unit(curve: CurveId) -> Unit:
        if curve.measure is not Measure.QUANTITY:
            return Unit(currency)
        base, slash, rest = curve.symbol.partition("/")
        if snapshot is None:
            return Unit(base if slash and ":" not in rest else "")
        contract = contract_of(curve.symbol)
        return Unit(base) if contract is None else Unit(contract=contract)

    return unit
