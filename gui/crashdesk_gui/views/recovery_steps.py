"""The first two steps of a recovery: from which checkpoint, and what of the exchange could be read."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crashdesk import CheckpointInfo
from crashdesk.exchange.records import Coverage, ScopeStatus
from crashdesk.operator_recovery import Comparison
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.errors import ended, newer_version, told_together
from crashdesk_gui.jobs import Job
from crashdesk_gui.joined_words import listed_apart
from crashdesk_gui.models.checkpoint_choice import (
    CheckpointChoice,
    CheckpointChoiceTexts,
    checkpoint_choices,
    newer_unusable,
    older_in_history,
    why_not,
)
from crashdesk_gui.models.compared_words import ComparedWords
from crashdesk_gui.models.plan import PlanTables
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.phrases import account_name, passed_over, said, scope_words
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.comparison_states import ComparisonStates
from crashdesk_gui.views.overview_findings import FindingsPanel
from crashdesk_gui.views.overview_panels import PositionsPanel
from crashdesk_gui.views.table_panel import TablePanel
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.scroll import ScrollColumn
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button


class StepView(QWidget):
    """A step's column: a headline, a muted sentence, then its content."""

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ui = ui
        self._headline = TextLabel(ui, style=TextStyle.TITLE, wrap=True)
        self._explanation = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 4, 0, 0)
        self.column.setSpacing(8)
        self.column.addWidget(self._headline)
        self.column.addWidget(self._explanation)

    @property
    def headline(self) -> str:
        """What the step says first."""
        return self._headline.text()

    def say(self, headline: str, explanation: str = "", tone: Tone = Tone.TEXT) -> None:
        """Say what the step is about."""
        self._headline.setText(headline)
        self._headline.set_tone(tone)
        self._explanation.setText(explanation)
        self._explanation.setVisible(bool(explanation))


class CheckpointStep(StepView):
    """Signals: `choice_changed()` when another checkpoint became the current one; `page_wanted(page id)`."""

    choice_changed = Signal()
    page_wanted = Signal(str)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent)
        self._choices: tuple[CheckpointChoice, ...] = ()
        self._also: int | None = None
        self._following = True
        self._updating = False
        self._overview = Overview()
        self._wanted: CheckpointInfo | None = None
        self._model = CheckpointChoiceTexts(ui.display, self).model()
        self.table = RecordTableView(
            ui,
            self._model,
            "recovery-checkpoints",
            accessible_name=self.tr("Checkpoints to recover from"),
            giving_way=("cause", "positions", "orders"),
        )
        self.table.setSelectionMode(self.table.SelectionMode.SingleSelection)
        self.table.current_changed.connect(self._on_current)
        panel = Panel(ui, flush=True)
        panel.add(self.table, 1)
        self._older = push_button(
            ui,
            self.tr("Older checkpoints: choose one in History, then “Recover from this…”"),
            lambda: self.page_wanted.emit("history"),
            kind=ButtonKind.QUIET,
            icon="history",
        )
        panel.body().addWidget(self._older, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(panel, 1)
        ui.display.ticked.connect(self._tick)

    def show_overview(self, overview: Overview) -> None:
        """Show what the store holds; a choice of the operator stays, otherwise the newest valid one is followed."""
        self._choices = checkpoint_choices(overview, self._also)
        self._overview = overview
        self._older.setVisible(older_in_history(overview))
        self._updating = True
        self._model.set_records(self._choices)
        newest = next((each for each in self._choices if each.newest_valid), None)
        if newest is not None and (self._following or self.table.current_record() is None):
            self.table.select_key(newest.name)
        self._updating = False
        self._explain()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.choose(wanted)

    def want(self, info: CheckpointInfo, overview: Overview | None) -> None:
        """Make this checkpoint the chosen one, as soon as it is known what the store holds."""
        self._wanted = info
        if overview is not None:
            self.show_overview(overview)

    def choose(self, info: CheckpointInfo) -> None:
        """Make this checkpoint the chosen one."""
        self._also = info.seq
        if not self.table.select_key(info.name):
            self.show_overview(self._overview)
            self.table.select_key(info.name)

    def reset(self) -> None:
        """Follow the newest valid checkpoint again."""
        self._following = True
        self._wanted = None

    @property
    def chosen(self) -> CheckpointChoice | None:
        """The current choice, usable or not; None when the store holds none."""
        record = self.table.current_record()
        return record if isinstance(record, CheckpointChoice) else None

    @property
    def info(self) -> CheckpointInfo | None:
        """The checkpoint to compare as it was; None means the last known state, or an empty one where nothing is known."""
        choice = self.chosen
        return None if choice is None or choice.newest_valid else choice.info

    @property
    def usable(self) -> bool:
        """Whether a comparison can start from the choice."""
        choice = self.chosen
        if choice is None:
            return not self._overview.latest_problem
        return choice.usable

    def _on_current(self, record: CheckpointChoice | None) -> None:
        if not self._updating:
            self._following = record is None or record.newest_valid
            self._explain()
            self.choice_changed.emit()

    def _tick(self) -> None:
        if self.isVisible():
            self._explain()

    def _explain(self) -> None:
        choice = self.chosen
        if choice is None and self._overview.latest_problem:
            newer = self._overview.latest_newer
            self.say(
                self.tr("No checkpoint can be used"),
                newer_version() if newer else said(self._overview.latest_problem),
                Tone.WARNING if newer else Tone.DANGER,
            )
        elif choice is None:
            self.say(
                self.tr("This store holds no checkpoint"),
                self.tr("The comparison starts from an empty state: every open order counts as an orphan."),
            )
        elif not choice.usable:
            tone = Tone.WARNING if choice.newer else Tone.DANGER
            self.say(self.tr("Checkpoint {0} cannot be used").format(choice.seq), why_not(choice), tone)
        elif choice.newest_valid:
            self._explain_last_known(choice)
        else:
            self.say(
                self.tr("Recover from checkpoint {0}, {1}").format(choice.seq, self.ui.display.age(choice.timestamp)),
                self.tr(
                    "This is not the last known state: the checkpoint is taken as it was, without later changes. "
                    "Orders that the bot placed after it will be found as orphans."
                ),
                Tone.WARNING,
            )

    def _explain_last_known(self, choice: CheckpointChoice) -> None:
        age = self.ui.display.age(self._overview.known_at)
        if choice.alone:
            self.say(
                self.tr("Recover from the last known state, {0}").format(age), self._why_journal(choice), Tone.WARNING
            )
            return
        sentences = [self._why_newest(), self._what_follows(choice)]
        problem = said(self._overview.known_problem).rstrip(".。")
        if problem:
            sentences.append(self.tr("Something may be missing: {0}. What the exchange says decides.").format(problem))
        self.say(
            self.tr("Recover from the last known state: checkpoint {0}, {1}").format(choice.seq, age)
            if not choice.changes
            else self.tr("Recover from the last known state: checkpoint {0} + {1}, {2}").format(
                choice.seq, self.tr("%n change(s)", "", choice.changes), age
            ),
            told_together(*(each for each in sentences if each)),
            Tone.WARNING if problem else Tone.TEXT,
        )

    def _why_journal(self, choice: CheckpointChoice) -> str:
        made = self.tr(
            "It was put together from the journal alone: %n change(s), the last of {0}.", "", choice.changes
        ).format(self.ui.display.time(choice.timestamp))
        if not newer_unusable(self._choices):
            return made
        return self.tr("No checkpoint can be used.") + f" {made} " + self.tr("What the exchange says decides.")

    def _why_newest(self) -> str:
        newer = newer_unusable(self._choices)
        if not newer:
            return self.tr("The checkpoint is the newest one, and it passed every check.")
        reasons = listed_apart(
            self.tr("{0}: {1}").format(each.name if each.seq is None else each.seq, why_not(each)) for each in newer[:3]
        )
        return self.tr("The checkpoint is the newest one that passed every check. Newer, and not usable: {0}").format(
            ended(reasons)
        )

    def _what_follows(self, choice: CheckpointChoice) -> str:
        if not choice.changes:
            return ""
        return self.tr("The journal's later changes are included, the last of {0}: orders {1}, positions {2}.").format(
            self.ui.display.time(self._overview.known_until), choice.orders, choice.positions
        )


class CompareStep(StatefulPage):
    """What was found of the orders and positions, and what of the exchange was read for it, scope by scope.

    Signals: `page_wanted(page id)`.
    """

    page_wanted = Signal(str)

    def __init__(self, ui: UiContext, words: PlanWords, exports: TableExports, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent)
        self._states = ComparisonStates(ui, self)
        self._compared = ComparedWords(self)
        self.view = StepView(ui)
        self._findings = FindingsPanel(ui)
        self._positions = PositionsPanel(ui)
        model = PlanTables(words, self).coverage()
        self._coverage = TablePanel(
            ui, model, self.tr("Coverage by scope"), "coverage", exports, most_rows=10, hidden_empty=("reason",)
        )
        self.table = self._coverage.table
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        found = QHBoxLayout()
        found.setSpacing(8)
        for panel in (self._findings, self._positions):
            found.addWidget(panel, 1, Qt.AlignmentFlag.AlignTop)
            panel.page_wanted.connect(self.page_wanted)
        body.addLayout(found)
        body.addWidget(self._coverage)
        body.addStretch(1)
        area = ScrollColumn(ui, inside, self.tr("What was read, and what was found"))
        area.setObjectName("recovery-findings")
        self.view.column.addWidget(area, 1)
        self.set_content(self.view)

    def show_state(self, session: StoreSession, compare: Callable[[], object], connect: Callable[[], object]) -> None:
        """Show the comparison, or why there is none; `compare` and `connect` are the next steps to offer."""
        comparison = session.comparison
        if session.busy and session.runner.jobs:
            self.show_loading(session.runner.jobs[0].title)
        elif session.comparing_error is not None and session.exchange is not None:
            self.show_error(self._states.not_readable(session.comparing_error, compare, session))
        elif comparison is not None:
            self._show_comparison(comparison)
            self.show_content()
        elif session.exchange is None:
            self.show_empty(self._states.no_exchange(connect))
        else:
            self.show_empty(self._states.not_compared(compare))

    def show_progress(self, job: Job) -> None:
        """Show how far the comparison is."""
        self.show_loading(job.title).set_progress(job.done, job.total, said(job.text))

    def _show_comparison(self, comparison: Comparison) -> None:
        plan, coverage = comparison.plan, comparison.plan.coverage
        readings = dict.fromkeys(coverage.readings)
        # What is missing stands first: it is what an operator must know.
        self._coverage.show_records(sorted(readings, key=lambda each: each.status is ScopeStatus.READ))
        self._findings.set_plan(plan)
        self._positions.set_plan(plan)
        sentences = [
            self.tr("{0}, account {1}, read at {2}.").format(
                plan.exchange,
                account_name(plan.account_label) or "—",
                self.ui.display.time(comparison.snapshot.finished_at),
            )
        ]
        offset = comparison.snapshot.clock_offset_ns
        if offset is None:
            sentences.append(self.tr("How far its clock is from ours could not be measured."))
        else:
            sentences.append(self.tr("Its clock differs from ours by {0} ms.").format(abs(offset) // 1_000_000))
        if plan.checkpoint_seq is None and plan.changes:
            sentences.append(self.tr("No checkpoint could be used: what was known comes from the journal alone."))
        elif plan.denied:
            sentences.append(self.tr("Look whether the keys are those of the right account."))
        elif plan.journal_problem:
            sentences.append(
                self.tr("Something may be missing in what was known: {0}.").format(said(plan.journal_problem))
            )
        sentences += passed_over(comparison.skipped)
        headline, tone = self._compared.headline(plan)
        self.view.say(headline, told_together(self._coverage_words(coverage), *sentences), tone)

    def _coverage_words(self, coverage: Coverage) -> str:
        read, asked = coverage.read_count(), len(coverage.readings)
        if coverage.complete:
            return self.tr("{0} of {1} scopes were read.").format(read, asked)
        missing = listed_apart(scope_words(each.scope) for each in coverage.gaps())
        text = self.tr(
            "{0} of {1} scopes were read, not these: {2}. What is in them is unknown, and stays in the recovered state as it "
            "was known."
        )
        return text.format(read, asked, missing)
