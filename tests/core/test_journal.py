"""The journal: what it took is there after any restart, whoever changed it is found out, and damage is never silence."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import strategies as make
from strategies import T0, ManualClock

from crashdesk.audit import AuditEntry, AuditKind, broken_links
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_order
from crashdesk.errors import StorageError
from crashdesk.storage import database
from crashdesk.storage.database import DatabaseDamaged, DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, VERSION, Cause, Dismissal, Intent, IntentAction
from crashdesk.storage.writer import open_journal

INTENT = Intent(
    at=7,
    action=IntentAction.CREATE,
    symbol="BTC/USDT:USDT",
    client_order_id="grid-1",
    side="buy",
    order_type="limit",
    quantity="0.010",
    price="36450.0",
)
DISMISSAL = Dismissal(order_key="BTC/USDT:USDT#8", at=9, who="operator", note="manual hedge")

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


def fill(directory: Path, clock: ManualClock, entries: int = 5) -> None:
    journal = Journal(directory, clock)
    for number in range(entries):
        clock.sleep(1)
        journal.append(
            AuditKind.OUTCOME,
            f"outcome {number}",
            who="operator",
            order_key=str(number),
            plan_id="p",
            data={"b": "2", "a": "1"},
        )
    journal.intend(INTENT)
    journal.dismiss(DISMISSAL)
    journal.close()


def read_everything(directory: Path, *, read_only: bool = False) -> list[AuditEntry]:
    journal = Journal(directory, ManualClock(), read_only=read_only)
    try:
        view = journal.view()
        assert (len(view.intents), len(view.dismissals)) == (1, 1)
        journal.last_activity()
        journal.causes()
        return journal.entries()
    finally:
        journal.close()


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


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


def opened(directory: Path, *, expected: bool = True) -> tuple[Journal, str]:
    return open_journal(directory, ManualClock(), LocalFiles(), expected=expected)


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


def order_change(number: int) -> Change:
    return Change(ChangeKind.ORDER, encode_order(make.order(id=str(number))))


def test_changes_are_numbered_and_a_batch_is_whole_or_void(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    assert journal.commit([order_change(1), order_change(2)], [INTENT], [(1, Cause.MANUAL)]) == 1
    unstorable = msgspec.structs.replace(INTENT, symbol=None)
    with pytest.raises(StorageError):
        journal.commit([order_change(3)], [INTENT, unstorable])
    assert journal.commit([order_change(4)]) == 3
    journal.close()
    again = Journal(tmp_path, clock)
    assert [(batch.first, batch.last) for batch in again.batches()] == [(1, 2), (3, 3)]
    assert [batch.changes for batch in again.batches(until=2)] == [(order_change(1), order_change(2))]
    assert (again.last_change, again.causes(), len(again.view().intents)) == (3, {1: Cause.MANUAL}, 1)
    again.close()


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
def test_a_commit_that_a_signal_interrupts_leaves_the_numbers_right(
    tmp_path: Path, clock: ManualClock, when: str
) -> None:
    class Interrupted:
        def __init__(self, connection: sqlite3.Connection) -> None:
            self.connection = connection

        def __getattr__(self, name: str) -> Any:
            return getattr(self.connection, name)

        def execute(self, statement: str, *values: Any) -> Any:
            if when == "after the commit" and statement == "COMMIT":
                self.connection.execute(statement, *values)
            if statement in ("COMMIT", "ROLLBACK"):
                raise KeyboardInterrupt
            return self.connection.execute(statement, *values)

    journal = Journal(tmp_path, clock)
    journal.commit([order_change(1)])
    connection = journal._connection
    journal._connection = Interrupted(connection)  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        journal.commit([order_change(2), order_change(3)], [INTENT])
    journal._connection = connection
    journal.commit([order_change(4)])
    # A reader of its own sees only what was committed.
    reader = Journal(tmp_path, clock, read_only=True)
    committed = [change for batch in reader.batches() for change in batch.changes]
    between = [order_change(2), order_change(3)] if when == "after the commit" else []
    assert committed == [order_change(1), *between, order_change(4)]
    assert [batch.first for batch in reader.batches()] == ([1, 2, 4] if between else [1, 2])
    reader.close()
    journal.close()


def test_trimming_keeps_the_batch_that_holds_the_number(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    for number in range(0, 750, 3):
        journal.commit([order_change(number), order_change(number + 1), order_change(number + 2)])
    journal.intend(INTENT)
    journal.trim(501)
    assert next(iter(journal.batches())).first == 499
    journal.trim(10_000)
    assert [batch.first for batch in journal.batches()] == [748]
    assert journal.view().intents == ()  # it was made in 1970
    journal.close()
    assert opened(tmp_path)[0].commit([order_change(1)]) == 751


@pytest.mark.parametrize("seed", range(20))
def test_trimming_leaves_what_is_to_be_kept_whole_and_nothing_else(
    tmp_path: Path, clock: ManualClock, seed: int
) -> None:
    draw = random.Random(seed)
    journal = Journal(tmp_path, clock)
    while journal.last_change < 120:
        journal.commit([order_change(number) for number in range(draw.randint(1, 4))])
    spans = [(number, number + draw.randint(0, 9)) for number in draw.sample(range(1, 110), draw.randint(0, 6))]
    before = draw.randint(60, 120)
    every = [(batch.first, batch.last) for batch in journal.batches()]
    end = max(first for first, _ in every if first <= before)
    expected = [
        (first, last)
        for first, last in every
        if first >= end or any(last >= begin and first <= stop for begin, stop in spans)
    ]
    journal.trim(before, spans)
    assert [(batch.first, batch.last) for batch in journal.batches()] == expected
    journal.close()


def test_trimming_does_not_read_what_is_kept(tmp_path: Path, clock: ManualClock) -> None:
    """A commit waits for it, at every checkpoint."""
    journal = Journal(tmp_path, clock)
    for number in range(2_000):
        journal.commit([order_change(number)])
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    journal.trim(1_990, [(1, 1_000), (1_001, 1_980)])
    journal._connection.set_progress_handler(count, 100)
    journal.trim(1_990, [(1, 1_000), (1_001, 1_980)])
    assert steps < 10
    journal.close()


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


def test_a_missing_journal_is_told_when_there_must_have_been_one(tmp_path: Path, clock: ManualClock) -> None:
    fresh, problem = opened(tmp_path, expected=False)
    assert (problem, fresh.view().problem) == ("", "")
    fresh.close()
    (tmp_path / JOURNAL_NAME).unlink()
    journal, problem = opened(tmp_path)
    assert "missing" in problem
    assert journal.view().problem == problem
    journal.close()


def test_a_damaged_log_is_told_where_it_can_be_known(tmp_path: Path, clock: ManualClock) -> None:
    original = tmp_path / "original"
    original.mkdir()
    journal = Journal(original, clock)
    for number in range(20):
        journal.commit([order_change(number)])
    files = {name: (original / name).read_bytes() for name in (JOURNAL_NAME, JOURNAL_NAME + "-wal")}
    journal.close()
    log = files[JOURNAL_NAME + "-wal"]
    frame = 24 + 4096

    def read(name: str, damaged: bytes) -> tuple[int, str]:
        directory = tmp_path / name
        directory.mkdir()
        (directory / JOURNAL_NAME).write_bytes(files[JOURNAL_NAME])
        (directory / (JOURNAL_NAME + "-wal")).write_bytes(damaged)
        journal, problem = opened(directory)
        last = journal.last_change
        journal.close()
        return last, problem

    flipped = bytearray(log)
    flipped[32 + 10 * frame + 100] ^= 1
    last, problem = read("flipped", bytes(flipped))
    assert last < 20
    assert "log was damaged" in problem
    last, problem = read("no header", bytes(32) + log[32:])
    assert last == 0
    assert "log was damaged" in problem
    # As a power cut in the middle of the newest commit leaves it: nothing was acknowledged that is not there.
    assert read("torn", log[:-2000]) == (19, "")
    assert read("whole", log) == (20, "")


FRAME = 24 + 4096


def killed(directory: Path, clock: ManualClock, copy: Path) -> Path:
    """What a process that died behind 20 commits leaves."""
    directory.mkdir()
    journal, _ = open_journal(directory, clock, LocalFiles(), expected=False)
    for number in range(20):
        journal.commit([order_change(number)])
    shutil.copytree(directory, copy)
    journal.close()
    assert names(directory) == [JOURNAL_NAME]
    return copy


@pytest.mark.parametrize("index", ["there", "gone"])
@pytest.mark.parametrize("log", ["deleted", "emptied"])
def test_a_log_that_is_gone_after_a_crash_is_told(tmp_path: Path, clock: ManualClock, log: str, index: str) -> None:
    store = killed(tmp_path / "store", clock, tmp_path / "killed")
    if log == "deleted":
        (store / f"{JOURNAL_NAME}-wal").unlink()
    else:
        (store / f"{JOURNAL_NAME}-wal").write_bytes(b"")
    if index == "gone":  # as after the end of the machine
        (store / f"{JOURNAL_NAME}-shm").unlink()
    journal, problem = opened(store)
    assert journal.last_change < 20
    assert "deleted or cut off" in problem
    assert journal.problem() == problem
    journal.close()
    again, problem = opened(store)
    assert (problem, "deleted or cut off" in again.problem()) == ("", True)
    again.close()


@pytest.mark.parametrize("frames", [1, 2, 10, 20])
def test_a_log_that_was_cut_cleanly_after_a_crash_is_told_whoever_looked_first(
    tmp_path: Path, clock: ManualClock, frames: int
) -> None:
    store = killed(tmp_path / "store", clock, tmp_path / "killed")
    log = store / f"{JOURNAL_NAME}-wal"
    log.write_bytes(log.read_bytes()[: 32 + frames * FRAME])
    with contextlib.closing(Journal(store, clock, read_only=True)) as reader:
        assert reader.last_change < 20
        assert "deleted or cut off" in reader.view().problem
    journal, problem = opened(store)
    assert "deleted or cut off" in problem
    journal.close()


def test_a_crash_and_a_closed_journal_raise_no_doubt(tmp_path: Path, clock: ManualClock) -> None:
    store = killed(tmp_path / "store", clock, tmp_path / "killed")
    for _ in range(3):
        journal, problem = opened(store)
        assert (journal.last_change, problem, journal.problem()) == (20, "", "")
        shutil.copytree(store, again := store.with_name(store.name + "-again"))
        journal.close()
        store = again
    (store / f"{JOURNAL_NAME}-shm").unlink()
    journal, problem = opened(store)
    assert (journal.last_change, problem) == (20, "")
    reader = Journal(store, clock, read_only=True)
    journal.close()  # a reader keeps the log, of which nothing is needed any more
    reader.close()
    for left in store.glob(f"{JOURNAL_NAME}-*"):
        left.unlink()
    journal, problem = opened(store)
    assert (journal.last_change, problem) == (20, "")
    journal.close()


def test_a_start_that_fails_neither_forgets_a_loss_nor_makes_one_up(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def refused(*_: object) -> None:
        raise StorageError("the disk is full")

    whole = killed(tmp_path / "store", clock, tmp_path / "whole")
    hurt = shutil.copytree(whole, tmp_path / "hurt")
    (hurt / f"{JOURNAL_NAME}-wal").unlink()
    with monkeypatch.context() as patch:
        patch.setattr("crashdesk.storage.journal.note_use", full)
        patch.setattr(Journal, "doubt", refused)
        for store in (whole, hurt):
            with pytest.raises(StorageError):
                opened(store)
    for store, told in ((whole, False), (hurt, True)):
        journal, problem = opened(store)
        assert ("deleted or cut off" in problem) == told
        journal.close()


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
