"""What the overview says of the orphan orders: how many there are, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from crashdesk.contracts import plain, quote_of
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import OrderVerdict, Plan
from crashdesk_gui.display import Display
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Status
from crashdesk_gui.views.ago_words import counted
from crashdesk_gui.views.overview_words import Fact

translate = QCoreApplication.translate

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
        note = translate("Overview", "A running bot may have placed them just now.")
        return Fact(answer, Status.UNKNOWN, word, note)
    status, word = _verdict(situation, hidden=hidden)
    return Fact(answer, status, word, "\n".join(line for line in _shares(situation, plan, display) if line))


def _none(*, hidden: bool) -> Fact:
    if hidden:
        return Fact(
            translate("Overview", "None seen"), Status.UNKNOWN, translate("Overview", "not all orders could be read")
        )
    return Fact(translate("Overview", "None"), Status.OK, translate("Overview", "nothing to decide"))


def _verdict(situation: Situation, *, hidden: bool) -> tuple[Status, str]:
    waiting = len(situation.deciding)
    if waiting:
        one, many = (
            translate("Overview", "1 needs your decision"),
            translate("Overview", "{0} need your decision"),
        )
        return Status.DIFFERS, counted(waiting, one, many)
    if hidden:
        return Status.UNKNOWN, translate("Overview", "not all orders could be read")
    if situation.tally.decided:
        return Status.OK, translate("Overview", "all decided")
    return Status.OK, translate("Overview", "nothing to decide")


def _shares(situation: Situation, plan: Plan, display: Display) -> list[str]:
    """The worth of what needs a decision, and the other shares; the protecting ones are among them all."""
    tally = situation.tally
    protecting = sum(
        each.protective for each in plan.orphans if not situation.adopted or each.key not in situation.adopted
    )
    return [
        _worth(tally.waiting, display) if tally.waiting else "",
        translate("Overview", "{0} decided").format(tally.decided) if tally.decided else "",
        translate("Overview", "{0} left alone: not ours").format(tally.left_alone) if tally.left_alone else "",
        translate("Overview", "{0} left before").format(tally.left_before) if tally.left_before else "",
        translate("Overview", "of all, {0} protecting a position").format(protecting) if protecting else "",
    ]


def _worth(orders: Sequence[OrderVerdict], display: Display) -> str:
    told = translate("Overview", "notional {0}")
    if any(each.notional is None for each in orders):
        told = translate("Overview", "notional at least {0}")
    return told.format(_money(orders, display))


def _money(orders: Sequence[OrderVerdict], display: Display) -> str:
    """What these orders are worth together, each currency for itself: `12 192.5 USDT`."""
    sums: dict[str, Decimal] = {}
    for each in orders:
        if each.notional is not None and each.live is not None:
            currency = quote_of(each.live.symbol)
            sums[currency] = sums.get(currency, Decimal(0)) + each.notional
    told = [f"{display.decimal(plain(total))} {currency}".strip() for currency, total in sorted(sums.items())]
    return " + ".join(told) or display.decimal(Decimal(0))
