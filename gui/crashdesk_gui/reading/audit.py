"""The audit log of a store, read once and then only what was appended."""

from __future__ import annotations

from crashdesk.audit import AuditEntry
from crashdesk.errors import RecoveryError, StorageError
from crashdesk.inspection import StoreView
from crashdesk.interrupted import InterruptedPlan, interrupted_plan
from crashdesk.storage.journal_columns import audit_entries, entries_of_last_plan, newest_entry
from crashdesk_gui.audit_log import NO_ENTRIES, AuditLog

_SLICE = 2_000
_NEWEST = 500
"""So many are there at the first look, however many there are."""


class AuditReader:
    """Knows the audit log as it was at the last look. Used by one thread at a time.

    Attributes: `problem` why it cannot be read, or why what it says of a plan cannot; `interrupted` the plan that was.
    """

    def __init__(self, view: StoreView) -> None:
        self._view = view
        self._log = NO_ENTRIES
        self._older: list[AuditLog] = []
        self._read_to = 0
        self._names: tuple[str, ...] = ()
        self.problem = ""
        self._unasked = False
        self.interrupted: InterruptedPlan | None = None

    @property
    def log(self) -> AuditLog:
        """The entries; the same object as before while nothing was appended."""
        return self._log

    @property
    def complete(self) -> bool:
        """Whether the whole log was read, or cannot be."""
        return self._log.complete

    def look(self, *, held: bool = False) -> None:
        """Read what was appended; of a long log that was never read only the newest entries.

        While the store is `held` by a writer, nobody asks for an interrupted plan: it is under way, and of ten thousand orders.
        """
        try:
            self._unasked |= self._look()
            if self._unasked:
                self.problem = ""
            if held:
                # Asked anew once it is free: whoever held it may have written nothing.
                self.interrupted, self._unasked = None, True
            elif self._unasked:
                self.interrupted = interrupted_plan(self._view.ask_journal(entries_of_last_plan, []))
                self._unasked = False
        except RecoveryError as error:
            self.interrupted, self.problem = None, str(error)
        except StorageError as error:
            self._log, self.interrupted, self.problem = NO_ENTRIES, None, str(error)

    def _look(self) -> bool:
        """Whether anything is known now that was not before."""
        newest = self._view.ask_journal(newest_entry, 0)
        known = int(self._log.seqs[-1]) if len(self._log) else 0
        if newest < known:
            # Another journal is in its place.
            self._log, self._older, self._read_to, known = NO_ENTRIES, [], 0, 0
        if newest == known:
            return bool(self.problem)
        before, first = self._log, not len(self._log) and newest > _SLICE
        after = newest - _NEWEST if first else known
        while after < newest:
            until = min(after + _SLICE, newest)
            more = self._slice(after, until, complete=not first)
            parts = [self._log, more] if len(self._log) else [more]
            self._log = AuditLog.joined(parts, complete=more.complete and self._log.complete)
            after = until
        self._log.put_in_order(before)
        return True

    def read_older(self) -> None:
        """Read some of what the first look left out."""
        try:
            begin = int(self._log.seqs[0]) - 1
            until = min(self._read_to + _SLICE, begin)
            self._older.append(self._slice(self._read_to, until, complete=True))
            self._read_to = until
        except StorageError as error:
            self._log, self._older, self.problem = NO_ENTRIES, [], str(error)
            return
        if until == begin:
            log = AuditLog.joined([*self._older, self._log], complete=True)
            log.put_in_order()
            self._log, self._older = log, []

    def _slice(self, after: int, until: int, *, complete: bool) -> AuditLog:
        none: list[tuple[AuditEntry, bytes]] = []
        found = self._view.ask_journal(lambda rows: audit_entries(rows, after=after, until=until), none)
        log = AuditLog.of_pairs(found, names=self._names, complete=complete)
        self._names = log.names
        return log
