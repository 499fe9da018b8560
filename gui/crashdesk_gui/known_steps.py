"""What the journal's changes behind a checkpoint made of it, each at its own time."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from crashdesk import Side, SystemState
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import decode_account, decode_position
from crashdesk.state import PositionState

Steps = tuple[tuple[int, Decimal], ...]
"""From when a value held, UNIX nanoseconds, ascending."""
Leg = tuple[str, Side]
ZERO = Decimal(0)


class KnownSteps(msgspec.Struct, frozen=True, kw_only=True):
    """The values that changed, each from when it held on; `legs` are symbol, side and signed quantities (short is negative).

    `counts` tell how many changes there were by when.
    """

    legs: tuple[tuple[str, Side, Steps], ...] = ()
    equity: Steps = ()
    unrealized: Steps = ()
    counts: tuple[tuple[int, int], ...] = ()

    def of_leg(self, symbol: str, side: Side) -> Steps:
        """Those of one leg."""
        return next((steps for name, each, steps in self.legs if (name, each) == (symbol, side)), ())


def signed_legs(positions: Iterable[PositionState]) -> dict[Leg, Decimal]:
    """What positions come to, by symbol and side."""
    totals: dict[Leg, Decimal] = {}
    for each in positions:
        signed = each.quantity if each.side is Side.BUY else each.quantity.copy_negate()
        key = (each.symbol, each.side)
        totals[key] = totals[key] + signed if key in totals else signed
    return totals


def known_steps(state: SystemState, changes: Iterable[tuple[int, Change]]) -> KnownSteps:
    """What changes, with the moments at which they became durable, made of a state. Raises CodecError, UnicodeDecodeError."""
    following, moment, count = _Following(state), state.timestamp, 0
    for at, change in changes:
        # What became durable together is one step. A clock that went back takes none of it back.
        if at > moment:
            following.note(moment, count)
            moment = at
        following.take(change)
        count += 1
    following.note(moment, count)
    return following.steps()


class _Following:
    """A state's positions and account while changes are applied, and what was noted of them."""

    def __init__(self, state: SystemState) -> None:
        self._positions = {each.id: each for each in state.positions}
        self._account = state.account
        self._legs = signed_legs(state.positions)
        self._figures = (state.account.equity, state.account.unrealized_pnl)
        self._moved = False
        self._by_leg: dict[Leg, list[tuple[int, Decimal]]] = {}
        self._of_account: tuple[list[tuple[int, Decimal]], list[tuple[int, Decimal]]] = ([], [])
        self._counts: list[tuple[int, int]] = []

    def take(self, change: Change) -> None:
        match change.kind:
            case ChangeKind.POSITION:
                position = decode_position(change.body)
                self._positions[position.id] = position
                self._moved = True
            case ChangeKind.POSITION_GONE:
                self._positions.pop(change.body.decode(), None)
                self._moved = True
            case ChangeKind.ACCOUNT:
                self._account = decode_account(change.body)

    def note(self, at: int, count: int) -> None:
        """Write down what is another value now."""
        if not count or (self._counts and self._counts[-1][1] == count):
            return
        self._counts.append((at, count))
        if self._moved:
            self._moved = False
            legs = signed_legs(self._positions.values())
            for key in {**self._legs, **legs}:
                value = legs.get(key, ZERO)
                if value != self._legs.get(key, ZERO):
                    self._by_leg.setdefault(key, []).append((at, value))
            self._legs = legs
        figures = self._account.equity, self._account.unrealized_pnl
        for noted, value, before in zip(self._of_account, figures, self._figures, strict=True):
            if value != before:
                noted.append((at, value))
        self._figures = figures

    def steps(self) -> KnownSteps:
        equity, unrealized = self._of_account
        return KnownSteps(
            legs=tuple((symbol, side, tuple(noted)) for (symbol, side), noted in self._by_leg.items()),
            equity=tuple(equity),
            unrealized=tuple(unrealized),
            counts=tuple(self._counts),
        )
