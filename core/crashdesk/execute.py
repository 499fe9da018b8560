"""Carrying out decisions on orphan orders, one after the other, each with its intent before and its outcome after."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.clock import Clock
from crashdesk.errors import PlanChanged
from crashdesk.exchange.protocol import Exchange, Step, unheard
from crashdesk.execute_order import OneOrder
from crashdesk.guarding import Guard
from crashdesk.patience import HeldBack, Patience, PatientReader
from crashdesk.reconcile.dismissals import left_data
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Outcome, OutcomeKind, Plan
from crashdesk.revalidation import describe, outlined
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal import Journal

_log = logging.getLogger("crashdesk")
_DOING = {Action.CANCEL: "cancelling", Action.ADOPT: "adopting", Action.LEAVE: "leaving"}


class Execution(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What came of executing a plan.

    `stopped` when it ended between two orders; `problem` says why when nobody asked for it.
    """

    plan_id: str
    outcomes: tuple[Outcome, ...]
    stopped: bool = False
    problem: str = ""

    def count(self, *kinds: OutcomeKind) -> int:
        """How many outcomes are of these kinds."""
        return sum(self._counts[kind] for kind in kinds)

    @cached_property
    def _counts(self) -> Counter[OutcomeKind]:
        return Counter(outcome.kind for outcome in self.outcomes)

    def amended(self, later: Sequence[Outcome]) -> Execution:
        """With what turned out later: it takes the place of the outcome of the same order, or is added."""
        changed = {outcome.order_key: outcome for outcome in later}
        kept = tuple(changed.pop(outcome.order_key, outcome) for outcome in self.outcomes)
        return msgspec.structs.replace(self, outcomes=kept + tuple(changed.values()))

    @cached_property
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
    patience: Patience | None = None,
    who: str = "",
) -> Execution:
    """Carry out `decisions` on the orphans of `plan`, one after the other, each entered in the audit log.

    An order that changed since it was shown is not touched. A plan that was begun before is resumed: an order whose
    request may have gone out is read, never asked to be cancelled a second time. Where the exchange asks for a pause, it is
    made, and `step` hears of it; a pause beyond `patience` stops the batch.
    `who` sends the requests, which may be another one than who decided before it was interrupted; empty: who decided.
    Raises PlanChanged for a decision on an order that the plan does not offer; DatabaseUnusable when the log cannot be
    written, before anything is sent. When it fails later, the batch stops and the execution says so.
    """
    patience = patience or Patience()
    check_decisions(plan, decisions)
    before = log.entries(plan_id=plan.id)
    intended = {entry.order_key for entry in before if entry.kind is AuditKind.INTENT}
    _record_decisions(plan, decisions, before, log)
    outcomes: list[Outcome] = []
    guard = Guard(plan, exchange, clock)
    held_ids = {each.known.id for each in plan.orders if each.known is not None and not each.is_stale}

    def ended(problem: str = "") -> Execution:
        return Execution(plan_id=plan.id, outcomes=tuple(outcomes), stopped=True, problem=problem)

    for number, decision in enumerate(decisions):
        if stopped():
            return ended()
        if not log.in_place():
            return ended(
                "the store vanished or its journal was replaced while the recovery ran; the orders that are left were not touched"
            )
        verdict = plan.orphan_by_key[decision.order_key]
        doing = step_text(decision.action, verdict)
        step(number, len(decisions), doing)
        say = _saying(step, number, len(decisions), doing)
        reader = PatientReader(exchange, clock, patience, say=say, stopped=stopped)
        one = OneOrder(
            plan=plan,
            verdict=verdict,
            decision=decision,
            exchange=exchange,
            reader=reader,
            patience=patience,
            log=log,
            clock=clock,
            held_ids=held_ids,
            guard=guard,
            who=who or decision.who,
        )
        try:
            outcome = one.carry_out(already_intended=decision.order_key in intended)
            outcomes.append(outcome)
            record_outcome(plan.id, verdict, outcome, log, who=one.who)
        except HeldBack as error:
            return ended("" if stopped() else str(error))
        except DatabaseUnusable as error:
            if not outcomes:
                raise
            return ended(
                f"the audit log cannot be written any more: {error}; the orders that are left were not touched"
            )
        if outcome.kind is OutcomeKind.ADOPTED and verdict.live is not None:
            held_ids.add(verdict.live.id)
    step(len(decisions), len(decisions), "done")
    return Execution(plan_id=plan.id, outcomes=tuple(outcomes))


def step_text(action: Action, verdict: OrderVerdict) -> str:
    """What the progress says while this is done to an order; behind a colon it may say what is waited for."""
    return f"{_DOING[action]} {outlined(verdict.live, verdict.contract)}"


def check_decisions(plan: Plan, decisions: Sequence[Decision]) -> None:
    """Raises PlanChanged for a decision on what is no orphan of `plan`, and for two on the same order."""
    seen: set[str] = set()
    for decision in decisions:
        if decision.order_key not in plan.orphan_by_key:
            raise PlanChanged(f"{decision.order_key} is no orphan order of this plan; compare again before deciding")
        if decision.order_key in seen:
            raise PlanChanged(f"there are two decisions on {decision.order_key}; compare again and decide once")
        seen.add(decision.order_key)


def _saying(step: Step, number: int, total: int, doing: str) -> Callable[[str], None]:
    return lambda text: step(number, total, f"{doing}: {text}")


def _record_decisions(plan: Plan, decisions: Sequence[Decision], before: Sequence[AuditEntry], log: Journal) -> None:
    recorded = {(entry.order_key, entry.data.get("action")) for entry in before if entry.kind is AuditKind.DECISION}
    for decision in decisions:
        if (decision.order_key, decision.action.value) in recorded:
            continue
        verdict = plan.orphan_by_key[decision.order_key]
        log.append(
            AuditKind.DECISION,
            f"{decision.action.value} {describe(verdict.live, verdict.contract)}"
            + (f": {decision.note}" if decision.note else ""),
            who=decision.who,
            order_key=decision.order_key,
            plan_id=plan.id,
            data={
                "action": decision.action.value,
                "verdict": verdict.kind.value,
                "evidence": "\n".join(f"{item.source.value}: {item.text}" for item in verdict.evidence),
            },
        )


def record_outcome(plan_id: str, verdict: OrderVerdict, outcome: Outcome, log: Journal, *, who: str) -> None:
    """Enter what became of the decision on an order, loudly where that is unknown. Raises DatabaseUnusable."""
    shown = verdict.live
    order = describe(shown, verdict.contract)
    if outcome.kind is OutcomeKind.UNKNOWN and outcome.action is Action.CANCEL:
        _log.error("%s: %s", order, outcome.text)
    data = {"action": outcome.action.value, "outcome": outcome.kind.value, "sent": str(outcome.sent).lower()}
    if outcome.reread is not None and outcome.reread.filled is not None:
        data["filled"] = str(outcome.reread.filled)
    if outcome.kind is OutcomeKind.LEFT and shown is not None:
        data |= left_data(shown)
    log.append(
        AuditKind.OUTCOME,
        f"{order}: {outcome.text}",
        who=who,
        order_key=outcome.order_key,
        plan_id=plan_id,
        data=data,
        at=outcome.at,
    )
