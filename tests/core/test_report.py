"""The report of a recovery says what happened, exactly, and lets nothing from outside become markup."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash, store_before_the_crash
from strategies import T0

from crashdesk.config import AccountMode
from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision
from crashdesk.report import report_html, report_markdown, utc_text
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint

HOSTILE = 'x"><script>alert(1)</script> | ![a](b) *bold* `code`\n# Title'


def recover(directory: Path, exchange: ExchangeInMemory, choices: dict[str, tuple[Action, str]]) -> RecoveryReport:
    """A recovery by hand that decides on the orders named by id."""
    store_before_the_crash(directory, T0)
    with StoreView(directory, clock=DeskClock(T0)) as view:
        recovery = OperatorRecovery(view, exchange, who="ops", clock=DeskClock(T0))
        comparison = recovery.compare()
        decisions = [
            Decision(
                order_key=verdict.key, action=choices[verdict.live.id][0], who="ops", note=choices[verdict.live.id][1]
            )
            for verdict in comparison.plan.orphans
            if verdict.live is not None and verdict.live.id in choices
        ]
        return recovery.execute(comparison, decisions, plan_id=comparison.plan.id)


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


def section(markdown: str, title: str) -> str:
    """The text under one heading."""
    return markdown.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]


def test_every_outcome_stands_with_its_proof_and_the_undecided_are_named(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    exchange.refuse["9005"] = "-4131 counterparty best price"
    choices = {"9001": (Action.CANCEL, ""), "9005": (Action.CANCEL, ""), "9004": (Action.LEAVE, "hers")}
    text = report_markdown(recover(tmp_path / "store", exchange, choices))

    outcomes = section(text, "Orphan orders")
    lines = {number: next(line for line in outcomes.splitlines() if f"order {number}" in line) for number in choices}
    assert "cancelled, 0.005 of 0.020 had filled" in lines["9001"]
    assert "-4131 counterparty best price" in lines["9005"]
    assert "hers" in lines["9004"]
    for undecided in ("order 9002", "order 9003"):
        (line,) = [line for line in outcomes.splitlines() if undecided in line]
        assert "| none | not touched | — | still open |" in line
    assert "| ours, unknown to the bot | cancel | cancelled |" in lines["9001"]
    assert "| gone |" in lines["9001"]
    assert "request sent" in lines["9001"]
    assert "checkpoint 5 holds the reconciled state" in text.splitlines()[0]
    assert "| BTC/USDT:USDT | long | 0.250 | 0.260 | 36496.2 |" in section(text, "Positions")
    assert "Quantity: 0.250 → 0.260. " in section(text, "Positions")
    assert "order 1003" in section(text, "Orders that were known")


def test_a_recovery_with_gaps_never_reads_as_complete(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "HTTP 503"
    text = report_markdown(recover(tmp_path / "store", exchange, {}))

    assert "3 of 4" in section(text, "Summary")
    assert "there may be more" in section(text, "Orphan orders")
    risks = section(text, "What is still at risk")
    assert "Not read, so unknown: conditional orders · swap · all symbols (HTTP 503)." in risks
    assert "orphan orders are open on the exchange and not in the recovered state" in risks
    assert "HTTP 503" in section(text, "What was read at the end")


def test_a_stopped_recovery_says_that_nothing_was_saved(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    done = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    execution = msgspec.structs.replace(done.execution, outcomes=(), stopped=True)
    stopped = msgspec.structs.replace(
        done, saved=None, final=None, problem="stopped by the operator", execution=execution
    )

    text = report_markdown(stopped)
    assert "nothing was saved" in text.splitlines()[0]
    assert "Stopped by the operator" in text
    assert "No order was touched" in section(text, "Summary")


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_words_from_outside_never_become_markup(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.change("9001", client_order_id=f"grid-{HOSTILE}")
    exchange.refuse["9001"] = HOSTILE
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, HOSTILE)})

    page = Tags()
    page.feed(report_html(report))
    assert "script" not in page.tags
    assert "alert(1)" in page.text
    assert not [name for name, value in page.attributes if name in {"src", "href"} or "alert" in (value or "")]

    rows = [line for line in report_markdown(report).splitlines() if "alert" in line]
    assert rows
    assert all(line.startswith(("| ", "- ")) and "<script>" not in line and r"\`code\`" in line for line in rows)
    headed = section(report_markdown(report), "Orphan orders").splitlines()
    columns = {line.replace(r"\|", "").count("|") for line in headed if line.startswith("|")}
    assert columns == {8}


def test_both_forms_tell_the_same_facts(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.change("9001", amount=Decimal("0.0200000000000000001"))
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    page = Tags()
    page.feed(report_html(report))
    for fact in (report.plan.id, "0.0200000000000000001", "36496.2", "checkpoint 5", utc_text(T0)):
        assert fact in page.text
        assert fact in report_markdown(report)


def test_the_summary_names_bot_account_downtime_money_and_what_is_at_risk(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    broken = CheckpointInfo(seq=99, timestamp=T0 - 1, directory=None)
    damaged = SkippedCheckpoint(info=broken, reason="the checksum does not fit", damaged=True)
    plan = msgspec.structs.replace(report.plan, mode=AccountMode.LIVE)
    text = report_markdown(msgspec.structs.replace(report, bot="grid-1", plan=plan, skipped=(damaged,)))

    summary = section(text, "Summary")
    assert f"Bot: grid-1 on {report.plan.exchange}" in summary
    assert "LIVE: real money" in summary
    assert "it was down for" in summary
    assert "Checkpoint 99" in summary
    assert "damaged and was passed over: the checksum does not fit." in summary
    assert "all 4 of 4 parts of the account" in summary
    assert report.plan.id not in summary
    assert report.plan.id in section(text, "Record")
    assert "Realised since the last known state:" in section(text, "Money")
    assert "| Equity |" in section(text, "Money")


def test_a_position_that_is_partly_protected_is_a_risk(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    text = report_markdown(recover(tmp_path / "store", exchange, {}))
    assert "BTC/USDT:USDT long 0.260: stops cover 0.240 of 0.260." in section(text, "What is still at risk")
    assert "| ! stops cover 0.240 of 0.260 |" in section(text, "Positions")


def test_the_page_is_light_on_paper(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    page = report_html(recover(tmp_path / "store", exchange, {}))
    assert "prefers-color-scheme" not in page
    assert "color-scheme: light;" in page
