"""What a bot's store must hold, as a plain model."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from strategies import account, order, position

from crashdesk import LiveState, SystemState
from crashdesk.state import AccountState, OrderState, PositionState, StrategyState

Content = tuple[object, ...]
Single = tuple[str, int]


def content(state: SystemState) -> Content:
    """A state without its time and the order of its records."""
    return (
        state.account,
        frozenset(state.open_orders),
        frozenset(state.positions),
        frozenset(state.strategy_states or ()),
    )


class Plain(NamedTuple):
    """The model: what a state holds, by kind and id; values are the numbers of the changes that put them."""

    held: tuple[tuple[Single, int], ...] = ()

    def after(self, single: Single, number: int) -> Plain:
        kind, slot = single
        held = dict(self.held)
        if kind.startswith("remove"):
            held.pop((kind.replace("remove", "put"), slot), None)
        else:
            held[(kind, 0 if kind == "account" else slot)] = number
        return Plain(tuple(sorted(held.items())))

    def content(self) -> Content:
        held = dict(self.held)
        money = held.get(("account", 0))
        return (
            plain_account(money) if money is not None else LiveState().account,
            frozenset(plain_order(slot, number) for (kind, slot), number in self.held if kind == "put order"),
            frozenset(plain_position(slot, number) for (kind, slot), number in self.held if kind == "put position"),
            frozenset(
                StrategyState(name=f"s{slot}", state_data=b"%d" % number)
                for (kind, slot), number in self.held
                if kind == "strategy"
            ),
        )


def plain_order(slot: int, number: int) -> OrderState:
    return order(id=f"o{slot}", client_order_id=f"c{number}", created_at=number)


def plain_position(slot: int, number: int) -> PositionState:
    return position(id=f"p{slot}", opened_at=number)


def plain_account(number: int) -> AccountState:
    return account(equity=Decimal(number))
