"""What stands under the overview's facts: what needs attention, what the comparison found, what happened last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.exchange.records import ScopeKind, ScopeReading
from crashdesk.reconcile.records import Plan, PositionVerdict, PositionVerdictKind
from crashdesk.reconcile.stop_cover import StopJudgement
from crashdesk.report_stops import ToldStops, plan_stops
from crashdesk_gui.audit_log import entries_of
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import ended, newer_version, sentence, told_together
from crashdesk_gui.models.intents import IntentFates
from crashdesk_gui.models.plan_words import PlanWords, evidence_text, stop_status
from crashdesk_gui.models.stop_lines import StopLines
from crashdesk_gui.phrases import said, scope_words
from crashdesk_gui.session import Overview
from crashdesk_gui.situation import Situation
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.banner import paint_tinted
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.first_line import at_first_line
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, push_button

translate = QCoreApplication.translate

_NEWS_SHOWN = 6
_FILES_NAMED = 3
_LINE_HEIGHT = 28
_BESIDE = 20
"""The letters of a symbol beside which there is room for its position."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that must not be overlooked, and the page that shows more of it (empty: none)."""

    status: Status
    text: str
    page: str = ""


class NoticesPanel(Panel):
    """The things that must not be overlooked, on the ground of the worst of them; hidden when there is none.

    Signals: `page_wanted(id)`.
    """

    page_wanted = Signal(str)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent=parent)
        self.setObjectName("notices")
        self._ui = ui
        self._words = PlanWords(ui.display, self)
        self._fates = IntentFates(self._words, self)
        self._stops = StopLines(self._words, self)
        self._shown: tuple[Notice, ...] = ()
        self._lines: list[QWidget] = []
        # As high as its lines: most of them have a button, which brings its own room.
        self.body().setContentsMargins(15, 7, 7, 7)
        self.body().setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        ui.themes.changed.connect(self.update)
        self.hide()

    def texts(self) -> list[str]:
        """What is said, line by line."""
        return [notice.text for notice in self._shown]

    def set_situation(self, overview: Overview, situation: Situation) -> None:
        """Say what is to be said of this store."""
        notices = (
            *self._about_files(overview),
            *self._about_logs(overview),
            *self._about_gaps(situation.plan),
            *self._about_stops(situation),
            *self._about_intents(situation),
        )
        if notices == self._shown:
            return
        self._shown = notices
        for line in self._lines:
            self.body().removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(notice) for notice in notices]
        for line in self._lines:
            self.add(line)
        self.setVisible(bool(notices))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        found = {each.status for each in self._shown}
        worst = next((each for each in (Status.BAD, Status.DIFFERS) if each in found), Status.UNKNOWN)
        paint_tinted(self, self._ui.theme, worst.tone)

    def _line(self, notice: Notice) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        glyph = TextLabel(self._ui, notice.status.glyph, tone=notice.status.tone)
        glyph.setFixedWidth(12)
        line.setMinimumHeight(_LINE_HEIGHT)
        row.addLayout(at_first_line(glyph, TextLabel(self._ui, notice.text, wrap=True, selectable=True)), 1)
        if notice.page:
            show: Callable[[], object] = lambda: self.page_wanted.emit(notice.page)  # noqa: E731
            button = push_button(self._ui, self.tr("Show"), show, kind=ButtonKind.QUIET)
            button.setAccessibleDescription(notice.text)
            row.addWidget(button)
        return line

    def _about_files(self, overview: Overview) -> list[Notice]:
        found = []
        for name, reason in overview.skipped[:_FILES_NAMED]:
            if name in overview.skipped_newer:
                found.append(Notice(Status.DIFFERS, f"{name}: {newer_version()}", "history"))
                continue
            text = self.tr("{0} is newer than the last intact checkpoint and cannot be used: {1}").format(
                name, said(reason)
            )
            found.append(Notice(Status.BAD, text, "history"))
        if len(overview.skipped) > _FILES_NAMED:
            more = self.tr("{0} more newer checkpoints cannot be used.").format(len(overview.skipped) - _FILES_NAMED)
            found.append(Notice(Status.BAD, more, "history"))
        if overview.latest_problem and not overview.latest_newer:
            found.append(Notice(Status.BAD, ended(said(overview.latest_problem)), "history"))
        if overview.known_problem and not overview.journal_newer:
            found.append(self._about_known_state(overview))
        if overview.corrupt:
            text = self.tr("Damaged checkpoints that were moved aside earlier: {0}.").format(len(overview.corrupt))
            found.append(Notice(Status.DIFFERS, text, "history"))
        return found

    def _about_known_state(self, overview: Overview) -> Notice:
        advice = self.tr("Compare with the exchange; what it says decides.")
        if overview.latest is None:
            text = self.tr(
                "No checkpoint can be used. The last known state was put together from the journal alone, from %n change(s).",
                "",
                overview.known_changes,
            )
            return Notice(Status.BAD, told_together(text, advice), "history")
        text = self.tr("Something may be missing in the last known state: {0}.").format(
            said(overview.known_problem).rstrip(".。")
        )
        return Notice(Status.DIFFERS, told_together(text, advice))

    def _about_logs(self, overview: Overview) -> list[Notice]:
        found = []
        interrupted = overview.interrupted
        if interrupted is not None:
            text = self.tr("A recovery by {0}, begun {1}, was interrupted. Decisions carried out: {2} of {3}.").format(
                interrupted.who,
                self._ui.display.time(interrupted.begun_at),
                interrupted.carried_out,
                len(interrupted.decisions),
            )
            if interrupted.unknown:
                unknown = self.tr("The result of %n of them is unknown.", "", interrupted.unknown)
                text = told_together(text, unknown)
            found.append(Notice(Status.DIFFERS, text, "recovery"))
        if overview.journal_newer:
            text = self.tr(
                "The journal was written by a newer version of Crashdesk. What happened after the checkpoint, what was "
                "decided and whether a recovery was interrupted cannot be read here; that version can."
            )
            return [*found, Notice(Status.DIFFERS, text)]
        if overview.journal_problem and overview.journal_problem not in overview.known_problem:
            text = self.tr("The journal does not help to tell whose an order is: {0}.").format(
                said(overview.journal_problem)
            )
            found.append(Notice(Status.UNKNOWN, text))
        if overview.audit_problem:
            text = self.tr("The audit log cannot be read: {0}").format(said(overview.audit_problem))
            found.append(Notice(Status.BAD, text, "activity"))
        return found

    def _about_gaps(self, plan: Plan | None) -> list[Notice]:
        gaps: Sequence[ScopeReading] = plan.coverage.gaps() if plan else ()
        return [
            Notice(
                Status.UNKNOWN,
                told_together(
                    self.tr("Not read, so unknown: {0}.").format(scope_words(gap.scope)),
                    sentence(said(gap.reason or gap.status.value)),
                ),
            )
            for gap in gaps
        ]

    def _about_stops(self, situation: Situation) -> list[Notice]:
        """The positions whose stops want a look, the worst first, in one line: the panel of the positions tells more of each."""
        plan, report = situation.plan, situation.report
        if plan is None:
            return []
        told = [
            each
            for each in (plan_stops(plan) if report is None else report.stops)
            if each.judged.wants_a_look
            and not (each.judged is StopJudgement.UNKNOWN and _told_by_a_gap(plan, each.verdict.symbol))
        ]
        if not told:
            return []
        worst = told[0].judged
        # What protects a part is an order to look at; what lacks any stop, the plan shows.
        page = "orphans" if worst is StopJudgement.PART else "recovery"
        if len(told) == 1:
            return [Notice(stop_status(worst), self._stops.sentence(told[0]), page)]
        return [Notice(stop_status(worst), self._stops.summary(told), page)]

    def _about_intents(self, situation: Situation) -> list[Notice]:
        """What was in flight when the bot died; right after a recovery its report has told it."""
        if situation.plan is None or situation.settled:
            return []
        return [Notice(status, text, "recovery") for status, text in self._fates.told(situation.plan)]


def _told_by_a_gap(plan: Plan, symbol: str) -> bool:
    """Whether a notice says already that what could tell of this symbol's stops was not read."""
    return any(
        gap.scope.kind is not ScopeKind.ACCOUNT and gap.scope.symbol in (None, symbol) for gap in plan.coverage.gaps()
    )


class PositionsPanel(Panel):
    """What each position was known to be, and is on the exchange.

    Signals: `page_wanted(id)`.
    """

    page_wanted = Signal(str)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, translate("PositionsPanel", "Positions"), parent=parent)
        self._ui = ui
        self._words = PlanWords(ui.display, self)
        self._stops = StopLines(self._words, self)
        self._grid = DetailGrid(ui, numeric=True, wrap=True)
        self.add(self._grid)
        show = lambda: self.page_wanted.emit("positions")  # noqa: E731
        self.add_head_widget(push_button(ui, self.tr("Charts"), show, kind=ButtonKind.QUIET))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_plan(self, plan: Plan | None) -> None:
        """Show the positions of this comparison; without one the panel is hidden."""
        self.setVisible(plan is not None)
        if plan is None:
            return
        self.set_title(self.tr("Positions"), self.tr("known → exchange"))
        stops = {(each.verdict.symbol, each.verdict.side): each for each in plan_stops(plan)}
        details = [
            detail for each in plan.positions for detail in self._details(each, stops.get((each.symbol, each.side)))
        ]
        none = (
            self.tr("None, on both sides")
            if plan.coverage.covers_all(ScopeKind.POSITIONS)
            else self.tr("None known; what the exchange has could not be read")
        )
        self._grid.set_details(details or [Detail(none, "", Tone.MUTED)])

    def _details(self, verdict: PositionVerdict, stops: ToldStops | None) -> list[Detail]:
        """The leg, and under it how much of it stops cover."""
        told = self._lines(self._detail(verdict))
        if stops is not None:
            status, text = stop_status(stops.judged), self._stops.cover(stops)
            covered = stops.judged is StopJudgement.ALL
            tone = Tone.MUTED if covered else Tone.TEXT if status is Status.OK else status.tone
            told.append(Detail("", text if status is Status.OK else f"{status.glyph}  {text}", tone))
        return told

    def _detail(self, verdict: PositionVerdict) -> Detail:
        known, live, contract = verdict.known, verdict.live, verdict.contract
        before = self._words.leg(known.side, known.quantity, contract) if known else self.tr("none")
        now = self._words.leg(live.side, live.contracts, contract) if live else self.tr("none")
        status = Status.DIFFERS if verdict.differs else Status.OK
        if verdict.kind is PositionVerdictKind.UNKNOWN:
            status, now = Status.UNKNOWN, self.tr("not read")
        tone = status.tone if status is not Status.OK else Tone.TEXT
        same_leg = verdict.kind in (PositionVerdictKind.MATCHED, PositionVerdictKind.QUANTITY_DIFFERS)
        if known and live and live.entry_price and verdict.entry_differs and same_leg:
            exact = self._words.exact
            now += "\n" + self.tr("entry price {0} → {1}").format(exact(known.entry_price), exact(live.entry_price))
        facts = "\n".join(evidence_text(evidence) for evidence in verdict.evidence)
        return Detail(verdict.symbol, f"{status.glyph}  {before} → {now}", tone, tip=facts)

    def _lines(self, detail: Detail) -> list[Detail]:
        """A long symbol has a line of its own: beside it there would be no room for the rest."""
        if len(detail.label) <= _BESIDE:
            return [detail]
        return [Detail(detail.label, ""), replace(detail, label="")]


class NewsPanel(Panel):
    """The last entries of the audit log, intents left out: an outcome says the same with its result.

    Signals: `page_wanted(id)`.
    """

    page_wanted = Signal(str)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, translate("NewsPanel", "Latest activity"), parent=parent)
        self._ui = ui
        self._grid = DetailGrid(ui)
        self._newest: tuple[Sequence[AuditEntry], list[AuditEntry]] | None = None
        self.add(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.add_head_widget(
            push_button(ui, self.tr("All activity"), lambda: self.page_wanted.emit("activity"), kind=ButtonKind.QUIET)
        )

    def set_entries(self, entries: Sequence[AuditEntry], problem: str = "") -> None:
        """Show the newest of these; `problem` says why there may have been others."""
        display = self._ui.display
        details = [
            Detail(display.age(entry.at), said(entry.text), tip=f"{display.time(entry.at)} · {entry.who}")
            for entry in self._newest_of(entries)
        ]
        nothing = (
            self.tr("Not known: {0}").format(said(problem)) if problem else self.tr("Nothing is in the audit log yet.")
        )
        self._grid.set_details(details or [Detail("—", nothing, Tone.MUTED)])

    def _newest_of(self, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
        """Looked for once a log: only the ages change every second."""
        if self._newest is None or self._newest[0] is not entries:
            kinds = (kind for kind in AuditKind if kind is not AuditKind.INTENT)
            self._newest = entries, list(islice(entries_of(entries, *kinds, newest_first=True), _NEWS_SHOWN))
        return self._newest[1]


def column(spacing: int, *widgets: QWidget) -> QVBoxLayout:
    """Widgets below each other, `spacing` pixels apart."""
    lines = QVBoxLayout()
    lines.setSpacing(spacing)
    for widget in widgets:
        lines.addWidget(widget)
    return lines
