"""The checkpoints that a recovery can start from, and those that cannot be used, with the reason."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject

from crashdesk import CheckpointInfo
from crashdesk.storage.history import CheckpointSummary
from crashdesk.storage.journal_records import JOURNAL_NAME, Cause
from crashdesk.storage.names import parse_name, sequence_in
from crashdesk_gui.checkpoint_rows import CheckpointRow, CheckpointRows
from crashdesk_gui.display import Display
from crashdesk_gui.errors import newer_version
from crashdesk_gui.models.checkpoints import CheckpointTexts
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.phrases import said
from crashdesk_gui.session import Overview
from crashdesk_gui.theme import Status, Tone


class CheckpointChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One checkpoint file. `info` is None for one that was moved aside; `problem` is empty for a usable one.

    The newest valid one stands for the last known state: with the `changes` of the journal since. Where there is none, a choice
    without a number (`alone`) stands for what the journal knows by itself. A recovery starts from so many `orders` and
    `positions`. One that is `newer` is not damaged: a newer version of Crashdesk wrote it.
    """

    name: str
    seq: int | None
    timestamp: int | None
    info: CheckpointInfo | None = None
    summary: CheckpointSummary | None = None
    cause: Cause | None = None
    problem: str = ""
    newer: bool = False
    newest_valid: bool = False
    changes: int = 0
    orders: int | None = None
    positions: int | None = None

    @property
    def alone(self) -> bool:
        """Whether it is the journal without a checkpoint."""
        return self.newest_valid and self.info is None

    @property
    def usable(self) -> bool:
        """Whether a recovery can start from it."""
        return self.alone or (self.info is not None and not self.problem)


MOST_CHOICES = 200
"""Of a longer history only the newest are offered; an older one is chosen in the history itself."""


def checkpoint_choices(overview: Overview, also: int | None = None) -> tuple[CheckpointChoice, ...]:
    """The newest ones and the number `also`, newest first; what was moved aside stands where it belongs by its number."""
    skipped = dict(overview.skipped)
    choices = []
    for row in _offered(overview, also):
        newest = overview.latest is not None and row.info.seq == overview.latest.seq
        choices.append(
            CheckpointChoice(
                name=row.info.name,
                seq=row.info.seq,
                timestamp=row.info.timestamp,
                info=row.info,
                summary=row.summary,
                cause=row.cause,
                problem=skipped.get(row.info.name, row.problem),
                newer=row.newer or row.info.name in overview.skipped_newer,
                newest_valid=newest,
                changes=overview.known_changes if newest else 0,
                orders=_known(overview.known_orders, row.summary.orders if row.summary else None, newest=newest),
                positions=_known(
                    overview.known_positions, row.summary.positions if row.summary else None, newest=newest
                ),
            )
        )
    present = {choice.name for choice in choices}
    for name, reason in overview.corrupt:
        if name in present:
            continue
        parsed = parse_name(name)
        choices.append(
            CheckpointChoice(
                name=name,
                seq=sequence_in(name),
                timestamp=parsed[1] if parsed else None,
                problem=" ".join(reason.split()) or "damaged",
            )
        )
    ordered = sorted(choices, key=lambda each: (each.seq or 0, each.name), reverse=True)
    return (*_journal_alone(overview), *ordered)


def older_in_history(overview: Overview) -> bool:
    """Whether there are older checkpoints than those that are offered."""
    return len(overview.rows) > MOST_CHOICES


def _offered(overview: Overview, also: int | None) -> list[CheckpointRow]:
    newest = overview.rows[-MOST_CHOICES:]
    first = newest[0].info.seq if newest else 0
    wanted = {also, overview.latest.seq if overview.latest is not None else None}
    older = CheckpointRows.whole(overview.rows) if any(seq is not None and seq < first for seq in wanted) else None
    found = [older.find(seq) for seq in wanted if older is not None and seq is not None and seq < first]
    return [*(row for row in found if row is not None), *newest]


def _journal_alone(overview: Overview) -> tuple[CheckpointChoice, ...]:
    if overview.latest is not None or not overview.known_changes:
        return ()
    known = CheckpointChoice(
        name=JOURNAL_NAME,
        seq=None,
        timestamp=overview.known_until,
        newest_valid=True,
        changes=overview.known_changes,
        orders=overview.known_orders,
        positions=overview.known_positions,
    )
    return (known,)


def _known(last: int, in_file: int | None, *, newest: bool) -> int | None:
    return last if newest else in_file


def newer_unusable(choices: tuple[CheckpointChoice, ...]) -> tuple[CheckpointChoice, ...]:
    """What is newer than the newest valid one, and therefore wants an explanation."""
    newest = next((each.seq for each in choices if each.newest_valid), None)
    return tuple(each for each in choices if not each.usable and (newest is None or (each.seq or 0) > (newest or 0)))


def why_not(choice: CheckpointChoice) -> str:
    """Why a checkpoint cannot be used; empty for one that can."""
    return newer_version() if choice.newer else said(choice.problem)


class CheckpointChoiceTexts(QObject):
    """The columns."""

    def __init__(self, display: Display, parent: QObject) -> None:
        super().__init__(parent)
        self._display = display
        self._texts = CheckpointTexts(self)

    def model(self) -> RecordTableModel[CheckpointChoice]:
        """An empty table of choices."""
        display = self._display
        columns: list[Column[CheckpointChoice]] = [
            Column(
                id="seq",
                title=self.tr("Checkpoint"),
                text=lambda each: display.decimal(each.seq),
                sort=lambda each: each.seq,
                export=lambda each: each.seq,
                numeric=True,
                strong=lambda each: each.newest_valid,
                width=92,
            ),
            Column(
                id="integrity",
                title=self.tr("Integrity"),
                text=lambda each: self._integrity(each)[1],
                tone=lambda each: self._integrity(each)[0],
                width=104,
            ),
            Column(
                id="time",
                title=self.tr("Time"),
                text=lambda each: display.time(each.timestamp),
                sort=lambda each: each.timestamp,
                width=172,
            ),
            Column(
                id="age",
                title=self.tr("Age"),
                text=lambda each: display.age(each.timestamp),
                sort=lambda each: each.timestamp,
                width=132,
            ),
            Column(id="cause", title=self.tr("Cause"), text=self._cause, width=88),
            Column(
                id="orders",
                title=self.tr("Orders"),
                text=lambda each: display.decimal(each.orders),
                sort=lambda each: each.orders,
                numeric=True,
                width=68,
            ),
            Column(
                id="positions",
                title=self.tr("Positions"),
                text=lambda each: display.decimal(each.positions),
                sort=lambda each: each.positions,
                numeric=True,
                width=76,
            ),
            Column(
                id="why",
                title=self.tr("Why it is, or is not, proposed"),
                text=self._why,
                tooltip=self._why,
                tone=lambda each: Tone.TEXT if each.newest_valid else Tone.MUTED,
                width=236,
                stretch=True,
                wrap=True,
            ),
        ]
        return RecordTableModel(columns, key=lambda each: each.name, parent=self)

    def _integrity(self, each: CheckpointChoice) -> tuple[Tone, str]:
        if each.alone:
            return Status.DIFFERS.tone, f"{Status.DIFFERS.glyph} " + self.tr("journal")
        if each.newer:
            return Status.DIFFERS.tone, f"{Status.DIFFERS.glyph} " + self.tr("newer version")
        status = Status.OK if each.usable else Status.BAD
        word = self.tr("intact") if each.usable else self.tr("unusable")
        return status.tone, f"{status.glyph} {word}"

    def _cause(self, each: CheckpointChoice) -> str:
        return "—" if each.cause is None else self._texts.cause(each.cause)

    def _why(self, each: CheckpointChoice) -> str:
        if each.alone:
            return self.tr("proposed: %n change(s), no checkpoint", "", each.changes)
        if each.newest_valid and each.changes:
            return self.tr("proposed, with %n later change(s)", "", each.changes)
        if each.newest_valid:
            return self.tr("proposed: the newest valid one")
        return self.tr("as it was, without later changes") if each.usable else why_not(each)
