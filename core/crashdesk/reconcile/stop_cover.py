"""Whether stops protect a position, in one judgement for every place that says it.

A bot that never uses stops must not be warned at every position, or nobody reads the warning that counts; and a position
without any stop may never look calmer than one with a part of it covered. So where the account knows no stops at all, that
there is none is said plainly, of every position alike. As soon as one stop is known or found there, each position that
lacks one is a warning, like one that is covered in part. The worst is a stop that should be there and is not: the last known
state or the journal has one for this very position. What was not read is unknown, never none.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import msgspec

from crashdesk.contracts import amount_text
from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot
from crashdesk.reconcile.legs import Leg
from crashdesk.reconcile.position_orders import StopCover
from crashdesk.reconcile.records import (
    IntentVerdict,
    IntentVerdictKind,
    PositionVerdict,
    PositionVerdictKind,
)
from crashdesk.state import OPEN_STATUSES, OrderType, Side, SystemState

STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
_STOP_WORDS = ("stop", "trail")


class StopJudgement(enum.Enum):
    """How a position stands with its stops; `mark` is the sign that goes before the words in plain text."""

    GONE = "gone"
    """None, though the last known state or the journal has one for it."""
    NONE = "none"
    """None, on an account where stops are used."""
    PART = "part"
    """They cover a part of it, and only a part."""
    UNKNOWN = "unknown"
    """Something that would tell was not read, or a stop does not say its amount."""
    UNUSED = "unused"
    """None, and none is known or found anywhere on the account."""
    ALL = "all"
    """They cover all of it."""

    @property
    def mark(self) -> str:
        """`✕ `, `! ` or `? ` for what wants a look; empty for what does not."""
        return {StopJudgement.GONE: "✕ ", StopJudgement.UNKNOWN: "? "}.get(self, "! " if self in _WARNINGS else "")

    @property
    def wants_a_look(self) -> bool:
        """Whether it is a trouble or a doubt; that an account uses no stops at all is neither."""
        return bool(self.mark)


_WARNINGS = frozenset({StopJudgement.NONE, StopJudgement.PART})


class StopsKnown(msgspec.Struct, frozen=True, kw_only=True):
    """Which position legs had a stop as far as the bot's own record tells, and whether the account has any stop at all."""

    legs: frozenset[Leg] = frozenset()
    anywhere: bool = False


NO_STOPS_KNOWN = StopsKnown()


def stops_known(state: SystemState, intents: Sequence[IntentVerdict], snapshot: ExchangeSnapshot) -> StopsKnown:
    """What the last known state, the orders that were about to be sent and the exchange tell of stops.

    A stop belongs to the leg that its side closes; one that opens the leg that it names, or is against no position, says
    nothing. Of the intents those count that never arrived: the bot took itself to be protected. What else became of one is no
    lack of today.
    """
    resting_stops = [each for each in snapshot.orders if each.order_type in STOPS and each.status in OPEN_STATUSES]
    opening = {(each.symbol, each.id) for each in resting_stops if _leg_closed(each) is None}
    legs = {
        (order.symbol, _closed_by(order.side))
        for order in state.open_orders
        if order.order_type in STOPS
        and order.status in OPEN_STATUSES
        # A record of the state names no leg; the same order on the exchange may.
        and (order.symbol, order.id) not in opening
    }
    for each in intents:
        word = each.intent.order_type.lower()
        lost = each.kind is IntentVerdictKind.NEVER_ARRIVED and each.intent.side in ("buy", "sell")
        if lost and any(part in word for part in _STOP_WORDS):
            legs.add((each.intent.symbol, _closed_by(Side(each.intent.side))))
    held = {(position.symbol, position.side) for position in state.positions if position.quantity}
    now = {(position.symbol, position.side) for position in snapshot.positions if position.contracts}
    resting = any(each.reduce_only or each.close_position or _leg_closed(each) in now for each in resting_stops)
    return StopsKnown(legs=frozenset(legs), anywhere=resting or not legs.isdisjoint(held | now))


def judge_stops(verdict: PositionVerdict) -> StopJudgement | None:
    """How a position stands with its stops; None where there is no position, or none that a stop could close."""
    live, stops = verdict.live, verdict.stops
    if verdict.kind is PositionVerdictKind.UNKNOWN:
        # What a spot account holds is a balance, which no stop closes.
        return StopJudgement.UNKNOWN if ":" in verdict.symbol else None
    if live is None or stops is None:
        return None
    if stops.covered >= live.contracts:
        return StopJudgement.ALL
    if not stops.all_told:
        return StopJudgement.UNKNOWN
    return StopJudgement.PART if stops.covered else _judge_none(stops)


def _judge_none(stops: StopCover) -> StopJudgement:
    if stops.had_one:
        return StopJudgement.GONE
    return StopJudgement.NONE if stops.used else StopJudgement.UNUSED


def stops_text(verdict: PositionVerdict) -> str:
    """The judgement in words; empty where there is none."""
    judged, stops, live = judge_stops(verdict), verdict.stops, verdict.live
    if judged is None:
        return ""
    if judged is StopJudgement.UNKNOWN and stops is not None and live is not None and stops.covered:
        whole = amount_text(live.contracts, verdict.contract)
        return f"stops cover at least {stops.covered} of {whole} (there may be more)"
    if judged is StopJudgement.PART and stops is not None and live is not None:
        return f"stops cover {stops.covered} of {amount_text(live.contracts, verdict.contract)}"
    return {
        StopJudgement.ALL: "stops cover all of it",
        StopJudgement.GONE: "no stop on the exchange, though the last known state or the journal has one",
        StopJudgement.UNKNOWN: "whether a stop protects it is not known",
    }.get(judged, "no stop on the exchange")


def stops_note(verdict: PositionVerdict) -> str:
    """The same with the mark of what wants a look before it: `! stops cover 0.24 of 0.26`."""
    judged = judge_stops(verdict)
    return "" if judged is None else judged.mark + stops_text(verdict)


def by_urgency(verdicts: Iterable[PositionVerdict]) -> list[tuple[StopJudgement, PositionVerdict]]:
    """The positions that have a judgement, the worst first."""
    judged = [(judgement, each) for each in verdicts if (judgement := judge_stops(each)) is not None]
    worst_first = list(StopJudgement)
    return sorted(judged, key=lambda pair: worst_first.index(pair[0]))


def _leg_closed(order: ExchangeOrder) -> Leg | None:
    """The leg that an order would close; None for one that opens the leg that it names."""
    closed = _closed_by(order.side)
    return None if order.position_side.lower() == order.side.leg else (order.symbol, closed)


def _closed_by(side: Side) -> Side:
    """The leg that an order of this side closes."""
    return Side.BUY if side is Side.SELL else Side.SELL
