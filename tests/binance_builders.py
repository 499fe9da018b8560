"""The embedded exchange in its Binance dialect, and unmodified ccxt clients of it."""

from collections.abc import Callable
from typing import Any

import ccxt
from venue_clock import VenueClock

from crashdesk.clock import Clock
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings

BTC, ETH, SOL = "BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-key", secret="bot-secret")
HUMAN = Credentials(api_key="human-key", secret="human-secret")
VIEWER = Credentials(api_key="viewer-key", secret="viewer-secret", can_trade=False)
HEDGER = Credentials(api_key="hedger-key", secret="hedger-secret", account="hedger")
CREDENTIALS = (BOT, HUMAN, VIEWER, HEDGER)
ORDER_PATH = "/fapi/v1/order"


def new_client(credentials: Credentials, url: str, now_ns: Callable[[], int], **options: Any) -> Any:
    """A ccxt client that is led to the embedded exchange."""
    client = ccxt.binanceusdm(
        {
            "apiKey": credentials.api_key,
            "secret": credentials.secret,
            "timeout": 400,
            "options": {**demo_client_options(), **options},
        }
    )
    client.number = str
    mount_loopback(client, url, now_ns=now_ns)
    return client


def fill_order(exchange: EmbeddedExchange, client: Any, side: str, amount: str, symbol: str = BTC) -> dict[str, Any]:
    """A market order, which fills at once; as ccxt tells it."""
    return dict(client.create_order(symbol, "market", side, amount))


def open_exchange(
    venue: EmbeddedExchange, keys: Credentials, clock: Clock | None = None, **settings: Any
) -> CcxtExchange:
    """An account on it, as the product reads it."""
    return CcxtExchange(
        ExchangeSettings(**{"exchange": "binanceusdm", "account": "main", **settings}),
        ExchangeCredentials(values={"apiKey": keys.api_key, "secret": keys.secret}),
        clock=clock or VenueClock(venue),
        prepare=lambda client: mount_loopback(client, venue.url, now_ns=venue.now_ns),
    )
