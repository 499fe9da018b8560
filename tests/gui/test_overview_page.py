"""The overview: what it concludes of a store, and the one next step that it offers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from orphan_incident import DeskClock, ExchangeInMemory, store_before_the_crash
from PySide6.QtWidgets import QLabel

from crashdesk import CheckpointInfo
from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.reconcile.records import Action
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.lock import DESK, LockHolder
from crashdesk.switch_state import SwitchPosition, SwitchState, switch_data
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import CheckpointRow, Overview, StoreSession
from crashdesk_gui.situation import Standing, Step, judge
from crashdesk_gui.views.overview_bot import bot_fact
from crashdesk_gui.views.overview_page import OverviewPage

NOW = 1_763_781_128_000_000_000
INFO = CheckpointInfo(seq=7, timestamp=NOW, directory=Path("checkpoints"))


def overview(**changes: Any) -> Overview:
    fields: dict[str, Any] = {
        "latest": INFO,
        "rows": (CheckpointRow(info=INFO, summary=None, cause=Cause.PERIODIC),),
        "presence": BotPresence(running=False, holder=None),
    }
    return Overview(**(fields | changes))


def held_by(pid: int, purpose: str = "grid") -> BotPresence:
    holder = LockHolder(pid=pid, host="here", program="bot", purpose=purpose, acquired_at=NOW)
    return BotPresence(running=True, holder=holder)


@pytest.mark.parametrize(
    ("seen", "standing", "unconnected", "connected"),
    [
        (overview(), Standing.STOPPED, Step.CONNECT, Step.COMPARE),
        (overview(presence=held_by(4711)), Standing.RUNNING, Step.NONE, Step.NONE),
        (overview(presence=held_by(42)), Standing.RECOVERING, Step.NONE, Step.NONE),
        (overview(presence=held_by(4711, DESK)), Standing.RECOVERING, Step.NONE, Step.NONE),
        (overview(latest=None, rows=()), Standing.EMPTY, Step.CONNECT, Step.COMPARE),
        (overview(latest=None, latest_problem="none is valid"), Standing.CORRUPT, Step.CONNECT, Step.COMPARE),
        (
            overview(rows=(CheckpointRow(info=INFO, summary=None, cause=Cause.RECOVERED),)),
            Standing.RECOVERED,
            Step.CONNECT,
            Step.COMPARE,
        ),
    ],
)
def test_standing_and_step_before_any_comparison(
    seen: Overview, standing: Standing, unconnected: Step, connected: Step
) -> None:
    for is_connected, step in ((False, unconnected), (True, connected)):
        situation = judge(seen, connected=is_connected, own_pid=42)
        assert (situation.standing, situation.step) == (standing, step)
        assert not situation.clean


@pytest.fixture
def session(tmp_path: Path, qtbot) -> Iterator[StoreSession]:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    yield each
    each.close()


@pytest.fixture
def page(ui: UiContext, session: StoreSession, qtbot) -> OverviewPage:
    shown = OverviewPage(ui)
    qtbot.addWidget(shown)
    shown.resize(1024, 640)
    shown.set_session(session)
    shown.show()
    session.refresh()
    qtbot.waitUntil(lambda: session.overview is not None)
    return shown


def compare(session: StoreSession, exchange: ExchangeInMemory, qtbot) -> None:
    if session.exchange is None:
        session.connect_exchange(exchange)
    session.compare()
    qtbot.waitUntil(lambda: not session.busy)


def words(page: OverviewPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_it_leads_from_a_stopped_bot_to_the_orders_to_decide(
    page: OverviewPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    assert page.sentence == "The bot stopped 14 minutes ago."
    assert page.primary.text() == "Connect the exchange…"
    with qtbot.waitSignal(page.connect_wanted):
        page.primary.click()

    session.connect_exchange(exchange)
    assert page.primary.text() == "Compare with the exchange"
    with qtbot.waitSignal(page.compare_wanted):
        page.primary.click()

    compare(session, exchange, qtbot)
    assert page.sentence == "The bot stopped 14 minutes ago. 3 orders need your decision."
    with qtbot.waitSignal(page.page_wanted) as wish:
        page.primary.click()
    assert wish.args == ["orphans"]

    page.set_reviewed({session.comparison.plan.id})
    assert page.sentence == "The bot stopped 14 minutes ago. 1 order needs your decision."
    assert page.primary.text() == "Review the orphan orders"
    session.decide(session.comparison.plan.needs_decision, Action.LEAVE)
    assert page.sentence == "The bot stopped 14 minutes ago. 3 orders are decided: execute the recovery."
    with qtbot.waitSignal(page.page_wanted) as wish:
        page.primary.click()
    assert wish.args == ["recovery"]


def test_the_facts_are_exact(page: OverviewPage, session: StoreSession, exchange: ExchangeInMemory, qtbot) -> None:
    compare(session, exchange, qtbot)

    qtbot.waitUntil(lambda: "!  ▲ long 0.250 → ▲ long 0.260" in words(page))
    shown = words(page)
    assert "2 of 2 differ" in shown
    assert "!  none → ▼ short 2.000" in shown
    total = sum(each.notional for each in session.comparison.plan.needs_decision if each.notional is not None)
    assert page.ui.display.decimal(total.normalize()) in shown
    assert "read 4 of 4 scopes, just\u00a0now" in shown


def test_what_could_not_be_read_is_never_called_none(
    page: OverviewPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.orders.clear()
    exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "timed out"
    compare(session, exchange, qtbot)

    assert "Not everything could be read from the exchange." in page.sentence
    assert "None seen" in words(page)
    assert "not all orders could be read" in words(page)
    assert any("Timed out." in text for text in page.notices.texts())
    assert page.primary.text() == "Compare with the exchange"


def test_after_a_recovery_the_bot_is_to_be_started_where_that_is_possible(
    page: OverviewPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    compare(session, exchange, qtbot)
    undecided = [each for each in session.comparison.plan.orphans if session.taken.get(each.key) is None]
    session.decide(undecided, Action.LEAVE, "looked at")
    session.execute()
    qtbot.waitUntil(lambda: session.report is not None)
    session.refresh()
    qtbot.waitUntil(lambda: session.overview.latest.seq == session.report.saved.seq)

    assert page.sentence == "Recovered. 1 position has no stop. Stops cover only a part of 1 position."
    assert not page.primary.isVisible()
    page.set_restart(possible=True)
    with qtbot.waitSignal(page.restart_wanted):
        page.primary.click()
    page.set_restart(possible=True, under_way=True)
    assert not page.primary.isEnabled()
    assert "saved by the recovery" in words(page)


def test_damaged_newer_checkpoints_are_called_out(tmp_path: Path, ui: UiContext, qtbot) -> None:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    newest = max((directory / "checkpoints").glob("*.zqck"))
    newest.write_bytes(newest.read_bytes()[:-9])
    session = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    page = OverviewPage(ui)
    qtbot.addWidget(page)
    page.set_session(session)
    page.show()
    session.refresh()
    qtbot.waitUntil(lambda: session.overview is not None)

    assert "intact; 1 newer is damaged" in words(page)
    assert any(newest.name in text for text in page.notices.texts())
    session.close()


def test_a_store_that_cannot_be_read_says_what_it_means(page: OverviewPage, session: StoreSession, qtbot) -> None:
    page.set_session(None)
    assert "No store is open" in words(page)


def armed_at(at: int, **changes: Any) -> AuditEntry:
    state = SwitchState(**({"position": SwitchPosition.ARMED, "at": at, "timeout_s": 60, "refresh_s": 15} | changes))
    return AuditEntry(seq=1, at=at, kind=AuditKind.SWITCH, who="grid", text="armed", data=switch_data(state))


@pytest.mark.parametrize(
    ("seen", "line"),
    [
        (overview(), "not armed"),
        (overview(entries=(armed_at(NOW - 1, position=SwitchPosition.DISARMED),)), "not armed"),
        (
            overview(presence=held_by(4711), entries=(armed_at(NOW + 1),)),
            "armed, 60 s. It cancels protective stops too.",
        ),
        (
            overview(presence=held_by(4711), entries=(armed_at(NOW + 1, protective_stops=False),)),
            "armed, 60 s. It cancels orders, not protective stops.",
        ),
        # What an earlier run armed, this one does not refresh.
        (overview(presence=held_by(4711), entries=(armed_at(NOW - 1),)), "not armed"),
        (
            overview(
                presence=held_by(4711),
                entries=(armed_at(NOW + 9_000, position=SwitchPosition.FAILING, refreshed_at=NOW),),
            ),
            "cannot be refreshed, fires 03:13:08 UTC. It cancels protective stops too.",
        ),
        (overview(entries=(armed_at(NOW - 1),), last_sign_of_life=NOW), "fires about 03:13:08 UTC."),
        (
            overview(entries=(armed_at(NOW - 900_000_000_000),), last_sign_of_life=NOW - 600_000_000_000),
            "expired about 2025-11-22 03:03:08 UTC. It cancelled the orders, protective stops too.",
        ),
    ],
)
def test_the_bots_card_tells_of_its_dead_mans_switch(ui: UiContext, seen: Overview, line: str) -> None:
    told = bot_fact(seen, judge(seen, connected=False, own_pid=42), ui.display).note
    assert f"Dead man's switch: {line}" in told
