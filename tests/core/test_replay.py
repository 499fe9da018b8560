"""Replay: whatever part of the journal is there, what comes out is a state that the bot was in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import strategies as make
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import T0, ManualClock

from crashdesk.changes import Batch, Change, ChangeKind, Mark, checkpoint_mark, whole_state
from crashdesk.codec import EncodedState, assemble, decode_with_records, encode_order
from crashdesk.errors import StorageError
from crashdesk.live import LiveState, encoded
from crashdesk.replay import Base, Replayed, replay
from crashdesk.state import SystemState
from crashdesk.storage.changelog import Work
from crashdesk.storage.journal_records import Cause

Step = tuple[Any, ...]


class Recorded:
    """A LiveState whose sink makes a batch of every append, and what was true after each."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.live = LiveState(clock=self.clock)
        self.batches: list[Batch] = []
        self.after: list[SystemState] = []
        self.bases: list[Base] = []
        self.live.attach(self)

    def append(self, changes: tuple[Change, ...], cause: tuple[int, Cause] | None = None) -> Work:
        first = self.batches[-1].last + 1 if self.batches else 1
        self.batches.append(Batch(first=first, at=self.clock.now, changes=changes))
        self.after.append(self.live.snapshot())
        return Work(changes)

    def restart(self, changes: tuple[Change, ...]) -> Work:
        return self.append(changes)

    def wait(self, work: Work) -> None:
        pass

    def cut(self) -> None:
        cut = self.live.cut(len(self.bases) + 1, Cause.PERIODIC)
        kept = cut.records
        state, records = decode_with_records(
            b"".join(
                assemble(
                    timestamp=kept.timestamp,
                    account=kept.account,
                    positions=kept.positions,
                    orders=kept.orders,
                    strategies=kept.strategies,
                )
            )
        )
        self.bases.append(Base(mark=Mark(len(self.bases) + 1, kept.timestamp), state=state, records=records))

    def do(self, step: Step) -> None:
        self.clock.sleep(0.001)
        match step:
            case ("put", number, filled):
                self.live.put_order(make.order(id=str(number), filled_quantity=Decimal(filled)))
            case ("drop", number, _):
                self.live.remove_order(str(number))
            case ("place", number, amount):
                self.live.put_position(make.position(id=str(number), quantity=Decimal(amount)))
            case ("close", number, _):
                self.live.remove_position(str(number))
            case ("money", _, amount):
                self.live.set_account(make.account(equity=Decimal(amount)))
            case ("note", number, amount):
                self.live.set_strategy(f"s{number}", b"n" * amount)
            case ("cut",):
                self.cut()
            case ("restore", state):
                self.live.restore(state)
            case ("describe",):
                self.live.describe()
            case ("together", steps):
                with self.live.together():
                    for inner in steps:
                        self.do(inner)
            case ("amend", steps):
                # What the exchange says of a state that was cut a moment ago.
                old = self.live.snapshot()
                other = LiveState(clock=self.clock)
                other.restore(old)
                target = Recorded.__new__(Recorded)
                target.live, target.clock = other, self.clock
                for inner in steps:
                    target.do(inner)
                self.live.amend(old, other.snapshot())


simple = st.tuples(
    st.sampled_from(["put", "put", "drop", "place", "close", "money", "note"]), st.integers(1, 3), st.integers(0, 3)
)
groups = st.lists(simple, max_size=4)
steps = st.one_of(
    simple,
    simple,
    st.tuples(st.just("cut")),
    st.tuples(st.just("cut")),
    st.tuples(st.just("describe")),
    st.tuples(st.just("together"), groups),
    st.tuples(st.just("amend"), groups),
    st.tuples(st.just("restore"), make.states),
)
histories = st.lists(steps, min_size=1, max_size=25)


def ran(history: Sequence[Step]) -> Recorded:
    recorded = Recorded()
    for step in history:
        recorded.do(step)
    return recorded


def same(found: SystemState | None, wanted: SystemState) -> bool:
    return found is not None and msgspec.structs.replace(found, timestamp=wanted.timestamp) == wanted


def same_bytes(found: EncodedState | None, wanted: EncodedState) -> bool:
    return found is not None and msgspec.structs.replace(found, timestamp=wanted.timestamp) == wanted


@settings(max_examples=70)
@given(histories)
def test_from_every_checkpoint_and_from_nothing_the_end_is_the_live_state(history: list[Step]) -> None:
    recorded = ran(history)
    live = recorded.live
    for base in (None, *recorded.bases):
        end = replay(base, recorded.batches)
        if base is None and not recorded.batches:
            assert (end.state, end.problem) == (None, "")
            continue
        assert end.problem == ""
        assert end.last == recorded.batches[-1].last
        assert same(end.state, live.snapshot())
        assert same_bytes(end.records, live.encoded())
        assert end.records == encoded(end.state)  # type: ignore[arg-type]
        assert (end.at is None) == (end.applied == 0)


@given(histories, st.data())
def test_every_part_of_the_journal_from_its_beginning_is_what_was_true_then(
    history: list[Step], data: st.DataObject
) -> None:
    recorded = ran(history)
    length = data.draw(st.integers(0, len(recorded.batches)))
    part = recorded.batches[:length]
    known = {mark for batch in part for mark in _marks(batch)}
    for base in (None, *recorded.bases):
        end = replay(base, part)
        if base is not None and base.mark not in known:
            assert (end.state, end.applied, end.last) == (base.state, 0, None)
            assert end.problem
        elif length:
            assert end.problem == ""
            assert same(end.state, recorded.after[length - 1])


def _marks(batch: Batch) -> Iterator[Mark]:
    for change in batch.changes:
        if change.kind is ChangeKind.CHECKPOINT:
            yield Mark(*(int.from_bytes(change.body[i : i + 8], "little", signed=True) for i in (0, 8)))


@given(histories, st.data())
def test_where_a_batch_is_missing_or_cannot_be_read_the_state_is_one_that_was(
    history: list[Step], data: st.DataObject
) -> None:
    recorded = ran([*history, ("put", 1, 0), ("cut",), ("put", 2, 0), ("drop", 1, 0)])
    lost = data.draw(st.integers(0, len(recorded.batches) - 2))
    raised = data.draw(st.booleans())

    def damaged() -> Iterator[Batch]:
        for number, batch in enumerate(recorded.batches):
            if number != lost:
                yield batch
            elif raised:
                raise StorageError("the disk failed")

    for base in recorded.bases:
        end = replay(base, damaged())
        marked = max(n for n, batch in enumerate(recorded.batches) if base.mark in set(_marks(batch)))
        if marked > lost and not raised:
            # What is missing before the checkpoint is of no use to anybody.
            assert end.problem == ""
            assert same(end.state, recorded.live.snapshot())
        elif marked < lost:
            assert ("the disk failed" if raised else "missing") in end.problem
            assert end.last is None
            assert same(end.state, recorded.after[lost - 1])
        else:
            assert end.problem
            assert end.last is None
            assert end.state == base.state or any(same(end.state, state) for state in recorded.after[:lost])


def whole(number: int = 0) -> Recorded:
    """A checkpoint with one order, and after it a second order and a third."""
    return ran([("put", 1, 0), ("cut",), ("put", 2, 0), ("put", 3, number)])


def test_changes_are_counted_and_checkpoints_are_none() -> None:
    recorded = whole()
    assert replay(recorded.bases[0], recorded.batches).applied == 2
    recorded.do(("cut",))
    end = replay(recorded.bases[0], recorded.batches)
    assert (end.applied, end.last) == (2, recorded.batches[-1].last)
    end = replay(recorded.bases[1], recorded.batches)
    assert (end.applied, end.at, end.state) == (0, None, recorded.bases[1].state)


def kept_base(end: Replayed, base: Base) -> bool:
    return (end.state, end.records, end.applied, end.last) == (base.state, base.records, 0, None)


def test_a_journal_that_does_not_know_the_checkpoint_is_not_applied() -> None:
    recorded, base = whole(), whole().bases[0]
    for stranger in (
        msgspec.structs.replace(base, mark=Mark(2, base.mark.timestamp)),
        msgspec.structs.replace(base, mark=Mark(1, base.mark.timestamp + 1)),
    ):
        end = replay(stranger, recorded.batches)
        assert kept_base(end, stranger)
        assert "does not know checkpoint" in end.problem
    end = replay(base, [])
    assert kept_base(end, base)
    assert "empty" in end.problem
    end = replay(base, recorded.batches, "nobody could open it")
    assert (kept_base(end, base), end.problem) == (True, "nobody could open it")


def test_behind_what_no_journal_saw_nothing_is_applied() -> None:
    recorded = whole()
    base = recorded.bases[0]
    recorded.append((checkpoint_mark(Mark(2, T0), recorded=False),))
    seen = len(recorded.live.orders)
    recorded.do(("put", 4, 0))
    end = replay(base, recorded.batches)
    assert (len(end.state.open_orders), end.last) == (seen, None)  # type: ignore[union-attr]
    assert "checkpoint 2" in end.problem
    # From the checkpoint itself there is nothing amiss.
    second = Base(mark=Mark(2, T0), state=base.state, records=base.records)
    assert replay(second, recorded.batches).problem == ""
    # A crash between the very first mark and its file has lost nothing.
    alone = replay(None, [Batch(first=1, at=T0, changes=(checkpoint_mark(Mark(1, T0), recorded=False),))])
    assert (alone.state, alone.problem) == (None, "")


def test_a_batch_with_something_unreadable_is_not_applied_by_halves() -> None:
    recorded = whole()
    base = recorded.bases[0]
    half = (Change(ChangeKind.ORDER, encode_order(make.order(id="9"))), Change(ChangeKind.ORDER, b"\xff"))
    recorded.batches.append(Batch(first=recorded.batches[-1].last + 1, at=T0, changes=half))
    end = replay(base, recorded.batches)
    assert same(end.state, recorded.live.snapshot())
    assert end.last is None
    assert "change" in end.problem
    anew = (*whole_state(base.records)[:-1], Change(ChangeKind.ORDER_GONE, b"\xff"))
    recorded.batches[-1] = Batch(first=recorded.batches[-1].first, at=T0, changes=anew)
    assert same(replay(base, recorded.batches).state, recorded.live.snapshot())


def test_without_a_checkpoint_only_a_whole_state_is_believed() -> None:
    recorded = whole()
    tail = recorded.batches[1:]
    end = replay(None, tail)
    assert end.state is None
    assert "begins after" in end.problem
    recorded.do(("describe",))
    recorded.do(("drop", 1, 0))
    end = replay(None, recorded.batches[1:])
    assert same(end.state, recorded.live.snapshot())
    # A journal that ends before the newest checkpoint is an older copy, or another store's.
    assert replay(None, recorded.batches, knows=Mark(1, recorded.bases[0].mark.timestamp)).problem == ""
    stranger = replay(None, recorded.batches, knows=Mark(2, T0))
    assert (stranger.state, bool(stranger.problem)) == (None, True)
    older = replay(recorded.bases[0], recorded.batches, knows=Mark(2, T0))
    assert (older.last, "checkpoint 2" in older.problem) == (None, True)
    assert same(older.state, recorded.live.snapshot())


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_a_clock_that_was_put_back_does_not_make_the_state_older_than_its_checkpoint(hours: int) -> None:
    recorded = ran([("put", 1, 0), ("cut",)])
    base = recorded.bases[0]
    recorded.clock.sleep(hours * 3600)
    recorded.do(("put", 2, 0))
    end = replay(base, recorded.batches)
    assert end.state.timestamp == max(base.state.timestamp, recorded.clock.now)  # type: ignore[union-attr]
    assert end.records.timestamp == end.state.timestamp  # type: ignore[union-attr]
    assert end.at == recorded.clock.now
