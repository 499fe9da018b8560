"""What the overview says of the orphan orders: how many there are, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from crashdesk.contracts import plain, quote_of
from crashdesk.exact import total
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind, Plan
from crashdesk.reconcile.tally import Tally
from crashdesk_gui.display import Display
from crashdesk_gui.format import count_text
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Status
from crashdesk_gui.views.ago_words import counted, kept_together
from crashdesk_gui.views.overview_words import Fact

translate = QCoreApplication.translate

JUST_NOW_NS = 60 * 1_000_000_000
"""A bot at work saves at least once in this time, unless it is told otherwise: it knows every order that is older."""
_ORDER_SCOPES = (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS)


def orphans_fact(situation: Situation, display: Display) -> Fact:
    """How many orphan orders there are, how many of them need a decision, and how much money those stand for."""
    plan = situation.plan
    if plan is None:
        return Fact("—", Status.UNKNOWN, translate("Overview", "not compared"))
    hidden = any(gap.scope.kind in _ORDER_SCOPES for gap in plan.coverage.gaps())
    if not situation.tally.total:
        return _none(hidden=hidden)
    count = display.count(situation.tally.total)
    answer = translate("Overview", "At least {0}").format(count) if hidden else count
    if situation.standing is Standing.NEWER:
        return Fact(answer, Status.UNKNOWN, translate("Overview", "not in the last known state"))
    if situation.standing is Standing.RUNNING:
        word = translate("Overview", "not in the last known state")
        return Fact(answer, Status.UNKNOWN, word, "\n".join(_beside_a_bot(situation, plan)))
    status, word = _verdict(situation, display, hidden=hidden)
    return Fact(answer, status, word, "\n".join(line for line in _shares(situation, plan) if line))


def _none(*, hidden: bool) -> Fact:
    if hidden:
        return Fact(
            translate("Overview", "None seen"), Status.UNKNOWN, translate("Overview", "not all orders could be read")
        )
    return Fact(translate("Overview", "None"), Status.OK, translate("Overview", "nothing to decide"))


def _verdict(situation: Situation, display: Display, *, hidden: bool) -> tuple[Status, str]:
    waiting = situation.deciding
    if waiting:
        one, many = (
            translate("Overview", "1 needs your decision ({1})"),
            translate("Overview", "{0} need your decision ({1})"),
        )
        return Status.DIFFERS, (one if len(waiting) == 1 else many).format(
            display.count(len(waiting)), _worth(waiting, display)
        )
    if hidden:
        return Status.UNKNOWN, translate("Overview", "not all orders could be read")
    if situation.tally.proposed:
        # Nobody has said yes to it so far.
        return Status.DIFFERS, translate("Overview", "{0} proposed for cancelling").format(situation.tally.proposed)
    if situation.tally.decided:
        return Status.OK, translate("Overview", "all decided")
    return Status.OK, translate("Overview", "nothing to decide")


def _shares(situation: Situation, plan: Plan) -> list[str]:
    """What the word above does not count, and which of all protect a position."""
    tally = situation.tally
    deciding = sum(each.protective for each in tally.waiting)
    standing = [each for each in plan.orphans if not situation.adopted or each.key not in situation.adopted]
    rest = sum(each.protective for each in standing) - deciding - tally.protecting_alone
    return [
        _protecting_of_these(deciding),
        translate("Overview", "{0} proposed for cancelling").format(tally.proposed)
        if tally.proposed and tally.waiting
        else "",
        translate("Overview", "{0} decided").format(tally.decided) if tally.decided else "",
        *_alone(tally),
        # Others than those: where there are none, it is all of them that are meant.
        _protecting_of_others(rest) if tally.waiting or tally.left_alone else _protecting_of_these(rest),
    ]


def _protecting_of_these(count: int) -> str:
    one = translate("Overview", "1 of these protects a position")
    return counted(count, one, translate("Overview", "{0} of these protect a position")) if count > 0 else ""


def _protecting_of_others(count: int) -> str:
    one = translate("Overview", "1 of the others protects a position")
    return counted(count, one, translate("Overview", "{0} of the others protect a position")) if count > 0 else ""


def _alone(tally: Tally) -> list[str]:
    """What needs no decision, in the groups of the page of orphan orders."""
    protecting = tally.protecting_alone
    others = tally.left_alone - protecting
    return [
        counted(
            protecting,
            translate("Overview", "1 protects a position, untouched"),
            translate("Overview", "{0} protect a position, untouched"),
        )
        if protecting
        else "",
        translate("Overview", "{0} not ours, untouched").format(count_text(others)) if others else "",
        translate("Overview", "{0} left before").format(count_text(tally.left_before)) if tally.left_before else "",
    ]


def _beside_a_bot(situation: Situation, plan: Plan) -> list[str]:
    """What a running bot explains: the youngest of the orders that are not another's."""
    tally = situation.tally
    unclear = [each for each in plan.orphans if each.kind is not OrderVerdictKind.FOREIGN and not each.left_alone]
    young = sum(_just_placed(each, plan) for each in unclear)
    old = len(unclear) - young
    told = [
        translate("Overview", "{0} of them a running bot may have placed just now").format(young) if young else "",
        translate("Overview", "{0} of them older than a minute").format(old) if old else "",
        *_alone(tally),
    ]
    if young == tally.total:
        return [translate("Overview", "A running bot may have placed them just now.")]
    return [each for each in told if each]


def _just_placed(verdict: OrderVerdict, plan: Plan) -> bool:
    """Whether it was placed right before it was read; an order without a time is no sign of a bot at work."""
    created = verdict.live.created_at if verdict.live is not None else None
    return created is not None and plan.made_at - created <= JUST_NOW_NS


def _worth(orders: Sequence[OrderVerdict], display: Display) -> str:
    """What these orders are worth, in one piece for a line of its own."""
    money = kept_together(_money(orders, display))
    unknown = any(each.notional is None for each in orders)
    return kept_together(translate("Overview", "at least {0}").format(money)) if unknown else money


def _money(orders: Sequence[OrderVerdict], display: Display) -> str:
    """What these orders are worth together, each currency for itself: `12 192.5 USDT`."""
    sums: dict[str, Decimal] = {}
    for each in orders:
        if each.notional is not None and each.live is not None:
            currency = quote_of(each.live.symbol)
            sums[currency] = total((sums.get(currency, Decimal(0)), each.notional))
    told = [f"{display.decimal(plain(amount))} {currency}".strip() for currency, amount in sorted(sums.items())]
    return " + ".join(told) or display.decimal(Decimal(0))
