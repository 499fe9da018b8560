"""Why an orphan order stands in its group, in the few words that a cell has room for; its tooltip has the whole fact."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from crashdesk.reconcile.records import Evidence, OrderVerdict, OrderVerdictKind

translate = QCoreApplication.translate

_RUNNING = "The bot is running, and may have placed it after its state was read. Leave it to the bot."
SHORT: dict[str, Callable[[], str]] = {
    "The bot wrote down that it was about to send {side} {quantity} at {price} under client order id {client_id}.": lambda: (
        translate("OrphanReasons", "in the bot's journal")
    ),
    "The bot was about to cancel this order itself.": lambda: translate("OrphanReasons", "the bot was cancelling it"),
    "Its client order id starts with the bot's own prefix {prefix}.": lambda: translate(
        "OrphanReasons", "the bot's prefix {prefix}"
    ),
    "The store declares that nothing but this bot trades on the account.": lambda: translate(
        "OrphanReasons", "only this bot trades here"
    ),
    "The exchange gives no client order id, and no intent names it: nobody can tell whose it is.": lambda: translate(
        "OrphanReasons", "no client order id"
    ),
    "Its client order id starts with {prefix}, which belongs to another program.": lambda: translate(
        "OrphanReasons", "other program: {prefix}"
    ),
    "Its client order id starts with {prefix}, the prefix under which this bot traded before.": lambda: translate(
        "OrphanReasons", "the bot's prefix before: {prefix}"
    ),
    "The journal cannot prove that it is not the bot's: {problem}": lambda: translate(
        "OrphanReasons", "the journal may lack it"
    ),
    "Its client order id {client_id} does not start with the bot's prefix {prefix}, and no intent names it.": lambda: (
        translate("OrphanReasons", "not the bot's id: {client_id}")
    ),
    "The bot writes down every order before it sends it, and did not write down this one.": lambda: translate(
        "OrphanReasons", "not in the bot's journal"
    ),
    "Its client order id starts with the bot's own prefix {prefix}, but the bot writes down every order before it sends it, and "
    "did not write down this one: another program's prefix may begin with the same.": lambda: translate(
        "OrphanReasons", "the bot's prefix, not in its journal"
    ),
    "The store names no client order id prefix, and no intent names it: nobody can tell whose it is.": lambda: (
        translate("OrphanReasons", "no prefix, no intent")
    ),
    "Too young to judge: created {age} s before the comparison, {grace} s are required. Read again.": lambda: translate(
        "OrphanReasons", "too young: read again"
    ),
    _RUNNING: lambda: translate("OrphanReasons", "the bot is running"),
}
_LEGS: dict[str, Callable[[], str]] = {
    "long": lambda: translate("OrphanReasons", "protects the long position"),
    "short": lambda: translate("OrphanReasons", "protects the short position"),
}
_SOME = (
    lambda: translate("OrphanReasons", "protects a position"),
    lambda: translate("OrphanReasons", "may protect a position"),
)
PHRASES = (*SHORT.values(), *_LEGS.values(), *_SOME)
_PROTECTS = "It protects"
_DOUBTS = (" may ", " could not be ")


def reason_of(verdict: OrderVerdict) -> Evidence:
    """The one fact that explains the group: what the order protects, or whose it is, or why nobody can say.

    Both the short form in the table and the sentence that stands first in the evidence are made of it.
    """
    if verdict.protective:
        decisive = [fact for fact in verdict.facts if fact.template.startswith(_PROTECTS)]
    elif verdict.kind is OrderVerdictKind.UNKNOWN:
        decisive = [fact for fact in verdict.facts if fact.template == _RUNNING]
    else:
        decisive = []
    # Not what only says that one side has the order and the other does not: that is true of every row, and costs words.
    whose = [fact for fact in verdict.facts if fact.template in SHORT]
    return (decisive or whose or verdict.evidence)[0]


def short_reason(fact: Evidence) -> str:
    """A fact in a few words, in the operator's language; empty for one that cannot be said shorter."""
    if fact.template.startswith(_PROTECTS):
        how = f" {fact.values.get('how', '')}"
        legs = [words for leg, words in _LEGS.items() if f" the open {leg} position " in how]
        return legs[0]() if len(legs) == 1 else _SOME[any(doubt in how for doubt in _DOUBTS)]()
    words = SHORT.get(fact.template)
    return words().format(**fact.values) if words is not None else ""
