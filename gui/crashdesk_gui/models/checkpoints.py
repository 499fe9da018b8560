"""The history's table: one row per checkpoint, what its columns say, and which rows a filter keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from PySide6.QtCore import QObject, Qt

from crashdesk.storage.journal_records import Cause
from crashdesk_gui import format as text_format
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Zone
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.session import CheckpointRow
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.status import status_text

PIN_MARK = "◆"


class CheckpointTexts(QObject):
    """The words that the history, its strip and its details have in common."""

    def cause(self, cause: Cause | None) -> str:
        """Why a checkpoint was made; `not noted` where the journal does not tell."""
        return {
            Cause.PERIODIC: self.tr("periodic"),
            Cause.TRADE: self.tr("trade"),
            Cause.MANUAL: self.tr("manual"),
            Cause.RECOVERED: self.tr("recovered"),
            Cause.SHUTDOWN: self.tr("shutdown"),
            None: self.tr("not noted"),
        }[cause]

    def integrity(self, row: CheckpointRow) -> tuple[Status, str]:
        """Whether the file can be used, as status and word."""
        if row.problem:
            return Status.BAD, self.tr("corrupt")
        if row.summary is None:
            return Status.UNKNOWN, self.tr("not read yet")
        return Status.OK, self.tr("intact")

    def title(self, row: CheckpointRow) -> str:
        """How a checkpoint is called in a sentence."""
        return self.tr("Checkpoint {0}").format(row.info.seq)


class CheckpointModel(RecordTableModel[CheckpointRow]):
    """Checkpoints by sequence number; the title of the time column names the zone."""

    def __init__(self, ui: UiContext, texts: CheckpointTexts, parent: QObject | None = None) -> None:
        super().__init__((), key=lambda row: row.info.seq, parent=parent)
        self._ui = ui
        self._texts = texts
        self.columns = (*self._identity(), *self._figures())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = super().headerData(section, orientation, role)
        display = self._ui.display
        if value is not None and role == Qt.ItemDataRole.DisplayRole and self.columns[section].id == "time":
            return f"{value} · {display.zone_name()}" if display.zone is Zone.UTC else value
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
                export=lambda row: texts.integrity(row)[1],
                tone=lambda row: texts.integrity(row)[0].tone,
                tooltip=lambda row: row.problem,
                width=84,
            ),
            Column(
                id="time",
                title=self.tr("Time"),
                text=lambda row: short_time(row.info.timestamp, self._ui),
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
                width=92,
            ),
            Column(
                id="cause",
                title=self.tr("Cause"),
                text=lambda row: texts.cause(row.cause),
                export=lambda row: row.cause.value if row.cause else "",
                tone=lambda row: CAUSE_TONES.get(row.cause, Tone.UNKNOWN),
                width=76,
            ),
        )

    def _figures(self) -> tuple[Column[CheckpointRow], ...]:
        display = self._ui.display
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
                text=lambda row: f"{PIN_MARK} {self.tr('pinned')}" if row.info.pinned else "",
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


CAUSE_TONES: dict[Cause | None, Tone] = {
    Cause.PERIODIC: Tone.MUTED,
    Cause.TRADE: Tone.ACCENT,
    Cause.MANUAL: Tone.WARNING,
    Cause.RECOVERED: Tone.OK,
    Cause.SHUTDOWN: Tone.TEXT,
}
"""The tone of a cause, always beside its word or its shape."""


def checkpoint_filter(
    *, text: str, cause: object, integrity: object, since: int | None, texts: CheckpointTexts, ui: UiContext
) -> Callable[[CheckpointRow], bool] | None:
    """The rows to keep, None for all of them.

    `text` is looked for in number, time, cause and file name; `cause` is a Cause or None, `integrity` a Status or None,
    `since` the earliest timestamp.
    """
    if not text and cause is None and integrity is None and since is None:
        return None

    def keep(row: CheckpointRow) -> bool:
        if since is not None and row.info.timestamp < since:
            return False
        if cause is not None and row.cause is not cause:
            return False
        if integrity is not None and texts.integrity(row)[0] is not integrity:
            return False
        if not text:
            return True
        words = (
            str(row.info.seq),
            ui.display.time(row.info.timestamp),
            texts.cause(row.cause),
            row.info.name,
            row.problem,
        )
        return any(text in word.casefold() for word in words)

    return keep


def short_time(moment_ns: int, ui: UiContext) -> str:
    """Date and time without a year that is this one, and without a zone that is UTC: for a column whose title names it."""
    display = ui.display
    text = display.time(moment_ns, label=display.zone is not Zone.UTC)
    year = display.time(display.now(), label=False)[:5]
    return text.removeprefix(year)


def iso_time(moment_ns: int | None) -> str:
    """A moment for other programs: `2026-11-22T03:12:08.123456789Z`; empty for None."""
    if moment_ns is None:
        return ""
    seconds, rest = divmod(moment_ns, 1_000_000_000)
    moment = text_format.moment_in(seconds * 1_000_000_000, UTC)
    return str(moment_ns) if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
