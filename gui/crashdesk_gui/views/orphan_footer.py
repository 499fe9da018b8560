"""The line under the orphan orders: what is decided so far, what a decision does not do yet, and the way on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.decisions import DecisionCount
from crashdesk_gui.errors import told_together
from crashdesk_gui.models.decision_warnings import DecisionWarnings
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button
from crashdesk_gui.widgets.text_lines import wrapped_height


class OrphanFooter(QWidget):
    """Signals: `recovery_wanted()`. As high with its warnings as without: what stands above it must not move under a finger."""

    recovery_wanted = Signal()

    def __init__(self, ui: UiContext, words: PlanWords) -> None:
        super().__init__()
        self._ui = ui
        self._warnings = DecisionWarnings(words, self)
        self._count = DecisionCount()
        self._executed = False
        self._broke_off = False
        self._held = False
        self._number = ui.display.count
        self._sum = TextLabel(ui, style=TextStyle.HEADING, wrap=True)
        self._danger = TextLabel(ui, tone=Tone.DANGER, wrap=True)
        self._promise = TextLabel(ui, style=TextStyle.SMALL, tone=Tone.MUTED, wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._sum)
        texts.addWidget(self._promise)
        texts.addWidget(self._danger)
        self.button = push_button(ui, "", self.recovery_wanted.emit, kind=ButtonKind.PRIMARY, icon="recovery")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_executed(False)

    def set_count(self, count: DecisionCount) -> None:
        """Say how many orders there are of each decision."""
        self._count = count
        self._show_warnings()

    def _counts(self, count: DecisionCount) -> str:
        parts = [
            self._total(count),
            self._cancelling(count),
            self.tr("adopt {0}").format(self._number(count.adopt)),
            self.tr("leave {0}").format(self._number(count.leave)),
            self.tr("undecided {0}").format(self._number(count.undecided)),
        ]
        if count.left_alone:
            parts.append(self.tr("untouched {0}").format(self._number(count.left_alone)))
        if count.left_before:
            parts.append(self.tr("left before {0}").format(self._number(count.left_before)))
        return " · ".join(parts)

    def _total(self, count: DecisionCount) -> str:
        return self.tr("Orphan orders {0}").format(self._number(count.orphans))

    def _cancelling(self, count: DecisionCount) -> str:
        if count.untouched:
            return self.tr("cancel {0} ({1} proposed)").format(
                self._number(count.cancel), self._number(count.untouched)
            )
        return self.tr("cancel {0}").format(self._number(count.cancel))

    def set_executed(self, executed: bool, *, broke_off: bool = False) -> None:
        """Say whether the decisions were executed already: then the way leads to the report, or on from where it `broke_off`."""
        self._executed, self._broke_off = executed, broke_off
        onward = self.tr("Resume the recovery") if broke_off else self.tr("See the report")
        self.button.setText(onward if executed else self.tr("Continue to recovery"))
        self._show_warnings()

    def set_held(self, reason: str) -> None:
        """Close the way on for this reason; empty opens it."""
        self._held = bool(reason)
        self.button.setEnabled(not reason)
        self.button.setToolTip(reason)
        self._show_warnings()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reserve()

    def _show_warnings(self) -> None:
        """Say what is delicate among the decisions, however many were taken at once, and what is lost without one."""
        self._sum.setText(self._total(self._count) if self._held else self._counts(self._count))
        dangers = [] if self._executed or self._held else self._warnings.dangers(self._count)
        self._danger.setText(_marked(dangers))
        open_ends = "" if self._executed or self._held else self._open_ends(self._count)
        self._promise.setText(open_ends or self._promised())
        self._promise.set_tone(Tone.WARNING if open_ends else Tone.MUTED)
        self._reserve()

    def _open_ends(self, count: DecisionCount) -> str:
        told = self._warnings.start_cancels(count), self._warnings.lost_notes(count)
        return _marked([each for each in told if each])

    def _promised(self) -> str:
        if self._broke_off:
            return self.tr("Resuming first reads what became of these orders, and sends nothing twice.")
        if self._executed:
            return self.tr("This recovery has ended; each row shows what came of the decision.")
        if self._held:
            return self.tr(
                "Nothing is decided and nothing is cancelled here while somebody else is at work on the store."
            )
        return self.tr(
            "A decision alone touches nothing. Orders are cancelled on the recovery page, after you confirm."
        )

    def _reserve(self) -> None:
        """Keep the room of the longest warning that decisions on these orders could bring."""
        width = self._danger.width()
        self._sum.setMinimumHeight(wrapped_height(self._sum.font(), self._counts(self._count.longest), width))
        worst = _marked(self._warnings.dangers(self._count.worst))
        self._danger.setMinimumHeight(wrapped_height(self._danger.font(), worst, width) if worst else 0)
        lines = self._promised(), self._open_ends(self._count.worst)
        self._promise.setMinimumHeight(max(wrapped_height(self._promise.font(), each, width) for each in lines))


def _marked(sentences: list[str]) -> str:
    return f"{Status.DIFFERS.glyph} {told_together(*sentences)}" if sentences else ""
