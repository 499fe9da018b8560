"""``journal.sqlite``: a state's changes, intents before requests, and the audit log. What is appended is on the device then."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from crashdesk.audit import GENESIS, AuditEntry, AuditKind, chain_hash
from crashdesk.changes import Announced, Batch, Change, ChangeKind, pack, seal
from crashdesk.clock import Clock
from crashdesk.errors import MalformedJournal
from crashdesk.storage.database import (
    DatabaseDamaged,
    DatabaseUnreliable,
    DatabaseUnusable,
    guarded,
    interpreting,
    open_database,
    transaction,
)
from crashdesk.storage.files import FileSystem, LocalFiles
from crashdesk.storage.journal_audit import Rows, last_announced, last_switch, left_terms
from crashdesk.storage.journal_copy import batch_of, copy_journal
from crashdesk.storage.journal_intents import COLUMNS, find_intents
from crashdesk.storage.journal_records import (
    JOURNAL_NAME,
    SCHEMA,
    VERSION,
    Cause,
    Dismissal,
    Doubt,
    Intent,
    JournalQuestion,
    JournalView,
    intent_of,
    record_of,
    sealed,
    sealed_record_of,
)
from crashdesk.storage.renewal import finish
from crashdesk.storage.wal import LOG_HEADER, damaged_commits, read_log
from crashdesk.switch_state import SwitchState

_T = TypeVar("_T")

# An order may rest for weeks before a crash makes anybody ask whose it is.
INTENTS_KEPT_NS = 30 * 24 * 3600 * 1_000_000_000
# A deletion holds up whoever waits for a commit: so much at a time.
_ROWS_PER_DELETION = 200
_ANEW = frozenset({ChangeKind.CLEAR, ChangeKind.UNRECORDED_CHECKPOINT})
_INSERT_INTENT = (
    "INSERT INTO intents(at,action,symbol,client_order_id,order_id,side,order_type,quantity,price,crc) "
    "VALUES(?,?,?,?,?,?,?,?,?,?)"
)


class Journal:
    """The journal of one store. Safe to call from any thread.

    After an input or output error nothing more is written to the same file: what can be read of it goes into a new one first.
    """

    def __init__(
        self, directory: Path, clock: Clock, *, read_only: bool = False, files: FileSystem | None = None
    ) -> None:
        """Raises DatabaseUnusable when the file is in use, newer, or (read-only) not there; DatabaseDamaged."""
        self.path = directory / JOURNAL_NAME
        self._clock = clock
        self._read_only = read_only
        self._files = files or LocalFiles()
        self._mutex = threading.Lock()
        self._suspect, self._copied = "", False
        self._interruption = ""
        self._connection = self._open()
        try:
            self._last_change = self._read_last_change()
        except DatabaseUnusable:
            self._connection.close()
            raise
        self._counted = True

    def _open(self) -> sqlite3.Connection:
        connection = open_database(self.path, schema=SCHEMA, version=VERSION, read_only=self._read_only, durable=True)
        try:
            with guarded(self.path):
                intact = _schema(connection) == _expected_schema()
            if not intact:
                raise DatabaseDamaged(f"{self.path.name} is damaged: its tables are not those of a journal")
        except DatabaseUnusable:
            connection.close()
            raise
        self._identity = self._find()
        return connection

    def _find(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def close(self) -> None:
        """Close the file."""
        with self._mutex:
            self._connection.close()

    @property
    def last_change(self) -> int:
        """The number of the newest change, 0 when there was never one."""
        return self._last_change

    def commit(
        self, changes: Sequence[Change] = (), intents: Sequence[Intent] = (), causes: Sequence[tuple[int, Cause]] = ()
    ) -> int:
        """Make all of it durable in one transaction, or nothing of it; returns the number of the first change.

        After changes were lost with a damaged file, only those that describe the whole state anew are taken: what follows a
        lost change means nothing. Raises DatabaseUnusable.
        """
        with self._writing() as connection:
            anew = any(change.kind in _ANEW for change in changes)
            if self._interruption and changes and not anew:
                raise DatabaseUnusable(self._interruption)
            if not self._counted:
                self._last_change = self._read_last_change()
            # Whatever ends this early, a signal's exception too, leaves open whether it was committed.
            self._counted = False
            first, last = self._last_change + 1, self._last_change + len(changes)
            # One statement is a transaction of its own, and cheaper than one with a beginning and an end.
            alone = bool(changes) + len(intents) + len(causes) == 1
            with contextlib.nullcontext() if alone else transaction(connection):
                if changes:
                    at, body = self._clock.now_ns(), pack(changes)
                    row = (first, last, at, body, seal(first, last, at, body))
                    connection.execute("INSERT INTO changes VALUES(?,?,?,?,?)", row)
                for intent in intents:
                    connection.execute(_INSERT_INTENT, sealed(list(msgspec.to_builtins(intent).values())[1:]))
                for cause in causes:
                    connection.execute("INSERT OR REPLACE INTO causes VALUES(?,?)", (cause[0], cause[1].value))
            self._last_change, self._counted = last, True
            if anew:
                self._interruption = ""
            return first

    def intend(self, intent: Intent) -> None:
        """Make an intent durable before its request is sent. Raises DatabaseUnusable."""
        self.commit(intents=[intent])

    def append(
        self,
        kind: AuditKind,
        text: str,
        *,
        who: str,
        order_key: str = "",
        plan_id: str = "",
        data: dict[str, str] | None = None,
    ) -> AuditEntry:
        """Append to the audit log, durably. Raises DatabaseUnusable."""
        with self._writing() as connection, transaction(connection):
            previous = self._last_entry()
            entry = AuditEntry(
                seq=previous.seq + 1 if previous else 1,
                at=self._clock.now_ns(),
                kind=kind,
                who=_storable(who),
                text=_storable(text),
                order_key=_storable(order_key),
                plan_id=_storable(plan_id),
                data={_storable(name): _storable(value) for name, value in (data or {}).items()},
            )
            entry = msgspec.structs.replace(entry, hash=chain_hash(previous.hash if previous else GENESIS, entry))
            connection.execute(
                "INSERT INTO audit VALUES(?,?,?,?,?,?)",
                (entry.seq, entry.at, kind.value, entry.plan_id, entry.order_key, msgspec.json.encode(entry)),
            )
        return entry

    def dismiss(self, dismissal: Dismissal) -> None:
        """Remember that an order is to be left alone. Raises DatabaseUnusable."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO dismissals VALUES(?,?,?,?,?)",
                sealed((dismissal.order_key, dismissal.at, dismissal.who, dismissal.note)),
            )

    def doubt(self, text: str) -> None:
        """Remember, until `settle`, what may be missing here. Raises DatabaseUnusable."""
        with self._writing() as connection:
            connection.execute("INSERT INTO doubts VALUES(?,?,NULL)", (self._clock.now_ns(), _storable(text)))

    def settle(self) -> None:
        """An operator has looked at every order: what was in doubt is decided. Raises DatabaseUnusable."""
        with self._writing() as connection:
            connection.execute("UPDATE doubts SET settled_at=? WHERE settled_at IS NULL", (self._clock.now_ns(),))

    def trim(self, before: int) -> None:
        """Delete the changes before number `before`, as far as they do not share a batch with later ones, and old intents.

        Raises DatabaseUnusable.
        """
        oldest_intent = self._clock.now_ns() - INTENTS_KEPT_NS
        self._delete("changes", "first", "first < (SELECT max(first) FROM changes WHERE first<=?)", before)
        self._delete("intents", "seq", "at<?", oldest_intent)

    def _delete(self, table: str, key: str, condition: str, value: int) -> None:
        statement = f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {condition} LIMIT ?)"
        deleted = _ROWS_PER_DELETION
        while deleted == _ROWS_PER_DELETION:
            with self._writing() as connection:
                deleted = connection.execute(statement, (value, _ROWS_PER_DELETION)).rowcount

    def batches(self, *, until: int | None = None) -> Iterator[Batch]:
        """The changes that are kept, up to the number `until`, oldest first.

        Raises MalformedJournal at a batch that fails its check, DatabaseUnusable.
        """
        after, end = -1, self._last_change if until is None else until
        while True:
            # Slices, so that no statement stays open between two of the caller's steps.
            rows = self._rows(
                "SELECT first,last,at,body,crc FROM changes WHERE first>? AND first<=? ORDER BY first LIMIT 500",
                (after, end),
            )
            for row in rows:
                yield batch_of(row)
            if not rows:
                return
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

    def problem(self) -> str:
        """What may be missing, as long as no operator has settled it; empty for nothing. Raises DatabaseUnusable."""
        return "; ".join(doubt.text for doubt in self.doubts() if doubt.settled_at is None)

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
                    told, **msgspec.structs.asdict(find_intents(self._rows, self.batches(), question))
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
        """When the newest change, intent or entry was written, UNIX nanoseconds; None for none. Raises DatabaseUnusable."""
        rows = self._rows(
            "SELECT max(at) FROM (SELECT max(at) AS at FROM audit UNION ALL SELECT max(at) FROM intents UNION ALL "
            "SELECT at FROM (SELECT at FROM changes ORDER BY first DESC LIMIT 1))"
        )
        with interpreting(self.path):
            return int(rows[0][0]) if rows[0][0] is not None else None

    def check(self) -> None:
        """Read everything once. Raises DatabaseDamaged where the file does not hold together, DatabaseUnusable."""
        rows = self._rows("PRAGMA quick_check(1)")
        if rows != [("ok",)]:
            raise DatabaseDamaged(f"{self.path.name} is damaged: {rows[0][0] if rows else 'its check says nothing'}")
        self.view()
        self.causes()
        with self._mutex, guarded(self.path):
            self._last_entry()
        try:
            for _ in self.batches():
                pass
        except MalformedJournal as error:
            raise DatabaseDamaged(f"{self.path.name} is damaged: {error}") from error

    def in_place(self) -> bool:
        """Whether the file that stands at the path is still the one that is written to.

        When somebody deleted, moved or replaced it, the next write puts what is still open into a new file there.
        """
        with self._mutex:
            if self._find() == self._identity:
                return True
            self._suspect = self._suspect or f"{self.path.name} was deleted, moved or replaced while it was in use"
            return False

    def damaged_commits(self, log: bytes) -> int:
        """How many commits were flushed to `log`, the write-ahead log before it was opened, and are lost.

        Only before the first write. Raises StorageError.
        """
        found = self._rows("PRAGMA wal_checkpoint(PASSIVE)")
        frames = int(found[0][1]) if found else -1
        # Another process that had the file open may have finished with that log meanwhile.
        if frames < 0 or read_log(self.path)[:LOG_HEADER] != log[:LOG_HEADER]:
            return 0
        return damaged_commits(log, frames)

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._mutex, guarded(self.path):
            return self._connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._mutex:
            if self._suspect:
                self._renew()
            try:
                with guarded(self.path):
                    if self._connection.in_transaction:  # left by an exception of a signal
                        self._connection.execute("ROLLBACK")
                    yield self._connection
            except (DatabaseUnreliable, DatabaseDamaged) as error:
                self._suspect = str(error)
                raise

    def _renew(self) -> None:
        """Go on in a new file; the old one is kept in ``corrupt/``. What fails half-way goes on there the next time."""
        now = self._clock.now_ns()
        if not self._copied:
            copy_journal(
                self._connection,
                self.path,
                self._files,
                now_ns=now,
                doubt=lambda lost: f"not all of the journal could be kept ({self._suspect}): {lost}" if lost else "",
            )
            # From here on the copy is the journal: the old file must not be asked again.
            self._copied = True
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        finish(self.path, now, self._files)
        before = self._last_change
        self._connection = self._open()
        self._last_change = self._read_last_change()
        self._counted = True
        if self._last_change < before:
            self._interruption = (
                f"changes {self._last_change + 1} to {before} were lost with a damaged journal ({self._suspect})"
            )
        self._suspect, self._copied = "", False

    def _read_last_change(self) -> int:
        with guarded(self.path):
            row = self._connection.execute("SELECT last FROM changes ORDER BY first DESC LIMIT 1").fetchone()
        with interpreting(self.path):
            return int(row[0]) if row else 0

    def _last_entry(self) -> AuditEntry | None:
        row = self._connection.execute("SELECT body FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        with interpreting(self.path):
            return msgspec.json.decode(row[0], type=AuditEntry) if row else None


def _expected_schema() -> list[tuple[str, str]]:
    """What SQLite keeps of the schema."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        return _schema(connection)


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, sql FROM sqlite_master WHERE sql NOTNULL ORDER BY name").fetchall()


def _storable(text: str) -> str:
    """`text` as UTF-8 can hold it: an exchange may answer half a surrogate pair, and it is evidence all the same."""
    return str(text).encode("utf-8", "backslashreplace").decode()
