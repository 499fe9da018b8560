"""The machine dies at any operation of a bot's life: on every disk that may be found then, nothing acknowledged is missing."""

from __future__ import annotations

import functools
import random
import re
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from fault_files import ROOT, MemoryFiles, Names
from power_loss import PowerLoss
from strategies import T0, ManualClock

from crashdesk.codec import decode, encode
from crashdesk.errors import CodecError, NotAStore, StorageError, StoreDegraded
from crashdesk.state import SystemState
from crashdesk.storage.names import parse_name
from crashdesk.storage.store import StateStore

STORE = ROOT / "bots" / "grid"
CHECKPOINTS = STORE / "checkpoints"


@functools.cache
def saved_as(seq: int) -> SystemState:
    """The state under a number: no two are alike."""
    return make.state(timestamp=T0 + seq, open_orders=make.many_orders(12))


@functools.lru_cache(maxsize=500)
def content(data: bytes) -> SystemState | None:
    """The state in a file, None for a damaged one."""
    try:
        return decode(data)
    except CodecError:
        return None


class Life:
    """A bot and its operator on one disk; the log says when each promise was made and when it ended."""

    def __init__(self, files: MemoryFiles) -> None:
        self.files = files
        self.clock = ManualClock()

    def bot(self) -> StateStore:
        return StateStore(STORE, files=self.files, clock=self.clock)

    def save(self, store: StateStore) -> int:
        self.clock.now += 60_000_000_000
        seq = store.reserve()
        self.files.note("begun", seq)
        data = encode(saved_as(seq))
        store.save_chunks(T0 + seq, [data[:40], data[40:-200], data[-200:-4], data[-4:]], seq=seq)
        self.files.note("saved", seq)
        return seq

    def fail_to_save(self, store: StateStore, *refused: str) -> None:
        self.files.refuse(*refused)
        with pytest.raises(StoreDegraded):
            self.save(store)
        self.files.refuse()

    def pin(self, seq: int, pinned: bool) -> None:
        """By the desk, which does not hold the lock."""
        desk = StateStore(STORE, files=self.files)
        if not pinned:
            self.files.note("released", seq)
        desk.set_pinned(desk.find(seq), pinned)
        if pinned:
            self.files.note("pinned", seq)

    def rot(self, seq: int) -> None:
        inode = self.files.names[StateStore(STORE, files=self.files).find(seq).path]
        damaged = bytearray(self.files.data[inode])
        damaged[len(damaged) // 2] ^= 1
        self.files.data[inode] = bytes(damaged)
        self.files.note("rotten", seq)
        self.files.note("rot", inode, bytes(damaged))

    def live(self) -> None:
        newest = 0
        with self.bot() as store:
            for _ in range(4):
                pinned, newest = newest, self.save(store)
                store.cleanup(3, 24)
            self.pin(pinned, True)
            self.fail_to_save(store, "sync", "remove")  # the abandoned file stays behind
            for _ in range(2):
                self.save(store)
                store.cleanup(2, 24)
            self.fail_to_save(store, "sync_directory")
            newest = self.save(store)
            store.cleanup(2, 24)
        self.rot(newest)
        with self.bot() as store:
            assert store.find_latest().skipped
            for _ in range(2):
                self.save(store)
                store.cleanup(2, 24)
            self.pin(pinned, False)
            store.cleanup(2, 24)
        with self.bot() as store:
            store.find_latest()
            for _ in range(2):
                self.save(store)
            store.cleanup(1, 24)


class Promises:
    """What holds at one point of the log."""

    def __init__(self) -> None:
        self.begun: set[int] = set()
        self.saved: set[int] = set()
        self.pinned: set[int] = set()
        self.rotten: set[int] = set()
        self.deleted: set[int] = set()

    def copy(self) -> Promises:
        other = Promises()
        for name, value in vars(self).items():
            setattr(other, name, set(value))
        return other

    def happen(self, operation: tuple[Any, ...]) -> None:
        match operation:
            case ("begun" | "saved" | "pinned" | "rotten" as what, seq):
                getattr(self, what).add(seq)
            case ("released", seq):
                self.pinned.discard(seq)
            case ("superseded", seq):
                self.saved.discard(seq)
            case ("unlink", path) if (parsed := parse_name(path.name)) is not None:
                self.deleted.add(parsed[0])

    def broken_on(self, files: MemoryFiles) -> str:
        """What a disk does not keep of it; empty for nothing. First for a reader, then for a bot that starts on it."""
        try:
            with StateStore(STORE, read_only=True, files=files) as reader:
                before = self.missing(reader, files)
        except NotAStore:
            before = "the store is missing" if self.saved else ""
        if before:
            return before
        with StateStore(STORE, files=files, clock=ManualClock()) as store:
            found = store.find_latest()
            if found is not None and found.info.seq not in self.begun:
                return f"checkpoint {found.info.seq} comes from nowhere"
            info = store.save(saved_as(-1))
            if store.find_latest().state != saved_as(-1) or info.seq <= max(self.saved, default=0):
                return "a bot that starts on it cannot go on"
            return self.missing(store, files, info.seq)

    def missing(self, store: StateStore, files: MemoryFiles, *own: int) -> str:
        good = set()
        for info in store.list_checkpoints():
            state = content(files.read(info.path, 1 << 20))
            if state is not None:
                good.add(info.seq)
                if info.seq not in own and (info.seq not in self.begun or state != saved_as(info.seq)):
                    return f"checkpoint {info.seq} was never written like this"
        for seq in self.saved - self.deleted - self.rotten:
            if seq not in good:
                return f"checkpoint {seq} was acknowledged and is not there"
        for seq in self.pinned - self.rotten:
            if seq not in good:
                return f"checkpoint {seq} was pinned and is not there"
        for seq in self.deleted - good:
            if len([newer for newer in good | self.rotten if newer > seq]) < 2:
                return f"checkpoint {seq} was deleted without two newer ones"
        newest = max(self.saved - self.rotten, default=0)
        if newest and store.find_latest().info.seq < newest:
            return f"checkpoint {newest} was acknowledged and is not found"
        return ""


def replay(log: list[tuple[Any, ...]], wanted: int) -> tuple[int, list[str]]:
    """(number of different disks looked at, promises broken), spread over every point at which the machine could die."""
    power, promises, dice = PowerLoss(), Promises(), random.Random(1)
    points = []
    for at, operation in enumerate([("on",), *log]):
        power.happen(operation)
        promises.happen(operation)
        points.append((at, promises.copy(), power.copy().disks(dice)))
    looked_at, broken = 0, []
    while points and looked_at < wanted:
        for point in list(points):
            at, promised, disks = point
            disk = next(disks, None)
            if disk is None:
                points.remove(point)
                continue
            looked_at += 1
            try:
                complaint = promised.broken_on(MemoryFiles(*disk))
            except (StorageError, AssertionError) as error:
                complaint = f"{type(error).__name__}: {error}"
            if complaint:
                broken.append(f"after operation {at}: {complaint}")
    return looked_at, broken


def recorded(files: MemoryFiles) -> list[tuple[Any, ...]]:
    Life(files).live()
    return files.log


@pytest.mark.scenario(69)
@pytest.mark.timeout(1800)
def test_no_crash_of_the_machine_loses_what_was_acknowledged(request: pytest.FixtureRequest) -> None:
    wanted = request.config.getoption("--disks", default=400)
    looked_at, broken = replay(recorded(MemoryFiles()), wanted)
    assert broken == []
    assert looked_at >= wanted


def test_the_life_that_is_replayed_holds_everything_a_store_does() -> None:
    log = recorded(MemoryFiles())
    kinds = {entry[0] for entry in log}
    assert {"sync_failed", "sync_directory_failed", "rot", "pinned", "released"} <= kinds
    moved = [str(entry[2]) for entry in log if entry[0] == "rename" and entry[2].parent.name == "corrupt"]
    assert any(re.search(r"zqck$", path) for path in moved)
    assert any(path.endswith(".reason.txt") for path in moved)
    gone = [entry[1].name for entry in log if entry[0] == "unlink"]
    assert len([name for name in gone if parse_name(name)]) >= 5
    assert any(name.endswith(".zqck.pin") for name in gone)
    assert any(name.startswith(".checkpoint-") for name in gone)


# Mistakes that a machine which never dies does not show.


class ForgetsToFlushFiles(MemoryFiles):
    def sync(self, descriptor: int) -> None:
        return None


class ForgetsToFlushDirectories(MemoryFiles):
    def sync_directory(self, path: Path) -> None:
        return None


class DeletesFirst(MemoryFiles):
    """Makes room before the directory with the newest name is flushed."""

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        checkpoints = sorted(path for path in self.names if path.parent == CHECKPOINTS and parse_name(path.name))
        if target in checkpoints:
            for path in checkpoints[:-2]:
                self.remove(path)


class WritesInPlace(MemoryFiles):
    """Reuses the newest file for the next checkpoint instead of writing a temporary one beside it."""

    def __init__(self, names: Names | None = None, data: dict[int, bytes] | None = None) -> None:
        super().__init__(names, data)
        self.reused: dict[Path, Path] = {}

    def create(self, path: Path) -> int:
        newest = max((p for p in self.names if p.parent == CHECKPOINTS and parse_name(p.name)), default=None)
        if newest is None or not path.name.startswith(".checkpoint-"):
            return super().create(path)
        self.reused[path] = newest
        self.note("overwrite", self.names[newest])
        self.data[self.names[newest]] = b""
        return self.names[newest]

    def rename(self, source: Path, target: Path) -> None:
        if source in self.reused:
            self.note("superseded", parse_name(self.reused[source].name)[0])
            source = self.reused[source]
        super().rename(source, target)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mistaken", [ForgetsToFlushFiles, ForgetsToFlushDirectories, DeletesFirst, WritesInPlace])
def test_a_mistake_in_the_protocol_is_found(mistaken: type[MemoryFiles], request: pytest.FixtureRequest) -> None:
    files = mistaken()
    life = Life(files)
    with life.bot() as store:
        for _ in range(5):
            life.save(store)
            store.cleanup(2, 24)
    promises = Promises()
    for operation in files.log:
        promises.happen(operation)
    unhurt = MemoryFiles(dict(files.names), dict(files.data))
    assert promises.broken_on(unhurt) == ""
    _, broken = replay(files.log, request.config.getoption("--disks", default=400))
    assert broken
