"""What a journal records: the changes of a state, in order, in batches that are whole or void.

A change is absolute (this order is now so; that one is gone), never a difference: applying it twice does no harm.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Sequence

import msgspec

from crashdesk.checksum import crc32
from crashdesk.codec import EncodedState
from crashdesk.errors import MalformedJournal

_ENTRY = struct.Struct("<BI")
_MARK = struct.Struct("<qq")
_SEAL = struct.Struct("<qqq")


class ChangeKind(enum.IntEnum):
    """What a change says; its number is what the journal holds."""

    CLEAR = 0
    ORDER = 1
    ORDER_GONE = 2
    POSITION = 3
    POSITION_GONE = 4
    ACCOUNT = 5
    STRATEGY = 6
    CHECKPOINT = 7
    UNRECORDED_CHECKPOINT = 8


class Change(msgspec.Struct, frozen=True, gc=False):
    """One change. `body` holds the record's bytes as in a checkpoint file, or the id of what is gone, or a checkpoint's mark.

    CLEAR voids all before it: what follows describes the whole state anew. CHECKPOINT says that the state as of here is in that
    checkpoint; UNRECORDED_CHECKPOINT, that the state came to be so by changes that no journal saw.
    """

    kind: ChangeKind
    body: bytes = b""


class Mark(msgspec.Struct, frozen=True):
    """A checkpoint as the journal knows it: its sequence number, and the time in it, which tells it from any other."""

    seq: int
    timestamp: int


class Announced(msgspec.Struct, frozen=True):
    """A checkpoint that was about to be saved as what is true after change number `after`, and of all that came before."""

    mark: Mark
    after: int


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Changes that became durable together, numbered from `first` without a gap; `at` is that moment, UNIX nanoseconds."""

    first: int
    at: int
    changes: tuple[Change, ...]

    @property
    def last(self) -> int:
        """The number of the last change."""
        return self.first + len(self.changes) - 1


CLEAR = Change(ChangeKind.CLEAR)


def checkpoint_mark(mark: Mark, *, recorded: bool = True) -> Change:
    """The change that says where a checkpoint stands."""
    kind = ChangeKind.CHECKPOINT if recorded else ChangeKind.UNRECORDED_CHECKPOINT
    return Change(kind, _MARK.pack(mark.seq, mark.timestamp))


def mark_of(change: Change) -> Mark | None:
    """The checkpoint that a change marks; None for every other kind. Raises MalformedJournal."""
    if change.kind < ChangeKind.CHECKPOINT:
        return None
    try:
        return Mark(*_MARK.unpack(change.body))
    except struct.error:
        raise MalformedJournal(f"a checkpoint's mark is {len(change.body)} bytes long") from None


def gone(kind: ChangeKind, name: str) -> Change:
    """The change that says that an order or a position is no more."""
    return Change(kind, name.encode())


def whole_state(records: EncodedState, after: Sequence[Mark] = ()) -> tuple[Change, ...]:
    """The changes that describe a state from nothing, such that a replay from any of the checkpoints `after` leads to it."""
    return (
        *(checkpoint_mark(mark) for mark in after),
        CLEAR,
        Change(ChangeKind.ACCOUNT, records.account),
        *(Change(ChangeKind.POSITION, raw) for raw in records.positions),
        *(Change(ChangeKind.ORDER, raw) for raw in records.orders),
        *(Change(ChangeKind.STRATEGY, raw) for raw in records.strategies),
    )


def pack(changes: Sequence[Change]) -> bytes:
    """The bytes of a batch's changes."""
    parts: list[bytes] = []
    for change in changes:
        parts += (_ENTRY.pack(change.kind, len(change.body)), change.body)
    return b"".join(parts)


def seal(first: int, last: int, at: int, body: bytes) -> int:
    """The CRC-32 over a batch's numbers, moment and bytes."""
    return crc32(body, crc32(_SEAL.pack(first, last, at)))


def unpack(first: int, last: int, at: int, body: bytes, crc: int) -> Batch:
    """A batch from what the journal holds. Raises MalformedJournal when it is not what was written."""
    if seal(first, last, at, body) != crc:
        raise MalformedJournal(f"the checksum of changes {first} to {last} does not fit")
    changes: list[Change] = []
    position = 0
    try:
        while position < len(body):
            kind, size = _ENTRY.unpack_from(body, position)
            position += _ENTRY.size
            changes.append(Change(ChangeKind(kind), body[position : position + size]))
            position += size
    except (struct.error, ValueError):
        raise MalformedJournal(f"changes {first} to {last} cannot be told apart near byte {position}") from None
    if position != len(body) or last - first + 1 != len(changes):
        raise MalformedJournal(f"changes {first} to {last} are not complete")
    return Batch(first=first, at=at, changes=tuple(changes))
