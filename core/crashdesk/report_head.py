"""The head of a recovery's report in every form: the verdict, what is still at risk, what was done, where the proof is. Pure."""

from __future__ import annotations

import msgspec

from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_conclusion import Ending, headline
from crashdesk.report_page import Section
from crashdesk.report_risks import at_risk
from crashdesk.report_summary import orders_done
from crashdesk.report_words import counted, sentence


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict in one line with its mark, the `problem` that ended the recovery (empty for none), and the first sections."""

    verdict: str
    problem: str
    sections: tuple[Section, ...]


def head(report: RecoveryReport) -> Head:
    """The beginning of a report, the same in a terminal and in a file."""
    return Head(
        verdict=f"{report.conclusion.mark} {headline(report)}",
        problem=sentence(report.problem) if report.problem else "",
        sections=(at_risk(report), _done(report), _proof(report)),
    )


def _done(report: RecoveryReport) -> Section:
    told = [orders_done(report)]
    if report.saved is None:
        told.append("Saved: nothing.")
    else:
        told.append(f"Saved: checkpoint {report.saved.seq} holds the reconciled state{_held(report)}.")
    if report.execution.stopped and not report.problem:
        told.append(sentence(report.execution.problem or "the operator stopped it between two orders"))
    if report.conclusion.ending is Ending.SAVED:
        told.append(_next_start(len(report.tally.waiting)))
    return Section(title="What was done", sentences=tuple(told))


def _next_start(waiting: int) -> str:
    restores = "The bot's next start restores this checkpoint"
    if not waiting:
        return f"{restores}."
    need = "needs" if waiting == 1 else "need"
    return f"{restores}; before that, compare again: {counted(waiting, 'orphan order')} still {need} your decision."


def _held(report: RecoveryReport) -> str:
    if report.state is None:
        return ""
    positions = counted(len(report.state.positions), "position")
    return f", with {positions} and {counted(len(report.state.open_orders), 'open order')}"


def _proof(report: RecoveryReport) -> Section:
    """By which names the audit log and the store know all this."""
    told = [
        f"Audit log: plan {report.plan.id}, with each decision, request and outcome; the desk's page Activity shows it."
    ]
    if report.saved is not None:
        told.append(f"Checkpoint file: {report.saved.name}.")
    return Section(title="Where the proof is", sentences=tuple(told))
