"""The last known state is the newest valid checkpoint and the journal's changes since, and every word on it says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from orphan_incident import (
    MINUTE,
    DeskClock,
    ExchangeInMemory,
    exchange_after_the_crash,
    last_state,
    store_before_the_crash,
)
from recovery_builders import live, only_order, plan_of, rules, snapshot
from strategies import T0, order, state

from crashdesk.changes import Change, ChangeKind, whole_state
from crashdesk.cli_text import last_known_lines
from crashdesk.codec import encode_order
from crashdesk.errors import PlanChanged
from crashdesk.inspection import StoreView
from crashdesk.live import encoded
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.report import report_html, report_markdown
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME

LEARNT = Change(ChangeKind.ORDER, encode_order(order(id="9001", client_order_id="grid-9001")))
FORGOTTEN = Change(ChangeKind.ORDER_GONE, b"1003")


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


def recovery_of(directory: Path, exchange: ExchangeInMemory) -> OperatorRecovery:
    return OperatorRecovery(StoreView(directory, clock=DeskClock(T0)), exchange, who="ops", clock=DeskClock(T0))


def store(directory: Path, changes: Sequence[Change] = ()) -> Path:
    return store_before_the_crash(directory, T0, changes=changes)


def recovered(directory: Path, exchange: ExchangeInMemory) -> RecoveryReport:
    recovery = recovery_of(directory, exchange)
    comparison = recovery.compare()
    return recovery.execute(comparison, [], plan_id=comparison.plan.id)


def lines(directory: Path) -> str:
    last = StoreView(directory, clock=DeskClock(T0)).latest()
    assert last is not None
    return "\n".join(last_known_lines(last))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"checkpoint_seq": 41, "changes": 12}, "(checkpoint 41 and 12 journalled changes)"),
        ({"checkpoint_seq": 41, "changes": 1}, "(checkpoint 41 and 1 journalled change)"),
        ({"checkpoint_seq": None, "changes": 12}, "(12 journalled changes, no checkpoint)"),
        ({"checkpoint_seq": None, "changes": 1}, "(1 journalled change, no checkpoint)"),
        ({"checkpoint_seq": 41}, "Unknown to checkpoint 41."),
    ],
)
def test_evidence_never_blames_the_checkpoint_alone(source: dict[str, int | None], words: str) -> None:
    nothing = state(open_orders=(), positions=())
    verdict = only_order(plan_of(nothing, snapshot(orders=(live(),)), by=rules(**source)))
    assert words in verdict.evidence[0].text


def test_the_plan_of_the_newest_checkpoint_includes_the_changes_and_an_older_one_does_not(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    recovery = recovery_of(store(tmp_path / "store", [LEARNT, FORGOTTEN]), exchange)
    newest = recovery.compare()
    assert newest.plan.compared == "checkpoint 4 and 2 journalled changes"
    assert (newest.plan.checkpoint_timestamp, newest.plan.known_at) == (T0 - 14 * MINUTE, newest.until)
    assert "9001" not in {verdict.live.id for verdict in newest.plan.orphans if verdict.live}

    older = recovery.compare(StoreView(tmp_path / "store").store.find(3))
    assert older.plan.compared == "checkpoint 3"
    assert "9001" in {verdict.live.id for verdict in older.plan.orphans if verdict.live}


def test_the_reading_at_the_end_tells_the_same_of_what_was_compared(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    directory = store(tmp_path / "store", [LEARNT])
    (directory / JOURNAL_NAME).rename(directory / "elsewhere")
    report = recovered(directory, exchange)
    assert report.final is not None
    assert report.final.compared == report.plan.compared
    assert "no journal in this store" in report.plan.journal_problem


def test_the_report_names_checkpoint_and_changes(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recovered(store(tmp_path / "store", [LEARNT, FORGOTTEN]), exchange)
    words = "checkpoint 4 of 2023-11-14 21:59:20 UTC and 2 changes journalled until 2023-11-14 21:59:20 UTC."
    assert words in report_markdown(report)
    assert words in report_html(report)


def test_a_report_on_a_doubtful_state_says_what_may_be_missing(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    directory = store(tmp_path / "store")
    (directory / JOURNAL_NAME).unlink()
    text = report_markdown(recovered(directory, exchange))
    (line,) = [line for line in text.splitlines() if "Something may be missing" in line]
    assert line.count("there is no journal in this store") == 1
    assert "what happened after the checkpoint is not known" in line


def test_show_says_what_the_journal_adds_and_what_may_be_missing(tmp_path: Path) -> None:
    text = lines(store(tmp_path / "one", [LEARNT]))
    assert (
        "After checkpoint 4 of 2023-11-14 21:59:20 UTC the journal holds 1 change, the last of 2023-11-14 21:59:20 UTC"
        in text
    )
    assert "1 position, 4 open orders" in text
    assert "!" not in text

    doubtful = store(tmp_path / "two")
    (doubtful / JOURNAL_NAME).unlink()
    assert "! there is no journal in this store" in lines(doubtful)


def test_rotten_checkpoints_leave_the_journal_alone(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    whole = whole_state(encoded(last_state(T0 - 14 * MINUTE)))
    directory = store(tmp_path / "store", [LEARNT])
    for file in (directory / "checkpoints").glob("*.zqck"):
        file.write_bytes(file.read_bytes()[:60])
    assert lines(directory).startswith(f"Of the bot's state the journal holds {len(whole) + 1} changes")

    comparison = recovery_of(directory, exchange).compare()
    assert comparison.checkpoint is None
    assert comparison.plan.compared == f"{len(whole) + 1} journalled changes without a checkpoint"
    assert {each.id for each in comparison.state.open_orders} == {"1001", "1002", "1003", "9001"}


def test_a_plan_is_refused_when_the_bot_journalled_a_change_after_it(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    directory = store(tmp_path / "store", [LEARNT])
    recovery = recovery_of(directory, exchange)
    comparison = recovery.compare()
    journal = Journal(directory, DeskClock(T0))
    journal.commit([FORGOTTEN])
    journal.close()
    with pytest.raises(PlanChanged, match="newer than the comparison"):
        recovery.execute(comparison, [], plan_id=comparison.plan.id)
    again = recovery.compare()
    assert recovery.execute(again, [], plan_id=again.plan.id).saved is not None
