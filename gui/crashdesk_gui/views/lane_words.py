"""What stands over each chart: the exact value at a moment, and where the exchange stands now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from PySide6.QtCore import QObject

from crashdesk import Side
from crashdesk.contracts import Contract
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.amounts import amount_words
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure
from crashdesk_gui.models.chart_units import Unit, UnitOf
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.chart_scene import ExchangeMark, HeaderPart
from crashdesk_gui.views.chart_style import curve_colour


def live_value(reading: Plan | None, curve: CurveId) -> Decimal | None:
    """Where the exchange stands on a curve, signed as it is drawn; None where that was not read."""
    if reading is None:
        return None
    if curve.measure is not Measure.QUANTITY:
        account = reading.live_account
        if account is None:
            return None
        return account.equity if curve.measure is Measure.EQUITY else account.unrealized_pnl
    if not reading.coverage.covers(ScopeKind.POSITIONS, curve.symbol):
        return None
    # The plan has placed what a spot account tells of an asset: it may belong to several symbols.
    legs = (each for each in reading.positions if (each.symbol, each.side) == (curve.symbol, curve.side))
    verdict = next(legs, None)
    if verdict is not None and verdict.kind is PositionVerdictKind.UNKNOWN:
        return None
    held = verdict.live.contracts if verdict is not None and verdict.live is not None else Decimal(0)
    return held if curve.side is Side.BUY else -held


def held_legs(reading: Plan | None) -> tuple[CurveId, ...]:
    """Every leg that the exchange holds, by symbol and side."""
    positions = reading.positions if reading is not None else ()
    held = {
        CurveId(Measure.QUANTITY, each.symbol, each.side)
        for each in positions
        if each.kind is not PositionVerdictKind.UNKNOWN and each.live is not None
    }
    return tuple(sorted(held, key=lambda leg: leg.key))


def exchange_marks(
    reading: Plan | None, curves: Sequence[Curve], existing: Collection[CurveId] = ()
) -> dict[CurveId, ExchangeMark]:
    """A mark for every curve on which the exchange was read, but not for a leg that is flat on both sides.

    A leg that the exchange holds and no checkpoint ever did has a mark in the lane of its symbol; `existing` are all curves.
    The account's figures move with the market: that they are others now is no difference to look at.
    """
    known = {curve.id: curve.latest for curve in curves}
    marks = {}
    for curve in _with_other_leg(known, existing):
        live, latest = live_value(reading, curve), known.get(curve, Decimal(0))
        if live is not None and (live or latest or curve.side is None):
            marks[curve] = ExchangeMark(float(live), live == latest or curve.side is None)
    return marks


def _with_other_leg(shown: Collection[CurveId], existing: Collection[CurveId]) -> list[CurveId]:
    """The curves of a lane, and the leg of its symbol that has no curve because nobody held it yet: the exchange may."""
    legs = [CurveId(Measure.QUANTITY, each.symbol, side) for each in shown if each.side for side in Side]
    return list(dict.fromkeys((*shown, *(leg for leg in legs if leg not in existing))))


class LaneWords(QObject):
    """Composes the line over a chart."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui

    def title(self, curve: CurveId) -> str:
        """What a chart is called."""
        if curve.symbol:
            return curve.symbol
        return self.tr("Equity") if curve.measure is Measure.EQUITY else self.tr("Unrealized PnL")

    def header(
        self,
        curves: Sequence[Curve],
        moment: int,
        reading: Plan | None,
        existing: Collection[CurveId],
        unit_of: UnitOf,
    ) -> tuple[HeaderPart, ...]:
        """Title and unit, then the values at the moment and where the exchange stands now; `existing` are all curves, hidden
        ones too. `unit_of` tells what the values of a curve count.
        """
        theme = self._ui.theme
        unit = unit_of(curves[0].id)
        parts = self._named(curves[0].id, unit)
        contract, named = unit.contract, len(parts)
        known = [(curve, curve.value_at(moment)) for curve in curves]
        parts += [self._coloured(curve, value, contract) for curve, value in known if value or curve.id.side is None]
        if len(parts) == named:
            parts.append(HeaderPart(self.tr("flat"), theme.muted))
        if reading is not None:
            status, words = self._exchange(curves, reading, existing, contract)
            # At an older moment there is nothing to confirm: the exchange agrees or not with what is known last.
            newest = all(value == curve.latest for curve, value in known)
            mark = "" if status is None or (status is Status.OK and not newest) else f"{status.glyph} "
            said, *shorter = [f"{mark}{each}" for each in words]
            parts.append(
                HeaderPart(
                    said,
                    theme.hex(status.tone if status is not None and mark else Tone.MUTED),
                    shorter=_without_repeats(said, shorter),
                    tip=self.tr("The exchange was read {0}.").format(self._ui.display.time(reading.made_at)),
                )
            )
        return tuple(parts)

    def _named(self, curve: CurveId, unit: Unit) -> list[HeaderPart]:
        theme = self._ui.theme
        if not unit.known:
            tip = self.tr("What these values count is known when the exchange was read.")
            return [HeaderPart(self.title(curve), theme.text, strong=True, tip=tip)]
        contract, size, tip = unit.contract, unit.contract.size if unit.contract is not None else None, ""
        if contract is not None and size is not None:
            tip = self.tr("One contract is {0} {1}.").format(self._ui.display.decimal(size), contract.unit)
        words = unit.coin if contract is None else self.tr("contracts")
        return [
            HeaderPart(self.title(curve), theme.text, strong=True),
            HeaderPart(self.tr("({0})").format(words), theme.muted, tip=tip),
        ]

    def _coloured(self, curve: Curve, value: Decimal | None, contract: Contract | None) -> HeaderPart:
        said, *shorter, _least = self._values(curve.id, value, contract)
        return HeaderPart(said, curve_colour(self._ui.theme, curve.id).name(), shorter=_without_repeats(said, shorter))

    def _values(self, curve: CurveId, value: Decimal | None, contract: Contract | None) -> tuple[str, str, str, str]:
        """A value in full, without the coins that its contracts are, without the word of its side, as the number alone."""
        display = self._ui.display
        if curve.side is None:
            # A gain and a loss must not look alike, so PnL always shows its sign.
            number = display.decimal(value, sign=curve.measure is Measure.PNL)
            return number, number, number, number
        glyph, word = ("▲", self.tr("long")) if curve.side is Side.BUY else ("▼", self.tr("short"))
        amount = abs(value) if value is not None else None
        number = full = less = display.decimal(amount)
        if contract is not None:
            full, less = (amount_words(display, amount, each) for each in (contract, Contract()))
        return f"{glyph} {word} {full}", f"{glyph} {word} {less}", f"{glyph} {less}", f"{glyph} {number}"

    def _exchange(
        self, curves: Sequence[Curve], reading: Plan, existing: Collection[CurveId], contract: Contract | None
    ) -> tuple[Status | None, list[str]]:
        """Whether the exchange agrees (None: that it does not says nothing), and what it says, in fewer and fewer words."""
        known = {curve.id: curve.latest for curve in curves}
        live = {each: live_value(reading, each) for each in _with_other_leg(known, existing)}
        if any(value is None for value in live.values()):
            return Status.UNKNOWN, [self.tr("exchange not read")]
        agrees = all(value == known.get(each, Decimal(0)) for each, value in live.items())
        quantities = any(each.side is not None for each in live)
        status = Status.OK if agrees else Status.DIFFERS if quantities else None
        held = [self._values(each, value, contract) for each, value in live.items() if value or each.side is None]
        words = [" ".join(each) for each in zip(*held, strict=True)] or [self.tr("flat")]
        return status, [self.tr("exchange now {0}").format(each) for each in words]


def _without_repeats(said: str, shorter: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(shorter) if each != said)
