"""What the open orders in tests/exchange_answers say."""

from decimal import Decimal
from enum import Enum
from typing import Any

from expected_contract_orders import CONTRACTS
from order_in_facts import PARTLY, T0, T1, T2, T60, order

from crashdesk.exchange.records import ExchangeOrder


def order_facts(order: ExchangeOrder) -> dict[str, Any]:
    """Everything about an order in words; what the exchange does not say is left out."""
    told = {name: getattr(order, name) for name in order.__struct_fields__}
    words = {name: value.value if isinstance(value, Enum) else value for name, value in told.items()}
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in words.items()
        if value not in (None, "")
    }


SPOT: dict[str, list[dict[str, Any]]] = {
    # Orders as lists without names; amounts with a sign.
    "bitfinex": [
        order(
            "33962001001",
            "buy",
            "limit",
            T60,
            symbol="BTC/USDT",
            client_order_id="1573476747887",
            status=PARTLY,
            amount="0.5",
            filled="0.2",
            price="60000",
            average="60000",
        ),
        order(
            "33962001002",
            "sell",
            "stop",
            T1,
            symbol="BTC/USDT",
            client_order_id="1573476747888",
            amount="0.2",
            filled="0",
            trigger_price="50000",
        ),
    ],
    # Two pages; the second holds an order of a market that is not listed any more.
    "coinbase": [
        order(
            "0000-0001",
            "buy",
            "limit",
            T0 + 123,
            symbol="BTC/USDC",
            client_order_id="bot-1",
            status=PARTLY,
            amount="0.5",
            filled="0.1",
            price="60000.01",
            average="60000.01",
        ),
        order(
            "0000-0002",
            "sell",
            "stop_limit",
            T1,
            symbol="BTC/USDC",
            client_order_id="bot-2",
            amount="0.1",
            filled="0",
            price="49900",
            trigger_price="50000",
        ),
        order(
            "0000-0003",
            "buy",
            "limit",
            T2,
            symbol="DOGEOLD/USDC",
            amount="10",
            filled="0",
            price="0.1",
            known_market=False,
        ),
    ],
    # Times as fractions of seconds, 0 in place of a client id.
    "kraken": [
        order(
            "OAAAAA-BBBBB-CCCCC1",
            "buy",
            "limit",
            T0 + 123,
            symbol="BTC/USDT",
            status=PARTLY,
            amount="0.50000000",
            filled="0.10000000",
            price="60000.0",
            average="60000.0",
        ),
        order(
            "OAAAAA-BBBBB-CCCCC2",
            "sell",
            "stop",
            T1 + 500,
            symbol="BTC/USDT",
            client_order_id="bot-stop-1",
            amount="0.40000000",
            filled="0E-8",
            trigger_price="50000.0",
            reduce_only=True,
        ),
    ],
}

ORDERS = SPOT | CONTRACTS
