"""What SQLite does not say: commits in a write-ahead log that were on the device and that it passes over in silence.

SQLite stops at the first frame that fails its check, as after a power cut in the middle of a commit. Where a whole commit and
more frames stand behind such a frame, it was not the last one: it had been flushed, and was damaged later.
"""

from __future__ import annotations

import struct
from pathlib import Path

from crashdesk.errors import StorageError

_HEADER = struct.Struct(">8I")
LOG_HEADER = _HEADER.size
_FRAME = struct.Struct(">4I8x")
_MAGIC = (0x377F0682, 0x377F0683)


def damaged_commits(log: bytes, valid_frames: int) -> int:
    """How many commits at least were flushed and cannot be read any more; `valid_frames` is how many frames SQLite accepts."""
    if len(log) < _HEADER.size + _FRAME.size:
        return 0
    magic, _, page_size, _, *salts, _, _ = _HEADER.unpack_from(log)
    if magic not in _MAGIC or not 512 <= page_size <= 65536:
        page_size = 4096
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


def _intact(log: bytes) -> bool:
    if int.from_bytes(log[:4], "big") not in _MAGIC:
        return False
    order = ">" if log[3] & 1 else "<"
    one = two = 0
    words = struct.unpack_from(f"{order}6I", log)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return (one, two) == struct.unpack_from(">2I", log, 24)


def read_log(path: Path) -> bytes:
    """The log beside a database; empty when there is none. Raises StorageError."""
    try:
        return path.with_name(path.name + "-wal").read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise StorageError(f"the log of {path.name} cannot be read: {error.strerror or error}") from error
