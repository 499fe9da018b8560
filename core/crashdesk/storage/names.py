"""The names of checkpoint files: ``checkpoint-<seq, 12 digits>-<timestamp, 20 digits>.zqck``."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

_NAME = re.compile(r"checkpoint-([0-9]{12})-([0-9]{20}|-[0-9]{19})\.zqck")
_ANY_SEQUENCE = re.compile(r"checkpoint-([0-9]{12})-")
PIN_SUFFIX = ".pin"


class CheckpointInfo(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """One checkpoint file in `directory`. `seq` decides the order; `timestamp` is the state's, UNIX nanoseconds UTC.

    Both make up the file's name, so that a hundred thousand are listed without a path for each.
    """

    seq: int
    timestamp: int
    directory: Path
    size: int | None = None
    pinned: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return checkpoint_name(self.seq, self.timestamp)

    @property
    def path(self) -> Path:
        """Where the file stands."""
        return self.directory / self.name


def checkpoint_name(seq: int, timestamp: int) -> str:
    """The file name of checkpoint `seq`."""
    return f"{sequence_prefix(seq)}{timestamp:020d}.zqck"


def sequence_prefix(seq: int) -> str:
    """What the file name of checkpoint `seq` starts with."""
    return f"checkpoint-{seq:012d}-"


def parse_name(name: str) -> tuple[int, int] | None:
    """(seq, timestamp) of a checkpoint's file name; None for any other name."""
    match = _NAME.fullmatch(name)
    return (int(match[1]), int(match[2])) if match else None


def sequence_in(name: str) -> int | None:
    """The sequence number that a name carries, be it a checkpoint, a temporary file or one in ``corrupt/``."""
    match = _ANY_SEQUENCE.search(name)
    return int(match[1]) if match else None
