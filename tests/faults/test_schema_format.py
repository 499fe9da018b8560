"""A flipped bit in a journal's header that SQLite does not call damage is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from store_history import JOURNAL_FILES

from crashdesk import LiveState, RecoveryConfig, RecoveryManager, RecoveryStatus
from crashdesk.inspection import StoreView

SCHEMA_FORMAT = 47
"""Where SQLite's header says how the file is laid out."""


def journal_with_one_intent(directory: Path) -> bytearray:
    live = LiveState()
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory)) as manager:
        manager.recover()
        live.set_strategy("s", b"1")
        manager.checkpoint()
        manager.intend_order(symbol="X", client_order_id="grid-17", side="buy", order_type="limit", quantity=1)
    return bytearray((directory / JOURNAL_FILES[0]).read_bytes())


@pytest.mark.parametrize("what", ["the header", "an intent"])
def test_a_flipped_bit_that_sqlite_does_not_call_damage_is_told(tmp_path: Path, what: str) -> None:
    data = journal_with_one_intent(tmp_path)
    # In the table and in its index alike, which SQLite would compare.
    places = [SCHEMA_FORMAT] if what == "the header" else [found.start() for found in re.finditer(b"grid-17", data)]
    for place in places:
        data[place] ^= 0x10
    (tmp_path / JOURNAL_FILES[0]).write_bytes(data)
    live = LiveState()
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=tmp_path)) as manager:
        result = manager.recover()
    assert result.status == RecoveryStatus.SUCCESS
    assert live.strategy("s") == b"1"
    assert result.journal_problem
    with StoreView(tmp_path) as view:
        assert view.journal_view().problem
        assert view.journal_view().intents == ()
