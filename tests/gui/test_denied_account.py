"""Keys of another account: the desk says so first, and gives up what the store knows only to who typed how much that is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import orphan_incident
import pytest
from desk_after_crash import session_after_crash
from orphan_incident import ExchangeInMemory, last_state, live, store_before_the_crash
from PySide6.QtWidgets import QWidget
from recovery_desk import NOW, Operator, compare, decide, show, words

from crashdesk.errors import WrongAccount
from crashdesk.reconcile.denied import at_stake
from crashdesk.reconcile.records import Action
from crashdesk.state import SystemState
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController, asks_first
from crashdesk_gui.dialogs.confirm import Confirmation, ConfirmDestructive
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Step, judge
from crashdesk_gui.views.overview_words import explanation, headline
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.scroll import ScrollColumn

STRAY = "77"


def just_placed(timestamp: int) -> SystemState:
    """What the bot last knew: its orders are so new that every exchange would remember them."""
    state = last_state(timestamp)
    orders = tuple(msgspec.structs.replace(each, created_at=timestamp) for each in state.open_orders)
    return msgspec.structs.replace(state, open_orders=orders)


@pytest.fixture
def session(tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreSession]:
    monkeypatch.setattr(orphan_incident, "last_state", just_placed)
    other = ExchangeInMemory(NOW, [live(STRAY, NOW)], [])
    with session_after_crash(store_before_the_crash(tmp_path / "store", NOW), other, qtbot) as each:
        yield each
        qtbot.waitUntil(lambda: not each.busy)


@pytest.fixture
def compared(session: StoreSession, qtbot) -> StoreSession:
    with qtbot.waitSignal(session.comparison_changed):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy)
    assert session.comparison.plan.denied
    return session


def test_the_first_page_says_it_and_leads_to_the_keys(ui: UiContext, compared: StoreSession) -> None:
    situation = judge(compared.overview, connected=True, comparison=compared.comparison)
    assert situation.step is Step.CONNECT
    assert "The account that is connected may be another one" in headline(situation, ui.display)
    assert "Connect with the keys of the right account" in explanation(situation, busy=False)
    assert "journal" not in headline(situation, ui.display) + explanation(situation, busy=False)


def test_each_step_of_the_recovery_says_it(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> None:
    page = show(ui, session, Operator(tmp_path), qtbot)
    compare(page, session, qtbot)
    assert "This may be another account" in words(page)
    page.next_button.click()
    assert "0 unchanged · 3 denied by the exchange" in words(page), "what is denied need not be over"
    page.next_button.click()
    assert "a recovery gives up all that the store knows" in words(page)
    assert "Ready to save" not in words(page)


def question(ui: UiContext, session: StoreSession, qtbot) -> Confirmation:
    window = QWidget()
    qtbot.addWidget(window)
    plan = session.comparison.plan
    asked = CancellationController(ui, PlanWords(ui.display, window), parent=window).question(plan, session.decisions)
    assert asked is not None
    assert asks_first(plan, session.decisions)
    return asked


def test_the_question_names_all_that_is_given_up_and_wants_its_number(
    ui: UiContext, compared: StoreSession, qtbot
) -> None:
    asked = question(ui, compared, qtbot)
    count = at_stake(compared.comparison.plan)
    assert asked.typed == str(count)
    assert len(asked.items) == count > 1
    assert asked.alerts == ()
    decide(compared, STRAY, Action.CANCEL)
    assert "of this account will be cancelled" in question(ui, compared, qtbot).alerts[0].text
    dialog = ConfirmDestructive(ui, asked)
    qtbot.addWidget(dialog)
    assert not dialog.accept_button.isEnabled()
    assert f"Type {count}, the number of known orders and positions" in dialog.typed_field.accessibleName()
    dialog.typed_field.setText(str(count))
    assert dialog.accept_button.isEnabled()


def test_nothing_stands_over_the_list(ui: UiContext, compared: StoreSession, qtbot) -> None:
    decide(compared, STRAY, Action.CANCEL)
    dialog = ConfirmDestructive(ui, question(ui, compared, qtbot))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    (box,) = (each for each in dialog.findChildren(Banner) if each.isVisible())
    assert box.geometry().top() >= dialog.findChild(ScrollColumn).geometry().bottom()
    assert box.geometry().bottom() <= dialog.typed_field.geometry().top()


@pytest.mark.parametrize("yes", [True, False])
def test_only_who_confirms_it_saves(ui: UiContext, compared: StoreSession, qtbot, yes: bool) -> None:
    before = len(compared.view.checkpoints())
    window = QWidget()
    qtbot.addWidget(window)
    asking = CancellationController(ui, PlanWords(ui.display, window), ask=lambda *_: yes, parent=window)
    job = asking.execute(compared)
    qtbot.waitUntil(lambda: not compared.busy)
    assert (job is not None) is yes
    assert len(compared.view.checkpoints()) == before + yes


def test_a_plan_without_the_doubt_asks_nothing_more(ui: UiContext, compared: StoreSession, qtbot) -> None:
    plan = msgspec.structs.replace(compared.comparison.plan, denied="")
    window = QWidget()
    qtbot.addWidget(window)
    assert CancellationController(ui, PlanWords(ui.display, window), parent=window).question(plan, ()) is None


def test_what_executes_without_asking_is_refused(compared: StoreSession, qtbot) -> None:
    failures: list[Exception] = []
    compared.failed.connect(lambda _what, error: failures.append(error))
    compared.execute()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], WrongAccount)


def positions_alone(timestamp: int) -> SystemState:
    return msgspec.structs.replace(last_state(timestamp), open_orders=())


@pytest.fixture
def closed(tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreSession]:
    """A store that knew positions alone, and an exchange that holds none and tells no trades."""
    monkeypatch.setattr(orphan_incident, "last_state", positions_alone)
    flat = ExchangeInMemory(NOW, [], [])
    with session_after_crash(store_before_the_crash(tmp_path / "store", NOW), flat, qtbot) as each:
        yield each
        qtbot.waitUntil(lambda: not each.busy)


def test_of_positions_alone_nothing_is_said_of_orders_and_closing_by_hand_is_named(
    ui: UiContext, closed: StoreSession, tmp_path: Path, qtbot
) -> None:
    page = show(ui, closed, Operator(tmp_path), qtbot)
    compare(page, closed, qtbot)
    assert closed.comparison.plan.denied
    page.next_button.click()
    situation = judge(closed.overview, connected=True, comparison=closed.comparison)
    asked = question(ui, closed, qtbot)
    for told in (words(page), explanation(situation, busy=False), asked.text):
        assert "closed by hand" in told
        assert "never heard of" not in told
    with qtbot.waitSignal(closed.report_ready):
        closed.execute(account_confirmed=True)
    assert closed.last_report is not None
    assert closed.last_report.saved is not None, "an exchange that tells no trades is no dead end"
