"""The headline of a recovery's report is never calmer than the worst thing that the report says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import report_builders
from orphan_incident import BTC, ETH, ExchangeInMemory, exchange_after_the_crash
from strategies import T0

from crashdesk.exchange.records import ScopeKind
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.position_orders import StopCover
from crashdesk.reconcile.records import Action, OutcomeKind
from crashdesk.reconcile.stop_cover import StopJudgement
from crashdesk.report import report_html, report_markdown
from crashdesk.report_conclusion import Ending, Weight, conclude
from crashdesk.report_lines import summary_lines
from crashdesk.report_risks import risks
from crashdesk.report_stops import stops_notes, told_stops

WEIGHTS = {"✓": Weight.CALM, "·": Weight.CALM, "?": Weight.WARNING, "!": Weight.WARNING, "✕": Weight.DANGER}
Recover = Callable[..., RecoveryReport]


@pytest.fixture
def exchange() -> ExchangeInMemory:
    """Stops cover both positions in full, so that only what is done here can take the calm away."""
    found = exchange_after_the_crash(T0)
    stop = found.orders["9003"]
    found.change("9003", amount=Decimal("0.260"))
    found.orders["9006"] = msgspec.structs.replace(
        stop, id="9006", symbol=ETH, side=found.positions[0].side, amount=Decimal("2.000"), client_order_id="web_9006"
    )
    return found


@pytest.fixture
def recover(tmp_path: Path, exchange: ExchangeInMemory) -> Recover:
    numbers = itertools.count()

    def run(**choices: Action) -> RecoveryReport:
        """A recovery by hand that decides on the orders named `_<id>`, each time of another store."""
        decided = {name.removeprefix("_"): (action, "") for name, action in choices.items()}
        return report_builders.recover(tmp_path / f"store-{next(numbers)}", exchange, decided)

    return run


SETTLED = {"_9001": Action.CANCEL, "_9002": Action.CANCEL, "_9005": Action.LEAVE}


def said(report: RecoveryReport) -> Weight:
    """The heaviest mark that any line of the report bears, in a terminal and in a file, but for its headline."""
    lines = [line.strip() for line in summary_lines(report)[1:]]
    cells = [cell.strip() for line in report_markdown(report).splitlines()[1:] for cell in line.split("|")]
    marks = [WEIGHTS[each[0]] for each in (*lines, *cells, *stops_notes(report).values()) if each[:1] in WEIGHTS]
    return max((Weight.WARNING if risks(report) else Weight.CALM, *marks))


def test_where_all_is_settled_and_protected_the_headline_is_calm(recover: Recover) -> None:
    report = recover(**SETTLED)
    assert summary_lines(report)[0] == "✓ Recovered: checkpoint 5 holds what is true on the exchange"
    assert said(report) is Weight.CALM
    staying = "2 orphan orders are open on the exchange and not in the recovered state"
    assert any(staying in line for line in summary_lines(report)), "what stays is still said"


def test_after_the_only_stop_of_a_position_was_cancelled_no_headline_is_calm(recover: Recover) -> None:
    report = recover(**SETTLED, _9003=Action.CANCEL)
    headline = "! Recovered to checkpoint 5; 1 position with no stop or only a part of one"
    assert summary_lines(report)[0] == headline
    assert report_markdown(report).startswith(f"# {headline}\n")
    assert f"<h1>{headline}</h1>" in report_html(report)
    assert [(each.verdict.symbol, each.judged) for each in conclude(report).uncovered] == [(BTC, StopJudgement.NONE)]


def test_a_stop_that_the_bot_had_and_that_is_gone_makes_it_a_danger(recover: Recover) -> None:
    report = recover(**SETTLED)
    assert report.final is not None
    gone = tuple(
        msgspec.structs.replace(each, stops=StopCover(covered=Decimal(0), all_told=True, had_one=True))
        for each in report.final.positions
    )
    bare = msgspec.structs.replace(report, final=msgspec.structs.replace(report.final, positions=gone))
    assert conclude(bare).weight is Weight.DANGER
    assert summary_lines(bare)[0].startswith("✕ Recovered to checkpoint 5; 2 positions with no stop")


def test_where_no_stops_are_used_that_is_said_and_no_warning(recover: Recover, exchange: ExchangeInMemory) -> None:
    for number in ("9003", "9006"):
        del exchange.orders[number]
    report = recover(**SETTLED)
    assert {each.judged for each in told_stops(report)} == {StopJudgement.UNUSED}
    assert conclude(report).clean
    assert said(report) is Weight.CALM
    assert any(f"{BTC} long 0.260: no stop on the exchange." in line for line in summary_lines(report))
    assert not any("stops cover every position" in line for line in summary_lines(report))


def with_every_order_filled(report: RecoveryReport) -> RecoveryReport:
    outcomes = tuple(msgspec.structs.replace(each, kind=OutcomeKind.FILLED) for each in report.execution.outcomes)
    execution = msgspec.structs.replace(report.execution, outcomes=outcomes)
    return msgspec.structs.replace(report, execution=execution)


def stopped(report: RecoveryReport) -> RecoveryReport:
    execution = msgspec.structs.replace(report.execution, stopped=True)
    return msgspec.structs.replace(report, saved=None, final=None, execution=execution, problem="stopped")


def test_what_filled_first_and_what_was_stopped_takes_the_calm_away(recover: Recover) -> None:
    calm = recover(**SETTLED)
    assert conclude(calm).weight is Weight.CALM
    filled = conclude(with_every_order_filled(calm))
    assert (filled.weight, filled.filled_first) == (Weight.WARNING, len(SETTLED))
    ended = conclude(stopped(calm))
    assert (ended.weight, ended.ending) == (Weight.WARNING, Ending.STOPPED)
    nothing_saved = msgspec.structs.replace(calm, saved=None, problem="the disk is full")
    assert (conclude(nothing_saved).weight, conclude(nothing_saved).ending) == (Weight.DANGER, Ending.FAILED)


@pytest.mark.parametrize("trouble", ["", "refused", "stops unread", "positions unread"])
@pytest.mark.parametrize("protective", [None, Action.CANCEL, Action.ADOPT])
def test_no_choice_and_no_trouble_makes_the_headline_calmer_than_the_report(
    recover: Recover, exchange: ExchangeInMemory, protective: Action | None, trouble: str
) -> None:
    for own, nobodys in itertools.product((None, Action.CANCEL), (None, Action.ADOPT, Action.LEAVE)):
        exchange.refuse = {"9001": "-4131"} if trouble == "refused" else {}
        unread = {"stops unread": ScopeKind.CONDITIONAL_ORDERS, "positions unread": ScopeKind.POSITIONS}
        exchange.unreadable = {unread[trouble]: "HTTP 503"} if trouble in unread else {}
        picked = {"_9001": own, "_9005": nobodys, "_9003": protective, "_9002": Action.CANCEL}
        before = dict(exchange.orders)
        report = recover(**{name: action for name, action in picked.items() if action is not None})
        exchange.orders = before
        for told in (report, with_every_order_filled(report), stopped(report)):
            assert conclude(told).weight >= said(told), picked
        if not trouble:
            calm = (protective, own, nobodys) == (None, Action.CANCEL, Action.LEAVE)
            assert conclude(report).clean is calm, picked
