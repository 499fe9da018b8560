"""The command line under test: a store to give it, and what a run of it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import strategies as make

from crashdesk.changes import Mark, checkpoint_mark
from crashdesk.config import StoreManifest, write_manifest
from crashdesk.state import SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.store import StateStore

STATE = make.state(
    open_orders=(make.order(id="42", client_order_id="[bold]grid-1[/bold]"),),
    strategy_states=(make.records.StrategyState(name="grid", state_data=b"17"),),
)
Run = Callable[..., tuple[int, str, str]]
"""Exit code, standard output, standard error of one command."""


def make_store(directory: Path, *states: SystemState, **manifest: Any) -> Path:
    """A store with a checkpoint for each state."""
    with StateStore(directory) as opened:
        journal = Journal(directory, make.ManualClock())
        for state in states:
            seq = opened.save(state).seq
            journal.commit([checkpoint_mark(Mark(seq, state.timestamp))], causes=[(seq, Cause.MANUAL)])
        journal.close()
        write_manifest(directory, StoreManifest(bot="grid", exchange="binanceusdm", **manifest), LocalFiles())
    return directory


def content(directory: Path) -> dict[str, bytes | None]:
    """Every file and directory with its bytes."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(directory.rglob("*"))}
