"""The history: every checkpoint on a strip and in a table, one under the magnifier, two compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QSplitter, QWidget

from crashdesk_gui.checkpoint_rows import CheckpointRow, CheckpointRows
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import AskPath, ask_save_path, reveal
from crashdesk_gui.jobs import Progress
from crashdesk_gui.models.checkpoints import CheckpointModel
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.history_actions import CheckpointActions
from crashdesk_gui.views.history_filters import HistoryFilters
from crashdesk_gui.views.history_menu import CheckpointMenu
from crashdesk_gui.views.history_offers import HistoryOffers
from crashdesk_gui.views.history_side import HistorySide
from crashdesk_gui.views.history_states import no_checkpoints, nothing_open
from crashdesk_gui.views.history_strip import HistoryStrip, interval_of
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.empty import ErrorState
from crashdesk_gui.widgets.low_column import LowColumn
from crashdesk_gui.widgets.page_state import restore_views, views_of
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.table import RecordTableView

_SETTLE_MS = 30
_LONG = 5_000
_PAINTED_SECONDS = 0.25
_GIVING_WAY = ("pinned", "size", "orders", "positions", "age", "change", "cause")
_FILTER_SETTING = "history-filter"


class HistoryState(msgspec.Struct, frozen=True, kw_only=True):
    """What is in hand beside the tables: a part of the checkpoint, and whether it is compared with the exchange."""

    part: int
    against: bool


class HistoryPage(StatefulPage):
    """Signals: `checkpoint_selected(CheckpointInfo)` when one checkpoint is chosen, `recover_wanted(CheckpointInfo)`."""

    checkpoint_selected = Signal(object)
    recover_wanted = Signal(object)

    def __init__(
        self,
        ui: UiContext,
        parent: QWidget | None = None,
        *,
        side: HistorySide | None = None,
        ask_path: AskPath = ask_save_path,
        show_file: Callable[[Path], bool] = reveal,
    ) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._overview: Overview | None = None
        self._shown: frozenset[int] = frozenset()
        self._against_wanted = False
        self._followed: int | None = None
        self.side = side or HistorySide(ui)
        self.texts = self.side.texts
        self.model = CheckpointModel(ui, self.texts, self)
        self.table = RecordTableView(
            ui, self.model, "checkpoints", accessible_name=self.tr("Checkpoints"), giving_way=_GIVING_WAY
        )
        self.strip = HistoryStrip(ui, self.texts)
        self.details = self.side.details
        self.difference = self.side.difference
        self.banner = Banner(ui)
        self.filters = HistoryFilters(ui, self.texts)
        self.verbs = CheckpointActions(self, ask=ask_path, show_file=show_file)
        self.offers = HistoryOffers(ui, self.table, self.side, self.verbs, self.banner, self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._build()
        self._connect()
        self.show_empty(nothing_open(self.ui))

    # Building

    def _build(self) -> None:
        # What is chosen is read whole before all of time is: a banner takes room in a low window.
        content = LowColumn(self.strip)
        layout = page_layout(content)
        layout.addWidget(self.banner)
        layout.addWidget(self.strip)
        layout.addWidget(self.filters)
        table = Panel(self.ui, flush=True)
        table.add(self.table)
        self._splitter.addWidget(table)
        self._splitter.addWidget(self.side)
        self._splitter.setHandleWidth(8)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        table.setMinimumWidth(280)
        layout.addWidget(self._splitter, 1)
        self.set_content(content)

    def _connect(self) -> None:
        self.table.selection_changed.connect(lambda _rows: self._settle.start())
        self._settle.timeout.connect(self._show_selection)
        self.table.record_activated.connect(lambda _row: self.details.take_focus())
        self.strip.checkpoint_chosen.connect(self.select_checkpoint)
        self.filters.changed.connect(self._filter)
        self.filters.export_wanted.connect(self.offers.export_rows)
        self.offers.recover_wanted.connect(self.recover_wanted)
        self.difference.closed.connect(self._leave_difference)
        self.ui.display.ticked.connect(self._tick)
        self.ui.display.changed.connect(self._show_selection_again)

    # The session

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store, or none."""
        if self._session is not None:
            self._remember()
            for signal, slot in self._connections(self._session):
                signal.disconnect(slot)
        self._session = session
        self._overview = None
        self._shown = frozenset()
        self._followed = None
        self.banner.hide()
        self.model.clear()
        self.offers.set_session(session)
        self.side.set_session(session)
        if session is None:
            self.show_empty(nothing_open(self.ui))
            return
        self.table.set_store(session.key)
        sizes = self.ui.settings.splitter(session.key, "history")
        self._splitter.setSizes(sizes if len(sizes) == 2 else [636, 400])
        self.filters.restore(self.ui.settings.text(session.key, _FILTER_SETTING))
        for signal, slot in self._connections(session):
            signal.connect(slot)
        if session.overview is not None:
            self.when_shown(self._show_latest)
        elif session.overview_error is not None:
            self._on_failed("", session.overview_error)
        else:
            self.show_loading(self.tr("Reading the checkpoints…"))

    def _connections(self, session: StoreSession) -> tuple[tuple[Any, Callable[..., object]], ...]:
        return (
            (session.overview_changed, self._on_overview),
            (session.failed, self._on_failed),
        )

    def select_checkpoint(self, seq: int) -> None:
        """Choose a checkpoint; filters that hide it are cleared. A number that is not there changes nothing."""
        self.catch_up()
        if self.model.record(seq) is None:
            return
        if not self.table.select_key(seq):
            self.filters.clear()
            self._filter()
            self.table.select_key(seq)

    def own_state(self) -> HistoryState:
        return HistoryState(part=self.details.part, against=self.side.against_exchange)

    def restore_own(self, own: msgspec.Struct) -> None:
        if isinstance(own, HistoryState):
            self.details.show_part(own.part)
            self._against_wanted = own.against
            self._settle.start()

    def focus_filter(self) -> None:
        """Put the cursor into the filter."""
        self.filters.focus_text()

    def on_shown(self) -> None:
        """The page came to the front: the arrow keys walk through the checkpoints at once."""
        self.table.setFocus()

    def show_against_exchange(self) -> None:
        """Compare the chosen checkpoint with the exchange as it was last read."""
        self.offers.show_against_exchange()

    def context_menu(self, row: CheckpointRow) -> CheckpointMenu:
        """What can be done with the selected checkpoints, of which `row` is the one under the pointer."""
        return self.offers.context_menu(row)

    def _on_overview(self, _overview: Overview) -> None:
        self.when_shown(self._show_latest)

    def _show_latest(self) -> None:
        if self._session is not None and self._session.overview is not None:
            self._show_overview(self._session.overview)

    def _show_overview(self, overview: Overview) -> None:
        rows = CheckpointRows.whole(overview.rows)
        if self.filters.text() and self._prepare_search(rows, self._show_latest):
            return
        first = self._overview is None
        self._overview = overview
        self.details.hinder_recovery(self.offers.hindrance())
        self.details.set_last_known(overview.latest.seq if overview.latest is not None else None)
        if not overview.rows:
            self.show_empty(no_checkpoints(self.ui, overview))
            return
        shown = self.model.source
        fresh = (
            not isinstance(shown, CheckpointRows) or shown.seqs is not rows.seqs or shown.account is not rows.account
        )
        self.model.set_source(rows)
        if self.filters.follows_newest:
            self._filter()  # it counts back from the newest, which may be another one now
        self._count()
        session = self._session
        self.strip.set_overview(overview, interval_of(session.view.manifest if session is not None else None))
        self.show_content()
        if first:
            self.table.fit_columns()
            self._say_set_aside(overview)
            self._followed = (overview.latest or overview.rows[-1].info).seq
            if not self.table.select_key(self._followed):
                self.table.select_first()
            self._show_selection()
        else:
            if fresh:
                self.table.fit_columns(narrow=False)
            self._refresh_details()
            self._follow_newest(overview)
        self._prepare_search(rows)

    def _follow_newest(self, overview: Overview) -> None:
        """Select a new newest checkpoint if a recovery here saved it, or if the operator has chosen no other one."""
        newest = overview.latest.seq if overview.latest is not None else None
        if newest is None or newest == self._followed:
            return
        report = self._session.report if self._session is not None else None
        saved = report is not None and report.saved is not None and report.saved.seq == newest
        untouched = [row.info.seq for row in self.table.selected_records()] == [self._followed]
        self._followed = newest
        if saved or (untouched and not self.side.compares):
            self.table.select_key(newest)

    def _prepare_search(self, rows: CheckpointRows, then: Callable[[], None] | None = None) -> bool:
        """Whether a filter by text waits for what it looks into; a worker writes that, and `then` is called.

        Of a long history it takes a moment: not when the first letter is typed.
        """
        session = self._session
        if session is None or len(rows) <= _LONG or self.texts.knows_searched(rows, self.ui):
            return False

        def written(progress: Progress) -> None:
            if then is None:
                # Nobody waits for it, and the page is about to be painted: both need the interpreter's lock.
                progress.wait(_PAINTED_SECONDS)
            self.texts.searched(rows, self.ui)

        session.watcher.run(
            written,
            title=self.tr("Reading the checkpoints…"),
            on_done=lambda _none: then() if then is not None and session is self._session else None,
            owner=self,
        )
        return True

    def _refresh_details(self) -> None:
        row = self.details.row
        fresh = self.model.record(row.info.seq) if row is not None else None
        if fresh is not None and fresh != row:
            self.details.show_row(fresh)
        self.side.look_back_again()

    # Selection

    def _show_selection(self) -> None:
        keys = self.model.keys_at(self.table.selected_rows())
        chosen = frozenset(keys)
        against, self._against_wanted = self._against_wanted, False
        if chosen == self._shown and not against:
            return
        # Only of what was shown itself is worth a word that it is gone.
        gone = [seq for seq in self._shown if self.model.record(seq) is None] if len(self._shown) <= 2 else []
        self._shown = chosen
        self.side.forget()
        self.strip.set_selected(chosen)
        self._count()
        rows = self.table.selected_records() if len(keys) <= 2 else ()
        if len(rows) == 1:
            self.side.show_one(rows[0])
            self.checkpoint_selected.emit(rows[0].info)
            if against:
                self.show_against_exchange()
        elif len(rows) == 2:
            self.side.show_pair(rows[0], rows[1])
        else:
            self.side.show_hint(len(keys), gone)

    def _show_selection_again(self) -> None:
        if self.side.compares:
            self._shown, self._against_wanted = frozenset(), self.side.against_exchange
            views = views_of(self.side)
            self._show_selection()
            restore_views(self.side, views)

    def _leave_difference(self) -> None:
        rows = self.table.selected_records()
        if len(rows) == 1:
            self.side.show_details()
        elif rows:
            self.table.select_key(rows[0].info.seq)

    # Filtering, time, messages

    def _filter(self) -> None:
        rows = self._overview.rows if self._overview is not None else ()
        if self.filters.text() and self._prepare_search(CheckpointRows.whole(rows), self._filter):
            return
        kept = self.filters.predicate(rows[-1].info.timestamp if rows else 0)
        self.model.set_filter(kept.mask if kept is not None else None)
        self._count()

    def _count(self) -> None:
        self.filters.count(self.model, len(self._overview.rows) if self._overview is not None else 0)

    def _tick(self) -> None:
        if self.isVisible() and self.showing_content:
            self.table.viewport().update()
            self.strip.move_on()

    def _say_set_aside(self, overview: Overview) -> None:
        session = self._session
        if overview.corrupt and session is not None:
            directory = session.view.directory / "corrupt"
            words = self.tr(
                "%n damaged file(s) were moved aside; recovery uses the newest intact checkpoint.",
                "",
                len(overview.corrupt),
            )
            self.banner.show_message(
                words, Tone.WARNING, button=self.tr("Show them"), slot=lambda: self.verbs.reveal_path(directory)
            )

    # The other states

    def _on_failed(self, _what: str, error: Exception) -> None:
        session = self._session
        if session is None or session.overview is not None or error is not session.overview_error:
            return
        told = explain(error)
        self.show_error(ErrorState(self.ui, told.title, meaning=told.meaning, remedy=told.advice))

    def _remember(self) -> None:
        session = self._session
        if session is not None and self.showing_content:
            self.ui.settings.set_splitter(session.key, "history", self._splitter.sizes())
            self.ui.settings.set_text(session.key, _FILTER_SETTING, self.filters.remembered())

    def hideEvent(self, event: QHideEvent) -> None:
        self._remember()
        super().hideEvent(event)
