"""The last step of a recovery: what really happened, with the proof, and where to go from here."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import NOT_DONE, OutcomeKind
from crashdesk.report import report_html, report_markdown
from crashdesk.report_file import report_name
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.errors import explain, sentence, told_together
from crashdesk_gui.exporting import HTML, MARKDOWN, AskPath, Exporter, FileKind, ask_save_path
from crashdesk_gui.joined_words import labelled, listed
from crashdesk_gui.models.orphans import FOREIGN, OURS, PROTECTIVE, UNCLEAR, section_of
from crashdesk_gui.models.plan import PlanTables, outcome_rows
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.stop_lines import StopLines
from crashdesk_gui.next_turn import NextTurn
from crashdesk_gui.phrases import passed_over, said
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.recovery_report_money import MoneyPanel
from crashdesk_gui.views.recovery_steps import StepView
from crashdesk_gui.views.recovery_verdict import VerdictWords, report_status
from crashdesk_gui.views.table_panel import TablePanel
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.scroll import ScrollColumn
from crashdesk_gui.widgets.text import TextLabel, push_button

_MOST_ROWS = 12
_AT_ONCE = 1000
"""With more outcomes the result is shown in one turn of the window, and each part of what led to it in one of its own."""


class ReportStep(StepView):
    """Outcome per order with its proof, the checkpoint that was saved, and the report as a file."""

    def __init__(
        self,
        ui: UiContext,
        words: PlanWords,
        exports: TableExports,
        *,
        ask: AskPath = ask_save_path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ui, parent)
        self._report: RecoveryReport | None = None
        self._parts: list[Callable[[RecoveryReport], object]] = []
        self._turn = NextTurn(self)
        self._turn.came.connect(self._show_parts)
        self._tables = exports
        self._exporter = Exporter(self, on_saved=self._saved, on_failed=self._failed, ask=ask)
        self._model = PlanTables(words, self).outcomes()
        self.attention = Banner(ui)
        self._facts = DetailGrid(ui)
        self._stops = StopLines(words, self)
        self._verdict = VerdictWords(self)
        facts = Panel(ui)
        facts.add(self._facts)
        self._outcomes = TablePanel(
            ui, self._model, self.tr("Outcomes"), "outcomes", exports, most_rows=_MOST_ROWS, hidden_empty=("note",)
        )
        self.table = self._outcomes.table
        self._nothing = TextLabel(ui, self.tr("No order was touched."), tone=Tone.MUTED)
        self._nothing.setContentsMargins(15, 0, 0, 12)
        self._outcomes.add(self._nothing)
        self.column.addWidget(self.attention)
        self._money = MoneyPanel(ui, words, self.export_markdown)
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addWidget(facts)
        body.addWidget(self._outcomes)
        body.addWidget(self._money)
        body.addStretch(1)
        self.column.addWidget(ScrollColumn(ui, inside, self.tr("What came of it")), 1)
        self.column.addLayout(self._exports())

    def show_report(self, report: RecoveryReport, holder: str = "") -> None:
        """Show what came of a recovery; `holder` is who has the store now, empty for nobody."""
        if report is not self._report:
            self._report = report
            self._parts = [self._show_facts, self._show_outcomes, self._money.show_report]
            many = len(report.execution.outcomes) > _AT_ONCE
            self._outcomes.setHidden(many)
            self._money.setHidden(many)
            self._turn.start() if many else self._show_parts(len(self._parts))
        self._say_result(report, holder)

    def _show_parts(self, count: int = 1) -> None:
        assert self._report is not None
        parts, self._parts = self._parts[:count], self._parts[count:]
        for show in parts:
            show(self._report)
        if self._parts:
            self._turn.start()

    def _show_facts(self, report: RecoveryReport) -> None:
        self._facts.set_details(self._details(report))

    def _show_outcomes(self, report: RecoveryReport) -> None:
        rows = outcome_rows(report.plan, report.execution.outcomes, report.decisions)
        self._outcomes.show()
        self._outcomes.show_records(rows, self._counts(report))
        self._nothing.setVisible(not rows)
        told = self._attention(report, len(rows))
        self.attention.setVisible(bool(told))
        if told:
            self.attention.show_message(told, Tone.WARNING, closable=False)

    def _attention(self, report: RecoveryReport, decisions: int) -> str:
        """What was decided and is not done, or not known to be; what nobody knows yet is told above where it is resumed."""
        told = report.conclusion
        sentences = []
        if told.not_handled:
            not_done = self.tr(
                "{0} of {1} decisions could not be carried out: these orders changed, were refused, or are still open. "
                "Compare again to decide on them as they are now."
            )
            sentences.append(not_done.format(told.not_handled, decisions))
        if told.unknown and report.saved is not None:
            unknown = self.tr("The result of {0} of {1} decisions is unknown. Compare again to see what is open now.")
            sentences.append(unknown.format(told.unknown, decisions))
        return told_together(*sentences)

    def _say_result(self, report: RecoveryReport, holder: str) -> None:
        if report.saved is not None:
            self._say_saved(report, holder)
            return
        status = report_status(report)
        if report.execution.stopped:
            self.say(
                self.tr("{0} Stopped before the end; nothing was saved").format(status.glyph),
                told_together(
                    *self._unknown(report),
                    sentence(said(report.problem))
                    if report.execution.problem
                    else self.tr(
                        "What was done is listed below and in the audit log. Resume it, or compare again and decide anew."
                    ),
                ),
                status.tone,
            )
        else:
            self.say(
                self.tr("{0} Not finished; nothing was saved").format(status.glyph),
                told_together(*self._unknown(report), sentence(said(report.problem))),
                status.tone,
            )

    def _unknown(self, report: RecoveryReport) -> list[str]:
        """That nobody knows what came of some orders, where nothing was saved; the next read tells it."""
        unknown = report.conclusion.unknown
        return [self.tr("What became of %n order(s) is unknown.", "", unknown)] if unknown else []

    def _say_saved(self, report: RecoveryReport, holder: str) -> None:
        told, (headline, also) = report.conclusion, self._verdict.saved_words(report)
        by = (
            told.seq,
            report.who,
            self.ui.display.time(report.finished_at),
            self.ui.display.duration(report.finished_at - report.started_at, fine=True),
        )
        detail = (
            self.tr("The store is in use again: {0}. Recovered by {1} at {2}, in {3}.").format(holder, *by[1:])
            if holder
            else self.tr("The bot's next start restores checkpoint {0}. Done by {1} at {2}, in {3}.").format(*by)
        )
        doomed = sum(each.preselected for each in told.own_left)
        start = []
        if doomed:
            start.append(
                self.tr(
                    "The bot's own start cancels %n of its orders without a decision, unless its configuration says otherwise.",
                    "",
                    doomed,
                )
            )
        self.say(headline, told_together(*also, detail, *start), report_status(report).tone)

    def _details(self, report: RecoveryReport) -> list[Detail]:
        """What is left, what was done, where the proof is: in the order of the exported report."""
        return [*self._remaining(report), *self._done(report)]

    def _remaining(self, report: RecoveryReport) -> list[Detail]:
        details = [Detail(self.tr("Orphan orders left on the exchange"), self._left(report))]
        title = (
            self.tr("Positions and their stops")
            if report.final is not None
            else self.tr("Positions and their stops, as they were read before")
        )
        for number, (line, tone) in enumerate(self._stops.lines(report.stops)):
            details.append(Detail(title if number == 0 else "", line, tone=tone))
        if report.skipped:
            named = "\n".join(passed_over(report.skipped))
            details.append(Detail(self.tr("Damaged checkpoints"), named))
        return details

    def _done(self, report: RecoveryReport) -> list[Detail]:
        saved = report.saved
        details = [
            Detail(
                self.tr("Saved checkpoint"),
                self.tr("nothing was saved") if saved is None else f"{saved.seq} · {saved.name}",
                tone=Tone.TEXT if saved is not None else report_status(report).tone,
            )
        ]
        if report.state is not None:
            orders = self.tr("%n open order(s)", "", len(report.state.open_orders))
            positions = self.tr("%n position(s)", "", len(report.state.positions))
            details.append(Detail(self.tr("It holds"), f"{orders} · {positions}"))
        details.append(Detail(self.tr("In the audit log"), self.tr("plan {0}").format(report.plan.id)))
        return details

    def _left(self, report: RecoveryReport) -> str:
        if report.final is None:
            return self.tr("unknown: it was stopped before the exchange was read again")
        left = [verdict for key, verdict in report.final.orphan_by_key.items() if key not in report.execution.adopted]
        groups = [section_of(verdict) for verdict in left]
        named = (
            (self.tr("{0} ours"), groups.count(OURS)),
            (self.tr("{0} protecting a position"), groups.count(PROTECTIVE)),
            (self.tr("{0} not ours"), groups.count(FOREIGN)),
            (self.tr("{0} nobody can tell"), groups.count(UNCLEAR)),
        )
        parts = listed(text.format(count) for text, count in named if count)
        coverage = report.final.coverage
        if coverage.complete:
            text = self.tr("{0}, by a complete read").format(len(left))
        else:
            text = self.tr("{0} in what could be read ({1} of {2} scopes)").format(
                len(left), coverage.read_count(), len(coverage.readings)
            )
        return labelled(text, parts) if parts else text

    def _counts(self, report: RecoveryReport) -> str:
        kinds = OutcomeKind
        counted = (
            (self.tr("{0} cancelled"), (kinds.CANCELLED,)),
            (self.tr("{0} closed before"), (kinds.FILLED, kinds.ALREADY_CLOSED)),
            (self.tr("{0} adopted"), (kinds.ADOPTED,)),
            (self.tr("{0} left"), (kinds.LEFT,)),
            (self.tr("{0} not done"), tuple(NOT_DONE)),
            (self.tr("{0} unknown"), (kinds.UNKNOWN,)),
        )
        parts = [(text, report.execution.count(*group)) for text, group in counted]
        return " · ".join(text.format(count) for text, count in parts if count)

    # The report as a file

    def _exports(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._told = TextLabel(self.ui, tone=Tone.MUTED, wrap=True)
        for text, icon, slot in (
            (self.tr("Export Markdown…"), "export", self.export_markdown),
            (self.tr("Export HTML…"), "export", self.export_html),
            (self.tr("Copy report"), "copy", self.copy),
        ):
            row.addWidget(push_button(self.ui, text, slot, icon=icon))
        row.addWidget(self._told, 1, Qt.AlignmentFlag.AlignVCenter)
        return row

    def export_markdown(self) -> None:
        """Save the report as Markdown where the operator says."""
        self._save(MARKDOWN, report_markdown)

    def export_html(self) -> None:
        """Save the report as one HTML page where the operator says."""
        self._save(HTML, report_html)

    def copy(self) -> None:
        """Put the report on the clipboard as Markdown."""
        report, runner = self._report, self._tables.runner
        if report is not None and runner is not None:
            runner.run(
                lambda _progress: report_markdown(report),
                title=self.tr("Copying the report"),
                on_done=self._take_copy,
                owner=self,
            )

    def _take_copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._tell(self.tr("The report is on the clipboard."), Tone.MUTED)

    def _save(self, kind: FileKind, write: Callable[[RecoveryReport], str]) -> None:
        report, runner = self._report, self._tables.runner
        if report is not None and runner is not None:
            self._exporter.save(runner, kind, report_name(report), lambda: write(report).encode())

    def _saved(self, path: Path) -> None:
        self._tell(self.tr("Written to {0}").format(path), Tone.MUTED)

    def _failed(self, what: str, error: Exception) -> None:
        told = explain(error)
        self._tell(labelled(what, f"{told.title} {told.advice}"), Tone.DANGER)

    def _tell(self, text: str, tone: Tone) -> None:
        self._told.setText(text)
        self._told.set_tone(tone)
