"""Connecting the account of a store at the real desk, over loopback, with keys that may trade and with keys that may not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from desk_operator import DeskOperator
from loopback_incident import READER, LoopbackIncident
from PySide6.QtCore import Qt

from crashdesk.clock import Clock
from crashdesk.config import AccountMode, StoreManifest, write_manifest
from crashdesk.connections import open_exchange
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.protocol import Exchange
from crashdesk.reconcile.records import Action
from crashdesk.storage.files import LocalFiles
from crashdesk_gui.connection import Connection, ExchangeAccess, KeySource, connection_from
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.desk import Desk
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.views.connect_dialog import ConnectDialog
from crashdesk_gui.views.main_window import FIRST_SIZE

Opener = Callable[[StoreManifest, ExchangeCredentials, Clock], Exchange]


@pytest.fixture
def ui(window_ui: UiContext) -> UiContext:
    """What these tests open are windows."""
    return window_ui


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[LoopbackIncident]:
    with LoopbackIncident(tmp_path / "store") as happened:
        # A store as a real bot's: it names its account and no endpoint on this machine.
        manifest = msgspec.structs.replace(happened.manifest, endpoint="")
        write_manifest(happened.directory, manifest, LocalFiles())
        yield happened


@pytest.fixture
def opener(incident: LoopbackIncident) -> Opener:
    def open_it(manifest: StoreManifest, credentials: ExchangeCredentials, _clock: Clock) -> Exchange:
        led = msgspec.structs.replace(manifest, endpoint=incident.venue.url)
        return open_exchange(led, credentials=credentials, clock=incident.clock, deadline_s=5)

    return open_it


@pytest.fixture
def operator(ui: UiContext, incident: LoopbackIncident, opener: Opener, qtbot: Any) -> Iterator[DeskOperator]:
    sitting = DeskOperator(ui, qtbot, incident.clock, opener=opener)
    sitting.desk.open_store(incident.directory)
    sitting.wait_until(lambda: sitting.desk.session is not None and sitting.desk.session.overview is not None)
    sitting.wait_until(lambda: not sitting.desk.connecting.lookups.busy)
    yield sitting
    sitting.close()


def asked(operator: DeskOperator) -> ConnectDialog:
    operator.desk.window.connect_requested.emit()
    dialog = operator.desk.connecting.dialog
    assert dialog is not None
    operator.wait_until(lambda: dialog.picker.chosen is not None and not operator.desk.connecting.lookups.busy)
    return dialog


def type_keys(dialog: ConnectDialog, qtbot: Any, key: str, secret: str) -> None:
    dialog.keys.buttons[KeySource.TYPED].setChecked(True)
    qtbot.keyClicks(dialog.keys.fields["apiKey"], key)
    qtbot.keyClicks(dialog.keys.fields["secret"], secret)


def connect(operator: DeskOperator, qtbot: Any, key: str, secret: str) -> None:
    dialog = asked(operator)
    type_keys(dialog, qtbot, key, secret)
    qtbot.keyClick(dialog.keys.fields["secret"], Qt.Key.Key_Return)
    operator.wait_until(lambda: operator.session.comparison is not None)
    operator.wait_until_idle()


def test_a_key_that_can_only_read_reviews_and_says_why_it_cannot_cancel(
    operator: DeskOperator, incident: LoopbackIncident, qtbot: Any
) -> None:
    assert "No exchange connected" in operator.words
    assert "! its keys are missing" in operator.words

    connect(operator, qtbot, READER.api_key, READER.secret)
    assert operator.session.read_only
    assert "◇ sandbox" in operator.words
    assert "key can only read" in operator.words
    operator.go_to("orphans")
    operator.wait_for_words("This account's key can only read")
    assert operator.session.decisions == ()

    operator.decide(incident.first, Action.CANCEL)
    operator.to_execution()
    operator.wait_for_words("no order can be cancelled with it")
    assert not any(operator.can_press(text) for text in ("Cancel 1 order and recover", "Recover"))

    operator.go_to("orphans")
    for order in (incident.first, incident.second):
        operator.decide(order, Action.ADOPT)
    operator.to_execution()
    operator.execute_to_the_end("Recover")
    assert operator.session.report.saved is not None
    assert incident.cancel_requests == 0
    assert {incident.first, incident.second} <= {each.id for each in incident.saved_state().open_orders}


def test_what_is_remembered_holds_no_secret_and_the_next_start_says_what_is_missing(
    operator: DeskOperator,
    incident: LoopbackIncident,
    ui: UiContext,
    opener: Opener,
    tmp_path: Path,
    qtbot: Any,
    caplog,
) -> None:
    caplog.set_level(logging.DEBUG)
    connect(operator, qtbot, BOT_KEY, BOT_SECRET)
    assert not operator.session.read_only
    kept = ui.settings.text(operator.session.key, "connection")
    assert connection_from(kept) == Connection(
        exchange="binanceusdm", account="main", mode=AccountMode.SANDBOX, source=KeySource.TYPED
    )
    operator.close()
    kept += (incident.directory / "store.toml").read_text()
    for text in (kept, caplog.text):
        assert BOT_SECRET not in text
        assert "signature=" not in text

    again = DeskOperator(ui, qtbot, incident.clock, opener=opener)
    again.desk.open_store(incident.directory)
    again.wait_for_words("! its keys are missing")
    assert "typed for one run" in again.desk.connecting.absence(again.session)
    again.close()


def test_with_keys_in_the_environment_it_connects_by_itself_and_learns_what_they_may_do(
    ui: UiContext, incident: LoopbackIncident, opener: Opener, qtbot: Any
) -> None:
    environ = {"CRASHDESK_BINANCEUSDM_API_KEY": READER.api_key, "CRASHDESK_BINANCEUSDM_SECRET": READER.secret}
    access = ExchangeAccess(
        clock=incident.clock, environ=environ, from_keyring=lambda _exchange, _account: None, opener=opener
    )
    desk = Desk(ui, who="ops", clock=incident.clock, access=access)
    qtbot.addWidget(desk.window)
    desk.window.resize(FIRST_SIZE)
    desk.window.show()
    desk.open_store(incident.directory)
    qtbot.waitUntil(lambda: desk.session is not None and desk.session.comparison is not None, timeout=20_000)
    qtbot.waitUntil(lambda: desk.session.read_only, timeout=20_000)
    qtbot.waitUntil(lambda: not desk.session.busy and not desk.connecting.reads.busy, timeout=20_000)
    desk.window.close()
    desk.close()
    assert incident.cancel_requests == 0


@pytest.mark.parametrize(
    ("key", "secret", "told"),
    [
        (READER.api_key, "another-secret", "The secret does not belong to this key"),
        ("nobodys-key-1", READER.secret, "a key of the live account is not known there"),
    ],
)
def test_keys_that_are_refused_are_explained_and_never_shown(
    operator: DeskOperator, qtbot: Any, key: str, secret: str, told: str, caplog
) -> None:
    caplog.set_level(logging.DEBUG)
    dialog = asked(operator)
    type_keys(dialog, qtbot, key, secret)
    dialog.connect_button.click()
    operator.wait_for_words(told)
    assert dialog.isVisible()
    assert operator.session.exchange is None
    for text in (operator.words, caplog.text):
        assert key not in text
        assert secret not in text
        assert "signature=" not in text.lower()
    dialog.reject()


def test_the_confirmation_names_the_account_and_says_when_it_is_live(
    operator: DeskOperator, incident: LoopbackIncident, qtbot: Any
) -> None:
    connect(operator, qtbot, BOT_KEY, BOT_SECRET)
    desk, session = operator.desk, operator.session
    asking = CancellationController(desk.ui, PlanWords(desk.ui.display), parent=desk.window)
    plan = session.comparison.plan
    sandbox = asking.question(plan, session.decisions)
    live = asking.question(msgspec.structs.replace(plan, mode=AccountMode.LIVE), session.decisions)
    assert sandbox.title.endswith("on binanceusdm · main · ◇\N{NO-BREAK SPACE}sandbox?")
    assert live.title.endswith("on binanceusdm · main · ◆\N{NO-BREAK SPACE}LIVE?")
    assert live.text.startswith("This is the LIVE account: real money.")
    assert "LIVE" not in sandbox.text


def test_an_exchange_that_is_down_is_called_neither_a_wrong_key_nor_a_demonstration(
    operator: DeskOperator, incident: LoopbackIncident, qtbot: Any
) -> None:
    dialog = asked(operator)
    type_keys(dialog, qtbot, BOT_KEY, BOT_SECRET)
    incident.venue.close()
    dialog.connect_button.click()
    operator.wait_for_words("The exchange could not be reached.")
    assert "demonstration" not in operator.words
    assert "refused this key" not in operator.words
    assert BOT_SECRET not in operator.words
    assert dialog.connect_button.isEnabled()
    assert operator.session.exchange is None
    dialog.reject()
