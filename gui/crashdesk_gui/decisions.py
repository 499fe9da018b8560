"""What the operator wants done about the orphan orders of one comparison. Pure: it only keeps count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

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
        kinds: dict[_Traits, _Traits] = {}
        traits = ((key, _Traits.of(verdict)) for key, verdict in self.orphans.items())
        self._traits_by_key = {key: kinds.setdefault(each, each) for key, each in traits}
        self._traits = Counter(self._traits_by_key.values())
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
            proposed = len(self._untouched)
            settled = self._taken if accepted else self._taken.keys() - self._untouched
            open_ones = tally(verdict for key, verdict in self.orphans.items() if key not in settled)
            self._tallies[accepted] = msgspec.structs.replace(
                open_ones, decided=len(self._taken) - proposed, proposed=proposed if accepted else 0
            )
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
            cancelled, adopted, left = self._decided_traits()
            open_ones = self._traits - cancelled - adopted - left
            before = _sum(open_ones, lambda each: each.dismissed)
            alone = _sum(open_ones, lambda each: each.left_alone)
            self._count = DecisionCount(
                cancel=cancelled.total(),
                adopt=adopted.total(),
                leave=left.total(),
                undecided=open_ones.total() - alone,
                left_alone=alone - before,
                left_before=before,
                cancel_others=_sum(cancelled, lambda each: not each.own),
                cancel_protective=_sum(cancelled, lambda each: each.protective),
                untouched=len(self._untouched),
                adopt_others=_sum(adopted, lambda each: not each.own),
                own=_sum(open_ones, lambda each: each.own and not each.dismissed),
                left_to_start=_sum(open_ones, lambda each: each.own and each.preselected and not each.dismissed),
                lost_notes=sum(key not in self._taken for key in self._notes),
                orphans=len(self.orphans),
                others=_sum(self._traits, lambda each: not each.own),
                protective=_sum(self._traits, lambda each: each.protective),
                proposed=_sum(self._traits, lambda each: each.preselected),
            )
        return self._count

    def _decided_traits(self) -> tuple[Counter[_Traits], ...]:
        """How many orders of each traits are to be cancelled, adopted and left."""
        cancelled: list[_Traits] = []
        adopted: list[_Traits] = []
        left: list[_Traits] = []
        traits, cancel, adopt = self._traits_by_key, Action.CANCEL, Action.ADOPT
        for key, each in self._taken.items():
            action = each.action
            (cancelled if action is cancel else adopted if action is adopt else left).append(traits[key])
        return Counter(cancelled), Counter(adopted), Counter(left)


class _Traits(NamedTuple):
    """What the counts tell of an order: all that are alike are counted at once."""

    own: bool
    protective: bool
    preselected: bool
    dismissed: bool
    left_alone: bool

    @classmethod
    def of(cls, verdict: OrderVerdict) -> _Traits:
        return cls(
            is_own(verdict), verdict.protective, verdict.preselected, bool(verdict.dismissed), verdict.left_alone
        )


def _sum(counted: Counter[_Traits], wanted: Callable[[_Traits], bool]) -> int:
    return sum(count for traits, count in counted.items() if wanted(traits))
