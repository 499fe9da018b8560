"""Verdicts, plans, decisions and outcomes."""

from __future__ import annotations

import enum
import hashlib
from decimal import Decimal

import msgspec

from crashdesk.exchange.records import Coverage, ExchangeAccount, ExchangeOrder, ExchangePosition, Namespace, OrderRef
from crashdesk.state import AccountState, OrderState, PositionState, Side


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


class Source(enum.Enum):
    """Where a piece of evidence comes from."""

    CHECKPOINT = "checkpoint"
    JOURNAL = "journal"
    EXCHANGE = "exchange"
    RULE = "rule"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One fact that an operator can check; `at` is when it was true, UNIX nanoseconds.

    `template` is English with named places, `values` fills them: so that a desk can show it in another language.
    """

    source: Source
    template: str
    values: dict[str, str] = {}
    at: int | None = None

    @property
    def text(self) -> str:
        """The fact in English."""
        return self.template.format(**self.values)


def fact(source: Source, template: str, at: int | None = None, **values: object) -> Evidence:
    """Evidence from a template and its values."""
    return Evidence(
        source=source, template=template, at=at, values={name: str(value) for name, value in values.items()}
    )


class Action(enum.Enum):
    """What can be done about an order."""

    CANCEL = "cancel"
    ADOPT = "adopt"
    LEAVE = "leave"


class OrderVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one order.

    `known` is the recovered state's record, `live` the exchange's (after a targeted read it may be a closed one); one of
    them is there, or both. `protective` says that it protects a position, with `protects` naming how. `preselected` only
    for own orphans that protect nothing. `dismissed` when an operator decided before to leave it alone. `notional` is in
    the quote currency (of what remains), `distance` from the market as a fraction of the price.
    """

    kind: OrderVerdictKind
    known: OrderState | None
    live: ExchangeOrder | None
    evidence: tuple[Evidence, ...]
    protective: bool = False
    protects: str = ""
    preselected: bool = False
    dismissed: str = ""
    notional: Decimal | None = None
    distance: Decimal | None = None

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
    """The verdict on one position leg; `contract_size` is shown, never applied."""

    kind: PositionVerdictKind
    symbol: str
    side: Side
    known: PositionState | None
    live: ExchangePosition | None
    evidence: tuple[Evidence, ...]
    contract_size: Decimal | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Every verdict of one comparison. Nothing has been done yet.

    `id` is a hash of all that was shown; `checkpoint_seq` the checkpoint compared, None for none, with the `changes` of the
    journal since; `known_at` is when the compared state was true.
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

    @property
    def orphans(self) -> tuple[OrderVerdict, ...]:
        """Orders open on the exchange that the recovered state does not know."""
        return tuple(verdict for verdict in self.orders if verdict.is_orphan)

    @property
    def needs_decision(self) -> tuple[OrderVerdict, ...]:
        """Orphans that somebody has to decide on: what belongs to others stays as it is unless an operator wants it otherwise."""
        return tuple(
            verdict
            for verdict in self.orphans
            if not verdict.dismissed and verdict.kind is not OrderVerdictKind.FOREIGN
        )


def identified(plan: Plan) -> Plan:
    """The plan with its identity: a hash of everything in it."""
    body = msgspec.json.encode(msgspec.structs.replace(plan, id=""), order="deterministic")
    return msgspec.structs.replace(plan, id=hashlib.sha256(body).hexdigest()[:16])


class Decision(msgspec.Struct, frozen=True, kw_only=True):
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


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
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
