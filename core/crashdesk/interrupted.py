"""A recovery that was begun and not finished, as the audit log tells it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.errors import RecoveryError
from crashdesk.reconcile.records import Action, Decision, Outcome, OutcomeKind, Plan


class InterruptedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan whose execution was begun and never finished; `newest_seq` and `newest_change` as in Comparison.

    `outcomes` are those that the audit log holds already, without the orders as they were read again.
    """

    plan: Plan
    decisions: tuple[Decision, ...]
    done: frozenset[str]
    begun_at: int
    who: str
    newest_seq: int | None = None
    newest_change: int | None = None
    outcomes: tuple[Outcome, ...] = ()


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
    done = frozenset(entry.order_key for entry in related if entry.kind is AuditKind.OUTCOME)
    return InterruptedPlan(
        plan=plan,
        decisions=decisions,
        done=done,
        begun_at=last.at,
        who=last.who,
        newest_seq=_number(last.data, "newest_seq"),
        newest_change=_number(last.data, "newest_change"),
        outcomes=tuple(_outcome_of(entry) for entry in related if entry.kind is AuditKind.OUTCOME),
    )


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
