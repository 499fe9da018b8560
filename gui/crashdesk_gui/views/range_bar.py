"""Buttons for how much time the charts show."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

_HOUR = 3_600_000_000_000


class RangeBar(QWidget):
    """Signals: `chosen(nanoseconds, or None for everything)`. At most one button is down: none after zooming by hand."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._spans: dict[int | None, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        spans = (
            (self.tr("1 h"), _HOUR),
            (self.tr("6 h"), 6 * _HOUR),
            (self.tr("24 h"), 24 * _HOUR),
            (self.tr("7 d"), 168 * _HOUR),
            (self.tr("All"), None),
        )
        for words, span in spans:
            button = QToolButton()
            button.setText(words)
            button.setMinimumWidth(40)
            button.setProperty("kind", "choice")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setCheckable(True)
            button.setChecked(span is None)
            button.setAccessibleName(self.tr("Show {0}").format(words))
            button.clicked.connect(lambda _on=False, button=button, span=span: self._choose(button, span))
            self._group.addButton(button)
            self._spans[span] = button
            row.addWidget(button)

    def buttons(self) -> dict[str, QToolButton]:
        """The buttons by their words."""
        return {button.text(): button for button in self.findChildren(QToolButton)}

    def show_span(self, span: int | None) -> None:
        """Show that this span is chosen, without a signal."""
        self._group.setExclusive(True)
        self._spans[span].setChecked(True)

    def release(self) -> None:
        """Show that the range is none of these."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)

    def _choose(self, button: QToolButton, span: int | None) -> None:
        button.setChecked(True)
        self._group.setExclusive(True)
        self.chosen.emit(span)
