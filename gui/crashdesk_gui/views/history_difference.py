"""Fills the difference view: two checkpoints, or one checkpoint and what was last read from the exchange."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from crashdesk import CheckpointInfo
from crashdesk.compare import journal_question
from crashdesk.inspection import StoreView
from crashdesk.looking_back import LookedBack, look_back
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.records import Plan
from crashdesk.reconcile.rules import rules_for
from crashdesk.storage.database import DatabaseUnusable
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.difference import DifferenceLine, Origin, exchange_lines, state_lines
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import CheckpointRow, StoreSession
from crashdesk_gui.views.difference_view import DifferenceView
from crashdesk_gui.widgets.empty import Choice


def plan_for(view: StoreView, info: CheckpointInfo, comparison: Comparison) -> Plan:
    """The verdicts on one checkpoint from what was last read of the exchange; nothing is asked and no decision is touched.

    The checkpoint that was compared is taken as it was there: the newest one with the journal's changes since.
    Raises CodecError, CheckpointNotFound, StorageError.
    """
    if _compared(comparison, info):
        return comparison.plan
    snapshot = comparison.snapshot
    now_ns = snapshot.finished_at + (snapshot.clock_offset_ns or 0)
    rules = rules_for(view.manifest, now_ns=now_ns, checkpoint_seq=info.seq)
    state = view.store.load(info)
    return reconcile(state, view.journal_view(journal_question(state, snapshot)), snapshot, rules)


def pair_lines(view: StoreView, old: CheckpointInfo, new: CheckpointInfo) -> tuple[DifferenceLine, ...]:
    """What became of the older of two checkpoints; where a recovery that started from it and later changes saved the newer one,
    first what these changes did, then what the recovery did. Raises CodecError, CheckpointNotFound, StorageError.
    """
    before, after = view.store.load(old), view.store.load(new)
    try:
        looked = look_back(view, old)
    except DatabaseUnusable:
        return state_lines(before, after)  # without the journal nobody can tell the two apart
    if looked.state is None or not looked.count or not _saved_by(looked, new):
        return state_lines(before, after)
    between = looked.state
    return (
        *state_lines(before, between, Origin.JOURNAL),
        *state_lines(between, after, Origin.RECOVERY),
    )


def _saved_by(looked: LookedBack, new: CheckpointInfo) -> bool:
    """Whether the recovery that started from one checkpoint saved the other."""
    recovered = looked.recovered
    if recovered is None:
        return False
    if recovered.by_hand:
        return recovered.saved == new.seq
    return looked.before is not None and looked.before.seq == new.seq


def _compared(comparison: Comparison, info: CheckpointInfo) -> bool:
    return comparison.checkpoint is not None and comparison.checkpoint.seq == info.seq


class DifferenceController(QObject):
    """Loads in the background; an answer that is no longer wanted is dropped."""

    def __init__(self, ui: UiContext, view: DifferenceView) -> None:
        super().__init__(view)
        self._ui = ui
        self._view = view
        self._words = PlanWords(ui.display, self)
        self._session: StoreSession | None = None
        self._job: Job | None = None

    def set_session(self, session: StoreSession | None) -> None:
        """Compare in this store from now on."""
        self.forget()
        self._session = session

    def forget(self) -> None:
        """Drop what is under way."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def show_pair(self, first: CheckpointRow, second: CheckpointRow) -> None:
        """Show what became of the older of two checkpoints."""
        session = self._session
        if session is None:
            return
        old, new = sorted((first.info, second.info), key=lambda info: info.seq)
        title = self.tr("Checkpoint {0} → {1}").format(old.seq, new.seq)
        display = self._ui.display
        span = self.tr("{0} to {1}").format(display.time(old.timestamp), display.time(new.timestamp))
        apart = self.tr("{0} apart").format(display.duration(new.timestamp - old.timestamp))
        note = f"{span}\n{apart}"
        view = session.view
        self._run(title, note, lambda: pair_lines(view, old, new), self.tr("Both states are equal"))

    def _parts(self) -> str:
        return self.tr(
            "First what the journal's changes made of the older one, which is what the recovery started from; then what the "
            "recovery changed."
        )

    def show_exchange(self, row: CheckpointRow) -> None:
        """Show where the exchange stands apart from a checkpoint."""
        session = self._session
        if session is None:
            return
        comparison = session.comparison
        title = self.tr("{0} → exchange").format(self._name(row.info, comparison))
        if comparison is None:
            self._show_unread(session, title)
            return
        read_at = comparison.snapshot.finished_at
        gaps = len(comparison.plan.coverage.gaps())
        note = self.tr("{0} as read at {1}").format(comparison.snapshot.exchange, self._ui.display.time(read_at))
        if gaps:
            note += self.tr("; %n scope(s) could not be read and count as unknown", "", gaps)
        view, info, words = session.view, row.info, self._words.evidence
        nothing = (
            self.tr("Nothing of what was read differs") if gaps else self.tr("The exchange stands as it was known")
        )
        self._run(title, note, lambda: exchange_lines(plan_for(view, info, comparison), words), nothing)

    def _name(self, info: CheckpointInfo, comparison: Comparison | None) -> str:
        if comparison is not None and _compared(comparison, info):
            words = self._words.compared(comparison.plan)
            return words[:1].upper() + words[1:]
        return self.tr("Checkpoint {0}").format(info.seq)

    def _show_unread(self, session: StoreSession, title: str) -> None:
        if session.exchange is None:
            text = self.tr("No exchange is connected, so where it stands is unknown. Connect one to compare.")
            self._view.show_message(title, text)
        elif session.busy:
            self._view.show_message(title, self.tr("Reading the exchange…"))
        else:
            text = self.tr("The exchange has not been read yet.")
            choice = Choice(self.tr("Read the exchange now"), session.compare, "refresh")
            self._view.show_message(title, text, (choice,))

    def _run(self, title: str, note: str, load: Callable[[], tuple[DifferenceLine, ...]], nothing: str) -> None:
        session = self._session
        assert session is not None
        self.forget()
        self._view.show_message(title, self.tr("Comparing…"), note=note)

        def done(lines: tuple[DifferenceLine, ...]) -> None:
            if self._job is job:
                parted = any(line.record.origin is not None for line in lines)
                told = f"{note}\n{self._parts()}" if parted else note
                self._view.show_lines(title, told, lines, nothing)

        def failed(error: Exception) -> None:
            if self._job is job:
                told = explain(error)
                self._view.show_message(title, f"{told.title} {told.meaning} {told.advice}")

        job = session.watcher.run(
            lambda _progress: load(),
            title=title,
            on_done=done,
            on_failed=failed,
            owner=self,
        )
        self._job = job
