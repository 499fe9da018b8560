"""StateStore: checkpoints in a directory, saved so that what was acknowledged survives a crash of the machine."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec

from crashdesk.checksum import crc32
from crashdesk.clock import Clock, SystemClock
from crashdesk.codec import decode, encode_chunks, stored_crc
from crashdesk.errors import (
    CheckpointNotFound,
    CodecError,
    NewerVersion,
    NotAStore,
    StorageError,
    StoreCorrupted,
    StoreDegraded,
)
from crashdesk.state import SystemState
from crashdesk.storage.files import FileSystem, LocalFiles, SyncFailed, discard, write_new_file, write_small_file
from crashdesk.storage.lock import StoreLock
from crashdesk.storage.names import PIN_SUFFIX, CheckpointInfo, checkpoint_name, parse_name, sequence_in
from crashdesk.storage.retention import VERIFIED_NEWER, deletable, deletion_candidates

CHECKPOINTS = "checkpoints"
CORRUPT = "corrupt"
LARGEST_FILE = 1 << 30
_MOST_LISTINGS = 5


class SkippedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint that loading passed over, and why."""

    info: CheckpointInfo
    reason: str
    damaged: bool
    moved_to: Path | None = None


class LoadedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The newest valid checkpoint, with what was newer and could not be used."""

    info: CheckpointInfo
    state: SystemState
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
    ) -> None:
        """Open the store, creating its directories unless `read_only`.

        Raises NotAStore when `read_only` and there is none; StorageError when the directory cannot be used.
        """
        self.directory = Path(directory)
        self.read_only = read_only
        self._purpose = purpose
        self._files = files or LocalFiles()
        self._clock = clock or SystemClock()
        self._checkpoints = self.directory / CHECKPOINTS
        self._corrupt = self.directory / CORRUPT
        self._mutex = threading.RLock()
        self._last_seq = 0
        # Whose content was found right; whether the bytes are still the same, their checksum tells.
        self._verified: set[int] = set()
        if read_only:
            self._require_directories()
        else:
            self._make_directories()
        self._lock = StoreLock(self.directory, self._files, self._clock)

    def __enter__(self) -> StateStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def writable(self) -> bool:
        """Whether this object holds the store's lock."""
        return self._lock.held

    def acquire(self) -> None:
        """Become the store's one writer; `save` and `cleanup` do it by themselves.

        Raises StoreLocked naming the holder; StorageError for a read-only store.
        """
        with self._mutex:
            self._require_writable()
            if self._lock.held:
                return
            self._lock.acquire(self._purpose)
            try:
                self._remove_stray_temporaries()
                self._last_seq = max(self._last_seq, self._highest_sequence())
            except OSError as error:
                self._lock.release()
                raise self._failed("the store cannot be prepared for writing", error) from error

    def save(self, state: SystemState) -> CheckpointInfo:
        """Write `state` as the newest checkpoint; when this returns it is on the device.

        Raises StateError for a state that contradicts itself, StoreLocked, StoreDegraded after a failed fsync,
        StorageError for any other refusal of the disk. After an error every older checkpoint is as it was.
        """
        return self.save_chunks(state.timestamp, encode_chunks(state))

    def save_chunks(self, timestamp: int, chunks: Iterable[bytes]) -> CheckpointInfo:
        """As `save`, from the pieces of an encoded file (see `codec.assemble`); other threads run between pieces."""
        with self._mutex:
            self.acquire()
            seq = self._last_seq + 1
            # Taken before the first byte: a number is never used twice, not even after a failure.
            self._last_seq = seq
            target = self._checkpoints / checkpoint_name(seq, timestamp)
            temporary = self._checkpoints / f".{target.name}.{os.getpid()}.tmp"
            size = self._write_temporary(temporary, chunks)
            try:
                self._files.rename(temporary, target)
            except OSError as error:
                discard(self._files, temporary)
                raise self._failed(f"checkpoint {seq} cannot be put in its place", error) from error
            try:
                self._files.sync_directory(self._checkpoints)
            except OSError as error:
                raise self._failed(f"checkpoint {seq} was not made durable", error, StoreDegraded) from error
            return CheckpointInfo(seq=seq, timestamp=timestamp, path=target, size=size)

    def load(self, checkpoint: CheckpointInfo | int) -> SystemState:
        """One checkpoint's state, every check passed.

        Raises CheckpointNotFound, a CodecError that says what is wrong with the file, or StorageError when it cannot be read.
        """
        return decode(self.read_bytes(checkpoint))

    def read_bytes(self, checkpoint: CheckpointInfo | int) -> bytes:
        """One checkpoint's raw bytes. Raises CheckpointNotFound or StorageError."""
        info = self.find(checkpoint) if isinstance(checkpoint, int) else checkpoint
        try:
            data = self._files.read(info.path, LARGEST_FILE + 1)
        except FileNotFoundError:
            raise CheckpointNotFound(f"checkpoint {info.seq} is gone; retention may have removed it") from None
        except OSError as error:
            raise self._failed(f"checkpoint {info.seq} cannot be read", error) from error
        if len(data) > LARGEST_FILE:
            raise StorageError(f"{info.path} is larger than 1 GiB; it is no checkpoint of ours")
        return data

    def find(self, seq: int) -> CheckpointInfo:
        """The checkpoint with this sequence number. Raises CheckpointNotFound."""
        for info in self.list_checkpoints():
            if info.seq == seq:
                return info
        raise CheckpointNotFound(f"{self.directory} has no checkpoint {seq}; `crashdesk list` shows what there is")

    def load_latest(self) -> SystemState | None:
        """The newest state that passes every check; None when there is no checkpoint at all.

        Raises StoreCorrupted when files exist and none is valid.
        """
        found = self.find_latest()
        return found.state if found else None

    def find_latest(self) -> LoadedCheckpoint | None:
        """As `load_latest`, with the file it came from and the newer ones that were passed over.

        Damaged ones are moved to ``corrupt/`` with the reason, after a valid one was found and only by the lock's owner.
        """
        for _ in range(_MOST_LISTINGS):
            with contextlib.suppress(CheckpointNotFound):  # retention took it: there are newer ones than those listed
                return self._find_latest(self.list_checkpoints())
        raise StorageError(f"the checkpoints in {self.directory} vanish faster than they can be read; try again")

    def _find_latest(self, checkpoints: list[CheckpointInfo]) -> LoadedCheckpoint | None:
        skipped: list[SkippedCheckpoint] = []
        unreadable: list[str] = []
        for info in reversed(checkpoints):
            try:
                state = self.load(info)
            except CheckpointNotFound:
                raise
            except CodecError as error:
                damaged = not isinstance(error, NewerVersion)
                skipped.append(SkippedCheckpoint(info=info, reason=str(error), damaged=damaged))
            except StorageError as error:
                skipped.append(SkippedCheckpoint(info=info, reason=str(error), damaged=False))
                unreadable.append(str(error))
            else:
                self._verified.add(info.seq)
                return LoadedCheckpoint(info=info, state=state, skipped=self._set_aside(skipped))
        if skipped:
            remedy = ""
            if unreadable:
                remedy = (
                    f"; {len(unreadable)} of them cannot be read, which says nothing of their content: {unreadable[0]}"
                )
            elif skipped[0].damaged:
                remedy = ": restore a backup of the directory, or start the bot on a new one"
            raise StoreCorrupted(
                f"none of the {len(skipped)} checkpoints in {self.directory} is usable; the newest ({skipped[0].info.name}): "
                f"{skipped[0].reason}. Nothing was changed{remedy}"
            )
        return None

    def list_checkpoints(self) -> list[CheckpointInfo]:
        """Every checkpoint, oldest first, by file name alone; `size` is not read. Raises StorageError."""
        try:
            names = self._files.list_directory(self._checkpoints)
        except OSError as error:
            raise self._failed("the checkpoints cannot be listed", error) from error
        pinned = {name.removesuffix(PIN_SUFFIX) for name in names if name.endswith(PIN_SUFFIX)}
        found = [
            CheckpointInfo(seq=parsed[0], timestamp=parsed[1], path=self._checkpoints / name, pinned=name in pinned)
            for name in names
            if (parsed := parse_name(name)) is not None
        ]
        return sorted(found, key=lambda info: (info.seq, info.timestamp))

    def set_pinned(self, checkpoint: CheckpointInfo, pinned: bool) -> None:
        """Keep a checkpoint for ever, or no longer. Needs no lock: it is a file beside the checkpoint.

        Raises CheckpointNotFound; StorageError when the store is read-only or the disk refuses.
        """
        with self._mutex:
            self._require_writable()
            marker = self._checkpoints / (checkpoint.name + PIN_SUFFIX)
            try:
                if self.find(checkpoint.seq).pinned == pinned:
                    return
                if pinned:
                    write_small_file(self._files, marker, b"")
                else:
                    self._files.remove(marker)
            except OSError as error:
                raise self._failed(f"checkpoint {checkpoint.seq} cannot be pinned or released", error) from error

    def cleanup(self, max_count: int, max_age_hours: float) -> list[CheckpointInfo]:
        """Delete what is beyond the limits and certain to be superseded; returns what was deleted, oldest first.

        A checkpoint goes only when at least two newer ones were read back and found valid. Raises StoreLocked, StorageError.
        """
        with self._mutex:
            self.acquire()
            checkpoints = self.list_checkpoints()
            candidates = deletion_candidates(
                checkpoints, max_count=max_count, max_age_hours=max_age_hours, now_ns=self._clock.now_ns()
            )
            if not candidates:
                return []
            superseded = deletable(candidates, self._verify_newest(checkpoints))
            # Verifying takes a moment, and a pin needs no lock: ask again.
            pinned = {info.seq for info in self.list_checkpoints() if info.pinned}
            doomed = [info for info in superseded if info.seq not in pinned]
            for info in doomed:
                try:
                    self._files.remove(info.path)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise self._failed(f"checkpoint {info.seq} cannot be deleted", error) from error
            return doomed

    def close(self) -> None:
        """Give the lock back. The store can still be read."""
        with self._mutex:
            self._lock.release()

    def _require_writable(self) -> None:
        if self.read_only:
            raise StorageError(f"{self.directory} was opened for reading only")

    def _require_directories(self) -> None:
        try:
            if not self._checkpoints.is_dir():
                raise NotAStore(not_a_store(self.directory))
        except OSError as error:
            raise self._failed("the store cannot be read", error) from error

    def _make_directories(self) -> None:
        try:
            missing = [path for path in (self.directory, *self.directory.parents) if not path.exists()]
            for path in (self.directory, self._checkpoints, self._corrupt):
                self._files.make_directory(path)
            self._files.sync_directory(self.directory)
            # A directory survives a crash of the machine only once its parent was flushed, too.
            for path in missing:
                self._files.sync_directory(path.parent)
        except OSError as error:
            raise self._failed("the store's directories cannot be created", error) from error

    def _write_temporary(self, temporary: Path, chunks: Iterable[bytes]) -> int:
        try:
            return write_new_file(self._files, temporary, chunks)
        except SyncFailed as error:
            raise self._failed("the disk did not confirm a checkpoint", error, StoreDegraded) from error
        except OSError as error:
            raise self._failed("a checkpoint cannot be written", error) from error

    def _verify_newest(self, checkpoints: list[CheckpointInfo]) -> set[int]:
        """The sequence numbers of the newest two checkpoints that read back valid."""
        self._verified &= {info.seq for info in checkpoints}
        valid: set[int] = set()
        for info in reversed(checkpoints):
            if len(valid) == VERIFIED_NEWER:
                break
            if self._reads_back(info):
                valid.add(info.seq)
        return valid

    def _reads_back(self, info: CheckpointInfo) -> bool:
        """Whether the file is valid at this moment; decoded once, and by its checksum from then on."""
        try:
            data = self.read_bytes(info)
            if info.seq in self._verified:
                return stored_crc(data) == crc32(data[:-4])
            decode(data)
        except (CodecError, StorageError):
            return False
        self._verified.add(info.seq)
        return True

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
                return tuple(self._move_to_corrupt(item) if item.damaged else item for item in skipped)
            finally:
                if borrowed:
                    self._lock.release()

    def _move_to_corrupt(self, item: SkippedCheckpoint) -> SkippedCheckpoint:
        target = self._corrupt / item.info.name
        try:
            self._files.make_directory(self._corrupt)
            write_small_file(self._files, target.with_name(target.name + ".reason.txt"), item.reason.encode())
            self._files.rename(item.info.path, target)
            self._files.sync_directory(self._corrupt)
            self._files.sync_directory(self._checkpoints)
        except OSError as error:
            return msgspec.structs.replace(item, reason=f"{item.reason} (it could not be moved aside: {error})")
        return msgspec.structs.replace(item, moved_to=target)

    def _remove_stray_temporaries(self) -> None:
        for name in self._files.list_directory(self._checkpoints):
            if name.startswith(".") and name.endswith(".tmp"):
                # The number it carries stays used, so that no two files ever shared one.
                self._last_seq = max(self._last_seq, sequence_in(name) or 0)
                with contextlib.suppress(FileNotFoundError):  # it was a pin that is in place by now
                    self._files.remove(self._checkpoints / name)

    def _highest_sequence(self) -> int:
        names = self._files.list_directory(self._checkpoints)
        if self._corrupt.is_dir():
            names = names + self._files.list_directory(self._corrupt)
        return max((sequence_in(name) or 0 for name in names), default=0)

    def _failed(self, what: str, error: OSError, kind: type[StorageError] = StorageError) -> StorageError:
        return kind(
            f"{what}: {error.strerror or error} ({self.directory}); check the disk, its free space and permissions"
        )


def not_a_store(directory: Path) -> str:
    """The sentence for a directory that holds no store."""
    if not directory.exists():
        return f"{directory} does not exist; give the directory that the bot's RecoveryConfig names as checkpoint_dir"
    if not directory.is_dir():
        return f"{directory} is a file; a store is a directory"
    return (
        f"{directory} is not a Crashdesk store: it has no {CHECKPOINTS}/ directory; "
        "give the directory that the bot's RecoveryConfig names as checkpoint_dir"
    )
