"""LiveState: its kept bytes are the codec's bytes, and amending it never undoes what happened meanwhile."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st
from strategies import ManualClock

from crashdesk.codec import assemble, encode
from crashdesk.errors import StateError
from crashdesk.live import LiveState
from crashdesk.state import OrderStatus, SystemState


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
