"""The history: every checkpoint on a strip and in a table, one under the magnifier, two compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QWidget

from crashdesk.errors import CheckpointNotFound
from crashdesk.inspection import FileDetails
from crashdesk.storage.journal import Cause
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import CSV, JSON, AskPath, ask_save_path, reveal
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.checkpoints import CheckpointModel, CheckpointTexts, checkpoint_filter
from crashdesk_gui.session import CheckpointRow, Overview, StoreSession
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.difference_view import DifferenceView
from crashdesk_gui.views.history_actions import CheckpointActions
from crashdesk_gui.views.history_details import CheckpointDetails
from crashdesk_gui.views.history_difference import DifferenceController
from crashdesk_gui.views.history_strip import HistoryStrip
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.empty import EmptyState, ErrorState
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, push_button

_HOUR = 3_600_000_000_000
_SETTLE_MS = 30


class HistoryPage(StatefulPage):
    """Signals: `checkpoint_selected(CheckpointInfo)` when one checkpoint is chosen, `recover_wanted(CheckpointInfo)`."""

    checkpoint_selected = Signal(object)
    recover_wanted = Signal(object)

    def __init__(
        self,
        ui: UiContext,
        parent: QWidget | None = None,
        *,
        ask_path: AskPath = ask_save_path,
        show_file: Callable[[Path], bool] = reveal,
    ) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._overview: Overview | None = None
        self._reading: Job | None = None
        self._shown: frozenset[int] = frozenset()
        self._against = False
        self.texts = CheckpointTexts(self)
        self.model = CheckpointModel(ui, self.texts, self)
        self.table = RecordTableView(ui, self.model, "checkpoints", accessible_name=self.tr("Checkpoints"))
        self.strip = HistoryStrip(ui, self.texts)
        self.details = CheckpointDetails(ui, self.texts)
        self.difference = DifferenceView(ui)
        self.banner = Banner(ui)
        self.filters = FilterBar(ui, self.tr("Filter checkpoints"))
        self.actions_ = CheckpointActions(self, ask=ask_path, show_file=show_file)
        self._comparer = DifferenceController(ui, self.difference)
        self._side = QStackedWidget()
        self._hint = Panel(ui)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._build()
        self._connect()
        self._show_nothing_open()

    # Building

    def _build(self) -> None:
        content = QWidget()
        layout = page_layout(content)
        layout.addWidget(self.banner)
        layout.addWidget(self.strip)
        self._add_filters()
        layout.addWidget(self.filters)
        table = Panel(self.ui, flush=True)
        table.add(self.table)
        for widget in (self._hint, self.details, self.difference):
            self._side.addWidget(widget)
        self._splitter.addWidget(table)
        self._splitter.addWidget(self._side)
        self._splitter.setHandleWidth(8)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        table.setMinimumWidth(280)
        self._side.setMinimumWidth(396)
        layout.addWidget(self._splitter, 1)
        self.set_content(content)

    def _add_filters(self) -> None:
        texts = self.texts
        causes = [(texts.cause(cause), cause) for cause in Cause]
        self.filters.add_choice("cause", self.tr("Cause"), [(self.tr("All causes"), None), *causes])
        states = ((self.tr("intact"), Status.OK), (self.tr("corrupt"), Status.BAD), (self.tr("not read yet"), Status.UNKNOWN))
        self.filters.add_choice(
            "integrity",
            self.tr("Integrity"),
            [(self.tr("Any integrity"), None), *((f"{status.glyph} {word}", status) for word, status in states)],
        )
        spans = ((self.tr("Last hour"), 1), (self.tr("Last 6 hours"), 6), (self.tr("Last 24 hours"), 24), (self.tr("Last 7 days"), 168))
        times = self.filters.add_choice(
            "time", self.tr("Time, counted back from the newest checkpoint"), [(self.tr("All times"), None), *spans]
        )
        times.setAccessibleName(self.tr("Time"))
        export = push_button(self.ui, self.tr("Export"), kind=ButtonKind.QUIET, icon="export")
        menu = QMenu(export)
        for kind in (CSV, JSON):
            menu.addAction(self.tr("Shown rows as {0}…").format(kind.title), lambda kind=kind: self._export_rows(kind))
        export.setMenu(menu)
        self.filters.add_widget(export)

    def _connect(self) -> None:
        self.table.selection_changed.connect(lambda _rows: self._settle.start())
        self._settle.timeout.connect(self._show_selection)
        self.table.context_menu_wanted.connect(self._show_menu)
        self.table.record_activated.connect(lambda _row: self.details.setFocus())
        self.strip.checkpoint_chosen.connect(self._choose)
        self.filters.changed.connect(self._filter)
        self.actions_.said.connect(self._say)
        self.details.recover_wanted.connect(self._recover)
        self.details.exchange_wanted.connect(self.show_against_exchange)
        self.details.pin_toggled.connect(lambda pinned: self.actions_.set_pinned(self._infos(), pinned))
        self.details.verify_wanted.connect(lambda: self.actions_.verify(self._infos()))
        self.details.reveal_wanted.connect(lambda: self.actions_.reveal(self._infos()[0]))
        self.details.export_wanted.connect(self._show_export_menu)
        self.difference.closed.connect(self._leave_difference)
        self.difference.export_wanted.connect(
            lambda kind: self.actions_.export_table(kind, self.difference.file_name(), self.difference.model)
        )
        self.ui.display.ticked.connect(self._tick)
        self.ui.display.changed.connect(self._show_selection_again)

    # The session

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store, or none."""
        old = self._session
        if old is not None:
            old.overview_changed.disconnect(self._show_overview)
            old.comparison_changed.disconnect(self._on_comparison)
            old.failed.disconnect(self._on_failed)
        self._session = session
        self._overview = None
        self._shown = frozenset()
        self._against = False
        self.banner.hide()
        self.model.set_records(())
        for part in (self.actions_, self._comparer):
            part.set_session(session)
        if session is None:
            self._show_nothing_open()
            return
        for part in (self.table, self.details, self.difference):
            part.set_store(session.key)
        sizes = self.ui.settings.splitter(session.key, "history")
        self._splitter.setSizes(sizes if len(sizes) == 2 else [644, 396])
        session.overview_changed.connect(self._show_overview)
        session.comparison_changed.connect(self._on_comparison)
        session.failed.connect(self._on_failed)
        if session.overview is not None:
            self._show_overview(session.overview)
        elif session.overview_error is not None:
            self._on_failed("", session.overview_error)
        else:
            self.show_loading(self.tr("Reading the checkpoints…"))

    def select_checkpoint(self, seq: int) -> None:
        """Choose a checkpoint; filters that hide it are cleared. A number that is not there changes nothing."""
        if self.model.record(seq) is None:
            return
        if not self.table.select_key(seq):
            self.filters.clear()
            self._filter()
            self.table.select_key(seq)

    def focus_filter(self) -> None:
        """Put the cursor into the filter."""
        self.filters.focus_text()

    def show_against_exchange(self) -> None:
        """Compare the chosen checkpoint with the exchange as it was last read."""
        rows = self.table.selected_records()
        if len(rows) == 1:
            self._against = True
            self._comparer.show_exchange(rows[0])
            self._side.setCurrentWidget(self.difference)

    def _show_overview(self, overview: Overview) -> None:
        first = self._overview is None
        self._overview = overview
        if not overview.rows:
            self._show_no_checkpoints(overview)
            return
        self.model.set_records(reversed(overview.rows))
        if self.filters.choice("time") is not None:
            self._filter()  # it counts back from the newest, which may be another one now
        self._count()
        session = self._session
        manifest = session.view.manifest if session is not None else None
        self.strip.set_overview(overview, manifest.checkpoint_interval_ms if manifest else None)
        self.show_content()
        if first:
            newest = overview.latest or overview.rows[-1].info
            self._say_set_aside(overview)
            if not self.table.select_key(newest.seq):
                self.table.select_first()
            self._show_selection()
        else:
            self._refresh_details()

    def _refresh_details(self) -> None:
        row = self.details.row
        fresh = self.model.record(row.info.seq) if row is not None else None
        if fresh is not None and fresh != row:
            self.details.show_row(fresh)

    # Selection

    def _choose(self, seq: int) -> None:
        self.select_checkpoint(seq)

    def _infos(self) -> list:
        return [row.info for row in self.table.selected_records()]

    def _show_selection(self) -> None:
        rows: list[CheckpointRow] = self.table.selected_records()
        chosen = frozenset(row.info.seq for row in rows)
        if chosen == self._shown:
            return
        gone = [seq for seq in self._shown if self.model.record(seq) is None]
        self._shown = chosen
        self._against = False
        self._comparer.forget()
        self.strip.set_selected(chosen)
        self._count()
        if len(rows) == 1:
            self._show_one(rows[0])
            self.checkpoint_selected.emit(rows[0].info)
        elif len(rows) == 2:
            self._comparer.show_pair(rows[0], rows[1])
            self._side.setCurrentWidget(self.difference)
        else:
            self._show_hint(len(rows), gone)

    def _show_selection_again(self) -> None:
        if self._side.currentWidget() is self.difference:
            self._shown, against = frozenset(), self._against
            self._show_selection()
            if against:
                self.show_against_exchange()

    def _show_one(self, row: CheckpointRow) -> None:
        self.details.show_row(row)
        self._side.setCurrentWidget(self.details)
        session = self._session
        if session is None:
            return
        if self._reading is not None:
            self._reading.cancel()
        view, info = session.view, row.info
        self._reading = session.watcher.run(
            lambda _progress: view.details(info),
            title=self.tr("Reading checkpoint {0}").format(info.seq),
            on_done=self._show_details,
            on_failed=self._show_details_problem,
            owner=self,
        )

    def _show_details(self, details: FileDetails) -> None:
        self.details.show_details(details)

    def _show_details_problem(self, error: Exception) -> None:
        if isinstance(error, CheckpointNotFound):
            self.details.show_problem(
                self.tr("This checkpoint is gone."), self.tr("Retention may have removed it. Newer ones are not affected.")
            )
        else:
            told = explain(error)
            self.details.show_problem(told.title, f"{told.meaning} {told.advice}")

    def _show_hint(self, count: int, gone: Sequence[int]) -> None:
        if count:
            title = self.tr("%n checkpoint(s) are selected", "", count)
            text = self.tr("Select two to see their difference, or one to see what it holds.")
        elif gone:
            title = self.tr("Checkpoint {0} is gone").format(gone[0])
            text = self.tr("Retention removed it. Select another one.")
        else:
            title = self.tr("No checkpoint is selected")
            text = self.tr("Select one to see what it holds, two to see their difference.")
        body = self._hint.body()
        while (item := body.takeAt(0)) is not None:
            item.widget().deleteLater()
        self._hint.add(EmptyState(self.ui, title, text, icon="history"), 1)
        self._side.setCurrentWidget(self._hint)

    def _leave_difference(self) -> None:
        rows = self.table.selected_records()
        if len(rows) == 1:
            self._against = False
            self._side.setCurrentWidget(self.details)
        elif rows:
            self.table.select_key(rows[0].info.seq)

    def _on_comparison(self, _comparison: object) -> None:
        if self._against:
            self.show_against_exchange()

    # Verbs

    def _recover(self) -> None:
        rows = self.table.selected_records()
        if len(rows) == 1 and not rows[0].problem:
            self.recover_wanted.emit(rows[0].info)

    def _show_menu(self, row: CheckpointRow, position: QPoint) -> None:
        menu = self.context_menu(row)
        menu.exec(position)
        menu.deleteLater()

    def context_menu(self, row: CheckpointRow) -> QMenu:
        """What can be done with the selected checkpoints, of which `row` is the one under the pointer."""
        menu = QMenu(self)
        rows = self.table.selected_records()
        one = len(rows) == 1
        icons = self.ui.icons
        recover = menu.addAction(icons.icon("recovery"), self.tr("Recover from this…"), self._recover)
        recover.setEnabled(one and not row.problem)
        against = menu.addAction(icons.icon("compare"), self.tr("Against the exchange"), self.show_against_exchange)
        against.setEnabled(one and not row.problem)
        menu.addSeparator()
        pinned = row.info.pinned
        words = self.tr("Keep no longer (unpin)") if pinned else self.tr("Keep for ever (pin)")
        menu.addAction(icons.icon("pin"), words, lambda: self.actions_.set_pinned(self._infos(), not pinned))
        menu.addAction(icons.icon("verify"), self.tr("Verify the file"), lambda: self.actions_.verify(self._infos()))
        menu.addSeparator()
        self._add_exports(menu)
        menu.addAction(icons.icon("folder"), self.tr("Show in the file manager"), lambda: self.actions_.reveal(row.info))
        menu.addSeparator()
        copy = menu.addAction(icons.icon("copy"), self.tr("Copy rows"), self.table.copy_selection)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        menu.addAction(self.tr("Copy the path"), lambda: QGuiApplication.clipboard().setText(str(row.info.path)))
        return menu

    def _show_export_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        self._add_exports(menu)
        menu.exec(position)
        menu.deleteLater()

    def _add_exports(self, menu: QMenu) -> None:
        rows = self.table.selected_records()
        details = self.details.details
        state = menu.addAction(
            self.ui.icons.icon("export"), self.tr("Checkpoint as JSON…"), lambda: self.actions_.export_state(rows[0].info)
        )
        state.setEnabled(len(rows) == 1 and not rows[0].problem)
        for words, name, model in (
            (self.tr("Its positions as CSV…"), "positions", self.details.positions),
            (self.tr("Its orders as CSV…"), "orders", self.details.orders),
        ):
            action = menu.addAction(
                words,
                lambda name=name, model=model: self.actions_.export_table(CSV, f"checkpoint-{rows[0].info.seq}-{name}", model),
            )
            action.setEnabled(len(rows) == 1 and details is not None and details.state is not None)

    def _export_rows(self, kind: object) -> None:
        session = self._session
        if session is not None:
            self.actions_.export_table(kind, f"{session.view.name}-checkpoints", self.model)

    # Filtering, time, messages

    def _filter(self) -> None:
        hours = self.filters.choice("time")
        newest = self._overview.rows[-1].info.timestamp if self._overview and self._overview.rows else 0
        self.model.set_filter(
            checkpoint_filter(
                text=self.filters.text(),
                cause=self.filters.choice("cause"),
                integrity=self.filters.choice("integrity"),
                since=newest - hours * _HOUR if isinstance(hours, int) else None,
                texts=self.texts,
                ui=self.ui,
            )
        )
        self._count()

    def _count(self) -> None:
        total, shown = len(self.model.records()), self.model.shown_count()
        count = self.ui.display.count
        text = self.tr("%n checkpoint(s)", "", total) if shown == total else self.tr("{0} of {1}").format(count(shown), count(total))
        self.filters.set_count(text)

    def _tick(self) -> None:
        if self.isVisible() and self.showing_content:
            self.table.viewport().update()
            self.strip.move_on()

    def _say(self, text: str, tone: Tone) -> None:
        self.banner.show_message(text, tone)

    def _say_set_aside(self, overview: Overview) -> None:
        session = self._session
        if overview.corrupt and session is not None:
            directory = session.view.directory / "corrupt"
            words = self.tr("%n damaged file(s) were moved aside; recovery uses the newest intact checkpoint.", "", len(overview.corrupt))
            self.banner.show_message(
                words, Tone.WARNING, button=self.tr("Show them"), slot=lambda: self.actions_.reveal_path(directory)
            )

    # The other states

    def _show_nothing_open(self) -> None:
        self.show_empty(EmptyState(self.ui, self.tr("No store is open"), self.tr("Open a store to see its checkpoints."), icon="history"))

    def _show_no_checkpoints(self, overview: Overview) -> None:
        text = self.tr("The bot writes its first one a moment after it starts. It will appear here by itself.")
        if overview.corrupt:
            text = self.tr("%n damaged file(s) were moved aside, and none is left. The reasons are in the store's corrupt directory.", "", len(overview.corrupt))
        self.show_empty(EmptyState(self.ui, self.tr("There is no checkpoint yet"), text, icon="history"))

    def _on_failed(self, _what: str, error: Exception) -> None:
        session = self._session
        if session is None or session.overview is not None or error is not session.overview_error:
            return
        told = explain(error)
        self.show_error(ErrorState(self.ui, told.title, meaning=told.meaning, remedy=told.advice))

    def hideEvent(self, event: object) -> None:
        if self._session is not None and self.showing_content:
            self.ui.settings.set_splitter(self._session.key, "history", self._splitter.sizes())
        super().hideEvent(event)
