"""Which orders the bot's dead man's switch cancelled, as far as it can be told."""

from __future__ import annotations

import msgspec

from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind, Plan, Source, fact, identified
from crashdesk.state import OrderStatus
from crashdesk.switch_state import SwitchState

# Clocks, the time that a request takes, and how late an exchange may be.
_SLACK_NS = 10_000_000_000
# A bot without changes to write lives on in silence, usually not for longer than from one checkpoint to the next.
_SILENCE_NS = 60_000_000_000


def with_switch_evidence(plan: Plan, switch: SwitchState | None, clock_offset_ns: int | None) -> Plan:
    """The plan, with words on each order that was cancelled while down when the armed switch must have fired.

    `clock_offset_ns` is exchange time minus ours. The bot's last sign is taken from the compared state.
    """
    if switch is None or not switch.armed or plan.known_at is None:
        return plan
    orders = tuple(_told(verdict, switch, plan.known_at, clock_offset_ns or 0) for verdict in plan.orders)
    return plan if orders == plan.orders else identified(msgspec.structs.replace(plan, orders=orders))


def _told(verdict: OrderVerdict, switch: SwitchState, last_sign: int, offset_ns: int) -> OrderVerdict:
    live = verdict.live
    if (
        verdict.kind is not OrderVerdictKind.CLOSED_WHILE_DOWN
        or live is None
        or live.status is not OrderStatus.CANCELLED
        or live.updated_at is None
        or not switch.covers(live.symbol)
    ):
        return verdict
    fires_at = switch.fires_at(last_sign)
    assert fires_at is not None
    cancelled_at = live.updated_at - offset_ns
    # The bot may have refreshed it for a while after its last sign in the store.
    earliest = fires_at - int(switch.refresh_s * 1e9) - _SLACK_NS
    latest = fires_at + int(switch.timeout_s * 1e9) + _SILENCE_NS
    if not earliest <= cancelled_at <= latest:
        return verdict
    evidence = fact(
        Source.JOURNAL,
        "The dead man's switch fired at that time: the bot had armed it for {timeout} s and did not refresh it any more. "
        "The exchange cancelled the order {after} s after the bot's last sign.",
        live.updated_at,
        timeout=f"{switch.timeout_s:g}",
        after=f"{max(0, cancelled_at - last_sign) / 1e9:.0f}",
    )
    return msgspec.structs.replace(verdict, facts=(*verdict.facts, evidence))
