"""Times, spans and compared states as a report says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crashdesk.config import AccountMode
from crashdesk.contracts import Contract
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.records import Plan
from crashdesk.revalidation import describe

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000_000
_MODES = {
    AccountMode.LIVE: "LIVE: real money",
    AccountMode.SANDBOX: "sandbox: no real money",
    None: "whether live or sandbox is not told",
}


def utc_text(moment_ns: int | None) -> str:
    """`2026-11-22 03:12:08 UTC`; a dash for None, the nanoseconds where no calendar holds them."""
    if moment_ns is None:
        return "—"
    moment = moment_of(moment_ns)
    return f"{moment_ns} ns" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def moment_of(moment_ns: int) -> datetime | None:
    """The time in UTC; None where no calendar holds it."""
    try:
        return _EPOCH + timedelta(microseconds=moment_ns // 1000)
    except OverflowError:
        return None


def account_words(bot: str, exchange: str, account: str, mode: AccountMode | None) -> str:
    """`grid-1 on okx, account main (sandbox: no real money)`."""
    where = f"{exchange}, account {account}" if account else exchange
    return f"{bot} on {where} ({_MODES[mode]})" if bot else f"{where} ({_MODES[mode]})"


def span_text(span_ns: int) -> str:
    """`2 days 3 h`, `4 h 12 min`, `12 min 8 s`, `8 s`: the two largest parts."""
    seconds = max(0, span_ns) // _SECOND
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{counted(days, 'day')} {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def compared_text(plan: Plan) -> str:
    """What was compared, with its times: `checkpoint 41 of 2026-11-22 03:10:00 UTC and 12 changes journalled until …`."""
    checkpoint = f"checkpoint {plan.checkpoint_seq} of {utc_text(plan.checkpoint_timestamp)}"
    if not plan.changes:
        return "an empty state, since there is no checkpoint" if plan.checkpoint_seq is None else checkpoint
    journalled = f"{counted(plan.changes, 'change')} journalled until {utc_text(plan.known_at)}"
    return f"{journalled}, without a checkpoint" if plan.checkpoint_seq is None else f"{checkpoint} and {journalled}"


def counted(count: int, noun: str) -> str:
    """`1 order`, `3 orders`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def order_words(order: ExchangeOrder | None, contract: Contract | None = None) -> str:
    """An order as `describe` has it, with the leg that it names in hedge mode: `sell 0.24 … (order 9003), of the long leg`."""
    leg = leg_words(order)
    return f"{describe(order, contract)}, {leg}" if leg else describe(order, contract)


def leg_words(order: ExchangeOrder | None) -> str:
    """`of the long leg`; empty where the order names none, as in one-way mode."""
    leg = "" if order is None else order.position_side.lower()
    return f"of the {leg} leg" if leg in ("long", "short") else ""


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]
