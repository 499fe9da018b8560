"""Facts at a glance: cards for the overview, and label-value grids with exact text for details."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.first_line import level
from crashdesk_gui.widgets.text import TextLabel, TextStyle
from crashdesk_gui.widgets.text_lines import BreakingLabel, wrapped_height

_ONE_LINE = 10_000


class FactCard(QAbstractButton):
    """One fact: a muted title, the answer in large type, the status, a note. To a screen reader it is a button.

    Signals: `activated()` when it is clicked or Enter or Space is pressed on it, if `link=True`.
    """

    activated = Signal()

    def __init__(self, ui: UiContext, title: str, *, link: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._title = title
        self._link = link
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._answer = TextLabel(ui, style=TextStyle.TITLE, wrap=True)
        self._status = TextLabel(ui, style=TextStyle.HEADING, wrap=True)
        self._note = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(4)
        layout.addWidget(TextLabel(ui, title, tone=Tone.MUTED, wrap=True))
        layout.addWidget(self._answer)
        layout.addWidget(self._status)
        layout.addWidget(self._note)
        layout.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if link else Qt.FocusPolicy.NoFocus)
        if link:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.clicked.connect(lambda _checked=False: self.activated.emit())
        ui.themes.changed.connect(self.update)
        # Letters that another font lends are higher: an answer without any keeps the line of those that have some.
        self._answer.setMinimumHeight(wrapped_height(self._answer.font(), title, _ONE_LINE))
        self.set_fact("—")

    def set_fact(self, answer: str, *, status: Status | None = None, word: str = "", note: str = "") -> None:
        """Show the answer; `word` says the status in words beside its glyph."""
        self._answer.setText(answer)
        self._status.setText(f"{status.glyph} {word}" if status else word)
        self._status.set_tone(status.tone if status else Tone.MUTED)
        self._status.setVisible(bool(status or word))
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(labelled(self._title, answer))
        told = (self._in_words(status).format(word) if status and word else word, *note.split("\n"))
        self.setAccessibleDescription(" ".join(f"{part.rstrip('.')}." for part in told if part))

    def _in_words(self, status: Status) -> str:
        """What a glyph says to those who do not see it."""
        return {
            Status.OK: self.tr("All right: {0}"),
            Status.DIFFERS: self.tr("Look at this: {0}"),
            Status.BAD: self.tr("Wrong: {0}"),
            Status.UNKNOWN: self.tr("Not known: {0}"),
            Status.WORKING: self.tr("Under way: {0}"),
        }[status]

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._link and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._ui.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pointed_at = self._link and self.underMouse()
        painter.setPen(QPen(QColor(theme.strong_border if pointed_at else theme.border), 1))
        painter.setBrush(QColor(theme.base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)


class FactRow(QWidget):
    """Cards of equal width side by side."""

    def __init__(self, cards: Sequence[FactCard], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for card in cards:
            layout.addWidget(card, 1)


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of a grid; `mono` sets the value in a fixed-pitch font."""

    label: str
    value: str
    tone: Tone = Tone.TEXT
    mono: bool = False
    tip: str = ""


class DetailGrid(QWidget):
    """Label and value pairs; every value can be selected and copied. `numeric=True` aligns the values right.

    Values break into lines where there is no room for them, numeric ones only with `wrap`; then a label or a value that stands
    alone has the whole line.
    """

    def __init__(
        self, ui: UiContext, *, numeric: bool = False, wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ui = ui
        self._numeric = numeric
        self._wrap = wrap or not numeric
        self._alone_spans = wrap
        self._labels: list[tuple[TextLabel, TextLabel]] = []
        self._details: tuple[Detail, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def set_details(self, details: Sequence[Detail]) -> None:
        """Show these lines; the labels are reused, so that a refresh does not flicker or lose a selection of text."""
        fresh = tuple(details)
        if [_shape(each) for each in fresh] != [_shape(each) for each in self._details]:
            self._rebuild(fresh)
        for (label, value), detail in zip(self._labels, fresh, strict=True):
            if (label.text(), value.text()) != (detail.label, detail.value):
                label.setText(detail.label)
                value.setText(detail.value)
                level(label, value)
            value.set_tone(detail.tone)
            value.setToolTip(detail.tip)
            value.setAccessibleName(labelled(detail.label, detail.value))
        self._details = fresh

    def _rebuild(self, details: Sequence[Detail]) -> None:
        for pair in self._labels:
            for each in pair:
                self._grid.removeWidget(each)
                each.hide()
                each.deleteLater()
        self._labels = []
        side = Qt.AlignmentFlag.AlignRight if self._numeric else Qt.AlignmentFlag.AlignLeft
        for row, detail in enumerate(details):
            label = TextLabel(self._ui, tone=Tone.MUTED, parent=self)
            value = (
                BreakingLabel(self._ui, style=TextStyle.MONO, parent=self)
                if detail.mono
                else TextLabel(self._ui, wrap=self._wrap, selectable=True, parent=self)
            )
            value.setAlignment(side | Qt.AlignmentFlag.AlignTop)
            self._place(row, detail, label, value)
            self._labels.append((label, value))
        self._grid.setRowStretch(len(self._details), 0)
        self._grid.setRowStretch(len(details), 1)

    def _place(self, row: int, detail: Detail, label: TextLabel, value: TextLabel) -> None:
        corner = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        if self._alone_spans and not detail.label:
            self._grid.addWidget(value, row, 0, 1, 2)
            label.hide()
        elif self._alone_spans and not detail.value:
            self._grid.addWidget(label, row, 0, 1, 2, corner)
            value.hide()
        else:
            self._grid.addWidget(label, row, 0, corner)
            self._grid.addWidget(value, row, 1)


def _shape(detail: Detail) -> tuple[bool, bool, bool]:
    """What of a line decides which widgets it needs, and where."""
    return detail.mono, bool(detail.label), bool(detail.value)
