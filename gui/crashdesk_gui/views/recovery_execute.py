"""The fourth step of a recovery: exactly what will be done, then how far it is."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from operator import attrgetter

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QProgressBar, QWidget

from crashdesk.execute import step_text
from crashdesk.reconcile.records import Decision, OrderVerdict, OrderVerdictKind, Plan
from crashdesk.stops_after import stops_after
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.recovery_gate import is_outdated
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.decisions import DecisionCount
from crashdesk_gui.errors import told_together
from crashdesk_gui.jobs import Job
from crashdesk_gui.joined_words import labelled, listed
from crashdesk_gui.models.decision_warnings import DecisionWarnings
from crashdesk_gui.models.order_fields import order_fields
from crashdesk_gui.models.plan_words import PlanWords, side_tone
from crashdesk_gui.models.stops_after import StopsAfterWords
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.phrases import said, scope_words
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.recovery_steps import StepView
from crashdesk_gui.views.stop_notes import StopNotes
from crashdesk_gui.views.table_panel import TablePanel
from crashdesk_gui.widgets.text import TextLabel, TextStyle


class ActionState(enum.Enum):
    """Where one decision is on its way."""

    PLANNED = "planned"
    WAITING = "waiting"
    WORKING = "working"
    FINISHED = "finished"


class ActionRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One decision that is going to be carried out."""

    decision: Decision
    verdict: OrderVerdict
    state: ActionState = ActionState.PLANNED


def under_way(rows: Sequence[ActionRow], done: int, text: str) -> int:
    """Where the decision stands that a progress report says is under way; behind the last one when it tells of what follows.

    `text` names the decision; behind it it may say, after a colon, what is waited for.
    """
    return done if done < len(rows) and _waited_for(rows[done], text) is not None else len(rows)


def _waited_for(row: ActionRow, text: str) -> str | None:
    """What a progress report on this decision says is waited for, empty for nothing; None for a report on something else."""
    step = step_text(row.decision.action, row.verdict)
    if text == step:
        return ""
    return text.removeprefix(f"{step}: ") if text.startswith(f"{step}: ") else None


class ExecuteStep(StepView):
    """Shows what execution would do, what hinders it, and its progress."""

    def __init__(self, ui: UiContext, words: PlanWords, exports: TableExports, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent)
        self._rows: list[ActionRow] = []
        self._rows_of: object = None
        self._finished = 0
        self._before_first = False
        self._words = words
        self._warnings = DecisionWarnings(words, self)
        self._model = _ActionTexts(words, self).model()
        self._panel = TablePanel(
            ui,
            self._model,
            self.tr("What will be done"),
            "decisions",
            exports,
            most_rows=12,
            giving_way=("note", "id"),
            hidden_empty=("attention", "note"),
        )
        self.table = self._panel.table
        self._steps = TextLabel(ui, wrap=True)
        self._dangers = TextLabel(ui, tone=Tone.DANGER, wrap=True)
        self._open_ends = TextLabel(ui, tone=Tone.WARNING, wrap=True)
        self._stays = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self._told = (self._dangers, self._steps, self._open_ends, self._stays)
        self._stops = StopNotes(ui, words)
        self._after = StopsAfterWords(words, self)
        self._stops_after = TextLabel(ui, tone=Tone.DANGER, wrap=True)
        self._hindrance = TextLabel(ui, style=TextStyle.HEADING, tone=Tone.DANGER, wrap=True)
        self._progress_text = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the recovery"))
        self.column.addWidget(self._hindrance)
        for label in self._told:
            self.column.addWidget(label)
        self.column.addWidget(self._stops)
        self.column.addWidget(self._stops_after)
        self.column.addWidget(self._bar)
        self.column.addWidget(self._progress_text)
        self.column.addWidget(self._panel)
        self.column.addStretch(1)

    @property
    def hindrance(self) -> str:
        """Why it cannot be executed now; empty when it can."""
        return self._hindrance.text()

    def show_plan(self, session: StoreSession, hindrance: str) -> None:
        """Show what would be done; `hindrance` says why it cannot be done now."""
        comparison = session.comparison
        if comparison is None:
            return
        plan, decisions = comparison.plan, session.decisions
        rows_of = plan.id, decisions
        if self._rows_of != rows_of:
            self._panel.rename(self.tr("What will be done"))
            self._set_rows(action_rows(plan, decisions))
            self._rows_of = rows_of
        losing = {(each.verdict.symbol, each.verdict.side) for each in stops_after(plan, decisions)}
        self._stops.show_plan(plan, losing)
        after, tone = self._after.marked(plan, decisions)
        self._stops_after.setText(after)
        self._stops_after.set_tone(tone)
        self._stops_after.setVisible(bool(after))
        self._hindrance.setText(hindrance)
        self._hindrance.setVisible(bool(hindrance))
        self._bar.hide()
        self._progress_text.hide()
        if is_outdated(session):
            # The page says why, over every step.
            self._rows_of = None
            self._set_rows(())
            self._hindrance.hide()
            self._hide_plan()
            self.say(self.tr("Compare again before you decide"))
            return
        count = session.decision_count
        if plan.denied:
            self.say(
                self.tr("This may be another account: a recovery gives up all that the store knows"), tone=Tone.DANGER
            )
        elif session.overview_error is not None:
            self.say(self.tr("Nothing can be recovered until the store is back"))
        elif count.cancel:
            self.say(
                self.tr("Ready to cancel {0} and save the recovered state").format(self._words.orders(count.cancel))
            )
        else:
            self.say(self.tr("Ready to save the recovered state; no order is cancelled"))
        dangers = self._warnings.dangers(count)
        self._dangers.setText(f"{Status.DIFFERS.glyph} {told_together(*dangers)}" if dangers else "")
        self._steps.setText("\n".join(f"{number}.  {line}" for number, line in enumerate(self._sentences(count), 1)))
        self._open_ends.setText("\n".join(f"{Status.DIFFERS.glyph} {line}" for line in self._left_open(count, plan)))
        self._stays.setText(self._staying(count))
        for label in self._told:
            label.setVisible(bool(label.text()))

    def show_begun(self, plan: Plan, decisions: Sequence[Decision], *, resuming: bool = False) -> None:
        """Show that these decisions are being carried out; `resuming` reads the exchange before the first of them."""
        self._rows_of = None
        self._panel.rename(self.tr("Orders"))
        self._set_rows(action_rows(plan, decisions, ActionState.WAITING))
        self._before_first = resuming
        self._hindrance.hide()
        self._hide_plan()
        self._bar.setRange(0, max(len(self._rows), 1) + 2)
        self._bar.setValue(0)
        self._bar.show()
        self._progress_text.setText("")
        self._progress_text.show()
        self.say(
            self.tr("Recovering…"),
            self.tr("It can be stopped between two orders. What was done stays done, and is in the audit log."),
        )

    def show_progress(self, job: Job) -> None:
        """Show how far the execution is."""
        rows = self._rows
        finished = under_way(rows, job.done, job.text)
        if self._before_first and finished == len(rows):
            self._progress_text.setText(self.tr("Reading the exchange first: {0}").format(said(job.text)))
            return
        self._before_first = False
        self._mark(finished)
        if finished < len(rows):
            self._bar.setValue(finished)
            waiting = _waited_for(rows[finished], job.text)
            order = self.tr("Order {0} of {1}").format(finished + 1, len(rows))
            self._progress_text.setText(labelled(order, waiting) if waiting else order)
        else:
            self._bar.setValue(finished + 1)
            self._progress_text.setText(self.tr("Reading the exchange once more: {0}").format(said(job.text)))

    def _mark(self, finished: int) -> None:
        """Say of each row whether it is finished, under way or waits; of ten thousand, only few are another than before."""
        first, last = sorted((finished, self._finished))
        for number in range(first, min(last + 1, len(self._rows))):
            state = ActionState.FINISHED if number < finished else ActionState.WAITING
            state = ActionState.WORKING if number == finished else state
            self._rows[number] = msgspec.structs.replace(self._rows[number], state=state)
        self._finished = finished
        self._model.replace_records(self._rows[first : last + 1])

    def show_stopping(self) -> None:
        """Say that the stop was heard."""
        self.say(self.tr("Stopping after this order…"), self.tr("The order that is under way is brought to its end."))

    def _set_rows(self, rows: Sequence[ActionRow]) -> None:
        self._rows = list(rows)
        self._finished = 0
        self._panel.show_records(rows)
        self._panel.setVisible(bool(rows))

    def _hide_plan(self) -> None:
        for label in self._told:
            label.hide()
        self._stops.hide()
        self._stops_after.hide()

    def _sentences(self, count: DecisionCount) -> list[str]:
        """What is done, in the order in which it is done."""
        lines = []
        if count.cancel:
            lines.append(
                self.tr(
                    "Each order to cancel is read again; if it is as you saw it, one cancel request is sent, "
                    "and it is read until it is gone."
                )
            )
        if count.adopt:
            lines.append(self.tr("Orders to adopt join the recovered state ({0}).").format(count.adopt))
        if count.leave:
            lines.append(self.tr("Orders to leave stay, and are remembered ({0}).").format(count.leave))
        lines.append(
            self.tr("Then the exchange is read once more, and the recovered state is saved as a new checkpoint.")
            if lines
            else self.tr("The exchange is read once more, and the recovered state is saved as a new checkpoint.")
        )
        return lines

    def _left_open(self, count: DecisionCount, plan: Plan) -> list[str]:
        """What is not done though it may be wanted, and what that means."""
        lines = []
        gaps = plan.coverage.gaps()
        if gaps:
            lines.append(
                self.tr("Not read, and therefore kept as it was known: {0}.").format(
                    listed(scope_words(each.scope) for each in gaps)
                )
            )
        own = self._warnings.left_to_start(count.own, count.left_to_start)
        if own:
            lines.append(own)
        if count.undecided > count.own:
            text = self.tr(
                "Without a decision, and nobody can tell whose: {0}. These orders stay on the exchange, unknown to the bot."
            )
            lines.append(text.format(count.undecided - count.own))
        lost = self._warnings.lost_notes(count)
        if lost:
            lines.append(lost)
        return lines

    def _staying(self, count: DecisionCount) -> str:
        if not count.left_alone:
            return ""
        text = self.tr("Untouched, since they are not ours: {0}. These orders stay on the exchange.")
        return text.format(self.ui.display.count(count.left_alone))


def action_rows(
    plan: Plan, decisions: Sequence[Decision], state: ActionState = ActionState.PLANNED
) -> tuple[ActionRow, ...]:
    """The decisions beside their orders, in the order in which they are carried out."""
    orphans = plan.orphan_by_key
    rows = [
        ActionRow(decision=each, verdict=verdict, state=state)
        for each in decisions
        if (verdict := orphans.get(each.order_key)) is not None
    ]
    return tuple(rows)


class _ActionTexts(QObject):
    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words

    def model(self) -> RecordTableModel[ActionRow]:
        words = self._words
        columns: list[Column[ActionRow]] = [
            Column(
                id="action",
                title=self.tr("Decision"),
                text=lambda row: words.action(row.decision.action)[0],
                tone=lambda row: words.action(row.decision.action)[1],
                export=lambda row: row.decision.action.value,
                width=96,
            ),
            Column(
                id="order",
                title=self.tr("Order"),
                text=lambda row: (
                    words.order(row.verdict.live, row.verdict.contract) if row.verdict.live else row.verdict.key
                ),
                tone=lambda row: side_tone(row.verdict.live.side) if row.verdict.live else None,
                fields=order_fields(lambda row: row.verdict),
                wrap=True,
                whole=True,
                width=288,
            ),
            Column(id="id", title=self.tr("Order id"), text=self._id, fields=(), width=112),
            Column(
                id="attention",
                title=self.tr("Attention"),
                text=self._attention,
                tone=lambda _row: Tone.WARNING,
                tooltip=lambda row: said(row.verdict.protects),
                width=112,
                stretch=True,
                wrap=True,
            ),
            Column(
                id="state",
                title=self.tr("Progress"),
                text=self._state,
                tone=lambda row: Tone.ACCENT if row.state is ActionState.WORKING else Tone.MUTED,
                width=104,
                stretch=True,
            ),
            Column(
                id="note",
                title=self.tr("Note"),
                text=attrgetter("decision.note"),
                tooltip=attrgetter("decision.note"),
                width=96,
                stretch=True,
                wrap=True,
            ),
        ]
        return RecordTableModel(columns, key=attrgetter("decision.order_key"), parent=self)

    def _id(self, row: ActionRow) -> str:
        return row.verdict.live.id if row.verdict.live else ""

    def _attention(self, row: ActionRow) -> str:
        if not row.verdict.protective and row.verdict.kind is OrderVerdictKind.OWN_ORPHAN:
            return ""
        parts = []
        if row.verdict.protective:
            parts.append(self.tr("protects a position"))
        if row.verdict.kind is OrderVerdictKind.FOREIGN:
            parts.append(self.tr("not ours"))
        elif row.verdict.kind is not OrderVerdictKind.OWN_ORPHAN:
            parts.append(self.tr("cannot tell whose"))
        return "! " + " · ".join(parts)

    def _state(self, row: ActionRow) -> str:
        return {
            ActionState.PLANNED: self.tr("not begun"),
            ActionState.WAITING: self.tr("waiting"),
            ActionState.WORKING: self.tr("… working"),
            ActionState.FINISHED: self.tr("finished"),
        }[row.state]
