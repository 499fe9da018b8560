"""The overview's sentence and its button name the same next step, however the store stands; a crash is called a crash."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from PySide6.QtWidgets import QApplication, QLabel
from strategies import T0

from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.presence import BotPresence
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk.reconcile.tally import Tally, tally
from crashdesk.storage.lock import LockHolder
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk_words import health
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.overview import Overview
from crashdesk_gui.situation import Situation, Standing, Step, judge, next_step
from crashdesk_gui.views.overview_bot import bot_fact
from crashdesk_gui.views.overview_panels import PositionsPanel
from crashdesk_gui.views.overview_words import explanation, headline, offer

NOW = 1_763_781_128_000_000_000


def plan_of_the_incident(directory: Path, *, unread: bool = False) -> Plan:
    store_before_the_crash(directory, T0)
    exchange = exchange_after_the_crash(T0)
    if unread:
        exchange.unreadable[ScopeKind.POSITIONS] = "HTTP 503"
    with StoreView(directory, clock=DeskClock(T0)) as view:
        return OperatorRecovery(view, exchange, who="ops", clock=DeskClock(T0)).compare().plan


@pytest.fixture(params=[Language.ENGLISH, Language.CHINESE])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Language]:
    worn = Languages(qapp, request.param)
    yield request.param
    worn.close()


def situations(tmp_path: Path) -> Iterator[Situation]:
    """Every standing with every step that it can have, compared and not, settled and outdated."""
    whole, unread = plan_of_the_incident(tmp_path / "a"), plan_of_the_incident(tmp_path / "b", unread=True)
    keys = [each.key for each in whole.needs_decision]
    decisions = (((), ()), (keys[:1], ()), (keys, ()), ((), keys), (keys[:1], keys[1:]))
    tallies = [tally(whole.orphans, decided, proposed=proposed) for decided, proposed in decisions]
    for standing, plan, told in itertools.product(Standing, (None, whole, unread), tallies):
        silent = standing in (Standing.RUNNING, Standing.RECOVERING, Standing.NEWER)
        step = (
            Step.NONE
            if silent
            else Step.COMPARE
            if plan is None
            else next_step(plan, told.waiting, settled=told.settled)
        )
        steps = {step, Step.NONE if silent else Step.CONNECT, Step.RESUME if standing is Standing.INTERRUPTED else step}
        counted = Tally() if plan is None else told
        for each, outdated in itertools.product(steps, (False, True) if plan is None else (False,)):
            yield Situation(standing=standing, step=each, plan=plan, tally=counted, stopped_at=T0, outdated=outdated)
    for step in (Step.COMPARE, Step.CONNECT, Step.RESTART):
        told = Tally() if step is Step.RESTART else tallies[0]
        yield Situation(standing=Standing.RECOVERED, step=step, plan=whole, tally=told, settled=True)
    for standing in (Standing.STOPPED, Standing.RECOVERED):
        yield Situation(standing=standing, step=Step.COMPARE_LAST, plan=whole, tally=tallies[0], older=(287, 288))


def test_the_sentence_names_what_the_button_does_and_nothing_else(
    ui: UiContext, tmp_path: Path, language: Language
) -> None:
    buttons = {step: told.text.rstrip("…").lower() for step in Step if (told := offer(step)) is not None}
    assert len(set(buttons.values())) == len(buttons) == len(Step) - 1
    seen = set()
    for situation in situations(tmp_path):
        sentence = explanation(situation, busy=False, restartable=True).lower()
        named = {step for step, words in buttons.items() if words in sentence}
        assert named == {situation.step} - {Step.NONE}, (situation.standing, situation.step, sentence)
        seen.add(situation.step)
    assert seen >= set(Step) - {Step.RESTART} or language is Language.CHINESE


def test_the_headline_asks_for_decisions_only_where_the_button_leads_to_them(ui: UiContext, tmp_path: Path) -> None:
    for situation in situations(tmp_path):
        told = headline(situation, ui.display)
        if "your decision" in told:
            assert situation.step is Step.REVIEW or situation.settled or situation.step is Step.CONNECT, told
        assert ("execute the recovery" in told.lower()) <= (situation.step is Step.RECOVER), told
        assert not ("matches" in told and situation.tally.settled), "what is decided differs until it is executed"


def seen(*, released_at: int | None, noted: bool = True) -> Overview:
    holder = LockHolder(pid=7, host="h", program="bot", purpose="grid", acquired_at=NOW, released_at=released_at)
    presence = BotPresence(running=False, holder=holder if noted else None)
    return Overview(presence=presence, known_changes=1, known_until=NOW, last_sign_of_life=NOW, read_at=NOW)


@pytest.mark.parametrize(
    ("overview", "large", "card", "side"),
    [
        (seen(released_at=None), "The bot crashed just now.", "Crashed", "crashed"),
        (seen(released_at=NOW), "The bot stopped just now.", "Stopped", "stopped"),
        (seen(released_at=None, noted=False), "The bot is not running; ", "Not running", "not running"),
    ],
)
def test_only_an_orderly_end_is_called_a_stop(
    ui: UiContext, overview: Overview, large: str, card: str, side: str
) -> None:
    situation = judge(overview, connected=False)
    assert headline(situation, ui.display).partition(" ")[2].startswith(large.partition(" ")[2].partition(" just")[0])
    assert bot_fact(overview, situation, ui.display).answer == card
    assert health(situation, ui.display)[1].startswith(side)


def test_a_decision_on_a_foreign_order_leads_to_the_recovery_where_nothing_else_differs(tmp_path: Path) -> None:
    whole = plan_of_the_incident(tmp_path)
    calm = msgspec.structs.replace(whole, orders=(), positions=(), intents=())
    assert next_step(calm, ()) is Step.RESTART
    assert next_step(calm, (), settled=1) is Step.RECOVER


def test_the_positions_panel_names_the_entry_price_where_only_that_differs(ui: UiContext, tmp_path: Path) -> None:
    plan = plan_of_the_incident(tmp_path)
    matched = next(each for each in plan.positions if each.known and each.live)
    live = msgspec.structs.replace(matched.live, entry_price=matched.known.entry_price + 1)
    other = msgspec.structs.replace(matched, kind=PositionVerdictKind.MATCHED, live=live)
    panel = PositionsPanel(ui)
    panel.set_plan(msgspec.structs.replace(plan, positions=(other,)))
    told = "\n".join(label.text() for label in panel.findChildren(QLabel))
    panel.deleteLater()
    assert "entry price" in told
