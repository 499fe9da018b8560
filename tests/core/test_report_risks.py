"""What a report names as at risk, and what it does not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory, exchange_after_the_crash
from report_builders import recover, section
from strategies import T0

from crashdesk.reconcile.position_orders import StopCover
from crashdesk.reconcile.records import Action
from crashdesk.report import report_markdown
from crashdesk.report_conclusion import conclude
from crashdesk.report_risks import at_risk


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


def test_a_journal_that_failed_meanwhile_is_a_risk(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    done = recover(tmp_path / "store", exchange, {})
    assert done.final is not None
    doubted = msgspec.structs.replace(done.final, positions=(), orders=(), journal_problem="the disk refused")
    told = at_risk(msgspec.structs.replace(done, final=doubted))
    assert told.points == ("Something may be missing in what was known: the disk refused.",)
    assert told.sentences == ()


def test_an_order_that_was_left_in_an_earlier_incident_is_not_left_without_a_decision(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    assert report.final is not None
    orders = tuple(
        msgspec.structs.replace(each, dismissed="hedge of the desk") if each.key.endswith(":9002") else each
        for each in report.final.orders
    )
    settled = msgspec.structs.replace(report, final=msgspec.structs.replace(report.final, orders=orders))
    assert conclude(report).own_left
    assert not conclude(settled).own_left
    assert "bot's own order" not in section(report_markdown(settled), "What is still at risk")


def test_an_adopted_order_that_nobody_proved_to_be_the_bots_is_a_risk(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    choices = {"9001": (Action.ADOPT, ""), "9005": (Action.ADOPT, "")}
    risks = section(report_markdown(recover(tmp_path / "store", exchange, choices)), "What is still at risk")
    (told,) = [line for line in risks.splitlines() if line.startswith("- Adopted")]
    assert "nothing proves that it is the bot's: sell 0.010 ETH/USDT:USDT at 2044.00 (order 9005)" in told


def test_the_bots_own_orders_that_are_left_are_named_with_what_its_next_start_does(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    risks = section(
        report_markdown(recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})), "What is still at risk"
    )
    (told,) = [line for line in risks.splitlines() if "of the bot's own order" in line]
    assert "1 of the bot's own order is" not in told
    assert "sell 0.010 BTC/USDT:USDT at 36721.0 (order 9002), worth 367.21 USDT" in told
    assert "The bot's next start cancels it, unless its configuration says otherwise" in told


def test_a_protective_stop_that_stays_is_said_apart_and_counts_for_nothing(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, ""), "9002": (Action.CANCEL, "")})
    risks = section(report_markdown(report), "What is still at risk")
    stop = "1 protective stop that is not the bot's stays: sell 0.240 BTC/USDT:USDT at trig. 35100.0 (order 9003)."
    assert stop in risks.splitlines()
    colleague, nobodys = [line for line in risks.splitlines() if "open on the exchange" in line]
    assert colleague.startswith("1 orphan order is open")
    assert "(order 9004)" in colleague
    assert nobodys.startswith("- 1 orphan order is open")
    assert "(order 9005)" in nobodys


def test_a_position_that_is_partly_protected_is_a_risk(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    text = report_markdown(recover(tmp_path / "store", exchange, {}))
    words = "stops cover 0.240 of 0.260, by an order that is not the bot's"
    assert f"BTC/USDT:USDT long 0.260: {words}." in section(text, "What is still at risk")
    assert f"| ! {words} |" in section(text, "Positions")


def test_what_could_not_be_told_though_every_list_was_read_is_a_risk(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    exchange.deaf.add("1002")
    risks = section(report_markdown(recover(tmp_path / "store", exchange, {})), "What is still at risk")
    assert "What became of 1 order that the bot knew is not known: open, filled or gone." in risks


def test_nothing_at_risk_speaks_of_stops_only_where_stops_could_be(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {})
    assert report.final is not None
    calm = msgspec.structs.replace(report.final, orders=(), positions=())
    covered = msgspec.structs.replace(report.final.positions[0], stops=StopCover(covered=Decimal(9), all_told=True))
    spot = msgspec.structs.replace(covered, symbol="BTC/USDT", stops=None)
    for positions, words in (
        ((), "Nothing: everything was read, and no orphan order is left."),
        ((spot,), "Nothing: everything was read, and no orphan order is left."),
        ((covered,), "Nothing: everything was read, no orphan order is left, and stops cover every position."),
    ):
        final = msgspec.structs.replace(calm, positions=positions)
        text = report_markdown(msgspec.structs.replace(report, final=final))
        assert words in section(text, "What is still at risk")
