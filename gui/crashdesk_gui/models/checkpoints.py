"""The history's table: one row per checkpoint, what its columns say, and which rows a filter keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt

from crashdesk.storage.journal_records import Cause
from crashdesk_gui import format as text_format
from crashdesk_gui.checkpoint_rows import CAUSES, CheckpointRow, CheckpointRows, FileCheck
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import newer_version
from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.long_table import LongTableModel
from crashdesk_gui.models.ranking import Ranking, rank_codes, rank_decimals, rank_numbers
from crashdesk_gui.models.time_texts import searched_texts, short_time, still_there, time_title
from crashdesk_gui.packed_rows import PackedRows
from crashdesk_gui.phrases import said
from crashdesk_gui.series import Integers
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.status import status_text

PIN_MARK = "◆"


_FEW = 500
"""So many rows are put into words at once; more take long enough to be worth a worker."""


class _Searched(NamedTuple):
    seqs: Integers
    times: Integers
    zone: tzinfo | None
    texts: PackedRows

    def covers(self, rows: CheckpointRows, zone: tzinfo | None) -> bool:
        return self.times is rows.times and self.zone == zone

    def still_there(self, rows: CheckpointRows, zone: tzinfo | None) -> NDArray[np.bool_] | None:
        return still_there(self.seqs, self.times, rows) if self.zone == zone else None


class CheckpointTexts(QObject):
    """The words that the history, its strip and its details have in common."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._searched: _Searched | None = None

    def cause(self, cause: Cause | None) -> str:
        """Why a checkpoint was made; `not noted` where the journal does not tell."""
        return {
            Cause.PERIODIC: self.tr("periodic"),
            Cause.TRADE: self.tr("trade"),
            Cause.MANUAL: self.tr("manual"),
            Cause.RECOVERED: self.tr("recovered"),
            Cause.SHUTDOWN: self.tr("end"),
            Cause.START_RECOVERED: self.tr("start, recovered"),
            Cause.START: self.tr("start"),
            None: self.tr("not noted"),
        }[cause]

    def reason(self, cause: Cause | None) -> str:
        """The cause in a sentence."""
        return {
            Cause.PERIODIC: self.tr("The bot saves at regular intervals."),
            Cause.TRADE: self.tr("The bot saved because of a trade."),
            Cause.MANUAL: self.tr("The bot's program asked for it; nobody made it by hand."),
            Cause.RECOVERED: self.tr("A recovery by an operator saved it."),
            Cause.SHUTDOWN: self.tr("The bot saved it as it ended in order."),
            Cause.START_RECOVERED: self.tr(
                "The bot saved it as it started, when it had compared what it knew with the exchange."
            ),
            Cause.START: self.tr("The bot saved it as it started."),
            None: self.tr("The journal does not tell why it was made."),
        }[cause]

    def integrity(self, row: CheckpointRow) -> tuple[Status, str]:
        """Whether the file can be used, as status and word."""
        if row.problem:
            return self.status(row.check)
        return self.status(FileCheck.INTACT if row.summary is not None and row.checked else FileCheck.UNREAD)

    def status(self, check: FileCheck) -> tuple[Status, str]:
        """What is known of a file, as status and word."""
        return {
            FileCheck.UNREAD: (Status.UNKNOWN, self.tr("not read yet")),
            FileCheck.INTACT: (Status.OK, self.tr("intact")),
            FileCheck.CORRUPT: (Status.BAD, self.tr("damaged")),
            FileCheck.NEWER: (Status.DIFFERS, self.tr("newer version")),
        }[check]

    def searched(self, rows: CheckpointRows, ui: UiContext) -> PackedRows:
        """Per row what a text filter looks into: the file's name and the time as the desk shows it, case folded.

        Rows that go on from those of the last call cost little; so many others take a worker.
        """
        known, zone = self._searched, ui.display.tzinfo
        if known is not None and known.covers(rows, zone):
            return known.texts
        kept = known.still_there(rows, zone) if known is not None else None
        if known is None or kept is None:
            found = searched_texts(rows, zone)
        else:
            texts = known.texts if kept.all() else PackedRows.of(compress(known.texts, kept.tolist()))
            found = PackedRows.joined([texts, searched_texts(rows, zone, len(texts))])
        if len(rows) > _FEW:
            self._searched = _Searched(rows.seqs, rows.times, zone, found)
        return found

    def knows_searched(self, rows: CheckpointRows, ui: UiContext) -> bool:
        """Whether `searched` has its answer ready, or nearly so."""
        known, zone = self._searched, ui.display.tzinfo
        if known is None or known.covers(rows, zone):
            return known is not None
        kept = known.still_there(rows, zone)
        return kept is not None and len(rows) - int(kept.sum()) <= _FEW

    def title(self, row: CheckpointRow) -> str:
        """How a checkpoint is called in a sentence."""
        return self.tr("Checkpoint {0}").format(row.info.seq)


class CheckpointModel(LongTableModel[CheckpointRow]):
    """Checkpoints by sequence number; the title of the time column names the zone."""

    def __init__(self, ui: UiContext, texts: CheckpointTexts, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._ui = ui
        self._texts = texts
        self.columns = (*self._identity(), *self._figures())

    def key_of(self, record: CheckpointRow) -> int:
        return record.info.seq

    def ranked(self, source: CheckpointRows, column: Column[CheckpointRow]) -> Ranking:
        account = source.account
        match column.id:
            case "seq":
                ranking = rank_numbers(source.seqs)
            case "time":
                ranking = rank_numbers(source.times)
            case "age":
                ranking = rank_numbers(-source.times)
            case "integrity":
                words = [status_text(*self._texts.status(check)) for check in FileCheck]
                ranking = rank_codes(source.statuses(), words)
            case "cause":
                ranking = rank_codes(source.causes, [self._texts.cause(cause) for cause in CAUSES])
            case "equity":
                ranking = rank_decimals(len(source), *source.equities(), source.equity)
            case "change":
                ranking = rank_decimals(len(source), *source.equity_changes(), source.equity_change)
            case "pinned":
                ranking = rank_numbers(~source.pinned)
            case counted:
                columns = {"positions": account.positions, "orders": account.orders, "size": account.sizes}
                ranking = rank_numbers(source.of_account(columns[counted]))
        return ranking

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = super().headerData(section, orientation, role)
        if value is not None and role == Qt.ItemDataRole.DisplayRole and self.columns[section].id == "time":
            return time_title(value, self._ui.display)
        return value

    def _identity(self) -> tuple[Column[CheckpointRow], ...]:
        display, texts = self._ui.display, self._texts
        return (
            Column(
                id="seq",
                title=self.tr("No."),
                text=lambda row: str(row.info.seq),
                sort=lambda row: row.info.seq,
                export=lambda row: row.info.seq,
                numeric=True,
                width=68,
            ),
            Column(
                id="integrity",
                title=self.tr("Integrity"),
                text=lambda row: status_text(*texts.integrity(row)),
                export=_integrity_value,
                tone=lambda row: texts.integrity(row)[0].tone,
                tooltip=lambda row: newer_version() if row.newer else said(row.problem),
                width=84,
            ),
            Column(
                id="time",
                title=self.tr("Time"),
                text=lambda row: short_time(row.info.timestamp, display),
                sort=lambda row: row.info.timestamp,
                export=lambda row: iso_time(row.info.timestamp),
                tooltip=lambda row: display.time(row.info.timestamp, millis=True),
                width=144,
            ),
            Column(
                id="age",
                title=self.tr("Age"),
                text=lambda row: display.duration(display.now() - row.info.timestamp),
                sort=lambda row: -row.info.timestamp,
                tone=lambda _row: Tone.MUTED,
                fields=(),
                width=92,
            ),
            Column(
                id="cause",
                title=self.tr("Cause"),
                text=lambda row: texts.cause(row.cause),
                export=lambda row: row.cause.word if row.cause else "",
                tooltip=lambda row: texts.reason(row.cause),
                tone=lambda row: CAUSE_TONES.get(row.cause, Tone.UNKNOWN),
                stretch=True,
                width=112,
            ),
        )

    def _figures(self) -> tuple[Column[CheckpointRow], ...]:
        display = self._ui.display
        word = self.tr("pinned")
        return (
            self._figure("equity", self.tr("Equity"), lambda s: s.equity, display.decimal, 92),
            Column(
                id="change",
                title=self.tr("Change"),
                text=lambda row: display.decimal(row.equity_change, sign=True),
                sort=lambda row: row.equity_change,
                export=lambda row: row.equity_change,
                tooltip=lambda _row: self.tr("Against the equity of the checkpoint before"),
                tone=lambda row: Tone.MUTED if not row.equity_change else None,
                numeric=True,
                width=72,
            ),
            self._figure("positions", self.tr("Positions"), lambda s: s.positions, display.count, 72),
            self._figure("orders", self.tr("Orders"), lambda s: s.orders, display.count, 64),
            self._figure("size", self.tr("Size"), lambda s: s.size, display.size, 80),
            Column(
                id="pinned",
                title=self.tr("Pinned"),
                text=lambda row: f"{PIN_MARK} {word}" if row.info.pinned else "",
                sort=lambda row: 0 if row.info.pinned else 1,
                export=lambda row: row.info.pinned,
                tone=lambda _row: Tone.ACCENT,
                width=84,
            ),
        )

    def _figure(
        self, column: str, title: str, value: Callable[[Any], Any], show: Callable[[Any], str], width: int
    ) -> Column[CheckpointRow]:
        def of(row: CheckpointRow) -> Any:
            return None if row.summary is None else value(row.summary)

        return Column(
            id=column,
            title=title,
            text=lambda row: text_format.NO_VALUE if row.summary is None else show(of(row)),
            sort=of,
            export=of,
            tone=lambda row: Tone.MUTED if row.summary is None else None,
            numeric=True,
            width=width,
        )


def _integrity_value(row: CheckpointRow) -> str:
    """For other programs."""
    if row.problem:
        return "newer version" if row.newer else "damaged"
    return "intact" if row.summary and row.checked else "not read"


CAUSE_TONES: dict[Cause | None, Tone] = {
    Cause.PERIODIC: Tone.MUTED,
    Cause.TRADE: Tone.ACCENT,
    Cause.MANUAL: Tone.WARNING,
    Cause.RECOVERED: Tone.OK,
    Cause.SHUTDOWN: Tone.TEXT,
    Cause.START_RECOVERED: Tone.TEXT,
    Cause.START: Tone.TEXT,
}
"""The tone of a cause, always beside its word or its shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFilter:
    """Which rows to keep. `text` (case folded) is looked for in number, time, cause, file name and problem; `since` is the
    earliest timestamp; what is None, or an empty text, keeps all.
    """

    text: str = ""
    cause: Cause | None = None
    integrity: Status | None = None
    since: int | None = None
    texts: CheckpointTexts
    ui: UiContext

    def __call__(self, row: CheckpointRow) -> bool:
        """Whether one row is kept."""
        return bool(self.mask(CheckpointRows.of((row,)))[0])

    def mask(self, rows: CheckpointRows) -> NDArray[np.bool_]:
        """Which rows are kept."""
        kept = np.ones(len(rows), dtype=np.bool_)
        if self.since is not None:
            kept &= rows.times >= self.since
        if self.cause is not None:
            # What one start left behind is one thing.
            wanted = (self.cause, Cause.START_RECOVERED) if self.cause is Cause.START else (self.cause,)
            kept &= np.isin(rows.causes, [CAUSES.index(each) for each in wanted])
        if self.integrity is not None:
            statuses = [self.texts.status(check)[0] for check in FileCheck]
            kept &= rows.statuses() == statuses.index(self.integrity)
        if self.text:
            kept &= self._holding(rows)
        return kept

    def _holding(self, rows: CheckpointRows) -> NDArray[np.bool_]:
        found = self.texts.searched(rows, self.ui).containing(self.text.encode())
        words = [self.text in self.texts.cause(cause).casefold() for cause in CAUSES]
        found |= np.array(words)[rows.causes]
        for seq, problem in rows.problems.items():
            if self.text in problem.casefold() and (position := rows.position(seq)) >= 0:
                found[position] = True
        return found


def checkpoint_filter(
    *, text: str, cause: object, integrity: object, since: int | None, texts: CheckpointTexts, ui: UiContext
) -> CheckpointFilter | None:
    """The rows to keep, None for all of them."""
    if not text and cause is None and integrity is None and since is None:
        return None
    return CheckpointFilter(
        text=text,
        cause=cause if isinstance(cause, Cause) else None,
        integrity=integrity if isinstance(integrity, Status) else None,
        since=since,
        texts=texts,
        ui=ui,
    )


def iso_time(moment_ns: int | None) -> str:
    """A moment for other programs: `2026-11-22T03:12:08.123456789Z`; empty for None."""
    if moment_ns is None:
        return ""
    seconds, rest = divmod(moment_ns, 1_000_000_000)
    moment = text_format.moment_in(seconds * 1_000_000_000, UTC)
    return str(moment_ns) if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
