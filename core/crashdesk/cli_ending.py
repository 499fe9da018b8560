"""What ``crashdesk recover`` shows while it acts and when it has ended."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.markup import escape

from crashdesk.cli_errors import NEXT, interrupted_at_work
from crashdesk.cli_next import Place, after_recovery
from crashdesk.cli_table import say
from crashdesk.errors import CrashdeskError, StorageError
from crashdesk.exchange.protocol import Step
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_conclusion import Ending
from crashdesk.report_file import ReportTarget, write_report
from crashdesk.report_lines import summary_lines
from crashdesk.report_words import order_words


@contextlib.contextmanager
def executing(console: Console, resume: str) -> Iterator[tuple[Step, Callable[[], bool]]]:
    """What is being done, in one line; the first Ctrl-C stops between two orders, the second at once.

    `resume` is the command that goes on with it after an error.
    """
    asked, at_work = threading.Event(), threading.Event()

    def stop(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        console.print("Stopping after the order that is under way…")

    with console.status("Recovering…") as status:

        def step(done: int, total: int, text: str) -> None:
            at_work.set()
            status.update(escape(f"{done + 1} of {total}: {text}" if done < total else text))

        here = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, stop) if here else None
        try:
            yield step, asked.is_set
        except CrashdeskError as error:
            if at_work.is_set():
                interrupted_at_work(error, resume)
            raise
        except KeyboardInterrupt:
            if at_work.is_set():
                console.print(
                    "Stopped at once. What was sent stays sent; whether it was carried out is read first when you go on."
                )
                say_next(console, resume)
            raise
        finally:
            if here:
                signal.signal(signal.SIGINT, before)


def conclude_recovery(
    report: RecoveryReport, place: Place, console: Console, target: ReportTarget | None, *, interrupted: bool
) -> int:
    """Say how it ended, write the report where it is wanted, name the next step; returns the exit code."""
    verdict, *more = summary_lines(report)
    say(console, verdict)
    outcomes = report.execution.outcomes
    orders = {each.key: order_words(each.live, each.contract) for each in report.plan.orphans}
    for outcome in outcomes:
        say(console, f"  {orders.get(outcome.order_key, outcome.order_key)}: {outcome.text}")
    for line in more:
        say(console, line)
    written = _written(report, target, console)
    say_next(console, after_recovery(report, place, interrupted=interrupted))
    told = report.conclusion
    failed = told.ending is not Ending.SAVED or bool(told.not_handled or told.unknown)
    return 1 if not written or failed else 0


def _written(report: RecoveryReport, target: ReportTarget | None, console: Console) -> bool:
    """Write the report where it was wanted; False when that failed."""
    if target is None:
        return True
    try:
        path = write_report(report, target)
    except StorageError as error:
        say(console, f"✕ {error}")
        return False
    say(console, f"Report: {path}")
    return True


def say_next(console: Console, step: str) -> None:
    """The line that stands last."""
    say(console, f"{NEXT} {step}")
