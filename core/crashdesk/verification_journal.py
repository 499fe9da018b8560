"""Checking a journal: its changes without a gap, that it continues the checkpoints, and the audit log's chain."""

from __future__ import annotations

import contextlib

import msgspec

from crashdesk.audit import AuditEntry, broken_links
from crashdesk.changes import Batch, Mark
from crashdesk.codec import decode_with_records
from crashdesk.errors import CodecError, StorageError
from crashdesk.findings import Finding, problem
from crashdesk.inspection import StoreView
from crashdesk.replay import Base, Replayed, replay
from crashdesk.storage.database import DatabaseDamaged, DatabaseNewer, DatabaseUnusable
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.names import CheckpointInfo

# So often at most is a journal checked that seems to be wrong while somebody writes.
_MOST_CHECKS = 5
_RESCUE = "the bot's next start, or --repair, keeps what can be read of it in a new one and moves this one to corrupt/"


class JournalCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What a journal holds, and what is wrong with it."""

    changes: int = 0
    audit_entries: int = 0
    findings: tuple[Finding, ...] = ()


def check_journal(view: StoreView) -> JournalCheck:
    """Check a store's journal; changes nothing. Raises StorageError when the checkpoints cannot be listed."""
    for _ in range(_MOST_CHECKS):
        before = view.fingerprint()
        found = _checked(view, view.checkpoints())
        # A bot may have begun to write, or saved and shortened its journal, since they were listed: then nothing is missing.
        if not found.findings or view.fingerprint() == before:
            break
    return found


def _checked(view: StoreView, checkpoints: list[CheckpointInfo]) -> JournalCheck:
    if not (view.directory / JOURNAL_NAME).exists():
        if not checkpoints:
            return JournalCheck()
        missing = problem(
            JOURNAL_NAME,
            "is missing: what happened after the newest checkpoint is not known, nor what was decided before",
            "restore a copy of the whole directory if there is one; the bot's next start begins a new journal and says so",
        )
        return JournalCheck(findings=(missing,))
    try:
        journal = Journal(view.directory, view.clock, read_only=True)
    except DatabaseUnusable as error:
        return JournalCheck(findings=(_unusable(error),))
    with contextlib.closing(journal):
        try:
            journal.check()
            changes, findings = _check_changes(view, journal, checkpoints)
            # In this order: what a bot or an operator logs meanwhile is not missing.
            written = journal.entries_written()
            entries = journal.entries()
            findings += [*check_audit(entries, written), *doubts(journal)]
        except DatabaseUnusable as error:
            return JournalCheck(findings=(_unusable(error),))
    return JournalCheck(changes=changes, audit_entries=len(entries), findings=tuple(findings))


def _unusable(error: DatabaseUnusable) -> Finding:
    if isinstance(error, DatabaseDamaged):
        advice = _RESCUE
    elif isinstance(error, DatabaseNewer):
        advice = "update Crashdesk; the file is as it was"
    else:
        advice = "see that nothing else holds the file, then check again"
    return problem(JOURNAL_NAME, str(error), advice)


def _check_changes(view: StoreView, journal: Journal, checkpoints: list[CheckpointInfo]) -> tuple[int, list[Finding]]:
    """How many changes there are, and whether each of the newest two checkpoints leads to the same last known state."""
    batches: list[Batch] = []
    try:
        batches.extend(journal.batches())
    except DatabaseUnusable:
        raise
    except StorageError as error:
        return 0, [problem(JOURNAL_NAME, str(error), _RESCUE)]
    count = sum(len(batch.changes) for batch in batches)
    ends: list[tuple[CheckpointInfo, Replayed]] = []
    for info in reversed(checkpoints):
        if len(ends) == 2:
            break
        base = _base(view, info)
        if base is not None:
            ends.append((info, replay(base, batches, announced=journal.announced())))
    findings = [
        problem(
            JOURNAL_NAME,
            f"from checkpoint {info.seq}: {end.problem}",
            "compare with the exchange before anything is trusted: changes after that checkpoint may be missing",
        )
        for info, end in ends[:1]
        if end.problem
    ]
    # A checkpoint that was announced stands for more than the journal holds.
    if not findings and len(ends) == 2 and ends[0][1].last is not None:
        findings = _same_end(*ends[0], *ends[1])
    return count, findings


def _same_end(newest: CheckpointInfo, end: Replayed, before: CheckpointInfo, other: Replayed) -> list[Finding]:
    # The journal was shortened behind a newer one, which is damaged by now: there is nothing to compare with.
    if other.problem or _content(end) == _content(other):
        return []
    return [
        problem(
            JOURNAL_NAME,
            f"checkpoints {newest.seq} and {before.seq} do not lead to the same state",
            "keep a copy of the store and compare with the exchange before the bot starts",
        )
    ]


def _content(end: Replayed) -> object:
    state = end.state
    if state is None:
        return None
    return (
        state.account,
        {order.id: order for order in state.open_orders},
        {position.id: position for position in state.positions},
        {strategy.name: strategy for strategy in state.strategy_states or ()},
    )


def _base(view: StoreView, info: CheckpointInfo) -> Base | None:
    try:
        state, records = decode_with_records(view.store.read_bytes(info))
    except (CodecError, StorageError):
        return None  # named already, with what is wrong with it
    return Base(mark=Mark(info.seq, state.timestamp), state=state, records=records)


def check_audit(entries: list[AuditEntry], written: int) -> list[Finding]:
    """What is wrong with an audit log of these entries, the oldest first, of which so many were ever written; pure."""
    broken = broken_links(entries)
    gaps = [entry.seq for number, entry in enumerate(entries, start=1) if entry.seq != number]
    gone = written - (entries[-1].seq if entries else 0)
    findings = []
    if broken:
        findings.append(
            problem(
                "audit log",
                f"the chain is broken at entry {broken[0]} ({len(broken)} in all)",
                "somebody changed it: keep a copy",
            )
        )
    if gaps:
        findings.append(problem("audit log", f"entry {gaps[0]} is out of sequence", "entries are missing: keep a copy"))
    if gone > 0:
        findings.append(
            problem("audit log", f"the newest {gone} entries are gone", "somebody deleted them: keep a copy")
        )
    return findings


def doubts(journal: Journal) -> list[Finding]:
    """What the journal may have lost, and nobody has looked at yet. Raises DatabaseUnusable."""
    return [
        problem(
            JOURNAL_NAME,
            text,
            "recover with the desk or `crashdesk recover`, or look at every order yourself and say so: `crashdesk settle`",
        )
        for text in journal.open_doubts()
    ]
