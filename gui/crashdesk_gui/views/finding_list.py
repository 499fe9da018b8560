"""A column of findings, each with its glyph and its tone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crashdesk_gui.connect_words import Line
from crashdesk_gui.context import UiContext
from crashdesk_gui.widgets.text import TextLabel


class FindingList(QWidget):
    """Shows lines under each other; every line can be copied."""

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._labels: list[TextLabel] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these instead of the ones before."""
        while len(self._labels) > len(lines):
            gone = self._labels.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._labels) < len(lines):
            label = TextLabel(self._ui, wrap=True, selectable=True)
            self._labels.append(label)
            self._column.addWidget(label)
        for label, line in zip(self._labels, lines, strict=True):
            label.set_tone(line.tone)
            label.setText(line.shown)
        self.setAccessibleName(self.text())

    def text(self) -> str:
        """Everything that is shown, line by line."""
        return "\n".join(label.text() for label in self._labels)
