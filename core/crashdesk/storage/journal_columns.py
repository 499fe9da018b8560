"""What a desk asks of a journal with a hundred thousand entries: a slice, a column, the newest plan."""

from __future__ import annotations

from array import array
from typing import Any

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.storage.history_changes import breathing
from crashdesk.storage.journal_audit import Rows
from crashdesk.storage.journal_life import UNATTENDED
from crashdesk.storage.journal_records import Cause

_decode = msgspec.json.Decoder(AuditEntry).decode
_CAUSES = "SELECT count(*), group_concat(seq), group_concat(cause) FROM causes WHERE seq>? AND seq<=?"


class CauseColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Why checkpoints were made, by their numbers in no order."""

    seqs: array[int]
    causes: tuple[Cause, ...]


def newest_entry(rows: Rows) -> int:
    """The highest number in the audit log, 0 for an empty one. Raises DatabaseUnusable."""
    return int(rows("SELECT max(seq) FROM audit", ())[0][0] or 0)


def audit_entries(rows: Rows, *, after: int, until: int) -> list[tuple[AuditEntry, bytes]]:
    """The entries beyond the number `after` up to `until`, each with the JSON that it was made from.

    Raises ValueError for entries that are not what was written, DatabaseUnusable.
    """
    found = rows("SELECT body FROM audit WHERE seq>? AND seq<=? ORDER BY seq", (after, until))
    return [(_decode(row[0]), bytes(row[0])) for row in breathing(found)]


def cause_columns(rows: Rows, *, after: int, until: int) -> CauseColumns:
    """The causes of the checkpoints beyond the number `after` up to `until`. Raises as `audit_entries`."""
    count, seqs, causes = rows(_CAUSES, (after, until))[0]
    found = CauseColumns(seqs=_integers(seqs), causes=tuple(map(_NAMED.__getitem__, _texts(causes, ","))))
    if not len(found.seqs) == len(found.causes) == count:
        raise ValueError("the journal notes causes that are none")
    return found


def entries_of_last_plan(rows: Rows) -> list[AuditEntry]:
    """The entries of the newest plan, and the recoveries after it: what tells whether it was interrupted.

    Raises as `audit_entries`.
    """
    plan = rows("SELECT seq, plan_id FROM audit WHERE kind=? ORDER BY seq DESC LIMIT 1", (AuditKind.PLAN.value,))
    if not plan:
        return []
    seq, plan_id = plan[0]
    related = rows("SELECT seq, body FROM audit WHERE plan_id=?", (plan_id,))
    later = rows("SELECT seq, body FROM audit WHERE seq>? AND kind=?", (seq, AuditKind.RECOVERY.value))
    found: dict[int, Any] = dict([*related, *later])
    return [_decode(found[each]) for each in sorted(found)]


def outcomes_of_last_start(rows: Rows) -> list[AuditEntry]:
    """What became of the orders that the bot's policy decided on at its last start, oldest first. Raises as `audit_entries`."""
    starts = rows("SELECT seq, plan_id FROM audit WHERE kind=? ORDER BY seq DESC LIMIT 2", (AuditKind.RECOVERY.value,))
    if not starts or starts[0][1]:
        return []
    # A bot enters its start when it is over.
    after = starts[1][0] if len(starts) == 2 else 0
    found = rows(
        "SELECT body FROM audit WHERE seq>? AND seq<? AND kind=? ORDER BY seq",
        (after, starts[0][0], AuditKind.OUTCOME.value),
    )
    return [entry for entry in (_decode(row[0]) for row in found) if entry.who == UNATTENDED]


def last_start(rows: Rows) -> AuditEntry | None:
    """What a bot entered of its start; None where a recovery by hand is newer, or there is none. Raises as `audit_entries`."""
    found = rows("SELECT body FROM audit WHERE kind=? ORDER BY seq DESC LIMIT 1", (AuditKind.RECOVERY.value,))
    entry = _decode(found[0][0]) if found else None
    return None if entry is None or entry.plan_id else entry


class _Named(dict[str, Cause]):
    def __missing__(self, name: str) -> Cause:
        raise ValueError(f"{name!r} is no cause of a checkpoint")


_NAMED = _Named({cause.value: cause for cause in Cause})


def _texts(joined: str | None, separator: str) -> list[str]:
    return [] if joined is None else joined.split(separator)


def _integers(joined: str | int | None) -> array[int]:
    return array("q", map(int, _texts(None if joined is None else str(joined), ",")))
