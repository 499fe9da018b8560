"""The keys of an account: where they come from, what a test of them tells, and that no secret is ever shown."""

from collections.abc import Callable

import pytest
import shiboken6
from connect_desk import Access, type_keys, words

from crashdesk.config import AccountMode, StoreManifest
from crashdesk.errors import ExchangeRefused, KeyringUnusable
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.exchange.records import AccountReading, Coverage, Scope, ScopeKind, ScopeReading, ScopeStatus
from crashdesk.trouble import OF_THE_KEY, Trouble, TroubleKind
from crashdesk.trouble_words import trouble_line
from crashdesk_gui.connection import Connection, KeySource
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain_trouble
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.views.connect_dialog import ConnectDialog


def test_missing_variables_are_named_and_their_values_never_shown(ask, access: Access) -> None:
    access.environ["CRASHDESK_OKX_API_KEY"] = "very-secret-key"
    dialog = ask()
    assert "Not set: CRASHDESK_OKX_SECRET, CRASHDESK_OKX_PASSWORD." in words(dialog)
    assert not dialog.connect_button.isEnabled()
    assert "very-secret-key" not in words(dialog)


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
