"""The head of a report: bot, account, downtime, money, and one judgement that counts only what was done."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory, exchange_after_the_crash
from report_builders import Tags, recover, section
from strategies import T0

from crashdesk.config import AccountMode
from crashdesk.reconcile.records import Action
from crashdesk.report import report_html, report_markdown
from crashdesk.report_conclusion import conclude
from crashdesk.report_lines import summary_lines
from crashdesk.report_risks import at_risk
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


def test_the_summary_names_bot_account_downtime_money_and_what_is_at_risk(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    broken = CheckpointInfo(seq=99, timestamp=T0 - 1, directory=None)
    damaged = SkippedCheckpoint(info=broken, reason="the checksum does not fit", damaged=True)
    plan = msgspec.structs.replace(report.plan, mode=AccountMode.LIVE)
    text = report_markdown(msgspec.structs.replace(report, bot="grid-1", plan=plan, skipped=(damaged,)))

    summary = section(text, "What was recovered")
    assert f"Bot: grid-1 on {report.plan.exchange}" in summary
    assert "LIVE: real money" in summary
    assert "it was down for" in summary
    assert "Checkpoint 99" in summary
    assert "damaged and was passed over: the checksum does not fit." in summary
    assert "all 4 of 4 parts of the account" in summary
    assert report.plan.id not in summary
    assert report.plan.id in section(text, "Where the proof is")
    assert "Realised since the last known state:" in section(text, "Money")
    assert "| Equity |" in section(text, "Money")


def test_a_recovery_that_ended_in_the_middle_counts_no_order_that_was_cancelled(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    done = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, ""), "9002": (Action.CANCEL, "")})
    execution = msgspec.structs.replace(done.execution, outcomes=done.execution.outcomes[:1], stopped=True)
    stopped = msgspec.structs.replace(done, saved=None, state=None, final=None, execution=execution, problem="stopped")
    gone = execution.outcomes[0].order_key.rpartition(":")[2]
    lines = summary_lines(stopped)
    assert lines[0] == "! Recovery stopped before the end: nothing was saved"
    assert "  The exchange was not read again at the end: this is how it was before." in lines
    (orphans,) = [line for line in lines if "orphan orders were open when the exchange was read last" in line]
    assert ("order 9002" in orphans, f"order {gone}" in orphans) == (gone != "9002", False)


def test_what_was_not_read_again_is_not_called_settled(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    done = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, ""), "9002": (Action.CANCEL, "")})
    handled = {each.order_key for each in done.execution.outcomes}
    plan = msgspec.structs.replace(
        done.plan, positions=(), orders=tuple(done.plan.orphan_by_key[key] for key in handled)
    )
    failed = msgspec.structs.replace(done, plan=plan, saved=None, state=None, final=None, problem="no connection")
    told = at_risk(failed)
    assert told.points == ()
    assert told.sentences == (
        "The exchange was not read again at the end: this is how it was before.",
        "No orphan order is left by that and by what was done; what is open now is not known.",
    )


def test_one_judgement_heads_every_report(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    told = conclude(report)
    assert (told.clean, told.seq, [each.key.rpartition(":")[2] for each in told.own_left]) == (False, 5, ["9002"])
    words = (
        "! Recovered to checkpoint 5; 2 positions with no stop or only a part of one; "
        "1 of the bot's own orders left on the exchange for now, unknown to it; "
        "1 orphan order open on the exchange that nobody settled"
    )
    assert report_markdown(report).splitlines()[0] == f"# {words}"
    page = Tags()
    page.feed(report_html(report))
    assert words in page.text
    assert report.final is not None
    settled = msgspec.structs.replace(report, final=msgspec.structs.replace(report.final, orders=(), positions=()))
    assert report_markdown(settled).splitlines()[0] == (
        "# ✓ Recovered: checkpoint 5 holds what is true on the exchange"
    )
