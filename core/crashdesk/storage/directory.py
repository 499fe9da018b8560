"""A store's directory as anybody may read it: which checkpoints there are, and their bytes."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from crashdesk.errors import CheckpointNotFound, NotAStore, StorageError, StoreVanished
from crashdesk.storage.files import FileSystem
from crashdesk.storage.names import PIN_SUFFIX, CheckpointInfo, checkpoint_name, parse_name, sequence_prefix

CHECKPOINTS = "checkpoints"
CORRUPT = "corrupt"
LARGEST_FILE = 1 << 30
_NEWEST = 32
# How far one looks for stores in a directory that is none, and how many are named.
_LOOKED_AT = 1_000
_NAMED = 3


class StoreDirectory:
    """Names and bytes of the files of one store."""

    def __init__(self, root: Path, files: FileSystem) -> None:
        self.root = root
        self.checkpoints = root / CHECKPOINTS
        self.corrupt = root / CORRUPT
        self.files = files

    def names(self) -> list[str]:
        """Every name in ``checkpoints/``, in no order. Raises StorageError."""
        try:
            return self.files.list_directory(self.checkpoints)
        except OSError as error:
            self.require_presence()
            raise self.failed("the checkpoints cannot be listed", error) from error

    def infos(self, names: Iterable[str], present: Iterable[str]) -> Iterator[CheckpointInfo]:
        """The checkpoints among `names`, in their order; their pins are among those `present`."""
        directory, pins = self.checkpoints, {name for name in present if name.endswith(PIN_SUFFIX)}
        for name in names:
            if (parsed := parse_name(name)) is not None:
                seq, timestamp = parsed
                pinned = bool(pins) and name + PIN_SUFFIX in pins
                yield CheckpointInfo(seq=seq, timestamp=timestamp, directory=directory, pinned=pinned)

    def newest_first(self, names: Sequence[str] | None = None) -> Iterator[CheckpointInfo]:
        """The checkpoints among `names`, by default all that are there now, each looked at only when it is asked for.

        Raises StorageError.
        """
        names = self.names() if names is None else names
        # The names sort as their numbers do. A hundred thousand are sorted only for who goes beyond the newest few.
        newest = heapq.nlargest(_NEWEST, names)
        # A pin's name comes right after its checkpoint's, so the pins of the newest are among the newest names.
        yield from self.infos(newest, newest)
        if len(newest) < len(names):
            present = set(names)
            yield from self.infos(sorted(present.difference(newest), reverse=True), present)

    def oldest_first(self) -> list[CheckpointInfo]:
        """All checkpoints. Raises StorageError."""
        names = self.names()
        return sorted(self.infos(sorted(names), names), key=_by_number)

    def find(self, seq: int) -> CheckpointInfo:
        """The checkpoint with this sequence number. Raises CheckpointNotFound, StorageError."""
        names, prefix = self.names(), sequence_prefix(seq)
        for info in self.infos([name for name in names if name.startswith(prefix)], names):
            return info
        raise CheckpointNotFound(f"{self.root} has no checkpoint {seq}; `crashdesk list` shows what there is")

    def path(self, seq: int, timestamp: int) -> Path:
        """Where a checkpoint stands."""
        return self.checkpoints / checkpoint_name(seq, timestamp)

    def read_bytes(self, info: CheckpointInfo) -> bytes:
        """A checkpoint's raw bytes. Raises CheckpointNotFound or StorageError."""
        with self._reading(info):
            data = self.files.read(info.path, LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise StorageError(f"{info.path} is larger than 1 GiB; it is no checkpoint of ours")
        return data

    def pieces(self, info: CheckpointInfo) -> Iterator[bytes]:
        """As `read_bytes`, piece by piece and from the device where the system can be asked for that."""
        with self._reading(info):
            yield from self.files.pieces(info.path)

    @contextlib.contextmanager
    def _reading(self, info: CheckpointInfo) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            self.require_presence()
            raise gone(info) from None
        except OSError as error:
            raise self.failed(f"checkpoint {info.seq} cannot be read", error) from error

    def require_store(self) -> None:
        """Raises NotAStore when there is none, StorageError when that cannot be told."""
        try:
            if not self.files.exists(self.checkpoints):
                raise NotAStore(not_a_store(self.root))
        except OSError as error:
            raise self.failed("the store cannot be read", error) from error

    def require_presence(self) -> None:
        """Raises StorageError when the store vanished after it was opened; where that cannot be told, it did not."""
        with contextlib.suppress(OSError):
            if not self.files.exists(self.checkpoints):
                raise StoreVanished(
                    f"the store {self.root} has vanished: it was deleted, moved away or is not mounted. Bring it back; "
                    "a bot that is running creates a new one when it saves next"
                )

    def create(self) -> None:
        """Make what directories are missing, durably. Raises StorageError."""
        try:
            missing = [
                part for path in (self.root, self.checkpoints, self.corrupt) for part in self.files.make_directory(path)
            ]
            # A directory survives a crash of the machine only once its parent was flushed, too.
            for parent in dict.fromkeys((self.root, *(part.parent for part in missing))):
                self.files.sync_directory(parent)
        except OSError as error:
            raise self.failed("the store's directories cannot be created", error) from error

    def create_again(self) -> None:
        """Make the directories of a store that vanished. Raises StorageError, also when not even its parent is left."""
        try:
            if not self.files.exists(self.root.parent):
                raise StorageError(
                    f"the store {self.root} has vanished together with the directory that held it; nothing can be saved "
                    "until it is back or its disk is mounted again"
                )
        except OSError as error:
            raise self.failed("the store has vanished", error) from error
        self.create()

    def failed(self, what: str, error: OSError, kind: type[StorageError] = StorageError) -> StorageError:
        """The error to raise when the disk said no."""
        return kind(f"{what}: {error.strerror or error} ({self.root}); check the disk, its free space and permissions")


def _by_number(info: CheckpointInfo) -> tuple[int, int]:
    return info.seq, info.timestamp


def marker(checkpoint: Path) -> Path:
    """The file that says that this checkpoint is pinned."""
    return checkpoint.with_name(checkpoint.name + PIN_SUFFIX)


def gone(info: CheckpointInfo) -> CheckpointNotFound:
    """The error for a checkpoint that was there a moment ago."""
    return CheckpointNotFound(f"checkpoint {info.seq} is gone; retention may have removed it")


def not_a_store(directory: Path) -> str:
    """The sentence for a directory that holds no store; it names one that is near."""
    wanted = "give the directory that the bot's RecoveryConfig names as checkpoint_dir"
    for near in (directory.parent, directory.parent.parent):
        if _holds_store(near):
            return f"{directory} is inside of a store; the store is {near}"
    if not directory.exists():
        return f"{directory} does not exist; {wanted}"
    if not directory.is_dir():
        return f"{directory} is a file; a store is a directory: {wanted}"
    if below := _stores_in(directory):
        return f"{directory} is not a Crashdesk store, but there are stores in it: {', '.join(below)}"
    return f"{directory} is not a Crashdesk store: it has no {CHECKPOINTS}/ directory; {wanted}"


def _holds_store(directory: Path) -> bool:
    try:
        return (directory / CHECKPOINTS).is_dir()
    except OSError:
        return False


def _stores_in(directory: Path) -> list[str]:
    """Some of the stores that stand right in a directory."""
    try:
        with os.scandir(directory) as entries:
            found = (entry.path for entry in itertools.islice(entries, _LOOKED_AT) if _holds_store(Path(entry.path)))
            return sorted(itertools.islice(found, _NAMED))
    except OSError:
        return []
