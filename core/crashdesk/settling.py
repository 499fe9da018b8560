"""What became of an order whose outcome was unknown, by what the exchange said of it later. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.contracts import Contract, amount_text
from crashdesk.exchange.records import ExchangeOrder, LookupStatus, OrderLookup
from crashdesk.reconcile.records import OrderVerdict, Outcome, OutcomeKind
from crashdesk.state import OPEN_STATUSES, OrderStatus


def unsettled_outcomes(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The last outcome of each order where that is unknown."""
    last = {outcome.order_key: outcome for outcome in outcomes}
    return tuple(outcome for outcome in last.values() if outcome.kind is OutcomeKind.UNKNOWN)


def settled_as_open(before: Outcome, order: ExchangeOrder, now_ns: int) -> Outcome:
    """The outcome for an order that was seen open afterwards: what was decided did not happen."""
    return _after(before, OutcomeKind.STILL_OPEN, "still open when the exchange was read again", order, now_ns)


def settled_as_adopted(before: Outcome, now_ns: int) -> Outcome:
    """The outcome for an order that had joined the state before it could not be read, and is still there."""
    return _after(before, OutcomeKind.ADOPTED, "it joins the recovered state", None, now_ns)


def settled_by(before: Outcome, verdict: OrderVerdict, fresh: OrderLookup, now_ns: int) -> Outcome | None:
    """The outcome as the order tells it that was read by itself; None when that tells nothing either."""
    order, later = fresh.order, span_words(max(0, now_ns - before.at))
    if fresh.status is LookupStatus.UNKNOWN:
        return None
    if order is None:
        how = "the exchange no longer has it and does not say whether it filled or was cancelled; compare the positions"
        return _after(before, OutcomeKind.ALREADY_CLOSED, f"{how} (read again {later} later)", None, now_ns)
    if order.status in OPEN_STATUSES:
        return settled_as_open(before, order, now_ns)
    if fresh.goes_on_as is not None:
        how = f"it changed since it was shown ({fresh.reason}); compare again and decide anew"
        return _after(before, OutcomeKind.CHANGED, how, order, now_ns)
    kind, how = ending_of(order, verdict.contract, ours=before.sent)
    return _after(before, kind, f"{how} (read again {later} later)", order, now_ns)


def ending_of(order: ExchangeOrder, contract: Contract | None, *, ours: bool) -> tuple[OutcomeKind, str]:
    """How an order ended that is over, and in words; `ours` when a cancel request of ours may be the reason."""
    filled = "an unstated amount" if order.filled is None else str(order.filled)
    whole = "unstated" if order.amount is None else amount_text(order.amount, contract)
    if order.status is OrderStatus.FILLED:
        return OutcomeKind.FILLED, f"already filled, {filled} of {whole}"
    if ours and order.status is OrderStatus.CANCELLED:
        partly = ", whether a part had filled is not told" if order.filled is None else ""
        partly = f", {filled} of {whole} had filled" if order.filled else partly
        return OutcomeKind.CANCELLED, f"cancelled{partly}"
    return OutcomeKind.ALREADY_CLOSED, f"already {order.status.value.replace('_', ' ')}, {filled} of {whole} filled"


def span_words(elapsed_ns: int) -> str:
    """`0.4 s`: a short time, never rounded to nothing."""
    return f"{elapsed_ns / 1e9:.1f} s" if elapsed_ns >= 100_000_000 else f"{elapsed_ns / 1e6:.1f} ms"


def _after(before: Outcome, kind: OutcomeKind, text: str, order: ExchangeOrder | None, now_ns: int) -> Outcome:
    return Outcome(
        order_key=before.order_key,
        action=before.action,
        kind=kind,
        text=text,
        sent=before.sent,
        reread=order,
        at=now_ns,
    )
