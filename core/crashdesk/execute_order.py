"""One decision on its way to its outcome: read again, write the intent, send once, prove by reading."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from crashdesk.audit import AuditKind
from crashdesk.clock import Clock
from crashdesk.exchange.protocol import Exchange
from crashdesk.exchange.records import CancelAnswer, CancelStatus, ExchangeOrder, LookupStatus, OrderLookup
from crashdesk.guarding import Guard
from crashdesk.patience import HeldBack, Patience, PatientReader, proof_pauses
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Outcome, OutcomeKind, Plan
from crashdesk.revalidation import changed_since, describe
from crashdesk.settling import ending_of, span_words
from crashdesk.state import OPEN_STATUSES, OrderStatus
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Dismissal
from crashdesk.trouble import TroubleKind
from crashdesk.trouble_words import trouble_line

_LEAST_READS = 2
_OF_THE_ORDER = frozenset({TroubleKind.REFUSED, TroubleKind.UNSUPPORTED})
_NOTES = {
    CancelStatus.UNKNOWN: "the answer was lost ({reason}); ",
    CancelStatus.ABSENT: "the exchange answered that it knows no such open order ({reason}); ",
}


class OneOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One decision of a plan. `held_ids` are the ids of the orders that the recovered state holds already, `who`
    carries it out, and `guard` knows of positions that were opened meanwhile.
    """

    plan: Plan
    verdict: OrderVerdict
    decision: Decision
    exchange: Exchange
    reader: PatientReader
    patience: Patience
    log: Journal
    clock: Clock
    held_ids: Collection[str]
    guard: Guard
    who: str

    def carry_out(self, *, already_intended: bool) -> Outcome:
        """Do what was decided; after `already_intended`, a cancellation is only read. Raises DatabaseUnusable, HeldBack.

        HeldBack is raised before anything was sent for this order.
        """
        if self.decision.action is Action.LEAVE:
            return self._leave()
        shown = self.verdict.live
        assert shown is not None
        if already_intended and self.decision.action is Action.CANCEL:
            return self._prove(self.clock.now_ns(), sent=False, note="a cancel was intended before; ")
        fresh = self.reader.read(shown.ref)
        settled = self._settled_before(shown, fresh)
        if settled is not None:
            return settled
        if self.decision.action is Action.ADOPT:
            return self._adopt(shown, fresh)
        objection = self.guard.objection(shown)
        if objection is not None:
            kind, text = objection
            return self._outcome(kind, text, reread=fresh.order)
        return self._cancel(shown)

    def _adopt(self, shown: ExchangeOrder, fresh: OrderLookup) -> Outcome:
        if shown.amount is None:
            return self._outcome(
                OutcomeKind.SKIPPED,
                "it cannot join the state: the exchange does not say its amount",
                reread=fresh.order,
            )
        if shown.id in self.held_ids:
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
            if fresh.retry_after_s is not None:
                raise HeldBack(
                    f"the exchange's limit asks for a pause of {fresh.retry_after_s:.0f} s ({fresh.reason}): "
                    "the orders that are left were not touched; resume the recovery after it"
                )
            return self._outcome(
                OutcomeKind.UNKNOWN, f"not touched: it could not be read again ({fresh.reason}); compare again"
            )
        if fresh.order is None:
            return self._outcome(
                OutcomeKind.ALREADY_CLOSED,
                "not touched: the exchange no longer has it, and does not say whether it filled; compare the positions",
            )
        if fresh.order.status not in OPEN_STATUSES:
            return self._closed(fresh, fresh.order, sent=False)
        changes = changed_since(shown, fresh.order)
        if changes:
            return self._outcome(
                OutcomeKind.CHANGED,
                f"not touched: it changed since it was shown ({changes}); compare again and decide anew",
                reread=fresh.order,
            )
        return None

    def _cancel(self, shown: ExchangeOrder) -> Outcome:
        intended_at = self.clock.now_ns()
        # In the audit log and not among the bot's intents, which prove that an order is the bot's own.
        self.log.append(
            AuditKind.INTENT,
            f"about to cancel {describe(shown, self.verdict.contract)}",
            who=self.who,
            order_key=self.decision.order_key,
            plan_id=self.plan.id,
        )
        answer = self.exchange.cancel_order(shown.ref)
        if answer.status is CancelStatus.NOT_DONE:
            return self._refused(shown, answer)
        note = _NOTES.get(answer.status, "").format(reason=answer.reason)
        return self._prove(intended_at, sent=True, answer=answer.status, note=note)

    def _refused(self, shown: ExchangeOrder, answer: CancelAnswer) -> Outcome:
        """A refused request is never sent again, not even after a pause: what it did is read."""
        if answer.retry_after_s is not None:
            self.reader.wait(answer.retry_after_s)
        sent = answer.sent
        refused = f"refused: {answer.reason}" if sent else f"nothing was sent: {answer.reason}"
        fresh = self.reader.read(shown.ref)
        if fresh.status is LookupStatus.UNKNOWN:
            return self._outcome(
                OutcomeKind.REFUSED,
                f"{refused}; it could not be read again either ({fresh.reason}); compare again",
                sent=sent,
            )
        if fresh.order is None:
            return self._outcome(
                OutcomeKind.ALREADY_CLOSED,
                f"{refused}; the exchange no longer has it, and does not say whether it filled; compare the positions",
                sent=sent,
            )
        if fresh.order.status not in OPEN_STATUSES:
            return self._closed(fresh, fresh.order, sent=sent, note=f"refused ({answer.reason}), because it is ")
        still_open = f"{refused}; it is still open: compare again and decide anew"
        if answer.trouble is not None and answer.trouble.kind not in _OF_THE_ORDER:
            # Deciding anew would be refused again: it is not this order that is the matter.
            still_open = (
                f"{'refused' if sent else 'nothing was sent'}: {trouble_line(answer.trouble)}; it is still open"
            )
        return self._outcome(OutcomeKind.REFUSED, still_open, sent=sent, reread=fresh.order)

    def _prove(self, since: int, *, sent: bool, answer: CancelStatus | None = None, note: str) -> Outcome:
        """Read until the order is seen closed, or the time for it is over."""
        shown = self.verdict.live
        assert shown is not None
        reason = "it is still open"
        latest: ExchangeOrder | None = None
        began, paused_before = self.clock.now_ns(), self.reader.paused_s
        for number, pause in enumerate(proof_pauses(self.patience.proof_s), start=1):
            if pause:
                self.clock.sleep(pause)
            fresh = self.reader.read(shown.ref)
            if fresh.status is LookupStatus.UNKNOWN:
                reason = f"it could not be read again ({fresh.reason})"
            elif fresh.order is None:
                return self._gone(since, sent=sent, accepted=answer is CancelStatus.ACCEPTED, note=note)
            elif fresh.order.status not in OPEN_STATUSES:
                ours = answer in (CancelStatus.ACCEPTED, CancelStatus.UNKNOWN)
                return self._closed(fresh, fresh.order, sent=sent, ours=ours, since=since, note=note)
            else:
                latest, reason = fresh.order, "it is still open"
            # A read that times out takes longer than all pauses together.
            paused = self.reader.paused_s - paused_before
            if number >= _LEAST_READS and (self.clock.now_ns() - began) / 1e9 - paused >= self.patience.proof_s:
                break
        return self._outcome(
            OutcomeKind.UNKNOWN,
            f"{note}{reason} after {self.patience.proof_s:g} s: look at the exchange before you rely on it, and compare again",
            sent=sent,
            reread=latest,
        )

    def _gone(self, since: int, *, sent: bool, accepted: bool, note: str) -> Outcome:
        elapsed = self.clock.now_ns() - since
        # Without an accepted request, an order that is gone may as well have filled: then positions tell.
        how = (
            ", nor tells whether a part had filled"
            if accepted
            else " and does not say whether it filled or was cancelled; compare the positions"
        )
        return self._outcome(
            OutcomeKind.CANCELLED if accepted else OutcomeKind.ALREADY_CLOSED,
            f"{note}the exchange no longer has it{how} (read again {span_words(elapsed)} later)",
            sent=sent,
            elapsed_ns=elapsed,
        )

    def _closed(
        self,
        fresh: OrderLookup,
        order: ExchangeOrder,
        *,
        sent: bool,
        ours: bool = False,
        since: int | None = None,
        note: str = "",
    ) -> Outcome:
        """The outcome for an order that is over, as `fresh` tells; `ours` when a cancel request of ours may be the reason."""
        if fresh.goes_on_as is not None:
            # Over is the condition alone: what was to be decided on rests under another id.
            untouched = "" if sent else "not touched: "
            text = f"{untouched}it changed since it was shown ({fresh.reason}); compare again and decide anew"
            return self._outcome(OutcomeKind.CHANGED, text, sent=sent, reread=order)
        elapsed = None if since is None else self.clock.now_ns() - since
        proof = "" if elapsed is None else f" (read again {span_words(elapsed)} later)"
        kind, how = ending_of(order, self.verdict.contract, ours=ours)
        return self._outcome(kind, f"{note}{how}{proof}", sent=sent, reread=order, elapsed_ns=elapsed)

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


def not_adopted(order_key: str, fresh: OrderLookup, now_ns: int) -> Outcome:
    """The outcome for an order that was adopted and is no longer there to be saved, as it was read afterwards."""
    kind, how = OutcomeKind.ALREADY_CLOSED, "the exchange no longer has it"
    if fresh.goes_on_as is not None:
        kind, how = OutcomeKind.SKIPPED, fresh.reason
    elif fresh.order is not None:
        filled = "an unstated amount" if fresh.order.filled is None else str(fresh.order.filled)
        how = f"it is {fresh.order.status.value.replace('_', ' ')} now, {filled} filled"
        if fresh.order.status is OrderStatus.FILLED:
            kind = OutcomeKind.FILLED
        elif fresh.order.status in OPEN_STATUSES:
            kind = OutcomeKind.SKIPPED
    elif fresh.status is LookupStatus.UNKNOWN:
        kind, how = OutcomeKind.UNKNOWN, f"what became of it could not be read ({fresh.reason}); compare again"
    return Outcome(
        order_key=order_key,
        action=Action.ADOPT,
        kind=kind,
        text=f"not in the saved state after all: {how}",
        reread=fresh.order,
        at=now_ns,
    )
