"""Connecting an account: what is asked, what a test tells, and that no secret is ever shown."""

import threading
from collections.abc import Iterator, Sequence

import pytest
import shiboken6
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash
from PySide6.QtWidgets import QLabel, QLineEdit

from crashdesk.config import AccountMode, StoreManifest
from crashdesk.errors import ConfigError, ExchangeRefused
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.records import ScopeKind
from crashdesk_gui.connection import Connection, ExchangeAccess, KeySource, connection_from, connection_text
from crashdesk_gui.context import UiContext
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.views.connect_dialog import ConnectDialog

NOW = 1_763_781_128_000_000_000
NEEDS = {"binanceusdm": ("apiKey", "secret"), "okx": ("apiKey", "secret", "password")}


class Access:
    """The fakes behind an ExchangeAccess, to look at afterwards."""

    def __init__(self) -> None:
        self.exchange = exchange_after_the_crash(NOW)
        self.opened: list[tuple[StoreManifest, ExchangeCredentials]] = []
        self.ring: dict[tuple[str, str], ExchangeCredentials] = {}
        self.environ: dict[str, str] = {}
        self.problem: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()

    def required(self, exchange: str) -> Sequence[str]:
        return NEEDS[exchange]

    def open(self, manifest: StoreManifest, credentials: ExchangeCredentials, _clock: object) -> ExchangeInMemory:
        self.gate.wait(10)
        if self.problem is not None:
            raise self.problem
        self.opened.append((manifest, credentials))
        return self.exchange

    def keep(self, exchange: str, account: str, credentials: ExchangeCredentials) -> None:
        self.ring[exchange, account] = credentials

    def made(self) -> ExchangeAccess:
        return ExchangeAccess(
            clock=DeskClock(NOW),
            ids=lambda: tuple(NEEDS),
            required=self.required,
            environ=self.environ,
            from_keyring=lambda exchange, account: self.ring.get((exchange, account)),
            to_keyring=self.keep,
            opener=self.open,
        )


@pytest.fixture
def access() -> Access:
    return Access()


@pytest.fixture
def reads(qapp) -> Iterator[JobRunner]:
    each = JobRunner()
    yield each
    assert each.close()


@pytest.fixture
def ask(ui: UiContext, access: Access, runner: JobRunner, reads: JobRunner, qtbot):
    def make(**choices: object) -> ConnectDialog:
        connection = Connection(**({"exchange": "okx", "account": "main"} | choices))
        dialog = ConnectDialog(ui, StoreManifest(bot="grid"), connection, access.made(), lookups=runner, reads=reads)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not runner.busy)
        return dialog

    return make


def words(dialog: ConnectDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def type_keys(dialog: ConnectDialog, **values: str) -> None:
    for name, value in values.items():
        dialog.keys.fields[name].setText(value)


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

    dialog.exchange.setText("binanceusd")
    qtbot.waitUntil(lambda: "ccxt knows no exchange binanceusd." in words(dialog))
    assert not dialog.connect_button.isEnabled()


def test_missing_variables_are_named_and_their_values_never_shown(ask, access: Access) -> None:
    access.environ["CRASHDESK_OKX_API_KEY"] = "very-secret-key"
    dialog = ask()
    assert "Not set: CRASHDESK_OKX_SECRET, CRASHDESK_OKX_PASSWORD." in words(dialog)
    assert not dialog.connect_button.isEnabled()
    assert "very-secret-key" not in words(dialog)


def test_live_and_sandbox_are_unmistakable_and_reach_the_choice(ask, access: Access, qtbot) -> None:
    access.environ.update({f"CRASHDESK_OKX_{name}": "x" * 8 for name in ("API_KEY", "SECRET", "PASSWORD")})
    dialog = ask(mode=AccountMode.SANDBOX)
    assert "no real money is touched" in words(dialog)
    dialog.live.setChecked(True)
    assert "this is real money" in words(dialog)

    with qtbot.waitSignal(dialog.chosen) as choice:
        dialog.connect_button.click()
    connection, credentials = choice.args
    assert (connection.mode, connection.exchange) == (AccountMode.LIVE, "okx")
    assert set(credentials.values) == {"apiKey", "secret", "password"}
    assert access.opened == []


def test_a_test_reads_once_closes_and_tells_what_came(ask, access: Access, qtbot) -> None:
    access.exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "no permission"
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="key-of-mine", secret="secret-of-mine", password="p")
    dialog.test.click()
    qtbot.waitUntil(lambda: "equity" in dialog.result_text())

    told = dialog.result_text()
    assert "equity 10\N{NARROW NO-BREAK SPACE}212.75 USDT" in told
    assert "✓ positions · swap · all symbols: 2" in told
    assert "? conditional orders · swap · all symbols: not read. no permission" in told
    assert access.exchange.closed
    assert access.exchange.cancelled == []
    ((manifest, _keys),) = access.opened
    assert (manifest.exchange, manifest.account, manifest.mode) == ("okx", "main", AccountMode.LIVE)
    assert "of-mine" not in words(dialog)

    dialog.account.setText("other")
    assert dialog.result_text() == ""


def test_wrong_keys_say_what_to_do_and_leave_the_dialog_open(ask, access: Access, qtbot) -> None:
    access.problem = ExchangeRefused("okx refused the keys: 50111")
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    dialog.test.click()
    qtbot.waitUntil(lambda: "Okx refused the keys: 50111." in words(dialog))
    assert "whether they are for live or sandbox" in words(dialog)
    assert dialog.isVisible()
    assert dialog.connect_button.isEnabled()


def test_typed_keys_are_kept_only_when_asked_and_found_again(ask, access: Access, qtbot) -> None:
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    with qtbot.waitSignal(dialog.chosen):
        dialog.connect_button.click()
    assert access.ring == {}

    dialog = ask(source=KeySource.KEYRING)
    dialog.connect_button.click()
    qtbot.waitUntil(lambda: "keyring holds no keys for okx, account 'main'" in words(dialog))

    access.keep("okx", "main", ExchangeCredentials(values={"apiKey": "k"}))
    with qtbot.waitSignal(dialog.chosen) as choice:
        dialog.connect_button.click()
    assert choice.args[1].values == {"apiKey": "k"}


def test_closing_it_during_a_test_is_harmless(
    ui: UiContext, access: Access, runner: JobRunner, reads: JobRunner, qtbot
) -> None:
    access.gate.clear()
    connection = Connection(exchange="okx", source=KeySource.TYPED)
    dialog = ConnectDialog(ui, StoreManifest(bot="grid"), connection, access.made(), lookups=runner, reads=reads)
    qtbot.waitUntil(lambda: bool(dialog.keys.fields))
    type_keys(dialog, apiKey="k", secret="s", password="p")
    dialog.test.click()
    shiboken6.delete(dialog)
    access.gate.set()
    qtbot.waitUntil(lambda: not reads.busy)
    assert access.exchange.closed


def test_the_remembered_choice_holds_no_secret_and_damage_is_no_error() -> None:
    connection = Connection(exchange="okx", account="main", mode=AccountMode.SANDBOX, source=KeySource.KEYRING)
    assert connection_from(connection_text(connection)) == connection
    assert connection_from("{") is None
    assert connection_from("") is None
    with pytest.raises(ConfigError, match="CRASHDESK_OKX_API_KEY"):
        Access().made().credentials(Connection(exchange="okx"), {})
