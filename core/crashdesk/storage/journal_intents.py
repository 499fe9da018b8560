"""What a comparison wants to know of a journal's intents, without reading them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from crashdesk.changes import Batch, ChangeKind
from crashdesk.codec import decode_order
from crashdesk.errors import CodecError, MalformedJournal
from crashdesk.storage.journal_records import Intent, IntentAction, JournalQuestion, intent_of, latest_of_each

Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

COLUMNS = "seq,at,action,symbol,client_order_id,order_id,side,order_type,quantity,price,crc"
_AT_ONCE = 500
_SLICE = 5_000


class FoundIntents(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a JournalQuestion; as in JournalView."""

    intents: tuple[Intent, ...]
    pending: tuple[Intent, ...]
    pending_omitted: int
    first_at: int | None


def find_intents(rows: Rows, batches: Iterable[Batch], question: JournalQuestion) -> FoundIntents:
    """Answer `question` from a journal; `batches` are its changes.

    Raises ValueError for an intent that is not what was written, DatabaseUnusable.
    """
    pending, omitted = _pending(rows, batches, question)
    first = rows("SELECT at FROM intents WHERE action=? ORDER BY at LIMIT 1", (IntentAction.CREATE.value,))
    return FoundIntents(
        intents=_naming(rows, question),
        pending=pending,
        pending_omitted=omitted,
        first_at=int(first[0][0]) if first else None,
    )


def _naming(rows: Rows, question: JournalQuestion) -> tuple[Intent, ...]:
    found: dict[int, Intent] = {}
    names = sorted(question.client_order_ids)
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        query = f"SELECT {COLUMNS} FROM intents WHERE client_order_id IN ({marks})"
        found |= {row[0]: intent_of(row) for row in rows(query, some)}
    if question.order_ids:
        # A cancellation that names a client order id was found by it, unless the exchange told none.
        where = "action=?" if question.unnamed else "client_order_id='' AND action=?"
        for row in _sliced(rows, where, (IntentAction.CANCEL.value,)):
            if row[5] in question.order_ids:
                found[row[0]] = intent_of(row)
    return tuple(found[seq] for seq in sorted(found))


def _pending(rows: Rows, batches: Iterable[Batch], question: JournalQuestion) -> tuple[tuple[Intent, ...], int]:
    begin = rows("SELECT min(seq) FROM intents WHERE at>=?", (question.since,))[0][0]
    if begin is None:
        return (), 0
    where, values = "at>=? AND at<=? AND action=?", (question.since, question.until, IntentAction.CREATE.value)
    open_questions: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in _sliced(rows, where, values, after=int(begin) - 1):
        if row[4] and (row[3], row[4]) not in question.resolved:
            open_questions[row[3], row[4]] = row
    if not open_questions:
        return (), 0
    for name in _journalled_orders(batches, question.since):
        open_questions.pop(name, None)
    newest = sorted(open_questions.values(), key=lambda row: row[:2])
    kept = newest[-question.most_pending :]
    return latest_of_each(intent_of(row) for row in kept), len(newest) - len(kept)


def _journalled_orders(batches: Iterable[Batch], since: int) -> Iterator[tuple[str, str]]:
    """The orders that the bot wrote down as placed: their fate is told by the state that the journal leads to."""
    try:
        for batch in batches:
            for change in batch.changes if batch.at >= since else ():
                if change.kind is ChangeKind.ORDER:
                    order = decode_order(change.body)
                    yield order.symbol, order.client_order_id
    except (MalformedJournal, CodecError):
        return  # what cannot be read resolves nothing; whoever puts the state together reports it


def _sliced(rows: Rows, where: str, values: Sequence[object], after: int = -1) -> Iterator[tuple[Any, ...]]:
    """Rows by number, so many at a time: a journal may hold more than belongs into memory."""
    query = f"SELECT {COLUMNS} FROM intents WHERE seq>? AND {where} ORDER BY seq LIMIT ?"
    while found := rows(query, (after, *values, _SLICE)):
        yield from found
        after = found[-1][0]
