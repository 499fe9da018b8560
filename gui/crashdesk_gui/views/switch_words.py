"""What the overview says of the bot's dead man's switch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.switch_state import SwitchPosition, SwitchState, switch_state
from crashdesk_gui.audit_log import entries_of
from crashdesk_gui.display import Display
from crashdesk_gui.session import Overview
from crashdesk_gui.situation import Situation, Standing

translate = QCoreApplication.translate


def switch_line(overview: Overview, situation: Situation, display: Display) -> str:
    """Whether the switch is armed, fires or has expired, with the warning; empty when that cannot be told."""
    if overview.presence is None or overview.audit_problem:
        return ""
    try:
        state = _newest(overview.entries)
    except ValueError:
        return ""
    running = situation.standing is Standing.RUNNING
    holder = overview.presence.holder
    if state is None or not state.armed or (running and holder is not None and state.at < holder.acquired_at):
        return translate("Overview", "Dead man's switch: not armed")
    return _of_a_running_bot(state, display) if running else _of_a_dead_bot(state, situation, display)


def _newest(entries: Sequence[AuditEntry]) -> SwitchState | None:
    last = next(entries_of(entries, AuditKind.SWITCH, newest_first=True), None)
    return None if last is None else switch_state(last)


def _of_a_dead_bot(state: SwitchState, situation: Situation, display: Display) -> str:
    fires_at = state.fires_at(situation.stopped_at)
    assert fires_at is not None
    if display.now() < fires_at:
        soon = translate("Overview", "Dead man's switch: fires about {0}.").format(display.clock(fires_at))
        return f"{soon} {_warning(state)}"
    expired = translate("Overview", "Dead man's switch: expired about {0}.").format(display.time(fires_at))
    return f"{expired} {_done(state)}"


def _of_a_running_bot(state: SwitchState, display: Display) -> str:
    if state.position is SwitchPosition.FAILING:
        fires_at = state.fires_at(None)
        assert fires_at is not None
        words = translate("Overview", "Dead man's switch: cannot be refreshed, fires {0}.")
        return f"{words.format(display.clock(fires_at))} {_warning(state)}"
    words = translate("Overview", "Dead man's switch: armed, {0} s.")
    return f"{words.format(f'{state.timeout_s:g}')} {_warning(state)}"


def _warning(state: SwitchState) -> str:
    if state.protective_stops is False:
        return translate("Overview", "It cancels orders, not protective stops.")
    return translate("Overview", "It cancels protective stops too.")


def _done(state: SwitchState) -> str:
    if state.protective_stops is False:
        return translate("Overview", "It cancelled the orders, not protective stops.")
    return translate("Overview", "It cancelled the orders, protective stops too.")
