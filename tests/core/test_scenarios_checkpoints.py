"""A newest checkpoint that a crash or a disk has spoilt, from the file to what the bot starts with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.changes import Mark, checkpoint_mark
from crashdesk.codec import decode, encode
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.errors import CodecError, StoreCorrupted
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

Spoil = Callable[[bytes], bytes]
MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
OLD, NEW = make.state(), make.state(timestamp=T0 + 1, open_orders=())


def flip_a_bit(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


SPOILT = [
    pytest.param(lambda data: data[: len(data) // 2], id="cut in half"),
    pytest.param(lambda data: b"", id="empty"),
    pytest.param(flip_a_bit, id="one bit flipped"),
    pytest.param(lambda data: bytes(len(data)), id="nothing but zeros"),
    pytest.param(lambda data: data[:64] + bytes(len(data) - 64), id="zeros at the end"),
]


@pytest.mark.scenario(60, 61, 62)
@pytest.mark.parametrize("spoil", SPOILT)
def test_spoilt_bytes_are_no_state(spoil: Spoil) -> None:
    with pytest.raises(CodecError):
        decode(spoil(encode(OLD)))


@pytest.mark.scenario(60, 61, 62, 63)
@pytest.mark.parametrize("spoil", SPOILT)
def test_a_bot_starts_with_the_checkpoint_before_the_spoilt_one_and_is_told(tmp_path: Path, spoil: Spoil) -> None:
    with StateStore(tmp_path, clock=ManualClock(T0)) as store:
        good, newest = store.save(OLD), store.save(NEW)
    newest.path.write_bytes(spoil(newest.path.read_bytes()))
    bot = LiveState(clock=ManualClock(LATER))
    with RecoveryManager(
        bot, RecoveryConfig(checkpoint_dir=tmp_path), manifest=MANIFEST, clock=ManualClock(LATER)
    ) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.SUCCESS
    assert bot.snapshot().open_orders == OLD.open_orders
    assert result.checkpoint_time == good.timestamp
    assert [skipped.info.seq for skipped in result.skipped] == [newest.seq]


@pytest.mark.scenario(60, 61, 62, 64)
@pytest.mark.parametrize("spoil", SPOILT)
def test_when_every_checkpoint_is_spoilt_nothing_is_taken_for_an_empty_account(tmp_path: Path, spoil: Spoil) -> None:
    with StateStore(tmp_path, clock=ManualClock(T0)) as store:
        for info in (store.save(OLD), store.save(NEW)):
            info.path.write_bytes(spoil(info.path.read_bytes()))
    exchange = ExchangeInMemory(live(), positions=[leg()])
    bot = LiveState(clock=ManualClock(LATER))
    with RecoveryManager(
        bot, RecoveryConfig(checkpoint_dir=tmp_path), exchange=exchange, manifest=MANIFEST, clock=ManualClock(LATER)
    ) as manager:
        assert manager.recover().status is RecoveryStatus.CORRUPTED
    with StoreView(tmp_path, clock=ManualClock(LATER)) as view, pytest.raises(StoreCorrupted):
        OperatorRecovery(view, exchange, who="kim", clock=ManualClock(LATER)).compare()
    assert exchange.requests == {}


@pytest.mark.scenario(67)
def test_a_checkpoint_that_is_dated_in_the_future_is_used_and_hides_no_orphan(tmp_path: Path) -> None:
    """The clock was an hour ahead when it was written."""
    ahead = LATER + 3_600_000_000_000
    with StateStore(tmp_path, clock=ManualClock(ahead)) as store:
        seq = store.save(make.state(timestamp=ahead, open_orders=(make.order(),), positions=())).seq
        journal = Journal(tmp_path, ManualClock(ahead))
        journal.commit([checkpoint_mark(Mark(seq, ahead))])
        journal.close()
    exchange = ExchangeInMemory(live(), live(id="4", client_order_id="grid-4"))
    bot = LiveState(clock=ManualClock(LATER))
    with RecoveryManager(
        bot, RecoveryConfig(checkpoint_dir=tmp_path), exchange=exchange, manifest=MANIFEST, clock=ManualClock(LATER)
    ) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.SUCCESS
    assert {order.id for order in bot.snapshot().open_orders} == {"8389765"}
    assert exchange.open_keys() == {live().key}
