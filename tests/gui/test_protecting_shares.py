"""How many of the orphan orders protect a position: of the others only where there are others."""

from __future__ import annotations

from desk_after_crash import compare
from recovery_desk import words

from crashdesk.reconcile.records import Action
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.overview_page import OverviewPage


def test_where_every_order_is_decided_on_there_are_no_others(ui: UiContext, session: StoreSession, qtbot) -> None:
    page = OverviewPage(ui)
    qtbot.addWidget(page)
    page.set_session(session)
    page.show()
    compare(session, qtbot)
    session.decide(session.comparison.plan.orphans, Action.LEAVE, "a hedge")
    qtbot.waitUntil(lambda: "5 decided" in words(page))
    assert "1 of these protects a position" in words(page)
    assert "of the others" not in words(page)
