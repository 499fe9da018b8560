"""The history index: the same whatever the order it was filled in, exact, and replaced only when it is damaged."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st
from strategies import T0

from crashdesk.state import Side, SystemState
from crashdesk.storage import database
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.history import HISTORY_NAME, HistoryIndex
from crashdesk.storage.names import CheckpointInfo

Item = tuple[CheckpointInfo, SystemState, int]
LEGS = [("BTC/USDT:USDT", Side.BUY), ("BTC/USDT:USDT", Side.SELL), ("ETH/USDT:USDT", Side.BUY)]


def item(seq: int, *quantities: str | None) -> Item:
    """Checkpoint `seq` with a position on each of the LEGS that has a quantity."""
    positions = tuple(
        make.position(id=str(number), symbol=LEGS[number][0], side=LEGS[number][1], quantity=Decimal(quantity))
        for number, quantity in enumerate(quantities)
        if quantity is not None
    )
    state = make.state(timestamp=T0 + seq, positions=positions)
    return CheckpointInfo(seq=seq, timestamp=state.timestamp, path=Path(str(seq))), state, 100 + seq


def content(index: HistoryIndex) -> object:
    return index.summaries(), [
        (leg, [(p.seq, p.at, str(p.quantity)) for p in index.quantities(*leg)]) for leg in index.legs()
    ]


def filled(items: list[Item]) -> HistoryIndex:
    index = HistoryIndex(Path(), in_memory=True)
    for one in items:
        index.add([one])
    return index


def test_a_series_holds_the_changes_only(tmp_path: Path) -> None:
    index = HistoryIndex(tmp_path)
    index.add([item(1, "1", "2"), item(2, "1.0", "2"), item(3, None, "3"), item(5, "1", "3")])
    index.close()
    index = HistoryIndex(tmp_path)
    assert index.known() == {1, 2, 3, 5}
    assert index.legs() == LEGS[:2]
    assert [(point.seq, point.quantity) for point in index.quantities(*LEGS[0])] == [(1, 1), (3, 0), (5, 1)]
    assert [(point.seq, point.quantity) for point in index.quantities(*LEGS[1])] == [(1, -2), (3, -3)]
    (summary,) = index.summaries(after=3)
    assert (summary.seq, summary.at, summary.positions, summary.orders, summary.size) == (5, T0 + 5, 2, 1, 105)
    assert summary.equity == Decimal("10250.50")
    index.close()


@given(
    st.lists(st.tuples(*[st.sampled_from([None, "0", "1", "2"])] * 3), min_size=1, max_size=7),
    st.randoms(use_true_random=False),
)
def test_the_order_of_filling_makes_no_difference(
    quantities: list[tuple[str | None, ...]], dice: random.Random
) -> None:
    items = [item(seq, *row) for seq, row in enumerate(quantities, start=1)]
    ascending = filled(items)
    shuffled = dice.sample(items, len(items))
    mixed = filled(shuffled + dice.choices(items, k=3))
    together = HistoryIndex(Path(), in_memory=True)
    together.add(shuffled)
    try:
        assert content(mixed) == content(together) == content(ascending)
    finally:
        for index in (ascending, mixed, together):
            index.close()


def test_two_processes_fill_one_index(tmp_path: Path) -> None:
    first, second = HistoryIndex(tmp_path), HistoryIndex(tmp_path)
    items = [item(seq, str(seq // 2)) for seq in range(1, 9)]
    for number, one in enumerate(items):
        (first, second)[number % 2].add([one])
    expected = filled(items)
    assert content(first) == content(second) == content(expected)
    for index in (first, second, expected):
        index.close()


@pytest.mark.parametrize(
    "quantity", ["1234567890123456789012345678901234567890.1234567890123456789", "1E+1000000000", "1E-50"]
)
def test_quantities_keep_every_digit(quantity: str) -> None:
    index = filled([item(1, quantity, quantity), item(2, "0", "0")])
    assert [str(point.quantity) for point in index.quantities(*LEGS[0])] == [quantity, "0"]
    assert [str(point.quantity) for point in index.quantities(*LEGS[1])] == [f"-{quantity}", "0"]
    index.close()


def test_two_positions_on_one_leg_are_added() -> None:
    positions = tuple(make.position(id=str(number), quantity=Decimal("0.1")) for number in range(3))
    info, _, size = item(1)
    index = filled([(info, make.state(positions=positions), size)])
    assert index.quantities(*LEGS[0])[0].quantity == Decimal("0.3")
    index.close()


def test_a_source_that_fails_leaves_the_index_as_it_was() -> None:
    def failing() -> Iterator[Item]:
        yield item(2, "7")
        raise RuntimeError("a file could not be decoded")

    index = filled([item(1, "1")])
    before = content(index)
    with pytest.raises(RuntimeError):
        index.add(failing())
    assert content(index) == before
    index.add([item(2, "1"), item(3, "2")])
    assert [point.seq for point in index.quantities(*LEGS[0])] == [1, 3]
    index.close()


@pytest.mark.parametrize("size", [0, 10, 4096, 8192, None])
def test_a_damaged_index_is_replaced(tmp_path: Path, size: int | None) -> None:
    index = HistoryIndex(tmp_path)
    index.add([item(seq, str(seq)) for seq in range(1, 50)])
    index.close()
    path = tmp_path / HISTORY_NAME
    path.write_bytes(path.read_bytes()[:size] if size is not None else b"no database at all" * 1000)
    index = HistoryIndex(tmp_path)
    assert index.known() == set()
    index.add([item(1, "1")])
    assert index.known() == {1}
    index.close()


def test_an_index_in_use_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    index = HistoryIndex(tmp_path)
    index.add([item(1, "1")])
    index.close()
    other = sqlite3.connect(tmp_path / HISTORY_NAME, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnusable, match="locked"):
        HistoryIndex(tmp_path)
    other.close()
    index = HistoryIndex(tmp_path)
    assert index.known() == {1}
    index.close()


def test_a_newer_index_is_left_alone(tmp_path: Path) -> None:
    HistoryIndex(tmp_path).close()
    connection = sqlite3.connect(tmp_path / HISTORY_NAME)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    before = (tmp_path / HISTORY_NAME).read_bytes()
    with pytest.raises(DatabaseUnusable, match="newer version"):
        HistoryIndex(tmp_path)
    assert (tmp_path / HISTORY_NAME).read_bytes() == before


def test_rows_that_cannot_be_read_are_our_error(tmp_path: Path) -> None:
    index = HistoryIndex(tmp_path)
    index.add([item(1, "1")])
    connection = sqlite3.connect(tmp_path / HISTORY_NAME)
    connection.execute("UPDATE summaries SET equity='much'")
    connection.execute("UPDATE series SET side='both', quantity='some'")
    connection.commit()
    connection.close()
    index.close()
    index = HistoryIndex(tmp_path)
    for reading in (index.summaries, index.legs, lambda: index.add([item(2, "2")])):
        with pytest.raises(DatabaseUnusable, match="cannot be read"):
            reading()
    index.close()
