"""Whose an order is that the recovered state does not know."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from crashdesk.contracts import Contract
from crashdesk.exchange.records import ExchangeOrder, Namespace
from crashdesk.reconcile.evidence import intended_amount, intended_price
from crashdesk.reconcile.records import Evidence, OrderVerdict, OrderVerdictKind, Source, fact
from crashdesk.reconcile.rules import Rules
from crashdesk.storage.journal_records import Intent, IntentAction, JournalView

_CLOCK_TOLERANCE_NS = 60_000_000_000


class IntentIndex(msgspec.Struct, frozen=True, kw_only=True):
    """The journal's intents by what they name."""

    created: Mapping[tuple[str, str], Intent]
    cancelled: Mapping[tuple[str, str], Intent]
    first_at: int | None
    problem: str


def index_intents(journal: JournalView) -> IntentIndex:
    """Index once, look up per order."""
    intents = sorted((*journal.intents, *journal.pending), key=lambda intent: intent.seq)
    creates = [intent for intent in intents if intent.action is IntentAction.CREATE]
    told = min((intent.at for intent in creates), default=None)
    return IntentIndex(
        created={(intent.symbol, intent.client_order_id): intent for intent in creates if intent.client_order_id},
        cancelled={
            (intent.symbol, intent.order_id): intent
            for intent in intents
            if intent.action is IntentAction.CANCEL and intent.order_id
        },
        first_at=told if journal.first_at is None else journal.first_at,
        problem=journal.problem,
    )


def too_young(created_at: int | None, rules: Rules) -> Evidence | None:
    """Why an order of this age cannot be judged yet; None when it can."""
    if created_at is None or rules.now_ns - created_at >= rules.grace_ns:
        return None
    return fact(
        Source.RULE,
        "Too young to judge: created {age} s before the comparison, {grace} s are required. Read again.",
        age=f"{max(0, rules.now_ns - created_at) / 1e9:.1f}",
        grace=f"{rules.grace_ns / 1e9:g}",
    )


def owner(
    order: ExchangeOrder, intents: IntentIndex, rules: Rules, contract: Contract | None = None
) -> tuple[OrderVerdictKind, tuple[Evidence, ...]]:
    """OWN_ORPHAN, FOREIGN, AMBIGUOUS or (too young, or the bot is at work) UNKNOWN, with the evidence.

    `contract` is what the order's amount counts.
    """
    young = too_young(order.created_at, rules) or _sent_too_late(order, intents, rules)
    if young is not None:
        return OrderVerdictKind.UNKNOWN, (young,)
    own = _own_evidence(order, intents, rules, contract)
    if own and rules.bot_running:
        return OrderVerdictKind.UNKNOWN, (
            *own,
            fact(
                Source.RULE, "The bot is running, and may have placed it after its state was read. Leave it to the bot."
            ),
        )
    if own:
        return OrderVerdictKind.OWN_ORPHAN, own
    return _not_proven_own(order, intents, rules)


def _sent_too_late(order: ExchangeOrder, intents: IntentIndex, rules: Rules) -> Evidence | None:
    """Why an order cannot be judged yet that the bot was about to send just now; None when it can.

    The bot's own word counts where the exchange does not stamp the order, or its clock could not be compared with ours.
    """
    if order.created_at is not None and rules.clock_offset_ns is not None:
        return None
    intent = intents.created.get((order.symbol, order.client_order_id)) if order.client_order_id else None
    sent_at = None if intent is None else intent.at + (rules.clock_offset_ns or 0)
    # What is dated further ahead was dated by a clock that was wrong.
    return None if sent_at is None or sent_at - rules.now_ns > rules.grace_ns else too_young(sent_at, rules)


def _own_evidence(
    order: ExchangeOrder, intents: IntentIndex, rules: Rules, contract: Contract | None
) -> tuple[Evidence, ...]:
    evidence: list[Evidence] = []
    client_id = order.client_order_id
    other = other_prefix(client_id, rules)
    intent = intents.created.get((order.symbol, client_id)) if client_id else None
    if intent is not None:
        evidence.append(
            fact(
                Source.JOURNAL,
                "The bot wrote down that it was about to send {side} {quantity} at {price} under client order id {client_id}.",
                intent.at,
                side=intent.side or "an order of",
                quantity=intended_amount(intent, contract),
                price=intended_price(intent),
                client_id=client_id,
            )
        )
    cancel = intents.cancelled.get((order.symbol, order.id))
    if cancel is not None and _names(cancel, order):
        evidence.append(fact(Source.JOURNAL, "The bot was about to cancel this order itself.", cancel.at))
    prefix = rules.client_order_id_prefix
    if prefix and client_id.startswith(prefix) and not other and not _contradicted(order, intents, rules):
        evidence.append(
            fact(Source.RULE, "Its client order id starts with the bot's own prefix {prefix}.", prefix=prefix)
        )
    if rules.exclusive_account and not other:
        evidence.append(fact(Source.RULE, "The store declares that nothing but this bot trades on the account."))
    return tuple(evidence)


def _contradicted(order: ExchangeOrder, intents: IntentIndex, rules: Rules) -> bool:
    """Whether the journal would name an order, if it were the bot's, and does not: another bot's prefix may begin with its own.

    A bot at work is the one to ask; a journal that lost something names less than was written. An order of which nobody says
    when it was created may be of the journal's time.
    """
    if rules.bot_running or intents.problem or (order.symbol, order.client_order_id) in intents.created:
        return False
    undated = order.created_at is None and intents.first_at is not None
    return undated or _within_the_journal(order, intents, rules)


def _within_the_journal(order: ExchangeOrder, intents: IntentIndex, rules: Rules) -> bool:
    """Whether the bot wrote down what it was about to send when the order was created, by clocks that may differ."""
    if intents.first_at is None or order.created_at is None:
        return False
    return order.created_at > intents.first_at + (rules.clock_offset_ns or 0) + _CLOCK_TOLERANCE_NS


def _not_proven_own(
    order: ExchangeOrder, intents: IntentIndex, rules: Rules
) -> tuple[OrderVerdictKind, tuple[Evidence, ...]]:
    client_id = order.client_order_id
    if not client_id:
        return OrderVerdictKind.AMBIGUOUS, (
            fact(
                Source.EXCHANGE,
                "The exchange gives no client order id, and no intent names it: nobody can tell whose it is.",
            ),
        )
    other = other_prefix(client_id, rules)
    if other:
        return OrderVerdictKind.FOREIGN, (
            fact(
                Source.RULE, "Its client order id starts with {prefix}, which belongs to another program.", prefix=other
            ),
        )
    doubt = _may_be_own(client_id, intents, rules)
    if doubt is not None:
        return OrderVerdictKind.AMBIGUOUS, (doubt,)
    if rules.client_order_id_prefix:
        return _by_prefix(client_id, rules.client_order_id_prefix)
    if _within_the_journal(order, intents, rules):
        return OrderVerdictKind.FOREIGN, (
            fact(
                Source.JOURNAL, "The bot writes down every order before it sends it, and did not write down this one."
            ),
        )
    return OrderVerdictKind.AMBIGUOUS, (
        fact(
            Source.RULE,
            "The store names no client order id prefix, and no intent names it: nobody can tell whose it is.",
        ),
    )


def _may_be_own(client_id: str, intents: IntentIndex, rules: Rules) -> Evidence | None:
    """Why an order may be the bot's, though nothing proves it; None for no reason."""
    former = next((prefix for prefix in rules.former_prefixes if client_id.startswith(prefix)), "")
    if former:
        return fact(
            Source.RULE,
            "Its client order id starts with {prefix}, the prefix under which this bot traded before.",
            prefix=former,
        )
    if not intents.problem:
        return None
    return fact(Source.JOURNAL, "The journal cannot prove that it is not the bot's: {problem}", problem=intents.problem)


def _by_prefix(client_id: str, prefix: str) -> tuple[OrderVerdictKind, tuple[Evidence, ...]]:
    """Of an order that neither its prefix nor an intent proves to be the bot's."""
    if client_id.startswith(prefix):
        return OrderVerdictKind.AMBIGUOUS, (
            fact(
                Source.JOURNAL,
                "Its client order id starts with the bot's own prefix {prefix}, but the bot writes down every order before it "
                "sends it, and did not write down this one: another program's prefix may begin with the same.",
                prefix=prefix,
            ),
        )
    return OrderVerdictKind.FOREIGN, (
        fact(
            Source.RULE,
            "Its client order id {client_id} does not start with the bot's prefix {prefix}, and no intent names it.",
            client_id=client_id,
            prefix=prefix,
        ),
    )


def never_written(verdict: OrderVerdict) -> bool:
    """Whether an order carries the bot's prefix, and its journal, which would name it, does not."""
    unwritten = any(item.source is Source.JOURNAL and "prefix" in item.values for item in verdict.facts)
    return unwritten and verdict.kind is OrderVerdictKind.AMBIGUOUS and not verdict.dismissed


def _names(cancel: Intent, order: ExchangeOrder) -> bool:
    """Whether a cancel intent means this order; an id alone means one of the normal namespace."""
    if cancel.client_order_id and order.client_order_id:
        return cancel.client_order_id == order.client_order_id
    return order.namespace is Namespace.NORMAL


def other_prefix(client_id: str, rules: Rules) -> str:
    """The other program's prefix that fits better than the bot's own; empty for none."""
    fitting = [prefix for prefix in rules.other_prefixes if prefix and client_id.startswith(prefix)]
    longest = max(fitting, key=len, default="")
    own = rules.client_order_id_prefix
    return "" if own and client_id.startswith(own) and len(own) >= len(longest) else longest
