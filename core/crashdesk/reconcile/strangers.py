"""The verdict on orders of the exchange that the state does not know: whose they are."""

from __future__ import annotations

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.dismissals import changed_since_left, left_by_name, left_evidence, namesake_evidence
from crashdesk.reconcile.evidence import seen_open
from crashdesk.reconcile.intents import LateArrival
from crashdesk.reconcile.order_context import OrderContext
from crashdesk.reconcile.order_names import order_names
from crashdesk.reconcile.ownership import index_intents, other_prefix, owner
from crashdesk.reconcile.records import Evidence, OrderVerdict, OrderVerdictKind, Source, fact
from crashdesk.reconcile.renamed_orders import RenamedOrders
from crashdesk.reconcile.rules import Rules
from crashdesk.storage.journal_records import JournalView

# What the bot put into a lost journal may have been this very order: then it is no orphan.
_MAY_BE_KNOWN = fact(Source.JOURNAL, "What the bot noted last may be missing: it may well have known this order.")
_KNOWN_LATER = fact(Source.CHECKPOINT, "The last known state knows this order.")


class Strangers:
    """Judges the orders that the state does not know: whose they are, and what was decided on them before."""

    def __init__(self, journal: JournalView, context: OrderContext, rules: Rules, renamed: RenamedOrders) -> None:
        self._renamed = renamed
        self._intents = index_intents(journal)
        self._dismissed = {dismissal.order_key: dismissal for dismissal in journal.dismissals}
        self._left_names = left_by_name(self._dismissed, journal.left)
        self._left_as = {terms.order_key: terms for terms in journal.left}
        self._journal_problem = journal.problem
        self._context = context
        self._rules = rules

    def judge(self, order: ExchangeOrder, arrival: LateArrival | None) -> OrderVerdict:
        """The verdict on one of them; `arrival` when no list shows it."""
        contract = self._context.contract(order.symbol)
        kind, evidence = owner(order, self._intents, self._rules, contract)
        if kind is OrderVerdictKind.OWN_ORPHAN and self._journal_problem:
            evidence += (_MAY_BE_KNOWN,)
        renamed = self._renamed.told(order)
        if renamed is not None:
            kind = OrderVerdictKind.AMBIGUOUS if kind is OrderVerdictKind.OWN_ORPHAN else kind
            evidence += (renamed,)
        later = not self._rules.known_later.isdisjoint(order_names((order,)))
        if later:
            evidence += (_KNOWN_LATER,)
        left = self._dismissed.get(order.key)
        changes = changed_since_left(order, self._left_as.get(order.key)) if left is not None else ""
        if left is not None:
            evidence += (left_evidence(left, changes),)
        namesake = self._left_names.get((order.symbol, order.client_order_id)) if left is None else None
        if namesake is not None:
            evidence += (namesake_evidence(namesake),)
        seen = [seen_open(order, self._context.seen_at if arrival is None else arrival.read_at, contract)]
        seen += [] if arrival is None else [arrival.evidence]
        protection = self._context.protections.of(order)
        notional, distance = self._context.pricing.of(order)
        return OrderVerdict(
            kind=kind,
            known=None,
            live=order,
            facts=(_absent_from_state(self._rules), *seen, *evidence, *protection.facts),
            protective=bool(protection.how),
            protects=protection.how,
            preselected=kind is OrderVerdictKind.OWN_ORPHAN
            and not (protection.how or left or namesake or self._journal_problem or later),
            dismissed=(left.note or f"left by {left.who}") if left and not changes else "",
            notional=notional,
            distance=distance,
            contract=contract,
            other_program=other_prefix(order.client_order_id, self._rules),
        )


def _absent_from_state(rules: Rules) -> Evidence:
    seq, changes = rules.checkpoint_seq, rules.changes
    if not changes:
        template = "Unknown to the state that was compared." if seq is None else "Unknown to checkpoint {seq}."
    elif seq is None and changes == 1:
        template = "Unknown to the last known state (1 journalled change, no checkpoint)."
    elif seq is None:
        template = "Unknown to the last known state ({changes} journalled changes, no checkpoint)."
    elif changes == 1:
        template = "Unknown to the last known state (checkpoint {seq} and 1 journalled change)."
    else:
        template = "Unknown to the last known state (checkpoint {seq} and {changes} journalled changes)."
    return fact(Source.CHECKPOINT, template, seq=seq, changes=changes)
