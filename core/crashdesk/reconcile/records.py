"""Verdicts, plans, decisions and outcomes."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cached_property

import msgspec

from crashdesk.config import AccountMode
from crashdesk.contracts import Contract
from crashdesk.exact import difference, negative
from crashdesk.exchange.records import Coverage, ExchangeAccount, ExchangeOrder, ExchangePosition, Namespace, OrderRef
from crashdesk.reconcile.evidence import Evidence, Source, fact, recorded, seen_open
from crashdesk.reconcile.position_orders import FillsSince, StopCover
from crashdesk.reconcile.tally import Tally, tally
from crashdesk.reconcile.too_new import old_enough
from crashdesk.state import AccountState, OrderState, PositionState, Side
from crashdesk.storage.journal_records import Intent

__all__ = [
    "Action",
    "Decision",
    "Evidence",
    "IntentVerdict",
    "IntentVerdictKind",
    "OrderVerdict",
    "OrderVerdictKind",
    "Outcome",
    "OutcomeKind",
    "Plan",
    "PositionVerdict",
    "PositionVerdictKind",
    "Source",
    "StopCover",
    "fact",
    "identified",
    "known_ref",
]


class OrderVerdictKind(enum.Enum):
    """What the comparison concludes of one order."""

    MATCHED = "matched"
    DRIFTED = "drifted"
    FILLED_WHILE_DOWN = "filled_while_down"
    CLOSED_WHILE_DOWN = "closed_while_down"
    MISSING_UNPROVEN = "missing_unproven"
    OWN_ORPHAN = "own_orphan"
    FOREIGN = "foreign"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class PositionVerdictKind(enum.Enum):
    """What the comparison concludes of one position."""

    MATCHED = "matched"
    QUANTITY_DIFFERS = "quantity_differs"
    SIDE_FLIPPED = "side_flipped"
    OPENED_WHILE_DOWN = "opened_while_down"
    CLOSED_WHILE_DOWN = "closed_while_down"
    UNKNOWN = "unknown"


class Action(enum.Enum):
    """What can be done about an order."""

    CANCEL = "cancel"
    ADOPT = "adopt"
    LEAVE = "leave"


class OrderVerdict(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The verdict on one order.

    `known` is the recovered state's record, `live` the exchange's (after a targeted read it may be a closed one); one of
    them is there, or both. `protective` says that it protects a position, with `protects` naming how. `preselected` only
    for own orphans that protect nothing. `dismissed` when an operator decided before to leave it alone. `notional` is in
    the quote currency (of what remains), `distance` from the market as a fraction of the price; both for orphans only.
    `contract` is what its amounts count, None for coins. `other_program` is the client order id prefix of another program that
    it carries, empty for none.

    `facts` are what was found out; `known_at` and `seen_at` are when the records themselves were true, None for a record that
    the facts speak of already. `evidence` is all of it.
    """

    kind: OrderVerdictKind
    known: OrderState | None
    live: ExchangeOrder | None
    facts: tuple[Evidence, ...] = msgspec.field(default=(), name="evidence")
    known_at: int | None = None
    seen_at: int | None = None
    protective: bool = False
    protects: str = ""
    preselected: bool = False
    dismissed: str = ""
    notional: Decimal | None = None
    distance: Decimal | None = None
    contract: Contract | None = None
    other_program: str = ""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What proves the verdict. What both sides say of an order is put into words when somebody asks: most are never asked."""
        said: list[Evidence] = []
        if self.known is not None and self.known_at is not None:
            said.append(recorded(self.known, self.known_at, self.contract))
        if self.live is not None and self.seen_at is not None:
            said.append(seen_open(self.live, self.seen_at, self.contract))
        return (*said, *self.facts)

    @property
    def left_alone(self) -> bool:
        """Whether an orphan waits for nobody: what belongs to others stays as it is unless an operator wants it otherwise."""
        return bool(self.dismissed) or self.kind is OrderVerdictKind.FOREIGN

    @property
    def is_orphan(self) -> bool:
        """Open on the exchange, unknown to the recovered state."""
        return self.known is None and self.live is not None

    @property
    def is_stale(self) -> bool:
        """Open in the recovered state and, by a covered read, not open on the exchange."""
        return self.known is not None and self.kind in {
            OrderVerdictKind.FILLED_WHILE_DOWN,
            OrderVerdictKind.CLOSED_WHILE_DOWN,
            OrderVerdictKind.MISSING_UNPROVEN,
        }

    @property
    def key(self) -> str:
        """The order's identity within the account."""
        if self.live is not None:
            return self.live.key
        assert self.known is not None
        return known_ref(self.known).key


def known_ref(order: OrderState, namespace: Namespace = Namespace.NORMAL) -> OrderRef:
    """How to ask the exchange for an order of the recovered state."""
    return OrderRef(symbol=order.symbol, namespace=namespace, id=order.id, client_order_id=order.client_order_id)


class PositionVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one position leg; `contract_size` is shown, never applied.

    `contract` is what its quantities count, None for coins; `stops` what stops cover of a position that is open, else None;
    `fills` what its orders filled since they were known, None where they cannot be told apart.
    """

    kind: PositionVerdictKind
    symbol: str
    side: Side
    known: PositionState | None
    live: ExchangePosition | None
    evidence: tuple[Evidence, ...]
    contract_size: Decimal | None = None
    contract: Contract | None = None
    stops: StopCover | None = None
    fills: FillsSince | None = None

    @property
    def change(self) -> Decimal | None:
        """Exchange less known, long above zero and short below; None when positions could not be read."""
        if self.kind is PositionVerdictKind.UNKNOWN:
            return None
        known = _signed(self.known.quantity, self.known.side) if self.known is not None else Decimal(0)
        live = _signed(self.live.contracts, self.live.side) if self.live is not None else Decimal(0)
        return difference(live, known)

    @property
    def differs(self) -> bool:
        """Whether a position that was read is another one, or was traded: its entry price says so at the same quantity."""
        if self.kind is PositionVerdictKind.UNKNOWN:
            return False
        return self.entry_differs or self.kind is not PositionVerdictKind.MATCHED

    @property
    def entry_differs(self) -> bool:
        """Whether the exchange tells another entry price of it.

        A bot averages its entries with other digits than its exchange: what differs beyond the sixth one was not traded.
        """
        known, live = self.known, self.live
        if known is None or live is None or live.entry_price is None:
            return False
        return abs(difference(live.entry_price, known.entry_price)) > known.entry_price * _SAME_ENTRY


_SAME_ENTRY = Decimal("0.000001")


def _signed(quantity: Decimal, side: Side) -> Decimal:
    return quantity if side is Side.BUY else negative(quantity)


class IntentVerdictKind(enum.Enum):
    """What became of an order that the bot was about to send when its record ends."""

    LIVE = "live"
    FILLED = "filled"
    CLOSED = "closed"
    NEVER_ARRIVED = "never_arrived"
    UNKNOWN = "unknown"


class IntentVerdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The fate of one journalled intent to create an order that neither the state nor the list of open orders shows.

    `live` is the order as the exchange told it, None when it did not. One that is LIVE is among the order verdicts, too. What
    FILLED tells is part of the positions that were read: it explains how they changed. `filled_since` is how much of one that
    is over filled since the compared state was true, None where that is not told.
    """

    kind: IntentVerdictKind
    intent: Intent
    live: ExchangeOrder | None
    evidence: tuple[Evidence, ...]
    filled_since: Decimal | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Every verdict of one comparison. Nothing has been done yet.

    `id` is a hash of all that was shown; `checkpoint_seq` the checkpoint compared, None for none, with the `changes` of the
    journal since; `known_at` is when the compared state was true, `known_at_exchange` the same moment by the exchange's clock;
    None in a plan of an older version. `intents` are the fates of what the bot was about to send;
    `intents_omitted` older ones were not looked at. `mode` says whether the account is live; None where nobody said it.
    `contracts` is what the amounts of a symbol count; one that is not among them counts coins, or was not described.
    `denied` is why the account may be another one than the state's (`denied.py`), empty for no reason; `journal_problem` names it
    too.
    """

    id: str = ""
    made_at: int
    exchange: str
    account_label: str
    checkpoint_seq: int | None
    checkpoint_timestamp: int | None
    orders: tuple[OrderVerdict, ...]
    positions: tuple[PositionVerdict, ...]
    known_account: AccountState
    live_account: ExchangeAccount | None
    coverage: Coverage
    journal_problem: str = ""
    changes: int = 0
    known_at: int | None = None
    known_at_exchange: int | None = None
    intents: tuple[IntentVerdict, ...] = ()
    intents_omitted: int = 0
    mode: AccountMode | None = None
    contracts: dict[str, Contract] = {}
    denied: str = ""

    @property
    def compared(self) -> str:
        """What was compared with the exchange, in words: `checkpoint 41 and 12 journalled changes`."""
        changes = "1 journalled change" if self.changes == 1 else f"{self.changes} journalled changes"
        if self.checkpoint_seq is None:
            return f"{changes} without a checkpoint" if self.changes else "no checkpoint"
        return f"checkpoint {self.checkpoint_seq}" + (f" and {changes}" if self.changes else "")

    def of_kind(self, *kinds: OrderVerdictKind) -> tuple[OrderVerdict, ...]:
        """The order verdicts of these kinds."""
        return tuple(verdict for verdict in self.orders if verdict.kind in kinds)

    @cached_property
    def orphans(self) -> tuple[OrderVerdict, ...]:
        """Orders open on the exchange that the recovered state does not know."""
        return tuple(verdict for verdict in self.orders if verdict.is_orphan)

    @cached_property
    def orphan_by_key(self) -> Mapping[str, OrderVerdict]:
        """The orphans by their keys, in their order."""
        return {verdict.key: verdict for verdict in self.orphans}

    @cached_property
    def stop_by_key(self) -> Mapping[str, OrderVerdict]:
        """The stops that are counted as cover of a position, by their keys."""
        counted = {key for each in self.positions if each.stops is not None for key in each.stops.orders}
        return {each.live.key: each for each in self.orders if each.live is not None and each.live.key in counted}

    @cached_property
    def needs_decision(self) -> tuple[OrderVerdict, ...]:
        """Orphans that somebody has to decide on."""
        return tuple(verdict for verdict in self.orphans if not verdict.left_alone)

    @cached_property
    def changed_orders(self) -> tuple[OrderVerdict, ...]:
        """The orders of the compared state that are not simply still there."""
        matched = OrderVerdictKind.MATCHED
        return tuple(verdict for verdict in self.orders if verdict.known is not None and verdict.kind is not matched)

    def own_undecided(self, decided: Collection[str]) -> tuple[OrderVerdict, ...]:
        """The bot's own orders that it does not know and that nobody decided on, by these keys or in an earlier incident."""
        own = OrderVerdictKind.OWN_ORPHAN
        found = self.orphan_by_key.items()
        return tuple(each for key, each in found if each.kind is own and not each.dismissed and key not in decided)

    @cached_property
    def tally(self) -> Tally:
        """The numbers of the orphan orders while nothing is decided."""
        return tally(self.orphans)

    @cached_property
    def too_new(self) -> tuple[int, ...]:
        """When each order that was too new to judge, open or about to be sent, is old enough: UNIX ns by our own clock."""
        return tuple(old_enough(self))

    @cached_property
    def untold_orders(self) -> int:
        """How many orders that the state knows nobody could tell anything of: it keeps them as they were known."""
        untold = (OrderVerdictKind.UNKNOWN, OrderVerdictKind.AMBIGUOUS)
        return sum(verdict.known is not None and verdict.kind in untold for verdict in self.orders)

    @cached_property
    def untold_intents(self) -> int:
        """Of how many orders that were about to be sent nobody could tell whether they arrived; the omitted ones count."""
        return self.intents_omitted + sum(each.kind is IntentVerdictKind.UNKNOWN for each in self.intents)

    @property
    def in_doubt(self) -> bool:
        """Whether something the bot did may be missing from what is known: its journal, or the fate of what it was to send."""
        return bool(self.untold_intents or self.journal_problem)

    @cached_property
    def as_known(self) -> bool:
        """Whether a part could not be read or told, so that it is only as it was known."""
        unread = any(each.kind is PositionVerdictKind.UNKNOWN for each in self.positions)
        return not self.coverage.complete or unread or bool(self.untold_orders)


_ENCODER = msgspec.json.Encoder(order="deterministic")
_AT_ONCE = 1000


def identified(plan: Plan) -> Plan:
    """The plan with its identity: a hash of everything in it."""
    identity = hashlib.sha256(_ENCODER.encode(msgspec.structs.replace(plan, id="", orders=())))
    part = bytearray()
    # Piece by piece: as one text, the orders of a large account would fill more memory than the rest of the comparison.
    for start in range(0, len(plan.orders), _AT_ONCE):
        _ENCODER.encode_into(plan.orders[start : start + _AT_ONCE], part)
        identity.update(part)
    return msgspec.structs.replace(plan, id=identity.hexdigest()[:16])


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was approved for one orphan order."""

    order_key: str
    action: Action
    who: str
    note: str = ""


class OutcomeKind(enum.Enum):
    """What really happened."""

    CANCELLED = "cancelled"
    ALREADY_CLOSED = "already_closed"
    FILLED = "filled"
    CHANGED = "changed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    ADOPTED = "adopted"
    LEFT = "left"
    SKIPPED = "skipped"
    STILL_OPEN = "still_open"
    """It was unknown, and the order was seen open afterwards."""


NOT_DONE = frozenset({OutcomeKind.CHANGED, OutcomeKind.REFUSED, OutcomeKind.SKIPPED, OutcomeKind.STILL_OPEN})
"""Outcomes after which what was decided on the order is known not to be done."""

NOT_CARRIED_OUT = NOT_DONE | {OutcomeKind.UNKNOWN}
"""Outcomes after which the order may still be there as it was: what was decided on it was not done, or nobody knows."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of one decision, and the proof: the order as it was read again, and when.

    `sent` says whether a cancel request went out.
    """

    order_key: str
    action: Action
    kind: OutcomeKind
    text: str
    sent: bool = False
    reread: ExchangeOrder | None = None
    at: int = 0
    elapsed_ns: int | None = None
