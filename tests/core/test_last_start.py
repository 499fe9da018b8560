"""What the desk tells as the doing of a bot's start is its policy's alone, and of a start that came to its end."""

from __future__ import annotations

import contextlib
from pathlib import Path

from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_columns import outcomes_of_last_start
from crashdesk.storage.journal_life import UNATTENDED

STARTED = (AuditKind.RECOVERY, "the bot started", "btc-grid", "")
BY_HAND = (AuditKind.RECOVERY, "recovered", "ops", "by hand")
OWN = (AuditKind.OUTCOME, "cancelled by the policy", UNATTENDED, "unattended")
OPERATORS = (AuditKind.OUTCOME, "cancelled by ops", "ops", "by hand")


def told(directory: Path, *entries: tuple[AuditKind, str, str, str]) -> list[str]:
    with contextlib.closing(Journal(directory, ManualClock(T0))) as journal:
        for kind, text, who, plan_id in entries:
            journal.append(kind, text, who=who, plan_id=plan_id)
        return [entry.text for entry in journal.ask(outcomes_of_last_start)]


def test_what_an_operator_did_before_the_start_is_not_the_starts_doing(tmp_path: Path) -> None:
    """His recovery ended in the middle, so that no entry parts what he did from what the bot's start did."""
    assert told(tmp_path, STARTED, OPERATORS, OWN, STARTED) == [OWN[1]]


def test_a_start_that_a_recovery_by_hand_followed_is_not_told_as_the_last(tmp_path: Path) -> None:
    """The start ended in the middle: what its policy did belongs to no start that the operator waits to hear of."""
    assert told(tmp_path, STARTED, OWN, BY_HAND) == []
