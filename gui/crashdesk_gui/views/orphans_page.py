"""The page of orphan orders: review the evidence, decide on each, and carry the decisions to the recovery."""

from collections.abc import Callable, Hashable

import msgspec
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from crashdesk.operator_recovery import Comparison, RecoveryReport
from crashdesk.reconcile.records import Outcome
from crashdesk_gui.actions import DECISION_KEYS, native_keys
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.recovery_gate import RecoveryGate, broke_off, executed, is_outdated
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.exporting import AskPath, ask_save_path
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.orphan_search import OrphanSearch
from crashdesk_gui.models.orphans import OrphanRow, OrphanTable, not_touched
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.next_turn import NextTurn
from crashdesk_gui.phrases import said
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.views.comparison_states import ComparisonStates
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.views.orphan_banners import OrphanBanners
from crashdesk_gui.views.orphan_deciding import OrphanDeciding
from crashdesk_gui.views.orphan_footer import OrphanFooter
from crashdesk_gui.views.orphan_splitter import OrphanSplitter
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.focus import FocusKeeper
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, push_button

_AGE_REFRESH_TICKS = 15
_MANY = 2_000
"""The rows of so many orders take what one turn of the window may: they are shown in the next, and the evidence in one more."""


class OrphansState(msgspec.Struct, frozen=True, kw_only=True):
    """What is in hand beside the table: the order on which a note is being typed. The note itself is kept by the session."""

    about: Hashable


class OrphansPage(StatefulPage):
    """Decisions on orphan orders. Deciding touches nothing; the recovery page executes.

    Signals: `page_wanted(page id)`; `exchange_wanted()` when the operator wants to connect an exchange.
    """

    page_wanted = Signal(str)
    exchange_wanted = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None, *, ask_path: AskPath = ask_save_path) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._came_back: dict[str, Outcome] = {}
        self._rows_of: object = None
        self._searched: object = None
        self._condition = (False, "", "")
        self._ticks = 0
        self._words = PlanWords(ui.display, self)
        self._states = ComparisonStates(ui, self)
        self._gate = RecoveryGate(ui.display, self)
        self._model = OrphanTable(self._words, self)
        self._search = OrphanSearch(self._model, self._words, self)
        self._search.completed.connect(self._filter_again)
        self._exports = TableExports(ui, self, ask=ask_path)
        self._keeper = FocusKeeper(self, self.content_focus)
        self._selecting = NextTurn(self)
        self._selecting.came.connect(self._select_one)
        self._revealing = NextTurn(self)
        self._revealing.came.connect(self._reveal_late)
        self.set_content(self._build())
        ui.display.ticked.connect(self._tick)
        self._show_state()

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store's orphan orders."""
        for signal, slot in self._links(self._session):
            signal.disconnect(slot)
        self._session = session
        self._deciding.set_session(session)
        self._exports.set_session(session)
        self._banners.hide_note()
        self._came_back = not_touched(session.last_report if session is not None else None)
        self._rows_of = None
        for signal, slot in self._links(session):
            signal.connect(slot)
        if session is not None:
            self._table.set_store(session.key)
            self._filter.remember(session.key, "orphans")
            self._splitter.set_store(session.key)
        self._on_news()

    def own_state(self) -> OrphansState | None:
        row = self._table.current_record()
        if row is None or not self._evidence.noting:
            return None
        return OrphansState(about=row.key)

    def restore_own(self, own: msgspec.Struct) -> None:
        row = self._table.current_record()
        if isinstance(own, OrphansState) and row is not None and row.key == own.about:
            self._evidence.go_on_noting()

    def refresh(self) -> None:
        """Compare with the exchange again."""
        if self._session is not None and not self._session.busy:
            self._session.compare()

    def on_shown(self) -> None:
        """Put the keyboard on the orders."""
        if self.showing_content:
            self._table.setFocus()

    def content_focus(self) -> QWidget | None:
        """The orders."""
        return self._table

    def focus_filter(self) -> None:
        """Put the cursor into the filter."""
        self._filter.focus_text()

    # Building

    def _build(self) -> QWidget:
        content = QWidget()
        layout = page_layout(content)
        self._filter = FilterBar(self.ui, self.tr("Filter by symbol, side, id or reason"))
        self._filter.changed.connect(self._apply_filter)
        self._again = push_button(self.ui, self.tr("Compare again"), self.refresh, icon="refresh")
        self._proposal = push_button(
            self.ui,
            self.tr("Reset to proposal"),
            self._propose,
            kind=ButtonKind.QUIET,
            tip=self.tr("Drop every decision and propose again what is provably ours"),
        )
        self._proposal_tip = self._proposal.toolTip()
        self._filter.add_widget(self._proposal)
        self._filter.add_widget(self._exports.button(self._model, "orphan-orders", self.tr("Orphan orders")))
        self._filter.add_widget(self._again)
        self._banners = OrphanBanners(
            self.ui,
            self._words,
            self._gate,
            report=lambda: self.page_wanted.emit("recovery"),
            compare_last=self.refresh,
        )
        self._exports.said.connect(self._banners.show_note)
        self._footer = OrphanFooter(self.ui, self._words)
        self._footer.recovery_wanted.connect(lambda: self.page_wanted.emit("recovery"))
        self._splitter = self._build_tables()
        layout.addWidget(self._filter)
        layout.addWidget(self._banners)
        layout.addWidget(self._splitter, 1)
        layout.addWidget(self._footer)
        return content

    def _build_tables(self) -> OrphanSplitter:
        self._table = RecordTableView(
            self.ui,
            self._model,
            "orphans",
            accessible_name=self.tr("Orphan orders, grouped by verdict"),
            giving_way=("client_order_id", "type", "distance", "notional"),
        )
        self._table.setAccessibleDescription(
            self.tr(
                "Space or {0}: cancel. {1}: adopt. {2}: leave. {3}: clear the decision. The evidence follows below."
            ).format(*map(native_keys, DECISION_KEYS.values()))
        )
        self._table.current_changed.connect(lambda _record: self._show_evidence())
        self._table.selection_changed.connect(lambda _records: self._show_evidence())
        panel = Panel(self.ui, flush=True)
        panel.add(self._table)
        self._evidence = EvidencePanel(self.ui, self._words, self._model.why_in_full)
        self._deciding = OrphanDeciding(self._gate, self._model, self._table, self._evidence, self)
        self._evidence.note_typed.connect(self._show_lost_notes)
        self._table.record_activated.connect(lambda _record: self._evidence.take_focus())
        return OrphanSplitter(self.ui, panel, self._evidence)

    # What is known

    def _links(self, session: StoreSession | None) -> list[tuple[SignalInstance, Callable[..., object]]]:
        if session is None:
            return []
        return [
            (session.comparison_changed, self._on_comparison),
            (session.overview_changed, self._on_overview),
            (session.decisions_changed, self._on_decisions),
            (session.exchange_changed, self._on_news),
            (session.busy_changed, self._on_news),
            (session.report_ready, self._on_report),
            (session.runner.progressed, self._on_progress),
        ]

    def _on_comparison(self, _comparison: Comparison | None) -> None:
        self._on_news()

    def _on_overview(self, _overview: Overview) -> None:
        """Only who holds the store, and whether the comparison is one of the past, is news here."""
        session = self._session
        condition = session is not None and is_outdated(session), self._held(), self._older()
        if condition != self._condition:
            self._condition = condition
            self._on_news()

    def _on_news(self) -> None:
        self.when_shown(self._show_state)

    def _on_decisions(self) -> None:
        if self.isVisible():
            self._show_rows()
        else:
            self._on_news()

    def _on_report(self, report: RecoveryReport) -> None:
        self._came_back = not_touched(report)
        self._on_news()

    def _on_progress(self, job: Job) -> None:
        if not self.showing_content and self._session is not None and self._session.comparison is None:
            self.show_loading(job.title).set_progress(job.done, job.total, said(job.text))

    def _show_state(self) -> None:
        with self._keeper.steady():
            self._show_what_is_known()

    def _show_what_is_known(self) -> None:
        self._revealing.stop()
        session = self._session
        comparison = session.comparison if session else None
        nothing_to_show = comparison is None or not comparison.plan.orphans
        if session is None:
            self.show_empty(self._states.no_store())
        elif comparison is None and session.exchange is None:
            self.show_empty(self._states.no_exchange(self.exchange_wanted.emit))
        elif comparison is None and session.busy:
            running = session.runner.jobs
            self.show_loading(running[0].title if running else "")
        elif nothing_to_show and session.comparing_error is not None:
            self.show_error(self._states.not_readable(session.comparing_error, self.refresh, session))
        elif comparison is None:
            self.show_empty(self._states.not_compared(self.refresh))
        elif is_outdated(session) and not session.busy:
            self.show_empty(self._states.outdated(self._gate.outdated(session), self.refresh))
        elif not comparison.plan.orphans:
            self.show_empty(self._states.all_clear(comparison.plan, self.refresh))
        else:
            self._show_comparison(session, comparison)
            if self._model.rowCount() > _MANY and not self.showing_content:
                self._revealing.start()
            else:
                self._reveal()

    def _reveal_late(self) -> None:
        self._reveal()
        self._selecting.start()

    def _reveal(self) -> None:
        self.show_content()
        self._splitter.set_rows(self._model.rowCount())

    def _show_comparison(self, session: StoreSession, comparison: Comparison) -> None:
        held = self._held()
        self._banners.show_comparison(session, comparison)
        self._footer.set_executed(self._executed(), broke_off=broke_off(session))
        self._footer.set_held(held)
        self._evidence.setToolTip(held)
        self._proposal.setToolTip(held or self._proposal_tip)
        self._again.setEnabled(not session.busy and session.exchange is not None)
        self._proposal.setEnabled(not self._deciding.locked)
        self._show_rows()
        if self._model.rowCount() > _MANY:
            self._selecting.start()
        else:
            self._select_one()

    def _select_one(self) -> None:
        if self._table.current_record() is None:
            self._table.select_first()

    def _show_rows(self) -> None:
        session = self._session
        if session is None or session.comparison is None:
            return
        plan = session.comparison.plan
        report = session.report
        done = {} if report is None else {each.order_key: each for each in report.execution.outcomes}
        if not self._executed():
            done = {}
        before = self._came_back if not done else {}
        held = bool(self._held())
        self._model.set_proposed(not plan.journal_problem, read_only=session.read_only, held=held)
        decided = session.decisions
        if self._rows_of == (plan.id, decided, done, before, held):
            self._show_evidence()
            return
        self._rows_of = (plan.id, decided, done, before, held)
        # What cannot be done now stands nowhere as if it would be.
        taken = {} if held else session.taken
        rows = [
            OrphanRow(
                key=key,
                verdict=verdict,
                decision=taken.get(key),
                outcome=done.get(key) if done else None,
                before=before.get(key) if before else None,
            )
            for key, verdict in session.orphans.items()
        ]
        if self._searched != (plan.id, before):
            self._searched = plan.id, before
            self._search.prepare(rows)
        self._model.set_records(rows)
        self._footer.set_count(session.decision_count)
        self._show_counts(len(rows))
        self._show_evidence()

    def _show_counts(self, all_rows: int) -> None:
        shown = self._model.shown_count()
        hidden = self._model.hidden_checked_count()
        text = self.tr("{0} of {1}").format(shown, all_rows) if shown != all_rows else ""
        if self._filter.text() and self._search.busy:
            self._search.hurry()
            text = "…"
        elif hidden:
            text += " · " + self.tr("{0} chosen for cancelling not shown").format(hidden)
        self._filter.set_count(text)

    def _show_evidence(self) -> None:
        session, row = self._session, self._table.current_record()
        if session is None or session.comparison is None or row is None:
            self._evidence.set_selected(0, locked=True)
            return
        fresh = self._model.record(row.key) or row
        comparison = session.comparison
        market = comparison.snapshot.market(fresh.live.symbol)
        self._evidence.show_row(fresh, market, comparison.plan.journal_problem, session.note_of(fresh.key))
        self._evidence.set_selected(len(self._table.selected_records()), locked=self._deciding.locked)

    def _propose(self) -> None:
        self._deciding.propose()

    def _show_lost_notes(self, _note: str) -> None:
        if self._session is not None:
            self._footer.set_count(self._session.decision_count)

    def _executed(self) -> bool:
        return self._session is not None and executed(self._session)

    def _held(self) -> str:
        return "" if self._session is None else self._gate.undecidable(self._session)

    def _older(self) -> str:
        return "" if self._session is None else self._gate.older(self._session)

    # Filter and ages

    def _apply_filter(self) -> None:
        """Show what the filter finds; as soon as all is written that it looks into, the rows stay as they are until then."""
        wanted = self._filter.text()
        if not (wanted and self._search.busy):
            self._model.set_filter(self._search.finds(wanted) if wanted else None)
        self._show_counts(len(self._model.records()))

    def _filter_again(self) -> None:
        if self._filter.text():
            self._apply_filter()
            self._select_one()

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % _AGE_REFRESH_TICKS == 0 and self.isVisible() and self.showing_content:
            self._model.refresh_texts()
