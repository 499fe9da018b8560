"""What of a journal goes along into a new one: as much as can be read and passes its check."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from crashdesk.audit import GENESIS, AuditEntry, chain_hash
from crashdesk.changes import Batch, unpack
from crashdesk.errors import MalformedJournal
from crashdesk.storage.files import FileSystem
from crashdesk.storage.journal_records import (
    SCHEMA,
    VERSION,
    Cause,
    Dismissal,
    Doubt,
    intent_of,
    record_of,
    sealed_record_of,
)
from crashdesk.storage.renewal import Check, Row, StopCopying, build_copy


def batch_of(row: tuple[Any, ...]) -> Batch:
    """A batch of changes from its row. Raises MalformedJournal."""
    if [type(value) for value in row] != [int, int, int, bytes, int]:
        raise MalformedJournal("a batch of changes is not what was written")
    return unpack(*row)


def copy_journal(
    source: sqlite3.Connection | None, path: Path, files: FileSystem, *, now_ns: int, doubt: Callable[[str], str]
) -> str:
    """Copy what can be read of a journal beside it, ready for `put_in_place`; returns what was left behind, empty for nothing.

    `doubt` turns that into the doubt that the copy begins with, empty for none. Raises DatabaseUnusable.
    """

    def remarks(lost: list[str]) -> dict[str, Row]:
        text = doubt("; ".join(lost))
        return {"doubts": (now_ns, text, None)} if text else {}

    checks: dict[str, Check] = {
        # Each for itself: a gap shows by the numbers, and what follows it may follow a checkpoint.
        "changes": batch_of,
        "intents": intent_of,
        "audit": _Chained(),
        "causes": lambda row: Cause(row[1]),
        "dismissals": lambda row: sealed_record_of(Dismissal, row),
        "doubts": lambda row: record_of(Doubt, row),
    }
    return "; ".join(
        build_copy(source, path, schema=SCHEMA, version=VERSION, checks=checks, remarks=remarks, files=files)
    )


class _Chained:
    """Lets audit entries pass as long as the chain of their hashes holds."""

    def __init__(self) -> None:
        self._previous, self._seq = GENESIS, 0

    def __call__(self, row: tuple[Any, ...]) -> None:
        try:
            entry = msgspec.json.decode(row[5], type=AuditEntry)
        except (ValueError, TypeError) as error:
            raise StopCopying(f"an entry cannot be read ({error})") from None
        if entry.seq != self._seq + 1 or entry.seq != row[0] or chain_hash(self._previous, entry) != entry.hash:
            raise StopCopying(f"the chain is broken at entry {entry.seq}")
        self._previous, self._seq = entry.hash, entry.seq
