"""What stands over each chart: the exact value at a moment, and where the exchange stands now."""

from __future__ import annotations

import html
from decimal import Decimal

from PySide6.QtCore import QObject

from crashdesk import Side
from crashdesk.exchange.records import ScopeKind
from crashdesk.operator_recovery import Comparison
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure
from crashdesk_gui.theme import Status
from crashdesk_gui.views.charts import ExchangeMark, curve_colour


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
    """A mark for every curve on which the exchange was read."""
    live = {curve: live_value(comparison, curve.id) for curve in curves}
    return {curve.id: ExchangeMark(float(at), at == curve.values[-1]) for curve, at in live.items() if at is not None}


class LaneWords(QObject):
    """Composes the line over a chart, as the rich text that its label takes."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui

    def title(self, curve: CurveId) -> str:
        """What a chart is called."""
        if curve.symbol:
            return curve.symbol
        return self.tr("Equity") if curve.measure is Measure.EQUITY else self.tr("Unrealized PnL")

    def header(self, curves: list[Curve], moment: int, comparison: Comparison | None) -> str:
        """Title, then each curve's value at the moment and the exchange's now."""
        theme = self._ui.theme
        title = html.escape(self.title(curves[0].id))
        parts = [f'<span style="color:{theme.text};font-weight:600">{title}</span>']
        for curve in curves:
            value = html.escape(self._value(curve, moment))
            parts.append(f'<span style="color:{curve_colour(theme, curve.id).name()}">{value}</span>')
            if comparison is not None:
                status, words = self._exchange(curve, live_value(comparison, curve.id))
                parts.append(f'<span style="color:{theme.hex(status.tone)}">{status.glyph} {html.escape(words)}</span>')
        return "&nbsp;&nbsp;&nbsp;".join(parts)

    def _value(self, curve: Curve, moment: int) -> str:
        value = curve.value_at(moment)
        if curve.id.side is None:
            return self._number(curve, value)
        glyph, word = ("▲", self.tr("long")) if curve.id.side is Side.BUY else ("▼", self.tr("short"))
        return f"{glyph} {word} {self._number(curve, value if value is not None else Decimal(0))}"

    def _exchange(self, curve: Curve, live: Decimal | None) -> tuple[Status, str]:
        if live is None:
            return Status.UNKNOWN, self.tr("exchange not read")
        status = Status.OK if live == curve.values[-1] else Status.DIFFERS
        return status, self.tr("exchange now {0}").format(self._number(curve, live))

    def _number(self, curve: Curve, value: Decimal | None) -> str:
        if curve.id.side is not None and value is not None:
            value = abs(value)  # the glyph and the word carry the sign
        # A gain and a loss must not look alike, so PnL always shows its sign.
        return self._ui.display.decimal(value, sign=curve.id.measure is Measure.PNL)
