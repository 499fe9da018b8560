"""The numbers of a store in columns: what the charts draw and the history's table shows, exact where somebody reads them.

A hundred thousand checkpoints and a million points are arrays here, not objects: a few dozen bytes each. Everything is
immutable; what is newer is made from what was there by appending, in a worker thread.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec
import numpy as np
from numpy.typing import NDArray

from crashdesk import Side, SystemState
from crashdesk.recall import LastKnown
from crashdesk.storage.history import CheckpointSummary, QuantityPoint
from crashdesk.storage.history_columns import PointColumns, SummaryColumns
from crashdesk_gui.fixed_point import FixedPoint, fixed_point
from crashdesk_gui.known_steps import KnownSteps, signed_legs

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
_COMMA = ord(",")
_NOT_ASKED = FixedPoint(np.array([], dtype=np.int64), np.array([], dtype=np.int64))


class DecimalColumn:
    """Decimals: `numbers` for drawing and comparing (float64), `exact(index)` for reading."""

    __slots__ = ("_ends", "_fixed", "_negative", "_texts", "numbers")

    def __init__(self, texts: bytes, numbers: Floats, ends: NDArray[np.uint32], *, negative: bool) -> None:
        self.numbers = numbers
        self._texts = texts
        self._ends = ends
        self._negative = negative
        self._fixed: FixedPoint | None = _NOT_ASKED

    @classmethod
    def of(cls, joined: str, *, negative: bool = False) -> DecimalColumn:
        """From texts joined by commas; with `negative` every value is what the text says with the other sign.

        Raises ValueError for a text that is no number.
        """
        texts = joined.encode("ascii") + b"," if joined else b""
        numbers = np.array([float(each) for each in joined.split(",")] if joined else [], dtype=np.float64)
        ends = np.flatnonzero(np.frombuffer(texts, dtype=np.uint8) == _COMMA).astype(np.uint32)
        # Subtracted from zero, a zero has no sign.
        return cls(texts, 0.0 - numbers if negative else numbers, ends, negative=negative)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def fixed(self) -> FixedPoint | None:
        """All values exactly, in columns; None where that would take too many digits. Made when it is first asked for."""
        if self._fixed is _NOT_ASKED:
            self._fixed = fixed_point(self._texts, negative=self._negative)
        return self._fixed

    def exact(self, index: int) -> Decimal:
        """The value itself."""
        if index < 0:
            index += len(self._ends)
        start = int(self._ends[index - 1]) + 1 if index else 0
        value = Decimal(self._texts[start : int(self._ends[index])].decode("ascii"))
        # Arithmetic would round to the decimal context's precision; copying does not.
        return value.copy_negate() if self._negative and value else value

    def appended(self, more: DecimalColumn) -> DecimalColumn:
        """This column and then another one of the same sign."""
        ends = np.concatenate((self._ends, more._ends + np.uint32(len(self._texts))))
        numbers = np.concatenate((self.numbers, more.numbers))
        return DecimalColumn(self._texts + more._texts, numbers, ends, negative=self._negative)


class LegSeries:
    """The signed quantity of one leg (short is negative), each holding until the next point.

    Attributes: `symbol`, `side`; `seqs` and `times` (UNIX nanoseconds) int64, `quantities` float64, all of one length and in
    the order of the checkpoints, which is that of time unless a clock went back.
    """

    __slots__ = ("_column", "origin", "seqs", "side", "symbol", "times")

    def __init__(
        self, symbol: str, side: Side, seqs: Integers, times: Integers, column: DecimalColumn, origin: object = None
    ) -> None:
        self.symbol = symbol
        self.side = side
        self.seqs = seqs
        self.times = times
        self._column = column
        self.origin = origin or object()

    @classmethod
    def of(cls, symbol: str, side: Side, points: Iterable[QuantityPoint]) -> LegSeries:
        """From points in order, with signed quantities."""
        told = tuple(points)
        seqs = np.array([point.seq for point in told], dtype=np.int64)
        times = np.array([point.at for point in told], dtype=np.int64)
        return cls(symbol, side, seqs, times, DecimalColumn.of(",".join(str(point.quantity) for point in told)))

    @classmethod
    def of_columns(cls, symbol: str, side: Side, columns: PointColumns) -> LegSeries:
        """From what the history's index tells, where every quantity is positive. Raises ValueError."""
        column = DecimalColumn.of(columns.quantities, negative=side is Side.SELL)
        return cls(symbol, side, _integers(columns.seqs), _integers(columns.times), column)

    def __len__(self) -> int:
        return len(self.seqs)

    @property
    def quantities(self) -> Floats:
        """The quantities for drawing."""
        return self._column.numbers

    def exact(self, index: int) -> Decimal:
        """The exact signed quantity of a point."""
        return self._column.exact(index)

    def appended(self, more: LegSeries) -> LegSeries:
        """With later points of the same leg."""
        seqs, times = np.concatenate((self.seqs, more.seqs)), np.concatenate((self.times, more.times))
        return LegSeries(self.symbol, self.side, seqs, times, self._column.appended(more._column), self.origin)

    def continues(self, older: LegSeries) -> bool:
        """Whether it is `older` with nothing but points appended, or `older` itself."""
        return self.origin is older.origin and len(self) >= len(older)


class AccountSeries:
    """The figures of every checkpoint that the history knows, pruned ones too, in the order of their numbers.

    Attributes: `seqs`, `times` (the state's, UNIX nanoseconds) and the counts `positions`, `orders`, `strategies` and `sizes`
    (bytes) int64; `equity` and `unrealized` float64 for drawing, `exact_equity(index)` and `exact_unrealized(index)` exact.
    """

    __slots__ = ("_equity", "_unrealized", "orders", "origin", "positions", "seqs", "sizes", "strategies", "times")

    def __init__(
        self,
        integers: Sequence[Integers],
        equity: DecimalColumn,
        unrealized: DecimalColumn,
        origin: object = None,
    ) -> None:
        """`integers` are seqs, times, positions, orders, strategies and sizes."""
        self.seqs, self.times, self.positions, self.orders, self.strategies, self.sizes = integers
        self._equity = equity
        self._unrealized = unrealized
        self.origin = origin or object()

    @classmethod
    def empty(cls) -> AccountSeries:
        """Of no checkpoint."""
        return cls([np.array([], dtype=np.int64)] * 6, DecimalColumn.of(""), DecimalColumn.of(""))

    @classmethod
    def of(cls, summaries: Iterable[CheckpointSummary]) -> AccountSeries:
        """From summaries in the order of their numbers."""
        told = tuple(summaries)
        names = ("seq", "at", "positions", "orders", "strategies", "size")
        integers = [np.array([getattr(each, name) for each in told], dtype=np.int64) for name in names]
        equity = DecimalColumn.of(",".join(str(each.equity) for each in told))
        return cls(integers, equity, DecimalColumn.of(",".join(str(each.unrealized_pnl) for each in told)))

    @classmethod
    def of_columns(cls, columns: SummaryColumns) -> AccountSeries:
        """From what the history's index tells. Raises ValueError."""
        integers = [
            _integers(each)
            for each in (
                columns.seqs,
                columns.times,
                columns.positions,
                columns.orders,
                columns.strategies,
                columns.sizes,
            )
        ]
        return cls(integers, DecimalColumn.of(columns.equity), DecimalColumn.of(columns.unrealized))

    def __len__(self) -> int:
        return len(self.seqs)

    @property
    def equity(self) -> Floats:
        """The equities for drawing."""
        return self._equity.numbers

    @property
    def unrealized(self) -> Floats:
        """The unrealized PnLs for drawing."""
        return self._unrealized.numbers

    def exact_equity(self, index: int) -> Decimal:
        """The exact equity of a checkpoint."""
        return self._equity.exact(index)

    def exact_unrealized(self, index: int) -> Decimal:
        """The exact unrealized PnL of a checkpoint."""
        return self._unrealized.exact(index)

    @property
    def fixed_equity(self) -> FixedPoint | None:
        """All equities exactly, in columns; None where that would take too many digits."""
        return self._equity.fixed

    def make_exact(self) -> None:
        """Make `fixed_equity` now: in a worker, for the window that will ask for it."""
        _ = self.fixed_equity

    def summary(self, index: int) -> CheckpointSummary:
        """One checkpoint as a record."""
        return CheckpointSummary(
            seq=int(self.seqs[index]),
            at=int(self.times[index]),
            equity=self.exact_equity(index),
            unrealized_pnl=self.exact_unrealized(index),
            positions=int(self.positions[index]),
            orders=int(self.orders[index]),
            strategies=int(self.strategies[index]),
            size=int(self.sizes[index]),
        )

    def appended(self, more: AccountSeries) -> AccountSeries:
        """With later checkpoints."""
        integers = [np.concatenate(pair) for pair in zip(self._integers(), more._integers(), strict=True)]
        equity, unrealized = self._equity.appended(more._equity), self._unrealized.appended(more._unrealized)
        return AccountSeries(integers, equity, unrealized, self.origin)

    def continues(self, older: AccountSeries) -> bool:
        """Whether it is `older` with nothing but checkpoints appended, or `older` itself."""
        return self.origin is older.origin and len(self) >= len(older)

    def _integers(self) -> tuple[Integers, ...]:
        return self.seqs, self.times, self.positions, self.orders, self.strategies, self.sizes


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The last known state where it is not that of the newest checkpoint: at `at` (UNIX nanoseconds), `changes` of the journal
    after checkpoint `seq` (None for none). `legs` are symbol, side and signed quantity (short is negative). `steps` tell what the
    changes came to one by one, where the journal tells their times.
    """

    at: int
    seq: int | None
    changes: int
    legs: tuple[tuple[str, Side, Decimal], ...]
    equity: Decimal
    unrealized: Decimal
    steps: KnownSteps = KnownSteps()

    @classmethod
    def of(cls, last: LastKnown, steps: KnownSteps) -> Known | None:
        """None where the last known state is what the newest checkpoint says."""
        if not (last.changes or last.skipped):
            return None
        state, info = last.state, last.info
        times = (info.timestamp if info else None, last.until if last.changes else None)
        at = max((each for each in times if each is not None), default=state.timestamp)
        return cls.by(state, at=at, seq=info.seq if info else None, changes=last.changes, steps=steps)

    @classmethod
    def by(cls, state: SystemState, *, at: int, seq: int | None, changes: int, steps: KnownSteps) -> Known:
        """What a state holds that so many changes behind a checkpoint led to, by these steps."""
        return cls(
            at=at,
            seq=seq,
            changes=changes,
            legs=tuple((symbol, side, quantity) for (symbol, side), quantity in signed_legs(state.positions).items()),
            equity=state.account.equity,
            unrealized=state.account.unrealized_pnl,
            steps=steps,
        )

    def changes_by(self, at: int) -> int:
        """How many of the changes had come by a moment."""
        if at >= self.at:
            return self.changes
        return max((count for when, count in self.steps.counts if when <= at), default=0)


class Series:
    """Everything that the charts draw; `known` is what the store knows beyond the newest checkpoint, None for nothing.

    `past` is what was known so when a recovery started from it, oldest first, as far as the journal still tells.
    """

    __slots__ = ("account", "known", "legs", "past")

    def __init__(
        self,
        legs: Iterable[LegSeries] = (),
        account: AccountSeries | None = None,
        known: Known | None = None,
        past: tuple[Known, ...] = (),
    ) -> None:
        self.legs = tuple(legs)
        self.account = account if account is not None else AccountSeries.empty()
        self.known = known
        self.past = past

    def continues(self, older: Series) -> bool:
        """Whether it is `older` with nothing but points, checkpoints and legs appended."""
        before = {(leg.symbol, leg.side): leg for leg in older.legs}
        now = {(leg.symbol, leg.side): leg for leg in self.legs}
        return self.account.continues(older.account) and all(
            key in now and now[key].continues(leg) for key, leg in before.items()
        )


def _integers(values: array[int]) -> Integers:
    return np.frombuffer(values, dtype=np.int64)
