"""The embedded exchange in its OKX dialect, and unmodified ccxt clients of it."""

from collections.abc import Callable
from typing import Any

import ccxt
from embedded_clients import ids
from venue_clock import VenueClock

from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, Dialect, EmbeddedExchange
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings

BTC, ETH, SOL = "BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-key", secret="bot-secret", passphrase="bot-phrase")
HUMAN = Credentials(api_key="human-key", secret="human-secret", passphrase="human-phrase")
VIEWER = Credentials(api_key="viewer-key", secret="viewer-secret", passphrase="viewer-phrase", can_trade=False)
CREDENTIALS = (BOT, HUMAN, VIEWER)
PLACE, CANCEL = "/api/v5/trade/batch-orders", "/api/v5/trade/cancel-order"
CANCEL_ALGOS = "/api/v5/trade/cancel-algos"


def okx_venue(**changes: Any) -> EmbeddedExchange:
    """A running exchange that speaks OKX's API."""
    settings = {"seed": 7, "start_ns": START_NS, "credentials": CREDENTIALS, "dialect": Dialect.OKX}
    return EmbeddedExchange(**{**settings, **changes})


def new_client(credentials: Credentials, url: str, now_ns: Callable[[], int], **changes: Any) -> Any:
    """A ccxt client that is led to the embedded exchange."""
    client = ccxt.okx(
        {
            "apiKey": credentials.api_key,
            "secret": credentials.secret,
            "password": credentials.passphrase,
            "timeout": 400,
            "options": {**demo_client_options(), "defaultType": "swap"},
            **changes,
        }
    )
    client.number = str
    mount_loopback(client, url, now_ns=now_ns)
    return client


def open_exchange(venue: EmbeddedExchange, **settings: Any) -> CcxtExchange:
    """The bot's account on it, as the product reads it."""
    return CcxtExchange(
        ExchangeSettings(**{"exchange": "okx", "account": "main", **settings}),
        ExchangeCredentials(values={"apiKey": BOT.api_key, "secret": BOT.secret, "password": BOT.passphrase}),
        clock=VenueClock(venue),
        prepare=lambda client: mount_loopback(client, venue.url, now_ns=venue.now_ns),
    )


def rest(client: Any, price: str = "60000", amount: str = "1", **params: Any) -> str:
    """A resting buy order; its id."""
    return str(client.create_order(BTC, "limit", "buy", amount, price, params)["id"])


def conditional(client: Any, side: str, kind: str = "market", price: str | None = None, **params: Any) -> str:
    """A conditional order of one contract; its id."""
    return str(client.create_order(BTC, kind, side, "1", price, params)["id"])


def pending(client: Any, kinds: str) -> list[str]:
    """The ids of the open conditional orders of those kinds."""
    return ids(client.fetch_open_orders(None, None, None, {"trigger": True, "ordType": kinds}))
