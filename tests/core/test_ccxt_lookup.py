"""CcxtExchange looks for one order: by either id, in its own namespace, and tells what became of it."""

from decimal import Decimal
from typing import Any

import pytest
from ccxt_on_binance import (
    BTC,
    NORMAL_PATH,
    rest,
    stop,
)

from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.records import LookupStatus, Namespace, OrderRef
from crashdesk.state import OrderStatus


def test_an_order_is_found_by_id_or_by_client_id_in_its_namespace(exchange: CcxtExchange, trader: Any) -> None:
    normal, conditional = rest(trader, clientOrderId="bot-1"), stop(trader, clientOrderId="bot-stop")

    for ref in (normal, conditional):
        nameless = OrderRef(symbol=BTC, namespace=ref.namespace, id="", client_order_id=ref.client_order_id)
        for asked in (ref, nameless):
            lookup = exchange.read_order(asked)
            assert lookup.status is LookupStatus.FOUND
            assert lookup.order is not None
            assert lookup.order.ref == ref


def test_an_id_of_the_other_namespace_is_absent(exchange: CcxtExchange, trader: Any) -> None:
    conditional = stop(trader)

    lookup = exchange.read_order(OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=conditional.id))

    assert lookup.status is LookupStatus.ABSENT
    assert lookup.reason == "OrderNotFound: Order does not exist. (-2013)"


@pytest.mark.scenario(1, 4)
def test_what_became_of_an_order_is_told(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any) -> None:
    filled, cancelled = rest(trader, "63000"), rest(trader, "50000")
    trader.cancel_order(cancelled.id, BTC)
    venue.push_price(BTC, Decimal(62000))

    orders = [exchange.read_order(ref).order for ref in (filled, cancelled)]

    assert [order.status for order in orders if order] == [OrderStatus.FILLED, OrderStatus.CANCELLED]
    assert [order.filled for order in orders if order] == [Decimal("0.01"), 0]


def test_a_triggered_order_tells_the_fate_of_the_order_that_it_placed(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "0.02")
    filled, resting = stop(trader, "63000"), stop(trader, "63000", "63500")
    venue.push_price(BTC, Decimal(62500))

    done, waiting = exchange.read_order(filled), exchange.read_order(resting)

    assert done.order is not None
    assert (done.order.status, done.order.filled) == (OrderStatus.FILLED, Decimal("0.01"))
    assert done.order.ref.id == filled.id
    assert waiting.order is not None
    assert (waiting.order.status, waiting.order.filled) == (OrderStatus.EXPIRED, 0)
    child = exchange.read_open_orders([]).orders[0]
    assert waiting.reason == f"its trigger fired and placed order {child.id}, which is open"


def test_a_triggered_order_whose_child_cannot_be_read_is_unknown(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "0.01")
    ref = stop(trader, "63000")
    venue.push_price(BTC, Decimal(62500))
    venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, method="GET", path=NORMAL_PATH))

    lookup = exchange.read_order(ref)

    assert lookup.status is LookupStatus.UNKNOWN
    assert "which could not be read" in lookup.reason
