"""What stands beside the table of checkpoints: one of them, what differs between two, or what could be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crashdesk import CheckpointInfo
from crashdesk.inspection import StoreView
from crashdesk.looking_back import LookedBack, look_back
from crashdesk_gui.checkpoint_rows import CheckpointRow
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.amounts import contracts_of
from crashdesk_gui.models.checkpoints import CheckpointTexts
from crashdesk_gui.models.journal_changes import ChangeLine, ChangeTexts, change_lines
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.difference_view import DifferenceView
from crashdesk_gui.views.history_changes import ChangesView
from crashdesk_gui.views.history_details import CheckpointDetails
from crashdesk_gui.views.history_difference import DifferenceController
from crashdesk_gui.views.history_states import selection_hint
from crashdesk_gui.widgets.page_stack import PageStack
from crashdesk_gui.widgets.panel import Panel

_LEAST_WIDTH = 388
_NEWEST = 10


class HistorySide(PageStack):
    """Reads what it shows in the background, and follows the session's comparison; `texts` are those of its page as well.

    Signals: `changes_export_wanted(FileKind)`.
    """

    changes_export_wanted = Signal(object)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self.texts = CheckpointTexts(self)
        self._session: StoreSession | None = None
        self._reading: Job | None = None
        self._looking: Job | None = None
        self._against: CheckpointRow | None = None
        self.hint = Panel(ui)
        self.details = CheckpointDetails(ui, self.texts)
        self.difference = DifferenceView(ui)
        self._change_texts = ChangeTexts(ui, self)
        self._changes: ChangesView | None = None
        self._looked: LookedBack | None = None
        self._lines: tuple[ChangeLine, ...] = ()
        self._comparer = DifferenceController(ui, self.difference)
        for widget in (self.hint, self.details, self.difference):
            self.addWidget(widget)
        self.details.changes_wanted.connect(self.show_changes)
        self.setMinimumWidth(_LEAST_WIDTH)

    @property
    def changes(self) -> ChangesView:
        """The changes behind a checkpoint, made when somebody asks for them: the page comes up the sooner."""
        if self._changes is None:
            self._changes = view = ChangesView(self._ui, self._change_texts, self)
            self.addWidget(view)
            view.closed.connect(self.show_details)
            view.export_wanted.connect(self.changes_export_wanted)
            if self._session is not None:
                view.set_store(self._session.key)
        return self._changes

    @property
    def against_exchange(self) -> bool:
        """Whether a checkpoint is compared with the exchange."""
        return self._against is not None

    @property
    def compares(self) -> bool:
        """Whether a difference is shown."""
        return self.currentWidget() is self.difference

    def set_session(self, session: StoreSession | None) -> None:
        """Show checkpoints of another store, or of none."""
        if self._session is not None:
            self._session.comparison_changed.disconnect(self._on_comparison)
            self._session.busy_changed.disconnect(self._on_busy)
        self._session = session
        self._against = None
        self._comparer.set_session(session)
        if session is not None:
            self.details.set_store(session.key)
            self.difference.set_store(session.key)
            if self._changes is not None:
                self._changes.set_store(session.key)
            self._set_contracts(session)
            session.comparison_changed.connect(self._on_comparison)
            session.busy_changed.connect(self._on_busy)

    def forget(self) -> None:
        """Something else is chosen: what is being compared is of no interest any more."""
        self._against = None
        self._comparer.forget()

    def show_one(self, row: CheckpointRow) -> None:
        """Show a checkpoint."""
        self.details.show_row(row)
        self.show_details()
        session = self._session
        if session is None:
            return
        if self._reading is not None:
            self._reading.cancel()
        view, info = session.view, row.info
        self._reading = session.watcher.run(
            lambda _progress: view.details(info),
            title=self.tr("Reading checkpoint {0}").format(info.seq),
            on_done=self.details.show_details,
            on_failed=self.details.show_failure,
            owner=self,
        )
        self._looked, self._lines = None, ()
        self._look_back(session, info)

    def look_back_again(self) -> None:
        """The journal may tell more of what came after the checkpoint that is shown; of old ones it does not."""
        session, row = self._session, self.details.row
        overview = session.overview if session is not None else None
        if session is None or overview is None or row is None or not overview.rows:
            return
        if row.info.seq >= overview.rows[-min(_NEWEST, len(overview.rows))].info.seq:
            self._look_back(session, row.info)

    def _look_back(self, session: StoreSession, info: CheckpointInfo) -> None:
        if self._looking is not None:
            self._looking.cancel()
        view = session.view
        self._looking = session.watcher.run(
            lambda _progress: _looked_back(view, info),
            title=self.tr("Reading checkpoint {0}").format(info.seq),
            on_done=self._show_after,
            on_failed=lambda error: self.details.show_after(info.seq, explain(error).title, listed=False),
            owner=self,
        )

    def show_changes(self) -> None:
        """Show the changes behind the checkpoint that is shown, one by one."""
        if self._looked is not None:
            self.changes.show_changes(self._looked.checkpoint.seq, self._change_texts.after(self._looked), self._lines)
            self.setCurrentWidget(self.changes)

    def _show_after(self, found: tuple[LookedBack, tuple[ChangeLine, ...]]) -> None:
        self._looked, self._lines = found
        looked = self._looked
        texts = (self._change_texts.origin(looked), self._change_texts.after(looked))
        self.details.show_after(
            looked.checkpoint.seq, "\n".join(text for text in texts if text), listed=bool(looked.changes)
        )

    def show_details(self) -> None:
        """Go back to the checkpoint that was shown last."""
        self._against = None
        self.setCurrentWidget(self.details)

    def show_pair(self, first: CheckpointRow, second: CheckpointRow) -> None:
        """Show what differs between two checkpoints."""
        self._comparer.show_pair(first, second)
        self.setCurrentWidget(self.difference)

    def show_against_exchange(self, row: CheckpointRow) -> None:
        """Show what differs between a checkpoint and the exchange as it was last read, now and whenever it is read again."""
        self._against = row
        self._comparer.show_exchange(row)
        self.setCurrentWidget(self.difference)

    def show_hint(self, count: int, gone: Sequence[int]) -> None:
        """Say what `count` selected checkpoints offer, and that those of the numbers `gone` are not there any more."""
        body = self.hint.body()
        while (item := body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.hint.add(selection_hint(self._ui, count, gone), 1)
        self.setCurrentWidget(self.hint)

    def _on_comparison(self, _comparison: object) -> None:
        if self._session is not None:
            self._set_contracts(self._session)
        if self._against is not None:
            self.show_against_exchange(self._against)

    def _on_busy(self) -> None:
        if self._against is not None and self._session is not None and self._session.comparison is None:
            self.show_against_exchange(self._against)

    def _set_contracts(self, session: StoreSession) -> None:
        comparison = session.comparison
        contract_of = contracts_of(comparison.snapshot if comparison is not None else None)
        self.details.set_contracts(contract_of)
        self.difference.set_contracts(contract_of)
        self._change_texts.contract_of = contract_of
        if self._changes is not None:
            self._changes.model.refresh_texts()


def _looked_back(view: StoreView, info: CheckpointInfo) -> tuple[LookedBack, tuple[ChangeLine, ...]]:
    looked = look_back(view, info)
    return looked, change_lines(looked.changes)
