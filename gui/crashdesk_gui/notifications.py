"""What is news about a store, and whether to tell the operator of it. Pure: two looks at a store in, notices out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import Enum

import msgspec

from crashdesk.operator_recovery import RecoveryReport
from crashdesk_gui.situation import Situation, Standing

REPEAT_NS = 60 * 1_000_000_000
"""The same kind of news of the same store is told once in this time: a bot that starts and stops all the time is one thing."""


class NoticeKind(Enum):
    """What happened."""

    BOT_STOPPED = "bot-stopped"
    ORPHANS = "orphans"
    RECOVERY_ENDED = "recovery-ended"
    FAILED = "failed"


class Work(Enum):
    """What a session was about when it failed."""

    READING = "reading"
    COMPARING = "comparing"
    RECOVERING = "recovering"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a store told, as far as a later one can make news of it.

    `orphans` are the keys of every order that needed a decision so far, `deciding` how many need one now; `report` is the plan
    id of the last recovery's report, `saved` whether it saved a checkpoint for the bot, `left` how many orders it left that need
    a decision; `failing` says that the store or the
    exchange could not be read when it was tried last.
    """

    standing: Standing | None = None
    stopped_at: int | None = None
    crashed: bool = False
    orphans: frozenset[str] = frozenset()
    deciding: int = 0
    report: str = ""
    saved: bool = False
    left: int = 0
    failing: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news of the store `store`: `count` orders, `at` the last sign of life (UNIX ns).

    Of a failure, `work` says what failed and `error` why: its words are made in the language of whoever reads them.
    """

    kind: NoticeKind
    store: str
    count: int = 0
    at: int | None = None
    crashed: bool = False
    saved: bool = False
    work: Work = Work.RECOVERING
    error: Exception | None = None

    @property
    def reading(self) -> bool:
        """Whether it was the store or the exchange that could not be read."""
        return self.work is not Work.RECOVERING


def look(before: Seen, situation: Situation | None, report: RecoveryReport | None, *, failing: bool = False) -> Seen:
    """What is seen now; orders that were seen before stay known, so that they are never news again."""
    standing = situation.standing if situation else before.standing
    at_work = standing in (Standing.RUNNING, Standing.RECOVERING)
    # What a bot at work has placed since it last saved looks like orphans and is none.
    deciding = situation.deciding if situation and not at_work else ()
    return Seen(
        standing=standing,
        stopped_at=situation.stopped_at if situation else before.stopped_at,
        crashed=situation.crashed if situation else before.crashed,
        orphans=before.orphans | {verdict.key for verdict in deciding},
        deciding=len(deciding),
        report=report.plan.id if report else before.report,
        saved=report.saved is not None if report else before.saved,
        left=len(report.tally.waiting) if report else before.left,
        failing=failing,
    )


def news(store: str, before: Seen, after: Seen) -> tuple[Notice, ...]:
    """What happened between two looks."""
    found = []
    if before.standing is Standing.RUNNING and after.standing not in (None, Standing.RUNNING, Standing.RECOVERING):
        found.append(Notice(kind=NoticeKind.BOT_STOPPED, store=store, at=after.stopped_at, crashed=after.crashed))
    appeared = len(after.orphans - before.orphans)
    if appeared:
        found.append(Notice(kind=NoticeKind.ORPHANS, store=store, count=appeared))
    if after.report != before.report:
        found.append(Notice(kind=NoticeKind.RECOVERY_ENDED, store=store, saved=after.saved, count=after.left))
    return tuple(found)


def wanted(notice: Notice, *, active: bool, shown: str, told: Mapping[Hashable, int], now: int) -> bool:
    """Whether to tell of it.

    `active` says whether the operator works in the window, `shown` which store it shows; `told` has when the like was told last,
    by `sort`. What stands before the operator's eyes, or what they did themselves, is not told.
    """
    if active and (notice.store == shown or notice.kind in (NoticeKind.RECOVERY_ENDED, NoticeKind.FAILED)):
        return False
    last = told.get(sort(notice))
    return last is None or notice.kind is NoticeKind.RECOVERY_ENDED or now - last >= REPEAT_NS


def sort(notice: Notice) -> Hashable:
    """What makes two notices alike enough not to tell both soon after each other."""
    return notice.store, notice.kind, notice.work, str(notice.error)


def still_so(notice: Notice, now: Seen) -> bool:
    """Whether it is so a moment later: a bot that was only restarted has not stopped, and what was decided needs nobody."""
    if notice.kind is NoticeKind.ORPHANS:
        return now.deciding > 0
    if notice.kind is NoticeKind.FAILED and notice.reading:
        return now.failing
    if notice.kind is NoticeKind.FAILED:
        return now.standing not in (Standing.RUNNING, Standing.RECOVERED)
    return now.standing not in (Standing.RUNNING, Standing.RECOVERING)


def page_of(notice: Notice) -> str:
    """The page that shows what a notice tells."""
    if notice.kind is NoticeKind.FAILED:
        return "overview" if notice.reading else "recovery"
    return {NoticeKind.ORPHANS: "orphans", NoticeKind.RECOVERY_ENDED: "recovery"}.get(notice.kind, "overview")


def in_front(notice: Notice, *, shown: str, page: str) -> bool:
    """Whether the window says it already, showing this page of the store `shown`; the overview says everything of its store."""
    return notice.store == shown and page in ("overview", page_of(notice)) and notice.kind is not NoticeKind.FAILED
