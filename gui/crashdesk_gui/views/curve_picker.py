"""Which curves are drawn: a checkable list whose entries carry the curve's colour, sign and word."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from crashdesk import Side
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import ChartData, CurveId, Measure
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_style import curve_colour
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import TextLabel, TextStyle

_CURVE = Qt.ItemDataRole.UserRole
_MANY = 10
_ROOM, _SCROLL_BAR = 148, 12
"""So many pixels there are for a name, and so many fewer beside a scroll bar."""
_BOX_LEFT = 12
"""The check boxes stand under the heading."""


class CurvePicker(Panel):
    """Signals: `shown_changed()` when the operator checked or unchecked a curve."""

    shown_changed = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, " ", flush=True, parent=parent)
        self._ui = ui
        self.set_title(self.tr("Shown"))
        self._offered: set[CurveId] = set()
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("Filter symbols"))
        self._filter.setAccessibleName(self.tr("Filter symbols"))
        self._filter.setClearButtonEnabled(True)
        self._filter.hide()
        self._filter.textChanged.connect(self._apply_filter)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Curves to show"))
        self._list.setIconSize(QSize(18, 12))
        self._list.setUniformItemSizes(True)
        self._list.itemChanged.connect(lambda _item: self.shown_changed.emit())
        self._filter_place = _in_margins(self._filter, 8, 8, 4)
        self._filter_place.hide()
        self.add(self._filter_place)
        self.add(_in_margins(self._list, _BOX_LEFT, 0, 0), 1)
        self.add(self._hint())
        self.setFixedWidth(216)
        ui.themes.changed.connect(self._recolour)

    def _hint(self) -> TextLabel:
        text = self.tr(
            "Wheel zooms, dragging moves, dragging with Shift zooms into a span. ← → step through the checkpoints."
        )
        hint = TextLabel(self._ui, text, TextStyle.SMALL, tone=Tone.MUTED, wrap=True)
        hint.setContentsMargins(15, 0, 15, 11)
        return hint

    def words(self, curve: CurveId) -> str:
        """The name of a curve."""
        if curve.side is None:
            return self.tr("Equity") if curve.measure is Measure.EQUITY else self.tr("Unrealized PnL")
        glyph, word = ("▲", self.tr("long")) if curve.side is Side.BUY else ("▼", self.tr("short"))
        return f"{glyph} {curve.symbol} {word}"

    def _fitting(self, curve: CurveId, room: int) -> str:
        """The name; without the word of its side, which the arrow tells too, where a part of the word would be cut off."""
        whole = self.words(curve)
        fits = curve.side is None or self._list.fontMetrics().horizontalAdvance(whole) <= room
        return whole if fits else whole.rpartition(" ")[0]

    def shown(self) -> set[CurveId]:
        """The checked curves."""
        items = (self._list.item(row) for row in range(self._list.count()))
        return {item.data(_CURVE) for item in items if item.checkState() == Qt.CheckState.Checked}

    def set_curves(self, data: ChartData, shown: Iterable[CurveId]) -> None:
        """Offer the curves of a store, the account's figures first, then symbol by symbol; emits nothing."""
        chosen = set(shown)
        if {each.id for each in data.curves} == self._offered and chosen == self.shown():
            return
        self._offered = {each.id for each in data.curves}
        legs = sorted(data.legs, key=lambda leg: (leg.symbol, leg.side is Side.SELL))
        curves = [each.id for each in data.curves if each.id.side is None] + legs
        before = self._list.blockSignals(True)
        current = [self._list.item(row).data(_CURVE) for row in range(self._list.count())]
        if set(current) != set(curves):
            self._list.clear()
            room = _ROOM - (_SCROLL_BAR if len(curves) > _MANY else 0)
            for curve in curves:
                item = QListWidgetItem(self._fitting(curve, room))
                item.setData(_CURVE, curve)
                item.setToolTip(self.words(curve))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, self.words(curve))
                item.setSizeHint(QSize(0, 28))
                self._list.addItem(item)
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setCheckState(Qt.CheckState.Checked if item.data(_CURVE) in chosen else Qt.CheckState.Unchecked)
        self._list.blockSignals(before)
        for widget in (self._filter, self._filter_place):
            widget.setVisible(len(curves) > _MANY)
        self._recolour()

    def _apply_filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(wanted not in self.words(item.data(_CURVE)).casefold())

    def _recolour(self, _theme: object = None) -> None:
        before = self._list.blockSignals(True)
        icons: dict[str, QIcon] = {}
        for row in range(self._list.count()):
            item = self._list.item(row)
            colour = curve_colour(self._ui.theme, item.data(_CURVE))
            if colour.name() not in icons:
                icons[colour.name()] = QIcon(_line(colour, self.devicePixelRatioF()))
            item.setIcon(icons[colour.name()])
        self._list.blockSignals(before)
        self._list.viewport().update()


def _in_margins(inside: QWidget, left: int, right: int, below: int) -> QWidget:
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(left, 0, right, below)
    row.addWidget(inside)
    return around


def _line(colour: QColor, ratio: float) -> QPixmap:
    picture = QPixmap(round(18 * ratio), round(12 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setPen(QPen(colour, 2))
    painter.drawLine(1, 6, 16, 6)
    painter.end()
    return picture
