"""The journal: what it took is there after any restart, and whoever changed it is found out."""

from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from journal_builders import DISMISSAL, INTENT, fill, read_everything
from store_files import names
from strategies import ManualClock

from crashdesk.audit import AuditEntry, AuditKind, broken_links
from crashdesk.errors import StorageError
from crashdesk.storage import database
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, Dismissal, Intent
from crashdesk.storage.writer import open_journal

APPEND = """
import sys
from pathlib import Path
from crashdesk.audit import AuditKind
from crashdesk.clock import SystemClock
from crashdesk.storage.journal import Journal
journal = Journal(Path(sys.argv[1]), SystemClock())
for number in range(25):
    journal.append(AuditKind.DECISION, f"decision {number}", who=sys.argv[2])
print("done", flush=True)
sys.stdin.read()
"""


def test_what_it_took_is_there_after_a_restart(tmp_path: Path, clock: ManualClock) -> None:
    fill(tmp_path, clock)
    journal = Journal(tmp_path, clock)
    view = journal.view()
    assert view.intents == (Intent(**{name: getattr(INTENT, name) for name in INTENT.__struct_fields__} | {"seq": 1}),)
    assert view.dismissals == (DISMISSAL,)
    assert [entry.text for entry in journal.entries(after=3)] == ["outcome 3", "outcome 4"]
    assert journal.entries(plan_id="other") == []
    assert journal.last_activity() == INTENT.at  # the entries are an operator's
    journal.dismiss(Dismissal(order_key=DISMISSAL.order_key, at=10, who="operator", note="changed my mind"))
    assert [dismissal.note for dismissal in journal.view().dismissals] == ["changed my mind"]
    journal.intend(INTENT)
    assert [intent.seq for intent in journal.view().intents] == [1, 2]
    journal.close()
    with pytest.raises(DatabaseUnusable):
        journal.intend(INTENT)


def test_any_change_of_the_audit_log_breaks_its_chain(tmp_path: Path, clock: ManualClock) -> None:
    fill(tmp_path, clock)
    entries = read_everything(tmp_path)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert broken_links(entries) == []
    changes = {
        "at": 1,
        "kind": AuditKind.PLAN,
        "who": "nobody",
        "text": "",
        "order_key": "9",
        "plan_id": "q",
        "data": {},
    }
    changes["hash"] = "0" * 64
    assert changes.keys() == set(AuditEntry.__struct_fields__) - {"seq"}
    for (field, value), at in itertools.product(changes.items(), range(5)):
        changed = list(entries)
        changed[at] = AuditEntry(
            **{name: getattr(entries[at], name) for name in AuditEntry.__struct_fields__} | {field: value}
        )
        assert entries[at].seq in broken_links(changed), (field, at)
    for at in range(4):
        assert broken_links(entries[:at] + entries[at + 1 :]), f"entry {at} removed"
        assert broken_links([*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]), f"entries {at} swapped"
    assert broken_links(entries[2:], start=entries[1].hash) == []


def test_what_json_cannot_hold_is_recorded_all_the_same(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    journal.append(AuditKind.PROBLEM, "the exchange said \ud800", who="bot", data={"reply": "\udfff", "code": -2011})
    journal.append(AuditKind.PROBLEM, "next", who="bot")
    first, second = journal.entries()
    journal.close()
    assert first.text == "the exchange said \\ud800"
    assert first.data == {"reply": "\\udfff", "code": "-2011"}
    assert broken_links([first, second]) == []


@pytest.mark.parametrize("writers", [2])
def test_two_processes_append_to_one_chain(tmp_path: Path, writers: int) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", APPEND, str(tmp_path), f"writer {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(writers)
    ]
    try:
        assert [process.stdout.readline() for process in processes] == [b"done\n"] * writers
        seen = Journal(tmp_path, ManualClock(), read_only=True)
        entries = seen.entries()
        seen.close()
    finally:
        for process in processes:
            process.kill()
            process.communicate(timeout=10)
    assert [entry.seq for entry in entries] == list(range(1, 25 * writers + 1))
    assert broken_links(entries) == []
    # Both were killed with the file open: nothing is lost by that.
    journal = Journal(tmp_path, ManualClock())
    assert journal.entries() == entries
    journal.close()


def test_reading_only_creates_nothing(tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(DatabaseUnusable):
        Journal(tmp_path, clock, read_only=True)
    assert names(tmp_path) == []
    fill(tmp_path, clock)
    assert names(tmp_path) == [JOURNAL_NAME]
    assert len(read_everything(tmp_path, read_only=True)) == 5
    assert names(tmp_path) == [JOURNAL_NAME]


def test_a_copied_journal_with_its_log_is_read_whole(tmp_path: Path, clock: ManualClock) -> None:
    original, copy = tmp_path / "original", tmp_path / "copy"
    original.mkdir()
    copy.mkdir()
    fill(original, clock)
    journal = Journal(original, clock)
    journal.append(AuditKind.PROBLEM, "only in the log", who="bot")
    for name in (JOURNAL_NAME, JOURNAL_NAME + "-wal"):
        (copy / name).write_bytes((original / name).read_bytes())
    journal.close()
    assert read_everything(copy, read_only=True)[-1].text == "only in the log"
    assert names(copy) == [JOURNAL_NAME, JOURNAL_NAME + "-wal"]


def test_a_reader_sees_what_a_living_writer_appends(tmp_path: Path, clock: ManualClock) -> None:
    writer = Journal(tmp_path, clock)
    before = names(tmp_path)
    reader = Journal(tmp_path, clock, read_only=True)
    writer.append(AuditKind.PROBLEM, "news", who="bot")
    assert [entry.text for entry in reader.entries()] == ["news"]
    with pytest.raises(DatabaseUnusable):
        reader.append(AuditKind.PROBLEM, "not mine to write", who="desk")
    reader.close()
    assert names(tmp_path) == before
    writer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Unix permissions")
def test_nobody_else_may_read_it(tmp_path: Path, clock: ManualClock) -> None:
    old = os.umask(0)
    try:
        journal = Journal(tmp_path, clock)
        journal.intend(INTENT)
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
        journal.close()
    finally:
        os.umask(old)


def test_a_journal_in_use_is_waited_for_and_not_moved(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    fill(tmp_path, clock)
    other = sqlite3.connect(tmp_path / JOURNAL_NAME, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageError, match="locked"):
            open_journal(tmp_path, clock, LocalFiles(), expected=True)
    finally:
        other.close()
    assert not (tmp_path / "corrupt").exists()
    assert len(read_everything(tmp_path)) == 5


def test_what_a_process_that_died_while_making_the_journal_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / f".{JOURNAL_NAME}.x7").mkdir()
    (tmp_path / f".{JOURNAL_NAME}.x7" / JOURNAL_NAME).write_bytes(b"half")
    journal, doubt = open_journal(tmp_path, ManualClock(), LocalFiles(), expected=False)
    journal.close()
    assert doubt == ""
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL_NAME]
