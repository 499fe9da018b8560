"""What can be done with the selected checkpoints, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import CSV
from crashdesk_gui.session import CheckpointRow
from crashdesk_gui.views.history_actions import CheckpointActions
from crashdesk_gui.views.history_details import CheckpointDetails


class CheckpointMenu(QMenu):
    """Verbs for `rows`, of which the first is the one under the pointer; what needs exactly one is greyed for more.

    `hindrance` says why there is no recovery now.
    """

    def __init__(
        self,
        ui: UiContext,
        rows: list[CheckpointRow],
        verbs: CheckpointActions,
        details: CheckpointDetails,
        parent: QWidget,
        *,
        hindrance: str = "",
    ) -> None:
        super().__init__(parent)
        self._ui = ui
        self._row = rows[0]
        self._infos = [row.info for row in rows]
        self._verbs = verbs
        self._details = details
        self._hindrance = hindrance
        self._usable = len(rows) == 1 and not rows[0].problem

    def add_verbs(
        self, *, recover: Callable[[], object], against: Callable[[], object], copy: Callable[[], object]
    ) -> None:
        """Everything: the page's own verbs as given, then those on files."""
        info, pinned = self._row.info, self._row.info.pinned
        usable = self._usable and not self._hindrance
        self._add("recovery", self.tr("Recover from this…"), recover, enabled=usable)
        self.actions()[-1].setToolTip(self._hindrance)
        self.setToolTipsVisible(bool(self._hindrance))
        self._add("compare", self.tr("Against the exchange"), against, enabled=self._usable)
        self.addSeparator()
        words = self.tr("Keep no longer (unpin)") if pinned else self.tr("Keep for ever (pin)")
        self._add("pin", words, lambda: self._verbs.set_pinned(self._infos, not pinned))
        self._add("verify", self.tr("Verify the file"), lambda: self._verbs.verify(self._infos))
        self.addSeparator()
        self.add_exports()
        self._add("folder", self.tr("Show in the file manager"), lambda: self._verbs.reveal(info))
        self.addSeparator()
        self._add("copy", self.tr("Copy rows"), copy)
        self.actions()[-1].setShortcut(QKeySequence.StandardKey.Copy)
        self._add("", self.tr("Copy the path"), lambda: QGuiApplication.clipboard().setText(str(info.path)))

    def add_exports(self) -> None:
        """Only what can be saved of one checkpoint."""
        info = self._row.info
        self._add(
            "export", self.tr("Checkpoint as JSON…"), lambda: self._verbs.export_state(info), enabled=self._usable
        )
        details = self._details.details
        read = self._usable and details is not None and details.info.seq == info.seq and details.state is not None
        for words, name, model in (
            (self.tr("Its positions as CSV…"), "positions", self._details.positions),
            (self.tr("Its orders as CSV…"), "orders", self._details.orders),
        ):
            file = f"checkpoint-{info.seq}-{name}"
            self._add("", words, partial(self._verbs.export_table, CSV, file, model), enabled=read)

    def _add(self, icon: str, words: str, slot: Callable[[], object], *, enabled: bool = True) -> None:
        action = self.addAction(words, slot)
        action.setEnabled(enabled)
        if icon:
            action.setIcon(self._ui.icons.icon(icon))
