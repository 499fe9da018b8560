"""What a comparison wants to know of a journal's audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.changes import Announced, Mark
from crashdesk.storage.journal_records import LeftTerms
from crashdesk.switch_state import SwitchState, switch_state

Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]


def left_terms(rows: Rows) -> tuple[LeftTerms, ...]:
    """The terms of the orders that were left alone, from their outcomes; the last one of each order counts.

    Raises ValueError for an entry that is not what was written, DatabaseUnusable.
    """
    found = {}
    query = "SELECT body FROM audit WHERE kind=? AND order_key IN (SELECT order_key FROM dismissals) ORDER BY seq"
    for row in rows(query, (AuditKind.OUTCOME.value,)):
        entry = msgspec.json.decode(row[0], type=AuditEntry)
        if entry.data.get("outcome") == "left" and "side" in entry.data:
            told = {name: entry.data.get(name, "") for name in LeftTerms.__struct_fields__[1:]}
            found[entry.order_key] = LeftTerms(order_key=entry.order_key, **told)
    return tuple(found.values())


def last_announced(rows: Rows) -> Announced | None:
    """The checkpoint that a recovery by hand was about to save last; None when there was none. Raises as `left_terms`."""
    found = rows("SELECT body FROM audit WHERE kind=? ORDER BY seq DESC LIMIT 1", (AuditKind.CHECKPOINT.value,))
    return announced_in(found[0][0]) if found else None


def announced_in(body: bytes) -> Announced | None:
    """What an entry announces; None for one that does not say it. Raises ValueError."""
    data = msgspec.json.decode(body, type=AuditEntry).data
    if not {"checkpoint", "timestamp", "after"} <= data.keys():
        return None
    return Announced(Mark(int(data["checkpoint"]), int(data["timestamp"])), int(data["after"]))


def last_switch(rows: Rows) -> SwitchState | None:
    """The bot's dead man's switch as it was noted last; None when it never armed one. Raises as `left_terms`."""
    found = rows("SELECT body FROM audit WHERE kind=? ORDER BY seq DESC LIMIT 1", (AuditKind.SWITCH.value,))
    return switch_state(msgspec.json.decode(found[0][0], type=AuditEntry)) if found else None


def last_plan(rows: Rows) -> bytes | None:
    """The JSON of the newest plan that somebody recovered by; None when there was none. Raises as `left_terms`."""
    found = rows("SELECT body FROM audit WHERE kind=? ORDER BY seq DESC LIMIT 1", (AuditKind.PLAN.value,))
    plan = msgspec.json.decode(found[0][0], type=AuditEntry).data.get("plan") if found else None
    return None if plan is None else plan.encode()
