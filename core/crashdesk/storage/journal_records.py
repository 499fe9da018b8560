"""What the journal holds besides changes, and where: intents, causes, decisions that last, and doubts."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from crashdesk.checksum import crc32
from crashdesk.switch_state import SwitchState

_R = TypeVar("_R", bound=msgspec.Struct)

JOURNAL_NAME = "journal.sqlite"
NO_JOURNAL = "there is no journal in this store"
VERSION = 2
SCHEMA = """
CREATE TABLE changes(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
    crc INTEGER NOT NULL);
CREATE TABLE intents(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, action TEXT NOT NULL, symbol TEXT NOT NULL,
    client_order_id TEXT NOT NULL, order_id TEXT NOT NULL, side TEXT NOT NULL, order_type TEXT NOT NULL,
    quantity TEXT NOT NULL, price TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE INDEX intents_by_client ON intents(client_order_id);
CREATE INDEX intents_by_time ON intents(at);
CREATE TABLE audit(seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, plan_id TEXT NOT NULL,
    order_key TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX audit_by_plan ON audit(plan_id);
CREATE TABLE causes(seq INTEGER PRIMARY KEY, cause TEXT NOT NULL);
CREATE TABLE dismissals(order_key TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL,
    crc INTEGER NOT NULL);
CREATE TABLE doubts(at INTEGER NOT NULL, text TEXT NOT NULL, settled_at INTEGER)
"""


class IntentAction(enum.Enum):
    """What is about to be asked of the exchange."""

    CREATE = "create"
    CANCEL = "cancel"


class Cause(enum.Enum):
    """Why a checkpoint was made; `word` is how it is called.

    `START_RECOVERED` and `START` are never written, as earlier versions refuse a journal with a word that they do not know: they
    are told of what a bot's own recovery saves, and of the checkpoint that it asks for right behind (`bot_starts.py`).
    """

    PERIODIC = "periodic"
    TRADE = "trade"
    MANUAL = "manual"
    RECOVERED = "recovered"
    SHUTDOWN = "shutdown"
    START_RECOVERED = "start-recovered"
    START = "start"

    @property
    def word(self) -> str:
        """The cause in the terminal and in exports; what the journal notes of an orderly end is an older word."""
        return "end" if self is Cause.SHUTDOWN else self.value


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is about to be sent; amounts are decimal text, empty where there is none."""

    seq: int = 0
    at: int
    action: IntentAction
    symbol: str
    client_order_id: str
    order_id: str = ""
    side: str = ""
    order_type: str = ""
    quantity: str = ""
    price: str = ""


class Dismissal(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's durable decision to leave an order alone."""

    order_key: str
    at: int
    who: str
    note: str


class LeftTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What an order was when an operator decided to leave it alone; amounts are decimal text, empty where nothing was told.

    `symbol` and `client_order_id` are empty in what an older version noted.
    """

    order_key: str
    side: str
    amount: str = ""
    price: str = ""
    trigger_price: str = ""
    symbol: str = ""
    client_order_id: str = ""


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """That the journal may lack something, from `at` until an operator has looked at every order (`settled_at`)."""

    at: int
    text: str
    settled_at: int | None = None


class JournalQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison wants to know of the intents: a journal of weeks holds far more of them than matter.

    Those that name one of `client_order_ids` or, of cancellations, one of `order_ids`; `unnamed` says that some of the orders
    have no client order id. Pending are intents to create an order from `since` until `until` (UNIX nanoseconds, inclusive) whose
    (symbol, client order id) is not in `resolved`, and which no journalled change of the state names.
    """

    client_order_ids: frozenset[str] = frozenset()
    order_ids: frozenset[str] = frozenset()
    unnamed: bool = False
    since: int
    until: int
    resolved: frozenset[tuple[str, str]] = frozenset()
    most_pending: int = 1000


class JournalView(msgspec.Struct, frozen=True, kw_only=True):
    """What reconciliation needs of the journal.

    `problem` is set when it could not be read, or lacks what was lost with an earlier one: then absence proves nothing.
    `pending` are the intents whose fate is in question, oldest first; `pending_omitted` older ones were left out. `first_at` is
    when the oldest intent to create an order was written; None means as old as `intents` tell.
    `left` says what the dismissed orders were, as far as it was noted; `switch` is the bot's dead man's switch, None when it
    never armed one.
    """

    intents: tuple[Intent, ...] = ()
    dismissals: tuple[Dismissal, ...] = ()
    left: tuple[LeftTerms, ...] = ()
    switch: SwitchState | None = None
    problem: str = ""
    pending: tuple[Intent, ...] = ()
    pending_omitted: int = 0
    first_at: int | None = None

    def symbols(self) -> frozenset[str]:
        """The symbols that intents name."""
        return frozenset(intent.symbol for intent in self.intents)

    def view(self, question: JournalQuestion) -> JournalView:
        """The same view with what `question` asks for as pending."""
        pending = latest_of_each(
            intent
            for intent in self.intents
            if intent.action is IntentAction.CREATE
            and question.since <= intent.at <= question.until
            and intent.client_order_id
            and (intent.symbol, intent.client_order_id) not in question.resolved
        )
        kept = pending[-question.most_pending :]
        return msgspec.structs.replace(self, pending=kept, pending_omitted=len(pending) - len(kept))


class IntentJournal(Protocol):
    """Where a comparison reads intents and dismissals."""

    def symbols(self) -> frozenset[str]:
        """The symbols that intents name. Raises DatabaseUnusable."""
        ...

    def view(self, question: JournalQuestion) -> JournalView:
        """What answers `question`, with every dismissal. Raises DatabaseUnusable."""
        ...


def latest_of_each(intents: Iterable[Intent]) -> tuple[Intent, ...]:
    """The newest intent for each symbol and client order id, oldest first."""
    latest: dict[tuple[str, str], Intent] = {}
    for intent in sorted(intents, key=lambda intent: (intent.at, intent.seq)):
        latest[intent.symbol, intent.client_order_id] = intent
    return tuple(sorted(latest.values(), key=lambda intent: (intent.at, intent.seq, intent.client_order_id)))


def record_of(kind: type[_R], row: tuple[Any, ...]) -> _R:
    """A record from a row with its fields in their order. Raises ValueError for anything else."""
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind)


def sealed(values: Sequence[object]) -> tuple[object, ...]:
    """A row of texts and integers with its checksum behind it: SQLite does not notice a bit that flips in a text."""
    return (*values, crc32(msgspec.json.encode(values)))


def sealed_record_of(kind: type[_R], row: tuple[Any, ...]) -> _R:
    """As `record_of`, from a row made by `sealed`. Raises ValueError for one that is not what was written."""
    if sealed(row[:-1]) != tuple(row):
        raise ValueError("its checksum does not fit")
    return record_of(kind, row[:-1])


def intent_of(row: tuple[Any, ...]) -> Intent:
    """An intent from its row, whose number SQLite gave. Raises ValueError."""
    if sealed(row[1:-1]) != tuple(row[1:]):
        raise ValueError("an intent's checksum does not fit")
    return record_of(Intent, row[:-1])


def nothing_known_after(problem: str) -> str:
    """What a journal that cannot be asked means for the state that a checkpoint tells."""
    return f"{problem}: what happened after the checkpoint is not known"
