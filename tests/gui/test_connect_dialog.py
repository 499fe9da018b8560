"""Connecting an account: what is asked, what is chosen, and what will be read."""

from pathlib import Path

import pytest
from connect_desk import ENTRIES, NAMELESS, NOW, Access, type_keys, words
from orphan_incident import DeskClock
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QScrollArea, QWidget

from crashdesk.config import AccountMode, StoreManifest, write_manifest
from crashdesk.demo.endpoint import demo_credentials
from crashdesk.errors import ConfigError
from crashdesk.inspection import StoreView
from crashdesk.storage.files import LocalFiles
from crashdesk_gui.connection import Connection, KeySource, connection_from, connection_text
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.connecting import Connecting
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.models.exchange_list import ExchangeListModel, matches
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.connect_dialog import ConnectDialog
from crashdesk_gui.views.main_window import LEAST_SIZE

OF_BINANCE = StoreManifest(bot="grid", exchange="binanceusdm", account="main", mode=AccountMode.SANDBOX)


def test_it_asks_exactly_for_what_the_exchange_needs(ask, runner: JobRunner, qtbot) -> None:
    dialog = ask(source=KeySource.TYPED)
    assert list(dialog.keys.fields) == ["apiKey", "secret", "password"]
    assert all(field.echoMode() is QLineEdit.EchoMode.Password for field in dialog.keys.fields.values())

    dialog.exchange.setText("binanceusdm")
    qtbot.waitUntil(lambda: list(dialog.keys.fields) == ["apiKey", "secret"])
    type_keys(dialog, apiKey="k")
    assert not dialog.connect_button.isEnabled()
    type_keys(dialog, secret="s")
    assert dialog.connect_button.isEnabled()

    dialog.exchange.setText("nowhere")
    qtbot.waitUntil(lambda: "No exchange that ccxt knows is called “nowhere”." in words(dialog))
    assert not dialog.connect_button.isEnabled()


def test_an_exchange_is_found_by_letters_of_its_name_and_by_the_keyboard(ask, qtbot) -> None:
    dialog = ask(OF_BINANCE, exchange="", source=KeySource.TYPED)
    assert dialog.picker.chosen.id == "binanceusdm"
    assert "★ The store names this exchange." in words(dialog)

    qtbot.keyClicks(dialog.exchange, "usds")
    assert dialog.picker.chosen.id == "binanceusdm"
    dialog.exchange.selectAll()
    qtbot.keyClicks(dialog.exchange, "bin")
    assert dialog.picker.chosen.id == "binance"
    qtbot.keyClick(dialog.exchange, Qt.Key.Key_Down)
    assert dialog.picker.chosen.id == "binanceusdm"
    qtbot.keyClick(dialog.exchange, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.focusWidget() is dialog.keys.fields["apiKey"])
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_list_of_exchanges_is_a_sound_model(qtmodeltester) -> None:
    model = ExchangeListModel()
    model.set_entries(ENTRIES, "okx")
    qtmodeltester.check(model)
    assert matches(ENTRIES, "", "okx")[0].id == "okx"
    assert [entry.id for entry in matches(ENTRIES, "coin", "okx")] == ["coinspot"]


def test_what_will_be_read_is_told_before_any_key_is_typed(ask, qtbot) -> None:
    dialog = ask()
    qtbot.waitUntil(lambda: "✓ Will be read: account, positions, orders." in words(dialog))
    dialog = ask(exchange="coinspot")
    told = "? Cannot be read, and counts as unknown: orders. Ccxt cannot list this exchange's open orders."
    qtbot.waitUntil(lambda: told in words(dialog))


def test_an_exchange_without_a_sandbox_never_falls_back_to_its_live_account(ask, access: Access) -> None:
    access.environ.update({f"CRASHDESK_KRAKEN_{name}": "x" * 8 for name in ("API_KEY", "SECRET")})
    dialog = ask(exchange="kraken", mode=AccountMode.SANDBOX)
    assert "ccxt knows no sandbox of this exchange" in words(dialog)
    assert not dialog.connect_button.isEnabled()
    dialog.form.live.setChecked(True)
    assert dialog.connect_button.isEnabled()
    assert dialog.connect_button.text() == "Connect LIVE"


def test_another_account_than_the_stores_is_said_aloud(ask) -> None:
    dialog = ask(OF_BINANCE, exchange="binanceusdm", mode=AccountMode.SANDBOX)
    assert "This store belongs to" not in words(dialog)
    dialog.form.live.setChecked(True)
    told = words(dialog).replace("\N{NO-BREAK SPACE}", " ")
    assert "This store belongs to binanceusdm · main · ◇ sandbox, and you chose binanceusdm · main · ◆ LIVE." in told
    dialog.form.sandbox.setChecked(True)
    dialog.form.account.setText("other")
    assert "you chose binanceusdm · other" in words(dialog)


def test_live_and_sandbox_are_unmistakable_and_reach_the_choice(ask, access: Access, qtbot) -> None:
    access.environ.update({f"CRASHDESK_OKX_{name}": "x" * 8 for name in ("API_KEY", "SECRET", "PASSWORD")})
    dialog = ask(mode=AccountMode.SANDBOX)
    assert "no real money is touched" in words(dialog)
    dialog.form.live.setChecked(True)
    assert "this is real money" in words(dialog)

    with qtbot.waitSignal(dialog.chosen) as choice:
        dialog.connect_button.click()
    connection, credentials, _permissions = choice.args
    assert (connection.mode, connection.exchange) == (AccountMode.LIVE, "okx")
    assert set(credentials.values) == {"apiKey", "secret", "password"}
    assert access.exchange.cancelled == []


def test_it_fits_a_small_screen_and_every_control_has_a_name(ask) -> None:
    dialog = ask(source=KeySource.TYPED)
    dialog.resize(1, 1)
    assert dialog.width() <= 1024
    assert dialog.height() <= 720
    area = dialog.findChild(QScrollArea)
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()
    controls = (*dialog.findChildren(QLineEdit), *dialog.findChildren(QComboBox), *dialog.findChildren(QListView))
    named = [each for each in controls if each.accessibleName() or each.parent().objectName() == "qt_spinbox_lineedit"]
    visible = [each for each in controls if each.isVisible()]
    assert [each for each in visible if each not in named] == []


def test_it_stays_within_the_smallest_window(
    ui: UiContext, access: Access, runner: JobRunner, reads: JobRunner, qtbot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(LEAST_SIZE)
    dialog = ConnectDialog(
        ui, NAMELESS, Connection(exchange="okx"), access.made(), lookups=runner, reads=reads, parent=window
    )
    dialog.show()
    qtbot.waitUntil(lambda: not runner.busy)
    assert dialog.width() < window.width()
    assert dialog.height() < window.height()


def test_the_remembered_choice_holds_no_secret_and_damage_is_no_error() -> None:
    connection = Connection(exchange="okx", account="main", mode=AccountMode.SANDBOX, source=KeySource.KEYRING)
    assert connection_from(connection_text(connection)) == connection
    assert connection_from("{") is None
    assert connection_from("") is None
    with pytest.raises(ConfigError, match="CRASHDESK_OKX_API_KEY"):
        Access().made().credentials(Connection(exchange="okx"), {})


def test_the_demonstration_is_opened_with_the_keys_of_its_exchange(
    ui: UiContext, access: Access, tmp_path: Path, qtbot
) -> None:
    clock = DeskClock(NOW)
    manifest = StoreManifest(bot="grid", exchange="okx", account="demonstration", endpoint="http://127.0.0.1:9")
    (tmp_path / "checkpoints").mkdir()
    write_manifest(tmp_path, manifest, LocalFiles())
    session = StoreSession(StoreView(tmp_path, clock=clock), who="ops", clock=clock)
    connecting = Connecting(ui, access.made())
    with qtbot.waitSignal(connecting.connected):
        connecting.connect_known(session)
    qtbot.waitUntil(lambda: not connecting.reads.busy)
    ((_manifest, credentials),) = access.opened
    assert credentials == demo_credentials("okx")
    assert "password" in credentials.values
    connecting.close()
    session.close()


def test_what_is_missing_is_named_and_tab_comes_to_the_keys(ask, qtbot) -> None:
    dialog = ask(exchange="binanceusdm", source=KeySource.ENVIRONMENT)
    typed = dialog.keys.buttons[KeySource.TYPED]
    typed.setFocus()
    qtbot.keyClick(typed, Qt.Key.Key_Space)
    qtbot.keyClick(typed, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.keys.fields["apiKey"]
    qtbot.keyClicks(dialog.focusWidget(), "k")
    assert "Missing: Secret." in words(dialog)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.keys.fields["secret"]
    qtbot.keyClicks(dialog.focusWidget(), "s")
    assert "Missing" not in words(dialog)
    assert dialog.test.isEnabled()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("币安", ["binance", "binanceusdm"]),
        ("欧易", ["okx"]),
        ("ＯＫＸ", ["okx"]),
        ("ｂｉｎａｎｃｅｕｓｄｍ", ["binanceusdm"]),
    ],
)
def test_an_exchange_is_found_by_its_chinese_name_and_by_wide_letters(typed: str, found: list[str]) -> None:
    assert [entry.id for entry in matches(ENTRIES, typed, "")] == found
