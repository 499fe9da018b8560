"""Texts that are packed are the texts that were given, however they came together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.storage.names import checkpoint_name, parse_name
from crashdesk_gui.checkpoint_rows import CheckpointRows, Listing
from crashdesk_gui.packed_rows import PackedRows
from crashdesk_gui.series import AccountSeries

texts = st.text(max_size=6).map(str.encode)


@pytest.mark.parametrize("dense", [False, True])
@given(
    parts=st.lists(st.lists(texts, max_size=90), min_size=1, max_size=6),
    wanted=st.text(max_size=2),
    start=st.integers(0, 99),
)
def test_they_are_a_list_of_texts(dense: bool, parts: list[list[bytes]], wanted: str, start: int) -> None:
    plain = [text for part in parts for text in part]
    packed = PackedRows.joined([PackedRows.of(part, dense=dense) for part in parts])
    assert len(packed) == len(plain)
    assert list(packed) == plain
    assert [packed[index] for index in range(-len(plain), len(plain))] == plain * 2
    assert packed[1:40:3] == plain[1:40:3]
    assert list(packed.read(start)) == plain[start:]
    found = [wanted.encode() in text for text in plain]
    assert packed.containing(wanted.encode()).tolist() == found
    besides = np.array([len(text) % 2 == 0 for text in plain], dtype=np.bool_)
    among = packed.containing(wanted.encode(), besides)
    assert among.tolist() == (besides | np.array(found, dtype=np.bool_)).tolist()


def test_what_is_appended_one_by_one_does_not_become_a_block_each() -> None:
    grown = PackedRows.of([], dense=True)
    for number in range(100):
        grown = PackedRows.joined([grown, PackedRows.of([b"%d" % number], dense=True)])
    assert list(grown) == [b"%d" % number for number in range(100)]
    assert len(grown._blocks) < 10


checkpoints = st.dictionaries(st.integers(1, 10**12 - 1), st.integers(-(10**18), 9 * 10**18), max_size=30)
strangers = st.sampled_from(
    ["notes.txt", "checkpoint-1.zqck", "checkpoint-00000000000x-00000000000000000001.zqck", "ü" * 49]
)


@given(times=checkpoints, others=st.lists(strangers, max_size=5), data=st.data())
def test_a_listing_knows_every_checkpoint_by_its_name(
    times: dict[int, int], others: list[str], data: st.DataObject
) -> None:
    names = [checkpoint_name(seq, at) for seq, at in times.items()]
    listing = Listing(Path(), data.draw(st.permutations(names + others)))
    assert list(zip(listing.seqs.tolist(), listing.times.tolist(), strict=True)) == sorted(times.items())
    rows = CheckpointRows(
        listing,
        causes=np.zeros(len(times), dtype=np.uint8),
        checks=np.zeros(len(times), dtype=np.uint8),
        problems={},
        account=AccountSeries.empty(),
    )
    written = [bytes(letters).decode() for letters in rows.name_letters(0, len(times))]
    assert [parse_name(name) for name in written] == sorted(times.items())
    assert sorted(written) == sorted(names)
