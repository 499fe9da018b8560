"""The names that verdicts, decisions and outcomes have for people, the same in the terminal, the report and the desk."""

from __future__ import annotations

import enum
from decimal import Decimal

from crashdesk.contracts import plain, quote_of
from crashdesk.reconcile.records import (
    Action,
    IntentVerdictKind,
    OrderVerdict,
    OrderVerdictKind,
    OutcomeKind,
    PositionVerdictKind,
)

_ORDERS = {
    OrderVerdictKind.MATCHED: "matched",
    OrderVerdictKind.DRIFTED: "changed since",
    OrderVerdictKind.FILLED_WHILE_DOWN: "filled since",
    OrderVerdictKind.CLOSED_WHILE_DOWN: "closed since",
    OrderVerdictKind.MISSING_UNPROVEN: "gone, fate unproven",
    OrderVerdictKind.OWN_ORPHAN: "ours, unknown to the bot",
    OrderVerdictKind.FOREIGN: "not ours",
    OrderVerdictKind.AMBIGUOUS: "cannot tell whose",
    OrderVerdictKind.UNKNOWN: "unknown",
}
_POSITIONS = {
    PositionVerdictKind.MATCHED: "matched",
    PositionVerdictKind.QUANTITY_DIFFERS: "quantity differs",
    PositionVerdictKind.SIDE_FLIPPED: "side flipped",
    PositionVerdictKind.OPENED_WHILE_DOWN: "opened since",
    PositionVerdictKind.CLOSED_WHILE_DOWN: "closed since",
    PositionVerdictKind.UNKNOWN: "could not be read",
}
_INTENTS = {
    IntentVerdictKind.LIVE: "live",
    IntentVerdictKind.FILLED: "filled",
    IntentVerdictKind.CLOSED: "closed",
    IntentVerdictKind.NEVER_ARRIVED: "never arrived",
    IntentVerdictKind.UNKNOWN: "unknown",
}
_OUTCOMES = {
    OutcomeKind.CANCELLED: "cancelled",
    OutcomeKind.ALREADY_CLOSED: "already closed",
    OutcomeKind.FILLED: "already filled",
    OutcomeKind.CHANGED: "changed, not touched",
    OutcomeKind.REFUSED: "refused",
    OutcomeKind.UNKNOWN: "unknown, check again",
    OutcomeKind.ADOPTED: "adopted",
    OutcomeKind.LEFT: "left",
    OutcomeKind.SKIPPED: "skipped",
    OutcomeKind.STILL_OPEN: "still open",
}


class NoDecision(enum.Enum):
    """How an orphan order stands that nobody decides on now: one word for it on the screen, in a terminal and in files."""

    UNDECIDED = "undecided"
    """Nobody has decided on it yet."""
    LEFT_ALONE = "untouched"
    """It is not ours: nothing is done to it unless an operator wants it."""
    LEFT_BEFORE = "left before"
    """An operator left it in an earlier incident."""


def no_decision(verdict: OrderVerdict) -> NoDecision:
    """Why nothing is done to an orphan order without a decision."""
    if verdict.dismissed:
        return NoDecision.LEFT_BEFORE
    return NoDecision.LEFT_ALONE if verdict.left_alone else NoDecision.UNDECIDED


def order_verdict_word(kind: OrderVerdictKind) -> str:
    """`ours, unknown to the bot`."""
    return _ORDERS[kind]


def position_verdict_word(kind: PositionVerdictKind) -> str:
    """`quantity differs`."""
    return _POSITIONS[kind]


def intent_verdict_word(kind: IntentVerdictKind) -> str:
    """`never arrived`."""
    return _INTENTS[kind]


def outcome_word(kind: OutcomeKind) -> str:
    """`changed, not touched`."""
    return _OUTCOMES[kind]


def decision_word(action: Action | None, verdict: OrderVerdict) -> str:
    """`cancel`, and without a decision `undecided`, `untouched` or `left before`."""
    return no_decision(verdict).value if action is None else action.value


def notional_text(verdict: OrderVerdict) -> str:
    """`364.5 USDT`, what remains of an orphan order in money; empty where that is not known."""
    if verdict.notional is None or verdict.live is None:
        return ""
    return f"{plain(verdict.notional)} {quote_of(verdict.live.symbol)}".strip()


def percent_value(fraction: Decimal | None) -> Decimal | None:
    """A fraction in percent, cut to hundredths."""
    return None if fraction is None else (fraction * 100).quantize(Decimal("0.01"))


def adoption_warning(verdict: OrderVerdict) -> str:
    """Why adopting an order is dangerous; empty where nothing speaks against it."""
    if verdict.other_program:
        return (
            f"Its client order id starts with {verdict.other_program}, which belongs to another program: "
            "if the bot adopts it, two programs manage one order."
        )
    if looks_foreign(verdict) and verdict.live is not None:
        return (
            f"This looks like the order of another program or a person (client order id {verdict.live.client_order_id}): "
            "make sure that nobody else manages it before the bot adopts it."
        )
    return ""


def looks_foreign(verdict: OrderVerdict) -> bool:
    """Whether its client order id speaks for somebody else than the bot, though it is nobody's that the store names."""
    live = verdict.live
    return verdict.kind is OrderVerdictKind.FOREIGN and live is not None and bool(live.client_order_id)
