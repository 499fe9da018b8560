"""Unmodified ccxt clients of the embedded exchange, whatever its dialect, and what its ledger says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from crashdesk.demo.venue import Credentials, EmbeddedExchange, LedgerStatus, Namespace

Connect = Callable[..., Any]


@contextmanager
def opened_clients(exchange: EmbeddedExchange, new_client: Connect, first: Credentials) -> Iterator[Connect]:
    """Opens clients of the exchange, with the keys `first` where none are named, and closes them in the end."""
    opened = []

    def open_client(credentials: Credentials = first, to: EmbeddedExchange = exchange, **changes: Any) -> Any:
        client = new_client(credentials, to.url, to.now_ns, **changes)
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.session.close()


def ids(orders: list[dict[str, Any]]) -> list[str]:
    """The ids of ccxt's orders."""
    return [order["id"] for order in orders]


def status_of(exchange: EmbeddedExchange, order_id: str, namespace: Namespace = Namespace.NORMAL) -> LedgerStatus:
    """What the ledger says of an order."""
    order = exchange.ledger().order(order_id, namespace)
    assert order is not None
    return order.status
