"""A bot's first start is no recovery: neither the strip over the history nor the table calls it one."""

from __future__ import annotations

from pathlib import Path

import strategies as make
from strategies import T0, ManualClock

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.config import RecoveryConfig
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.bot_starts import BotRuns, Saves, told_by_runs
from crashdesk.storage.journal_records import Cause
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.activity import audit_columns
from crashdesk_gui.reading.store import StoreReader
from crashdesk_gui.views.history_strip import events_of


def run(directory: Path, at: int) -> None:
    """One run of a bot without an exchange."""
    clock = ManualClock(at)
    live = LiveState(clock=clock)
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory), clock=clock) as manager:
        manager.recover()
        live.put_order(make.order(), wait=True)
        manager.checkpoint()


def recoveries(directory: Path, at: int) -> int:
    with StoreView(directory) as view:
        told = StoreReader(view, ManualClock(at)).look(lambda _done, _total, _text: None)
    assert told is not None
    return int(events_of(told.overview.entries).large.sum())


def test_only_a_start_that_restored_something_is_marked_as_a_recovery(tmp_path: Path) -> None:
    run(tmp_path / "store", T0)
    assert recoveries(tmp_path / "store", T0) == 0
    run(tmp_path / "store", T0 + 3600 * 10**9)
    assert recoveries(tmp_path / "store", T0 + 3600 * 10**9) == 1


def test_a_new_store_and_a_bot_that_found_nothing_are_no_events() -> None:
    texts = (
        "a new store for the sandbox account main of binanceusdm",
        "the bot started: there was no checkpoint to restore; the exchange could not be compared: it is away",
        "the bot started: restored the journal's state",
        "recovered: checkpoint 3 holds the reconciled state",
    )
    entries = [
        AuditEntry(seq=seq, at=T0 + seq, kind=AuditKind.RECOVERY, text=text, who="bot")
        for seq, text in enumerate(texts, 1)
    ]
    assert [event - T0 for event in events_of(entries).times.tolist()] == [3, 4]


def test_the_audit_log_tells_a_start_from_a_recovery(ui: UiContext) -> None:
    texts = ("the bot started: there was no checkpoint to restore", "the bot started: restored checkpoint 7")
    kind = {column.id: column for column in audit_columns(ui.display)}["kind"]
    entries = [AuditEntry(seq=1, at=T0, kind=AuditKind.RECOVERY, text=text, who="bot") for text in texts]
    assert [kind.text(entry) for entry in entries] == ["start", "recovery"]
    assert [kind.export(entry) for entry in entries] == ["recovery", "recovery"], "a file has what was logged"


def test_what_a_bot_saves_at_its_first_start_is_called_a_start() -> None:
    saves = Saves(times=[10, 20], seqs=[1, 2], cause=lambda _place: Cause.RECOVERED)
    assert told_by_runs(saves, BotRuns(starts=(11, 21), anew=frozenset({11}))) == {
        0: Cause.START,
        1: Cause.START_RECOVERED,
    }
