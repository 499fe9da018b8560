"""What the frame says of a store: its health in the sidebar, and the exchange in the line at the bottom."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from crashdesk.findings import Severity
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import Plan
from crashdesk.verification import Verification
from crashdesk_gui.display import Display
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.status_line import ExchangeLine

translate = QCoreApplication.translate


def health(situation: Situation | None, display: Display, *, failed: bool = False) -> tuple[Status, str]:
    """A store's health as a status and a word or two; `situation` None while nothing is known."""
    if failed:
        return Status.BAD, translate("Desk", "cannot be read")
    if situation is None:
        return Status.WORKING, translate("Desk", "reading")
    if situation.standing is Standing.STOPPED:
        if situation.stopped_at is None:
            return Status.DIFFERS, translate("Desk", "stopped")
        return Status.DIFFERS, translate("Desk", "stopped {0}").format(display.age(situation.stopped_at))
    return {
        Standing.CORRUPT: (Status.BAD, translate("Desk", "corrupt")),
        Standing.INTERRUPTED: (Status.DIFFERS, translate("Desk", "recovery interrupted")),
        Standing.RECOVERED: (Status.OK, translate("Desk", "recovered")),
        Standing.EMPTY: (Status.UNKNOWN, translate("Desk", "empty")),
        Standing.RECOVERING: (Status.WORKING, translate("Desk", "recovering")),
        Standing.RUNNING: (Status.OK, translate("Desk", "running")),
    }[situation.standing]


def exchange_line(session: StoreSession, live: bool | None) -> ExchangeLine | None:
    """What is known of the exchange of a store; None while none is connected."""
    exchange = session.exchange
    if exchange is None:
        return None
    problem = translate("Desk", "could not be read") if session.comparing_error is not None else ""
    if session.comparison is None:
        return ExchangeLine(exchange=exchange.id, live=live, problem=problem)
    coverage = session.comparison.plan.coverage
    gaps = [
        translate("Desk", "Not read: {0} ({1})").format(gap.scope.label(), gap.reason or gap.status.value)
        for gap in coverage.gaps()
    ]
    return ExchangeLine(
        exchange=exchange.id,
        live=live,
        read_at=session.comparison.snapshot.finished_at,
        covered=coverage.read_count(),
        scopes=len(coverage.readings),
        problem=problem,
        tip="\n".join(gaps),
    )


def comparison_words(plan: Plan) -> str:
    """One comparison for the log, in English as every log."""
    return (
        f"compared {plan.compared} with {plan.exchange}: {plan.coverage.read_count()} of "
        f"{len(plan.coverage.readings)} scopes read, {len(plan.orphans)} orphan orders, plan {plan.id}"
    )


def report_words(report: RecoveryReport) -> str:
    """One recovery for the log, in English as every log."""
    saved = f"saved checkpoint {report.saved.seq}" if report.saved else f"saved nothing: {report.problem}"
    return f"recovery of plan {report.plan.id}: {len(report.execution.outcomes)} decisions carried out, {saved}"


def verification_words(found: Verification) -> tuple[str, Tone]:
    """What a verification found, in a sentence for a banner."""
    problems = [each for each in found.findings if each.severity is Severity.PROBLEM]
    if not problems:
        text = translate(
            "Desk", "All {0} checkpoints are intact, checked by two CRC implementations; {1} audit entries hold."
        )
        return text.format(found.checkpoints, found.audit_entries), Tone.OK
    first = "; ".join(f"{each.subject}: {each.text}" for each in problems[:2])
    text = translate("Desk", "{0} of {1} checkpoints are intact, {2} problems: {3}. {4}")
    return text.format(found.valid, found.checkpoints, len(problems), first, problems[0].advice), Tone.DANGER
