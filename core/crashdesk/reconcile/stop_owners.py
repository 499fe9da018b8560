"""Whose the stops of a position are: whoever placed one may take it away."""

from __future__ import annotations

import enum
from collections.abc import Collection

from crashdesk.reconcile.records import OrderVerdictKind, Plan, PositionVerdict

_NOT_OURS = frozenset({OrderVerdictKind.FOREIGN, OrderVerdictKind.AMBIGUOUS})


class StopOwner(enum.Enum):
    """Whose the stops are that cover a position."""

    BOT = "bot"
    """All of them the bot's own; or there are none."""
    OTHERS = "others"
    """None of them the bot's."""
    UNPROVEN = "unproven"
    """Of none it is proved that it is the bot's."""
    MIXED = "mixed"
    """Some are the bot's own, some may not be."""


_WORDS = {
    StopOwner.BOT: "{0}",
    StopOwner.OTHERS: "{0}, by an order that is not the bot's",
    StopOwner.UNPROVEN: "{0}, by an order that may not be the bot's",
    StopOwner.MIXED: "{0}, a part of it by an order that may not be the bot's",
}


def stop_owner(verdict: PositionVerdict, plan: Plan, adopted: Collection[str] = ()) -> StopOwner:
    """Whose the stops are that cover a position of `plan`; the orders with the keys `adopted` are the bot's own now."""
    if verdict.stops is None or not verdict.stops.covered:
        return StopOwner.BOT
    found = [(key, plan.stop_by_key.get(key)) for key in verdict.stops.orders]
    # What no verdict speaks of is not proved; a plan of an older version names none of its stops.
    kinds = [
        OrderVerdictKind.MATCHED if key in adopted else each.kind if each is not None else OrderVerdictKind.AMBIGUOUS
        for key, each in found
    ]
    if kinds and not any(kind in _NOT_OURS for kind in kinds):
        return StopOwner.BOT
    if kinds and all(kind is OrderVerdictKind.FOREIGN for kind in kinds):
        return StopOwner.OTHERS
    return StopOwner.UNPROVEN if all(kind in _NOT_OURS for kind in kinds) else StopOwner.MIXED


def with_owner(text: str, owner: StopOwner) -> str:
    """The words on the stops of a position, with whose they are where they may not be the bot's."""
    return _WORDS[owner].format(text)
