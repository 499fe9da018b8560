"""What remains of an order is exact, however many digits its amount has."""

from decimal import Decimal

import pytest
from orphan_incident import live

AMOUNT = Decimal("123456789012.123456789012345678")


@pytest.mark.parametrize(
    ("filled", "remaining"),
    [("0", "123456789012.123456789012345678"), ("0.000000000000000001", "123456789012.123456789012345677")],
)
def test_what_remains_is_not_rounded(filled: str, remaining: str) -> None:
    assert str(live("1", 0, amount=AMOUNT, filled=Decimal(filled)).remaining) == remaining
