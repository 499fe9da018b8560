"""What differs between two states, row by row."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import msgspec

from crashdesk.state import AccountState, OrderState, PositionState, StrategyState, SystemState


class Change(enum.Enum):
    """What happened to a record between the old and the new state."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Section(enum.Enum):
    """Which part of the state a record belongs to."""

    ACCOUNT = "account"
    POSITIONS = "positions"
    ORDERS = "orders"
    STRATEGIES = "strategies"


class DifferenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One field that differs; for a record added or removed, one row with an empty `field` and the record in words.

    `key` is the record's id, `symbol` its symbol where it has one; `old` and `new` are exact texts.
    """

    section: Section
    change: Change
    key: str
    symbol: str = ""
    field: str = ""
    old: str = ""
    new: str = ""


def difference(old: SystemState, new: SystemState) -> tuple[DifferenceRow, ...]:
    """Every difference, account first, then positions, orders and strategies, each by id; equal states give none."""
    rows: list[DifferenceRow] = []
    rows += _changed(Section.ACCOUNT, "account", old.account, new.account)
    rows += _compare(Section.POSITIONS, {p.id: p for p in old.positions}, {p.id: p for p in new.positions})
    rows += _compare(Section.ORDERS, {o.id: o for o in old.open_orders}, {o.id: o for o in new.open_orders})
    rows += _compare(
        Section.STRATEGIES,
        {s.name: s for s in old.strategy_states or ()},
        {s.name: s for s in new.strategy_states or ()},
    )
    return tuple(rows)


_Record = AccountState | PositionState | OrderState | StrategyState


def _compare(section: Section, old: Mapping[str, _Record], new: Mapping[str, _Record]) -> list[DifferenceRow]:
    rows: list[DifferenceRow] = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before is None and after is not None:
            rows.append(
                DifferenceRow(section=section, change=Change.ADDED, key=key, symbol=_symbol(after), new=in_words(after))
            )
        elif after is None and before is not None:
            rows.append(
                DifferenceRow(
                    section=section, change=Change.REMOVED, key=key, symbol=_symbol(before), old=in_words(before)
                )
            )
        elif before is not None and after is not None and before != after:
            rows += _changed(section, key, before, after)
    return rows


def _changed(section: Section, key: str, old: _Record, new: _Record) -> list[DifferenceRow]:
    return [
        DifferenceRow(
            section=section,
            change=Change.CHANGED,
            key=key,
            symbol=_symbol(new),
            field=name,
            old=_text(getattr(old, name)),
            new=_text(getattr(new, name)),
        )
        for name in new.__struct_fields__
        if getattr(old, name) != getattr(new, name)
    ]


def _symbol(record: _Record) -> str:
    return record.symbol if isinstance(record, PositionState | OrderState) else ""


def _text(value: object) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return "" if value is None else str(value)


def in_words(record: _Record) -> str:
    """One record in a line."""
    match record:
        case PositionState():
            return f"{record.side.leg} {record.quantity} at {record.entry_price}"
        case OrderState():
            price = "market" if record.price is None else record.price
            return f"{record.side.value} {record.quantity} at {price}, {record.filled_quantity} filled"
        case StrategyState():
            return f"{len(record.state_data)} bytes"
        case _:
            return f"equity {record.equity}"
