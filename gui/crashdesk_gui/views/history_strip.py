"""The timeline of one store: what it shows of the overview, its legend, and the words of its tooltips."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crashdesk import StoreManifest
from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.restored import nothing_restored
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import parse_name
from crashdesk_gui.audit_log import AuditLog
from crashdesk_gui.checkpoint_rows import CAUSES, CheckpointRows, FileCheck
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import newer_version
from crashdesk_gui.models.checkpoints import CheckpointTexts
from crashdesk_gui.phrases import said
from crashdesk_gui.session import CheckpointRow, Overview
from crashdesk_gui.theme import Status
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.status import status_text
from crashdesk_gui.widgets.time_scale import TimeScale
from crashdesk_gui.widgets.timeline import Events, Ticks, TimelineStrip, missing_spans
from crashdesk_gui.widgets.timeline_data import MISSED_INTERVALS
from crashdesk_gui.widgets.timeline_marks import Legend, Mark, Sign

DEFAULT_INTERVAL_MS = 60_000
_STEP_NS = 15_000_000_000
_NS = 1_000_000_000
_TAIL = 0.25
"""The time since the last checkpoint takes at most so much of the length of the history, however long ago it was."""

_MARKS = {
    Cause.PERIODIC: Mark.PERIODIC,
    Cause.TRADE: Mark.TRADE,
    Cause.MANUAL: Mark.MANUAL,
    Cause.RECOVERED: Mark.RECOVERED,
    Cause.SHUTDOWN: Mark.SHUTDOWN,
    Cause.START_RECOVERED: Mark.START_RECOVERED,
    Cause.START: Mark.START,
}


def mark_of(row: CheckpointRow) -> Mark:
    """The sign of a checkpoint."""
    if row.check is FileCheck.CORRUPT:
        return Mark.CORRUPT
    return Mark.UNKNOWN if row.cause is None else _MARKS[row.cause]


def scale_of(
    times: Sequence[int] | NDArray[np.int64], now_ns: int, interval_ns: int, since: int | None = None
) -> TimeScale:
    """From the first checkpoint, or from `since`, to now; the time after the last one is shortened where it is long."""
    first, last = int(times[0]), int(times[-1])
    start, end = first if since is None else since, max(now_ns, last, first + _NS)
    # Of less time than this nobody knows yet that a checkpoint is missing.
    tail = max(int((last - first) * _TAIL), interval_ns * MISSED_INTERVALS)
    if last == first or end - last <= tail:
        return TimeScale(start, end)
    return TimeScale(start, end, fold=last, tail=tail / (last - start + tail))


def has_stopped(overview: Overview | None) -> bool:
    """Whether it is known that no bot is writing."""
    return overview is not None and overview.presence is not None and not overview.presence.bot_runs


def interval_of(manifest: StoreManifest | None) -> int:
    """How often a checkpoint is expected, in nanoseconds; once a minute where the store does not say."""
    return (manifest.checkpoint_interval_ms if manifest is not None else DEFAULT_INTERVAL_MS) * 1_000_000


class HistoryStrip(Panel):
    """Signals: `checkpoint_chosen(seq)`."""

    checkpoint_chosen = Signal(object)

    def __init__(self, ui: UiContext, texts: CheckpointTexts, parent: QWidget | None = None) -> None:
        super().__init__(ui, " ", flush=True, parent=parent)
        self.set_title(self.tr("Timeline"))
        self._ui = ui
        self._texts = texts
        self._overview: Overview | None = None
        self._ticks = Ticks()
        self._times: NDArray[np.int64] = self._ticks.times
        self._events = Events()
        self._interval = interval_of(None)
        self._drawn_at = 0
        self.timeline = TimelineStrip(ui)
        self.timeline.set_tips(self._tip)
        self._legend = Legend(ui)
        self.add_head_words(self._legend)
        self.add(self.timeline)
        self.timeline.tick_chosen.connect(self.checkpoint_chosen)

    def set_overview(self, overview: Overview, interval_ns: int) -> None:
        """Show the checkpoints of an overview that has some; `interval_ns` is how often one is expected."""
        if (
            self._overview is None
            or overview.rows is not self._overview.rows
            or overview.corrupt != self._overview.corrupt
        ):
            ticks, self._times = _ticks(overview)
            if not ticks.same(self._ticks):
                self._ticks = ticks
        if self._overview is None or overview.entries is not self._overview.entries:
            self._events = events_of(overview.entries)
        self._overview = overview
        self._interval = interval_ns
        self._draw()

    def set_selected(self, seqs: frozenset[int]) -> None:
        """Mark these checkpoints."""
        self.timeline.set_selected(seqs)

    def move_on(self) -> None:
        """Let the right edge follow the clock, a few times a minute: nothing here moves under the pointer."""
        if self._overview is not None and self._ui.display.now() - self._drawn_at > _STEP_NS:
            self._draw()

    def _draw(self) -> None:
        overview = self._overview
        if overview is None or not overview.rows:
            return
        now = self._ui.display.now()
        self._drawn_at = now
        gaps = missing_spans(self._times, self._interval, now, stopped=has_stopped(overview))
        events = self._events
        first, last = int(self._times[0]), int(self._times[-1])
        before = events.between(first - max(last - first, self._interval) // 20, first - 1)
        since = int(events.times[before[0]]) if before else None
        self.timeline.set_data(self._ticks, gaps, events, scale_of(self._times, now, self._interval, since))
        self._legend.set_items(self._explained(self._ticks.kinds(), bool(gaps), events))

    def _explained(self, marks: set[Mark], gaps: bool, events: Events) -> list[tuple[Mark | Sign, str]]:
        causes = {mark: self._texts.cause(cause) for cause, mark in _MARKS.items()}
        words = causes | {
            Mark.UNKNOWN: self._texts.cause(None),
            Mark.CORRUPT: self.tr("damaged"),
        }
        items: list[tuple[Mark | Sign, str]] = [(mark, words[mark]) for mark in Mark if mark in marks]
        if gaps:
            items.append((Sign.GAP, self.tr("no checkpoints")))
        if events.large.any():
            items.append((Sign.RECOVERY, self.tr("recovery")))
        if not events.large.all():
            items.append((Sign.DECISION, self.tr("decision")))
        return items

    def _tip(self, seq: int) -> str:
        row = CheckpointRows.whole(self._overview.rows).find(seq) if self._overview is not None else None
        if row is None:
            return self.tr("Checkpoint {0}: {1} corrupt, moved aside").format(seq, Status.BAD.glyph)
        lines = [
            self._texts.title(row),
            self._ui.display.time(row.info.timestamp, millis=True),
            f"{self._texts.cause(row.cause)} · {status_text(*self._texts.integrity(row))}",
        ]
        if row.problem:
            lines.append(newer_version() if row.newer else said(row.problem))
        elif row.summary is not None:
            lines.append(self.tr("Equity {0}").format(self._ui.display.decimal(row.summary.equity)))
        return "\n".join(lines)


def _ticks(overview: Overview) -> tuple[Ticks, NDArray[np.int64]]:
    """The ticks, those of files moved aside too, and the times of the checkpoints that are there."""
    rows = CheckpointRows.whole(overview.rows)
    marks = np.array([Mark.UNKNOWN if cause is None else _MARKS[cause] for cause in CAUSES], dtype=np.uint8)[
        rows.causes
    ]
    marks[rows.checks == FileCheck.CORRUPT] = Mark.CORRUPT
    aside = [parsed for name, _reason in overview.corrupt if (parsed := parse_name(name)) is not None]
    ticks = Ticks(
        np.concatenate((rows.times, np.array([at for _seq, at in aside], dtype=np.int64))),
        np.concatenate((rows.seqs, np.array([seq for seq, _at in aside], dtype=np.int64))),
        np.concatenate((marks, np.full(len(aside), Mark.CORRUPT, dtype=np.uint8))),
    )
    return ticks, rows.times if (np.diff(rows.times) >= 0).all() else np.sort(rows.times)


def events_of(entries: Sequence[AuditEntry]) -> Events:
    """The recoveries and decisions of an audit log; a bot that began with nothing has recovered nothing."""
    log = AuditLog.whole(entries)
    recoveries = log.places_of(AuditKind.RECOVERY)
    # Nothing is restored only before there is something: the first entries are all that need be read.
    begun = sum(1 for _place in takewhile(lambda place: nothing_restored(log[int(place)].text), recoveries))
    recoveries = recoveries[begun:]
    places = np.sort(np.concatenate((log.places_of(AuditKind.DECISION), recoveries)))

    def text(index: int) -> str:
        entry = log[int(places[index])]
        return f"{said(entry.text)} ({entry.who})"

    # A clock that went back must not put what is shown out of order.
    places = places[np.argsort(log.times[places], kind="stable")]
    return Events(log.times[places], np.isin(places, recoveries), text)
