"""When the bot lived last: what the bot wrote tells it, never what an operator's recovery or repair wrote."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import strategies as make
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.checkpointing import save_reconciled
from crashdesk.config import RecoveryConfig
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.repair import repair_store, settle_doubts
from crashdesk.storage.journal import Journal
from crashdesk.storage.lock import DESK
from crashdesk.storage.store import StateStore
from crashdesk.synchronise import UNATTENDED

DIED = T0 + 5_000_000_000
LATER = T0 + 900_000_000_000


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The store of a bot that ended at `DIED`."""
    clock = ManualClock(T0)
    live = LiveState(clock=clock)
    live.restore(make.state())
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=tmp_path), clock=clock) as manager:
        manager.checkpoint()
        clock.now = DIED
        live.put_order(make.order(id="journalled"), wait=True)
    return tmp_path


def last_sign(directory: Path) -> int | None:
    with StoreView(directory) as view:
        return view.last_sign_of_life()


def recover_by_hand(directory: Path, at: int, who: str) -> None:
    clock = ManualClock(at)
    with StateStore(directory, purpose=DESK, clock=clock) as store:
        store.acquire()
        with contextlib.closing(Journal(directory, clock)) as journal:
            journal.append(AuditKind.PLAN, "recovery from checkpoint 1", who=who, plan_id="p")
            save_reconciled(store, journal, make.state(timestamp=at), who=who, plan_id="p")
            journal.append(AuditKind.RECOVERY, "recovered: checkpoint 2", who=who, plan_id="p")


@pytest.mark.parametrize("who", ["kim", "bot", "a bot"])
def test_recoveries_by_hand_are_no_sign_of_the_bot(directory: Path, who: str) -> None:
    assert last_sign(directory) == DIED
    recover_by_hand(directory, LATER, who)
    recover_by_hand(directory, LATER + 60_000_000_000, who)
    assert last_sign(directory) == DIED


def test_what_else_an_operator_does_is_no_sign_of_the_bot(directory: Path) -> None:
    repair_store(directory, clock=ManualClock(LATER))
    settle_doubts(directory, who="kim", clock=ManualClock(LATER))
    assert last_sign(directory) == DIED


def test_a_bot_that_starts_after_a_recovery_gives_a_sign(directory: Path) -> None:
    recover_by_hand(directory, LATER, "kim")
    clock = ManualClock(LATER + 10_000_000_000)
    with RecoveryManager(LiveState(clock=clock), RecoveryConfig(checkpoint_dir=directory), clock=clock) as manager:
        manager.recover()
    assert last_sign(directory) == clock.now


def test_a_bot_that_only_took_the_store_gave_a_sign(directory: Path) -> None:
    clock = ManualClock(LATER)
    RecoveryManager(LiveState(clock=clock), RecoveryConfig(checkpoint_dir=directory), clock=clock).close()
    assert last_sign(directory) == LATER


def test_what_the_policy_did_unattended_is_a_sign_of_the_bot(directory: Path) -> None:
    with contextlib.closing(Journal(directory, ManualClock(LATER))) as journal:
        journal.append(AuditKind.OUTCOME, "cancelled", who=UNATTENDED, order_key="k", plan_id="q")
    assert last_sign(directory) == LATER


@pytest.mark.parametrize("journal", ["damaged", "lost"])
def test_a_recovery_by_hand_is_no_sign_of_the_bot_where_no_journal_tells(directory: Path, journal: str) -> None:
    recover_by_hand(directory, LATER, "kim")
    for each in directory.glob("journal.sqlite*"):
        each.write_bytes(b"no journal" * 1000) if journal == "damaged" else each.unlink()
    assert last_sign(directory) == DIED
