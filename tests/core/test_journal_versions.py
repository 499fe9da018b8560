"""A journal's version: newer ones are left alone, the first ones are taken, a flipped bit costs nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from journal_builders import fill, opened, read_everything
from strategies import ManualClock

from crashdesk.storage.database import DatabaseDamaged, DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, VERSION
from crashdesk.storage.writer import open_journal


def test_a_newer_journal_is_left_alone(tmp_path: Path, clock: ManualClock) -> None:
    fill(tmp_path, clock)
    connection = sqlite3.connect(tmp_path / JOURNAL_NAME)
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.execute(f"PRAGMA application_id={int.from_bytes(b'ZQ' + bytes([0, VERSION + 1]))}")
    connection.close()
    before = (tmp_path / JOURNAL_NAME).read_bytes()
    for read_only in (True, False):
        with pytest.raises(DatabaseUnusable, match="newer version") as caught:
            Journal(tmp_path, clock, read_only=read_only)
        assert not isinstance(caught.value, DatabaseDamaged)
    with pytest.raises(DatabaseUnusable, match="newer version"):
        open_journal(tmp_path, clock, LocalFiles(), expected=True)
    assert (tmp_path / JOURNAL_NAME).read_bytes() == before


@pytest.mark.parametrize("place", [60, 68])
def test_a_flipped_bit_of_the_version_is_damage_and_costs_nothing(
    tmp_path: Path, clock: ManualClock, place: int
) -> None:
    fill(tmp_path, clock)
    path = tmp_path / JOURNAL_NAME
    header = bytearray(path.read_bytes())
    header[place + 3] ^= 4
    path.write_bytes(header)
    for read_only in (True, False):
        with pytest.raises(DatabaseDamaged, match="version"):
            Journal(tmp_path, clock, read_only=read_only)
    journal, problem = opened(tmp_path)
    assert "damaged" in problem
    assert "not kept" not in problem
    assert len(journal.entries()) == 5
    journal.close()


def test_a_journal_of_the_first_releases_is_taken_and_its_version_noted_twice(
    tmp_path: Path, clock: ManualClock
) -> None:
    fill(tmp_path, clock)
    with sqlite3.connect(tmp_path / JOURNAL_NAME) as connection:
        connection.execute("PRAGMA application_id=0")
    connection.close()
    assert len(read_everything(tmp_path, read_only=True)) == 5
    assert len(read_everything(tmp_path)) == 5
    assert int.from_bytes((tmp_path / JOURNAL_NAME).read_bytes()[68:72]) == int.from_bytes(b"ZQ\0\2")
