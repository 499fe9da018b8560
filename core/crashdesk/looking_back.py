"""Looking back at a checkpoint: what the journal holds behind it, and the recovery that started from it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from crashdesk.audit import AuditKind
from crashdesk.changes import Batch, Change, ChangeKind, Mark
from crashdesk.codec import decode_with_records
from crashdesk.errors import CheckpointNotFound, CodecError
from crashdesk.inspection import StoreView
from crashdesk.replay import Base, replay
from crashdesk.state import SystemState
from crashdesk.storage.bot_starts import WITHIN_NS
from crashdesk.storage.journal_audit import Rows
from crashdesk.storage.journal_spans import Span, span_behind
from crashdesk.storage.names import CheckpointInfo


class RecoveredFrom(msgspec.Struct, frozen=True, kw_only=True):
    """That a recovery started from checkpoint `seq` and so many `changes` behind it, entered `at` (UNIX nanoseconds).

    `by_hand` when an operator's did, which saved checkpoint `saved`; None where that is not told.
    """

    seq: int
    at: int
    changes: int
    by_hand: bool
    saved: int | None = None


class JournalledChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change by its number in the journal; `at` is when it became durable, UNIX nanoseconds."""

    number: int
    at: int
    change: Change


class LookedBack(msgspec.Struct, frozen=True, kw_only=True):
    """What came behind a checkpoint.

    `kept` says whether the journal holds it: then `changes` are those up to the next checkpoint (of a bot's own recovery: up to
    that recovery), and `before` is that checkpoint. `count` of them were taken into account by `recovered`, or, without a
    recovery, all; `until` is when the last of these became durable, `state` what they led to, None where that cannot be told.
    `made_by` is the recovery that saved the checkpoint itself.
    """

    checkpoint: CheckpointInfo
    kept: bool = False
    changes: tuple[JournalledChange, ...] = ()
    count: int = 0
    until: int | None = None
    before: Mark | None = None
    state: SystemState | None = None
    recovered: RecoveredFrom | None = None
    made_by: RecoveredFrom | None = None


class _Compared(msgspec.Struct):
    """Of a `Plan` what a recovery started from."""

    checkpoint_seq: int | None = None
    changes: int = 0


class _Data(msgspec.Struct, frozen=True):
    plan: str = ""
    checkpoint: str = ""
    restored: str = ""
    changes: str = ""


class _Entry(msgspec.Struct):
    at: int
    data: _Data = _Data()


def look_back(view: StoreView, checkpoint: CheckpointInfo) -> LookedBack:
    """What came behind a checkpoint, as far as the store still tells. Raises StorageError."""
    recoveries = recoveries_told(view)
    recovered = next((each for each in reversed(recoveries) if each.seq == checkpoint.seq), None)
    made_by = _maker(recoveries, checkpoint)
    mark = Mark(checkpoint.seq, checkpoint.timestamp)
    span = view.ask_journal(span_behind(mark), None)
    if span is None:
        return LookedBack(checkpoint=checkpoint, recovered=recovered, made_by=made_by)
    taken = span.count if recovered is None else min(recovered.changes, span.count)
    listed = taken if recovered is not None and not recovered.by_hand else span.count
    changes = tuple(islice(_changes(span), listed))
    return LookedBack(
        checkpoint=checkpoint,
        kept=True,
        changes=changes,
        count=taken,
        until=changes[taken - 1].at if taken else None,
        before=span.before,
        state=_state(view, checkpoint, span, taken),
        recovered=recovered,
        made_by=made_by,
    )


def recoveries_told(view: StoreView) -> list[RecoveredFrom]:
    """Every recovery that started from a checkpoint, oldest first. Raises DatabaseUnusable."""
    return view.ask_journal(_recoveries, [])


def _maker(recoveries: list[RecoveredFrom], checkpoint: CheckpointInfo) -> RecoveredFrom | None:
    """The recovery that saved a checkpoint. A bot enters its own right after it saved; it never starts from what it saves."""
    for each in recoveries:
        if each.saved == checkpoint.seq:
            return each
    for each in recoveries:
        if not each.by_hand and each.seq < checkpoint.seq and 0 <= each.at - checkpoint.timestamp <= WITHIN_NS:
            return each
    return None


def _changes(span: Span) -> Iterator[JournalledChange]:
    for batch in span.batches:
        for number, change in enumerate(batch.changes, batch.first):
            if change.kind < ChangeKind.CHECKPOINT:
                yield JournalledChange(number=number, at=batch.at, change=change)


def _state(view: StoreView, checkpoint: CheckpointInfo, span: Span, taken: int) -> SystemState | None:
    try:
        state, records = decode_with_records(view.store.read_bytes(checkpoint))
    except (CodecError, CheckpointNotFound):
        return None
    replayed = replay(Base(mark=span.mark, state=state, records=records), _first(span, taken))
    return None if replayed.problem or replayed.applied != taken else replayed.state


def _first(span: Span, taken: int) -> Iterator[Batch]:
    """The span's batches up to so many changes."""
    left = taken + 1  # and the mark
    for batch in span.batches:
        if left > 0:
            yield Batch(first=batch.first, at=batch.at, changes=batch.changes[:left])
        left -= len(batch.changes)


def _recoveries(rows: Rows) -> list[RecoveredFrom]:
    """As `recoveries_told`; raises ValueError for an entry that is not what was written."""
    query = "SELECT kind, plan_id, body FROM audit WHERE kind IN (?,?) ORDER BY seq"
    found: list[RecoveredFrom] = []
    plans: dict[str, RecoveredFrom] = {}
    for kind, plan_id, body in rows(query, (AuditKind.PLAN.value, AuditKind.RECOVERY.value)):
        entry = msgspec.json.decode(body, type=_Entry)
        if kind == AuditKind.PLAN.value:
            compared = msgspec.json.decode(entry.data.plan, type=_Compared)
            if compared.checkpoint_seq is not None:
                plans[plan_id] = RecoveredFrom(
                    seq=compared.checkpoint_seq, at=entry.at, changes=compared.changes, by_hand=True
                )
        elif plan_id in plans:
            found.append(msgspec.structs.replace(plans[plan_id], saved=int(entry.data.checkpoint)))
        elif entry.data.restored:
            seq, changes = int(entry.data.restored), int(entry.data.changes)
            found.append(RecoveredFrom(seq=seq, at=entry.at, changes=changes, by_hand=False))
    return found
