"""What the operator wants done about the orphan orders of one comparison. Pure: it only keeps count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from crashdesk.reconcile.records import Action, Decision, OrderVerdict, OrderVerdictKind, Plan
from crashdesk.reconcile.tally import Tally, tally


def is_own(verdict: OrderVerdict) -> bool:
    """Whether the order is provably the bot's."""
    return verdict.kind is OrderVerdictKind.OWN_ORPHAN


class DecisionCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many orphan orders there are of each decision. Without one, `undecided` need a decision, and `left_alone` do not, since
    they are not ours; `left_before` were left in an earlier incident.

    `cancel_others` of those to cancel and `adopt_others` of those to adopt are not provably the bot's; `cancel_protective` of
    those to cancel protect a position, and `untouched` of them are only proposed. `own` of the undecided are provably the
    bot's, and `left_to_start` of these are what its own start cancels. `lost_notes` are on orders without a decision, with which
    alone a note is kept. Of all `orphans`, `others` are not provably the bot's, `protective` protect a position, and `proposed`
    are proposed for cancelling.
    """

    cancel: int = 0
    adopt: int = 0
    leave: int = 0
    undecided: int = 0
    left_alone: int = 0
    left_before: int = 0
    cancel_others: int = 0
    cancel_protective: int = 0
    untouched: int = 0
    adopt_others: int = 0
    own: int = 0
    left_to_start: int = 0
    lost_notes: int = 0
    orphans: int = 0
    others: int = 0
    protective: int = 0
    proposed: int = 0

    @property
    def worst(self) -> DecisionCount:
        """All that decisions on these orders could be warned of at once."""
        return DecisionCount(
            cancel_others=self.others,
            cancel_protective=self.protective,
            adopt_others=self.others,
            left_to_start=self.proposed,
            lost_notes=self.orphans,
        )

    @property
    def longest(self) -> DecisionCount:
        """As many of each decision as any count on these orders could name."""
        most = self.orphans
        return DecisionCount(
            orphans=most,
            cancel=most,
            untouched=self.proposed,
            adopt=most,
            leave=most,
            undecided=most,
            left_alone=self.others,
            left_before=self.left_before,
        )


class Decisions:
    """The decisions on a plan's orphan orders, and what was noted on each; at first, what the plan proposes for cancelling.

    A note waits for the decision that takes it, and outlives one that is taken back.

    Made in a worker: to find ten thousand orders, their keys and proposals takes longer than a window may be held.
    `orphans` are the orders by their keys, in the plan's order.
    """

    def __init__(self, plan: Plan | None, who: str) -> None:
        self.orphans: Mapping[str, OrderVerdict] = plan.orphan_by_key if plan is not None else {}
        self._others = sum(not is_own(each) for each in self.orphans.values())
        self._protective = sum(each.protective for each in self.orphans.values())
        self._proposed = sum(each.preselected for each in self.orphans.values())
        self._who = who
        self._taken: dict[str, Decision] = {}
        self._untouched: set[str] = set()
        self._notes: dict[str, str] = {}
        self._all: tuple[Decision, ...] | None = None
        self._count: DecisionCount | None = None
        self._tallies: dict[bool, Tally] = {}
        self.propose()
        # What everybody asks for first is found here as well.
        _ = self.all, self.count, self.tally(accepted=False), self.tally(accepted=True)

    def tally(self, *, accepted: bool) -> Tally:
        """The numbers of the orphan orders; the same object until something else is decided.

        What is only proposed still waits for a decision until the operator has seen and `accepted` the proposal.
        """
        if accepted not in self._tallies:
            decided = self._taken.keys() - self._untouched
            proposed = self._untouched if accepted else ()
            self._tallies[accepted] = tally(self.orphans.values(), decided, proposed=proposed)
        return self._tallies[accepted]

    def propose(self) -> None:
        """Drop every decision and propose anew for cancelling what is provably ours and protects nothing."""
        self._taken = {
            key: Decision(order_key=key, action=Action.CANCEL, who=self._who, note=self.note(key))
            for key, verdict in self.orphans.items()
            if verdict.preselected
        }
        self._untouched = set(self._taken)
        self._forget_counts()

    def confirm(self) -> None:
        """The operator has said yes to all of it: what was only proposed is decided."""
        self._untouched.clear()
        self._forget_counts()

    def decide(self, keys: Iterable[str], action: Action | None, note: str = "") -> None:
        """Decide on these orders, or take decisions back with `action` None; an order that is none of the plan's is left out.

        `note` goes with those on which nothing was noted yet.
        """
        for key in keys:
            self._untouched.discard(key)
            if action is None:
                self._taken.pop(key, None)
            elif key in self.orphans:
                if note and key not in self._notes:
                    self._notes[key] = note
                self._taken[key] = Decision(order_key=key, action=action, who=self._who, note=self.note(key))
        self._forget_counts()

    def note(self, key: str) -> str:
        """What was noted on this order, decided or not; empty for nothing."""
        return self._notes.get(key, "")

    def write_note(self, key: str, note: str) -> None:
        """Note this on an order of the plan; what is decided on it takes the note, now or later."""
        if key not in self.orphans:
            return
        if bool(note) is not (key in self._notes):
            self._count = None
        if note:
            self._notes[key] = note
        else:
            self._notes.pop(key, None)
        decision = self._taken.get(key)
        if decision is not None and decision.note != note:
            self._taken[key] = msgspec.structs.replace(decision, note=note)
            self._all = None

    def take_over_notes(self, earlier: Decisions) -> None:
        """Keep what was noted in an earlier comparison on orders that are in this one, unless they were left with that note."""
        for key, note in earlier._notes.items():
            verdict = self.orphans.get(key)
            if verdict is not None and verdict.dismissed != note:
                self.write_note(key, note)

    def withdraw_proposal(self) -> bool:
        """Leave undecided what was proposed for cancelling and is to be cancelled; tells whether there was any."""
        proposed = [
            key
            for key, decision in self._taken.items()
            if decision.action is Action.CANCEL and self.orphans[key].preselected
        ]
        self.decide(proposed, None)
        return bool(proposed)

    def _forget_counts(self) -> None:
        self._all = self._count = None
        self._tallies = {}

    @property
    def taken(self) -> Mapping[str, Decision]:
        """Every decision by the key of its order."""
        return self._taken

    @property
    def all(self) -> tuple[Decision, ...]:
        """Every decision, in the plan's order; the same object until something else is decided."""
        if self._all is None:
            self._all = tuple(self._taken[key] for key in self.orphans if key in self._taken)
        return self._all

    @property
    def count(self) -> DecisionCount:
        """How many orders there are of each decision, and without one."""
        if self._count is None:
            actions = [decision.action for decision in self._taken.values()]
            open_ones = [verdict for key, verdict in self.orphans.items() if key not in self._taken]
            left_before = sum(bool(verdict.dismissed) for verdict in open_ones)
            undecided = sum(not verdict.left_alone for verdict in open_ones)
            cancelled = [self.orphans[key] for key, each in self._taken.items() if each.action is Action.CANCEL]
            adopted = [self.orphans[key] for key, each in self._taken.items() if each.action is Action.ADOPT]
            own = [each for each in open_ones if is_own(each) and not each.dismissed]
            self._count = DecisionCount(
                cancel=actions.count(Action.CANCEL),
                adopt=actions.count(Action.ADOPT),
                leave=actions.count(Action.LEAVE),
                undecided=undecided,
                left_alone=len(open_ones) - undecided - left_before,
                left_before=left_before,
                cancel_others=sum(not is_own(each) for each in cancelled),
                cancel_protective=sum(each.protective for each in cancelled),
                untouched=len(self._untouched),
                adopt_others=sum(not is_own(each) for each in adopted),
                own=len(own),
                left_to_start=sum(each.preselected for each in own),
                lost_notes=sum(key not in self._taken for key in self._notes),
                orphans=len(self.orphans),
                others=self._others,
                protective=self._protective,
                proposed=self._proposed,
            )
        return self._count
