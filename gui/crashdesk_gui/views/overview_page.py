"""The first page: is everything all right, and if not, the one next step."""

from __future__ import annotations

import os
from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.situation import Situation, Step, judge
from crashdesk_gui.views import overview_words as words
from crashdesk_gui.views.overview_panels import FindingsPanel, NewsPanel, NoticesPanel
from crashdesk_gui.widgets.empty import Choice, EmptyState, ErrorState
from crashdesk_gui.widgets.facts import FactCard, FactRow
from crashdesk_gui.widgets.panel import PAGE_GAP, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button

_PAGE_OF_STEP = {Step.REVIEW: "orphans", Step.RECOVER: "recovery", Step.RESUME: "recovery"}


class OverviewPage(StatefulPage):
    """A sentence, five facts, one button.

    Signals: `page_wanted(id)`, `compare_wanted()`, `connect_wanted()`, `restart_wanted()`.
    """

    page_wanted = Signal(str)
    compare_wanted = Signal()
    connect_wanted = Signal()
    restart_wanted = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._live: bool | None = None
        self._reviewed: Collection[str] = ()
        self._restartable = False
        self._restarting = False
        self._step = Step.NONE
        self._sentence = TextLabel(ui, style=TextStyle.DISPLAY, wrap=True)
        self._line = TextLabel(ui, tone=_muted(), wrap=True)
        self._primary = push_button(ui, "", self._go, kind=ButtonKind.PRIMARY)
        self._again = push_button(
            ui, self.tr("Compare again"), self.compare_wanted.emit, kind=ButtonKind.QUIET, icon="refresh"
        )
        self._cards = {
            "history": FactCard(ui, self.tr("Last checkpoint"), link=True),
            "activity": FactCard(ui, self.tr("Bot"), link=True),
            "exchange": FactCard(ui, self.tr("Exchange"), link=True),
            "positions": FactCard(ui, self.tr("Positions"), link=True),
            "orphans": FactCard(ui, self.tr("Orphan orders"), link=True),
        }
        self._notices = NoticesPanel(ui)
        self._findings = FindingsPanel(ui)
        self._news = NewsPanel(ui)
        self._build()
        ui.display.ticked.connect(self._show)
        ui.display.changed.connect(self._show)

    def set_session(self, session: StoreSession | None) -> None:
        """Show this store."""
        for old, connect in ((self._session, False), (session, True)):
            if old is not None:
                for signal in (old.overview_changed, old.comparison_changed, old.exchange_changed, old.report_ready):
                    signal.connect(self._show) if connect else signal.disconnect(self._show)
                old.busy_changed.connect(self._show) if connect else old.busy_changed.disconnect(self._show)
                old.failed.connect(self._show) if connect else old.failed.disconnect(self._show)
        self._session = session
        self._show()
