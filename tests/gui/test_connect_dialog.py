"""Connecting an account: what is asked, what a test tells, and that no secret is ever shown."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import shiboken6
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListView, QScrollArea, QWidget

from crashdesk.config import AccountMode, StoreManifest, write_manifest
from crashdesk.demo.endpoint import demo_credentials
from crashdesk.errors import ConfigError, ExchangeRefused, KeyringUnusable
from crashdesk.exchange.catalogue import ExchangeEntry, ExpectedScope, Prospect
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.exchange.records import AccountReading, Coverage, Scope, ScopeKind, ScopeReading, ScopeStatus
from crashdesk.inspection import StoreView
from crashdesk.storage.files import LocalFiles
from crashdesk.trouble import OF_THE_KEY, Trouble, TroubleKind
from crashdesk.trouble_words import trouble_line
from crashdesk_gui.connection import Connection, ExchangeAccess, KeySource, connection_from, connection_text
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.connecting import Connecting
from crashdesk_gui.errors import explain_trouble
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models.exchange_list import ExchangeListModel, matches
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.connect_dialog import ConnectDialog
from crashdesk_gui.views.main_window import LEAST_SIZE

NOW = 1_763_781_128_000_000_000
NAMELESS = StoreManifest(bot="grid")
OF_BINANCE = StoreManifest(bot="grid", exchange="binanceusdm", account="main", mode=AccountMode.SANDBOX)
SWAPS = ("swap", "spot")
ENTRIES = (
    ExchangeEntry(id="binance", name="Binance", required=("apiKey", "secret"), market_types=SWAPS, lists_orders=True),
    ExchangeEntry(
        id="binanceusdm",
        name="Binance USDS-M",
        required=("apiKey", "secret"),
        market_types=("swap",),
        lists_orders=True,
    ),
    ExchangeEntry(
        id="coinspot", name="CoinSpot", required=("apiKey", "secret"), market_types=SWAPS, lists_orders=False
    ),
    ExchangeEntry(id="kraken", name="Kraken", required=("apiKey", "secret"), market_types=("spot",), lists_orders=True),
    ExchangeEntry(
        id="okx", name="OKX", required=("apiKey", "secret", "password"), market_types=SWAPS, lists_orders=True
    ),
)
NEEDS = {entry.id: entry.required for entry in ENTRIES}


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
        self.no_keyring = ""

    def prospect(self, exchange: str, market_type: str) -> Prospect:
        kinds = (ScopeKind.ACCOUNT, ScopeKind.POSITIONS, ScopeKind.ORDERS)
        scopes = [ExpectedScope(scope=Scope(kind=kind, market_type=market_type)) for kind in kinds]
        if exchange == "coinspot":
            scopes[-1] = ExpectedScope(
                scope=scopes[-1].scope, unsupported="ccxt cannot list this exchange's open orders"
            )
        return Prospect(exchange=exchange, market_type=market_type, sandbox=exchange != "kraken", scopes=tuple(scopes))

    def required(self, exchange: str) -> Sequence[str]:
        return NEEDS[exchange]

    def open(self, manifest: StoreManifest, credentials: ExchangeCredentials, _clock: object) -> ExchangeInMemory:
        self.gate.wait(10)
        if self.problem is not None:
            raise self.problem
        self.opened.append((manifest, credentials))
        return self.exchange

    def from_ring(self, exchange: str, account: str) -> ExchangeCredentials | None:
        return self.ring.get((exchange, account))

    def keep(self, exchange: str, account: str, credentials: ExchangeCredentials) -> None:
        self.ring[exchange, account] = credentials

    def made(self) -> ExchangeAccess:
        return ExchangeAccess(
            clock=DeskClock(NOW),
            catalogue=lambda: ENTRIES,
            prospect=self.prospect,
            keyring_problem=lambda: self.no_keyring,
            required=self.required,
            environ=self.environ,
            from_keyring=self.from_ring,
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
    def make(store: StoreManifest = NAMELESS, **choices: object) -> ConnectDialog:
        connection = Connection(**({"exchange": "okx", "account": "main"} | choices))
        dialog = ConnectDialog(ui, store, connection, access.made(), lookups=runner, reads=reads)
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
    dialog.form.live.setChecked(True)
    assert "this is real money" in words(dialog)

    with qtbot.waitSignal(dialog.chosen) as choice:
        dialog.connect_button.click()
    connection, credentials, _permissions = choice.args
    assert (connection.mode, connection.exchange) == (AccountMode.LIVE, "okx")
    assert set(credentials.values) == {"apiKey", "secret", "password"}
    assert access.exchange.cancelled == []


def test_a_test_reads_once_closes_and_tells_what_came(ask, access: Access, qtbot) -> None:
    access.exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "no permission"
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="key-of-mine", secret="secret-of-mine", password="p")
    dialog.test.click()
    qtbot.waitUntil(lambda: "equity" in dialog.result_text())

    told = dialog.result_text()
    assert "equity 10\N{NARROW NO-BREAK SPACE}212.75 USDT" in told
    assert "✓ Read: positions (2), orders (" in told
    assert "? Not read, and counts as unknown: conditional orders · swap · all symbols. No permission." in told
    assert access.exchange.closed
    assert access.exchange.cancelled == []
    ((manifest, _keys),) = access.opened
    assert (manifest.exchange, manifest.account, manifest.mode) == ("okx", "main", AccountMode.LIVE)
    assert "of-mine" not in words(dialog)

    dialog.form.account.setText("other")
    assert dialog.result_text() == ""


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (KeyPermissions(can_read=True, can_trade=False, can_withdraw=False), "! The key can only read."),
        (KeyPermissions(can_read=True, can_trade=True, can_withdraw=True), "✕ The key may withdraw money. Do not use"),
        (
            KeyPermissions(can_read=True, can_trade=True, can_withdraw=False, bound=True),
            "✓ The key may read, and cancel",
        ),
        (KeyPermissions(reason="it does not tell"), "? What this key may do is not known: it does not tell."),
    ],
)
def test_a_test_says_what_the_key_may_do(ask, access: Access, qtbot, found: KeyPermissions, told: str) -> None:
    access.exchange.read_permissions = lambda: found
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    dialog.test.click()
    qtbot.waitUntil(lambda: dialog.result_text() != "")
    assert told in dialog.result_text()
    with qtbot.waitSignal(dialog.chosen) as choice:
        dialog.connect_button.click()
    assert choice.args[2] == found


def test_a_key_that_can_take_the_money_away_is_never_connected_unseen(ask, access: Access, qtbot) -> None:
    access.exchange.read_permissions = lambda: KeyPermissions(can_read=True, can_trade=True, can_withdraw=True)
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    dialog.keys._keep.setChecked(True)
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog.connect_button.click()
        qtbot.waitUntil(lambda: "This key may withdraw money. Use another one" in words(dialog))
    assert dialog.isVisible()
    assert access.ring == {}
    with qtbot.waitSignal(dialog.chosen):
        dialog.connect_button.click()
    assert list(access.ring) == [("okx", "main")]


def unread_account(trouble: Trouble) -> Callable[[], AccountReading]:
    scope = Scope(kind=ScopeKind.ACCOUNT, market_type="swap")
    failed = ScopeReading(scope=scope, status=ScopeStatus.FAILED, reason=trouble_line(trouble), trouble=trouble)
    return lambda: AccountReading(account=None, coverage=Coverage(readings=(failed,)))


# A key without a right is taken for what it may read, which is another test.
@pytest.mark.parametrize("kind", sorted(OF_THE_KEY - {TroubleKind.PERMISSION}, key=lambda kind: kind.value))
def test_what_is_wrong_with_a_key_is_explained_as_everywhere_else(
    ask, access: Access, qtbot, kind: TroubleKind
) -> None:
    trouble = Trouble(kind=kind, words="Key refused. (50113)")
    access.exchange.read_account = unread_account(trouble)
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    explained = explain_trouble(trouble)
    dialog.test.click()
    qtbot.waitUntil(lambda: f"{explained.title} {explained.advice}" in words(dialog))
    assert "The exchange's words: Key refused. (50113)" in words(dialog)


def test_keys_that_the_exchange_refuses_are_not_taken_and_not_sent_twice(ask, access: Access, qtbot) -> None:
    access.exchange.read_account = unread_account(Trouble(kind=TroubleKind.SECRET, words="Invalid Sign. (50113)"))
    access.exchange.read_positions = lambda _symbols: pytest.fail("a refused key was sent again")
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog.connect_button.click()
        qtbot.waitUntil(lambda: "The secret does not belong to this key." in words(dialog))
    assert "The exchange's words: Invalid Sign. (50113)" in words(dialog)
    assert dialog.isVisible()
    assert access.ring == {}


def test_a_key_that_sees_orders_and_not_the_money_is_taken_and_the_gap_is_named(ask, access: Access, qtbot) -> None:
    access.exchange.read_account = unread_account(Trouble(kind=TroubleKind.PERMISSION, words="Permission denied"))
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    dialog.test.click()
    qtbot.waitUntil(lambda: dialog.result_text() != "")
    assert "? Not read, and counts as unknown: account" in dialog.result_text()
    with qtbot.waitSignal(dialog.chosen):
        dialog.connect_button.click()


def test_without_a_keyring_it_says_so_and_uses_the_keys_for_this_run(ask, access: Access, qtbot) -> None:
    access.no_keyring = "this system offers none"
    dialog = ask(source=KeySource.KEYRING)
    assert "The system keyring cannot be used (this system offers none)" in words(dialog)
    assert not dialog.connect_button.isEnabled()
    dialog.keys.buttons[KeySource.TYPED].setChecked(True)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    with qtbot.waitSignal(dialog.chosen):
        dialog.connect_button.click()
    assert access.ring == {}


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
    ("told", "refused", "whose"),
    [
        (
            Trouble(kind=TroubleKind.KEY, words="Invalid Api-Key ID (-2008)"),
            True,
            "The exchange's words: Invalid Api-Key",
        ),
        (Trouble(kind=TroubleKind.NAME, words="Name or service not known"), False, "This machine's words: Name or"),
        (
            Trouble(kind=TroubleKind.REGION, words="restricted location"),
            False,
            "a VPN or a proxy leads through another",
        ),
    ],
)
def test_after_a_refusal_nothing_is_connected_before_something_is_changed(
    ask, access: Access, qtbot, told: Trouble, refused: bool, whose: str
) -> None:
    access.exchange.read_account = unread_account(told)
    dialog = ask(exchange="binanceusdm", mode=AccountMode.LIVE, source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s")
    dialog.test.click()
    qtbot.waitUntil(lambda: whose in words(dialog))
    assert dialog.connect_button.isEnabled() is not refused
    assert dialog.test.isEnabled()
    type_keys(dialog, secret="other")
    assert dialog.connect_button.isEnabled()


def locked_ring(*_asked: object) -> None:
    raise KeyringUnusable("no keys for okx: set CRASHDESK_OKX_API_KEY", "it is locked; unlock it, then try again")


def test_a_locked_keyring_is_named_as_what_it_is_and_the_keys_are_not_looked_for_elsewhere(
    ask, access: Access, qtbot
) -> None:
    access.from_ring = locked_ring
    dialog = ask(source=KeySource.KEYRING)
    dialog.test.click()
    qtbot.waitUntil(
        lambda: "The system keyring cannot be used (it is locked; unlock it, then try again)." in words(dialog)
    )
    assert "Nothing was sent." in words(dialog)
    assert "CRASHDESK_OKX" not in words(dialog)
    assert access.opened == []


def test_keys_that_cannot_be_kept_are_said_to_be_just_that(ask, access: Access, qtbot) -> None:
    access.keep = locked_ring
    dialog = ask(source=KeySource.TYPED)
    type_keys(dialog, apiKey="k", secret="s", password="p")
    dialog.keys._keep.setChecked(True)
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog.connect_button.click()
        qtbot.waitUntil(lambda: "The account was read, but its keys could not be kept" in words(dialog))
    assert "CRASHDESK_OKX" not in words(dialog)
    assert dialog.keys.fields["secret"].text() == "s"
    dialog.keys._keep.setChecked(False)
    with qtbot.waitSignal(dialog.chosen):
        dialog.connect_button.click()


def test_why_there_is_no_keyring_is_said_in_the_operators_language(ask, access: Access, qapp) -> None:
    spoken = Languages(qapp, Language.CHINESE)
    access.no_keyring = "this system offers none"
    dialog = ask(source=KeySource.KEYRING)
    assert "this system offers none" not in words(dialog)
    assert "系统密钥环不可用" in words(dialog)
    dialog.deleteLater()
    spoken.close()


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
