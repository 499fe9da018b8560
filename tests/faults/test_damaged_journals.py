"""Whatever is damaged in a journal, nothing is made up and what is lost is told."""

from __future__ import annotations

import random
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import strategies as make
from faulty_journals import LOG_NAME, Bot, assert_exact, same
from recovery_builders import LATER, PREFIX, ExchangeInMemory, live
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.errors import StorageError
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.storage.journal_records import JOURNAL_NAME


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    built = Bot(tmp_path / "store")
    yield built
    built.close()


class History:
    """A store that was killed, as it lay on the disk, and every state that it ever acknowledged."""

    def __init__(self, directory: Path) -> None:
        self.closed, self.killed = directory / "closed", directory / "killed"
        bot = Bot(directory / "store")
        for number in range(12):
            bot.put(number)
        bot.intend("grid-1")
        bot.manager.checkpoint()
        for number in range(12, 40):
            bot.put(number)
            if number % 9 == 0:
                bot.journal.append(AuditKind.DECISION, f"decision {number}", who="operator")
        self.newest = len(bot.states) - 1
        bot.manager.checkpoint()
        connection = bot.journal._connection
        for number in range(40, 70):
            if number == 55:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            bot.live.remove_order(str(number - 30))
            bot.put(number)
            bot.states.insert(-1, msgspec.structs.replace(bot.states[-1], open_orders=bot.states[-1].open_orders[:-1]))
        bot.intend("grid-2")
        shutil.copytree(directory / "store", self.killed)
        self.states = bot.states
        bot.live.attach(None)
        bot.manager._log.close()
        bot.journal.close()
        shutil.copytree(directory / "store", self.closed)
        bot.manager._store.close()


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(tmp_path_factory.mktemp("history"))


Damage = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    used = [at for at in (dice.randrange(len(data)) for _ in range(30)) if data[at]] or [0]
    for _ in range(dice.choice([1, 1, 1, 5, 50])):
        changed[dice.choice(used)] ^= 1 << dice.randrange(8)
    return bytes(changed)


def zero(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    size = dice.choice([1, 100, 512, 4096, 20_000])
    return data[:start] + bytes(min(size, len(data) - start)) + data[start + size :]


def garble(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    size = min(dice.choice([1, 100, 512, 4096, 20_000]), len(data) - start)
    return data[:start] + dice.randbytes(size) + data[start + size :]


def swap(data: bytes, dice: random.Random) -> bytes:
    pages = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    one, two = dice.randrange(len(pages)), dice.randrange(len(pages))
    pages[one], pages[two] = pages[two], pages[one]
    return b"".join(pages)


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def replace(data: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(dice.choice([1, 100, len(data)]))


DAMAGES: list[Damage] = [flip, flip, flip, zero, garble, swap, cut, replace]


def leaves_a_trace(name: str, damage: Damage, before: bytes, after: bytes, *, indexed: bool) -> bool:
    """Whether it can be told from a crash a moment earlier: a log that ends early is what the end of the machine leaves."""
    if name != LOG_NAME or indexed:
        return True
    if damage in (cut, replace, zero, swap):
        return False
    frame = 24 + 4096
    commits = [at for at in range(32, len(before), frame) if struct.unpack_from(">I", before, at + 4)[0]]
    first = next((at for at in range(min(len(before), len(after))) if before[at] != after[at]), len(before))
    return 32 <= first < commits[-3]


def test_whatever_is_damaged_nothing_is_made_up_and_what_is_lost_is_told(
    history: History, memory_path: Path, request: pytest.FixtureRequest
) -> None:
    exact = reported = 0
    for seed in range(100 * request.config.getoption("--fuzz", default=1)):
        dice = random.Random(seed)
        origin = dice.choice([history.closed, history.killed])
        store = memory_path / str(seed)
        shutil.copytree(origin, store)
        name = dice.choice([JOURNAL_NAME, LOG_NAME]) if origin is history.killed else JOURNAL_NAME
        damage = dice.choice(DAMAGES)
        before = (store / name).read_bytes()
        after = damage(before, dice)
        (store / name).write_bytes(after)
        if not (indexed := dice.random() >= 0.5):
            (store / (JOURNAL_NAME + "-shm")).unlink(missing_ok=True)  # as after a restart of the machine
        label = f"seed {seed}: {damage.__name__} of {name} of {origin.name}"

        bot = Bot(store, start=make.T0 + make.HOUR)
        result = bot.manager.recover()
        assert result.status is RecoveryStatus.SUCCESS, label
        state = bot.live.snapshot()
        found = [at for at, known in enumerate(history.states) if same(state, known)]
        assert found, label
        assert found[-1] >= history.newest, label
        view = bot.journal.view()
        if found[-1] == len(history.states) - 1:
            exact += 1
        elif leaves_a_trace(name, damage, before, after, indexed=indexed):
            assert result.journal_problem or view.problem, label
        if view.problem:
            reported += 1
            bot.journal.settle()
            assert bot.journal.view().problem == "", label
        # Life goes on from there.
        bot.put(1000)
        bot.close()
        assert_exact(store, bot.states[-1])
        shutil.rmtree(store)
    assert exact > 5
    assert reported > 20


@pytest.mark.parametrize("kind", ["missing", "of another store", "empty", "a directory"])
def test_a_journal_that_is_not_this_stores_is_told_and_nothing_of_it_applied(
    history: History, tmp_path: Path, kind: str
) -> None:
    store = tmp_path / "store"
    shutil.copytree(history.closed, store)
    path = store / JOURNAL_NAME
    path.unlink()
    match kind:
        case "of another store":
            other = Bot(tmp_path / "other", start=make.T0 + 5)
            other.put(7777)
            other.manager.checkpoint()
            other.put(8888)
            other.close()
            shutil.copy(tmp_path / "other" / JOURNAL_NAME, path)
        case "empty":
            path.touch()
        case "a directory":
            path.mkdir()
            with pytest.raises(StorageError):
                Bot(store)
            return
    bot = Bot(store, start=make.T0 + make.HOUR)
    result = bot.manager.recover()
    assert result.journal_problem
    assert bot.reports
    assert same(bot.live.snapshot(), history.states[history.newest])
    assert bot.journal.view().problem
    bot.put(1)
    bot.close()
    again = Bot(store, start=make.T0 + 2 * make.HOUR)
    result = again.manager.recover()
    assert result.journal_problem  # until an operator has looked
    assert same(again.live.snapshot(), bot.states[-1])
    again.journal.settle()
    again.close()
    settled = Bot(store, start=make.T0 + 3 * make.HOUR)
    assert settled.manager.recover().journal_problem == ""
    settled.close()


def test_nothing_is_cancelled_unattended_until_an_operator_has_looked(history: History, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(history.closed, store)
    (store / JOURNAL_NAME).unlink()
    exchange = ExchangeInMemory(live(id="orphan", client_order_id="grid-4"))
    config = RecoveryConfig(checkpoint_dir=store, sync_with_exchange=False)
    manifest = StoreManifest(bot="grid", client_order_id_prefix=PREFIX)
    system = LiveState(clock=ManualClock(LATER))
    with RecoveryManager(system, config, exchange, manifest=manifest, clock=ManualClock(LATER)) as manager:
        manager.recover()
        result = manager.sync_with_exchange()
        assert (result.orphan_orders, result.orders_cancelled) == (1, 0)
        assert exchange.open_keys()
        manager._journal.settle()
        assert manager.sync_with_exchange().orders_cancelled == 1
        assert not exchange.open_keys()
