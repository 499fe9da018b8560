"""A bot that forks: whatever its child does with what it inherited, or only by ending, the parent's store stays the parent's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

_BOT = """
import os, sys
from pathlib import Path
from crashdesk import LiveState, RecoveryConfig, RecoveryManager
from crashdesk.errors import StorageError
from crashdesk.inspection import StoreView
from crashdesk.storage.journal_note import is_noted
from crashdesk.storage.journal_records import JOURNAL_NAME

def child(manager):
    {child}

directory = Path(sys.argv[1])
live = LiveState()
with RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory)) as manager:
    manager.recover()
    live.set_strategy("grid", b"1", wait=True)
    forked = os.fork()
    if forked == 0:
        child(manager)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert is_noted(directory / JOURNAL_NAME), "nothing would tell any more that the log is lost"
    assert StoreView(directory).presence().running
    live.set_strategy("grid", b"2", wait=True)
with StoreView(directory) as view:
    last = view.latest()
    assert (last.problem, last.state.strategy_states[0].state_data) == ("", b"2")
"""


@pytest.mark.parametrize(
    "child",
    [
        "sys.exit(0)",
        "manager.close(); os._exit(0)",
        """
    try:
        manager.intend_order(symbol="X", client_order_id="n-1", side="buy", order_type="limit", quantity=1)
    except StorageError:
        os._exit(0)
    os._exit(1)""",
    ],
    ids=["ends", "closes", "writes"],
)
def test_a_forked_child_leaves_the_parents_journal_alone(tmp_path: Path, child: str) -> None:
    bot = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BOT.replace("{child}", child), str(tmp_path / "store")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (bot.returncode, bot.stderr) == (0, "")


_HOLDER = """
import gc, os, sys
from crashdesk.storage.lock import is_locked
from crashdesk.storage.store import StateStore

held = [StateStore(sys.argv[1])]
held[0].acquire()
forked = os.fork()
if forked == 0:
    held.clear()
    gc.collect()
    os._exit(0)
os.waitpid(forked, 0)
assert is_locked(held[0].directory)
"""


def test_a_forked_child_that_forgets_the_store_does_not_give_its_lock_back(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", _HOLDER, str(tmp_path)], check=True, timeout=60)
