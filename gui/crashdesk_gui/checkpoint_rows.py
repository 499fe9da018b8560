"""The lines of the history: a hundred thousand of them as columns, and the one that is looked at as a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from crashdesk import CheckpointInfo
from crashdesk.exact import difference
from crashdesk.storage.history import CheckpointSummary
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import PIN_SUFFIX, checkpoint_name
from crashdesk_gui.fixed_point import FixedPoint
from crashdesk_gui.records_on_demand import RecordsOnDemand
from crashdesk_gui.series import AccountSeries, Integers

_PREFIX, _SUFFIX = "checkpoint-", ".zqck"
_LENGTH = len(_PREFIX) + 12 + 1 + 20 + len(_SUFFIX)
_SEQ, _TIME = slice(11, 23), slice(24, 44)
_ZERO, _MINUS = ord("0"), ord("-")

CAUSES: tuple[Cause | None, ...] = (None, *Cause)
"""What the codes in `CheckpointRows.causes` mean."""


class FileCheck(IntEnum):
    """What is known of a file."""

    UNREAD = 0
    INTACT = 1
    CORRUPT = 2
    NEWER = 3


class CheckpointRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history. `summary` is None for a file that could not be decoded: then `problem` says why, and `newer`
    that it is not damaged, but of a newer version of Crashdesk.

    `equity_change` is against the checkpoint before. `checked` is False while the file was not read since the store was opened.
    """

    info: CheckpointInfo
    summary: CheckpointSummary | None
    cause: Cause | None
    equity_change: Decimal | None = None
    problem: str = ""
    newer: bool = False
    checked: bool = True

    @property
    def check(self) -> FileCheck:
        """What is known of the file."""
        if self.problem:
            return FileCheck.NEWER if self.newer else FileCheck.CORRUPT
        return FileCheck(self.checked)


class Listing:
    """The checkpoint files of a directory in the order of their numbers; `pinned` tells which of them are.

    Made from the names alone, by columns: a hundred thousand take some ten milliseconds.
    """

    __slots__ = ("directory", "pinned", "seqs", "times")

    def __init__(self, directory: Path, names: Iterable[str] = ()) -> None:
        self.directory = directory
        pins = []
        files = []
        for name in names:
            if len(name) == _LENGTH and name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                files.append(name)
            elif name.endswith(PIN_SUFFIX):
                pins.append(name[: -len(PIN_SUFFIX)])
        seqs, times = _numbers(files)
        order = np.lexsort((times, seqs))
        # A number is never given twice; of copies that somebody made, the latest stands for all.
        order = order[np.append(np.diff(seqs[order]) != 0, True)] if len(order) else order
        self.seqs: Integers = seqs[order]
        self.times: Integers = times[order]
        marked, _times = _numbers([name for name in pins if len(name) == _LENGTH])
        self.pinned: NDArray[np.bool_] = np.isin(self.seqs, marked)

    def same(self, other: Listing) -> bool:
        """Whether both hold the same checkpoints, pinned alike."""
        return all(
            np.array_equal(mine, theirs)
            for mine, theirs in (
                (self.seqs, other.seqs),
                (self.times, other.times),
                (self.pinned, other.pinned),
            )
        )

    def info(self, position: int) -> CheckpointInfo:
        """One of the files."""
        seq, at = int(self.seqs[position]), int(self.times[position])
        return CheckpointInfo(seq=seq, timestamp=at, directory=self.directory, pinned=bool(self.pinned[position]))


def _numbers(names: Sequence[str]) -> tuple[Integers, Integers]:
    """Sequence numbers and times of names of the right length; those that are no checkpoint's are left out."""
    text = "".join(names)
    if not text.isascii():
        return _numbers([name for name in names if name.isascii()])
    letters = np.frombuffer(text.encode("ascii"), dtype=np.uint8).reshape(-1, _LENGTH)
    seqs, right = _number(letters[:, _SEQ])
    negative = letters[:, _TIME.start] == _MINUS
    # What nanoseconds in 64 bits hold has 19 digits at most.
    times, digits = _number(letters[:, _TIME.start + 1 : _TIME.stop])
    right &= digits & (negative | (letters[:, _TIME.start] == _ZERO)) & (letters[:, 23] == _MINUS)
    return seqs[right], np.where(negative, -times, times)[right]


def _number(letters: NDArray[np.uint8]) -> tuple[Integers, NDArray[np.bool_]]:
    """The number that each row of ASCII says, and whether it is one."""
    numbers, right = np.zeros(len(letters), dtype=np.int64), np.ones(len(letters), dtype=np.bool_)
    for column in letters.T:
        digits = column - np.uint8(_ZERO)
        right &= digits <= 9
        numbers = numbers * 10 + digits
    return numbers, right


def _written(numbers: Integers, letters: NDArray[np.uint8]) -> None:
    """Write a number into each row of ASCII, filled up with zeros; a negative one begins with its sign."""
    left = np.abs(numbers)
    for column in reversed(range(letters.shape[1])):
        left, digits = np.divmod(left, 10)
        letters[:, column] = digits + _ZERO
    letters[numbers < 0, 0] = _MINUS


class CheckpointRows(RecordsOnDemand[CheckpointRow]):
    """All lines of the history at one moment, oldest first; a line is made when it is asked for. Immutable.

    Attributes: `seqs` and `times` int64; `pinned` bool; `causes` uint8, see `CAUSES`; `checks` uint8, see `FileCheck`;
    `problems` the reasons of those that cannot be used by sequence number; `account` the figures, and `places` where each
    checkpoint's stand in it, -1 where they are not known.
    """

    def __init__(
        self,
        listing: Listing,
        *,
        causes: NDArray[np.uint8],
        checks: NDArray[np.uint8],
        problems: Mapping[int, str],
        account: AccountSeries,
    ) -> None:
        super().__init__()
        self._listing = listing
        self.seqs = listing.seqs
        self.times = listing.times
        self.pinned = listing.pinned
        self.causes = causes
        self.checks = checks
        self.problems = problems
        self.account = account
        self.places = _places(self.seqs, account)
        self._before = _places_before(self.places)

    @classmethod
    def of(cls, rows: Iterable[CheckpointRow]) -> CheckpointRows:
        """From records, by ascending number."""
        told = tuple(rows)
        names = [checkpoint_name(row.info.seq, row.info.timestamp) for row in told]
        pins = [name + PIN_SUFFIX for name, row in zip(names, told, strict=True) if row.info.pinned]
        listing = Listing(told[0].info.directory if told else Path(), [*names, *pins])
        checks = [row.check for row in told]
        return cls(
            listing,
            causes=np.array([CAUSES.index(row.cause) for row in told], dtype=np.uint8),
            checks=np.array(checks, dtype=np.uint8),
            problems={row.info.seq: row.problem for row in told if row.problem},
            account=AccountSeries.of(row.summary for row in told if row.summary is not None),
        )

    @classmethod
    def whole(cls, rows: Sequence[CheckpointRow]) -> CheckpointRows:
        """The rows themselves where they are of this kind, otherwise made from records."""
        return rows if isinstance(rows, CheckpointRows) else cls.of(rows)

    def __len__(self) -> int:
        return len(self.seqs)

    def name_letters(self, start: int, stop: int) -> NDArray[np.uint8]:
        """The names of some of the files, a row of ASCII each."""
        seqs, times = self.seqs[start:stop], self.times[start:stop]
        letters = np.empty((len(seqs), _LENGTH), dtype=np.uint8)
        letters[:] = np.frombuffer(checkpoint_name(0, 0).encode("ascii"), dtype=np.uint8)
        _written(seqs, letters[:, _SEQ])
        _written(times, letters[:, _TIME])
        return letters

    def __contains__(self, row: object) -> bool:
        return isinstance(row, CheckpointRow) and self.find(row.info.seq) == row

    def position(self, seq: int) -> int:
        """Where a checkpoint stands, -1 where there is none."""
        position = int(np.searchsorted(self.seqs, seq))
        return position if position < len(self.seqs) and self.seqs[position] == seq else -1

    def find(self, seq: int) -> CheckpointRow | None:
        """The line of a checkpoint, None where there is none."""
        position = self.position(seq)
        return None if position < 0 else self[position]

    def equity_change(self, position: int) -> Decimal | None:
        """The equity against that of the checkpoint before; None where either is not known."""
        place, before = int(self.places[position]), int(self._before[position])
        if place < 0 or before < 0:
            return None
        return difference(self.account.exact_equity(place), self.account.exact_equity(before))

    def equity(self, position: int) -> Decimal | None:
        """The equity; None where it is not known."""
        place = int(self.places[position])
        return self.account.exact_equity(place) if place >= 0 else None

    def equities(self) -> tuple[Integers, FixedPoint | None]:
        """Which lines have one, and theirs exactly; None where that would take too many digits."""
        told = np.flatnonzero(self.places >= 0)
        fixed = self.account.fixed_equity
        return told, None if fixed is None else fixed.at(self.places[told])

    def equity_changes(self) -> tuple[Integers, FixedPoint | None]:
        """Which lines have one, and theirs exactly; None where that would take too many digits."""
        told = np.flatnonzero((self.places >= 0) & (self._before >= 0))
        fixed = self.account.fixed_equity
        return told, None if fixed is None else fixed.at(self.places[told]).minus(fixed.at(self._before[told]))

    def of_account(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """A column of the account for each line, NaN where it is not known."""
        found = np.full(len(self), np.nan)
        told = self.places >= 0
        found[told] = values[self.places[told]]
        return found

    def statuses(self) -> NDArray[np.uint8]:
        """A `FileCheck` each: one without figures counts as unread unless it is corrupt."""
        unread = (self.checks == FileCheck.INTACT) & (self.places < 0)
        return np.where(unread, np.uint8(FileCheck.UNREAD), self.checks)

    def make(self, position: int) -> CheckpointRow:
        """A line, made anew."""
        place = int(self.places[position])
        return CheckpointRow(
            info=self._listing.info(position),
            summary=self.account.summary(place) if place >= 0 else None,
            cause=CAUSES[self.causes[position]],
            equity_change=self.equity_change(position),
            problem=self.problems.get(int(self.seqs[position]), ""),
            newer=bool(self.checks[position] == FileCheck.NEWER),
            checked=bool(self.checks[position] != FileCheck.UNREAD),
        )


def _places(seqs: Integers, account: AccountSeries) -> Integers:
    if not len(account):
        return np.full(len(seqs), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(account.seqs, seqs), len(account) - 1)
    return np.where(account.seqs[places] == seqs, places, -1)


def _places_before(places: Integers) -> Integers:
    """For each line the place of the nearest one before it whose figures are known, -1 for none."""
    latest = np.maximum.accumulate(np.where(places >= 0, np.arange(len(places)), -1)) if len(places) else places
    before = np.concatenate((np.array([-1], dtype=np.int64), latest[:-1]))[: len(places)]
    return np.where(before >= 0, places[before], -1)
