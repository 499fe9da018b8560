"""Which checkpoints a bot made because it started or ended: told by what is noted of its runs, and asks for no new word."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from crashdesk.audit import NOTHING_RESTORED, AuditKind
from crashdesk.storage.journal_audit import Rows, announced_in
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import CheckpointInfo

WITHIN_NS = 60_000_000_000
"""So soon behind its start, and before its end, a bot saves because of it."""

_NOTHING = NOTHING_RESTORED.encode()
_RUNS = "SELECT at, kind, body FROM audit WHERE (plan_id='' AND kind=?) OR kind=? ORDER BY seq"


class BotRuns(msgspec.Struct, frozen=True, kw_only=True):
    """What is noted of a bot's runs.

    `starts` are when it was done with coming back, and `ended` when it last gave the store back, UNIX nanoseconds; None where
    that is not known. `anew` are those of the starts that found nothing to restore. `by_hand` are the numbers of the
    checkpoints that recoveries by an operator saved.
    """

    starts: tuple[int, ...] = ()
    anew: frozenset[int] = frozenset()
    by_hand: frozenset[int] = frozenset()
    ended: int | None = None


class Saves(msgspec.Struct, frozen=True, kw_only=True):
    """Checkpoints in the order of their times: times (UNIX nanoseconds), numbers, and why the one at a place was made."""

    times: Sequence[int]
    seqs: Sequence[int]
    cause: Callable[[int], Cause | None]


def bot_runs(rows: Rows) -> BotRuns:
    """What the journal notes of the bot's runs. Raises ValueError for what was not written so, DatabaseUnusable."""
    starts: list[int] = []
    anew: set[int] = set()
    by_hand: set[int] = set()
    for at, kind, body in rows(_RUNS, (AuditKind.RECOVERY.value, AuditKind.CHECKPOINT.value)):
        if kind == AuditKind.RECOVERY.value:
            starts.append(int(at))
            if _NOTHING in bytes(body):
                anew.add(int(at))
        elif (announced := announced_in(body)) is not None:
            by_hand.add(announced.mark.seq)
    return BotRuns(starts=tuple(starts), anew=frozenset(anew), by_hand=frozenset(by_hand))


def told_by_runs(saves: Saves, runs: BotRuns) -> dict[int, Cause]:
    """The places in `saves` whose cause is told by the runs, and that cause.

    The bot's own recovery and the checkpoint that it asked for right behind belong to one start; where there was nothing to
    restore, both are its start and nothing else. What it asked for right before
    it gave the store back in order, with nothing saved since, is its end.
    """
    told: dict[int, Cause] = {}
    for start in runs.starts:
        own = _own_recovery(saves, start, runs.by_hand)
        if own is not None:
            told[own] = Cause.START if start in runs.anew else Cause.START_RECOVERED
        first = _first_behind(saves, start)
        if first is not None and saves.cause(first) is Cause.MANUAL:
            told[first] = Cause.START
    if runs.ended is not None:
        last = bisect_right(saves.times, runs.ended) - 1
        soon = last >= 0 and runs.ended - saves.times[last] <= WITHIN_NS
        if soon and last not in told and saves.cause(last) is Cause.MANUAL:
            told[last] = Cause.SHUTDOWN
    return told


def _own_recovery(saves: Saves, start: int, by_hand: frozenset[int]) -> int | None:
    """Where the checkpoint of the recovery stands that the bot was done with at `start`; it may bear that very moment."""
    place = bisect_right(saves.times, start) - 1
    while place >= 0 and start - saves.times[place] <= WITHIN_NS:
        if saves.cause(place) is Cause.RECOVERED:
            return None if saves.seqs[place] in by_hand else place
        if saves.times[place] < start:
            return None
        place -= 1
    return None


def _first_behind(saves: Saves, start: int) -> int | None:
    """Where the first checkpoint behind a start stands that no recovery saved, when it came soon enough."""
    place = bisect_left(saves.times, start)
    while place < len(saves.times) and saves.times[place] - start <= WITHIN_NS:
        if saves.cause(place) is not Cause.RECOVERED:
            return place
        place += 1
    return None


def with_runs(causes: Mapping[int, Cause], runs: BotRuns, checkpoints: Iterable[CheckpointInfo]) -> dict[int, Cause]:
    """Why each checkpoint was made, by number, with those of a bot's starts and of its end called so."""
    ordered = sorted((each.timestamp, each.seq) for each in checkpoints)
    seqs = [seq for _at, seq in ordered]
    saves = Saves(times=[at for at, _seq in ordered], seqs=seqs, cause=lambda place: causes.get(seqs[place]))
    return {**causes, **{seqs[place]: cause for place, cause in told_by_runs(saves, runs).items()}}
