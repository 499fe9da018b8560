"""Opening an exchange: ids, market types, sandboxes, credentials. No network."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import ccxt
import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from crashdesk.clock import SystemClock
from crashdesk.config import AccountMode
from crashdesk.errors import ConfigError, ExchangeUnavailable, ExchangeUnsupported
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import (
    ExchangeCredentials,
    ExchangeSettings,
    build_client,
    credentials_from_environment,
    credentials_from_keyring,
    exchange_ids,
    required_credentials,
    save_to_keyring,
)
from crashdesk.exchange.records import ScopeStatus


def unopened(exchange_id: str, **settings: Any) -> CcxtExchange:
    return CcxtExchange(
        ExchangeSettings(exchange=exchange_id, **settings), ExchangeCredentials(values={}), clock=SystemClock()
    )


def test_a_misspelt_exchange_names_those_that_were_meant() -> None:
    exchange = unopened("binanceusd")

    with pytest.raises(ExchangeUnsupported, match="binanceusdm"):
        exchange.connect()
    (reading,) = exchange.read_account().coverage.readings
    assert reading.status is ScopeStatus.FAILED
    exchange.close()


def test_a_market_type_that_the_exchange_has_not_is_refused_before_anything_is_sent() -> None:
    exchange = unopened("kraken", market_type="swap")

    with pytest.raises(ExchangeUnsupported, match="kraken has no swap markets"):
        exchange.connect()
    exchange.close()


def test_ccxt_is_imported_only_when_an_exchange_is_opened() -> None:
    code = "import sys, crashdesk.exchange.ccxt_exchange; sys.exit('ccxt' in sys.modules or 'keyring' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("exchange_id", ["kraken", "kucoin", "bitget"])
def test_an_exchange_without_a_sandbox_is_never_opened_live(exchange_id: str) -> None:
    exchange = unopened(exchange_id, sandbox=True)

    with pytest.raises(ExchangeUnsupported, match="the live account is not used in its place"):
        exchange.connect()
    exchange.close()


@pytest.mark.parametrize(
    ("exchange_id", "market_type"), [("binanceusdm", "swap"), ("binance", "spot"), ("bybit", "swap"), ("okx", "swap")]
)
def test_a_sandbox_sends_nothing_to_the_live_account(exchange_id: str, market_type: str) -> None:
    sent: list[tuple[str, dict[str, str]]] = []

    def prepare(client: Any) -> None:
        def fetch(url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
            sent.append((urlsplit(url).netloc, {**(client.headers or {}), **(headers or {})}))
            raise ccxt.ExchangeNotAvailable("stopped here")

        client.fetch = fetch

    exchange = CcxtExchange(
        ExchangeSettings(exchange=exchange_id, market_type=market_type, sandbox=True),
        ExchangeCredentials(values={"apiKey": "k-12345", "secret": "s-12345"}),
        clock=SystemClock(),
        prepare=prepare,
    )
    with pytest.raises(ExchangeUnavailable):
        exchange.connect()
    exchange.close()

    assert sent
    for host, headers in sent:
        assert any(word in host for word in ("test", "demo")) or headers.get("x-simulated-trading") == "1"


def test_required_credentials_and_ids_come_from_ccxt() -> None:
    assert required_credentials("binanceusdm") == ("apiKey", "secret")
    assert required_credentials("okx") == ("apiKey", "secret", "password")
    assert "hyperliquid" in exchange_ids()
    with pytest.raises(ExchangeUnsupported):
        required_credentials("nowhere")


def test_credentials_come_from_the_environment_by_exchange() -> None:
    environ = {
        "CRASHDESK_OKX_API_KEY": " k ",
        "CRASHDESK_OKX_SECRET": "s",
        "CRASHDESK_OKX_PASSWORD": "p",
        "CRASHDESK_HYPERLIQUID_WALLET_ADDRESS": "0x1",
        "CRASHDESK_HYPERLIQUID_PRIVATE_KEY": "0x2",
        "CRASHDESK_BYBIT_API_KEY": "",
    }

    assert credentials_from_environment("okx", environ) == ExchangeCredentials(
        values={"apiKey": "k", "secret": "s", "password": "p"}
    )
    assert credentials_from_environment("hyperliquid", environ) == ExchangeCredentials(
        values={"walletAddress": "0x1", "privateKey": "0x2"}
    )
    assert credentials_from_environment("bybit", environ) is None


def test_a_credential_that_no_exchange_knows_is_refused() -> None:
    with pytest.raises(ConfigError, match="apikey"):
        ExchangeCredentials(values={"apikey": "k"})


class MemoryKeyring(KeyringBackend):
    priority = 1

    def __init__(self, broken: bool = False) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = broken

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[(service, username)] = password

    def _check(self) -> None:
        if self.broken:
            raise NoKeyringError("no backend found")


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_credentials_survive_the_keyring_per_account(memory_keyring: MemoryKeyring) -> None:
    credentials = ExchangeCredentials(values={"apiKey": "k", "secret": "ß"})
    save_to_keyring("okx", "main", credentials)

    assert credentials_from_keyring("okx", "main") == credentials
    assert credentials_from_keyring("okx", "other") is None


def test_a_keyring_that_cannot_be_used_names_the_other_way(memory_keyring: MemoryKeyring) -> None:
    memory_keyring.broken = True

    with pytest.raises(ConfigError, match=r"CRASHDESK_.*API_KEY"):
        credentials_from_keyring("okx", "main")


def test_a_foreign_keyring_entry_is_named_and_not_shown(memory_keyring: MemoryKeyring) -> None:
    memory_keyring.set_password("crashdesk", "okx:main", "hunter2")

    with pytest.raises(ConfigError, match="save the keys again") as caught:
        credentials_from_keyring("okx", "main")
    assert "hunter2" not in str(caught.value)


def test_credentials_never_show_their_values() -> None:
    credentials = ExchangeCredentials(values={"apiKey": "k-12345", "secret": "s-12345"})

    for text in (repr(credentials), str(credentials), f"{credentials}", str(credentials.__rich_repr__())):
        assert "12345" not in text
        assert "apiKey" in text


@pytest.mark.scenario(66)
def test_an_exchange_knows_whether_its_account_is_live() -> None:
    kinds = [
        ({}, AccountMode.LIVE),
        ({"sandbox": True}, AccountMode.SANDBOX),
        ({"embedded": True}, AccountMode.SANDBOX),
    ]
    for settings, mode in kinds:
        exchange = unopened("binanceusdm", **settings)
        assert exchange.mode is mode
        exchange.close()


@pytest.mark.scenario(66)
@pytest.mark.parametrize(
    ("exchange_id", "lead_astray"),
    [
        ("okx", lambda client: client.set_sandbox_mode(True)),
        ("binance", lambda client: client.set_sandbox_mode(True)),
        ("bybit", lambda client: client.enable_demo_trading(True)),
    ],
)
def test_a_client_that_was_led_into_the_sandbox_is_no_live_account(exchange_id: str, lead_astray: Any) -> None:
    settings = ExchangeSettings(exchange=exchange_id, market_type="spot")
    with pytest.raises(ConfigError, match=r"was to be the live one.*set sandbox=True"):
        build_client(settings, ExchangeCredentials(values={}), lead_astray)
