"""The report of a recovery says what happened, exactly, and lets nothing from outside become markup."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash, store_before_the_crash
from strategies import T0

from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision
from crashdesk.report import report_html, report_markdown, utc_text

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

    outcomes = section(text, "Decisions and outcomes")
    lines = {number: next(line for line in outcomes.splitlines() if f"order {number}" in line) for number in choices}
    assert "cancelled, 0.005 of 0.020 had filled" in lines["9001"]
    assert "-4131 counterparty best price" in lines["9005"]
    assert "hers" in lines["9004"]
    undecided = section(text, "Orphan orders that were not decided on")
    assert "order 9002" in undecided
    assert "order 9003" in undecided
    assert "order 9001" not in undecided
    assert "checkpoint 5 holds the reconciled state" in text.splitlines()[0]
    assert "| BTC/USDT:USDT | long | 0.250 | 0.260 | 36496.2 |" in section(text, "Positions")
    assert "quantity: 0.250 → 0.260" in section(text, "Positions")
    assert "order 1003" in section(text, "Orders that were known")


def test_a_recovery_with_gaps_never_reads_as_complete(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "HTTP 503"
    text = report_markdown(recover(tmp_path / "store", exchange, {}))

    assert "3 of 4" in section(text, "Summary")
    assert "there may be more" in section(text, "Orphan orders on the exchange afterwards")
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
    assert "No order was touched" in section(text, "Decisions and outcomes")


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
    assert all(line.startswith("| ") and "<script>" not in line and r"\`code\`" in line for line in rows)
    headed = section(report_markdown(report), "Decisions and outcomes").splitlines()
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
