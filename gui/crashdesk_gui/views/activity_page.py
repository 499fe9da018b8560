"""Who decided what, when, on what evidence, and what came of it; below it what the application itself reported."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QWidget

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk_gui.audit_log import AuditLog, order_name
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.errors import ended
from crashdesk_gui.exporting import AskPath, ask_save_path
from crashdesk_gui.jobs import Job, Progress
from crashdesk_gui.models.activity import (
    LogFeed,
    action_name,
    kind_name,
    kind_of,
    outcome_name,
    outcome_status,
    told_besides,
)
from crashdesk_gui.models.audit_table import AuditFilter, AuditModel
from crashdesk_gui.models.audit_words import AuditWords
from crashdesk_gui.phrases import said
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.activity_log import LogPanel
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.empty import EmptyState
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.scroll import WholeLines
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, push_button

_HOUR_NS = 3_600_000_000_000
_SIZES = [368, 272]
_FITTED = ("at", "who", "kind", "action", "outcome", "order")
_REST_SECONDS = 0.005
"""The worker that puts a long log into words rests so long now and then, so that the window gets its turns."""


class ActivityPage(StatefulPage):
    """The audit log with its filter, details and export, and the application's log.

    Signals: `report_wanted()` when the report of the recovery that is chosen is to be shown.
    """

    report_wanted = Signal()

    def __init__(
        self, ui: UiContext, log: LogFeed, parent: QWidget | None = None, *, ask_path: AskPath = ask_save_path
    ) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._audit = AuditModel(ui.display, self)
        self._words = AuditWords()
        self._preparing: Job | None = None
        self._filter = FilterBar(ui, self.tr("Filter by text, order or operator"))
        self._banner = Banner(ui)
        self._none = TextLabel(ui, "", tone=Tone.MUTED, wrap=True)
        self._exports = TableExports(ui, self, ask=ask_path)
        self.audit_view = RecordTableView(
            ui, self._audit, "audit", accessible_name=self.tr("Audit log"), giving_way=("order", "action")
        )
        self._log = LogPanel(ui, log)
        self.log_view = self._log.view
        self._details = DetailGrid(ui, wrap=True)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._build()
        self._filter.changed.connect(self._apply_filter)
        self._exports.said.connect(self._banner.show_message)
        self.audit_view.current_changed.connect(self._show_details)
        ui.display.changed.connect(self._fit_columns)
        self._splitter.splitterMoved.connect(self._remember_sizes)
        self._present()

    def set_session(self, session: StoreSession | None) -> None:
        """Show this store's audit log; None shows none."""
        if self._session is not None:
            self._session.overview_changed.disconnect(self._on_overview)
        if self._preparing is not None:
            self._preparing.cancel()
            self._preparing = None
        self._session = session
        self._exports.set_session(session)
        if session is not None:
            session.overview_changed.connect(self._on_overview)
            self.audit_view.set_store(session.key)
            self._filter.remember(session.key, "activity")
            sizes = self.ui.settings.splitter(session.key, "activity")
            self._splitter.setSizes(sizes or _SIZES)
        self._audit.clear()
        self.when_shown(self._present)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self._filter.focus_text()

    # Building

    def _build(self) -> None:
        kinds = [(self.tr("All kinds"), None), *((kind_name(kind), kind) for kind in AuditKind)]
        ages = [
            (self.tr("Any time"), None),
            (self.tr("Last hour"), _HOUR_NS),
            (self.tr("Last 24 hours"), 24 * _HOUR_NS),
            (self.tr("Last 7 days"), 7 * 24 * _HOUR_NS),
        ]
        self._filter.add_choice("kind", self.tr("Kind"), kinds)
        self._filter.add_choice("time", self.tr("Time"), ages)
        self._export = self._exports.button(self._audit, "audit", self.tr("Audit log"))
        self._filter.add_widget(self._export)
        self._splitter.addWidget(self._audit_part())
        self._splitter.addWidget(self._lower_part())
        self._splitter.setHandleWidth(8)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes(_SIZES)
        content = QWidget()
        layout = page_layout(content)
        layout.addWidget(self._filter)
        layout.addWidget(self._banner)
        layout.addWidget(self._splitter, 1)
        self.set_content(content)

    def _audit_part(self) -> QWidget:
        table = Panel(self.ui, flush=True)
        table.add(self._none)
        table.add(self.audit_view, 1)
        self._none.setContentsMargins(16, 12, 16, 12)
        return table

    def _lower_part(self) -> QWidget:
        area = WholeLines(self._details)
        area.setObjectName("entry")
        area.setAccessibleName(self.tr("Entry"))
        self._details.setContentsMargins(0, 0, 12, 0)
        details = Panel(self.ui, self.tr("Entry"))
        self._report = push_button(
            self.ui, self.tr("See the report"), self.report_wanted.emit, kind=ButtonKind.QUIET, icon="recovery"
        )
        details.add_head_widget(self._report)
        self._copy = push_button(self.ui, self.tr("Copy"), self._copy_entry, kind=ButtonKind.QUIET, icon="copy")
        details.add_head_widget(self._copy)
        details.add(area, 1)
        part = QSplitter(Qt.Orientation.Horizontal)
        part.setHandleWidth(8)
        part.setChildrenCollapsible(False)
        part.addWidget(details)
        part.addWidget(self._log)
        # The log's sentences are long, an entry's facts are short.
        part.setStretchFactor(0, 2)
        part.setStretchFactor(1, 3)
        part.setSizes([400, 600])
        return part

    # Showing

    def _on_overview(self, _overview: Overview) -> None:
        self.when_shown(self._present)

    def _present(self) -> None:
        session = self._session
        if session is None:
            text = self.tr("The audit log belongs to a store: who decided what, when, and what came of it.")
            self.show_empty(EmptyState(self.ui, self.tr("No store is open"), text, icon="activity"))
            return
        overview = session.overview
        self._audit.set_source(AuditLog.whole(overview.entries if overview else ()))
        self._fit_columns()
        self._none.setText(self._why_nothing(overview))
        self._none.setVisible(bool(self._none.text()))
        self._apply_filter()
        if self.audit_view.current_record() is None:
            self.audit_view.select_first()
        if not self.showing_content:
            self.show_content()

    def _fit_columns(self) -> None:
        """What is short takes what it needs, and the evidence the rest: a time with its zone is longer, so are some orders."""
        self.audit_view.fit_columns(narrow=False, only=_FITTED)

    def _why_nothing(self, overview: Overview | None) -> str:
        if overview is None:
            return self.tr("Reading the store…")
        if overview.audit_problem:
            return self.tr("The audit log cannot be read: {0} The checkpoints are not affected.").format(
                ended(said(overview.audit_problem))
            )
        return "" if overview.entries else self.tr("Nothing has been decided or recovered in this store yet.")

    def _show_details(self, entry: AuditEntry | None) -> None:
        report = self._session.last_report if self._session is not None else None
        self._report.setVisible(entry is not None and report is not None and entry.plan_id == report.plan.id)
        self._copy.setEnabled(entry is not None)
        if entry is None:
            self._details.set_details([Detail("", self.tr("Choose an entry in the table."), Tone.MUTED)])
            return
        status = outcome_status(entry)
        lines = [
            Detail(self.tr("No."), self.ui.display.count(entry.seq)),
            Detail(self.tr("Time"), self.ui.display.time(entry.at, millis=True)),
            Detail(self.tr("Who"), entry.who),
            Detail(self.tr("Kind"), kind_of(entry)),
            Detail(self.tr("Decision"), action_name(entry)),
            Detail(self.tr("Order"), order_name(entry), mono=True, tip=entry.order_key),
            Detail(self.tr("Outcome"), outcome_name(entry), status.tone if status else Tone.TEXT),
            Detail(self.tr("Evidence"), said(entry.text)),
            Detail(self.tr("Plan"), entry.plan_id, mono=True),
            *(Detail(name, value) for name, value in told_besides(entry)),
            Detail(self.tr("Hash"), f"{entry.hash[:16]}…", mono=True, tip=entry.hash),
        ]
        self._details.set_details([line for line in lines if line.value])

    def _apply_filter(self) -> None:
        text, kind, span = self._filter.text(), self._filter.choice("kind"), self._filter.choice("time")
        since = self.ui.display.now() - span if isinstance(span, int) else None
        chosen = kind if isinstance(kind, AuditKind) else None
        kept = AuditFilter(words=self._words, text=text, kind=chosen, since=since)
        self._audit.set_filter(kept.mask if self._filter.active() else None)
        self._prepare_search()
        shown, total = self._audit.shown_count(), len(self._audit.records())
        everything = self.tr("%n entry(ies)", "", total)
        counted = self.tr("{0} of {1}").format(shown, total) if self._filter.active() else everything
        self._filter.set_count(self.tr("Searching…") if text and self._preparing is not None else counted)
        self._export.setEnabled(shown > 0)
        if self.audit_view.current_record() is None:
            self._show_details(None)

    def _prepare_search(self) -> None:
        """Put a long log into the words that are shown before anybody looks for one: it takes some seconds."""
        session, log = self._session, self._audit.source
        if session is None or self._preparing is not None or not isinstance(log, AuditLog) or self._words.at_hand(log):
            return
        words = self._words
        self._preparing = session.watcher.run(
            lambda progress: words.learn(log, lambda: _rest(progress)),
            title=self.tr("Reading the audit log"),
            on_done=lambda _texts: self._on_prepared(session),
            owner=self,
        )

    def _on_prepared(self, session: StoreSession) -> None:
        if session is self._session:
            self._preparing = None
            self._apply_filter()

    # Doing

    def _copy_entry(self) -> None:
        entry = self.audit_view.current_record()
        if entry is not None:
            QGuiApplication.clipboard().setText(msgspec.json.format(msgspec.json.encode(entry)).decode())

    def _remember_sizes(self, _position: int, _index: int) -> None:
        if self._session is not None:
            self.ui.settings.set_splitter(self._session.key, "activity", self._splitter.sizes())


def _rest(progress: Progress) -> None:
    progress.wait(_REST_SECONDS)
    progress.raise_if_cancelled()
