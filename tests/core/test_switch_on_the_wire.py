"""The dead man's switch of each exchange: what is sent, and that it fires, through HTTP."""

from __future__ import annotations

from typing import Any

import ccxt
import pytest
from okx_builders import BOT, START_NS, new_client, okx_venue, open_exchange, rest
from recovery_builders import BTC
from venue_clock import VenueClock

from crashdesk.connections import open_store_exchange
from crashdesk.demo.setting import Setting
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import EmbeddedExchange, LedgerStatus, Namespace
from crashdesk.errors import ExchangeUnsupported
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.exchange.ccxt_cancel_after import arm_cancel_all_after
from crashdesk.exchange.ccxt_scopes import profile_of


class Wire:
    """A ccxt client with one market, whose requests are kept instead of sent."""

    def __init__(self, exchange: str, market_type: str, symbol: str, market_id: str, **market: Any) -> None:
        self.client: Any = getattr(ccxt, exchange)({"apiKey": "key", "secret": "c2VjcmV0", "password": "p"})
        self.client.enableRateLimit = False
        self.sent: list[tuple[str, str]] = []
        fields = {"id": market_id, "symbol": symbol, "type": market_type, market_type: True, "active": True} | market
        self.client.set_markets([self.client.safe_market_structure(fields)])
        self.client.fetch = self._keep
        self.profile = profile_of(self.client, market_type)

    def _keep(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> dict[str, Any]:
        self.sent.append((f"{method} {url}", str(body)))
        return {}

    def arm(self, seconds: float, *symbols: str) -> CancelAllAfter:
        return arm_cancel_all_after(self.client, self.profile, seconds, symbols)


@pytest.mark.parametrize(
    ("wire", "symbols", "path", "field"),
    [
        (
            ("binanceusdm", "swap", BTC, "BTCUSDT", {"linear": True, "contract": True}),
            [BTC],
            "fapi/v1/countdownCancelAll",
            "countdownTime={1}",
        ),
        (
            ("binancecoinm", "swap", "BTC/USD:BTC", "BTCUSD_PERP", {"inverse": True, "contract": True}),
            ["BTC/USD:BTC"],
            "dapi/v1/countdownCancelAll",
            "countdownTime={1}",
        ),
        (
            ("gate", "swap", BTC, "BTC_USDT", {"settle": "USDT", "linear": True, "contract": True}),
            [BTC],
            "futures/usdt/countdown_cancel_all",
            '"timeout":"{0}"',
        ),
        (("okx", "swap", BTC, "BTC-USDT-SWAP", {}), [], "trade/cancel-all-after", '"timeOut":{0}'),
        (("kraken", "spot", "BTC/USD", "XXBTZUSD", {}), [], "CancelAllOrdersAfter", "timeout={0}"),
        (("krakenfutures", "swap", BTC, "PF_XBTUSD", {}), [], "cancelallordersafter", "timeout={0}"),
    ],
)
def test_it_is_armed_where_the_exchange_has_one(
    wire: tuple[str, str, str, str, dict[str, Any]], symbols: list[str], path: str, field: str
) -> None:
    made = Wire(*wire[:4], **wire[4])
    assert made.arm(60, *(symbols or [BTC])).symbols == tuple(symbols)
    made.arm(0, *(symbols or [BTC]))
    for (request, body), seconds in zip(made.sent, (60, 0), strict=True):
        assert path in request
        assert field.format(seconds, seconds * 1000) in request + body


@pytest.mark.parametrize("exchange", ["bybit", "hyperliquid", "bitvavo", "coinbase", "htx"])
def test_where_there_is_none_to_rely_on_it_is_refused_before_anything_is_sent(exchange: str) -> None:
    made = Wire(exchange, "swap", BTC, "BTCUSDT")
    with pytest.raises(ExchangeUnsupported, match="Orders stay as they are when the bot dies"):
        made.arm(60, BTC)
    assert made.sent == []


def truth(venue: EmbeddedExchange, order_id: str) -> LedgerStatus:
    order = venue.ledger().order(order_id, Namespace.NORMAL)
    assert order is not None
    return order.status


def test_it_fires_and_is_disarmed_through_http() -> None:
    """The embedded exchange in OKX's dialect, through the unmodified client."""
    with okx_venue() as venue:
        trader, exchange = new_client(BOT, venue.url, venue.now_ns), open_exchange(venue)
        order = rest(trader)
        assert exchange.arm_cancel_all_after(20, ()) == CancelAllAfter()
        venue.advance(15)
        exchange.arm_cancel_all_after(20, ())
        venue.advance(15)
        assert truth(venue, order) is LedgerStatus.OPEN
        exchange.arm_cancel_all_after(0, ())
        venue.advance(60)
        assert truth(venue, order) is LedgerStatus.OPEN
        exchange.arm_cancel_all_after(20, ())
        venue.advance(21)
        assert truth(venue, order) is LedgerStatus.CANCELLED
        exchange.close()
        trader.session.close()


def test_a_switch_for_one_symbol_leaves_the_others_through_http() -> None:
    """The embedded exchange in Binance's dialect, which has a switch for each symbol."""
    setting = Setting()
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=[setting.bot]) as venue:
        exchange = open_store_exchange(setting.manifest(venue.url), {}, clock=VenueClock(venue))
        client = ccxt.binanceusdm(
            {"apiKey": setting.bot.api_key, "secret": setting.bot.secret, "options": demo_client_options()}
        )
        mount_loopback(client, venue.url, now_ns=venue.now_ns)
        orders = {
            symbol: str(client.create_order(symbol, "limit", "buy", amount, price)["id"])
            for symbol, amount, price in (("BTC/USDT:USDT", "0.01", "50000"), ("ETH/USDT:USDT", "0.1", "2500"))
        }
        armed = exchange.arm_cancel_all_after(20, ["BTC/USDT:USDT"])
        assert armed.symbols == ("BTC/USDT:USDT",)
        venue.advance(15)
        exchange.arm_cancel_all_after(20, ["BTC/USDT:USDT"])
        venue.advance(15)
        assert truth(venue, orders["BTC/USDT:USDT"]) is LedgerStatus.OPEN
        venue.advance(10)
        assert truth(venue, orders["BTC/USDT:USDT"]) is LedgerStatus.CANCELLED
        assert truth(venue, orders["ETH/USDT:USDT"]) is LedgerStatus.OPEN
        exchange.arm_cancel_all_after(20, ["ETH/USDT:USDT"])
        exchange.arm_cancel_all_after(0, ["ETH/USDT:USDT"])
        venue.advance(60)
        assert truth(venue, orders["ETH/USDT:USDT"]) is LedgerStatus.OPEN
        exchange.close()
        client.session.close()


def test_a_switch_for_each_symbol_wants_symbols() -> None:
    made = Wire("binanceusdm", "swap", BTC, "BTCUSDT", linear=True, contract=True)
    with pytest.raises(ExchangeUnsupported, match="name the symbols"):
        made.arm(60)
    assert made.sent == []
