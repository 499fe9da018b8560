"""Journals with something in them, and what can be read from them."""

from __future__ import annotations

from pathlib import Path

import strategies as make
from strategies import ManualClock

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_order
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Dismissal, Intent, IntentAction
from crashdesk.storage.writer import open_journal

INTENT = Intent(
    at=7,
    action=IntentAction.CREATE,
    symbol="BTC/USDT:USDT",
    client_order_id="grid-1",
    side="buy",
    order_type="limit",
    quantity="0.010",
    price="36450.0",
)
DISMISSAL = Dismissal(order_key="BTC/USDT:USDT#8", at=9, who="operator", note="manual hedge")


def fill(directory: Path, clock: ManualClock, entries: int = 5) -> None:
    """A journal with entries, an intent and a dismissal."""
    journal = Journal(directory, clock)
    for number in range(entries):
        clock.sleep(1)
        journal.append(
            AuditKind.OUTCOME,
            f"outcome {number}",
            who="operator",
            order_key=str(number),
            plan_id="p",
            data={"b": "2", "a": "1"},
        )
    journal.intend(INTENT)
    journal.dismiss(DISMISSAL)
    journal.close()


def read_everything(directory: Path, *, read_only: bool = False) -> list[AuditEntry]:
    """All that a journal tells; the entries of its audit log."""
    journal = Journal(directory, ManualClock(), read_only=read_only)
    try:
        view = journal.view()
        assert (len(view.intents), len(view.dismissals)) == (1, 1)
        journal.last_activity()
        journal.causes()
        return journal.entries()
    finally:
        journal.close()


def opened(directory: Path, *, expected: bool = True) -> tuple[Journal, str]:
    return open_journal(directory, ManualClock(), LocalFiles(), expected=expected)


def order_change(number: int) -> Change:
    return Change(ChangeKind.ORDER, encode_order(make.order(id=str(number))))
