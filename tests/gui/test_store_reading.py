"""Reading a store for the desk: how it stands first, then the rest in slices, afterwards only what is new."""

from pathlib import Path

import msgspec
import pytest
from benchmarks.big_store import build
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash

from crashdesk import StateStore
from crashdesk.audit import AuditKind
from crashdesk.clock import SystemClock
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk_gui.audit_log import AuditLog, entries_of
from crashdesk_gui.checkpoint_rows import CheckpointRows, FileCheck
from crashdesk_gui.reading import store as reading
from crashdesk_gui.reading.store import Reading, StoreReader

CHECKPOINTS, ENTRIES, POINTS = 1_200, 2_600, 4_000
NOW = 1_763_781_128_000_000_000


def unheard(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    build(tmp_path / "store", checkpoints=CHECKPOINTS, symbols=2, points=POINTS, audit_entries=ENTRIES)
    return tmp_path / "store"


@pytest.fixture
def reader(directory: Path):
    with StoreView(directory) as view:
        yield StoreReader(view, SystemClock())


def rows_of(told: Reading) -> CheckpointRows:
    assert isinstance(told.overview.rows, CheckpointRows)
    return told.overview.rows


def log_of(told: Reading) -> AuditLog:
    assert isinstance(told.overview.entries, AuditLog)
    return told.overview.entries


def to_the_end(reader: StoreReader, told: Reading | None) -> Reading:
    for _ in range(1_000):
        if not reader.unfinished:
            break
        told = reader.go_on(unheard) or told
    assert told is not None
    assert not reader.unfinished
    return told


def save_another(directory: Path) -> int:
    with StateStore(directory) as store:
        state = store.load_latest()
        assert state is not None
        info = store.save(msgspec.structs.replace(state, timestamp=state.timestamp + 1))
    journal = Journal(directory, SystemClock())
    journal.commit(causes=[(info.seq, Cause.MANUAL)])
    journal.append(AuditKind.DECISION, "left alone", who="operator")
    journal.close()
    return info.seq


def test_the_first_look_tells_how_the_store_stands_before_it_has_read_everything(reader: StoreReader) -> None:
    told = reader.look(unheard)
    assert told is not None
    assert told.overview.latest is not None
    assert told.overview.latest.seq == CHECKPOINTS
    rows = rows_of(told)
    assert (len(rows), rows[-1].cause is not None) == (CHECKPOINTS, True)
    assert (rows[-1].checked, rows[-1].summary is not None) == (True, True)
    assert not rows[0].checked, "the oldest files are read later"
    assert told.series is None
    entries = log_of(told)
    assert not entries.complete
    assert entries[-1].seq == ENTRIES


def test_the_rest_comes_in_slices_and_is_complete(reader: StoreReader) -> None:
    told = to_the_end(reader, reader.look(unheard))
    assert [entry.seq for entry in log_of(told)] == list(range(1, ENTRIES + 1))
    rows = rows_of(told)
    assert set(rows.statuses().tolist()) == {FileCheck.INTACT}
    assert [row.info.seq for row in rows] == list(range(1, CHECKPOINTS + 1))
    assert rows[7].equity_change == rows[7].summary.equity - rows[6].summary.equity
    assert told.series is not None
    assert sum(len(leg) for leg in told.series.legs) == POINTS
    assert len(told.series.account) == CHECKPOINTS
    assert reader.look(unheard) is None, "nothing changed"


def test_later_looks_bring_only_what_is_new(reader: StoreReader, directory: Path) -> None:
    before = to_the_end(reader, reader.look(unheard))
    seq = save_another(directory)
    (directory / "checkpoints").glob("checkpoint-000000000001-*").__next__().unlink()
    after = to_the_end(reader, reader.look(unheard))
    assert (rows_of(after).seqs[0], rows_of(after).seqs[-1]) == (2, seq)
    newest = rows_of(after)[-1]
    assert (newest.cause, newest.checked, newest.summary is not None) == (Cause.MANUAL, True, True)
    assert log_of(after)[-1].text == "left alone"
    assert after.series is not None
    assert before.series is not None
    assert after.series.continues(before.series)
    assert after.series.account.seqs[-1] == seq
    assert len(after.series.account) == CHECKPOINTS + 1, "the history remembers what was pruned"


def test_what_did_not_change_is_the_same_object(reader: StoreReader, directory: Path) -> None:
    before = to_the_end(reader, reader.look(unheard))
    journal = Journal(directory, SystemClock())
    journal.append(AuditKind.PROBLEM, "a word", who="crashdesk")
    journal.close()
    after = to_the_end(reader, reader.look(unheard))
    assert after.overview.rows is before.overview.rows
    assert after.series is before.series
    assert after.overview.entries is not before.overview.entries


def test_a_file_that_was_damaged_is_found(reader: StoreReader, directory: Path) -> None:
    to_the_end(reader, reader.look(unheard))
    path = next((directory / "checkpoints").glob("checkpoint-000000000005-*"))
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    reader.forget()
    told = to_the_end(reader, reader.look(unheard))
    row = rows_of(told).find(5)
    assert row is not None
    assert row.problem
    assert rows_of(told).statuses()[4] == FileCheck.CORRUPT


def test_checkpoints_that_the_history_lacks_are_indexed(reader: StoreReader, directory: Path) -> None:
    (directory / "history.sqlite").unlink()
    told = to_the_end(reader, reader.look(unheard))
    assert told.series is not None
    assert len(told.series.account) == CHECKPOINTS
    assert rows_of(told)[3].summary is not None
    assert sum(len(leg) for leg in told.series.legs) == CHECKPOINTS


def test_a_small_store_is_complete_at_the_first_look(tmp_path: Path) -> None:
    build(tmp_path / "store", checkpoints=20, symbols=1, points=20, audit_entries=5)
    with StoreView(tmp_path / "store") as view:
        reader = StoreReader(view, SystemClock())
        told = reader.look(unheard)
        assert told is not None
        assert not reader.unfinished
        assert told.series is not None
        assert all(row.checked for row in told.overview.rows)
    assert reading.SMALL < CHECKPOINTS


def test_entries_of_a_kind_are_found_in_either_order(reader: StoreReader) -> None:
    entries = log_of(to_the_end(reader, reader.look(unheard)))
    wanted = [entry for entry in entries if entry.kind is AuditKind.PROBLEM]
    assert list(entries_of(entries, AuditKind.PROBLEM)) == wanted
    assert next(entries_of(entries, AuditKind.PROBLEM, newest_first=True)) == wanted[-1]
    assert list(entries_of(tuple(entries), AuditKind.PROBLEM, newest_first=True)) == wanted[::-1]


def test_an_interrupted_recovery_is_offered_again_after_somebody_held_the_store(tmp_path: Path) -> None:
    """A bot that could not start, or another desk that only looked, holds the store for a moment and writes nothing."""
    directory = store_before_the_crash(tmp_path / "store", NOW)
    with StoreView(directory, clock=DeskClock(NOW)) as view:
        recovery = OperatorRecovery(view, exchange_after_the_crash(NOW), who="ops", clock=DeskClock(NOW))
        comparison = recovery.compare()
        decisions = [
            Decision(order_key=each.key, action=Action.LEAVE, who="ops") for each in comparison.plan.needs_decision
        ]
        recovery.execute(comparison, decisions, plan_id=comparison.plan.id, stopped=lambda: True)

        reader = StoreReader(view, DeskClock(NOW))
        before = reader.look(unheard)
        assert before is not None
        assert before.overview.interrupted is not None
        with StateStore(directory) as store:
            store.acquire()
            held = reader.look(unheard)
            assert held is not None
            assert held.overview.interrupted is None
        after = reader.look(unheard)
        assert after is not None
        assert after.overview.interrupted == before.overview.interrupted
