"""``journal.sqlite``: intents before requests, and the audit log. Every append is on the device when it returns."""

from __future__ import annotations

import enum
import threading
from pathlib import Path
from typing import TypeVar

import msgspec

from crashdesk.audit import GENESIS, AuditEntry, AuditKind, chain_hash
from crashdesk.clock import Clock
from crashdesk.storage.database import guarded, interpreting, open_database, transaction

_R = TypeVar("_R", bound=msgspec.Struct)

JOURNAL_NAME = "journal.sqlite"
VERSION = 1
SCHEMA = """
CREATE TABLE intents(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, action TEXT NOT NULL, symbol TEXT NOT NULL,
    client_order_id TEXT NOT NULL, order_id TEXT NOT NULL, side TEXT NOT NULL, order_type TEXT NOT NULL,
    quantity TEXT NOT NULL, price TEXT NOT NULL);
CREATE INDEX intents_by_client ON intents(client_order_id);
CREATE TABLE audit(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, plan_id TEXT NOT NULL,
    order_key TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX audit_by_plan ON audit(plan_id);
CREATE TABLE causes(seq INTEGER PRIMARY KEY, cause TEXT NOT NULL);
CREATE TABLE dismissals(order_key TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL)
"""


class IntentAction(enum.Enum):
    """What is about to be asked of the exchange."""

    CREATE = "create"
    CANCEL = "cancel"


class Cause(enum.Enum):
    """Why a checkpoint was made."""

    PERIODIC = "periodic"
    TRADE = "trade"
    MANUAL = "manual"
    RECOVERED = "recovered"


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


class JournalView(msgspec.Struct, frozen=True, kw_only=True):
    """What reconciliation needs of the journal. `problem` is set when it could not be read: then absence proves nothing."""

    intents: tuple[Intent, ...] = ()
    dismissals: tuple[Dismissal, ...] = ()
    problem: str = ""


class Journal:
    """The journal of one store. Safe to call from any thread."""

    def __init__(self, directory: Path, clock: Clock, *, read_only: bool = False) -> None:
        """Raises DatabaseUnusable when the file is in use, newer, or (read-only) not there; DatabaseDamaged."""
        self.path = directory / JOURNAL_NAME
        self._clock = clock
        self._mutex = threading.Lock()
        self._connection = open_database(self.path, schema=SCHEMA, version=VERSION, read_only=read_only, durable=True)

    def close(self) -> None:
        """Close the file."""
        with self._mutex:
            self._connection.close()

    def intend(self, intent: Intent) -> int:
        """Make an intent durable before its request is sent; returns its number. Raises DatabaseUnusable."""
        values = msgspec.to_builtins(intent)
        values.pop("seq")
        with self._mutex, guarded(self.path):
            cursor = self._connection.execute(
                f"INSERT INTO intents({','.join(values)}) VALUES({','.join(':' + name for name in values)})", values
            )
            return int(cursor.lastrowid or 0)

    def append(
        self,
        kind: AuditKind,
        text: str,
        *,
        who: str,
        order_key: str = "",
        plan_id: str = "",
        data: dict[str, str] | None = None,
    ) -> AuditEntry:
        """Append to the audit log, durably. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path), transaction(self._connection):
            previous = self._last()
            entry = AuditEntry(
                seq=previous.seq + 1 if previous else 1,
                at=self._clock.now_ns(),
                kind=kind,
                who=_storable(who),
                text=_storable(text),
                order_key=_storable(order_key),
                plan_id=_storable(plan_id),
                data={_storable(name): _storable(value) for name, value in (data or {}).items()},
            )
            entry = msgspec.structs.replace(entry, hash=chain_hash(previous.hash if previous else GENESIS, entry))
            self._connection.execute(
                "INSERT INTO audit VALUES(?,?,?,?,?,?)",
                (entry.seq, entry.at, kind.value, entry.plan_id, entry.order_key, msgspec.json.encode(entry)),
            )
        return entry

    def dismiss(self, dismissal: Dismissal) -> None:
        """Remember that an order is to be left alone. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            self._connection.execute(
                "INSERT OR REPLACE INTO dismissals VALUES(?,?,?,?)",
                (dismissal.order_key, dismissal.at, dismissal.who, dismissal.note),
            )

    def note_cause(self, seq: int, cause: Cause) -> None:
        """Remember why checkpoint `seq` was made. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            self._connection.execute("INSERT OR REPLACE INTO causes VALUES(?,?)", (seq, cause.value))

    def causes(self) -> dict[int, Cause]:
        """Why each checkpoint was made, as far as it was noted. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute("SELECT seq, cause FROM causes").fetchall()
        with interpreting(self.path):
            return {int(row[0]): Cause(row[1]) for row in rows}

    def entries(self, *, after: int = 0, plan_id: str | None = None) -> list[AuditEntry]:
        """Audit entries in order, those beyond sequence number `after` or of one plan. Raises DatabaseUnusable."""
        where, values = ("plan_id=?", (plan_id,)) if plan_id is not None else ("seq>?", (after,))
        with self._mutex, guarded(self.path):
            rows = self._connection.execute(f"SELECT body FROM audit WHERE {where} ORDER BY seq", values).fetchall()
        with interpreting(self.path):
            return [msgspec.json.decode(row[0], type=AuditEntry) for row in rows]

    def view(self) -> JournalView:
        """All intents and dismissals. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            intents = self._connection.execute(
                "SELECT seq,at,action,symbol,client_order_id,order_id,side,order_type,quantity,price FROM intents ORDER BY seq"
            ).fetchall()
            dismissals = self._connection.execute("SELECT order_key,at,who,note FROM dismissals").fetchall()
        with interpreting(self.path):
            return JournalView(
                intents=tuple(_record(Intent, row) for row in intents),
                dismissals=tuple(_record(Dismissal, row) for row in dismissals),
            )

    def last_activity(self) -> int | None:
        """When the newest entry or intent was written, UNIX nanoseconds; None when there is none. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            row = self._connection.execute(
                "SELECT max(at) FROM (SELECT max(at) AS at FROM audit UNION ALL SELECT max(at) FROM intents)"
            ).fetchone()
        with interpreting(self.path):
            return int(row[0]) if row[0] is not None else None

    def _last(self) -> AuditEntry | None:
        row = self._connection.execute("SELECT body FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        with interpreting(self.path):
            return msgspec.json.decode(row[0], type=AuditEntry) if row else None


def _record(kind: type[_R], row: tuple[object, ...]) -> _R:
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind)


def _storable(text: str) -> str:
    """`text` as UTF-8 can hold it: an exchange may answer half a surrogate pair, and it is evidence all the same."""
    return str(text).encode("utf-8", "backslashreplace").decode()
