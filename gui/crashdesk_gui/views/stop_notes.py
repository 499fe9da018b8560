"""Whether the positions that the bot will find are protected, said before the operator lets it run."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crashdesk.reconcile.legs import Leg
from crashdesk.reconcile.records import Plan
from crashdesk.report_stops import plan_stops
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.stop_lines import StopLines
from crashdesk_gui.widgets.text import TextLabel


class StopNotes(QWidget):
    """A line for each position and its stops, each in its own tone; hidden while there is none."""

    def __init__(self, ui: UiContext, words: PlanWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._stops = StopLines(words, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(TextLabel(ui, self.tr("The positions on the exchange and their stops:"), wrap=True))
        self._lines: list[TextLabel] = []
        self.hide()

    def show_plan(self, plan: Plan, losing: Collection[Leg] = ()) -> None:
        """Say it of the positions of this comparison, but for those that are `losing` stops: that is said of what is left."""
        told = self._stops.lines(
            [each for each in plan_stops(plan) if (each.verdict.symbol, each.verdict.side) not in losing]
        )
        while len(self._lines) < len(told):
            self._lines.append(TextLabel(self._ui, wrap=True, selectable=True))
            self._column.addWidget(self._lines[-1])
        for number, label in enumerate(self._lines):
            text, tone = told[number] if number < len(told) else ("", None)
            label.setText(text)
            if tone is not None:
                label.set_tone(tone)
            label.setVisible(bool(text))
        self.setVisible(bool(told))
