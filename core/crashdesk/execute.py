"""Carrying out decisions on orphan orders: read again, write the intent, send once, prove by reading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.clock import Clock
from crashdesk.errors import PlanChanged
from crashdesk.exchange.protocol import Exchange, Step, unheard
from crashdesk.exchange.records import CancelAnswer, CancelStatus, ExchangeOrder, LookupStatus, OrderLookup
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Outcome, OutcomeKind, Plan
from crashdesk.state import OPEN_STATUSES, OrderStatus
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Dismissal

PROOF_DEADLINE_S = 10.0
PROOF_PAUSES_S = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 3.7)


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """What came of executing a plan; `stopped` when someone stopped it between two orders."""

    plan_id: str
    outcomes: tuple[Outcome, ...]
    stopped: bool = False

    def count(self, *kinds: OutcomeKind) -> int:
        """How many outcomes are of these kinds."""
        return sum(outcome.kind in kinds for outcome in self.outcomes)

    @property
    def adopted(self) -> frozenset[str]:
        """The keys of the orders that join the state."""
        return frozenset(outcome.order_key for outcome in self.outcomes if outcome.kind is OutcomeKind.ADOPTED)


def execute_plan(
    plan: Plan,
    decisions: Sequence[Decision],
    *,
    exchange: Exchange,
    log: Journal,
    clock: Clock,
    step: Step = unheard,
    stopped: Callable[[], bool] = lambda: False,
) -> Execution:
    """Carry out `decisions` on the orphans of `plan`, one after the other, each entered in the audit log.

    An order that changed since it was shown is not touched. A plan that was begun before is resumed: an order whose
    request may have gone out is read, never asked to be cancelled a second time.
    Raises PlanChanged for a decision on an order that the plan does not offer; DatabaseUnusable when the log cannot be
    written, before anything is sent for that order.
    """
    orphans = {verdict.key: verdict for verdict in plan.orphans}
    check_decisions(plan, decisions)
    before = log.entries(plan_id=plan.id)
    intended = {entry.order_key for entry in before if entry.kind is AuditKind.INTENT}
    _record_decisions(plan, decisions, before, log)
    outcomes: list[Outcome] = []
    adopted_ids: set[str] = set()
    for number, decision in enumerate(decisions):
        if stopped():
            return Execution(plan_id=plan.id, outcomes=tuple(outcomes), stopped=True)
        verdict = orphans[decision.order_key]
        step(number, len(decisions), f"{decision.action.value} {verdict.key}")
        one = _One(
            plan=plan,
            verdict=verdict,
            decision=decision,
            exchange=exchange,
            log=log,
            clock=clock,
            adopted_ids=adopted_ids,
        )
        outcome = one.carry_out(already_intended=decision.order_key in intended)
        log.append(
            AuditKind.OUTCOME,
            f"{describe(verdict.live)}: {outcome.text}",
            who=decision.who,
            order_key=outcome.order_key,
            plan_id=plan.id,
            data={"action": outcome.action.value, "outcome": outcome.kind.value, "sent": str(outcome.sent).lower()},
        )
        outcomes.append(outcome)
        if outcome.kind is OutcomeKind.ADOPTED and verdict.live is not None:
            adopted_ids.add(verdict.live.id)
    step(len(decisions), len(decisions), "done")
    return Execution(plan_id=plan.id, outcomes=tuple(outcomes))


def check_decisions(plan: Plan, decisions: Sequence[Decision]) -> None:
    """Raises PlanChanged for a decision on what is no orphan of `plan`, and for two on the same order."""
    orphans = {verdict.key for verdict in plan.orphans}
    seen: set[str] = set()
    for decision in decisions:
        if decision.order_key not in orphans:
            raise PlanChanged(f"{decision.order_key} is no orphan order of this plan; compare again before deciding")
        if decision.order_key in seen:
            raise PlanChanged(f"there are two decisions on {decision.order_key}; compare again and decide once")
        seen.add(decision.order_key)


def _record_decisions(plan: Plan, decisions: Sequence[Decision], before: Sequence[AuditEntry], log: Journal) -> None:
    recorded = {(entry.order_key, entry.data.get("action")) for entry in before if entry.kind is AuditKind.DECISION}
    orphans = {verdict.key: verdict for verdict in plan.orphans}
    for decision in decisions:
        if (decision.order_key, decision.action.value) in recorded:
            continue
        verdict = orphans[decision.order_key]
        log.append(
            AuditKind.DECISION,
            f"{decision.action.value} {describe(verdict.live)}" + (f": {decision.note}" if decision.note else ""),
            who=decision.who,
            order_key=decision.order_key,
            plan_id=plan.id,
            data={
                "action": decision.action.value,
                "verdict": verdict.kind.value,
                "evidence": "\n".join(f"{item.source.value}: {item.text}" for item in verdict.evidence),
            },
        )


def _seconds(elapsed_ns: int) -> str:
    """A short time, never rounded to nothing."""
    return f"{elapsed_ns / 1e9:.1f} s" if elapsed_ns >= 100_000_000 else f"{elapsed_ns / 1e6:.1f} ms"


def describe(order: ExchangeOrder | None) -> str:
    """One order in words."""
    if order is None:
        return "an order that is not on the exchange"
    price = order.price if order.price is not None else order.trigger_price
    amount = "an unstated amount of" if order.amount is None else str(order.amount)
    at = "at the market" if price is None else f"at {price}"
    return f"{order.side.value} {amount} {order.symbol} {at} (order {order.id})"


class _One(msgspec.Struct, frozen=True, kw_only=True):
    """One decision on its way to its outcome."""

    plan: Plan
    verdict: OrderVerdict
    decision: Decision
    exchange: Exchange
    log: Journal
    clock: Clock
    adopted_ids: Collection[str]

    def carry_out(self, *, already_intended: bool) -> Outcome:
        if self.decision.action is Action.LEAVE:
            return self._leave()
        shown = self.verdict.live
        assert shown is not None
        if already_intended and self.decision.action is Action.CANCEL:
            return self._prove(self.clock.now_ns(), sent=False, note="a cancel was intended before; ")
        fresh = self.exchange.read_order(shown.ref)
        settled = self._settled_before(shown, fresh)
        if settled is not None:
            return settled
        if self.decision.action is Action.ADOPT:
            return self._adopt(shown, fresh)
        return self._cancel(shown)

    def _adopt(self, shown: ExchangeOrder, fresh: OrderLookup) -> Outcome:
        if shown.amount is None:
            return self._outcome(
                OutcomeKind.SKIPPED,
                "it cannot join the state: the exchange does not say its amount",
                reread=fresh.order,
            )
        known = (verdict.known for verdict in self.plan.orders if not verdict.is_stale and verdict.known is not None)
        if shown.id in {*self.adopted_ids, *(order.id for order in known)}:
            return self._outcome(
                OutcomeKind.SKIPPED,
                f"it cannot join the state: another order there has the id {shown.id}, and a checkpoint holds an id once",
                reread=fresh.order,
            )
        return self._outcome(OutcomeKind.ADOPTED, "it joins the recovered state", reread=fresh.order)

    def _leave(self) -> Outcome:
        decision = self.decision
        self.log.dismiss(
            Dismissal(order_key=decision.order_key, at=self.clock.now_ns(), who=decision.who, note=decision.note)
        )
        return self._outcome(OutcomeKind.LEFT, "left as it is, and remembered")

    def _settled_before(self, shown: ExchangeOrder, fresh: OrderLookup) -> Outcome | None:
        """The outcome when the fresh read forbids touching the order; None when it is as it was shown."""
        if fresh.status is LookupStatus.UNKNOWN:
            return self._outcome(
                OutcomeKind.UNKNOWN, f"not touched: it could not be read again ({fresh.reason}); compare again"
            )
        if fresh.order is None:
            return self._outcome(OutcomeKind.ALREADY_CLOSED, "not touched: the exchange no longer has it")
        if fresh.order.status not in OPEN_STATUSES:
            return self._closed(fresh.order, sent=False)
        changes = changed_since(shown, fresh.order)
        if changes:
            return self._outcome(
                OutcomeKind.CHANGED,
                f"not touched: it changed since it was shown ({changes}); decide again",
                reread=fresh.order,
            )
        return None

    def _cancel(self, shown: ExchangeOrder) -> Outcome:
        intended_at = self.clock.now_ns()
        # In the audit log and not among the bot's intents, which prove that an order is the bot's own.
        self.log.append(
            AuditKind.INTENT,
            f"about to cancel {describe(shown)}",
            who=self.decision.who,
            order_key=self.decision.order_key,
            plan_id=self.plan.id,
        )
        answer = self.exchange.cancel_order(shown.ref)
        if answer.status is CancelStatus.NOT_DONE:
            return self._refused(shown, answer)
        note = f"the answer was lost ({answer.reason}); " if answer.status is CancelStatus.UNKNOWN else ""
        return self._prove(intended_at, sent=True, answer=answer.status, note=note)

    def _refused(self, shown: ExchangeOrder, answer: CancelAnswer) -> Outcome:
        fresh = self.exchange.read_order(shown.ref)
        if fresh.order is not None and fresh.order.status not in OPEN_STATUSES:
            return self._closed(fresh.order, sent=True, note=f"refused ({answer.reason}), because it is ")
        return self._outcome(OutcomeKind.REFUSED, f"refused: {answer.reason}", sent=True, reread=fresh.order)

    def _prove(self, since: int, *, sent: bool, answer: CancelStatus | None = None, note: str) -> Outcome:
        """Read until the order is seen closed, or the pauses are used up."""
        shown = self.verdict.live
        assert shown is not None
        reason = "it is still open"
        latest: ExchangeOrder | None = None
        for pause in (0.0, *PROOF_PAUSES_S):
            if pause:
                self.clock.sleep(pause)
            fresh = self.exchange.read_order(shown.ref)
            if fresh.status is LookupStatus.UNKNOWN:
                reason = f"it could not be read again ({fresh.reason})"
                continue
            if fresh.order is None:
                return self._gone(since, sent=sent, accepted=answer is CancelStatus.ACCEPTED, note=note)
            latest = fresh.order
            if fresh.order.status not in OPEN_STATUSES:
                ours = answer in (CancelStatus.ACCEPTED, CancelStatus.UNKNOWN)
                return self._closed(fresh.order, sent=sent, ours=ours, since=since, note=note)
            reason = "it is still open"
        return self._outcome(
            OutcomeKind.UNKNOWN,
            f"{note}{reason} after {PROOF_DEADLINE_S:g} s: look at the exchange before you rely on it",
            sent=sent,
            reread=latest,
        )

    def _gone(self, since: int, *, sent: bool, accepted: bool, note: str) -> Outcome:
        elapsed = self.clock.now_ns() - since
        # Without an accepted request, an order that is gone may as well have filled: then positions tell.
        how = "" if accepted else " and does not say whether it filled or was cancelled; compare the positions"
        return self._outcome(
            OutcomeKind.CANCELLED if accepted else OutcomeKind.ALREADY_CLOSED,
            f"{note}the exchange no longer has it{how} (read again {_seconds(elapsed)} later)",
            sent=sent,
            elapsed_ns=elapsed,
        )

    def _closed(
        self, order: ExchangeOrder, *, sent: bool, ours: bool = False, since: int | None = None, note: str = ""
    ) -> Outcome:
        """The outcome for an order that is over; `ours` when a cancel request of ours may be the reason."""
        filled = "an unstated amount" if order.filled is None else str(order.filled)
        whole = "unstated" if order.amount is None else str(order.amount)
        elapsed = None if since is None else self.clock.now_ns() - since
        proof = "" if elapsed is None else f" (read again {_seconds(elapsed)} later)"
        if order.status is OrderStatus.FILLED:
            kind, text = OutcomeKind.FILLED, f"{note}already filled, {filled} of {whole}{proof}"
        elif ours and order.status is OrderStatus.CANCELLED:
            partly = f", {filled} of {whole} had filled" if order.filled else ""
            kind, text = OutcomeKind.CANCELLED, f"{note}cancelled{partly}{proof}"
        else:
            word = order.status.value.replace("_", " ")
            kind, text = OutcomeKind.ALREADY_CLOSED, f"{note}already {word}, {filled} of {whole} filled{proof}"
        return self._outcome(kind, text, sent=sent, reread=order, elapsed_ns=elapsed)

    def _outcome(
        self,
        kind: OutcomeKind,
        text: str,
        *,
        sent: bool = False,
        reread: ExchangeOrder | None = None,
        elapsed_ns: int | None = None,
    ) -> Outcome:
        return Outcome(
            order_key=self.decision.order_key,
            action=self.decision.action,
            kind=kind,
            text=text,
            sent=sent,
            reread=reread,
            at=self.clock.now_ns(),
            elapsed_ns=elapsed_ns,
        )


def changed_since(shown: ExchangeOrder, fresh: ExchangeOrder) -> str:
    """What differs between the order as shown and as read again, in words; empty for nothing."""
    pairs = (
        ("amount", shown.amount, fresh.amount),
        ("filled", shown.filled, fresh.filled),
        ("price", shown.price, fresh.price),
        ("trigger price", shown.trigger_price, fresh.trigger_price),
    )
    return ", ".join(
        f"{name} {old} → {new}" for name, old, new in pairs if old is not None and new is not None and old != new
    )
