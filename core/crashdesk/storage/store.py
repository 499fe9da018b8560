"""StateStore: checkpoints in a directory, saved so that what was acknowledged survives a crash of the machine."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from crashdesk.clock import Clock, SystemClock
from crashdesk.codec import EncodedState, decode, decode_with_records, encode_chunks
from crashdesk.errors import (
    CheckpointNotFound,
    CodecError,
    NewerVersion,
    StorageError,
    StoreCorrupted,
    StoreDegraded,
    StoreNewer,
)
from crashdesk.state import SystemState
from crashdesk.storage.catalogue import Entry
from crashdesk.storage.directory import (
    CHECKPOINTS,
    CORRUPT,
    LARGEST_FILE,
    StoreDirectory,
    gone,
    marker,
    not_a_store,
)
from crashdesk.storage.files import FileSystem, LocalFiles, SyncFailed, discard, write_new_file, write_small_file
from crashdesk.storage.lock import StoreLock
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.pruning import Pruning
from crashdesk.storage.quarantine import SkippedCheckpoint, move_aside
from crashdesk.storage.readback import NotedChunks

__all__ = [
    "CHECKPOINTS",
    "CORRUPT",
    "LARGEST_FILE",
    "LoadedCheckpoint",
    "SkippedCheckpoint",
    "StateStore",
    "not_a_store",
]

_MOST_LISTINGS = 5
_log = logging.getLogger("crashdesk")


class LoadedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The newest valid checkpoint, with the bytes of its records and with what was newer and could not be used."""

    info: CheckpointInfo
    state: SystemState
    records: EncodedState
    skipped: tuple[SkippedCheckpoint, ...] = ()


class StateStore:
    """One directory, one bot account. Safe to call from any thread; writing takes the store's lock.

    With `read_only` nothing in the directory is ever created, moved or deleted, and no lock is taken.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        read_only: bool = False,
        purpose: str = "a script",
        files: FileSystem | None = None,
        clock: Clock | None = None,
        on_problem: Callable[[StorageError], None] | None = None,
    ) -> None:
        """Open the store, creating its directories unless `read_only`.

        `on_problem` hears, on the thread that noticed it, of what is wrong though the call at hand succeeds: a vanished
        directory that was created again, a file that does not read back. Without it the log hears.
        Raises NotAStore when `read_only` and there is none; StorageError when the directory cannot be used.
        """
        self.directory = Path(directory)
        self.read_only = read_only
        self._purpose = purpose
        self._files = files or LocalFiles()
        self._clock = clock or SystemClock()
        self._on_problem = on_problem
        self._directory = StoreDirectory(self.directory, self._files)
        self._mutex = threading.RLock()
        self._last_seq = 0
        self._reserved: int | None = None
        self._degraded = ""
        if read_only:
            self._directory.require_store()
        else:
            self._directory.create()
        self._lock = StoreLock(self.directory, self._files, self._clock)
        self._pruning = Pruning(self._directory, self._report)

    def __enter__(self) -> StateStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def degraded(self) -> str:
        """Why the last save failed; empty when it succeeded. What was acknowledged before is safe all the same."""
        return self._degraded

    def acquire(self) -> None:
        """Become the store's one writer; `save` and `cleanup` do it by themselves.

        A directory that vanished since the store was opened is created again where its parent is still there, and reported.
        Raises StoreLocked naming the holder; StorageError for a read-only store or when the disk refuses.
        """
        with self._mutex:
            self._require_writable()
            try:
                present = self._files.exists(self._directory.checkpoints)
                if self._lock.held:
                    # Another writer may have locked the file that stands there now.
                    present = present and self._lock.intact()
                    if present:
                        return
                    self._lock.abandon()
            except OSError as error:
                raise self._directory.failed("the store cannot be used any more", error) from error
            if not present:
                self._directory.create_again()
            self._lock.acquire(self._purpose)
            self._take_stock()
            if not present:
                self._report(
                    f"the store {self.directory} or its lock was deleted or moved away while it was in use; it was created "
                    "again. Checkpoints, journal and history that were in it may not be there any more: put them back from "
                    "a backup, and let the bot save a checkpoint now"
                )

    def save(self, state: SystemState) -> CheckpointInfo:
        """Write `state` as the newest checkpoint; when this returns it is on the device.

        Raises StateError for a state that contradicts itself, StoreLocked, StoreDegraded after a failed fsync,
        StorageError for any other refusal of the disk. After an error every older checkpoint is as it was.
        """
        return self.save_chunks(state.timestamp, encode_chunks(state))

    def reserve(self, *, above: int = 0) -> int:
        """The next checkpoint's sequence number, for a caller that notes it before the file is written (see `save_chunks`).

        It is greater than every number that the directory or this object knows of and than `above`, and is never given out
        again by this object. A process that dies before it wrote the file leaves no trace of it in the directory: a caller
        that kept the number elsewhere gives its highest as `above`. Raises StoreLocked, StorageError.
        """
        with self._mutex:
            self.acquire()
            return self._next_number(above)

    def save_chunks(self, timestamp: int, chunks: Iterable[bytes], *, seq: int | None = None) -> CheckpointInfo:
        """As `save`, from the pieces of an encoded file (see `codec.assemble`); other threads get their turn meanwhile.

        `seq` is a number from `reserve`; StorageError for any but the latest, and for one that was used already.
        """
        with self._mutex:
            self._require_writable()
            with self._noting_failure():
                self.acquire()
            if seq is None:
                seq = self._next_number()
            if seq != self._reserved:
                raise StorageError(
                    f"checkpoint number {seq} is not the latest that was reserved in {self.directory}, or was used already; "
                    "reserve a number for each checkpoint and save it before the next one is reserved"
                )
            # Used up before the first byte: a number is never used twice, not even after a failure.
            self._reserved = None
            with self._noting_failure():
                info = self._write(Entry(seq, timestamp), NotedChunks(chunks))
            self._degraded = ""
            return info

    def load(self, checkpoint: CheckpointInfo | int) -> SystemState:
        """One checkpoint's state, every check passed.

        Raises CheckpointNotFound, a CodecError that says what is wrong with the file, or StorageError when it cannot be read.
        """
        return decode(self.read_bytes(checkpoint))

    def read_bytes(self, checkpoint: CheckpointInfo | int) -> bytes:
        """One checkpoint's raw bytes. Raises CheckpointNotFound or StorageError."""
        return self._directory.read_bytes(self.find(checkpoint) if isinstance(checkpoint, int) else checkpoint)

    def find(self, seq: int) -> CheckpointInfo:
        """The checkpoint with this sequence number. Raises CheckpointNotFound, StorageError."""
        return self._directory.find(seq)

    def holds(self, seq: int, timestamp: int) -> bool:
        """Whether a checkpoint stands in its place, as far as can be told."""
        return self._files.exists(self._directory.path(seq, timestamp))

    def load_latest(self) -> SystemState | None:
        """The newest state that passes every check; None when there is no checkpoint at all.

        Raises StoreCorrupted when files exist and none is valid.
        """
        found = self.find_latest()
        return found.state if found else None

    def find_latest(self, names: Sequence[str] | None = None) -> LoadedCheckpoint | None:
        """As `load_latest`, with the file it came from and the newer ones that were passed over.

        Damaged ones are moved to ``corrupt/`` with the reason, after a valid one was found and only by the lock's owner.
        `names` are those in ``checkpoints/`` where the caller has just listed them.
        """
        for _ in range(_MOST_LISTINGS):
            with contextlib.suppress(CheckpointNotFound):  # retention took it: there are newer ones than those listed
                return self._find_latest(names)
            names = None
        raise StorageError(f"the checkpoints in {self.directory} vanish faster than they can be read; try again")

    def list_checkpoints(self) -> list[CheckpointInfo]:
        """Every checkpoint, oldest first, by file name alone; `size` is not read. Raises StorageError."""
        return self._directory.oldest_first()

    def set_pinned(self, checkpoint: CheckpointInfo, pinned: bool) -> None:
        """Keep a checkpoint for ever, or no longer. Needs no lock: it is a file beside the checkpoint.

        Raises CheckpointNotFound; StorageError when the store is read-only or the disk refuses.
        """
        pin = marker(checkpoint.path)
        with self._mutex:
            self._require_writable()
            try:
                if not self._files.exists(checkpoint.path):
                    raise gone(checkpoint)
                if not pinned:
                    with contextlib.suppress(FileNotFoundError):
                        self._files.remove(pin)
                elif not self._files.exists(pin):
                    write_small_file(self._files, pin, b"")
                    if not self._files.exists(checkpoint.path):  # retention, in another process, was quicker
                        discard(self._files, pin)
                        raise gone(checkpoint)
            except OSError as error:
                raise self._directory.failed(
                    f"checkpoint {checkpoint.seq} cannot be pinned or released", error
                ) from error
            self._pruning.set_pinned(checkpoint, pinned)

    def cleanup(self, max_count: int, max_age_hours: float) -> list[CheckpointInfo]:
        """Delete what is beyond the limits and certain to be superseded; returns what was deleted, oldest first.

        A checkpoint goes only when at least two newer ones were read back and found valid, and at most 50 go at a time.
        Pins that other processes set are looked at before anything goes. Raises StoreLocked, StorageError.
        """
        with self._mutex:
            self.acquire()
            try:
                return self._pruning.prune(
                    max_count=max_count, max_age_hours=max_age_hours, now_ns=self._clock.now_ns()
                )
            except OSError as error:
                raise self._directory.failed("old checkpoints cannot be deleted", error) from error

    def verified_newest(self) -> tuple[CheckpointInfo, ...]:
        """The newest two checkpoints that were read back valid in this run, newest first; fewer where there are fewer.

        Only those are read that were not read back yet. Even if one of the two rots later, nothing older than both is
        needed to come back. Raises StoreLocked, StorageError.
        """
        with self._mutex:
            self.acquire()
            return self._pruning.verify_newest(again=False)

    def close(self) -> None:
        """Give the lock back. The store can still be read."""
        with self._mutex:
            self._reserved = None  # from now on another writer may use that number
            self._lock.release()

    def _require_writable(self) -> None:
        if self.read_only:
            raise StorageError(f"{self.directory} was opened for reading only")

    def _take_stock(self) -> None:
        try:
            highest = self._pruning.take_stock()
        except OSError as error:
            self._lock.release()
            raise self._directory.failed("the store cannot be prepared for writing", error) from error
        self._last_seq = max(self._last_seq, highest)
        if self._reserved is not None and self._reserved <= highest:
            self._reserved = None

    def _next_number(self, above: int = 0) -> int:
        self._last_seq = self._reserved = max(self._last_seq, above) + 1
        return self._last_seq

    @contextlib.contextmanager
    def _noting_failure(self) -> Iterator[None]:
        try:
            yield
        except StorageError as error:
            self._degraded = str(error)
            raise

    def _write(self, entry: Entry, chunks: NotedChunks) -> CheckpointInfo:
        target = self._directory.path(entry.seq, entry.timestamp)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        failed = self._directory.failed
        try:
            size = write_new_file(self._files, temporary, chunks)
        except SyncFailed as error:
            raise failed("the disk did not confirm a checkpoint", error, StoreDegraded) from error
        except OSError as error:
            raise failed("a checkpoint cannot be written", error) from error
        try:
            self._files.rename(temporary, target)
        except OSError as error:
            discard(self._files, temporary)
            raise failed(f"checkpoint {entry.seq} cannot be put in its place", error) from error
        self._pruning.wrote(entry, chunks.content)
        try:
            self._files.sync_directory(self._directory.checkpoints)
        except OSError as error:
            self._pruning.distrust(entry)
            raise failed(f"checkpoint {entry.seq} was not made durable", error, StoreDegraded) from error
        return CheckpointInfo(
            seq=entry.seq, timestamp=entry.timestamp, directory=self._directory.checkpoints, size=size
        )

    def _find_latest(self, names: Sequence[str] | None) -> LoadedCheckpoint | None:
        skipped: list[SkippedCheckpoint] = []
        unreadable: list[str] = []
        for info in self._directory.newest_first(names):
            try:
                data = self.read_bytes(info)
                state, records = decode_with_records(data)
            except CheckpointNotFound:
                raise
            except CodecError as error:
                newer = isinstance(error, NewerVersion)
                skipped.append(SkippedCheckpoint(info=info, reason=str(error), damaged=not newer, newer=newer))
            except StorageError as error:
                skipped.append(SkippedCheckpoint(info=info, reason=str(error), damaged=False))
                unreadable.append(str(error))
            else:
                moved = self._set_aside(skipped)
                with self._mutex:
                    self._pruning.decoded(info, data)
                return LoadedCheckpoint(info=info, state=state, records=records, skipped=moved)
        if skipped:
            kind = StoreNewer if skipped[0].newer else StoreCorrupted
            raise kind(self._none_usable(skipped, unreadable))
        return None

    def _none_usable(self, skipped: list[SkippedCheckpoint], unreadable: list[str]) -> str:
        remedy = ""
        if unreadable:
            remedy = f"; {len(unreadable)} of them cannot be read, which says nothing of their content: {unreadable[0]}"
        elif skipped[0].damaged:
            remedy = ": restore a backup of the directory, or start the bot on a new one"
        return (
            f"none of the {len(skipped)} checkpoints in {self.directory} is usable; the newest ({skipped[0].info.name}): "
            f"{skipped[0].reason}. Nothing was changed{remedy}"
        )

    def _set_aside(self, skipped: list[SkippedCheckpoint]) -> tuple[SkippedCheckpoint, ...]:
        if self.read_only or not any(item.damaged for item in skipped):
            return tuple(skipped)
        with self._mutex:
            borrowed = not self._lock.held
            try:
                self.acquire()
            except StorageError:
                # Another process is the writer, or the disk takes no writes: the state that was found is good all the same.
                return tuple(skipped)
            try:
                return tuple(self._move_aside(item) if item.damaged else item for item in skipped)
            finally:
                if borrowed:
                    self._lock.release()

    def _move_aside(self, item: SkippedCheckpoint) -> SkippedCheckpoint:
        moved = move_aside(self._files, item, self._directory.corrupt)
        if moved.moved_to is not None:
            self._pruning.forget(item.info)
        return moved

    def _report(self, problem: str) -> None:
        if self._on_problem is not None:
            self._on_problem(StorageError(problem))
        else:
            _log.error("%s", problem)
