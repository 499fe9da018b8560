"""When the bot itself wrote last: a journal holds what operators did, too, and that is no sign of the bot's life."""

from __future__ import annotations

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.changes import Announced
from crashdesk.storage.journal_audit import Rows, announced_in

UNATTENDED = "unattended policy"
"""Who a decision is by that a bot takes by itself."""

_LOOKED_BACK = 50
"""So many recoveries by hand in a row are told from what the bot wrote."""
_BY_A_BOT = (AuditKind.RECOVERY.value, AuditKind.SWITCH.value, AuditKind.PROBLEM.value)


def bot_wrote(rows: Rows) -> int | None:
    """When the bot's newest change, intent or entry was written, UNIX nanoseconds; None for none.

    Left out is the state that a recovery by hand wrote into the journal, and what operators have in the audit log. Raises
    ValueError for an entry that is not what was written, DatabaseUnusable.
    """
    times = (_changed(rows), _single(rows, "SELECT max(at) FROM intents"), _entered(rows))
    return max((each for each in times if each is not None), default=None)


def announcements(rows: Rows) -> list[Announced]:
    """The checkpoints that recoveries by hand were about to save, the newest first, as many as matter. Raises as `bot_wrote`."""
    query = f"SELECT body FROM audit WHERE kind=? ORDER BY seq DESC LIMIT {_LOOKED_BACK}"
    found = (announced_in(row[0]) for row in rows(query, (AuditKind.CHECKPOINT.value,)))
    return [each for each in found if each is not None]


def _changed(rows: Rows) -> int | None:
    # A recovery by hand writes the whole state as one batch, right behind what was there.
    by_hand = {each.after + 1 for each in announcements(rows)}
    newest = rows(f"SELECT first, at FROM changes ORDER BY first DESC LIMIT {_LOOKED_BACK + 1}", ())
    return next((int(at) for first, at in newest if first not in by_hand), None)


def _entered(rows: Rows) -> int | None:
    """An operator's entries belong to a plan, or are decisions; a bot's have no plan, but for what its policy decides."""
    query = "SELECT at FROM audit WHERE plan_id='' AND kind IN (?,?,?) ORDER BY seq DESC LIMIT 1"
    alone = _single(rows, query, _BY_A_BOT)
    newest = rows("SELECT body FROM audit ORDER BY seq DESC LIMIT 1", ())
    if newest:
        entry = msgspec.json.decode(newest[0][0], type=AuditEntry)
        if entry.who == UNATTENDED:
            return max(entry.at, alone or 0)
    return alone


def _single(rows: Rows, query: str, values: tuple[str, ...] = ()) -> int | None:
    found = rows(query, values)
    return int(found[0][0]) if found and found[0][0] is not None else None
