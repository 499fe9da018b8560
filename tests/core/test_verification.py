"""Verifying a store: whatever was done to a file is found, and looking changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
import sys
import zlib
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st
from strategies import T0, ManualClock

from crashdesk import verification
from crashdesk.audit import AuditKind
from crashdesk.codec import encode
from crashdesk.config import RecoveryConfig
from crashdesk.errors import StoreLocked
from crashdesk.findings import Severity
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.repair import open_doubts, repair_store, settle_doubts
from crashdesk.storage.journal import Journal
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.verification import Verification, check_file, verify_store

GOOD = encode(make.state())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """What a bot that was killed leaves: three checkpoints, changes after each, four entries in the audit log."""
    directory, live = tmp_path / "bot", LiveState(clock=ManualClock())
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory), clock=ManualClock()) as manager:
        for number in range(3):
            live.put_order(make.order(id=str(number)))
            live.put_position(make.position(quantity=Decimal(number)))
            manager.checkpoint()
        live.put_order(make.order(id="3"))
        live.remove_order("0", wait=True)
        journal = Journal(directory, ManualClock())
        for number in range(4):
            journal.append(AuditKind.DECISION, f"decision {number}", who="kim")
        journal.close()
        shutil.copytree(directory, tmp_path / "store")
    return tmp_path / "store"


def verify(directory: Path) -> Verification:
    with StoreView(directory) as view:
        return verify_store(view)


def problems(result: Verification) -> list[str]:
    return [finding.subject for finding in result.findings if finding.severity is Severity.PROBLEM]


def files(directory: Path) -> list[Path]:
    return sorted((directory / "checkpoints").glob("*.zqck"))


def content(directory: Path) -> dict[Path, bytes]:
    """Every file but SQLite's shared memory, which readers use as well."""
    found = [path for path in directory.rglob("*") if path.is_file() and not path.name.endswith("-shm")]
    return {path: path.read_bytes() for path in found}


def test_a_good_store_is_good_and_looking_changes_nothing(store: Path) -> None:
    before = content(store)
    steps: list[tuple[int, int]] = []
    with StoreView(store) as view:
        result = verify_store(view, lambda done, total, text: steps.append((done, total)))
    assert (result.findings, result.ok, result.checkpoints, result.valid, result.audit_entries) == ((), True, 3, 3, 4)
    assert result.changes >= 6
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert content(store) == before


@given(position=st.integers(0, len(GOOD) - 1), flip=st.integers(1, 255), cut=st.booleans())
def test_any_changed_byte_and_any_cut_is_found(
    tmp_path_factory: pytest.TempPathFactory, position: int, flip: int, cut: bool
) -> None:
    directory = tmp_path_factory.getbasetemp() / "any"
    with StateStore(directory) as opened:
        kept = opened.list_checkpoints()
        info = kept[0] if kept else opened.save(make.state())
    data = bytearray(GOOD)
    data[position] ^= flip
    info.path.write_bytes(data[:position] if cut else data)
    with StoreView(directory) as view:
        finding = check_file(view, info)
    assert finding is not None
    assert finding.severity is Severity.PROBLEM


def test_one_bad_file_among_good_ones_is_named_with_what_to_do(store: Path) -> None:
    bad = files(store)[1]
    bad.write_bytes(bad.read_bytes()[:50])
    result = verify(store)
    assert (result.ok, result.valid, problems(result)) == (False, 2, [bad.name])
    assert "moves it to corrupt/" in result.findings[0].advice


def test_a_store_without_one_valid_file_is_said_to_be_so(store: Path) -> None:
    for path in files(store):
        path.write_bytes(b"")
    result = verify(store)
    assert problems(result)[-1] == "store"
    assert "not one checkpoint is valid" in result.findings[-1].text


@pytest.mark.scenario(65)
def test_a_store_that_a_newer_version_wrote_is_neither_broken_nor_checked(store: Path) -> None:
    for path in files(store):
        data = bytearray(path.read_bytes())
        data[4] = 9
        data[-4:] = zlib.crc32(data[:-4]).to_bytes(4, "little")
        path.write_bytes(data)
    result = verify(store)
    assert (result.ok, result.valid, problems(result)) == (False, 0, ["store"])
    assert {finding.advice for finding in result.findings} == {"update Crashdesk"}


def test_a_renamed_checkpoint_is_found(store: Path) -> None:
    newest = files(store)[-1]
    newest.rename(newest.with_name(f"checkpoint-000000000009-{T0 + 77:020d}.zqck"))
    result = verify(store)
    assert not result.ok
    assert "it was renamed" in result.findings[0].advice


def test_the_second_implementation_is_really_asked(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "second_crc32", lambda data: 0xDEADBEEF)
    result = verify(store)
    assert result.valid == 0
    assert "the second CRC implementation computes deadbeef" in result.findings[0].text


def test_a_right_checksum_over_nonsense_is_found_as_well(store: Path) -> None:
    body = GOOD[:-4].replace(b"0.250", b"0.25x")
    files(store)[0].write_bytes(body + struct.pack("<I", zlib.crc32(body)))
    assert problems(verify(store)) == [files(store)[0].name]


def test_beside_a_running_bot_it_is_said_what_was_not_checked(store: Path) -> None:
    assert not any("not checked" in finding.text for finding in verify(store).findings)
    live = LiveState(clock=ManualClock())
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=store), clock=ManualClock()):
        result = verify(store)
    assert result.ok
    (finding,) = [finding for finding in result.findings if "not checked" in finding.text]
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize("log", ["deleted", "cut"])
def test_a_lost_log_is_found_before_and_told_after_the_repair(store: Path, log: str) -> None:
    path = store / "journal.sqlite-wal"
    if log == "deleted":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: -(24 + 4096)])
    before = content(store)
    assert any("deleted or cut off" in finding.text for finding in verify(store).findings)
    assert content(store) == before
    assert any("deleted or cut off" in text for text in repair_store(store))
    assert any("deleted or cut off" in text for text in open_doubts(store))


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (
            "UPDATE audit SET body=replace(CAST(body AS TEXT), 'decision 1', 'decision 9') WHERE seq=2",
            "broken at entry 2",
        ),
        ("DELETE FROM audit WHERE seq=3", "broken at entry 4"),
        ("DELETE FROM audit WHERE seq=1", "broken at entry 2"),
        ("DELETE FROM audit WHERE seq>2", "the newest 2 entries are gone"),
    ],
)
def test_an_audit_log_that_was_changed_is_found(store: Path, tamper: str, words: str) -> None:
    connection = sqlite3.connect(store / "journal.sqlite")
    connection.execute(tamper)
    connection.commit()
    connection.close()
    result = verify(store)
    assert not result.ok
    assert any(words in finding.text for finding in result.findings)


def test_a_damaged_journal_is_a_problem_of_its_own(store: Path) -> None:
    (store / "journal.sqlite").write_bytes(b"no database")
    result = verify(store)
    assert (problems(result), result.valid, result.audit_entries) == (["journal.sqlite"], 3, 0)


def test_an_empty_store_and_what_was_moved_aside_are_notes(tmp_path: Path) -> None:
    with StateStore(tmp_path / "store"):
        pass
    assert [finding.severity for finding in verify(tmp_path / "store").findings] == [Severity.NOTE]
    aside = tmp_path / "store" / "corrupt" / "checkpoint-000000000001-00000000000000000000.zqck"
    aside.write_bytes(b"")
    aside.with_name(aside.name + ".reason.txt").write_text("cut off")
    result = verify(tmp_path / "store")
    assert result.ok
    assert any("cut off" in finding.text for finding in result.findings)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_a_store_that_others_may_read_is_noted(store: Path) -> None:
    os.chmod(store / "journal.sqlite", 0o644)
    result = verify(store)
    assert result.ok
    assert [(f.subject, f.text) for f in result.findings] == [
        ("journal.sqlite", "others on this machine may read it (mode 644)")
    ]
    assert repair_store(store) == ["others may not read journal.sqlite any more"]
    assert verify(store).findings == ()


def test_a_checkpoint_that_retention_takes_meanwhile_is_no_finding(store: Path) -> None:
    gone = CheckpointInfo(seq=1, timestamp=T0, directory=store / "checkpoints")
    gone.path.unlink()
    with StoreView(store) as view:
        assert check_file(view, gone) is None


def execute(store: Path, statement: str) -> None:
    connection = sqlite3.connect(store / "journal.sqlite")
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (
            "DELETE FROM changes WHERE first=(SELECT max(first) FROM changes WHERE first<(SELECT max(first) FROM changes))",
            "are missing",
        ),
        ("UPDATE changes SET crc=crc+1 WHERE first=(SELECT max(first) FROM changes)", "checksum"),
        ("UPDATE changes SET at=at+1 WHERE first=(SELECT max(first) FROM changes)", "checksum"),
        ("DELETE FROM changes", "is empty"),
        ("INSERT INTO doubts VALUES(1,'the journal was missing',NULL)", "the journal was missing"),
    ],
)
def test_a_journal_that_does_not_go_on_from_the_checkpoints_is_found(store: Path, tamper: str, words: str) -> None:
    execute(store, tamper)
    result = verify(store)
    assert set(problems(result)) == {"journal.sqlite"}
    assert any(words in finding.text for finding in result.findings)


def test_a_journal_that_is_missing_is_found(store: Path) -> None:
    for path in store.glob("journal.sqlite*"):
        path.unlink()
    assert problems(verify(store)) == ["journal.sqlite"]


def last_known(store: Path) -> object:
    with StoreView(store) as view:
        last = view.latest()
        assert last is not None
        return msgspec.structs.replace(last.state, timestamp=0)


def test_repair_puts_in_order_what_can_be_and_loses_nothing(store: Path) -> None:
    before = last_known(store)
    files(store)[0].write_bytes(b"ZQCK")
    (store / "checkpoints" / ".checkpoint-000000000009-00000000000000000000.zqck.77.tmp").write_bytes(b"half")
    (store / "history.sqlite").write_bytes(b"no database")
    assert not verify(store).ok
    done = repair_store(store)
    assert len(done) == 3
    assert (store / "corrupt" / "checkpoint-000000000001-01700000000000000000.zqck").read_bytes() == b"ZQCK"
    result = verify(store)
    assert result.ok, result.findings
    assert last_known(store) == before
    assert repair_store(store) == []


def test_repair_mends_the_history_without_forgetting_what_was_pruned(store: Path) -> None:
    with StoreView(store) as view:
        view.history()
    files(store)[0].unlink()
    right = files(store)[0]
    connection = sqlite3.connect(store / "history.sqlite")
    connection.execute("UPDATE summaries SET at=1 WHERE seq=2")
    connection.commit()
    connection.close()
    assert ["checkpoint 2" in line for line in repair_store(store)] == [True]
    with StoreView(store) as view:
        times = {summary.seq: summary.at for summary in view.history().summaries()}
    assert times == {1: T0, 2: view.store.find(2).timestamp, 3: T0}
    assert right.exists()


def test_a_damaged_history_is_kept_as_everything_damaged_is(store: Path) -> None:
    for path in store.glob("history.sqlite*"):
        path.unlink()
    (store / "history.sqlite").write_bytes(b"no database")
    repair_store(store)
    (kept,) = (store / "corrupt").glob("history.sqlite.*")
    assert kept.read_bytes() == b"no database"


def test_repair_keeps_what_can_be_read_of_a_damaged_journal(store: Path) -> None:
    before = last_known(store)
    execute(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    execute(store, "UPDATE audit SET body=x'00' WHERE seq=4")
    execute(store, "UPDATE dismissals SET at='soon'")
    assert any("journal.sqlite" in finding.subject for finding in verify(store).findings)
    assert "what could be kept" in repair_store(store)[0]
    assert last_known(store) == before
    # What is lost stays in doubt until an operator has looked at every order.
    assert [
        (finding.subject, finding.advice) for finding in verify(store).findings if finding.severity is Severity.PROBLEM
    ] == [
        (
            "journal.sqlite",
            "recover with the desk or `crashdesk recover`, or look at every order yourself and say so: `crashdesk settle`",
        )
    ]


def test_repair_moves_nothing_when_no_checkpoint_is_valid(store: Path) -> None:
    for path in files(store):
        path.write_bytes(b"ZQCK")
    repair_store(store)
    assert len(files(store)) == 3


@pytest.mark.usefixtures("impatient")
def test_a_store_in_use_is_not_repaired(store: Path) -> None:
    with StateStore(store) as holder:
        holder.acquire()
        with pytest.raises(StoreLocked):
            repair_store(store)


def test_a_store_whose_checkpoints_were_deleted_is_what_the_next_start_says_it_is(store: Path) -> None:
    for path in files(store):
        path.unlink()
    result = verify(store)
    assert problems(result)[0] == "store"
    assert "the journal tells of a state that was" in result.findings[0].text
    with RecoveryManager(LiveState(), RecoveryConfig(checkpoint_dir=store)) as manager:
        assert manager.recover().status == "corrupted"


def test_a_journal_that_is_missing_is_in_doubt_before_any_bot_has_noticed(store: Path) -> None:
    for path in store.glob("journal.sqlite*"):
        path.unlink()
    (doubt,) = open_doubts(store)
    assert "there is no journal in this store" in doubt
    settle_doubts(store, who="kim")
    assert open_doubts(store) == []


def test_what_was_lost_with_a_journal_is_said_at_every_start_until_somebody_settles_it(store: Path) -> None:
    for path in store.glob("journal.sqlite*"):
        path.unlink()

    def start() -> str:
        with RecoveryManager(LiveState(), RecoveryConfig(checkpoint_dir=store)) as manager:
            return manager.recover().journal_problem

    assert "the journal is missing" in start()
    assert "the journal is missing" in start()
    assert any("the journal is missing" in text for text in open_doubts(store))
    settle_doubts(store, who="kim")
    assert start() == ""
    assert open_doubts(store) == []
    assert verify(store).ok
    with StoreView(store) as view:
        assert [entry.who for entry in view.audit_entries() if entry.kind is AuditKind.DECISION] == ["kim"]
