"""An account in trouble that is recovered from the command line."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import strategies as make
from command_line import make_store

from crashdesk.config import AccountMode
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange

BTC = "BTC/USDT:USDT"
HOUR_S = 3600


class Account:
    """A store whose exchange is the embedded one, in real time, with one known order and three unknown ones."""

    def __init__(self, directory: Path, venue: EmbeddedExchange) -> None:
        self.venue = venue
        self.trader: Any = ccxt.binanceusdm({"apiKey": BOT_KEY, "secret": BOT_SECRET, "options": demo_client_options()})
        mount_loopback(self.trader, venue.url, now_ns=venue.now_ns)
        known = self.rest("grid-1", "60000")
        self.orphan = self.rest("grid-2", "59000")
        self.manual = self.rest("web_1", "58000")
        venue.advance(HOUR_S)
        venue.follow_real_time()
        self.known = known
        self.store = make_store(
            directory,
            make.state(
                positions=(),
                open_orders=(
                    make.order(id=known, client_order_id="grid-1", price=Decimal(60000), quantity=Decimal("0.01")),
                    make.order(id="99", client_order_id="grid-99"),
                ),
            ),
            endpoint=venue.url,
            mode=AccountMode.SANDBOX,
            client_order_id_prefix="grid-",
        )

    def rest(self, client_order_id: str, price: str) -> str:
        params = {"clientOrderId": client_order_id}
        return str(self.trader.create_order(BTC, "limit", "buy", "0.01", price, params)["id"])

    def open(self) -> set[str]:
        return {order.id for order in self.venue.ledger().open_orders}

    def deletes(self) -> int:
        return self.venue.request_count("DELETE", "/fapi/v1/order", received=True)


def exchange_in_the_past(*credentials: Credentials) -> EmbeddedExchange:
    return EmbeddedExchange(seed=7, start_ns=time.time_ns() - HOUR_S * 10**9, credentials=credentials)
