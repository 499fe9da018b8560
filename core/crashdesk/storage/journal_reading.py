"""What may be asked of a journal: everything in it, and nothing that changes it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from crashdesk.audit import AuditEntry
from crashdesk.changes import Announced, Batch, Mark
from crashdesk.errors import MalformedJournal
from crashdesk.storage.database import DatabaseUnusable, interpreting
from crashdesk.storage.journal_audit import Rows, last_announced, last_switch, left_terms
from crashdesk.storage.journal_copy import batch_of
from crashdesk.storage.journal_intents import COLUMNS, find_intents
from crashdesk.storage.journal_life import announcements, bot_wrote
from crashdesk.storage.journal_records import (
    Cause,
    Dismissal,
    Doubt,
    JournalQuestion,
    JournalView,
    intent_of,
    record_of,
    sealed_record_of,
)
from crashdesk.switch_state import SwitchState

_T = TypeVar("_T")
_MISSING_BEHIND = (
    "SELECT 1 FROM (SELECT first, lag(last) OVER (ORDER BY first) AS before FROM changes WHERE first>=? AND first<=?) "
    "WHERE first>before+1 LIMIT 1"
)


class JournalReading:
    """The questions, for whoever can ask a journal's file at `path`."""

    path: Path
    # What the next writer will note as a doubt.
    _lost_log: str

    @property
    @abstractmethod
    def last_change(self) -> int:
        """The number of the newest change, 0 when there was never one."""

    @abstractmethod
    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query finds. Raises DatabaseUnusable."""

    def batches(self, *, until: int | None = None) -> Iterator[Batch]:
        """The changes that are kept, up to the number `until`, oldest first.

        Raises MalformedJournal at a batch that fails its check, DatabaseUnusable.
        """
        return map(batch_of, self._changes(self.last_change if until is None else until))

    def batches_to_recover(self, *, until: int | None = None) -> Iterator[Batch]:
        """As `batches`, but what is damaged where changes are missing behind it is left out, as if it were missing with them.

        It is kept for who looks back at a crash, and must not keep a recovery from what was written since.
        """
        end = self.last_change if until is None else until
        for row in self._changes(end):
            try:
                batch = batch_of(row)
            except MalformedJournal:
                if not self._rows(_MISSING_BEHIND, (row[0], end)):
                    raise
                continue
            yield batch

    def _changes(self, end: int) -> Iterator[tuple[Any, ...]]:
        """Slice by slice, so that no statement stays open between two of the caller's steps."""
        after = -1
        query = "SELECT first,last,at,body,crc FROM changes WHERE first>? AND first<=? ORDER BY first LIMIT 500"
        while rows := self._rows(query, (after, end)):
            yield from rows
            after = rows[-1][0]

    def causes(self) -> dict[int, Cause]:
        """Why each checkpoint was made, as far as it was noted. Raises DatabaseUnusable."""
        rows = self._rows("SELECT seq, cause FROM causes")
        with interpreting(self.path):
            return {int(row[0]): Cause(row[1]) for row in rows}

    def newest_checkpoint(self) -> int:
        """The highest sequence number of a checkpoint that was ever noted, 0 for none. Raises DatabaseUnusable."""
        rows = self._rows("SELECT max(seq) FROM causes")
        with interpreting(self.path):
            return int(rows[0][0] or 0)

    def entries(self, *, after: int = 0, plan_id: str | None = None) -> list[AuditEntry]:
        """Audit entries in order, those beyond sequence number `after` or of one plan. Raises DatabaseUnusable."""
        where, value = ("plan_id=?", plan_id) if plan_id is not None else ("seq>?", after)
        rows = self._rows(f"SELECT body FROM audit WHERE {where} ORDER BY seq", (value,))
        with interpreting(self.path):
            return [msgspec.json.decode(row[0], type=AuditEntry) for row in rows]

    def entries_written(self) -> int:
        """How many audit entries there ever were: more than there are where the newest were deleted. Raises DatabaseUnusable."""
        rows = self._rows("SELECT seq FROM sqlite_sequence WHERE name='audit'")
        return int(rows[0][0]) if rows else 0

    def doubts(self) -> list[Doubt]:
        """What may be or was missing, oldest first. Raises DatabaseUnusable."""
        rows = self._rows("SELECT at, text, settled_at FROM doubts ORDER BY rowid")
        with interpreting(self.path):
            return [record_of(Doubt, row) for row in rows]

    def open_doubts(self) -> list[str]:
        """What may be missing and no operator has settled yet, oldest first. Raises DatabaseUnusable."""
        told = [doubt.text for doubt in self.doubts() if doubt.settled_at is None]
        return [*told, self._lost_log] if self._lost_log else told

    def problem(self) -> str:
        """`open_doubts` in one text; empty for nothing. Raises DatabaseUnusable."""
        return "; ".join(self.open_doubts())

    def symbols(self) -> frozenset[str]:
        """The symbols that intents name. Raises DatabaseUnusable."""
        rows = self._rows("SELECT DISTINCT symbol FROM intents")
        with interpreting(self.path):
            return frozenset(msgspec.convert(row[0], str) for row in rows)

    def view(self, question: JournalQuestion | None = None) -> JournalView:
        """The intents that answer `question` (None for all), dismissals, and what may be missing. Raises DatabaseUnusable."""
        dismissals = self._rows("SELECT order_key,at,who,note,crc FROM dismissals")
        problem = self.problem()
        with interpreting(self.path):
            told = JournalView(
                dismissals=tuple(sealed_record_of(Dismissal, row) for row in dismissals),
                left=left_terms(self._rows),
                switch=last_switch(self._rows),
                problem=problem,
            )
            if question is not None:
                return msgspec.structs.replace(
                    told, **msgspec.structs.asdict(find_intents(self._rows, self.batches_to_recover(), question))
                )
            rows = self._rows(f"SELECT {COLUMNS} FROM intents ORDER BY seq")
            return msgspec.structs.replace(told, intents=tuple(intent_of(row) for row in rows))

    def ask(self, question: Callable[[Rows], _T]) -> _T:
        """What a question that only reads finds here. Raises DatabaseUnusable."""
        with interpreting(self.path):
            return question(self._rows)

    def switch(self) -> SwitchState | None:
        """The bot's dead man's switch as it was noted last; None when it never armed one. Raises DatabaseUnusable."""
        with interpreting(self.path):
            return last_switch(self._rows)

    def announced(self) -> Announced | None:
        """The checkpoint that a recovery by hand was about to save last; None for none, or where that cannot be told."""
        try:
            with interpreting(self.path):
                return last_announced(self._rows)
        except DatabaseUnusable:
            return None

    def last_activity(self) -> int | None:
        """When the bot wrote last, UNIX nanoseconds, as `bot_wrote`; None for never. Raises DatabaseUnusable."""
        with interpreting(self.path):
            return bot_wrote(self._rows)

    def made_by_hand(self) -> frozenset[Mark]:
        """The newest checkpoints that recoveries by an operator saved. Raises DatabaseUnusable."""
        with interpreting(self.path):
            return frozenset(each.mark for each in announcements(self._rows))
