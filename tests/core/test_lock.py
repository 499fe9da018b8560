"""One writer a store, and everyone else is told who it is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import strategies as make

from crashdesk.errors import StorageError, StoreLocked
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.lock import HOLDER_NAME, LOCK_NAME, is_locked, read_holder
from crashdesk.storage.store import StateStore

HOLD = """
import sys
import threading
from crashdesk.storage.store import StateStore
store = StateStore(sys.argv[1], purpose="the grid bot")
store.acquire()
print("held", flush=True)
sys.stdin.read()
store.close()
"""

RACE = """
import sys, time
from crashdesk.errors import StoreLocked
from crashdesk.storage.store import StateStore
store = StateStore(sys.argv[1], purpose="racer")
print("ready", flush=True)
sys.stdin.readline()
try:
    store.acquire()
except StoreLocked:
    print("refused", flush=True)
else:
    print("won", flush=True)
sys.stdin.read()
"""

FORK = """
import os, sys
from crashdesk.errors import StoreLocked
from crashdesk.storage.lock import is_locked
from crashdesk.storage.store import StateStore
store = StateStore(sys.argv[1], purpose="the parent")
store.acquire()
child = os.fork()
if child == 0:
    try:
        store.acquire()
    except StoreLocked:
        os._exit(7)
    os._exit(1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert is_locked(store.directory)
"""


@contextmanager
def another_process_holding(directory: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


@pytest.mark.scenario(70)
@pytest.mark.usefixtures("impatient")
def test_a_second_process_is_refused_with_the_holders_name(tmp_path: Path) -> None:
    with another_process_holding(tmp_path) as process, StateStore(tmp_path) as store:
        assert is_locked(tmp_path)
        with pytest.raises(StoreLocked, match=rf"in use by the grid bot \(process {process.pid} on .*stop it first"):
            store.save(make.state())
        assert store.list_checkpoints() == []
        process.communicate("", timeout=10)
        assert not is_locked(tmp_path)
        holder = read_holder(tmp_path, LocalFiles())
        assert holder.released_at >= holder.acquired_at
        assert store.save(make.state()).seq == 1


@pytest.mark.scenario(70)
def test_of_processes_that_race_for_the_lock_one_wins(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACE, str(tmp_path)]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) for _ in range(3)
    ]
    try:
        assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * 3
        for racer in racers:
            racer.stdin.write("go\n")
        assert sorted(racer.stdout.readline() for racer in racers) == ["refused\n", "refused\n", "won\n"]
    finally:
        for racer in racers:
            racer.kill()
            racer.communicate(timeout=10)
    with StateStore(tmp_path) as store:
        assert store.save(make.state()).seq == 1


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with another_process_holding(tmp_path) as process:
        process.kill()
        process.wait(10)
        assert not is_locked(tmp_path)
        holder = read_holder(tmp_path, LocalFiles())
        assert (holder.pid, holder.released_at) == (process.pid, None)
        with StateStore(tmp_path) as store:
            store.acquire()
            assert read_holder(tmp_path, LocalFiles()).pid == os.getpid()


@pytest.mark.usefixtures("impatient")
def test_two_stores_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    first, second = StateStore(tmp_path, purpose="the bot"), StateStore(tmp_path, purpose="the desk")
    first.acquire()
    first.acquire()
    with pytest.raises(StoreLocked, match="the bot"):
        second.acquire()
    first.close()
    first.close()
    second.acquire()
    with pytest.raises(StoreLocked, match="the desk"):
        first.acquire()
    second.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_does_not_write_with_its_parents_lock(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORK, str(tmp_path)], check=True, timeout=30)


def test_asking_creates_nothing(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)
    assert read_holder(tmp_path, LocalFiles()) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("impatient")
def test_a_damaged_note_keeps_nobody_out(tmp_path: Path) -> None:
    with StateStore(tmp_path) as first, StateStore(tmp_path) as second:
        for note in (b"", b"{", b"\xff", b"[]", b'{"pid": "x"}'):
            (tmp_path / HOLDER_NAME).write_bytes(note)
            assert read_holder(tmp_path, LocalFiles()) is None
        first.acquire()
        (tmp_path / HOLDER_NAME).write_bytes(b"{")
        with pytest.raises(StoreLocked, match="another process"):
            second.acquire()


def test_a_lock_that_cannot_be_opened_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "LOCK").mkdir()
    with StateStore(tmp_path) as store, pytest.raises(StorageError):
        store.save(make.state())


@pytest.mark.skipif(sys.platform == "win32", reason="there a lock cannot be shared")
def test_two_that_look_at_the_same_time_are_no_writer(tmp_path: Path) -> None:
    """A desk looks every second: another one's look must not be taken for the bot."""
    import fcntl

    (tmp_path / LOCK_NAME).touch()
    with open(tmp_path / LOCK_NAME, "rb") as another:
        fcntl.flock(another, fcntl.LOCK_SH)
        assert not is_locked(tmp_path)
    told: list[bool] = []
    lookers = [threading.Thread(target=lambda: told.extend(is_locked(tmp_path) for _ in range(500))) for _ in range(4)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()
    assert len(told) == 2000
    assert not any(told)
