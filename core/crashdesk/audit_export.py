"""The audit log for people and for other programs: which fields an exported entry has, and which entries are asked for. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from crashdesk.audit import AuditEntry
from crashdesk.report_words import moment_of

_COLUMNS: dict[str, Callable[[AuditEntry], object]] = {
    "seq": lambda entry: entry.seq,
    "at": lambda entry: iso_utc(entry.at),
    "who": lambda entry: entry.who,
    "kind": lambda entry: entry.kind.value,
    "action": lambda entry: entry.data.get("action", ""),
    "outcome": lambda entry: entry.data.get("outcome", ""),
    "text": lambda entry: entry.text,
    "order": lambda entry: entry.order_key,
    "plan_id": lambda entry: entry.plan_id,
    "hash": lambda entry: entry.hash,
}
_BESIDES = (
    "account", "amount", "changes", "checkpoint", "client_order_id", "after", "evidence", "exchange", "filled", "mode",
    "newest_change", "newest_seq", "price", "restored", "sent", "side", "symbol", "timestamp", "trigger_price", "verdict",
)  # fmt: skip
_TOLD = frozenset({"action", "outcome", "plan", "decisions", *_BESIDES})
FIELDS = (*_COLUMNS, *_BESIDES, "other")
"""The names of an exported entry's fields, in their order; the desk exports the same ones."""


def iso_utc(moment_ns: int) -> str:
    """`2026-11-22T03:12:08.123456789Z`; the number itself where it is no time."""
    moment = moment_of(moment_ns)
    return str(moment_ns) if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{moment_ns % 1_000_000_000:09d}Z"


def exported(entry: AuditEntry) -> dict[str, object]:
    """An entry by `FIELDS`: what was logged, exactly; None for what it does not hold, `other` what has no name of its own."""
    rest = {name: value for name, value in sorted(entry.data.items()) if name not in _TOLD}
    return {
        **{name: value(entry) for name, value in _COLUMNS.items()},
        **{name: entry.data.get(name) for name in _BESIDES},
        "other": rest or None,
    }


def audit_json(entries: Iterable[AuditEntry]) -> str:
    """A list of objects."""
    return json.dumps([exported(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def audit_csv(entries: Iterable[AuditEntry]) -> str:
    """Rows as RFC 4180 has them, under a row of names; `other` is JSON in its cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(FIELDS)
    writer.writerows([_cell(value) for value in exported(entry).values()] for entry in entries)
    return buffer.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def about(entry: AuditEntry, order: str) -> bool:
    """Whether an entry is about the order with this id, client order id or key."""
    key = entry.order_key
    return order in (key, key.rpartition(":")[2], entry.data.get("client_order_id"))


def moment_ns(text: str) -> int:
    """A date, or a date and time, as UNIX nanoseconds; UTC where no offset is given. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    told = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    since = told - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000
