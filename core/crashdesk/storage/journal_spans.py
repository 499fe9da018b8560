"""What a journal holds behind one checkpoint, up to the next; and which of it is kept for who looks back at a crash."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

import msgspec

from crashdesk.changes import Batch, Change, ChangeKind, Mark, checkpoint_mark, mark_of
from crashdesk.storage.journal_audit import Rows
from crashdesk.storage.journal_copy import batch_of

MOST_KEPT = 50_000
"""So many changes are kept in all for who looks back: what a recovery needs is never counted, and never shortened."""
_MOST_CRASHES = 100
"""Of so many recoveries: each is a condition of the deletion, and a database takes no expression of a thousand."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """The changes behind checkpoint `mark`, numbered from the mark's own `first` to `last`, in whole batches.

    `count` of them change the state. `before` is the checkpoint whose mark ends it; None where the state is described anew, where
    changes are missing, or at the journal's end. `batches` begins with the mark and ends with the last change.
    """

    mark: Mark
    first: int
    last: int
    count: int
    before: Mark | None
    batches: tuple[Batch, ...]


def spans_of(batches: Iterable[Batch]) -> Iterator[Span]:
    """What there is behind each checkpoint's own mark, in order; batches ascend.

    A state that is described anew names checkpoints that there were before; what is behind those marks is no change of theirs.
    Raises what reading the batches raises, MalformedJournal.
    """
    growing: _Growing | None = None
    empty: list[Span] = []
    expected = 0
    for batch in batches:
        if growing is not None and batch.first != expected:
            yield from (*empty, growing.ended(None))
            growing, empty = None, []
        expected = batch.last + 1
        for number, change in enumerate(batch.changes, batch.first):
            mark = mark_of(change)
            if growing is not None and (mark is not None or change.kind is ChangeKind.CLEAR):
                span = growing.ended(mark)
                empty.append(span)
                if mark is None:
                    empty = _own(empty)
                if mark is None or span.count:
                    yield from empty
                    empty = []
                growing = None
            if mark is not None:
                growing = _Growing(mark, number)
            if growing is not None:
                growing.take(batch, number, change)
    if growing is not None:
        yield from (*empty, growing.ended(None))


def _own(spans: list[Span]) -> list[Span]:
    """Those before a state described anew without what only introduces it: marks right before it, by ascending number."""
    if spans[-1].count:
        return spans
    place = len(spans) - 1
    while place and not spans[place - 1].count and spans[place - 1].mark.seq < spans[place].mark.seq:
        place -= 1
    return spans[:place]


class _Growing:
    def __init__(self, mark: Mark, number: int) -> None:
        self._mark, self._first, self._last, self._count = mark, number, number, 0
        self._parts: list[tuple[Batch, int, list[Change]]] = []

    def take(self, batch: Batch, number: int, change: Change) -> None:
        if not self._parts or self._parts[-1][0] is not batch:
            self._parts.append((batch, number, []))
        self._parts[-1][2].append(change)
        self._last = number
        self._count += change.kind < ChangeKind.CHECKPOINT

    def ended(self, mark: Mark | None) -> Span:
        return Span(
            mark=self._mark,
            first=self._first,
            last=self._last,
            count=self._count,
            # The state is described anew behind marks of checkpoints that there were before.
            before=mark if mark is not None and mark.seq > self._mark.seq else None,
            batches=tuple(Batch(first=first, at=each.at, changes=tuple(part)) for each, first, part in self._parts),
        )


def crash_spans(batches: Iterable[Batch], recovered: Collection[int], most: int = MOST_KEPT) -> list[Span]:
    """The spans that a recovery started from, the newest first, as many as hold `most` changes together and a hundred at most;
    without what they hold.

    `batches` are those before a run; `recovered` the numbers of checkpoints that recoveries saved. Raises as `spans_of`.
    """
    found: list[Span] = []
    for span in spans_of(batches):
        if span.count and (span.before is None or span.before.seq in recovered):
            found.insert(0, msgspec.structs.replace(span, batches=()))
    kept: list[Span] = []
    for span in found[:_MOST_CRASHES]:
        most -= span.count
        if most < 0:
            break
        kept.append(span)
    return kept


def span_behind(mark: Mark) -> Callable[[Rows], Span | None]:
    """The question for what the journal holds behind a checkpoint; None as the answer where it does not hold that any more.

    The answer raises MalformedJournal at a batch that fails its check, DatabaseUnusable.
    """

    def ask(rows: Rows) -> Span | None:
        found = rows("SELECT min(first) FROM changes WHERE instr(body, ?)>0", (checkpoint_mark(mark).body,))
        if not found or found[0][0] is None:
            return None
        return next((span for span in spans_of(_from(rows, int(found[0][0]))) if span.mark == mark), None)

    return ask


def _from(rows: Rows, first: int) -> Iterator[Batch]:
    while found := rows("SELECT first,last,at,body,crc FROM changes WHERE first>=? ORDER BY first LIMIT 200", (first,)):
        for row in found:
            yield batch_of(row)
        first = found[-1][0] + 1
