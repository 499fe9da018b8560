"""After a recovery: as long as an order waits for a decision, no place says that the bot may start."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident

from crashdesk.report_lines import summary_lines

START = "Start the bot again"


@pytest.fixture
def seated(sit_down: Callable[..., DeskOperator], incident: LoopbackIncident) -> DeskOperator:
    operator = sit_down(restart_bot=lambda: None)
    operator.open(incident.directory)
    return operator


def recovered(operator: DeskOperator, *, undecided: bool) -> DeskOperator:
    """After a recovery; `undecided` takes every proposal back first."""
    if undecided:
        operator.session.decide(operator.session.comparison.plan.needs_decision, None)
    operator.to_execution()
    operator.execute_to_the_end("Recover" if undecided else "Cancel 2 orders and recover")
    return operator


def test_every_place_asks_for_the_decision_first(seated: DeskOperator) -> None:
    recovered(seated, undecided=True)
    waiting = "Orders that still need your decision: 2. Compare again and decide before the bot starts."
    assert f"! {waiting}" in seated.words
    assert not seated.can_press(START)
    told = "\n".join(summary_lines(seated.session.report))
    assert "before that, compare again: 2 orphan orders still need your decision." in told
    seated.go_to("overview")
    assert seated.sentence.startswith("Recovered. 2 orphan orders still need your decision.")
    assert "decide on what the recovery left open, before the bot starts." in seated.words
    assert not seated.can_press(START)

    seated.go_to("recovery")
    seated.press("Compare again")
    seated.wait_until_idle()
    assert not seated.can_press(START)
    assert seated.desk.pages.recovery.step.name == "COMPARE"


def test_the_report_that_leaves_nothing_waiting_offers_the_start_in_every_place(seated: DeskOperator) -> None:
    recovered(seated, undecided=False)
    assert "still need" not in seated.words
    assert seated.can_press(START)
    seated.go_to("overview")
    assert seated.can_press(START)
    assert "The bot's next start restores this checkpoint." in "\n".join(summary_lines(seated.session.report))


def test_what_the_report_warns_of_is_looked_at_before_the_overview_speaks_of_a_start(seated: DeskOperator) -> None:
    recovered(seated, undecided=False)
    seated.go_to("overview")
    assert not seated.session.report.conclusion.clean, "its stops cover a part of the position"
    assert "The report of the recovery warns of something: look at it first." in seated.words
    assert seated.desk.window.focusWidget().text() == "See the report", "not what starts the bot"
    seated.press("See the report")
    assert seated.desk.pages.recovery.step.name == "REPORT"
    assert "stops do not cover every position" in seated.words
