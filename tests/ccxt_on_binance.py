"""CcxtExchange and a trader of the same account, both on the embedded exchange over loopback."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ccxt
from binance_builders import CREDENTIALS, open_exchange

from crashdesk.demo.transport import mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.records import Namespace, OrderRef

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
# As long as real ones are, so that no text holds them by chance.
BOT = Credentials(api_key="bot-api-key-1a2b3c", secret="bot-secret-4d5e6f")
VIEWER = Credentials(api_key="viewer-api-key-9z", secret="viewer-secret-8y", can_trade=False)
HEDGER = Credentials(api_key="hedger-api-key-7x", secret="hedger-secret-6w", account="hedger")
KNOWN_KEYS = (*CREDENTIALS, BOT, VIEWER, HEDGER)
NORMAL_PATH, CONDITIONAL_PATH = "/fapi/v1/order", "/fapi/v1/algoOrder"
SECONDS_TO_WAIT = 5.0
Open = Callable[..., CcxtExchange]


@contextmanager
def opened_accounts(venue: EmbeddedExchange) -> Iterator[Open]:
    """Opens accounts of the exchange, as the product reads them, and closes them in the end."""
    opened: list[CcxtExchange] = []

    def open_one(keys: Credentials = BOT, **settings: Any) -> CcxtExchange:
        exchange = open_exchange(venue, keys, **settings)
        opened.append(exchange)
        return exchange

    yield open_one
    for exchange in opened:
        exchange.close()


def new_trader(venue: EmbeddedExchange, keys: Credentials) -> Any:
    """A client of the same account, which trades beside the product."""
    client = ccxt.binanceusdm({"apiKey": keys.api_key, "secret": keys.secret, "options": {"fetchCurrencies": False}})
    mount_loopback(client, venue.url, now_ns=venue.now_ns)
    return client


def rest(trader: Any, price: str = "60000", **params: Any) -> OrderRef:
    """A resting buy order."""
    made = trader.create_order(BTC, "limit", "buy", "0.01", price, params)
    return OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=made["id"], client_order_id=made["clientOrderId"])


def stop(trader: Any, trigger: str = "60000", price: str | None = None, **params: Any) -> OrderRef:
    """A reduce-only stop; a limit order once it triggers where it has a `price`."""
    kind = "market" if price is None else "limit"
    extra = {"stopLossPrice": trigger, "reduceOnly": True, **params}
    made = trader.create_order(BTC, kind, "sell", "0.01", price, extra)
    return OrderRef(symbol=BTC, namespace=Namespace.CONDITIONAL, id=made["id"], client_order_id=made["clientOrderId"])


def wait_until(true: Callable[[], object]) -> None:
    """Returns as soon as it is true; fails where that takes too long."""
    end = time.monotonic() + SECONDS_TO_WAIT
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
