"""The bottom line: how old and how complete the exchange data is, what is running, in which zone times are."""

import math
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Zone
from crashdesk_gui.jobs import Job, JobRunner
from crashdesk_gui.phrases import said
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.status import Chip
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, icon_button, push_button

_LEAST_JOB = 96
"""In pixels: what runs is told as far as there is room, and never makes the window wider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeLine:
    """What is known of the exchange: ccxt id, live or sandbox, when it was read (None: never), scopes read of scopes asked.

    An empty `exchange` is one that should be connected and is not. With `read_only` the key cannot cancel orders.
    `problem` is a few words when the last read failed or left something out; `tip` lists what was not covered.
    `too_new` orders could not be judged yet: the desk reads again `again_at`, None when that is up to the operator.
    """

    exchange: str
    live: bool | None = None
    read_at: int | None = None
    covered: int = 0
    scopes: int = 0
    read_only: bool = False
    problem: str = ""
    tip: str = ""
    too_new: int = 0
    again_at: int | None = None


class StatusLine(QFrame):
    """Signals: `zone_toggled()`, when the operator clicks the zone."""

    zone_toggled = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setFixedHeight(34)
        self._ui = ui
        self._line: ExchangeLine | None = None
        self._job: Job | None = None
        self._account = Chip(ui)
        self._exchange = TextLabel(ui, tone=Tone.MUTED)
        self._problem = TextLabel(ui, tone=Tone.WARNING)
        self._too_new = TextLabel(ui, tone=Tone.MUTED)
        self._job_text = TextLabel(ui, tone=Tone.MUTED)
        self._job_text.setMinimumWidth(_LEAST_JOB)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(96)
        self._bar.setAccessibleName(self.tr("Progress of the running job"))
        self._cancel = icon_button(ui, "cross", self.tr("Cancel the running job"), self._cancel_job)
        self._zone = push_button(ui, "", self.zone_toggled.emit, kind=ButtonKind.QUIET)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 2, 8, 2)
        layout.setSpacing(8)
        facts: tuple[QWidget, ...] = (self._account, self._exchange, self._problem, self._too_new)
        work: tuple[QWidget, ...] = (self._job_text, self._bar, self._cancel, self._zone)
        for widget in facts:
            layout.addWidget(widget)
        layout.addStretch(1)
        for widget in work:
            layout.addWidget(widget)
        self._too_new.setToolTip(
            self.tr(
                "What was placed seconds before the exchange was read may not be in the bot's own records yet, so nobody can "
                "tell whether it is an orphan order. F5 reads again."
            )
        )
        ui.display.changed.connect(self._show_zone)
        ui.display.ticked.connect(self._show_exchange)
        self._show_zone()
        self._show_exchange()
        self._show_job()

    def set_exchange(self, line: ExchangeLine | None) -> None:
        """Show what is known of the exchange; None when no exchange belongs to the store."""
        self._line = line
        self._show_exchange()

    def watch(self, runner: JobRunner) -> None:
        """Show the progress of this runner's jobs."""
        runner.started.connect(self._follow)
        runner.progressed.connect(self._follow)
        runner.finished.connect(self._release)
        for job in runner.jobs[:1]:
            self._follow(job)

    def _show_zone(self) -> None:
        utc = self._ui.display.zone is Zone.UTC
        self._zone.setText(self._ui.display.zone_name())
        other = self.tr("local time") if utc else self.tr("UTC")
        self._zone.setToolTip(
            self.tr("Times are shown in {0}. Click to show {1}.").format(self._ui.display.zone_name(), other)
        )
        self._zone.setAccessibleName(self.tr("Time zone: {0}").format(self._ui.display.zone_name()))
        self._show_exchange()

    def _show_exchange(self) -> None:
        line = self._line
        self._account.setVisible(line is not None and line.live is not None)
        self._problem.setVisible(line is not None and bool(self._gap(line)))
        self._show_too_new()
        if line is None or not line.exchange:
            self._problem.setText(f"! {line.problem}" if line else "")
            self._problem.setToolTip(line.tip if line else "")
            self._exchange.setText(self.tr("No exchange connected"))
            self._exchange.setToolTip(line.tip if line else "")
            return
        live = bool(line.live)
        word = self.tr("LIVE") if live else self.tr("sandbox")
        self._account.set_chip(f"{'◆' if live else '◇'} {word}", Tone.WARNING if live else Tone.MUTED)
        parts = [line.exchange]
        if line.read_only:
            parts.append(self.tr("key can only read"))
        if line.read_at is None:
            parts.append(self.tr("not read yet"))
        else:
            parts.append(self.tr("read {0}").format(self._ui.display.age(line.read_at)))
            parts.append(self.tr("{0} of {1} scopes").format(line.covered, line.scopes))
        self._exchange.setText(" · ".join(parts))
        self._exchange.setToolTip(line.tip or self._ui.display.time(line.read_at))
        self._problem.setText(f"! {self._gap(line)}")
        self._problem.setToolTip(line.tip)

    def _show_too_new(self) -> None:
        line = self._line
        text = self._too_new_words(line) if line is not None and line.too_new else ""
        self._too_new.setText(text)
        self._too_new.setVisible(bool(text))

    def _too_new_words(self, line: ExchangeLine) -> str:
        """Empty while it is being read: that is told as every job is."""
        if line.again_at is None:
            return self.tr("%n order(s) too new to judge: reading again will settle it", "", line.too_new)
        left = math.ceil((line.again_at - self._ui.display.now()) / 1_000_000_000)
        told = self.tr("%n order(s) too new to judge: the desk reads again in {0} s", "", line.too_new)
        return told.format(left) if left > 0 else ""

    def _gap(self, line: ExchangeLine) -> str:
        if line.problem:
            return line.problem
        incomplete = line.read_at is not None and line.covered < line.scopes
        return self.tr("not everything was read") if incomplete else ""

    def _follow(self, job: Job) -> None:
        self._job = job
        self._show_job()

    def _release(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            self._show_job()

    def _show_job(self) -> None:
        job = self._job
        for widget in (self._job_text, self._bar, self._cancel):
            widget.setVisible(job is not None)
        if job is None:
            return
        self._job_text.setText(said(job.text) or f"{job.title}…")
        self._job_text.setToolTip(self._job_text.text())
        self._bar.setVisible(job.total > 0)
        self._bar.setRange(0, max(job.total, 1))
        self._bar.setValue(job.done)
        self._cancel.setVisible(job.cancellable)

    def _cancel_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job_text.setText(self.tr("Stopping…"))
