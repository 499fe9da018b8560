"""The first page: is everything all right, and if not, the one next step."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.desk_words import tally_of
from crashdesk_gui.ended_demonstration import explain_of
from crashdesk_gui.errors import explain
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.situation import Situation, Standing, Step, judge
from crashdesk_gui.theme import Tone
from crashdesk_gui.views import overview_words as words
from crashdesk_gui.views.overview_bot import bot_fact
from crashdesk_gui.views.overview_findings import FindingsPanel
from crashdesk_gui.views.overview_orphans import orphans_fact
from crashdesk_gui.views.overview_panels import NewsPanel, NoticesPanel, PositionsPanel, column
from crashdesk_gui.views.overview_positions import positions_fact
from crashdesk_gui.views.overview_unreadable import known_before, store_gone, without_exchange
from crashdesk_gui.widgets.empty import Choice, EmptyState, ErrorState
from crashdesk_gui.widgets.facts import FactCard, FactRow
from crashdesk_gui.widgets.focus import FocusKeeper, can_focus
from crashdesk_gui.widgets.panel import page_layout
from crashdesk_gui.widgets.scroll import ScrollColumn
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, needs_press, push_button

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
        self._state = ""
        self._stand_in: QWidget | None = None
        self._sentence = TextLabel(ui, style=TextStyle.DISPLAY, wrap=True)
        self._line = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self.primary = push_button(ui, "", self._go, kind=ButtonKind.PRIMARY)
        self._again = push_button(
            ui, self.tr("Compare again"), self.compare_wanted.emit, kind=ButtonKind.QUIET, icon="refresh"
        )
        self._report = push_button(
            ui,
            self.tr("See the report"),
            lambda: self.page_wanted.emit("recovery"),
            icon="recovery",
        )
        self._known = FactCard(ui, self.tr("Last known state"), link=True)
        self._bot = FactCard(ui, self.tr("Bot"), link=True)
        self._exchange = FactCard(ui, self.tr("Exchange"), link=True)
        self._positions = FactCard(ui, self.tr("Positions"), link=True)
        self._orphans = FactCard(ui, self.tr("Orphan orders"), link=True)
        self.notices = NoticesPanel(ui)
        self._findings = FindingsPanel(ui)
        self._legs = PositionsPanel(ui)
        self._news = NewsPanel(ui)
        self._keeper = FocusKeeper(self, self.content_focus)
        self._build()
        self._connect()
        self._present()

    # What the composition root tells

    def set_session(self, session: StoreSession | None) -> None:
        """Show this store; None shows that none is open."""
        if self._session is not None:
            for signal in _signals(self._session):
                signal.disconnect(self._present)
        self._session = session
        if session is not None:
            for signal in _signals(session):
                signal.connect(self._present)
        self._present()

    def set_live(self, live: bool | None) -> None:
        """Say whether the connected account is live; None when nobody knows."""
        self._live = live
        self._present()

    def set_reviewed(self, plans: Collection[str]) -> None:
        """Say whose plans' orphan orders the operator has looked at."""
        self._reviewed = plans
        self._present()

    def set_restart(self, *, possible: bool, under_way: bool = False) -> None:
        """Say whether the bot can be started from here, and whether that is being done."""
        self._restartable = possible
        self._restarting = under_way
        self._present()

    def on_shown(self) -> None:
        """Put the keyboard on the next step."""
        self.take_focus()

    def take_focus(self) -> None:
        """Take the keyboard to the next step; while there is none to press, it is followed there when there is."""
        super().take_focus()
        now, first = self.window().focusWidget(), self.content_focus()
        if now is self.primary and first is self._report:
            # The page had been left from the button that now starts the bot.
            now = first
            now.setFocus()
        self._stand_in = None if now in (self.primary, self._report) else now

    def content_focus(self) -> QWidget | None:
        """The next step; while that is being found out, the column, where Enter does nothing; without one, the first fact.

        A report that warns of something comes before the step that follows it.
        """
        busy = self._session is not None and (self._session.busy or self._session.comparison is None)
        report = None if self._session is None else self._session.report
        first = (self._report,) if report is not None and not report.conclusion.clean else ()
        steps = (*first, self.primary, self._again)
        return next((each for each in steps if can_focus(each)), self._column if busy else self._known)

    @property
    def sentence(self) -> str:
        """What the large type says, or will say as soon as the page is seen."""
        self.catch_up()
        return self._sentence.text()

    # Building

    def _build(self) -> None:
        content = _Content()
        layout = page_layout(content)
        layout.setSpacing(16)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.primary)
        buttons.addWidget(self._report)
        buttons.addWidget(self._again)
        buttons.addStretch(1)
        cards = (self._known, self._bot, self._exchange, self._positions, self._orphans)
        layout.addLayout(column(4, self._sentence, self._line))
        layout.addLayout(buttons)
        layout.addWidget(FactRow(cards))
        layout.addWidget(self.notices)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(self._findings, 1, Qt.AlignmentFlag.AlignTop)
        right = column(8, self._legs, self._news)
        right.addStretch(1)
        lower.addLayout(right, 1)
        layout.addLayout(lower)
        layout.addStretch(1)
        self._column = ScrollColumn(self.ui, content, self.tr("Situation of the store"))
        self._column.setObjectName("situation")
        self.set_content(self._column)

    def _connect(self) -> None:
        wishes = {
            self._known: "history",
            self._bot: "activity",
            self._positions: "positions",
            self._orphans: "orphans",
        }
        for card, page in wishes.items():
            card.activated.connect(lambda page=page: self.page_wanted.emit(page))
        self._exchange.activated.connect(self.connect_wanted)
        self.notices.page_wanted.connect(self.page_wanted)
        for panel in (self._findings, self._legs, self._news):
            panel.page_wanted.connect(self.page_wanted)
        self.ui.display.ticked.connect(self._present)
        self.ui.display.changed.connect(self._present)

    # Showing

    def _present(self, *_news: object) -> None:
        self.when_shown(self._present_now)

    def _present_now(self) -> None:
        with self._keeper.steady():
            self._show_what_is_known()
        stand_in = self._stand_in
        if stand_in is None:
            return
        if self.window().focusWidget() is not stand_in:
            self._stand_in = None  # the operator has gone elsewhere
        elif can_focus(self.primary):
            self.primary.setFocus()
            self._stand_in = None

    def _show_what_is_known(self) -> None:
        session = self._session
        if session is None:
            self._show_nothing()
        elif session.overview is not None:
            self._show_situation(session, session.overview)
        elif session.overview_error is not None:
            self._show_failure(session, session.overview_error)
        elif self._enter("loading"):
            self.show_loading(self.tr("Reading the store…"))

    def _show_nothing(self) -> None:
        if self._enter("nothing"):
            text = self.tr("Choose one on the left, or open another.")
            self.show_empty(EmptyState(self.ui, self.tr("No store is open"), text, icon="store"))

    def _show_failure(self, session: StoreSession, error: Exception) -> None:
        if self._enter(f"error {error}"):
            told = explain(error)
            choices = [Choice(self.tr("Try again"), session.refresh, "refresh")]
            self.show_error(ErrorState(self.ui, told.title, meaning=told.meaning, remedy=told.advice, choices=choices))

    def _show_situation(self, session: StoreSession, overview: Overview) -> None:
        situation = judge(
            overview,
            connected=session.exchange is not None,
            comparison=session.comparison,
            report=session.report,
            tally=tally_of(session, self._reviewed),
            own_pid=os.getpid(),
        )
        gone = session.overview_error is not None
        if gone:
            situation = replace(situation, step=Step.NONE)
        busy = session.busy or self._restarting
        self._step = situation.step
        self._sentence.setText(self._headline(session, situation))
        line = "" if gone else words.explanation(situation, busy=busy, restartable=self._restartable)
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self._show_buttons(session, situation, busy)
        self._show_facts(session, overview, situation)
        self.notices.set_situation(overview, situation)
        shown = None if situation.settled else situation.plan
        self._findings.set_plan(shown)
        self._legs.set_plan(shown)
        self._news.set_entries(overview.entries, overview.audit_problem or overview.journal_problem)
        if self._enter("content"):
            self.show_content()

    def _headline(self, session: StoreSession, situation: Situation) -> str:
        if session.overview_error is not None:
            return store_gone()
        told = words.headline(situation, self.ui.display)
        unread = session.comparing_error is not None and session.comparison is None
        return without_exchange(told) if unread else told

    def _show_buttons(self, session: StoreSession, situation: Situation, busy: bool) -> None:
        offer = words.offer(situation.step)
        possible = situation.step is not Step.RESTART or self._restartable
        self.primary.setVisible(offer is not None and possible)
        if offer is not None and self.primary.text() != offer.text:
            self.primary.setText(offer.text)
            self.primary.setIcon(self.ui.icons.on_accent(offer.icon))
        self.primary.setEnabled(not busy)
        needs_press(self.primary, situation.step is Step.RESTART)
        self._report.setVisible(situation.report is not None)
        compared = session.exchange is not None and situation.step not in (Step.COMPARE, Step.COMPARE_LAST)
        readable = session.overview_error is None
        self._again.setVisible(readable and compared and situation.standing is not Standing.RECOVERING)
        self._again.setText(self.tr("Compare again") if situation.plan else self.tr("Compare with the exchange"))
        self._again.setEnabled(not busy)

    def _show_facts(self, session: StoreSession, overview: Overview, situation: Situation) -> None:
        display = self.ui.display
        gone, error = session.overview_error is not None, session.comparing_error
        problem = explain_of(session, error).title if error is not None else ""
        facts = {
            self._known: known_before(overview, display) if gone else words.known_fact(overview, display),
            self._bot: bot_fact(overview, situation, display),
            self._exchange: words.exchange_fact(situation, session.exchange, display, live=self._live, problem=problem),
            self._positions: positions_fact(situation, display),
            self._orphans: orphans_fact(situation, display),
        }
        for card, fact in facts.items():
            card.set_fact(fact.answer, status=fact.status, word=fact.word, note=fact.note)

    def _enter(self, state: str) -> bool:
        """Whether this state of the page is not the one shown, so that a tick does not rebuild it."""
        before, self._state = self._state, state
        return before != state

    def _go(self) -> None:
        if self._step in _PAGE_OF_STEP:
            self.page_wanted.emit(_PAGE_OF_STEP[self._step])
            return
        wish = {
            Step.CONNECT: self.connect_wanted,
            Step.COMPARE: self.compare_wanted,
            Step.COMPARE_LAST: self.compare_wanted,
            Step.RESTART: self.restart_wanted,
        }.get(self._step)
        if wish is not None:
            wish.emit()


class _Content(QWidget):
    """As high as its texts need at its width; Qt would ask for the height that they need at their narrowest."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


def _signals(session: StoreSession) -> tuple[SignalInstance, ...]:
    return (
        session.overview_changed,
        session.comparison_changed,
        session.exchange_changed,
        session.decisions_changed,
        session.report_ready,
        session.failed,
        session.busy_changed,
    )
