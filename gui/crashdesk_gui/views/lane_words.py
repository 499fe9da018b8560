"""What stands over each chart: the exact value at a moment, and where the exchange stands now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from PySide6.QtCore import QObject

from crashdesk import Side
from crashdesk.exchange.records import ScopeKind
from crashdesk.operator_recovery import Comparison
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.chart_scene import ExchangeMark, HeaderPart
from crashdesk_gui.views.chart_style import curve_colour


def live_value(comparison: Comparison | None, curve: CurveId) -> Decimal | None:
    """Where the exchange stands on a curve, signed as it is drawn; None where that was not read."""
    if comparison is None:
        return None
    snapshot = comparison.snapshot
    if curve.measure is not Measure.QUANTITY:
        account = snapshot.account
        if account is None:
            return None
        return account.equity if curve.measure is Measure.EQUITY else account.unrealized_pnl
    if not snapshot.coverage.covers(ScopeKind.POSITIONS, curve.symbol):
        return None
    legs = [each.contracts for each in snapshot.positions if each.symbol == curve.symbol and each.side is curve.side]
    total = sum(legs, Decimal(0))
    return total if curve.side is Side.BUY else -total


def exchange_marks(comparison: Comparison | None, curves: tuple[Curve, ...]) -> dict[CurveId, ExchangeMark]:
    """A mark for every curve on which the exchange was read, but not for a leg that is flat on both sides."""
    marks = {}
    for curve in curves:
        live, known = live_value(comparison, curve.id), curve.latest
        if live is not None and (live or known or curve.id.side is None):
            marks[curve.id] = ExchangeMark(float(live), live == known)
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
        comparison: Comparison | None,
        existing: Collection[CurveId] = (),
    ) -> tuple[HeaderPart, ...]:
        """Title, then the values at the moment and where the exchange stands now; `existing` are all curves, hidden ones too."""
        theme = self._ui.theme
        parts = [HeaderPart(self.title(curves[0].id), theme.text, strong=True)]
        known = [(curve, curve.value_at(moment)) for curve in curves]
        parts += [self._coloured(curve, value) for curve, value in known if value or curve.id.side is None]
        if len(parts) == 1:
            parts.append(HeaderPart(self.tr("flat"), theme.muted))
        if comparison is not None:
            status, words = self._exchange(curves, comparison, existing)
            # At an older moment there is nothing to confirm: the exchange agrees or not with what is known last.
            newest = all(value == curve.latest for curve, value in known)
            mark = "" if status is Status.OK and not newest else f"{status.glyph} "
            parts.append(HeaderPart(f"{mark}{words}", theme.hex(status.tone if mark else Tone.MUTED)))
        return tuple(parts)

    def _coloured(self, curve: Curve, value: Decimal | None) -> HeaderPart:
        return HeaderPart(self._value(curve.id, value), curve_colour(self._ui.theme, curve.id).name())

    def _value(self, curve: CurveId, value: Decimal | None) -> str:
        if curve.side is None:
            # A gain and a loss must not look alike, so PnL always shows its sign.
            return self._ui.display.decimal(value, sign=curve.measure is Measure.PNL)
        glyph, word = ("▲", self.tr("long")) if curve.side is Side.BUY else ("▼", self.tr("short"))
        return f"{glyph} {word} {self._ui.display.decimal(abs(value) if value is not None else None)}"

    def _exchange(
        self, curves: Sequence[Curve], comparison: Comparison, existing: Collection[CurveId]
    ) -> tuple[Status, str]:
        known = {curve.id: curve.latest for curve in curves}
        live = {each: live_value(comparison, each) for each in _with_other_leg(known, existing)}
        if any(value is None for value in live.values()):
            return Status.UNKNOWN, self.tr("exchange not read")
        agrees = all(value == known.get(each, Decimal(0)) for each, value in live.items())
        status = Status.OK if agrees else Status.DIFFERS
        held = [self._value(each, value) for each, value in live.items() if value or each.side is None]
        return status, self.tr("exchange now {0}").format(" ".join(held) or self.tr("flat"))
