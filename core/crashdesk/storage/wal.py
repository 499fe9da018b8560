"""What SQLite does not say: commits in a write-ahead log that were on the device and that it passes over in silence.

SQLite stops at the first frame that fails its check, as after a power cut in the middle of a commit. Where a whole commit and
more frames stand behind such a frame, it was not the last one: it had been flushed, and was damaged later. After a crash of the
process the log's index, which SQLite throws away unread, tells more: how many frames were committed.
"""

from __future__ import annotations

import struct
from pathlib import Path

import msgspec

from crashdesk.errors import StorageError
from crashdesk.storage.own_connections import looking_at

_HEADER = struct.Struct(">8I")
LOG_HEADER = _HEADER.size
_FRAME = struct.Struct(">4I8x")
_MAGIC = (0x377F0682, 0x377F0683)
_INDEX_VERSION = 3_007_000
# Version, what a reader does not need, frames committed, more of that, the log's salts; in the machine's own byte order.
_INDEX = struct.Struct("=I12xI12x8s8x")
_FOLDED = struct.Struct("=I")

SHORT_LOG = "the journal's log (journal.sqlite-wal) was deleted or cut off: what was committed last is lost"


class LogIndex(msgspec.Struct, frozen=True):
    """What the index of a log says: this many frames of the log with these salts were flushed and committed.

    The first `folded` of them are in the main file as well.
    """

    salts: bytes
    committed: int
    folded: int


def damaged_commits(log: bytes, valid_frames: int) -> int:
    """How many commits at least were flushed and cannot be read any more; `valid_frames` is how many frames SQLite accepts."""
    if len(log) < _HEADER.size + _FRAME.size:
        return 0
    magic, _, _, _, *salts, _, _ = _HEADER.unpack_from(log)
    page_size = _page_size(log) if magic in _MAGIC else 4096
    if valid_frames == 0 and not _intact(log):
        salts = list(_FRAME.unpack_from(log, _HEADER.size)[2:])
    # A power cut may leave nothing there, but not something else.
    lost, behind = int(magic not in (0, *_MAGIC) and valid_frames == 0), False
    start = _HEADER.size + valid_frames * (_FRAME.size + page_size)
    for position in range(start, len(log) - _FRAME.size + 1, _FRAME.size + page_size):
        _, pages, *found = _FRAME.unpack_from(log, position)
        if found != salts:
            continue
        lost += behind
        # Every commit is flushed before anything is written behind it.
        behind = pages > 0
    return lost


def missing_frames(index: LogIndex | None, header: bytes, valid_frames: int) -> int:
    """How many frames at least were committed and are neither in the log, of which SQLite accepts so many, nor in the main file.

    SQLite writes to the index after the flush, so that a log may know more than its index and never less.
    """
    if index is None:
        return 0
    if len(header) == LOG_HEADER and _intact(header) and header[16:24] != index.salts:
        return 0  # another generation of the log: it begins when all of the one before is in the main file
    # The beginning of a log hides what is newer in the main file: only without any of it the main file counts.
    return max(0, index.committed - (valid_frames or index.folded))


def is_cut_off(path: Path) -> bool:
    """Whether the log beside a database, or what is left of it, is shorter than its index says; never while it is written to.

    Raises StorageError.
    """
    index = read_index(path)
    try:
        with path.with_name(path.name + "-wal").open("rb") as file:
            header, size = file.read(LOG_HEADER), file.seek(0, 2)
    except FileNotFoundError:
        header, size = b"", 0
    except OSError as error:
        raise StorageError(f"the log of {path.name} cannot be read: {error.strerror or error}") from error
    frames = max(0, size - LOG_HEADER) // (_FRAME.size + _page_size(header))
    return missing_frames(index, header, frames) > 0 and read_index(path) == index


def holds_a_commit(size: int) -> bool:
    """Whether a log of so many bytes is long enough for one frame."""
    return size > LOG_HEADER + _FRAME.size


def log_size(path: Path) -> int:
    """The size in bytes of the log beside a database, 0 when there is none. Raises StorageError."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise StorageError(f"the log of {path.name} cannot be read: {error.strerror or error}") from error


def _page_size(log: bytes) -> int:
    size = int.from_bytes(log[8:12], "big")
    return size if 512 <= size <= 65536 else 4096


def _intact(log: bytes) -> bool:
    if int.from_bytes(log[:4], "big") not in _MAGIC:
        return False
    return _sums(">" if log[3] & 1 else "<", log[:24]) == struct.unpack_from(">2I", log, 24)


def _sums(order: str, data: bytes) -> tuple[int, int]:
    """SQLite's checksum of a log."""
    one = two = 0
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two


def read_log(path: Path) -> bytes:
    """The log beside a database; empty when there is none. Raises StorageError."""
    try:
        return path.with_name(path.name + "-wal").read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise StorageError(f"the log of {path.name} cannot be read: {error.strerror or error}") from error


def read_index(path: Path) -> LogIndex | None:
    """The index of the log beside a database, as the last process left it; None where there is none that can be believed.

    None too while this process has the database open: the index was looked at before, and is SQLite's from then on.
    """
    with looking_at(path) as allowed:
        try:
            data = _beginning_of_index(path) if allowed else b""
        except OSError:
            return None  # it is a witness, not a part of the journal
    if len(data) < 2 * _INDEX.size + _FOLDED.size or data[: _INDEX.size] != data[_INDEX.size : 2 * _INDEX.size]:
        return None
    version, committed, salts = _INDEX.unpack_from(data)
    if version != _INDEX_VERSION or _sums("=", data[: _INDEX.size - 8]) != struct.unpack_from("=2I", data, 40):
        return None
    return LogIndex(salts, committed, _FOLDED.unpack_from(data, 2 * _INDEX.size)[0])


def _beginning_of_index(path: Path) -> bytes:
    with path.with_name(path.name + "-shm").open("rb") as file:
        return file.read(2 * _INDEX.size + _FOLDED.size)
