"""What a journal records: bytes that come back as they were, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.changes import (
    CLEAR,
    Batch,
    Change,
    ChangeKind,
    Mark,
    checkpoint_mark,
    gone,
    mark_of,
    pack,
    seal,
    unpack,
)
from crashdesk.errors import MalformedJournal

Row = tuple[int, int, int, bytes, int]

numbers = st.integers(1, 2**62)
moments = st.integers(-(2**63), 2**63 - 1)
some_changes = st.lists(st.builds(Change, st.sampled_from(ChangeKind), st.binary(max_size=40)), min_size=1, max_size=6)


def row_of(first: int, at: int, changes: list[Change]) -> Row:
    body = pack(changes)
    last = first + len(changes) - 1
    return first, last, at, body, seal(first, last, at, body)


@given(numbers, moments, some_changes)
def test_a_batch_comes_back_as_it_was_written(first: int, at: int, changes: list[Change]) -> None:
    batch = unpack(*row_of(first, at, changes))
    assert batch == Batch(first=first, at=at, changes=tuple(changes))
    assert batch.last == first + len(changes) - 1


@given(numbers, moments, some_changes, st.data())
def test_any_changed_byte_of_a_row_is_refused(first: int, at: int, changes: list[Change], data: st.DataObject) -> None:
    row = row_of(first, at, changes)
    column = data.draw(st.integers(0, 4))
    value = row[column]
    raw = bytearray(value if isinstance(value, bytes) else value.to_bytes(8, "little", signed=True))
    at_byte = data.draw(st.integers(0, len(raw) - 1))
    raw[at_byte] ^= data.draw(st.integers(1, 255))
    changed = bytes(raw) if isinstance(value, bytes) else int.from_bytes(raw, "little", signed=True)
    with pytest.raises(MalformedJournal):
        unpack(*row[:column], changed, *row[column + 1 :])  # type: ignore[arg-type]


@given(numbers, moments, some_changes, st.data())
def test_a_body_that_is_cut_off_is_refused_even_with_a_checksum_that_fits(
    first: int, at: int, changes: list[Change], data: st.DataObject
) -> None:
    first, last, at, body, _ = row_of(first, at, changes)
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    for damaged in (cut, body + b"\0", body + body[:5]):
        with pytest.raises(MalformedJournal):
            unpack(first, last, at, damaged, seal(first, last, at, damaged))


@given(numbers, moments, some_changes, st.integers(-3, 3).filter(bool))
def test_a_count_that_does_not_fit_is_refused(first: int, at: int, changes: list[Change], more: int) -> None:
    first, last, at, body, _ = row_of(first, at, changes)
    with pytest.raises(MalformedJournal, match="not complete"):
        unpack(first, last + more, at, body, seal(first, last + more, at, body))


def test_a_kind_that_nobody_knows_is_refused() -> None:
    body = bytes([len(ChangeKind), 0, 0, 0, 0])
    with pytest.raises(MalformedJournal, match="told apart"):
        unpack(1, 1, 0, body, seal(1, 1, 0, body))


@given(st.builds(Mark, moments, moments), st.booleans())
def test_a_mark_is_found_again_and_nothing_else_is_one(mark: Mark, recorded: bool) -> None:
    change = checkpoint_mark(mark, recorded=recorded)
    assert mark_of(change) == mark
    assert mark_of(CLEAR) is None
    assert mark_of(gone(ChangeKind.ORDER_GONE, "x" * 16)) is None
    for body in (change.body[:-1], change.body + b"\0", b""):
        with pytest.raises(MalformedJournal):
            mark_of(Change(change.kind, body))
