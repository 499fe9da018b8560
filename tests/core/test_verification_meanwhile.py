"""A store that is looked at while a bot or an operator goes on writing: what is newer than the look is not missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import strategies as make
from typer.testing import CliRunner

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.cli import app
from crashdesk.clock import SystemClock
from crashdesk.config import RecoveryConfig
from crashdesk.findings import Finding, Severity
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import LoadedCheckpoint, StateStore
from crashdesk.verification import verify_store


def problems(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.text for finding in findings if finding.severity is Severity.PROBLEM]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with RecoveryManager(LiveState(), RecoveryConfig(checkpoint_dir=tmp_path / "store")) as manager:
        manager.checkpoint()
    return tmp_path / "store"


@pytest.fixture
def logging_while_read(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever the audit log was read, somebody adds to it."""
    read = Journal.entries

    def entries(journal: Journal, **which: Any) -> list[AuditEntry]:
        found = read(journal, **which)
        writer = Journal(store, SystemClock())
        writer.append(AuditKind.DECISION, "decided just then", who="kim")
        writer.close()
        return found

    monkeypatch.setattr(Journal, "entries", entries)


@pytest.mark.usefixtures("logging_while_read")
def test_what_is_logged_during_a_check_is_not_called_gone(store: Path) -> None:
    writer = Journal(store, SystemClock())
    writer.append(AuditKind.DECISION, "decided before", who="kim")
    with StoreView(store) as view:
        assert problems(verify_store(view).findings) == []
    shown = CliRunner().invoke(app, ["audit", str(store)])
    assert (shown.exit_code, "gone" in shown.output) == (0, False)
    writer.close()


def test_a_bot_that_shortens_its_journal_during_a_check_has_lost_nothing(store: Path) -> None:
    live = LiveState()
    with (
        RecoveryManager(live, RecoveryConfig(checkpoint_dir=store)) as manager,
        StoreView(store) as view,
    ):

        def goes_on(done: int, of: int, _: str) -> None:
            if done == of:
                for number in range(8):
                    live.put_order(make.order(id=str(number)), wait=True)
                    manager.checkpoint()

        manager.recover()
        manager.checkpoint()
        found = verify_store(view, goes_on)
        assert problems(found.findings) == []


def test_a_bot_that_starts_during_a_check_has_damaged_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opened the journal when nobody had it open reads the file as if it never changed."""
    check, starts = Journal.check, iter([True])

    def run_a_bot() -> None:
        live = LiveState()
        with RecoveryManager(live, RecoveryConfig(checkpoint_dir=store)) as manager:
            manager.recover()
            for number in range(300):
                live.set_strategy(str(number % 50), bytes(3000), wait=True)
                if number % 60 == 0:
                    manager.checkpoint()

    def checked(journal: Journal) -> None:
        if next(starts, False):
            run_a_bot()
        check(journal)

    run_a_bot()
    with StoreView(store) as view:
        monkeypatch.setattr(Journal, "check", checked)
        assert problems(verify_store(view).findings) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_bot_that_saves_while_its_checkpoints_are_listed_has_lost_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    find, live = StateStore.find_latest, LiveState()
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=store)) as manager, StoreView(store) as view:
        manager.recover()
        manager.checkpoint()
        left = iter(range(8))

        def goes_on() -> None:
            for number in left:
                live.put_order(make.order(id=str(number)), wait=True)
                manager.checkpoint()

        def find_latest(looked_at: StateStore, names: list[str] | None = None) -> LoadedCheckpoint | None:
            if when == "before":
                goes_on()
            found = find(looked_at, names)
            goes_on()
            return found

        monkeypatch.setattr(StateStore, "find_latest", find_latest)
        last = view.latest()
        assert last is not None
        assert (last.problem, len(last.state.open_orders)) == ("", 8)
