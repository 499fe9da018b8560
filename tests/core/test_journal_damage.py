"""A damaged journal is told and moved aside, and what passes its check goes along into the new one."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from journal_builders import INTENT, fill, opened, order_change, read_everything
from store_files import names
from strategies import T0, ManualClock

from crashdesk.audit import broken_links
from crashdesk.storage.database import DatabaseDamaged, DatabaseUnusable
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, Cause


def cut(size: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:size]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": cut(0),
    "10 bytes left": cut(10),
    "half a page left": cut(2048),
    "one page left": cut(4096),
    "half left": lambda data: data[: len(data) // 2],
    "last page missing": lambda data: data[:-4096],
    "zeroed": lambda data: bytes(len(data)),
    "zeroed but for the first page": lambda data: data[:4096] + bytes(len(data) - 4096),
    "random": lambda data: random.Random(5).randbytes(len(data)),
    "random but for the first page": lambda data: data[:4096] + random.Random(5).randbytes(len(data) - 4096),
    "another program's": lambda data: foreign_database(),
}


def foreign_database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE notes(text)")
    data = connection.serialize()
    connection.close()
    return data


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_journal_is_never_taken_for_an_empty_one(tmp_path: Path, clock: ManualClock, damage: str) -> None:
    fill(tmp_path, clock)
    path = tmp_path / JOURNAL_NAME
    damaged = DAMAGES[damage](path.read_bytes())
    path.write_bytes(damaged)
    for read_only in (True, False):
        with pytest.raises(DatabaseDamaged, match=JOURNAL_NAME):
            read_everything(tmp_path, read_only=read_only)
    assert path.read_bytes()[20:] == damaged[20:]


def test_no_flipped_byte_raises_anything_but_our_error(tmp_path: Path, clock: ManualClock) -> None:
    fill(tmp_path, clock)
    path = tmp_path / JOURNAL_NAME
    good, dice = path.read_bytes(), random.Random(7)
    found = 0
    for _ in range(150):
        data = bytearray(good)
        # Aimed at what is used: most of the file's pages are empty space.
        at = dice.choice([number for number in (dice.randrange(len(good)) for _ in range(50)) if good[number]] or [0])
        data[at] ^= 1 << dice.randrange(8)
        path.write_bytes(data)
        try:
            entries = read_everything(tmp_path, read_only=True)
        except (DatabaseUnusable, AssertionError):
            found += 1
        else:
            found += bool(broken_links(entries))
    assert found > 20


def test_a_lost_main_file_is_not_replaced_by_an_empty_one(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    journal.intend(INTENT)
    (tmp_path / JOURNAL_NAME).rename(tmp_path / "moved")
    for read_only in (True, False):
        with pytest.raises(DatabaseDamaged, match="missing"):
            Journal(tmp_path, clock, read_only=read_only)
    journal.close()


def test_the_log_of_an_emptied_journal_is_kept(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    journal.intend(INTENT)
    log = tmp_path / (JOURNAL_NAME + "-wal")
    content = log.read_bytes()
    assert content
    (tmp_path / JOURNAL_NAME).write_bytes(b"")
    for read_only in (True, False):
        with pytest.raises(DatabaseDamaged, match="cut off"):
            Journal(tmp_path, clock, read_only=read_only)
    assert log.read_bytes() == content
    journal.close()


def test_a_damaged_journal_is_moved_aside_for_a_new_one(tmp_path: Path, clock: ManualClock) -> None:
    fill(tmp_path, clock)
    (tmp_path / JOURNAL_NAME).write_bytes(b"")
    journal, problem = opened(tmp_path)
    assert "damaged" in problem
    assert journal.entries() == []
    journal.intend(INTENT)
    journal.close()
    assert [name.split(".")[-1] for name in names(tmp_path / "corrupt")] == [str(T0), "txt"]
    again, later = opened(tmp_path)
    assert (len(again.view().intents), later) == (1, "")
    # It does not cease to be true with the next start, but when an operator has looked.
    assert again.view().problem == problem
    again.settle()
    assert again.view().problem == ""
    again.close()


def rewrite(directory: Path, statement: str) -> None:
    connection = sqlite3.connect(directory / JOURNAL_NAME)
    with connection:
        connection.execute(statement)
    connection.close()


def test_all_that_passes_its_check_goes_along_into_the_new_one(tmp_path: Path, clock: ManualClock) -> None:
    fill(tmp_path, clock)
    journal = Journal(tmp_path, clock)
    for number in range(5):
        journal.commit([order_change(number)], causes=[(number, Cause.PERIODIC)])
    entries = journal.entries()
    journal.doubt("an older doubt")
    journal.close()
    rewrite(tmp_path, "UPDATE changes SET body=x'00' WHERE first=2")
    rewrite(tmp_path, "UPDATE causes SET cause='because' WHERE seq=3")
    rewrite(tmp_path, "UPDATE audit SET body=replace(body, 'outcome 3', 'outcome 9') WHERE seq=4")

    journal, problem = opened(tmp_path)

    assert "damaged" in problem
    assert "causes: 1 of 5" in problem
    assert "audit: 3 could be kept" in problem
    assert [batch.first for batch in journal.batches()] == [1, 3, 4, 5]
    assert journal.causes().keys() == {0, 1, 2, 4}
    assert journal.entries() == entries[:3]
    assert [doubt.text for doubt in journal.doubts()] == ["an older doubt", problem]
    assert len(journal.view().intents) == len(journal.view().dismissals) == 1
    assert journal.commit([order_change(6)]) == 6
    journal.close()
    assert opened(tmp_path)[1] == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [("CREATE TABLE doubts(at", 'CREATE TABLE doubts(a"'), ("CREATE TABLE doubts(at", "CREATE TABLE doubts(ax")],
)
def test_a_damaged_description_of_a_table_costs_that_table_at_most(
    tmp_path: Path, clock: ManualClock, old: str, new: str
) -> None:
    fill(tmp_path, clock)
    journal = Journal(tmp_path, clock)
    journal.commit([order_change(1)])
    journal.close()
    path = tmp_path / JOURNAL_NAME
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    for read_only in (True, False):
        with pytest.raises(DatabaseDamaged):
            Journal(tmp_path, clock, read_only=read_only)
    journal, problem = opened(tmp_path)
    assert "damaged" in problem
    assert "\n" not in problem
    assert len(list(journal.batches())) == len(journal.view().intents) == 1
    assert len(journal.entries()) == 5
    journal.close()


def test_what_stands_behind_an_unreadable_page_is_kept(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    for number in range(300):
        journal.commit([order_change(number)])
    journal.close()
    path = tmp_path / JOURNAL_NAME
    data = bytearray(path.read_bytes())
    needle = order_change(150).body
    page = data.index(needle) // 4096
    data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(data)

    journal, problem = opened(tmp_path)

    assert "changes" in problem
    kept = [batch.first for batch in journal.batches()]
    assert (kept[0], kept[-1]) == (1, 300)
    assert 200 < len(kept) < 300
    journal.close()
