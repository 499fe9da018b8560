"""What the exported report and the terminal say of the stops of positions: whose they are, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
import report_builders
from orphan_incident import BTC, ExchangeInMemory, exchange_after_the_crash
from report_builders import section
from strategies import T0

from crashdesk.cli_text import plan_listings
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import Action
from crashdesk.reconcile.stop_cover import StopJudgement
from crashdesk.report import report_html, report_markdown
from crashdesk.report_lines import summary_lines
from crashdesk.report_stops import plan_stops, told_stops

NOT_OURS = "stops cover 0.240 of 0.260, by an order that is not the bot's"
STOP = "sell 0.240 BTC/USDT:USDT at trig. 35100.0 (order 9003)"
Recover = Callable[..., RecoveryReport]


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


@pytest.fixture
def recover(tmp_path: Path, exchange: ExchangeInMemory) -> Recover:
    def run(**choices: Action) -> RecoveryReport:
        """A recovery by hand that decides on the orders named `_<id>`."""
        decided = {name.removeprefix("_"): (action, "") for name, action in choices.items()}
        return report_builders.recover(tmp_path / "store", exchange, decided)

    return run


def row_of(report: RecoveryReport, symbol: str = BTC) -> str:
    """The row of a position in the exported table."""
    positions = section(report_markdown(report), "Positions")
    (row,) = [line for line in positions.splitlines() if line.startswith(f"| {symbol} | long |")]
    return row


def risk_of(report: RecoveryReport, symbol: str = BTC) -> str:
    risks = section(report_markdown(report), "What is still at risk")
    return next((line for line in risks.splitlines() if line.startswith(f"- {symbol} long")), "")


def line_of(report: RecoveryReport, symbol: str = BTC) -> str:
    """The one line of the terminal that names a position."""
    (line,) = [each for each in summary_lines(report) if f"{symbol} long" in each]
    return line


def page_text(report: RecoveryReport) -> str:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed(report_html(report))
    return " ".join(found)


def test_every_form_says_that_a_stop_is_not_the_bots(recover: Recover) -> None:
    report = recover()
    assert f"| ! {NOT_OURS} |" in row_of(report)
    assert risk_of(report) == f"- {BTC} long 0.260: {NOT_OURS}."
    assert line_of(report) == f"  ! {BTC} long 0.260: {NOT_OURS}."
    assert f"! {NOT_OURS}" in page_text(report)
    positions = next(each for each in plan_listings(report.plan) if each.title == "Positions")
    assert any(f"! {NOT_OURS}." in row.note for row in positions.rows)


def test_a_stop_that_covers_everything_is_not_calm_about_whose_it_is(
    recover: Recover, exchange: ExchangeInMemory
) -> None:
    exchange.change("9003", amount=Decimal("0.260"))
    report = recover()
    assert "| stops cover all of it, by an order that is not the bot's |" in row_of(report)
    assert line_of(report).endswith("0.260: stops cover all of it, by an order that is not the bot's")


def test_an_adopted_stop_is_the_bots_from_now_on(recover: Recover) -> None:
    report = recover(_9003=Action.ADOPT)
    assert "| ! stops cover 0.240 of 0.260 |" in row_of(report)
    assert line_of(report) == f"  ! {BTC} long 0.260: stops cover 0.240 of 0.260."


def test_a_stop_that_the_recovery_cancelled_is_named_where_the_position_stands_without_it(recover: Recover) -> None:
    report = recover(_9003=Action.CANCEL)
    words = f"no stop on the exchange; a part of it was covered by stop {STOP}, which this recovery cancelled"
    assert f"| ! {words} |" in row_of(report)
    assert risk_of(report) == f"- {BTC} long 0.260: {words}."
    assert line_of(report) == f"  ! {BTC} long 0.260: {words}."
    assert words in page_text(report)


def test_an_account_whose_last_stop_was_cancelled_still_uses_stops(recover: Recover) -> None:
    """A position that never had a stop is a warning as it was before, though there is none on the account any more."""
    report = recover(_9003=Action.CANCEL)
    assert "| ! no stop on the exchange |" in section(report_markdown(report), "Positions")
    assert {each.judged for each in told_stops(report)} == {StopJudgement.NONE}
    assert report.final is not None
    assert {each.judged for each in plan_stops(report.final)} == {StopJudgement.UNUSED}


def test_a_stop_that_covered_all_of_a_position_is_said_to_have_done_so(
    recover: Recover, exchange: ExchangeInMemory
) -> None:
    exchange.change("9003", amount=Decimal("0.260"))
    stop = STOP.replace("0.240", "0.260")
    words = f"no stop on the exchange; it was covered by stop {stop}, which this recovery cancelled"
    assert risk_of(recover(_9003=Action.CANCEL)) == f"- {BTC} long 0.260: {words}."


def test_a_position_that_another_stop_covers_in_full_lacks_nothing(
    recover: Recover, exchange: ExchangeInMemory
) -> None:
    exchange.orders["9103"] = msgspec.structs.replace(
        exchange.orders["9003"], id="9103", client_order_id="", amount=Decimal("0.260")
    )
    report = recover(_9003=Action.CANCEL)
    assert "cancelled" not in row_of(report)
    assert risk_of(report) == ""


def test_what_a_recovery_cancelled_before_it_ended_in_the_middle_is_not_counted_as_cover(recover: Recover) -> None:
    done = recover(_9003=Action.CANCEL)
    stopped = msgspec.structs.replace(done, saved=None, state=None, final=None, problem="stopped")
    words = f"whether a stop protects it is not known; a part of it was covered by stop {STOP}, which this recovery cancelled"
    assert f"| ? {words} |" in row_of(stopped)
    assert risk_of(stopped) == f"- {BTC} long 0.260: {words}."
    assert line_of(stopped) == f"  ! {BTC} long 0.260: {words}."


def test_a_stop_whose_cancellation_is_not_proved_is_not_said_to_be_cancelled(
    recover: Recover, exchange: ExchangeInMemory
) -> None:
    exchange.refuse["9003"] = "not now"
    report = recover(_9003=Action.CANCEL)
    assert f"| ! {NOT_OURS} |" in row_of(report)


def test_orders_of_a_hedged_account_are_named_with_their_leg(recover: Recover, exchange: ExchangeInMemory) -> None:
    hedged = tuple(msgspec.structs.replace(each, hedged=True) for each in exchange.positions)
    exchange.positions = hedged
    exchange.change("9003", position_side="long")
    named = f"{STOP}, of the long leg"
    kept = report_markdown(recover())
    assert f"stays: {named}." in section(kept, "What is still at risk")
    assert f"| {named}," in section(kept, "Orphan orders")
    assert named not in section(kept, "Positions")


def test_an_order_of_the_recovered_state_is_listed_with_its_leg(recover: Recover, exchange: ExchangeInMemory) -> None:
    for order_id in ("1001", "9003"):
        exchange.change(order_id, position_side="long")
    held = section(report_markdown(recover(_9003=Action.ADOPT)), "Orders that the recovered state holds")
    assert "| BTC/USDT:USDT | buy of the long leg | limit | 36450.0 |" in held
    assert "| BTC/USDT:USDT | sell of the long leg | stop | trig. 35100.0 |" in held


def test_a_known_order_that_filled_is_named_with_its_leg(recover: Recover, exchange: ExchangeInMemory) -> None:
    exchange.change("1002", position_side="LONG")
    text = report_markdown(recover())
    for title in ("Orders that were known", "Orders that filled since"):
        assert "(order 1002), of the long leg |" in section(text, title)


def test_a_cancelled_stop_is_named_with_its_leg(recover: Recover, exchange: ExchangeInMemory) -> None:
    exchange.change("9003", position_side="long")
    risk = risk_of(recover(_9003=Action.CANCEL))
    assert f"covered by stop {STOP}, of the long leg, which this recovery cancelled" in risk
