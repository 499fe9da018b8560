"""What became of the orders that the bot was about to send when it died, in sentences."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QObject

from crashdesk.reconcile.evidence import intended_price
from crashdesk.reconcile.records import IntentVerdict, IntentVerdictKind, Plan
from crashdesk.state import Side
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.phrases import said_value
from crashdesk_gui.theme import Status

_NAMED = 3


class IntentFates(QObject):
    """An order that is live is among the orphans already; the fate of every other one is told here."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        self._sides = {"buy": Side.BUY, "sell": Side.SELL}

    def told(self, plan: Plan) -> tuple[tuple[Status, str], ...]:
        """A status and a sentence each, for the first ones."""
        return tuple((_status(each, plan), self.sentence(each, plan)) for each in self._told(plan)[:_NAMED])

    def lines(self, plan: Plan) -> tuple[str, ...]:
        """A sentence each for the first ones, and how many more there are; nothing when there were none."""
        told = self._told(plan)
        lines = [self.sentence(each, plan) for each in told[:_NAMED]]
        more = len(told) - len(lines) + plan.intents_omitted
        if more:
            lines.append(self.tr("and {0} more; the report names them").format(more))
        return tuple(lines)

    def status(self, plan: Plan) -> Status:
        """Unknown when the fate of one is not known, differs when one was filled, otherwise all right."""
        found = {_status(each, plan) for each in self._told(plan)}
        return next((each for each in (Status.UNKNOWN, Status.DIFFERS) if each in found), Status.OK)

    def sentence(self, verdict: IntentVerdict, plan: Plan) -> str:
        """The order, and what became of it; `plan` tells what its amount counts."""
        intent = verdict.intent
        side, contract = self._sides.get(intent.side), plan.contracts.get(intent.symbol)
        fates = {
            IntentVerdictKind.FILLED: self.tr("it was filled; the positions include it"),
            IntentVerdictKind.CLOSED: self.tr("it was closed"),
            IntentVerdictKind.NEVER_ARRIVED: self.tr("it never arrived"),
            IntentVerdictKind.UNKNOWN: self.tr("what became of it is not known"),
            IntentVerdictKind.LIVE: self.tr("it is open"),
        }
        fate = self.tr("this account does not know it") if _denied(verdict, plan) else fates[verdict.kind]
        text = (
            self.tr("{0} {1} {2} at {3} was about to be sent: {4}.")
            if contract is None
            else self.tr("{0} {1} of {2} at {3} was about to be sent: {4}.")
        )
        return text.format(
            self._words.order_side(side) if side else intent.side,
            self._words.amount(Decimal(intent.quantity) if intent.quantity else None, contract),
            intent.symbol,
            said_value("price", intended_price(intent)),
            fate,
        )

    def _told(self, plan: Plan) -> list[IntentVerdict]:
        return [each for each in plan.intents if each.kind is not IntentVerdictKind.LIVE]


def _denied(verdict: IntentVerdict, plan: Plan) -> bool:
    """Whether only an account that may be another one has never heard of the order."""
    return bool(plan.denied) and verdict.kind is IntentVerdictKind.NEVER_ARRIVED


def _status(verdict: IntentVerdict, plan: Plan) -> Status:
    if verdict.kind is IntentVerdictKind.UNKNOWN or _denied(verdict, plan):
        return Status.UNKNOWN
    return Status.DIFFERS if verdict.kind is IntentVerdictKind.FILLED else Status.OK
