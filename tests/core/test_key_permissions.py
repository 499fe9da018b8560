"""What a key may do, told by the exchange and never tried out; what is wrong with one that is refused."""

import logging
import time
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from crashdesk.clock import SystemClock
from crashdesk.config import AccountMode, StoreManifest
from crashdesk.connections import open_exchange
from crashdesk.demo.venue import Credentials, Dialect, Fault, FaultKind
from crashdesk.demo.venue.exchange import EmbeddedExchange
from crashdesk.errors import ConfigError
from crashdesk.exchange.catalogue import exchange_catalogue, exchange_entry, prospect
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, credentials_from_keyring, keyring_problem
from crashdesk.exchange.permissions import (
    SOURCES,
    KeyPermissions,
    TellsPermissions,
    parse_permissions,
    permission_source,
)
from crashdesk.exchange.records import ScopeKind
from crashdesk.trouble import TroubleKind

KEYS = (
    Credentials(api_key="reads-0001", secret="secret-of-reads", passphrase="phrase-of-all", can_trade=False),
    Credentials(api_key="trades-001", secret="secret-of-trades", passphrase="phrase-of-all"),
    Credentials(api_key="takes-0001", secret="secret-of-takes", passphrase="phrase-of-all", can_withdraw=True),
)
SECRETS = tuple(part for key in KEYS for part in (key.api_key, key.secret, key.passphrase))


@pytest.fixture(params=list(Dialect), ids=[dialect.value for dialect in Dialect])
def venue(request: pytest.FixtureRequest) -> Iterator[EmbeddedExchange]:
    with EmbeddedExchange(start_ns=time.time_ns(), credentials=KEYS, dialect=request.param) as exchange:
        exchange.follow_real_time()
        yield exchange


def opened(venue: EmbeddedExchange, key: str, secret: str, passphrase: str = "phrase-of-all") -> CcxtExchange:
    manifest = StoreManifest(
        bot="grid", exchange=venue.dialect.ccxt_id, account="main", mode=AccountMode.SANDBOX, endpoint=venue.url
    )
    values = {"apiKey": key, "secret": secret}
    if venue.dialect is Dialect.OKX:
        values["password"] = passphrase
    return open_exchange(manifest, credentials=ExchangeCredentials(values=values), clock=SystemClock())


def permissions(venue: EmbeddedExchange, key: Credentials) -> KeyPermissions:
    exchange = opened(venue, key.api_key, key.secret)
    try:
        return exchange.read_permissions()
    finally:
        exchange.close()


def test_the_exchange_tells_what_each_key_may_do(venue: EmbeddedExchange) -> None:
    reads, trades, takes = (permissions(venue, key) for key in KEYS)
    assert (reads.can_read, reads.can_trade, reads.can_withdraw) == (True, False, False)
    assert (trades.can_read, trades.can_trade, trades.can_withdraw) == (True, True, False)
    assert (takes.can_trade, takes.can_withdraw) == (True, True)
    assert reads.read_only
    assert not trades.read_only
    assert isinstance(opened(venue, "k", "s"), TellsPermissions)


def test_asking_sends_no_order_and_changes_nothing(venue: EmbeddedExchange) -> None:
    before = venue.ledger()
    permissions(venue, KEYS[1])
    after = venue.ledger()
    assert (after.orders, after.positions, after.balance) == (before.orders, before.positions, before.balance)


@pytest.mark.parametrize(
    ("key", "secret", "passphrase", "binance", "okx"),
    [
        ("nobodys-key", "secret-of-reads", "phrase-of-all", TroubleKind.KEY_OR_ADDRESS, TroubleKind.KEY),
        ("reads-0001", "another-secret", "phrase-of-all", TroubleKind.SECRET, TroubleKind.SECRET),
        ("reads-0001", "secret-of-reads", "another-phrase", None, TroubleKind.PASSPHRASE),
    ],
)
def test_a_refusal_is_told_apart_and_nothing_secret_is_in_it(
    venue: EmbeddedExchange,
    caplog: pytest.LogCaptureFixture,
    key: str,
    secret: str,
    passphrase: str,
    binance: TroubleKind | None,
    okx: TroubleKind,
) -> None:
    caplog.set_level(logging.DEBUG)
    exchange = opened(venue, key, secret, passphrase)
    reading = exchange.read_account()
    found = exchange.read_permissions()
    exchange.close()

    ((told, trouble),) = ((each.reason, each.trouble) for each in reading.coverage.readings)
    assert (trouble and trouble.kind) is (okx if venue.dialect is Dialect.OKX else binance)
    if told:
        assert (found.can_read, found.can_trade, found.can_withdraw) == (None, None, None)
    for text in (told, found.reason, caplog.text):
        assert "signature=" not in text.lower()
        assert not any(part in text for part in (*SECRETS, key, secret, passphrase))


def test_a_clock_that_is_off_is_told_as_such(venue: EmbeddedExchange) -> None:
    exchange = opened(venue, "reads-0001", "secret-of-reads")
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.CLOCK_SKEW, seconds=3600, times=10))
    (reading,) = exchange.read_account().coverage.readings
    exchange.close()
    assert reading.trouble.kind is TroubleKind.CLOCK


def test_a_network_that_is_gone_is_no_key_trouble(venue: EmbeddedExchange) -> None:
    exchange = opened(venue, "reads-0001", "secret-of-reads")
    venue.close()
    (reading,) = exchange.read_account().coverage.readings
    exchange.close()
    assert reading.trouble.kind is TroubleKind.NETWORK


@pytest.mark.parametrize(
    ("exchange", "answer", "read", "trade", "withdraw", "bound"),
    [
        (
            "bybit",
            {
                "result": {
                    "readOnly": 1,
                    "permissions": {"ContractTrade": ["Order"], "Wallet": ["Withdraw"]},
                    "ips": ["*"],
                }
            },
            True,
            False,
            False,
            False,
        ),
        (
            "bybit",
            {
                "result": {
                    "readOnly": 0,
                    "permissions": {"ContractTrade": ["Order"], "Wallet": ["Withdraw"]},
                    "ips": ["::1"],
                }
            },
            True,
            True,
            True,
            True,
        ),
        ("bybit", {"result": {"readOnly": 0, "permissions": {"Spot": ["SpotTrade"]}}}, True, False, False, None),
        ("kucoin", {"data": {"permission": "General, Spot", "ipWhitelist": "127.0.0.1"}}, True, False, False, True),
        ("kucoin", {"data": {"permission": "General,Futures,Transfer"}}, True, True, True, False),
        (
            "kraken",
            {"result": {"permissions": ["query-funds", "query-open-trades", "close-trades"], "ip_allowlist": []}},
            True,
            True,
            False,
            False,
        ),
        ("bitget", {"data": {"authorities": ["coor", "stow", "wwow"], "ips": "127.0.0.1"}}, True, False, True, True),
        ("bitfinex", [["orders", 1, 0], ["withdraw", 0, 0]], True, False, False, None),
        ("coinbase", {"can_view": True, "can_trade": True, "can_transfer": False}, True, True, False, None),
        (
            "bingx",
            {"data": {"enableReading": True, "enableFutures": False, "enableWithdrawals": False, "ipRestrict": True}},
            True,
            False,
            False,
            True,
        ),
    ],
)
def test_each_exchange_is_read_in_its_own_words(
    exchange: str, answer: object, read: bool, trade: bool, withdraw: bool, bound: bool | None
) -> None:
    found = parse_permissions(SOURCES[exchange].parse, answer, "swap")
    assert (found.can_read, found.can_trade, found.can_withdraw, found.bound) == (read, trade, withdraw, bound)


@pytest.mark.parametrize("exchange", sorted(SOURCES))
@pytest.mark.parametrize("answer", [{}, [], None, "OK", {"data": []}, {"data": None}, {"result": {"permissions": 3}}])
def test_an_answer_of_another_shape_leaves_everything_unknown(exchange: str, answer: object) -> None:
    found = parse_permissions(SOURCES[exchange].parse, answer, "swap")
    assert (found.can_read, found.can_trade, found.can_withdraw) == (None, None, None)
    assert found.reason


def test_a_sandbox_key_is_never_sent_to_the_live_wallet() -> None:
    assert permission_source("binance", sandbox=True) is None
    assert permission_source("binanceusdm", sandbox=True).method.startswith("fapi")
    says_no = permission_source("binanceusdm", sandbox=True)
    assert parse_permissions(says_no.parse, {"canTrade": False}, "swap").read_only
    assert parse_permissions(says_no.parse, {"canTrade": True}, "swap").can_trade is None


def test_ccxt_has_every_endpoint_that_the_table_names() -> None:
    import ccxt

    missing = [name for name, source in SOURCES.items() if not hasattr(getattr(ccxt, name)(), source.method)]
    assert missing == []


def test_the_catalogue_knows_needs_names_and_gaps_without_the_network() -> None:
    entries = {entry.id: entry for entry in exchange_catalogue()}
    assert entries["okx"].required == ("apiKey", "secret", "password")
    assert set(entries["hyperliquid"].required) == {"walletAddress", "privateKey"}
    assert entries["binanceusdm"].name == "Binance USDS-M"
    assert not entries["paymium"].lists_orders
    assert exchange_entry("okx") == entries["okx"]


def test_what_will_be_read_is_told_beforehand() -> None:
    binance = prospect("binanceusdm", "swap")
    assert binance.sandbox
    assert {each.scope.kind for each in binance.scopes} == set(ScopeKind)
    assert not prospect("kraken", "spot").sandbox
    assert any(each.per_symbol for each in prospect("phemex", "swap").scopes)
    assert [each.scope.kind for each in prospect("coinspot", "spot").scopes if each.unsupported] == [ScopeKind.ORDERS]


class LockedKeyring(KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")

    set_password = get_password


def test_a_system_without_a_keyring_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    assert keyring_problem() == "this system offers none"
    with pytest.raises(ConfigError, match=r"CRASHDESK_OKX_PASSWORD in the environment.*this system offers none"):
        credentials_from_keyring("okx", "main")


def test_a_locked_keyring_asks_to_be_unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", LockedKeyring)
    assert keyring_problem() == ""
    with pytest.raises(ConfigError, match="it is locked; unlock it, then try again"):
        credentials_from_keyring("okx", "main")
