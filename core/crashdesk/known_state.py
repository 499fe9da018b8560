"""What a comparison by hand starts from: a state, and the journal beside it."""

from __future__ import annotations

import msgspec

from crashdesk.compare import with_problem
from crashdesk.inspection import StoreView
from crashdesk.replay import EMPTY_ACCOUNT
from crashdesk.state import SystemState
from crashdesk.storage.journal_records import JournalQuestion, JournalView
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint


class KnownState(msgspec.Struct, frozen=True, kw_only=True):
    """The fields are as in Comparison. `problem` says what the journal may lack."""

    state: SystemState
    checkpoint: CheckpointInfo | None = None
    changes: int = 0
    until: int | None = None
    skipped: tuple[SkippedCheckpoint, ...] = ()
    known_later: frozenset[tuple[str, str]] = frozenset()
    problem: str = ""


class StoredJournal:
    """A store's journal as a comparison asks it, with a problem that is known of already."""

    def __init__(self, view: StoreView, problem: str) -> None:
        self._view = view
        self._problem = problem

    def symbols(self) -> frozenset[str]:
        """The symbols that intents name."""
        return self._view.journal_symbols()

    def view(self, question: JournalQuestion) -> JournalView:
        """What the journal answers."""
        return with_problem(self._view.journal_view(question), self._problem)


def empty_state(now_ns: int) -> SystemState:
    """The state of a store that has none yet."""
    return SystemState(timestamp=now_ns, account=EMPTY_ACCOUNT, positions=(), open_orders=())
