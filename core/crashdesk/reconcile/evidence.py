"""Facts that an operator can check, and the words for what each side says of an order."""

from __future__ import annotations

import enum
from decimal import Decimal

import msgspec

from crashdesk.contracts import Contract, amount_text
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.order_prices import noted_price_text, price_text
from crashdesk.state import OrderState
from crashdesk.storage.journal_records import Intent


class Source(enum.Enum):
    """Where a piece of evidence comes from."""

    CHECKPOINT = "checkpoint"
    JOURNAL = "journal"
    EXCHANGE = "exchange"
    RULE = "rule"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fact that an operator can check; `at` is when it was true, UNIX nanoseconds.

    `template` is English with named places, `values` fills them: so that a desk can show it in another language.
    """

    source: Source
    template: str
    values: dict[str, str] = {}
    at: int | None = None

    @property
    def text(self) -> str:
        """The fact in English."""
        return self.template.format(**self.values)


def fact(source: Source, template: str, at: int | None = None, **values: object) -> Evidence:
    """Evidence from a template and its values."""
    return Evidence(
        source=source, template=template, at=at, values={name: str(value) for name, value in values.items()}
    )


def recorded(order: OrderState, at: int, contract: Contract | None = None) -> Evidence:
    """What the recovered state says of an order."""
    return fact(
        Source.CHECKPOINT,
        "Known: {side} {quantity} at {price}, {filled} filled, {status}.",
        at,
        side=order.side.value,
        quantity=amount_text(order.quantity, contract),
        price=price_text(order),
        filled=order.filled_quantity,
        status=order.status.value.replace("_", " "),
    )


def seen_open(order: ExchangeOrder, at: int, contract: Contract | None = None) -> Evidence:
    """What the exchange says of an open order."""
    return fact(
        Source.EXCHANGE,
        "Open on the exchange: {side} {amount} at {price}, {filled} filled.",
        at,
        side=order.side.value,
        amount=amount_or_unstated(order.amount, contract),
        price=price_text(order),
        filled=or_unstated(order.filled),
    )


def intended_price(intent: Intent) -> str:
    """At what price the bot was about to trade; an order that names none is at the market only where its type says so."""
    return noted_price_text(intent.price, intent.order_type)


def intended_amount(intent: Intent, contract: Contract | None = None) -> str:
    """How much the bot was about to trade."""
    return amount_text(intent.quantity, contract) if intent.quantity else "an unstated amount"


def amount_or_unstated(amount: Decimal | None, contract: Contract | None) -> str:
    """The amount with what it counts, or that the exchange does not say it."""
    return "unstated" if amount is None else amount_text(amount, contract)


def or_unstated(value: Decimal | None) -> str:
    """The number, or that the exchange does not say it."""
    return "unstated" if value is None else str(value)
