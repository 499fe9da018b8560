"""The application's log on the Activity page: the newest line first, where it is seen without scrolling."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.activity import LogFeed, LogModel
from crashdesk_gui.models.export import tsv_text
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, push_button


class LogPanel(Panel):
    """What the application reported, as it comes. Who stands at the newest line sees the next one come; who reads further
    down is left where he reads.
    """

    def __init__(self, ui: UiContext, log: LogFeed, parent: QWidget | None = None) -> None:
        super().__init__(ui, self.tr("Application log"), flush=True, parent=parent)
        #: The log itself is English, for whoever is sent it: a translation into another language says so here.
        order = self.tr("the newest first")
        self.set_title(self.tr("Application log"), order)
        self._log = log
        self._lines = LogModel(ui.display, self)
        self.view = RecordTableView(ui, self._lines, "log", accessible_name=self.tr("Application log"))
        self._nothing = TextLabel(ui, self.tr("Nothing has been logged yet."), tone=Tone.MUTED, wrap=True)
        self._nothing.setContentsMargins(15, 0, 15, 0)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._copy_all = push_button(ui, self.tr("Copy all"), self._copy, kind=ButtonKind.QUIET, icon="copy")
        self.add_head_widget(self._copy_all)
        self.add(self._nothing, 1)
        self.add(self.view, 1)
        self._at_end = True
        bar = self.view.verticalScrollBar()
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._follow)
        log.changed.connect(self._on_news)
        ui.display.changed.connect(self._fit_times)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _on_news(self) -> None:
        # What nobody sees need not follow; the panel looks when it is shown.
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        at_end = self._at_end
        # The table leaves its place when lines come above it, unless that is its very top.
        self._lines.set_records(reversed(self._log.lines))
        something = bool(self._log.lines)
        self._nothing.setVisible(not something)
        self.view.setVisible(something)
        self._copy_all.setEnabled(something)
        self._at_end = at_end
        self._follow()

    def _fit_times(self) -> None:
        """A time with its zone is longer."""
        self.view.fit_columns(narrow=False, only=("at",))

    def _newest_below(self) -> bool:
        """Whether the operator has sorted by time, the oldest first."""
        column = self._lines.sort_column
        by_time = column >= 0 and self._lines.columns[column].id == "at"
        return by_time and self._lines.sort_order == Qt.SortOrder.AscendingOrder

    def _on_scrolled(self, value: int) -> None:
        self._at_end = value == self.view.verticalScrollBar().maximum()

    def _follow(self, *_range: int) -> None:
        """Go on to the end, also when rows become as high as their texts only now."""
        if self._at_end and self._newest_below():
            self.view.scrollToBottom()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(tsv_text(self._lines, self._lines.shown_records()))
