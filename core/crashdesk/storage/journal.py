"""``journal.sqlite``: a state's changes, intents before requests, and the audit log. What is appended is on the device then."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from crashdesk.audit import GENESIS, AuditEntry, AuditKind, chain_hash
from crashdesk.changes import Change, ChangeKind, pack, seal
from crashdesk.clock import Clock
from crashdesk.errors import MalformedJournal, StorageError
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
from crashdesk.storage.journal_copy import copy_journal
from crashdesk.storage.journal_note import lost_log, note_end, note_use
from crashdesk.storage.journal_reading import JournalReading
from crashdesk.storage.journal_records import (
    JOURNAL_NAME,
    SCHEMA,
    VERSION,
    Cause,
    Dismissal,
    Intent,
    sealed,
)
from crashdesk.storage.renewal import finish
from crashdesk.storage.wal import LOG_HEADER, SHORT_LOG, LogIndex, damaged_commits, missing_frames, read_log

_T = TypeVar("_T")

# An order may rest for weeks before a crash makes anybody ask whose it is.
INTENTS_KEPT_NS = 30 * 24 * 3600 * 1_000_000_000
# A deletion holds up whoever waits for a commit: so much at a time.
_ROWS_PER_DELETION = 200
# One upper bound: a search by number makes use of one alone.
_TRIMMED = "first < min(?, (SELECT max(first) FROM changes WHERE first<=?)) AND first>? AND last<?"
_LAST_POSSIBLE = 2**63 - 1
_ANEW = frozenset({ChangeKind.CLEAR, ChangeKind.UNRECORDED_CHECKPOINT})
_INSERT_INTENT = (
    "INSERT INTO intents(at,action,symbol,client_order_id,order_id,side,order_type,quantity,price,crc) "
    "VALUES(?,?,?,?,?,?,?,?,?,?)"
)


class Journal(JournalReading):
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
        # SQLite forbids a fork the connections of its parent: it would take locks for its own that it does not have.
        self._process = os.getpid()
        self._suspect, self._copied = "", False
        self._interruption = ""
        self._noted = False
        self._lost_log = self._find_lost_log() if read_only else ""
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

    def _find_lost_log(self) -> str:
        try:
            return lost_log(self.path)
        except StorageError as error:
            raise DatabaseUnusable(str(error)) from error

    def _find(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_file(self.path.with_name(self.path.name + suffix)) for suffix in ("", "-wal"))

    def note_use(self) -> None:
        """Have it noticed from now on when the log is lost, until `close`. Raises DatabaseUnusable."""
        self._noted = True
        with self._writing() as connection:
            # From its first frame on a log never gets shorter by itself.
            connection.execute(f"PRAGMA user_version={VERSION}")
        try:
            note_use(self.path, self._files)
        except OSError as error:
            raise DatabaseUnusable(
                f"{self.path.parent} cannot be written ({error.strerror or error}); check its permissions and free space"
            ) from error

    def close(self) -> None:
        """Close the file; in a fork without effect, as it is the parent's."""
        if self._process != os.getpid():
            return
        with self._mutex:
            noted, self._noted = self._noted, False
            done = noted and self._all_in_main_file()
            if done:
                note_end(self.path, self._files)
            self._connection.close()
            # SQLite deletes the log only when all of it is in the main file.
            if noted and not done and not _exists(self.path.with_name(f"{self.path.name}-wal")):
                note_end(self.path, self._files)

    def _all_in_main_file(self) -> bool:
        try:
            busy, frames, folded = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error:
            return False
        return not busy and bool(frames == folded)

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
        at: int | None = None,
    ) -> AuditEntry:
        """Append to the audit log, durably; `at` is when it happened, by default now. Raises DatabaseUnusable."""
        with self._writing() as connection, transaction(connection):
            previous = self._last_entry()
            entry = AuditEntry(
                seq=previous.seq + 1 if previous else 1,
                at=self._clock.now_ns() if at is None else at,
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

    def trim(self, before: int, keep: Sequence[tuple[int, int]] = ()) -> None:
        """Delete the changes before number `before`, as far as they do not share a batch with later ones, and old intents.

        The changes from one number to another that `keep` names stay. Raises DatabaseUnusable.
        """
        oldest_intent = self._clock.now_ns() - INTENTS_KEPT_NS
        # Only what lies between them is looked at: whoever waits for a commit waits for that.
        for after, until in _between(keep):
            self._delete("changes", "first", _TRIMMED, until, before, after, until)
        self._delete("intents", "seq", "at<?", oldest_intent)

    def _delete(self, table: str, key: str, condition: str, *values: int) -> None:
        statement = f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {condition} LIMIT ?)"
        deleted = _ROWS_PER_DELETION
        while deleted == _ROWS_PER_DELETION:
            with self._writing() as connection:
                deleted = connection.execute(statement, (*values, _ROWS_PER_DELETION)).rowcount

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
        """Whether the files that stand at the path, the journal and its log, are still those that are written to.

        When somebody deleted, moved or replaced one, the next write puts what is still open into a new file there.
        """
        with self._mutex:
            if self._find() == self._identity:
                return True
            self._suspect = self._suspect or f"{self.path.name} or its log was deleted, moved or replaced while in use"
            return False

    def lost_log(self, log: bytes, index: LogIndex | None) -> str:
        """What is known to be lost with `log`, the write-ahead log before it was opened, and its index; empty for nothing.

        Only before the first write. Raises StorageError.
        """
        found = self._rows("PRAGMA wal_checkpoint(PASSIVE)")
        frames = int(found[0][1]) if found else -1
        # Another process that had the file open may have finished with that log meanwhile.
        if frames < 0 or read_log(self.path)[:LOG_HEADER] != log[:LOG_HEADER]:
            return ""
        lost = damaged_commits(log, frames)
        if lost:
            return f"the journal's log was damaged: at least {lost} commits after the damage are lost"
        return SHORT_LOG if missing_frames(index, log[:LOG_HEADER], frames) else ""

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._mutex, guarded(self.path):
            return self._connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self._process != os.getpid():
            raise DatabaseUnusable(
                f"{self.path.name} is open in the process that this one is a fork of; only that one writes"
            )
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


def _between(keep: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The numbers around what is kept, from one to another, both excluded."""
    after = -1
    for first, last in sorted(keep):
        yield after, first
        after = max(after, last)
    yield after, _LAST_POSSIBLE


def _file(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True  # unknown is not gone


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
