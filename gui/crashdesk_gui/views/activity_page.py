"""Who decided what, when, on what evidence, and what came of it; below it what the application itself reported."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.models.activity import (
    LogFeed,
    LogLine,
    action_name,
    audit_columns,
    kind_name,
    log_columns,
    order_name,
    outcome_name,
    outcome_status,
)
from crashdesk_gui.models.export import csv_text, json_text
from crashdesk_gui.models.table import RecordTableModel
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.empty import EmptyState
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, push_button

_HOUR_NS = 3_600_000_000_000
_LEVELS = (20, 30, 40)


class ActivityPage(StatefulPage):
    """The audit log with its filter, details and export, and the application's log."""

    def __init__(self, ui: UiContext, log: LogFeed, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._log = log
        self._audit = RecordTableModel(audit_columns(ui.display), key=lambda entry: entry.seq, parent=self)
        self._lines = RecordTableModel(log_columns(ui.display), key=lambda line: line.number, parent=self)
        self._filter = FilterBar(ui, self.tr("Filter by text, order or operator"))
        self._banner = Banner(ui)
        self._none = TextLabel(ui, "", tone=Tone.MUTED, wrap=True)
        self.audit_view = RecordTableView(ui, self._audit, "audit", accessible_name=self.tr("Audit log"))
        self.log_view = RecordTableView(ui, self._lines, "log", accessible_name=self.tr("Application log"))
        self._details = DetailGrid(ui)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._build()
        self._filter.changed.connect(self._apply_filter)
        self.audit_view.current_changed.connect(self._show_details)
        self._log.changed.connect(self._show_log)
        self._splitter.splitterMoved.connect(self._remember_sizes)
        self._show()
        self._show_log()

    def set_session(self, session: StoreSession | None) -> None:
        """Show this store's audit log; None shows none."""
        if self._session is not None:
            self._session.overview_changed.disconnect(self._show)
        self._session = session
        if session is not None:
            session.overview_changed.connect(self._show)
            self.audit_view.set_store(session.key)
            sizes = self.ui.settings.splitter(session.key, "activity")
            self._splitter.setSizes(sizes or [420, 180])
        self._audit.set_records(())
        self._show()

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
        for text, slot in ((self.tr("Export CSV…"), self._export_csv), (self.tr("Export JSON…"), self._export_json)):
            self._filter.add_widget(push_button(self.ui, text, slot, icon="export"))
        log_panel = Panel(self.ui, self.tr("Application log"), flush=True)
        log_panel.add_head_widget(
            push_button(self.ui, self.tr("Copy all"), self._copy_log, kind=ButtonKind.QUIET, icon="copy")
        )
        log_panel.add(self.log_view)
        self._splitter.addWidget(self._audit_part())
        self._splitter.addWidget(log_panel)
        self._splitter.setHandleWidth(8)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([420, 180])
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
        details = Panel(self.ui, self.tr("Details"))
        details.add(self._details)
        details.body().addStretch(1)
        details.setMinimumWidth(280)
        part = QSplitter(Qt.Orientation.Horizontal)
        part.setHandleWidth(8)
        part.addWidget(table)
        part.addWidget(details)
        part.setStretchFactor(0, 3)
        part.setStretchFactor(1, 1)
        part.setSizes([780, 300])
        return part
