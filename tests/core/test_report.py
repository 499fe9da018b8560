"""The report of a recovery says what happened, exactly, and lets nothing from outside become markup."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory, exchange_after_the_crash
from recovery_builders import coverage
from report_builders import Tags, recover, section
from strategies import T0

from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import Action
from crashdesk.report import report_html, report_markdown, utc_text
from crashdesk.report_file import report_name

HOSTILE = 'x"><script>alert(1)</script> | ![a](b) *bold* `code`\n# Title'


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


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
    for order, word in (("order 9002", "undecided"), ("order 9003", "untouched")):
        (line,) = [line for line in outcomes.splitlines() if order in line]
        assert f"| {word} | — | — | still open |" in line
    assert "| ours, unknown to the bot | cancel | cancelled |" in lines["9001"]
    assert "| gone |" in lines["9001"]
    assert "request sent" in lines["9001"]
    assert text.splitlines()[0] == (
        "# ! Recovered to checkpoint 5; 1 decided order could not be handled; 2 positions with no stop or only a part of one; "
        "1 of the bot's own orders left on the exchange for now, unknown to it"
    )
    assert "| BTC/USDT:USDT | long | 0.250 | 0.260 | 36500.1 | 36496.2 |" in section(text, "Positions")
    assert "Quantity: 0.250 → 0.260. " in section(text, "Positions")
    assert "order 1003" in section(text, "Orders that were known")


def test_a_recovery_with_gaps_never_reads_as_complete(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "HTTP 503"
    text = report_markdown(recover(tmp_path / "store", exchange, {}))

    assert "3 of 4" in section(text, "What was recovered")
    assert "there may be more" in section(text, "Orphan orders")
    risks = section(text, "What is still at risk")
    assert "Not read, so unknown: conditional orders · swap · all symbols (HTTP 503)." in risks
    assert "orphan order is open on the exchange and not in the recovered state" in risks
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
    assert "no order was touched" in section(text, "What was done")


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


def test_the_orders_of_the_recovered_state_are_listed(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    choices = {"9001": (Action.ADOPT, "")}
    held = section(
        report_markdown(recover(tmp_path / "store", exchange, choices)), "Orders that the recovered state holds"
    )
    assert "| BTC/USDT:USDT | buy | limit | 36450.0 | 0.010 | 0.010 | 1001 | grid-1001 | known before |" in held
    assert "| BTC/USDT:USDT | buy | limit | 36380.5 | 0.020 | 0.015 | 9001 | grid-9001 | adopted now |" in held


def test_an_entry_price_that_moved_is_seen_at_the_same_amount(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    first = msgspec.structs.replace(exchange.positions[0], contracts=Decimal("0.250"))
    exchange.positions = (first,)
    positions = section(report_markdown(recover(tmp_path / "store", exchange, {})), "Positions")
    assert "| BTC/USDT:USDT | long | 0.250 | 0.250 | 36500.1 | 36496.2 |" in positions


def test_the_file_of_a_report_is_named_by_bot_date_and_plan(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {})
    assert report_name(report) == f"recovery-btc-grid-2023-11-14T2213Z-{report.plan.id}"
    hostile = msgspec.structs.replace(report, bot="../a b/..")
    assert report_name(hostile) == f"recovery-a-b-2023-11-14T2213Z-{report.plan.id}"


def test_positions_that_were_not_read_are_never_none(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {})
    for unread, words in (
        ((), "None known, none on the exchange."),
        ((ScopeKind.POSITIONS,), "None known; what the exchange has could not be read."),
    ):
        plan = msgspec.structs.replace(report.plan, positions=(), coverage=coverage(unread))
        text = report_markdown(msgspec.structs.replace(report, plan=plan, final=plan))
        assert words in section(text, "Positions")


def test_the_page_is_light_on_paper(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    page = report_html(recover(tmp_path / "store", exchange, {}))
    assert "prefers-color-scheme" not in page
    assert "color-scheme: light;" in page
