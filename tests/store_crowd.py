"""The desk-like process of tests/faults/test_crowded_store.py: threads that look at everything, and a writer beside them.

Started as ``store_crowd.py STORE``. It says ``looking``, then for each line that it is told, ``write`` or ``recover``, what came
of it (``done``, or ``failed`` with the reason); ``trouble`` with what a look found; ``looks`` and their number in the end.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from recovery_builders import ExchangeInMemory, live

from crashdesk.audit import AuditKind, broken_links
from crashdesk.clock import SystemClock
from crashdesk.errors import PlanChanged
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.lock import DESK
from crashdesk.storage.store import StateStore
from crashdesk.storage.wal import is_cut_off, read_index
from crashdesk.storage.writer import open_journal
from crashdesk.verification import Severity, verify_store

THREADS = 4


def _say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)).replace("\n", " ") + "\n").encode())


def _known(view: StoreView) -> str:
    last = view.latest()
    return f"{last.problem} {last.skipped or ''}".strip() if last else ""


def _logged(view: StoreView) -> str:
    entries = view.audit_entries()
    gaps = [entry.seq for number, entry in enumerate(entries, start=1) if entry.seq != number]
    return f"broken {broken_links(entries)} gaps {gaps}" if gaps or broken_links(entries) else ""


def _verified(view: StoreView) -> str:
    return "; ".join(
        finding.subject + ": " + finding.text
        for finding in verify_store(view).findings
        if finding.severity is Severity.PROBLEM
    )


def _kept(view: StoreView) -> str:
    view.history().page()
    view.causes()
    view.last_sign_of_life()
    view.dead_mans_switch()
    return ""


def _indexed(view: StoreView) -> str:
    path = view.directory / JOURNAL_NAME
    read_index(path)
    return "the log is cut off" if is_cut_off(path) else ""


LOOKS: tuple[Callable[[StoreView], str], ...] = (
    _known,
    _logged,
    lambda view: view.journal_view().problem,
    _indexed,
    lambda view: view.journal_problem(),
    _kept,
    _verified,
)


def _look(directory: Path, thread: int, counter: itertools.count[int]) -> None:
    view = StoreView(directory)
    for number in itertools.count(thread):
        look = LOOKS[number % len(LOOKS)]
        next(counter)
        try:
            trouble = look(view)
        except Exception as error:  # noqa: BLE001 - any is what the test is about
            trouble = f"{type(error).__name__}: {error}"
        if trouble:
            _say("trouble", LOOKS.index(look), trouble)
        time.sleep(0.004)


def write(directory: Path) -> None:
    """Be the writer for a moment, as a recovery by hand is, while this process looks."""
    with StateStore(directory, purpose=DESK) as store:
        store.acquire()
        journal, doubt = open_journal(directory, SystemClock(), LocalFiles(), expected=bool(store.list_checkpoints()))
        try:
            if doubt:
                raise AssertionError(doubt)
            for number in range(300):
                journal.append(AuditKind.PROBLEM, f"line {number}", who="desk")
        finally:
            journal.close()


def recover(directory: Path) -> None:
    """Carry out a recovery by hand: the exchange has every order and no position.

    What the bot was writing when it was killed may come to light between two looks, and was never acknowledged: SQLite finds it
    when it makes the log's index anew, as soon as nobody has the journal open for an instant. Then all is looked at again.
    """
    with StoreView(directory) as view:
        try:
            _recover(view)
        except PlanChanged:
            _recover(view)


def _recover(view: StoreView) -> None:
    last = view.latest()
    orders = last.state.open_orders if last else ()
    exchange: Exchange = ExchangeInMemory(
        *(live(id=each.id, client_order_id=each.client_order_id, amount=each.quantity) for each in orders),
        now_ns=time.time_ns(),
    )
    recovery = OperatorRecovery(view, exchange, who="kim")
    comparison = recovery.compare()
    if comparison.plan.journal_problem:
        raise AssertionError(comparison.plan.journal_problem)
    if comparison.plan.orphans:
        raise PlanChanged("the exchange has nothing but what was known a moment ago")
    report = recovery.execute(comparison, (), plan_id=comparison.plan.id)
    if report.saved is None:
        raise AssertionError(f"nothing was saved: {report.problem}")


def main() -> None:
    """Look until the input ends."""
    directory = Path(sys.argv[1])
    counter = itertools.count()
    for thread in range(THREADS):
        threading.Thread(target=_look, args=(directory, thread * 2, counter), daemon=True).start()
    _say("looking")
    for line in sys.stdin:
        try:
            {"write": write, "recover": recover}[line.strip()](directory)
        except Exception as error:  # noqa: BLE001 - any is what the test is about
            _say("failed", type(error).__name__, error)
        else:
            _say("done")
    _say("looks", next(counter))


if __name__ == "__main__":
    main()
