"""The timeline of one store: what it shows of the overview, its legend, and the words of its tooltips."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crashdesk import StoreManifest
from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import parse_name
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.checkpoints import CheckpointTexts
from crashdesk_gui.session import CheckpointRow, Overview
from crashdesk_gui.theme import Status
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.status import status_text
from crashdesk_gui.widgets.timeline import Event, Ticks, TimelineStrip, missing_spans, ticks_of
from crashdesk_gui.widgets.timeline_marks import Legend, Mark, Sign

DEFAULT_INTERVAL_MS = 60_000
_STEP_NS = 15_000_000_000
_TAIL = 0.25
"""The time since the last checkpoint takes at most this share of the strip, however long ago it was."""

_MARKS = {
    Cause.PERIODIC: Mark.PERIODIC,
    Cause.TRADE: Mark.TRADE,
    Cause.MANUAL: Mark.MANUAL,
    Cause.RECOVERED: Mark.RECOVERED,
    Cause.SHUTDOWN: Mark.SHUTDOWN,
}
_DECIDED = frozenset({AuditKind.DECISION, AuditKind.RECOVERY})


def mark_of(row: CheckpointRow) -> Mark:
    """The sign of a checkpoint."""
    if row.problem:
        return Mark.CORRUPT
    return Mark.UNKNOWN if row.cause is None else _MARKS[row.cause]


def span_of(times: Sequence[int], now_ns: int, interval_ns: int) -> tuple[int, int]:
    """From the first checkpoint to now, with at most a quarter of it for the time after the last one."""
    first, last = times[0], times[-1]
    history = max(last - first, interval_ns * 10)
    return first, max(last, min(now_ns, last + int(history * _TAIL)))


def has_stopped(overview: Overview | None) -> bool:
    """Whether it is known that no bot is writing."""
    return overview is not None and overview.presence is not None and not overview.presence.running


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
        self._times: list[int] = []
        self._interval = interval_of(None)
        self._drawn_at = 0
        self.timeline = TimelineStrip(ui)
        self.timeline.set_tips(self._tip)
        self._legend = Legend(ui)
        self.add_head_widget(self._legend)
        self.add(self.timeline)
        self.timeline.tick_chosen.connect(self.checkpoint_chosen)

    def set_overview(self, overview: Overview, interval_ns: int) -> None:
        """Show the checkpoints of an overview that has some; `interval_ns` is how often one is expected."""
        if (
            self._overview is None
            or overview.rows is not self._overview.rows
            or overview.corrupt != self._overview.corrupt
        ):
            self._ticks, self._times = _ticks(overview)
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
        events = events_of(overview.entries)
        start, end = span_of(self._times, now, self._interval)
        before = [event.at for event in events if start - (end - start) // 20 <= event.at < start]
        self.timeline.set_data(self._ticks, gaps, events, (min(before, default=start), end))
        marks = {Mark(each) for each in set(self._ticks.marks)}
        self._legend.set_items(self._explained(marks, bool(gaps), events))

    def _explained(self, marks: set[Mark], gaps: bool, events: Sequence[Event]) -> list[tuple[Mark | Sign, str]]:
        causes = {mark: self._texts.cause(cause) for cause, mark in _MARKS.items()}
        words = causes | {
            Mark.UNKNOWN: self._texts.cause(None),
            Mark.CORRUPT: self.tr("corrupt"),
        }
        items: list[tuple[Mark | Sign, str]] = [(mark, words[mark]) for mark in Mark if mark in marks]
        if gaps:
            items.append((Sign.GAP, self.tr("no checkpoints")))
        if any(event.large for event in events):
            items.append((Sign.RECOVERY, self.tr("recovery")))
        if any(not event.large for event in events):
            items.append((Sign.DECISION, self.tr("decision")))
        return items

    def _tip(self, seq: int) -> str:
        rows = self._overview.rows if self._overview is not None else ()
        position = bisect_left(rows, seq, key=lambda row: row.info.seq)
        row = rows[position] if position < len(rows) and rows[position].info.seq == seq else None
        if row is None:
            return self.tr("Checkpoint {0}: {1} corrupt, moved aside").format(seq, Status.BAD.glyph)
        lines = [
            self._texts.title(row),
            self._ui.display.time(row.info.timestamp, millis=True),
            f"{self._texts.cause(row.cause)} · {status_text(*self._texts.integrity(row))}",
        ]
        if row.problem:
            lines.append(row.problem)
        elif row.summary is not None:
            lines.append(self.tr("Equity {0}").format(self._ui.display.decimal(row.summary.equity)))
        return "\n".join(lines)


def _ticks(overview: Overview) -> tuple[Ticks, list[int]]:
    """The ticks, those of files moved aside too, and the times of the checkpoints that are there."""
    found = [(row.info.timestamp, row.info.seq, mark_of(row)) for row in overview.rows]
    times = sorted(at for at, _seq, _mark in found)
    aside = [parsed for name, _reason in overview.corrupt if (parsed := parse_name(name)) is not None]
    return ticks_of([*found, *((at, seq, Mark.CORRUPT) for seq, at in aside)]), times


def events_of(entries: Sequence[AuditEntry]) -> list[Event]:
    """The recoveries and decisions of an audit log."""
    return [
        Event(at=entry.at, text=f"{entry.text} ({entry.who})", large=entry.kind is AuditKind.RECOVERY)
        for entry in entries
        if entry.kind in _DECIDED
    ]
