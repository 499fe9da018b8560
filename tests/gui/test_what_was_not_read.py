"""A part of the account that was not read: nowhere a firm number that it could change, and said on the page that decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk_operator import DeskOperator
from loopback_incident import OPEN_ORDERS, POSITIONS, LoopbackIncident

from crashdesk.demo.venue import FaultKind
from crashdesk_gui.views.overview_findings import FindingsPanel
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.text import TextLabel

MANY = 10_000

Opened = Callable[[str], DeskOperator]


@pytest.fixture
def opened(sit_down: Callable[..., DeskOperator], incident: LoopbackIncident) -> Opened:
    """At a desk with the incident compared, all but what stands under a path of the exchange."""

    def open_without(path: str) -> DeskOperator:
        incident.fail(FaultKind.RESET_BEFORE, method="GET", path=path, times=MANY)
        sitting = sit_down()
        sitting.open(incident.directory)
        return sitting

    return open_without


def to_decide(operator: DeskOperator) -> None:
    operator.go_to("recovery")
    operator.desk.pages.recovery.show_step(Step.DECIDE)


def test_positions_that_were_not_read_do_not_differ(opened: Opened) -> None:
    operator = opened(POSITIONS)
    to_decide(operator)
    assert "? 1 of 1 could not be read" in operator.words
    assert "1 of 1 differ" not in operator.words
    assert "Positions could not be read." in operator.words


def test_orders_that_were_not_read_are_no_zero(opened: Opened) -> None:
    operator = opened(OPEN_ORDERS)
    panel = operator.desk.pages.overview.findChild(FindingsPanel)
    operator.wait_until(panel.isVisible)
    counts = [each.text() for each in panel.findChildren(TextLabel)]
    assert "0" not in counts
    assert "? at least 1" in counts
    to_decide(operator)
    assert "At least 1 orphan order(s): " in operator.words
    assert "Every one that needs a decision has one" not in operator.words
    assert "Open orders could not all be read: there may be more orphan orders." in operator.words
    assert "? unknown" in operator.rows("Positions")[0]
    assert "? 0" not in operator.rows("Positions")[0]


def test_an_exchange_that_cannot_be_reached_is_told_on_every_page_in_finished_sentences(
    sit_down: Callable[..., DeskOperator], incident: LoopbackIncident
) -> None:
    incident.fail(FaultKind.RESET_BEFORE, times=MANY)
    operator = sit_down()
    operator.desk.open_store(incident.directory)
    operator.wait_until(lambda: operator.desk.session is not None and operator.session.comparing_error is not None)
    operator.wait_until_idle()
    assert operator.sentence.endswith("The exchange could not be read.")
    for page in ("overview", "orphans", "recovery", "positions"):
        operator.go_to(page)
        operator.wait_for_words("exchange could not be reached")
        assert "Comparing with the exchange: " not in operator.words


def test_what_was_read_before_is_not_called_unread(operator: DeskOperator, incident: LoopbackIncident) -> None:
    incident.fail(FaultKind.RESET_BEFORE, times=MANY)
    operator.session.compare()
    operator.wait_until_idle()
    operator.wait_for_words("reading again failed")
    assert operator.session.comparison is not None
