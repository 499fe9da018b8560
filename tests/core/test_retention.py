"""Retention: it deletes what it may, and whatever rots or is pinned in between, something good is left."""

from __future__ import annotations

import tempfile

import pytest
import strategies as make
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from strategies import HOUR, T0, ManualClock

from crashdesk.codec import decode
from crashdesk.errors import CodecError, StoreCorrupted
from crashdesk.storage.catalogue import Catalogue, Entry
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.retention import MOST_PER_PASS, deletable, deletion_candidates
from crashdesk.storage.store import StateStore


def row(*ages_in_hours: float, pinned: set[int] = frozenset()) -> Catalogue:
    """Checkpoints 1, 2, … of these ages."""
    entries = [Entry(seq, T0 - int(age * HOUR)) for seq, age in enumerate(ages_in_hours, start=1)]
    return Catalogue(entries, [entry for entry in entries if entry.seq in pinned])


def candidates(checkpoints: Catalogue, max_count: int, max_age_hours: float) -> list[int]:
    chosen = deletion_candidates(checkpoints, max_count=max_count, max_age_hours=max_age_hours, now_ns=T0)
    return [entry.seq for entry in chosen]


@pytest.mark.parametrize(
    ("checkpoints", "max_count", "max_age_hours", "expected"),
    [
        (row(4, 3, 2, 1), 3, 24, [1]),
        (row(4, 3, 2, 1), 4, 24, []),
        (row(4, 3, 2, 1), 1, 24, [1, 2]),
        (row(4, 3, 2, 1), 0, 24, [1, 2]),
        (row(40, 30, 20, 10), 10, 24, [1, 2]),
        (row(24, 24.1, 1, 1), 10, 24, [2]),
        (row(40, 30), 10, 1, []),
        (row(40, 30, 20, 10, 5, pinned={1, 5}), 2, 24, [2]),
        (row(1, 1, 1, 1, pinned={3, 4}), 2, 24, []),
        (row(-500, -500, -500, 1), 10, 24, []),
        (row(1, 50, 1, 40, 1, 30), 10, 24, [2, 4]),
        (row(*[1] * 200), 2, 24, list(range(1, MOST_PER_PASS + 1))),
    ],
    ids=["count", "count fits", "never the newest two", "nor with zero", "age", "age alone", "two are left", "pins do not count",
         "pins are no candidates", "a clock that went back", "and forth", "at most so many at once"],
)  # fmt: skip
def test_what_may_go(checkpoints: Catalogue, max_count: int, max_age_hours: float, expected: list[int]) -> None:
    assert candidates(checkpoints, max_count, max_age_hours) == expected


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.booleans(), st.booleans()), max_size=12),
    st.integers(-1, 8),
    st.sampled_from([0.0, 1.0, 24.0, float("inf")]),
)
def test_two_verified_newer_ones_are_always_left(
    rows: list[tuple[float, bool, bool]], max_count: int, max_age_hours: float
) -> None:
    pinned = {seq for seq, (_, pin, _) in enumerate(rows, 1) if pin}
    checkpoints = row(*(age for age, _, _ in rows), pinned=pinned)
    verified = {seq for seq, (_, _, good) in enumerate(rows, 1) if good}
    chosen = deletion_candidates(checkpoints, max_count=max_count, max_age_hours=max_age_hours, now_ns=T0)
    for entry in deletable(chosen, verified):
        assert entry.seq not in pinned
        assert len([seq for seq in verified if seq > entry.seq]) >= 2
        newer = [other for other in checkpoints.newest_unpinned() if other.seq > entry.seq]
        assert len(newer) >= max_count or T0 - entry.timestamp > max_age_hours * HOUR


entries = st.builds(Entry, st.integers(1, 20), st.integers(-3, 3))


@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "pin", "release"]), entries), max_size=60))
def test_the_catalogue_is_a_set_in_two_orders(changes: list[tuple[str, Entry]]) -> None:
    catalogue, present, pinned = Catalogue(), set(), set()
    for what, entry in changes:
        if what == "add" and entry not in present:
            catalogue.add(entry)
            present.add(entry)
        elif what == "remove":
            catalogue.remove(entry)
            present.discard(entry)
            pinned.discard(entry)
        elif what in ("pin", "release"):
            catalogue.set_pinned(entry, what == "pin")
            pinned = (pinned | {entry}) & present if what == "pin" else pinned - {entry}
    assert list(catalogue.newest()) == sorted(present, reverse=True)
    assert list(catalogue.oldest_unpinned()) == sorted(present - pinned)
    assert list(catalogue.earliest_unpinned()) == sorted(
        present - pinned, key=lambda entry: (entry.timestamp, entry.seq)
    )
    assert (set(catalogue.pinned), catalogue.unpinned_count) == (pinned, len(present - pinned))


class Store(RuleBasedStateMachine):
    """A store whose files rot, whose clock jumps and whose operator pins, between saves and clean-ups."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.clock = ManualClock()
        self.store = self.opened()
        self.saved = 0

    def opened(self) -> StateStore:
        # What does not read back is reported; that it is, other tests show.
        return StateStore(self.directory.name, clock=self.clock, on_problem=lambda problem: None)

    def teardown(self) -> None:
        self.store.close()
        self.directory.cleanup()

    def intact(self) -> list[int]:
        return [info.seq for info in self.store.list_checkpoints() if readable(info)]

    @rule()
    def save(self) -> None:
        self.saved += 1
        assert self.store.save(make.state(timestamp=self.clock.now)).seq > max(self.intact()[:-1], default=0)

    @rule(hours=st.sampled_from([-50, 1, 30]))
    def time_passes(self, hours: int) -> None:
        self.clock.now += hours * HOUR

    @precondition(lambda self: self.store.list_checkpoints())
    @rule(data=st.data())
    def one_rots(self, data: st.DataObject) -> None:
        info = data.draw(st.sampled_from(self.store.list_checkpoints()))
        info.path.write_bytes(info.path.read_bytes()[:-1])

    @precondition(lambda self: self.store.list_checkpoints())
    @rule(data=st.data(), pinned=st.booleans())
    def one_is_pinned(self, data: st.DataObject, pinned: bool) -> None:
        desk = StateStore(self.directory.name)
        desk.set_pinned(data.draw(st.sampled_from(desk.list_checkpoints())), pinned)

    @rule(max_count=st.integers(1, 4), hours=st.sampled_from([1, 24]))
    def clean_up(self, max_count: int, hours: int) -> None:
        intact, pinned = self.intact(), [info.seq for info in self.store.list_checkpoints() if info.pinned]
        for gone in self.store.cleanup(max_count, hours):
            assert gone.seq not in pinned
            assert len([seq for seq in intact if seq > gone.seq]) >= 2
        assert self.intact()[-2:] == intact[-2:]
        assert set(pinned) <= {info.seq for info in self.store.list_checkpoints()}

    @rule()
    def trim(self) -> None:
        assert {info.seq for info in self.store.verified_newest()} <= {
            info.seq for info in self.store.list_checkpoints()
        }

    @rule()
    def start_again(self) -> None:
        self.store.close()
        self.store = self.opened()

    @invariant()
    def the_newest_intact_one_loads(self) -> None:
        intact = self.intact()
        if intact:
            with StateStore(self.directory.name, read_only=True) as reader:
                assert reader.find_latest().info.seq == intact[-1]
        elif self.store.list_checkpoints():
            with pytest.raises(StoreCorrupted):
                self.store.find_latest()


def readable(info: CheckpointInfo) -> bool:
    try:
        decode(info.path.read_bytes())
    except CodecError:
        return False
    return True


TestStore = Store.TestCase
TestStore.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
