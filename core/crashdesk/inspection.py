"""Looking at a store without touching it: what the desk and the command line show."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from crashdesk.audit import AuditEntry
from crashdesk.changes import Mark
from crashdesk.clock import Clock, SystemClock
from crashdesk.codec import StateSummary, decode, intact_file, read_header, stored_crc, summarise
from crashdesk.config import MANIFEST_NAME, StoreManifest, read_manifest
from crashdesk.errors import CodecError, NewerVersion, NotAStore, StorageError, StoreCorrupted
from crashdesk.exchange.protocol import Step, unheard
from crashdesk.presence import BotPresence
from crashdesk.recall import LastKnown, recall
from crashdesk.state import SystemState
from crashdesk.storage.bot_starts import bot_runs, with_runs
from crashdesk.storage.database import DatabaseNewer, DatabaseUnusable
from crashdesk.storage.directory import StoreDirectory
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_audit import Rows
from crashdesk.storage.journal_records import (
    JOURNAL_NAME,
    NO_JOURNAL,
    Cause,
    JournalQuestion,
    JournalView,
    nothing_known_after,
)
from crashdesk.storage.lock import HOLDER_NAME, is_locked, read_holder
from crashdesk.storage.names import CheckpointInfo, parse_name
from crashdesk.storage.store import CHECKPOINTS, CORRUPT, StateStore, not_a_store
from crashdesk.switch_state import SwitchState

__all__ = ["BotPresence", "FileDetails", "StoreView"]

_T = TypeVar("_T")

# The part of a checkpoint's file name that tells its sequence number.
_SEQ = slice(len("checkpoint-"), len("checkpoint-") + 12)
# So often at most is a last known state put together that seems to lack something while somebody writes.
_MOST_LOOKS = 5
# What is read at once for the history: so many files, or so many bytes of them.
_BATCH_FILES, _BATCH_BYTES = 500, 8 << 20


class FileDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One checkpoint file under the magnifier; `problem` is empty for an intact one, `state` None for any other.

    `newer` when it is not damaged, but of a newer version of Crashdesk.
    """

    info: CheckpointInfo
    size: int
    version: int | None
    crc: int | None
    problem: str
    state: SystemState | None
    newer: bool = False


class StoreView:
    """A store opened for reading only. Nothing in the directory changes but the disposable history index."""

    def __init__(self, directory: str | os.PathLike[str], *, clock: Clock | None = None) -> None:
        """Raises NotAStore; StorageError when it cannot be read; ConfigError for a damaged or newer ``store.toml``."""
        self.directory = Path(directory)
        self.clock = clock or SystemClock()
        self._files = LocalFiles()
        try:
            readable = not self.directory.is_dir() or os.access(self.directory, os.R_OK | os.X_OK)
        except OSError as error:
            raise StorageError(f"{self.directory} cannot be read: {error.strerror or error}") from error
        if not readable:
            raise StorageError(
                f"{self.directory} cannot be read: permission denied; run this as the user that runs the bot"
            )
        if not self.directory.is_dir():
            raise NotAStore(not_a_store(self.directory))
        self.store = StateStore(self.directory, read_only=True, clock=self.clock)
        self.manifest: StoreManifest | None = read_manifest(self.directory, self._files)
        self._listing = StoreDirectory(self.directory, self._files)
        self._history: HistoryIndex | None = None
        self._indexed: set[str] = set()

    def __enter__(self) -> StoreView:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The bot's name, or the directory's."""
        return self.manifest.bot if self.manifest else self.directory.resolve().name

    def close(self) -> None:
        """Close the history index."""
        if self._history is not None:
            self._history.close()
            self._history = None
            self._indexed = set()

    def checkpoints(self) -> list[CheckpointInfo]:
        """Every checkpoint, oldest first. Raises StorageError."""
        return self.store.list_checkpoints()

    def checkpoint_names(self) -> list[str]:
        """Every file name among the checkpoints, pins too, in no order: a hundred thousand in no time. Raises StorageError."""
        return self._listing.names()

    def fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        """Changes when anything in the store that is worth reading again has: (name, modification time, size) of its files.

        What is not there is left out; the checkpoints themselves never change, so their directory stands for them.
        """
        names = ("checkpoints", CORRUPT, MANIFEST_NAME, HOLDER_NAME, JOURNAL_NAME, JOURNAL_NAME + "-wal")
        found = []
        for name in names:
            try:
                told = (self.directory / name).stat()
            except OSError:
                continue
            found.append((name, told.st_mtime_ns, told.st_size))
        return tuple(found)

    def latest(self, names: Sequence[str] | None = None) -> LastKnown | None:
        """The last known state: the newest valid checkpoint with the journal's changes since; None for none at all.

        `names` are those of `checkpoint_names` where they have just been asked for: a hundred thousand are listed slowly.
        Raises StoreCorrupted when there are checkpoints, none is valid, and the journal does not make up for them.
        """
        for _ in range(_MOST_LOOKS):
            found, corrupted, before = None, None, self.fingerprint()
            try:
                found = self._recall(names)
            except StoreCorrupted as error:
                corrupted = error
            if found is not None and not found.problem:
                return found
            # A running bot may have saved, and shortened its journal, since they were listed: then nothing is missing.
            if names is None and self.fingerprint() == before:
                break
            names = None
        if corrupted is not None:
            raise corrupted
        return found

    def _recall(self, names: Sequence[str] | None) -> LastKnown | None:
        if not (self.directory / JOURNAL_NAME).exists():
            return recall(self.store, (), nothing_known_after(NO_JOURNAL), names=names)
        try:
            journal = Journal(self.directory, self.clock, read_only=True)
        except DatabaseUnusable as error:
            return recall(self.store, (), nothing_known_after(str(error)), names=names)
        with contextlib.closing(journal):
            return recall(self.store, journal.batches_to_recover(), announced=journal.announced(), names=names)

    def flaw(self, checkpoint: CheckpointInfo) -> CodecError | None:
        """Why a file cannot be used, by its header and checksum, without decoding it; None when nothing speaks against it.

        A NewerVersion is no damage. Raises CheckpointNotFound or StorageError.
        """
        data = self.store.read_bytes(checkpoint)
        try:
            intact_file(data)
        except CodecError as error:
            return error
        return None

    def details(self, checkpoint: CheckpointInfo) -> FileDetails:
        """A file's header, size and state, or what is wrong with it. Raises CheckpointNotFound or StorageError."""
        data = self.store.read_bytes(checkpoint)
        version = crc = state = None
        problem, newer = "", False
        with contextlib.suppress(CodecError):
            crc = stored_crc(data)
            version = read_header(data).version
        try:
            state = decode(data)
        except CodecError as error:
            problem, newer = str(error), isinstance(error, NewerVersion)
        return FileDetails(
            info=checkpoint, size=len(data), version=version, crc=crc, problem=problem, state=state, newer=newer
        )

    def corrupt_files(self) -> list[tuple[str, str]]:
        """(file name, reason) of what was moved aside, by name. Raises StorageError."""
        directory = self.directory / CORRUPT
        found = []
        try:
            if not directory.is_dir():
                return []
            for path in sorted(directory.iterdir()):
                # A database's log goes with it.
                if path.name.endswith((".reason.txt", "-wal", "-shm")):
                    continue
                reason = path.with_name(path.name + ".reason.txt")
                found.append((path.name, reason.read_text("utf-8", "replace") if reason.is_file() else ""))
        except OSError as error:
            raise StorageError(f"{directory} cannot be read: {error.strerror or error}") from error
        return found

    def leftovers(self) -> list[str]:
        """The names of temporary files of saves that were interrupted, or are under way. Raises StorageError."""
        try:
            names = [
                path.name for path in (self.directory, self.directory / CHECKPOINTS) for path in path.glob(".*.tmp")
            ]
        except OSError as error:
            raise StorageError(f"{self.directory} cannot be read: {error.strerror or error}") from error
        return [] if self.presence().running else sorted(names)

    def presence(self) -> BotPresence:
        """Whether a writer holds the store, and who. Raises StorageError when that cannot be told."""
        return BotPresence(running=is_locked(self.directory), holder=read_holder(self.directory, self._files))

    def last_change(self) -> int | None:
        """The number of the journal's newest change, 0 for none; None when it cannot be told."""
        if not (self.directory / JOURNAL_NAME).exists():
            return None
        try:
            journal = Journal(self.directory, self.clock, read_only=True)
        except DatabaseUnusable:
            return None
        with contextlib.closing(journal):
            return journal.last_change

    def journal_view(self, question: JournalQuestion | None = None) -> JournalView:
        """The intents that answer `question` (None for all) and dismissals.

        `problem` is set when the journal is missing or cannot be read.
        """
        return self._of_journal(lambda journal: journal.view(question), lambda problem: JournalView(problem=problem))

    def journal_symbols(self) -> frozenset[str]:
        """The symbols that intents name; none where the journal cannot tell, which its view says then."""
        return self._of_journal(Journal.symbols, lambda _: frozenset[str]())

    def dead_mans_switch(self) -> SwitchState | None:
        """The bot's dead man's switch as it was noted last; None when it never armed one, or the journal cannot tell."""
        return self._of_journal(Journal.switch, lambda _problem: None)

    @property
    def journal_newer(self) -> bool:
        """Whether the journal was written by a newer version of Crashdesk: then it can neither be read nor continued here."""
        if not (self.directory / JOURNAL_NAME).exists():
            return False
        try:
            Journal(self.directory, self.clock, read_only=True).close()
        except DatabaseNewer:
            return True
        except DatabaseUnusable:
            return False
        return False

    def journal_problem(self) -> str:
        """What the journal may lack, or why it cannot be read; empty for nothing."""
        return self._of_journal(Journal.problem, lambda problem: problem)

    def ask_journal(self, question: Callable[[Rows], _T], otherwise: _T) -> _T:
        """What a question that only reads finds in the journal; `otherwise` where there is none. Raises DatabaseUnusable."""
        if not (self.directory / JOURNAL_NAME).exists():
            return otherwise
        with contextlib.closing(Journal(self.directory, self.clock, read_only=True)) as journal:
            return journal.ask(question)

    def _of_journal(self, read: Callable[[Journal], _T], failed: Callable[[str], _T]) -> _T:
        if not (self.directory / JOURNAL_NAME).exists():
            return failed(NO_JOURNAL)
        try:
            with contextlib.closing(Journal(self.directory, self.clock, read_only=True)) as journal:
                return read(journal)
        except DatabaseUnusable as error:
            return failed(str(error))

    def audit_entries(self, *, after: int = 0) -> list[AuditEntry]:
        """The audit log beyond a sequence number, oldest first. Raises DatabaseUnusable."""
        if not (self.directory / JOURNAL_NAME).exists():
            return []
        journal = Journal(self.directory, self.clock, read_only=True)
        try:
            return journal.entries(after=after)
        finally:
            journal.close()

    def causes(self) -> dict[int, Cause]:
        """Why each checkpoint was made, as far as it is known; empty when the journal cannot tell. Raises StorageError."""
        if not (self.directory / JOURNAL_NAME).exists():
            return {}
        try:
            with contextlib.closing(Journal(self.directory, self.clock, read_only=True)) as journal:
                causes, runs = journal.causes(), journal.ask(bot_runs)
        except DatabaseUnusable:
            return {}
        runs = msgspec.structs.replace(runs, ended=self.presence().bot_ended)
        return with_runs(causes, runs, self.checkpoints())

    def last_sign_of_life(self, names: Sequence[str] | None = None) -> int | None:
        """When the bot last wrote anything, UNIX nanoseconds; None when it never did. Raises StorageError.

        What an operator wrote, by a recovery or a repair, tells nothing of the bot. `names`: as for `latest`.
        """
        by_hand = self._of_journal(Journal.made_by_hand, lambda _problem: None)
        found = self._listing.newest_first(names)
        if by_hand is not None:
            saved = (each.timestamp for each in found if Mark(each.seq, each.timestamp) not in by_hand)
        else:
            # No journal tells who saved what; but no bot did since an operator took the store last.
            holder = read_holder(self.directory, self._files)
            until = holder.acquired_at if holder is not None and holder.by_hand else None
            saved = (each.timestamp for each in found if until is None or each.timestamp < until)
        return max((each for each in (next(saved, None), self.last_activity()) if each is not None), default=None)

    def last_activity(self) -> int | None:
        """When the bot last wrote to the journal or took or gave back the store's lock, UNIX nanoseconds.

        None when it never did, or what would tell cannot be read.
        """
        journalled = self._of_journal(Journal.last_activity, lambda _problem: None)
        holder = read_holder(self.directory, self._files)
        held = () if holder is None or holder.by_hand else (holder.acquired_at, holder.released_at)
        return max((each for each in (journalled, *held) if each is not None), default=None)

    def history(self, step: Step = unheard) -> HistoryIndex:
        """The browsing index, brought up to date with the files; in memory where the directory cannot be written.

        `step` hears of the progress. Files that cannot be decoded are left out. Raises StorageError.
        """
        history = self.history_as_it_is()
        missing = self._missing(history)
        done = 0
        while done < len(missing):
            step(done, len(missing), "indexing checkpoints")
            done += self.index_some(missing[done:])
        step(len(missing), len(missing), "indexed")
        return history

    def history_as_it_is(self) -> HistoryIndex:
        """The browsing index without a look at the files. Raises StorageError."""
        if self._history is None:
            self._history = self._open_history()
        return self._history

    def index_some(self, missing: Sequence[CheckpointInfo]) -> int:
        """Index the first of these checkpoints, as many as take a moment; returns how many were looked at, at least one.

        Those that cannot be decoded are left out. Raises StorageError.
        """
        looked_at, summaries = self._summarised(missing[:_BATCH_FILES])
        self.history_as_it_is().add(summaries)
        return looked_at

    def _missing(self, history: HistoryIndex) -> list[CheckpointInfo]:
        """The checkpoints that are not indexed, oldest first; by their names, since 100,000 files may be looked at often."""
        directory = self.directory / CHECKPOINTS
        names = self.checkpoint_names()
        unseen = [name for name in names if name not in self._indexed]
        if not unseen:
            return []
        known = {f"{seq:012d}" for seq in history.known()}
        missing = {name for name in unseen if name[_SEQ] not in known}
        self._indexed = set(names) - missing
        return [
            CheckpointInfo(seq=parsed[0], timestamp=parsed[1], directory=directory)
            for name in sorted(missing)
            if (parsed := parse_name(name)) is not None
        ]

    def _summarised(self, checkpoints: Sequence[CheckpointInfo]) -> tuple[int, list[tuple[int, StateSummary, int]]]:
        """How many were looked at, until the summaries may fill the memory, and what `HistoryIndex.add` takes of the valid."""
        found: list[tuple[int, StateSummary, int]] = []
        volume = 0
        for number, info in enumerate(checkpoints, start=1):
            try:
                data = self.store.read_bytes(info)
                found.append((info.seq, summarise(data), len(data)))
            except (CodecError, StorageError):
                continue  # the checkpoint list shows it with its own complaint
            volume += len(data)
            if volume > _BATCH_BYTES:
                return number, found
        return len(checkpoints), found

    def _open_history(self) -> HistoryIndex:
        if not os.access(self.directory, os.W_OK):
            return HistoryIndex(self.directory, in_memory=True)
        try:
            return HistoryIndex(self.directory)
        except DatabaseUnusable:
            return HistoryIndex(self.directory, in_memory=True)
