"""What the history offers for the checkpoints in hand: their menus, what is exported, and the recovery, or why there is none."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from crashdesk_gui.checkpoint_rows import CheckpointRow
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.recovery_gate import held_by_another
from crashdesk_gui.exporting import FileKind
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.history_actions import CheckpointActions
from crashdesk_gui.views.history_menu import CheckpointMenu
from crashdesk_gui.views.history_side import HistorySide
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.table import RecordTableView


class HistoryOffers(QObject):
    """Acts on the rows of `table` that are selected, and on the checkpoint that `side` tells of.

    Signals: `recover_wanted(CheckpointInfo)`.
    """

    recover_wanted = Signal(object)

    def __init__(
        self,
        ui: UiContext,
        table: RecordTableView,
        side: HistorySide,
        verbs: CheckpointActions,
        banner: Banner,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._ui = ui
        self._table = table
        self._side = side
        self._verbs = verbs
        self._banner = banner
        self._page = page
        self._session: StoreSession | None = None
        self._connect()

    def _connect(self) -> None:
        side, details, verbs = self._side, self._side.details, self._verbs
        self._table.context_menu_wanted.connect(self._show_menu)
        verbs.said.connect(self._banner.show_message)
        details.recover_wanted.connect(lambda: self._recover_from(details.row))
        details.exchange_wanted.connect(self.show_against_exchange)
        details.pin_toggled.connect(lambda pinned: verbs.set_pinned([row.info for row in self._told()], pinned))
        details.verify_wanted.connect(lambda: verbs.verify([row.info for row in self._told()]))
        details.reveal_wanted.connect(self._reveal)
        details.export_wanted.connect(self._show_export_menu)
        side.difference.export_wanted.connect(
            lambda kind: verbs.export_table(kind, side.difference.file_name(), side.difference.model)
        )
        side.changes_export_wanted.connect(
            lambda kind: verbs.export_table(kind, side.changes.file_name(), side.changes.model)
        )

    def set_session(self, session: StoreSession | None) -> None:
        """Offer what can be done in another store, or nothing."""
        self._session = session
        self._verbs.set_session(session)

    def hindrance(self) -> str:
        """Why nothing can be recovered from now; empty for nothing."""
        overview: Overview | None = self._session.overview if self._session is not None else None
        presence = overview.presence if overview is not None else None
        if presence is None or not held_by_another(presence):
            return ""
        if presence.bot_runs:
            return self.tr("Stop the bot first: a recovery needs the store for itself.")
        return self.tr("An operator at another desk holds the store: a recovery needs it for itself.")

    def show_against_exchange(self) -> None:
        """Compare the chosen checkpoint with the exchange as it was last read."""
        rows = self._table.selected_records()
        if len(rows) == 1:
            self._side.show_against_exchange(rows[0])

    def context_menu(self, row: CheckpointRow) -> CheckpointMenu:
        """What can be done with the selected checkpoints, of which `row` is the one under the pointer."""
        others = [each for each in self._table.selected_records() if each.info.seq != row.info.seq]
        rows, details = [row, *others], self._side.details
        menu = CheckpointMenu(self._ui, rows, self._verbs, details, self._page, hindrance=self.hindrance())
        menu.add_verbs(recover=self._recover, against=self.show_against_exchange, copy=self._table.copy_selection)
        return menu

    def export_rows(self, kind: FileKind) -> None:
        """Save the rows that are shown."""
        if self._session is not None:
            self._verbs.export_table(kind, f"{self._session.view.name}-checkpoints", self._table.record_model())

    def _told(self) -> list[CheckpointRow]:
        """The checkpoint that the panel tells of; in the table another may be selected already, or none."""
        return [self._side.details.row] if self._side.details.row is not None else []

    def _reveal(self) -> None:
        for row in self._told():
            self._verbs.reveal(row.info)

    def _recover(self) -> None:
        rows = self._table.selected_records()
        if len(rows) == 1:
            self._recover_from(rows[0])

    def _recover_from(self, row: CheckpointRow | None) -> None:
        if self.hindrance():
            self._banner.show_message(self.hindrance, Tone.WARNING)
        elif row is not None and not row.problem:
            self.recover_wanted.emit(row.info)

    def _show_menu(self, row: CheckpointRow, position: QPoint) -> None:
        menu = self.context_menu(row)
        menu.exec(position)
        menu.deleteLater()

    def _show_export_menu(self, position: QPoint) -> None:
        for row in self._told():
            menu = CheckpointMenu(self._ui, [row], self._verbs, self._side.details, self._page)
            menu.add_exports()
            menu.exec(position)
            menu.deleteLater()
