"""ccxt's unified records of orders, as far as a test wants them."""

from typing import Any

from crashdesk.exchange.ccxt_parse import parse_order
from crashdesk.exchange.records import Namespace

BTC = "BTC/USDT:USDT"


def order(namespace: Namespace = Namespace.NORMAL, info: dict[str, Any] | None = None, **fields: Any) -> Any:
    """An order as ccxt tells it, made ours."""
    raw = {
        "id": "1",
        "clientOrderId": None,
        "symbol": BTC,
        "type": "limit",
        "side": "buy",
        "status": "open",
        "price": "60000",
        "amount": "0.01",
        "filled": "0",
        "timestamp": 1767225600123,
        "info": info or {},
        **fields,
    }
    return parse_order(raw, namespace)


def conditional(order_type: str, info: dict[str, Any] | None = None, **fields: Any) -> Any:
    """A conditional order of Binance as ccxt tells it, made ours."""
    return order(Namespace.CONDITIONAL, {"orderType": order_type, "algoStatus": "NEW", **(info or {})}, **fields)
