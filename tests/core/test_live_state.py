"""LiveState: its kept bytes are the codec's bytes, and amending it never undoes what happened meanwhile."""

from __future__ import annotations

import contextlib
import threading
from decimal import Decimal
from typing import Any

import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st
from strategies import ManualClock

from crashdesk.changes import Change, ChangeKind, Mark, mark_of, whole_state
from crashdesk.codec import assemble, encode, encode_order
from crashdesk.errors import StateError, StorageError
from crashdesk.live import LiveState
from crashdesk.state import OrderStatus, SystemState
from crashdesk.storage.changelog import Work
from crashdesk.storage.journal_records import Cause


def file_of(live: LiveState) -> bytes:
    cut = live.encoded()
    return b"".join(
        assemble(
            timestamp=cut.timestamp,
            account=cut.account,
            positions=cut.positions,
            orders=cut.orders,
            strategies=cut.strategies,
        )
    )


def holding(state: SystemState) -> LiveState:
    live = LiveState(clock=ManualClock(state.timestamp))
    live.restore(state)
    return live


@given(make.states)
def test_the_kept_bytes_are_the_files_bytes(state: SystemState) -> None:
    live = holding(state)
    assert live.snapshot() == state
    assert file_of(live) == encode(live.snapshot()) == encode(state)


class _Change:
    """What a bot can do to its state."""

    put = st.builds(lambda number, filled: ("put", str(number), filled), st.integers(1, 4), st.integers(0, 3))
    drop = st.builds(lambda number: ("drop", str(number), 0), st.integers(1, 4))
    place = st.builds(lambda number, amount: ("place", str(number), amount), st.integers(1, 3), st.integers(0, 3))
    close = st.builds(lambda number: ("close", str(number), 0), st.integers(1, 3))
    money = st.builds(lambda amount: ("money", "", amount), st.integers(0, 9))
    note = st.builds(lambda amount: ("note", "grid", amount), st.integers(0, 9))


changes = st.lists(
    _Change.put | _Change.drop | _Change.place | _Change.close | _Change.money | _Change.note, max_size=20
)


def apply(live: LiveState, change: tuple[str, str, int]) -> None:
    what, name, amount = change
    match what:
        case "put":
            live.put_order(make.order(id=name, filled_quantity=Decimal(amount)))
        case "drop":
            live.remove_order(name)
        case "place":
            live.put_position(make.position(id=name, quantity=Decimal(amount)))
        case "close":
            live.remove_position(name)
        case "money":
            live.set_account(make.account(equity=Decimal(amount)))
        case "note":
            live.set_strategy(name, str(amount).encode())


@given(changes)
def test_after_any_changes_the_kept_bytes_are_still_the_files_bytes(done: list[tuple[str, str, int]]) -> None:
    live = LiveState(clock=ManualClock())
    for change in done:
        apply(live, change)
    assert file_of(live) == encode(live.snapshot())


@given(before=changes, wanted=changes, meanwhile=changes)
def test_amending_applies_the_difference_and_keeps_what_changed_meanwhile(
    before: list[Any], wanted: list[Any], meanwhile: list[Any]
) -> None:
    live, target = LiveState(clock=ManualClock()), LiveState(clock=ManualClock())
    for change in before:
        apply(live, change)
        apply(target, change)
    old = live.snapshot()
    for change in wanted:
        apply(target, change)
    new = target.snapshot()
    for change in meanwhile:
        apply(live, change)
    now = live.snapshot()

    live.amend(old, new)

    for read in (
        lambda state: {order.id: order for order in state.open_orders},
        lambda state: {position.id: position for position in state.positions},
        lambda state: {"account": state.account},
    ):
        was, wants, has, ends = (read(state) for state in (old, new, now, live.snapshot()))
        for key in was.keys() | wants.keys() | has.keys() | ends.keys():
            untouched = has.get(key) == was.get(key)
            assert ends.get(key) == (wants if untouched else has).get(key)
    assert live.snapshot().strategy_states == now.strategy_states
    assert file_of(live) == encode(live.snapshot())


def test_changes_that_belong_together_are_cut_together() -> None:
    live = LiveState(clock=ManualClock())
    cuts: list[SystemState] = []
    started = threading.Event()

    def cut() -> None:
        started.set()
        cuts.append(live.snapshot())

    thread = threading.Thread(target=cut)
    with live.together():
        live.put_order(make.order())
        thread.start()
        assert started.wait(5)
        live.put_position(make.position())
        assert cuts == []
    thread.join(5)
    assert (len(cuts[0].open_orders), len(cuts[0].positions)) == (1, 1)


def test_what_cannot_be_stored_is_refused_and_changes_nothing() -> None:
    live = holding(make.state())
    before = live.snapshot()
    for refused in (
        lambda: live.put_order(make.order(id="")),
        lambda: live.put_order(make.order(quantity=Decimal("NaN"))),
        lambda: live.put_order(make.order(price=1.5)),
        lambda: live.put_order(make.order(symbol="x" * 70_000)),
        lambda: live.put_position(make.position(quantity=Decimal(-1))),
        lambda: live.set_account(make.account(equity=Decimal("Infinity"))),
        lambda: live.set_account(make.account(equity=0.1)),
        lambda: live.set_strategy("x" * 70_000, b""),
        lambda: live.restore(make.state(open_orders=(make.order(filled_quantity=Decimal("sNaN")),))),
    ):
        with pytest.raises(StateError):
            refused()
        assert live.snapshot() == before


def test_removing_what_is_not_there_is_no_error_and_a_strategy_is_found_again() -> None:
    live = LiveState(clock=ManualClock())
    live.remove_order("1")
    live.remove_position("1")
    assert live.strategy("grid") is None
    live.set_strategy("grid", b"17")
    assert (live.strategy("grid"), live.snapshot().strategy_states is None) == (b"17", False)
    live.put_order(make.order(status=OrderStatus.OPEN))
    live.put_order(make.order(status=OrderStatus.PARTIALLY_FILLED))
    assert [order.status for order in live.orders] == [OrderStatus.PARTIALLY_FILLED]


class Sink:
    """Keeps what a LiveState hands on, and what it waited for."""

    def __init__(self) -> None:
        self.groups: list[tuple[Change, ...]] = []
        self.waited: list[tuple[Change, ...]] = []

    def append(self, changes: tuple[Change, ...], cause: tuple[int, Cause] | None = None) -> Work:
        self.groups.append(changes)
        return Work(changes)

    def restart(self, changes: tuple[Change, ...]) -> Work:
        return self.append(changes)

    def wait(self, work: Work) -> None:
        self.waited.append(work.changes)

    @property
    def kinds(self) -> list[list[ChangeKind]]:
        return [[change.kind for change in group] for group in self.groups]


def attached(*marks: Mark) -> tuple[LiveState, Sink]:
    live, sink = LiveState(clock=ManualClock()), Sink()
    live.attach(sink, marks)
    return live, sink


def test_the_first_change_describes_the_whole_state_behind_the_known_checkpoints() -> None:
    live, sink = attached(Mark(1, 5), Mark(2, 6))
    assert sink.groups == []
    live.put_order(make.order())
    describing, change = sink.groups
    assert [mark_of(item) for item in describing[:3]] == [Mark(1, 5), Mark(2, 6), None]
    assert describing[2:] == whole_state(live.encoded())
    assert change == (Change(ChangeKind.ORDER, encode_order(make.order())),)
    live.remove_order(make.order().id)
    assert sink.kinds[2:] == [[ChangeKind.ORDER_GONE]]


def test_what_the_journal_ends_with_is_not_described_again() -> None:
    live, sink = attached(Mark(1, 5))
    live.restore(make.state(), journalled=True)
    assert sink.groups == []
    live.set_account(make.account(equity=Decimal(1)))
    assert sink.kinds == [[ChangeKind.ACCOUNT]]
    # A second time it cannot be the journal's end any more.
    live.restore(make.state(), journalled=True)
    assert sink.groups[-1][1:] == whole_state(live.encoded())


def test_a_checkpoint_stands_in_the_order_of_the_changes() -> None:
    live, sink = attached()
    live.put_order(make.order())
    assert live.changed
    cut = live.cut(7, Cause.MANUAL)
    assert not live.changed
    live.put_position(make.position())
    assert live.changed
    assert sink.kinds[-3:] == [[ChangeKind.ORDER], [ChangeKind.CHECKPOINT], [ChangeKind.POSITION]]
    assert mark_of(sink.groups[-2][0]) == Mark(7, cut.records.timestamp)
    assert (len(cut.records.orders), len(cut.records.positions)) == (1, 0)
    assert (cut.summary.orders, cut.summary.quantities) == (1, ())
    live.describe()
    assert Mark(7, cut.records.timestamp) in [mark_of(change) for change in sink.groups[-1]]


def test_changes_that_belong_together_are_handed_on_together() -> None:
    live, sink = attached()
    live.put_order(make.order(id="1"))
    with live.together(wait=True):
        live.put_order(make.order(id="2"))
        with live.together():
            live.remove_order("1")
        assert len(sink.groups) == 2
        with pytest.raises(StateError):
            live.put_order(make.order(id="3"), wait=True)
        with pytest.raises(StateError), live.together(wait=True):
            pass
    assert sink.kinds[2:] == [[ChangeKind.ORDER, ChangeKind.ORDER_GONE, ChangeKind.ORDER]]
    assert sink.waited == sink.groups[2:]
    # What was changed before something went wrong is changed all the same.
    with contextlib.suppress(ZeroDivisionError), live.together():
        live.remove_order("2")
        raise ZeroDivisionError
    assert sink.kinds[3:] == [[ChangeKind.ORDER_GONE]]


def test_waiting_is_for_what_was_changed_and_is_refused_where_there_is_no_journal() -> None:
    live, sink = attached()
    for change in (
        lambda: live.put_order(make.order(), wait=True),
        lambda: live.put_position(make.position(), wait=True),
        lambda: live.set_account(make.account(), wait=True),
        lambda: live.set_strategy("grid", b"1", wait=True),
        lambda: live.remove_order(make.order().id, wait=True),
        lambda: live.remove_position(make.position().id, wait=True),
        # It may be on its way to the disk still.
        lambda: live.remove_order(make.order().id, wait=True),
        lambda: live.remove_position(make.position().id, wait=True),
    ):
        before = len(sink.waited)
        change()
        assert sink.waited[before:] == sink.groups[-1:]
    live.attach(None)
    with pytest.raises(StorageError, match="nothing is journalled"):
        live.put_order(make.order(), wait=True)
    assert len(live.orders) == 1


def test_a_group_of_another_thread_is_no_hindrance_to_waiting() -> None:
    live, sink = attached()
    inside, done = threading.Event(), threading.Event()

    def group() -> None:
        with live.together():
            inside.set()
            done.wait(5)

    other = threading.Thread(target=group)
    put = live._hand_on

    def handed_on(*values: Any) -> Any:
        work = put(*values)
        if not other.ident:
            other.start()  # it gets its turn as soon as this thread gives the state back
        return work

    live._hand_on = handed_on  # type: ignore[method-assign]
    real = live._await

    def awaited(work: Work | None) -> None:
        assert inside.wait(5)
        real(work)

    live._await = awaited  # type: ignore[method-assign]
    live.put_order(make.order(), wait=True)
    done.set()
    other.join(5)
    assert len(sink.waited) == 1


@given(before=changes, after=changes)
def test_a_sink_hears_of_every_change(before: list[Any], after: list[Any]) -> None:
    live, sink = attached()
    for change in before:
        apply(live, change)
    cut = live.cut(1, Cause.PERIODIC)
    mark = len(sink.groups)
    for change in after:
        apply(live, change)
    assert live.changed == (len(sink.groups) > mark)
    if len(sink.groups) == mark:
        assert live.encoded() == cut.records
