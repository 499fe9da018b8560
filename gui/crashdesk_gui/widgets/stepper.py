"""The steps of a flow in a line: what is done, where one is, what is to come."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.joined_words import listed
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import TextStyle

_CIRCLE = 22
_GAP = 8
_PAD = 6


class Stepper(QWidget):
    """Signals: `step_chosen(int)` when the operator goes to a step that can be reached."""

    accessible_role = QAccessible.Role.Grouping
    step_chosen = Signal(int)

    def __init__(self, ui: UiContext, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[_Step] = []
        self.setAccessibleName(self.tr("Steps"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        for number, title in enumerate(titles):
            step = _Step(ui, number + 1, title)
            step.clicked.connect(lambda _checked=False, number=number: self.step_chosen.emit(number))
            if self._steps:
                layout.addWidget(_Line(ui), 1)
            layout.addWidget(step)
            self._steps.append(step)

    def set_steps(self, current: int, done: frozenset[int], reachable: frozenset[int]) -> None:
        """Mark the current step, those that are done, and those that can be gone to."""
        for number, step in enumerate(self._steps):
            step.set_state(current=number == current, done=number in done)
            step.setEnabled(number in reachable)
        here = self._steps[current].text()
        behind = listed(step.text() for number, step in enumerate(self._steps) if number in done)
        words = self.tr("Step {0} of {1}: {2}. Done: {3}.") if behind else self.tr("Step {0} of {1}: {2}.")
        self.setAccessibleDescription(words.format(current + 1, len(self._steps), here, behind))

    def step(self, number: int) -> QAbstractButton:
        """The button of a step, from 0."""
        return self._steps[number]


class _Line(QWidget):
    def __init__(self, ui: UiContext) -> None:
        super().__init__()
        self._ui = ui
        self.setMinimumWidth(8)
        self.setFixedHeight(_CIRCLE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._ui.theme.border))
        middle = self.height() // 2
        painter.drawLine(0, middle, self.width(), middle)


class _Step(QAbstractButton):
    def __init__(self, ui: UiContext, number: int, title: str) -> None:
        super().__init__()
        self._ui = ui
        self._number = number
        self._current = False
        self._done = False
        self.setText(title)
        self.setFont(TextStyle.HEADING.font())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        ui.themes.changed.connect(self.update)
        self.set_state(current=False, done=False)

    def set_state(self, *, current: bool, done: bool) -> None:
        self._current, self._done = current, done
        word = self.tr("this step") if current else self.tr("done") if done else self.tr("to come")
        self.setAccessibleName(self.tr("Step {0}: {1}, {2}").format(self._number, self.text(), word))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_PAD + _CIRCLE + 8 + self.fontMetrics().horizontalAdvance(self.text()) + _PAD, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._ui.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = Tone.ACCENT if self._current else Tone.OK if self._done else Tone.MUTED
        circle = QRectF(_PAD, (self.height() - _CIRCLE) / 2, _CIRCLE, _CIRCLE).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color(tone), 1.2))
        painter.setBrush(QColor(theme.accent_fill) if self._current else theme.tint(tone))
        painter.drawEllipse(circle)
        painter.setPen(QColor(theme.on_accent) if self._current else theme.color(tone))
        painter.setFont(TextStyle.SMALL.font())
        sign = "✓" if self._done and not self._current else str(self._number)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, sign)
        painter.setFont(self.font() if self._current else TextStyle.BODY.font())
        painter.setPen(theme.color(Tone.TEXT if self._current or self._done else Tone.MUTED))
        words = self.rect().adjusted(_PAD + _CIRCLE + 8, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus() or (self.underMouse() and self.isEnabled() and not self._current):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color(Tone.ACCENT), 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
