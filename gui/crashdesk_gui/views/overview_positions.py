"""What the overview says of the positions: how many are as they were known, and how long that can be relied on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import Plan
from crashdesk_gui.display import Display
from crashdesk_gui.models.plan_words import stop_status
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Status
from crashdesk_gui.views.ago_words import counted, kept_together
from crashdesk_gui.views.overview_recovered import lacking, stops_words
from crashdesk_gui.views.overview_words import Fact

translate = QCoreApplication.translate

HOLDS_NS = 15 * 60 * 1_000_000_000
"""So long what a recovery read at its end is called true: time to look through its report and start the bot. Every order that it
left open may fill at any moment, and with no bot at work nobody would note it down."""
_SYMBOLS_SHOWN = 3


def positions_fact(situation: Situation, display: Display) -> Fact:
    """How many positions are as they were known, or, right after a recovery, when they were read."""
    plan = situation.plan
    unknown = plan is not None and not plan.positions and not plan.coverage.covers_all(ScopeKind.POSITIONS)
    if unknown:
        return Fact(translate("Overview", "Unknown"), Status.UNKNOWN, translate("Overview", "could not be read"))
    if plan is not None and situation.settled and not situation.unread:
        return _saved_positions(situation, plan, display)
    if plan is None and situation.standing is Standing.RECOVERED:
        return Fact("—", Status.UNKNOWN, translate("Overview", "not compared since the recovery"))
    if plan is None:
        return Fact("—", Status.UNKNOWN, translate("Overview", "not compared"))
    return _compared_positions(situation, plan)


def _saved_positions(situation: Situation, plan: Plan, display: Display) -> Fact:
    """They were read once, at the recovery's end, and nothing holds them since."""
    read = translate("Overview", "read {0}").format(kept_together(display.age(plan.made_at)))
    if display.now() - plan.made_at >= HOLDS_NS:
        word = translate("Overview", "not compared since the recovery")
        return Fact(translate("Overview", "Not known now"), Status.UNKNOWN, word, read)
    answer, saved = translate("Overview", "As the exchange"), translate("Overview", "saved by the recovery")
    judged = lacking(situation)
    if judged:
        return Fact(answer, stop_status(judged[0]), "\n".join(stops_words(judged)), f"{saved}\n{read}")
    return Fact(answer, Status.OK, saved, read)


def _compared_positions(situation: Situation, plan: Plan) -> Fact:
    total, differing, unread = len(plan.positions), len(situation.differing), len(situation.unread)
    note = _listed(sorted({each.symbol for each in (*situation.differing, *situation.unread)}))
    judged = lacking(situation)
    gone = bool(judged) and stop_status(judged[0]) is Status.BAD
    if unread:
        answer = translate("Overview", "{0} of {1} not compared").format(unread, total)
        return Fact(answer, Status.UNKNOWN, translate("Overview", "could not be read"), note)
    if differing:
        one, many = translate("Overview", "{0} of {1} differs"), translate("Overview", "{0} of {1} differ")
        answer = (one if differing == 1 else many).format(differing, total)
        words = "\n".join((translate("Overview", "changed since"), *stops_words(judged)))
        return Fact(answer, Status.BAD if gone else Status.DIFFERS, words, note)
    if not total:
        return Fact(translate("Overview", "None"), Status.OK, translate("Overview", "flat on both sides"))
    answer = counted(total, translate("Overview", "1 of 1 matches"), translate("Overview", "{0} of {0} match"))
    equal = translate("Overview", "quantity and side equal")
    if judged:
        return Fact(answer, stop_status(judged[0]), "\n".join(stops_words(judged)), equal)
    return Fact(answer, Status.OK, equal)


def _listed(symbols: Sequence[str]) -> str:
    """A symbol a line, as many as a card has room for."""
    shown = list(symbols[:_SYMBOLS_SHOWN])
    if more := len(symbols) - len(shown):
        shown.append(translate("Overview", "and {0} more").format(more))
    return "\n".join(shown)
