"""The line under the orphan orders: what is decided so far, what a decision does not do yet, and the way on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.decisions import DecisionCount
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button


class OrphanFooter(QWidget):
    """Signals: `recovery_wanted()`."""

    recovery_wanted = Signal()

    def __init__(self, ui: UiContext) -> None:
        super().__init__()
        self._ui = ui
        self._executed = False
        self._sum = TextLabel(ui, style=TextStyle.HEADING)
        self._danger = TextLabel(ui, tone=Tone.DANGER, wrap=True)
        self._danger.hide()
        self._promise = TextLabel(ui, style=TextStyle.SMALL, tone=Tone.MUTED, wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._sum)
        texts.addWidget(self._danger)
        texts.addWidget(self._promise)
        self.button = push_button(ui, "", self.recovery_wanted.emit, kind=ButtonKind.PRIMARY, icon="recovery")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_executed(False)

    def set_count(self, count: DecisionCount) -> None:
        """Say how many orders there are of each decision."""
        parts = [
            self.tr("Cancel {0}").format(count.cancel),
            self.tr("adopt {0}").format(count.adopt),
            self.tr("leave {0}").format(count.leave),
            self.tr("undecided {0}").format(count.undecided),
        ]
        if count.left_alone:
            parts.append(self.tr("left alone {0}").format(count.left_alone))
        if count.left_before:
            parts.append(self.tr("left before {0}").format(count.left_before))
        self._sum.setText(" · ".join(parts))
        self._show_danger(count)

    def _show_danger(self, count: DecisionCount) -> None:
        """Say what is delicate among the orders to cancel, however many were decided on at once."""
        parts = []
        if count.cancel_others:
            parts.append(self.tr("To cancel, but not provably the bot's: {0}.").format(count.cancel_others))
        if count.cancel_protective:
            parts.append(self.tr("To cancel, but protecting a position: {0}.").format(count.cancel_protective))
        self._danger.setText(f"{Status.DIFFERS.glyph} {' '.join(parts)}" if parts else "")
        self._danger.setVisible(bool(parts) and not self._executed)

    def set_executed(self, executed: bool) -> None:
        """Say whether the decisions were carried out already: then the way leads to the report."""
        self._executed = executed
        self._danger.setVisible(bool(self._danger.text()) and not executed)
        self.button.setText(self.tr("See the report") if executed else self.tr("Continue to recovery"))
        self._promise.setText(
            self.tr("These decisions were carried out; each row shows what came of it.")
            if executed
            else self.tr(
                "A decision alone touches nothing. Orders are cancelled on the recovery page, after you confirm."
            )
        )
