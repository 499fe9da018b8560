"""A recovery that was begun and not finished, as the audit log tells it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.errors import RecoveryError
from crashdesk.reconcile.records import NOT_CARRIED_OUT, Action, Decision, Outcome, OutcomeKind, Plan
from crashdesk.revalidation import describe


class InterruptedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan whose execution was begun and never finished; `newest_seq` and `newest_change` as in Comparison.

    `outcomes` are those that the audit log holds already, without the orders as they were read again: the last one of each
    order. `done` are the orders for which what is decided now was carried out or, for good or ill, begun. `saving` is the
    timestamp of the reconciled state that was about to be saved, None when it had not come so far.
    """

    plan: Plan
    decisions: tuple[Decision, ...]
    done: frozenset[str]
    begun_at: int
    who: str
    newest_seq: int | None = None
    newest_change: int | None = None
    outcomes: tuple[Outcome, ...] = ()
    saving: int | None = None

    @property
    def carried_out(self) -> int:
        """How many of the decisions came to an end that was seen; the others were refused, changed, or are uncertain."""
        return sum(outcome.order_key in self.done and outcome.kind not in NOT_CARRIED_OUT for outcome in self.outcomes)

    @property
    def unknown(self) -> int:
        """For how many of the decisions nobody knows what came of them."""
        return sum(outcome.order_key in self.done and outcome.kind is OutcomeKind.UNKNOWN for outcome in self.outcomes)


def decisions_of(entry: AuditEntry) -> tuple[Decision, ...]:
    """What was decided, from the entry that began a plan. Raises RecoveryError when it cannot be read back."""
    try:
        return msgspec.json.decode(entry.data["decisions"], type=tuple[Decision, ...])
    except (KeyError, msgspec.DecodeError) as error:
        raise RecoveryError(f"an interrupted plan cannot be read back ({error}); compare again instead") from None


def interrupted_plan(entries: Sequence[AuditEntry]) -> InterruptedPlan | None:
    """The newest plan in an audit log that has no recovery entry after it; None for none.

    Raises RecoveryError when the plan cannot be read back.
    """
    begun = [entry for entry in entries if entry.kind is AuditKind.PLAN]
    if not begun:
        return None
    last = begun[-1]
    related = [entry for entry in entries if entry.plan_id == last.plan_id]
    if any(entry.kind is AuditKind.RECOVERY for entry in related) or _superseded(entries, last):
        return None
    try:
        plan = msgspec.json.decode(last.data["plan"], type=Plan)
    except (KeyError, msgspec.DecodeError) as error:
        raise RecoveryError(f"an interrupted plan cannot be read back ({error}); compare again instead") from None
    decisions = decisions_of(last)
    wanted = {decision.order_key: decision.action for decision in decisions}
    outcomes = tuple(_without_name(outcome, plan) for outcome in _last_outcomes(related))
    asked_for = {entry.order_key for entry in related if entry.kind is AuditKind.INTENT}
    # Who was stopped may have decided anew: then what was done before is not what is wanted now.
    done = frozenset(
        outcome.order_key
        for outcome in outcomes
        if wanted.get(outcome.order_key) is outcome.action and not _not_touched(outcome, asked_for)
    )
    saving = [entry.data for entry in related if entry.kind is AuditKind.CHECKPOINT]
    return InterruptedPlan(
        plan=plan,
        decisions=decisions,
        done=done,
        begun_at=last.at,
        who=last.who,
        newest_seq=_number(last.data, "newest_seq"),
        newest_change=_number(last.data, "newest_change"),
        outcomes=outcomes,
        saving=_number(saving[-1], "timestamp") if saving else None,
    )


def adopted_in(entries: Sequence[AuditEntry]) -> frozenset[str]:
    """The keys of the orders that join the state, by the last outcome of each in a plan's entries.

    An order that was adopted stays so when carrying out the plan once more could not read it again.
    """
    told: dict[str, Outcome] = {}
    for outcome in outcomes_in(entries):
        before = told.get(outcome.order_key)
        adopted = before is not None and before.kind is OutcomeKind.ADOPTED
        if not (adopted and outcome.action is Action.ADOPT and outcome.kind is OutcomeKind.UNKNOWN):
            told[outcome.order_key] = outcome
    return frozenset(key for key, outcome in told.items() if outcome.kind is OutcomeKind.ADOPTED)


def outcomes_in(entries: Sequence[AuditEntry]) -> tuple[Outcome, ...]:
    """Every outcome in a plan's entries, oldest first. Raises RecoveryError when one cannot be read back."""
    return tuple(_outcome_of(entry) for entry in entries if entry.kind is AuditKind.OUTCOME)


def _last_outcomes(entries: Sequence[AuditEntry]) -> tuple[Outcome, ...]:
    return tuple({outcome.order_key: outcome for outcome in outcomes_in(entries)}.values())


def _without_name(outcome: Outcome, plan: Plan) -> Outcome:
    """As it was told before the audit log put the order's name in front."""
    verdict = plan.orphan_by_key.get(outcome.order_key)
    if verdict is None:
        return outcome
    name = f"{describe(verdict.live, verdict.contract)}: "
    return msgspec.structs.replace(outcome, text=outcome.text.removeprefix(name))


def _not_touched(outcome: Outcome, asked_for: Collection[str]) -> bool:
    """Whether nothing was done about an order, since it could not be read again: it is as one that was not reached."""
    return outcome.kind is OutcomeKind.UNKNOWN and not outcome.sent and outcome.order_key not in asked_for


def _number(data: dict[str, str], name: str) -> int | None:
    text = data.get(name, "")
    return int(text) if text.isdecimal() else None


def _outcome_of(entry: AuditEntry) -> Outcome:
    """An outcome as the audit log tells it. Raises RecoveryError when it cannot be read back."""
    try:
        return Outcome(
            order_key=entry.order_key,
            action=Action(entry.data["action"]),
            kind=OutcomeKind(entry.data["outcome"]),
            text=entry.text,
            sent=entry.data.get("sent") == "true",
            at=entry.at,
        )
    except (KeyError, ValueError) as error:
        raise RecoveryError(f"outcome {entry.seq} of the audit log cannot be read back: {error}") from None


def _superseded(entries: Sequence[AuditEntry], plan_entry: AuditEntry) -> bool:
    """Whether a later recovery made the plan pointless."""
    return any(entry.kind is AuditKind.RECOVERY and entry.seq > plan_entry.seq for entry in entries)
