"""The history index: the same whatever the order it was filled in, exact, and replaced only when it is damaged."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st
from strategies import T0

from crashdesk.codec import StateSummary, encode
from crashdesk.inspection import StoreView
from crashdesk.state import Side
from crashdesk.storage import database
from crashdesk.storage.database import DatabaseDamaged, DatabaseUnusable
from crashdesk.storage.history import HISTORY_NAME, HistoryIndex
from crashdesk.storage.history_changes import CHUNK, ZERO, Holdings, Quantity
from crashdesk.storage.names import CheckpointInfo, checkpoint_name

Item = tuple[int, StateSummary, int]
LEGS = [("BTC/USDT:USDT", Side.BUY), ("BTC/USDT:USDT", Side.SELL), ("ETH/USDT:USDT", Side.BUY)]


def summary(seq: int, *records: Quantity) -> StateSummary:
    return StateSummary(
        timestamp=T0 + seq,
        equity=Decimal("10250.50"),
        unrealized_pnl=Decimal("-3.2"),
        quantities=records,
        orders=1,
        strategies=0,
    )


def item(seq: int, *quantities: str | None) -> Item:
    """Checkpoint `seq` with a position on each of the LEGS that has a quantity."""
    held = [(*leg, Decimal(quantity)) for leg, quantity in zip(LEGS, quantities, strict=False) if quantity is not None]
    return seq, summary(seq, *held), 100 + seq


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
    part = (*LEGS[0], Decimal("0.1"))
    index = filled([(1, summary(1, part, part, part), 9), (2, summary(2, part, part), 9), (3, summary(3, part), 9)])
    assert [str(point.quantity) for point in index.quantities(*LEGS[0])] == ["0.3", "0.2", "0.1"]
    index.close()


records = st.tuples(st.sampled_from(LEGS), st.sampled_from(["0", "0.1", "0.10", "2", "1E+20"])).map(
    lambda drawn: (*drawn[0], Decimal(drawn[1]))
)
# Batches of (sequence number, records), as a bot and two desks may add them: in any order, and again with another content.
batches = st.lists(
    st.lists(st.tuples(st.integers(1, 9), st.lists(records, max_size=4)), max_size=4), min_size=1, max_size=6
)


@given(batches, st.data())
def test_the_index_tells_what_a_plain_list_of_checkpoints_tells(
    batches: list[list[tuple[int, list[Quantity]]]], data: st.DataObject
) -> None:
    index = HistoryIndex(Path(), in_memory=True)
    kept: dict[int, StateSummary] = {}
    for batch in batches:
        added = [(seq, summary(seq, *held)) for seq, held in batch]
        index.add([(seq, one, 1) for seq, one in added])
        kept.update(added)
    ascending = sorted(kept)
    assert index.known() == kept.keys()
    assert index.count() == len(kept)
    assert [row.seq for row in index.summaries()] == ascending
    assert [(row.at, row.positions) for row in index.summaries()] == [
        (kept[seq].timestamp, len(kept[seq].quantities)) for seq in ascending
    ]
    limit, before = data.draw(st.integers(1, 4)), data.draw(st.none() | st.integers(0, 11))
    wanted = [row for row in reversed(index.summaries()) if before is None or row.seq < before][:limit]
    assert index.page(before=before, limit=limit) == wanted
    series = {leg: [(p.seq, p.at, abs(p.quantity)) for p in index.quantities(*leg)] for leg in LEGS}
    assert series == {leg: plain_series(kept, leg) for leg in LEGS}
    assert index.legs() == sorted((leg for leg in LEGS if series[leg]), key=lambda leg: (leg[0], leg[1].value))
    index.close()


def plain_series(kept: dict[int, StateSummary], leg: tuple[str, Side]) -> list[tuple[int, int, Decimal]]:
    points, last = [], ZERO
    for seq in sorted(kept):
        total = sum((record[2] for record in kept[seq].quantities if record[:2] == leg), ZERO)
        if total != last:
            points.append((seq, kept[seq].timestamp, total))
        last = total
    return points


@given(st.integers(0, 3 * CHUNK), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4 * CHUNK)), max_size=12))
def test_moving_on_finds_every_change_among_many_positions(size: int, edits: list[tuple[int, int]]) -> None:
    held = [(f"S{number}", Side.BUY, Decimal(1)) for number in range(size)]
    holdings = Holdings({})
    known: dict[str, Decimal] = {}
    for moment, (edit, place) in enumerate([(0, 0), *edits, (0, 0)], start=2):
        at = place % len(held) if held else 0
        if edit == 1:
            held.insert(at, (f"new{moment}", Side.BUY, Decimal(moment)))
        elif edit == 2:
            del held[at : at + moment]
        elif edit == 3:
            held[at:] = [(*record[:2], record[2] + moment) for record in held[at:]]
        elif edit == 4:
            held.reverse()
        elif edit == 5 and held:
            held.append((*held[at][:2], Decimal(moment)))  # a second position on one leg
        totals: dict[str, Decimal] = {}
        for symbol, _, quantity in held:
            totals[symbol] = totals.get(symbol, ZERO) + quantity
        expected = {symbol: totals.get(symbol, ZERO) for symbol in known | totals}
        expected = {symbol: total for symbol, total in expected.items() if total != known.get(symbol, ZERO)}
        found = holdings.advance(tuple(held))
        assert {leg[0]: total for leg, total in found.items()} == expected
        known = totals


def test_a_source_that_fails_leaves_the_index_as_it_was() -> None:
    def failing() -> Iterator[Item]:
        yield item(2, "7", "7")
        raise RuntimeError("a file could not be decoded")

    index = filled([item(1, "1")])
    before = content(index)
    with pytest.raises(RuntimeError):
        index.add(failing())
    assert content(index) == before
    index.add([item(3, "7", "7")])
    assert content(index) == content(filled([item(1, "1"), item(3, "7", "7")]))
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


def test_a_flipped_bit_of_the_version_is_damage_and_not_a_newer_index(tmp_path: Path) -> None:
    HistoryIndex(tmp_path).close()
    header = bytearray((tmp_path / HISTORY_NAME).read_bytes())
    header[63] ^= 16
    (tmp_path / HISTORY_NAME).write_bytes(header)
    with pytest.raises(DatabaseDamaged, match="version"):
        HistoryIndex(tmp_path, read_only=True)
    HistoryIndex(tmp_path).close()
    assert [path.read_bytes() for path in (tmp_path / "corrupt").iterdir()] == [bytes(header)]


def test_a_newer_index_is_left_alone(tmp_path: Path) -> None:
    HistoryIndex(tmp_path).close()
    connection = sqlite3.connect(tmp_path / HISTORY_NAME)
    connection.execute("PRAGMA user_version=99")
    connection.execute(f"PRAGMA application_id={int.from_bytes(b'ZQ' + bytes([0, 99]))}")
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
    connection.execute("UPDATE legs SET side='both'")
    connection.execute("UPDATE series SET quantity='some'")
    connection.commit()
    connection.close()
    index.close()
    index = HistoryIndex(tmp_path)
    for reading in (index.summaries, index.legs, lambda: index.add([item(2, "2")])):
        with pytest.raises(DatabaseUnusable, match="cannot be read"):
            reading()
    index.close()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of 1,200 checkpoints whose one position grows by one each time."""
    files = tmp_path / "checkpoints"
    files.mkdir()
    for seq in range(1, 1201):
        write_checkpoint(tmp_path, seq)
    return tmp_path


def write_checkpoint(store: Path, seq: int) -> CheckpointInfo:
    path = store / "checkpoints" / checkpoint_name(seq, T0 + seq)
    position = make.position(symbol=LEGS[0][0], side=LEGS[0][1], quantity=Decimal(seq))
    path.write_bytes(encode(make.state(timestamp=T0 + seq, positions=(position,))))
    return CheckpointInfo(seq=seq, timestamp=T0 + seq, directory=store / "checkpoints")


def test_the_history_is_completed_from_the_files_and_outlives_them(store: Path) -> None:
    newest = store / "checkpoints" / checkpoint_name(1200, T0 + 1200)
    newest.write_bytes(newest.read_bytes()[:-1])
    heard: list[tuple[int, int]] = []
    with StoreView(store) as view:
        index = view.history(lambda done, total, _: heard.append((done, total)))
        assert [point.quantity for point in index.quantities(*LEGS[0])] == list(range(1, 1200))
        assert heard[0] == (0, 1200)
        assert heard[-1] == (1200, 1200)
        assert max(later[0] - sooner[0] for sooner, later in pairwise(heard)) <= 500
        write_checkpoint(store, 1200)  # as when the disk could not read it for a moment
        assert view.history().count() == 1200
        for path in (store / "checkpoints").iterdir():
            path.unlink()
        write_checkpoint(store, 1201)
        assert view.history().count() == 1201
        assert len(view.history().quantities(*LEGS[0])) == 1201


def test_an_operator_who_cancels_keeps_what_was_indexed(store: Path) -> None:
    def cancel(done: int, total: int, text: str) -> None:
        if done:
            raise KeyboardInterrupt

    with StoreView(store) as view, pytest.raises(KeyboardInterrupt):
        view.history(cancel)
    index = HistoryIndex(store)
    indexed = index.count()
    assert 0 < indexed < 1200
    assert [point.seq for point in index.quantities(*LEGS[0])] == [row.seq for row in index.summaries()]
    index.close()
    with StoreView(store) as view:
        heard: list[tuple[int, int]] = []
        assert view.history(lambda done, total, _: heard.append((done, total))).count() == 1200
        assert heard[0] == (0, 1200 - indexed)


def test_differences_between_history_and_files(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    index = HistoryIndex(tmp_path)
    index.add([item(1, "1"), item(2, "1"), item(3, "1")])
    kept = [write_checkpoint(tmp_path, seq) for seq in (2, 3, 4)]
    lacking = index.differences(kept)
    assert [difference.seq for difference in lacking] == [4]
    assert "not in the history yet" in lacking[0].text
    index.add([(3, summary(5), 1)])
    assert [difference.seq for difference in index.differences(kept)] == [3, 4]
    assert str(T0 + 5) in index.differences(kept)[0].text
    index.add([item(3), item(4)])
    assert index.differences(kept) == []
    index.close()


def test_an_index_of_an_older_version_is_built_anew(tmp_path: Path) -> None:
    index = HistoryIndex(tmp_path)
    index.add([item(1, "1")])
    index.close()
    connection = sqlite3.connect(tmp_path / HISTORY_NAME)
    connection.executescript("DROP TABLE legs; PRAGMA user_version=1")
    connection.close()
    index = HistoryIndex(tmp_path)
    assert index.known() == set()
    index.add([item(1, "1")])
    assert index.legs() == LEGS[:1]
    index.close()
