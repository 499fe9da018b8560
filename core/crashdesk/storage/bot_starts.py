"""Which checkpoint a bot made because it started: told by the journal, which notes each start and asks for no new word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from crashdesk.audit import AuditKind
from crashdesk.storage.journal_audit import Rows
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import CheckpointInfo

WITHIN_NS = 60_000_000_000
"""So soon behind its start a bot saves because of it."""


def bot_starts(rows: Rows) -> list[int]:
    """When the bot was done with coming back, at each start, UNIX nanoseconds. Raises DatabaseUnusable."""
    # A recovery by hand is entered under its plan.
    found = rows("SELECT at FROM audit WHERE plan_id='' AND kind=? ORDER BY seq", (AuditKind.RECOVERY.value,))
    return [int(row[0]) for row in found]


def first_behind(starts: Sequence[int], times: Sequence[int]) -> list[int]:
    """The places in `times` (ascending) of the first checkpoint behind each start, where it came soon enough.

    `times` are those of checkpoints that no recovery saved: a bot's own recovery may bear the moment of its start. What the
    bot asked for by itself (`Cause.MANUAL`) was then made because it started.
    """
    places = ((start, bisect_left(times, start)) for start in starts)
    return [place for start, place in places if place < len(times) and times[place] - start <= WITHIN_NS]


def with_starts(
    causes: Mapping[int, Cause], starts: Sequence[int], checkpoints: Iterable[CheckpointInfo]
) -> dict[int, Cause]:
    """Why each checkpoint was made, by number, with those that a bot made because it started called so."""
    others = sorted((each.timestamp, each.seq) for each in checkpoints if causes.get(each.seq) is not Cause.RECOVERED)
    first = [others[place][1] for place in first_behind(starts, [at for at, _seq in others])]
    return {**causes, **{seq: Cause.START for seq in first if causes.get(seq) is Cause.MANUAL}}
