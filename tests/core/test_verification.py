"""Verifying a store: whatever was done to a file is found, and looking changes nothing."""

from __future__ import annotations

import os
import sqlite3
import struct
import sys
import zlib
from pathlib import Path

import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st
from strategies import T0, ManualClock

from crashdesk import verification
from crashdesk.audit import AuditKind
from crashdesk.codec import encode
from crashdesk.inspection import StoreView
from crashdesk.storage.journal import Journal
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.verification import Severity, Verification, check_file, verify_store

GOOD = encode(make.state())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with StateStore(tmp_path / "store") as opened:
        for number in range(3):
            opened.save(make.state(timestamp=T0 + number))
    journal = Journal(tmp_path / "store", ManualClock())
    for number in range(4):
        journal.append(AuditKind.DECISION, f"decision {number}", who="kim")
    journal.close()
    return tmp_path / "store"


def verify(directory: Path) -> Verification:
    with StoreView(directory) as view:
        return verify_store(view)


def problems(result: Verification) -> list[str]:
    return [finding.subject for finding in result.findings if finding.severity is Severity.PROBLEM]


def files(directory: Path) -> list[Path]:
    return sorted((directory / "checkpoints").glob("*.zqck"))


def test_a_good_store_is_good_and_looking_changes_nothing(store: Path) -> None:
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    steps: list[tuple[int, int]] = []
    with StoreView(store) as view:
        result = verify_store(view, lambda done, total, text: steps.append((done, total)))
    assert (result.ok, result.checkpoints, result.valid, result.audit_entries, result.findings) == (True, 3, 3, 4, ())
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


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
    # A changed version number is a file of the future as far as anybody can tell.
    assert finding.severity is Severity.PROBLEM or (4 <= position < 8 and not cut)


def test_one_bad_file_among_good_ones_is_named_with_what_to_do(store: Path) -> None:
    bad = files(store)[1]
    bad.write_bytes(bad.read_bytes()[:50])
    result = verify(store)
    assert (result.ok, result.valid, problems(result)) == (False, 2, [bad.name])
    assert "the one before" in result.findings[0].advice


def test_a_store_without_one_valid_file_is_said_to_be_so(store: Path) -> None:
    for path in files(store):
        path.write_bytes(b"")
    result = verify(store)
    assert problems(result)[-1] == "store"
    assert "not one checkpoint is valid" in result.findings[-1].text


def test_a_store_that_a_newer_version_wrote_is_neither_broken_nor_checked(store: Path) -> None:
    for path in files(store):
        data = bytearray(path.read_bytes())
        data[4] = 9
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


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (
            "UPDATE audit SET body=replace(CAST(body AS TEXT), 'decision 1', 'decision 9') WHERE seq=2",
            "broken at entry 2",
        ),
        ("DELETE FROM audit WHERE seq=3", "broken at entry 4"),
        ("DELETE FROM audit WHERE seq=1", "broken at entry 2"),
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
    assert [(f.subject, f.advice) for f in result.findings] == [("journal.sqlite", "chmod go-rwx journal.sqlite")]


def test_a_checkpoint_that_retention_takes_meanwhile_is_no_finding(store: Path) -> None:
    gone = CheckpointInfo(seq=1, timestamp=T0, path=files(store)[0])
    gone.path.unlink()
    with StoreView(store) as view:
        assert check_file(view, gone) is None
