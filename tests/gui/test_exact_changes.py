"""A change of equity in History is exact to its last digit, however many there are."""

from decimal import Decimal
from types import SimpleNamespace

from crashdesk_gui.checkpoint_rows import CheckpointRows

BEFORE = Decimal("0.000000000000000001")
NOW = Decimal("123456789012345678.123456789012345678")


def test_the_change_of_equity_is_told_to_its_last_digit() -> None:
    account = SimpleNamespace(exact_equity=[BEFORE, NOW].__getitem__)
    rows = SimpleNamespace(places=[0, 1], _before=[-1, 0], account=account)
    assert CheckpointRows.equity_change(rows, 1) == Decimal("123456789012345678.123456789012345677")  # type: ignore[arg-type]
