"""When the orders that a comparison met too early to judge are old enough. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from crashdesk.reconcile.evidence import Evidence

if TYPE_CHECKING:
    from crashdesk.reconcile.records import Plan

MARGIN_NS = 500_000_000
"""Exchanges stamp orders in milliseconds, and clocks drift between two readings."""
LONGEST_WAIT_NS = 60_000_000_000
"""An order that is stamped further ahead belongs to a clock that is wrong; waiting for it settles nothing."""
_NAMED = {"age", "grace"}
"""What a fact names that calls an order too young to judge, in seconds."""
_NS = 1_000_000_000


def read_again_at(plan: Plan, now_ns: int) -> int | None:
    """When reading again can judge every order that was too new, UNIX nanoseconds by our own clock, which shows `now_ns`.

    Not before now; None when no order was too new, or when one is stamped so far ahead that waiting does not help.
    """
    if not plan.too_new:
        return None
    latest = max(plan.too_new)
    if latest - (plan.made_at - _ahead(plan)) > LONGEST_WAIT_NS:
        return None
    return max(latest + MARGIN_NS, now_ns)


def old_enough(plan: Plan) -> Iterator[int]:
    """When each order that was too new, open or about to be sent, is old enough: UNIX nanoseconds by our own clock."""
    ahead = _ahead(plan)
    for verdict in plan.orders:
        grace = _grace(verdict.facts)
        record = verdict.live if verdict.live is not None else verdict.known
        if grace is not None and record is not None and record.created_at is not None:
            yield record.created_at - ahead + grace
    for fate in plan.intents:
        grace = _grace(fate.evidence)
        if grace is not None:
            # The bot's machine wrote it down, and not the exchange.
            yield fate.intent.at + grace


def _ahead(plan: Plan) -> int:
    """How far the exchange's clock, which stamps orders and plans, is ahead of ours, in nanoseconds."""
    if plan.known_at is None or plan.known_at_exchange is None:
        return 0
    return plan.known_at_exchange - plan.known_at


def _grace(facts: Sequence[Evidence]) -> int | None:
    """How old an order has to be, in nanoseconds, where these facts say that it was too new; else None."""
    told = next((each for each in facts if each.values.keys() == _NAMED), None)
    return None if told is None else int(Decimal(told.values["grace"]) * _NS)
