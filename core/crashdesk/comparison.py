"""A comparison that an operator decides on, and whether it may still be executed."""

from __future__ import annotations

import msgspec

from crashdesk.errors import PlanChanged
from crashdesk.exchange.records import ExchangeSnapshot
from crashdesk.recall import LastKnown
from crashdesk.reconcile.records import Plan
from crashdesk.state import SystemState
from crashdesk.storage.journal import Journal
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint
from crashdesk.storage.store import StateStore


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with what it was made from.

    `state` is the checkpoint's, and where that is the newest one, with the `changes` of the journal since, the last of them
    durable `until` (UNIX nanoseconds, None without any); `skipped` are newer ones that cannot be used. `newest_seq` is the newest
    checkpoint that there was, 0 for none, and `newest_change` the number of the journal's newest change: a newer one at the time
    of executing means that the bot has run since. None when that is not to be checked. `known_later` are the orders that the last
    known state knows, each by symbol and id or client order id, where an older checkpoint was compared.
    """

    plan: Plan
    snapshot: ExchangeSnapshot
    state: SystemState
    checkpoint: CheckpointInfo | None
    changes: int = 0
    until: int | None = None
    skipped: tuple[SkippedCheckpoint, ...] = ()
    newest_seq: int | None = None
    newest_change: int | None = None
    known_later: frozenset[tuple[str, str]] = frozenset()


def worse(shown: Plan, final: Plan) -> str:
    """Why `final` is no ground to save on; empty when it was read as completely as `shown`."""
    before = {gap.scope for gap in shown.coverage.gaps()}
    lost = {gap.scope.label(): gap.reason for gap in final.coverage.gaps() if gap.scope not in before}
    again = {reading.scope for reading in final.coverage.readings}
    lost |= {
        reading.scope.label(): "not read again"
        for reading in shown.coverage.readings
        if reading.scope not in again | before
    }
    if not lost:
        return ""
    names = "; ".join(f"{label} ({reason})" for label, reason in lost.items())
    return f"the exchange could not be read again, so nothing was saved: {names}. Resume the recovery once it answers"


def refuse_vanished(comparison: Comparison, store: StateStore) -> None:
    """Opening a store for writing makes a vanished one anew, perhaps on the wrong disk: that must not happen unasked.

    Raises PlanChanged when what was compared is not there any more, StoreVanished when nothing is, StorageError.
    """
    present, compared = {info.seq for info in store.list_checkpoints()}, comparison.checkpoint
    if compared is not None and compared.seq not in present:
        raise PlanChanged(
            f"checkpoint {compared.seq}, which was compared, is gone from {store.directory}: it was deleted, or another disk is "
            "mounted there; nothing was sent. Bring it back, or compare again and decide anew"
        )


def refuse_outdated(comparison: Comparison, store: StateStore) -> None:
    """Raises PlanChanged when there is a newer checkpoint than there was, StorageError."""
    newest = max((info.seq for info in store.list_checkpoints()), default=0)
    if comparison.newest_seq is not None and newest > comparison.newest_seq:
        raise PlanChanged(
            f"checkpoint {newest} is newer than the comparison: the bot has run or was recovered since; "
            "compare again and decide anew"
        )


def refuse_overtaken(comparison: Comparison, journal: Journal) -> None:
    """Raises PlanChanged when the journal has gone on."""
    if comparison.newest_change is not None and journal.last_change > comparison.newest_change:
        raise PlanChanged(
            "the journal holds changes that are newer than the comparison: the bot has run or was recovered since; "
            "compare again and decide anew"
        )


def refuse_repaired(comparison: Comparison, last: LastKnown | None) -> None:
    """Who only reads cannot repair a damaged journal, and may have compared less than it tells once it is repaired.

    Raises PlanChanged.
    """
    if last is None or (last.info and last.info.seq) != (comparison.checkpoint and comparison.checkpoint.seq):
        return
    if _content(last.state) != _content(comparison.state):
        raise PlanChanged(
            "the journal was damaged and is repaired now: it tells more than what was compared; "
            "compare again and decide anew"
        )


def _content(state: SystemState) -> tuple[object, ...]:
    """A state without its time and the order of its records."""
    return (
        state.account,
        frozenset(state.open_orders),
        frozenset(state.positions),
        frozenset(state.strategy_states or ()),
    )
