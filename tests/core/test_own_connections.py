"""Whoever looks at a store in a process that has its journal open takes no lock of SQLite away: another process would write."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from orphan_incident import DeskClock, store_before_the_crash

from crashdesk.audit import AuditKind
from crashdesk.inspection import StoreView
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.wal import is_cut_off, read_index
from crashdesk.storage.writer import open_journal
from crashdesk.verification import verify_store

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="there a lock belongs to what was opened, not to the process"
)

NOW = 1_763_781_128_000_000_000
# As sqlite.org/walformat.html and fileformat.html name them: the index's "dead man switch", and the shared lock of the file.
HELD = {f"{JOURNAL_NAME}-shm": (128, 1), JOURNAL_NAME: (0x40000002, 510)}
_TRY = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, int(sys.argv[3]), int(sys.argv[2]))
    except OSError:
        sys.exit(7)
"""


def free_for_another_process(directory: Path) -> list[str]:
    """Of the locks that a connection holds as long as it is open, those that another process could take."""
    return [
        name
        for name, (start, length) in HELD.items()
        if subprocess.run(
            [sys.executable, "-c", _TRY, str(directory / name), str(start), str(length)], check=False
        ).returncode
        != 7
    ]


LOOKS: dict[str, Callable[[StoreView], object]] = {
    "the last known state": lambda view: view.latest(),
    "the audit log": lambda view: view.audit_entries(),
    "the intents": lambda view: view.journal_view(),
    "the newest change": lambda view: view.last_change(),
    "the history": lambda view: view.history(),
    "a check of everything": verify_store,
    "the log's index": lambda view: read_index(view.directory / JOURNAL_NAME),
    "whether the log is whole": lambda view: is_cut_off(view.directory / JOURNAL_NAME),
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_leaves_an_open_journal_its_locks(tmp_path: Path, look: str) -> None:
    store = store_before_the_crash(tmp_path / "store", NOW)
    journal = Journal(store, DeskClock(NOW))
    journal.append(AuditKind.PROBLEM, "somebody is at work", who="ops")
    assert free_for_another_process(store) == []
    LOOKS[look](StoreView(store, clock=DeskClock(NOW)))
    assert free_for_another_process(store) == []
    journal.append(AuditKind.PROBLEM, "and goes on", who="ops")
    journal.close()


def test_a_closed_journal_is_looked_at_again(tmp_path: Path) -> None:
    store = store_before_the_crash(tmp_path / "store", NOW)
    writes = f"""
import os
from pathlib import Path
from crashdesk.audit import AuditKind
from crashdesk.clock import SystemClock
from crashdesk.storage.journal import Journal
Journal(Path({str(store)!r}), SystemClock()).append(AuditKind.PROBLEM, "the last word", who="bot")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", writes], check=True)
    index = read_index(store / JOURNAL_NAME)
    assert index is not None
    reading = Journal(store, DeskClock(NOW), read_only=True)
    assert read_index(store / JOURNAL_NAME) is None
    reading.close()
    reading.close()
    assert read_index(store / JOURNAL_NAME) == index


def test_a_damaged_journal_that_is_being_read_here_is_not_replaced_under_the_reader(tmp_path: Path) -> None:
    store = store_before_the_crash(tmp_path / "store", NOW)
    path = store / JOURNAL_NAME
    reading = Journal(store, DeskClock(NOW), read_only=True)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])
    with pytest.raises(DatabaseUnusable, match="try again"):
        open_journal(store, DeskClock(NOW), LocalFiles(), expected=True)
    reading.close()
    journal, doubt = open_journal(store, DeskClock(NOW), LocalFiles(), expected=True)
    assert "was damaged" in doubt
    journal.close()
