"""The careful reader: one field at a time, and every complaint names the byte.

It decides what a checkpoint may hold. The loops of `crashdesk.codec.read` are a faster way to the same answer for what
records usually are, and hand everything else over to this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from crashdesk.codec.layout import ORDER_TYPES, SIDES, STATUSES, canonical
from crashdesk.errors import MalformedCheckpoint, StateError
from crashdesk.state import (
    AccountState,
    OrderState,
    OrderType,
    PositionState,
    Side,
    StrategyState,
    check_position,
)

_Choice = TypeVar("_Choice")


class FieldReader:
    """Reads `body` from byte `at` on; every method raises MalformedCheckpoint and nothing else."""

    def __init__(self, body: bytes, at: int = 0) -> None:
        self.body = body
        self.at = at

    @property
    def left(self) -> int:
        """How many bytes were not read yet."""
        return len(self.body) - self.at

    def count(self, least: int, label: str) -> int:
        """A record count, refused where that many records of `least` bytes cannot follow."""
        start = self.at + 4
        count = int.from_bytes(self.body[self.at : start], "little")
        left = len(self.body) - start
        if count * least > left or left < 0:
            raise MalformedCheckpoint(f"{count} {label} cannot be in the {max(left, 0)} bytes that are left")
        self.at = start
        return count

    def account(self) -> AccountState:
        """The account."""
        return AccountState(
            equity=self.amount(),
            balance=self.amount(),
            available=self.amount(),
            margin_used=self.amount(),
            unrealized_pnl=self.amount(),
        )

    def position(self) -> PositionState:
        """One position."""
        start = self.at
        position = PositionState(
            id=self.text(),
            symbol=self.text(),
            side=self.side(),
            quantity=self.amount(),
            entry_price=self.amount(),
            unrealized_pnl=self.amount(),
            opened_at=self._instant(),
        )
        try:
            check_position(position)
        except StateError as error:
            raise MalformedCheckpoint(f"the record at byte {start} cannot be: {error}") from None
        return position

    def order(self) -> OrderState:
        """One order."""
        return OrderState(
            id=self.text(),
            client_order_id=self.text(),
            symbol=self.text(),
            side=self.side(),
            order_type=self._order_type(),
            quantity=self.amount(),
            filled_quantity=self.amount(),
            price=self.amount() if self.has_price() else None,
            status=self._member(STATUSES, "order status"),
            created_at=self._instant(),
        )

    def strategy(self) -> StrategyState:
        """One strategy's state."""
        name = self.text()
        return StrategyState(name=name, state_data=self._take(int.from_bytes(self._take(4), "little")))

    def text(self) -> str:
        """A text of any characters."""
        raw = self._field()
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise MalformedCheckpoint(f"the text that ends at byte {self.at} is not UTF-8") from None

    def amount(self) -> Decimal:
        """A finite decimal in its one canonical form."""
        start = self.at
        text = self.text()
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise MalformedCheckpoint(f"the amount {_shown(text)} at byte {start} is no decimal number") from None
        if not value.is_finite() or canonical(value) != text:
            raise MalformedCheckpoint(f"the amount {_shown(text)} at byte {start} is not in canonical decimal form")
        return value

    def side(self) -> Side:
        """Of an order or a position."""
        return self._member(SIDES, "side")

    def has_price(self) -> bool:
        """Whether an order's price follows."""
        return self._member((False, True), "price flag")

    def skip(self, size: int) -> None:
        """Leave out `size` bytes, which must be there."""
        self._take(size)

    def skip_field(self) -> None:
        """Leave out a text or an amount without looking at it."""
        self._field()

    def finish(self, before: str) -> None:
        """Nothing may be left."""
        if self.left:
            raise MalformedCheckpoint(f"{self.left} bytes too many stand before {before}")

    def _field(self) -> bytes:
        start = self.at + 2
        end = start + int.from_bytes(self.body[self.at : start], "little")
        if end > len(self.body):
            raise MalformedCheckpoint(f"the text at byte {self.at} would end at byte {end}, beyond the content")
        self.at = end
        return self.body[start:end]

    def _take(self, size: int) -> bytes:
        start, end = self.at, self.at + size
        if end > len(self.body):
            raise MalformedCheckpoint(f"a field at byte {start} says {size} bytes; only {self.left} are left")
        self.at = end
        return self.body[start:end]

    def _instant(self) -> int:
        return int.from_bytes(self._take(8), "little", signed=True)

    def _member(self, members: Sequence[_Choice], label: str) -> _Choice:
        code = self._take(1)[0]
        if code >= len(members):
            raise MalformedCheckpoint(f"byte {self.at - 1}: {code} is no {label}")
        return members[code]

    def _order_type(self) -> OrderType:
        code = self._take(1)[0]
        if code not in ORDER_TYPES:
            raise MalformedCheckpoint(f"byte {self.at - 1}: {code} is no order type")
        return ORDER_TYPES[code]


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
