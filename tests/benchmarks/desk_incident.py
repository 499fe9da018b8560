"""The whole incident at the desk, from opening the store to the bot running again, with the heartbeat recorded."""

from __future__ import annotations

import tempfile
from pathlib import Path

from desk_setting import Measures, a_desk, holds_of, memory_mb
from heartbeat import Heartbeat, Script, Steps, Wait

from crashdesk.demo.incident import Incident, stage_incident
from crashdesk.reconcile.records import Action
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import ThemeMode
from crashdesk_gui.views.recovery_page import Step

_PAGES = ("overview", "history", "positions", "orphans", "recovery", "activity")


def measure(hours: float) -> Measures:
    """Handle an incident of a day (`hours`) and tell the longest times that the window was held."""
    with tempfile.TemporaryDirectory(prefix="crashdesk-incident-") as directory:
        incident = stage_incident(Path(directory) / "store", hours=hours, say=lambda _text: None)
        with incident, a_desk(incident.clock, incident.restart_bot) as desk:
            heart = Heartbeat()
            try:
                Script(heart).run(_handle(desk, incident))
            finally:
                heart.stop()
            now, most = memory_mb()
            return {"holds": holds_of(heart), "beats": heart.beats, "rss_mb": now, "peak_mb": most}


def _handle(desk: Desk, incident: Incident) -> Steps:
    yield Wait("the empty desk", lambda: True)
    yield Wait("opening the store", lambda: True)
    desk.open_store(incident.directory)
    yield Wait("opening the store", lambda: desk.session is not None and desk.session.comparison is not None)
    session = desk.session
    assert session is not None
    yield _idle("comparing", session)
    for round_number in (1, 2):
        for page in _PAGES:
            yield from _show(desk, page, f"{page}, time {round_number}")
    for page in ("activity", "history", "recovery"):
        yield from _show(desk, page, f"{page}, to change the theme there")
        for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
            yield Wait(f"the {mode.value} theme at {page}", lambda: True)
            desk.ui.themes.set_mode(mode)
            yield Wait(f"the {mode.value} theme at {page}", _pause(100))
    yield from _inspect(desk)
    yield Wait("comparing again", lambda: True)
    session.compare()
    yield _idle("comparing again", session)
    yield from _decide(desk, session)
    yield Wait("executing", lambda: True)
    session.execute()
    yield Wait("executing", lambda: session.report is not None and not session.busy)
    for page in _PAGES:
        yield from _show(desk, page, f"{page}, recovered")
    executed = session.comparison
    yield Wait("restarting the bot", lambda: True)
    desk.restarting.start()
    yield Wait("restarting the bot", lambda: _runs(session) and session.comparison is not executed and not session.busy)
    for page in _PAGES:
        yield from _show(desk, page, f"{page}, bot runs")
    yield Wait("watching the bot", _pause(400))


def _inspect(desk: Desk) -> Steps:
    history = desk.pages.history
    yield from _show(desk, "history", "history")
    yield Wait("selecting a checkpoint", lambda: True)
    history.table.selectRow(3)
    yield Wait("selecting a checkpoint", _pause())
    yield Wait("difference to the exchange", lambda: True)
    history.show_against_exchange()
    yield Wait("difference to the exchange", _pause())
    yield from _show(desk, "positions", "positions, again")
    charts = desk.pages.positions.board.charts
    for number in range(40):
        yield Wait("moving the charts", lambda: True)
        charts.move_by(-0.02 if number < 20 else 0.02)
    for key in (True, False):
        yield Wait("crosshair by keys", lambda: True)
        charts.ended.emit(key)


def _decide(desk: Desk, session: StoreSession) -> Steps:
    comparison = session.comparison
    assert comparison is not None
    yield from _show(desk, "orphans", "orphans")
    for verdict, action in zip(comparison.plan.orphans, (Action.ADOPT, Action.LEAVE, Action.CANCEL), strict=False):
        yield Wait(f"deciding to {action.value}", lambda: True)
        session.decide([verdict], action)
        yield Wait(f"deciding to {action.value}", _pause())
    for step in Step:
        yield Wait(f"recovery: {step.name.lower()}", lambda: True)
        desk.window.show_page("recovery")
        desk.pages.recovery.show_step(step)
        yield Wait(f"recovery: {step.name.lower()}", _pause())
    asking = CancellationController(desk.ui, PlanWords(desk.ui.display), parent=desk.window)
    question = asking.question(comparison.plan, session.decisions)
    if question is not None:
        yield Wait("the confirmation", lambda: True)
        dialog = ConfirmDestructive(desk.ui, question, desk.window)
        dialog.show()
        yield Wait("the confirmation", _pause())
        dialog.close()
        dialog.deleteLater()


def _show(desk: Desk, page: str, action: str) -> Steps:
    yield Wait(f"page {action}", lambda: True)
    desk.window.show_page(page)
    yield Wait(f"page {action}", _pause())


def _idle(action: str, session: StoreSession) -> Wait:
    return Wait(action, lambda: not session.busy and not session.watcher.busy)


def _runs(session: StoreSession) -> bool:
    presence = session.overview.presence if session.overview else None
    return presence is not None and presence.running


def _pause(polls: int = 30):
    """A moment in which what was begun can be finished: so many looks of the script."""
    left = iter(range(polls))
    return lambda: next(left, None) is None
