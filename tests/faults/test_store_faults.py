"""A disk that fails at any operation, and a machine that dies at any operation: no acknowledged checkpoint is lost."""

from __future__ import annotations

import contextlib
import errno
import itertools
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from strategies import T0, ManualClock

from crashdesk.errors import CrashdeskError, NotAStore, StorageError, StoreCorrupted, StoreDegraded
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.store import StateStore

OPERATIONS = [name for name in vars(LocalFiles) if not name.startswith("_")]


class FaultyFiles(LocalFiles):
    """The real disk, with a record of what was asked of it and a fault at the operation that a test names."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Path]] = []
        self.paths: dict[int, Path] = {}
        self.disarm()

    def arm(self, nth: int, error: int, mode: str = "refused", kind: str | None = None) -> None:
        """Fail the `nth` operation (of a kind, or of any) from now on.

        It is "refused" (and not done), "done" (and an error reported nevertheless), "short" (a write takes a part and is refused
        then), or the disk is "gone" from there on.
        """
        self.left, self.error, self.mode, self.kind = nth, error, mode, kind
        self.struck = False

    def disarm(self) -> None:
        self.arm(0, 0)
        self.mode = "off"

    def perform(self, name: str, *args: Any) -> Any:
        path = args[0] if isinstance(args[0], Path) else self.paths[args[0]]
        self.calls.append((name, path))
        strikes = self.mode == "gone" and self.struck
        if self.mode != "off" and self.kind in (None, name):
            self.left -= 1
            strikes = strikes or self.left == 0
        self.struck = self.struck or strikes
        if strikes and self.mode == "short" and name == "write" and len(args[1]) > 1:
            self.left = 1
            return getattr(super(), name)(args[0], args[1][: len(args[1]) // 2])
        if strikes and (self.mode != "done" or name == "create"):
            self._really_close(name, args)
            raise OSError(self.error, "the disk says no")
        result = getattr(super(), name)(*args)
        if name == "create":
            self.paths[result] = path
        if strikes:
            raise OSError(self.error, "the disk says no, though it did")
        return result

    def _really_close(self, name: str, args: tuple[Any, ...]) -> None:
        # A failing close frees the descriptor all the same.
        if name == "close":
            super().close(*args)


def operation(name: str) -> Callable[..., Any]:
    return lambda self, *args: self.perform(name, *args)


for operation_name in OPERATIONS:
    setattr(FaultyFiles, operation_name, operation(operation_name))


def temporaries(directory: Path) -> list[str]:
    return [path.name for path in directory.rglob("*.tmp")]


FAULTS = [
    *itertools.product(["refused"], [errno.EIO, errno.ENOSPC, errno.EACCES]),
    ("done", errno.EIO),
    ("short", errno.ENOSPC),
    ("gone", errno.EIO),
]


@pytest.mark.parametrize(("mode", "error"), FAULTS)
def test_any_operation_of_a_save_may_fail(tmp_path: Path, mode: str, error: int) -> None:
    files = FaultyFiles()
    with StateStore(tmp_path, files=files) as store:
        kept = [store.save(make.state(timestamp=number)) for number in range(2)]
        files.calls.clear()
        kept.append(store.save(make.state(timestamp=2)))
        in_one_save = len(files.calls)
        for nth in range(1, in_one_save + 1):
            files.arm(nth, error, mode)
            with pytest.raises(StorageError, match="the disk says no"):
                store.save(make.state(timestamp=-1))
            assert files.struck
            files.disarm()
            assert [store.load(info).timestamp for info in kept] == list(range(len(kept)))
            assert mode == "gone" or temporaries(tmp_path) == []
            assert store.load_latest().timestamp in (len(kept) - 1, -1)
            kept.append(store.save(make.state(timestamp=len(kept))))
            assert store.load_latest().timestamp == len(kept) - 1
        assert len({info.seq for info in store.list_checkpoints()}) == len(store.list_checkpoints())
    with StateStore(tmp_path) as store:
        store.acquire()
        assert temporaries(tmp_path / "checkpoints") == []


def a_session(directory: Path, files: LocalFiles, clock: ManualClock, acknowledged: list[int]) -> None:
    """What a bot and its operator do in a day, on a store whose newest file is damaged."""
    with StateStore(directory, files=files, clock=clock) as store:
        store.find_latest()
        for _ in range(3):
            acknowledged.append(store.save(make.state()).seq)
        store.set_pinned(store.find(2), True)
        store.cleanup(2, 24)
        store.set_pinned(store.find(2), False)
        acknowledged.append(store.save(make.state()).seq)


@pytest.mark.parametrize(("mode", "error"), [("refused", errno.EIO), ("done", errno.EIO), ("gone", errno.ENOSPC)])
def test_any_operation_of_a_session_may_fail(tmp_path: Path, mode: str, error: int) -> None:
    original = tmp_path / "original"
    with StateStore(original) as store:
        for _ in range(3):
            newest = store.save(make.state())
        newest.path.write_bytes(newest.path.read_bytes()[:-7])
    for nth in itertools.count(1):
        directory = tmp_path / f"{mode}-{nth}"
        shutil.copytree(original, directory)
        files, acknowledged = FaultyFiles(), [2]
        files.arm(nth, error, mode)
        with contextlib.suppress(CrashdeskError):
            a_session(directory, files, ManualClock(), acknowledged)
        if not files.struck:
            break
        with StateStore(directory, read_only=True) as store:
            assert store.find_latest().info.seq >= max(acknowledged)
        with StateStore(directory) as store:
            assert store.save(make.state()).seq > max(acknowledged)
    assert nth > 60


@pytest.mark.parametrize("mode", ["refused", "gone"])
def test_a_file_whose_flush_failed_is_never_tried_again(tmp_path: Path, mode: str) -> None:
    files = FaultyFiles()
    with StateStore(tmp_path, files=files) as store:
        store.save(make.state())
        files.calls.clear()
        files.arm(1, errno.EIO, mode, kind="sync")
        with pytest.raises(StoreDegraded, match="did not confirm"):
            store.save(make.state())
        files.disarm()
        doomed = next(path for name, path in files.calls if name == "create")
        store.save(make.state())
        done = [name for name, _ in itertools.groupby(name for name, path in files.calls if path == doomed)]
        assert done == ["create", "write", "sync", "close", "remove"]
        assert [info.seq for info in store.list_checkpoints()] == [1, 3]


def test_a_directory_whose_flush_failed_leaves_the_save_unacknowledged(tmp_path: Path) -> None:
    files = FaultyFiles()
    with StateStore(tmp_path, files=files) as store:
        store.acquire()
        files.arm(1, errno.EIO, kind="sync_directory")
        with pytest.raises(StoreDegraded, match="was not made durable"):
            store.save(make.state())
        files.disarm()
        assert store.save(make.state()).seq == 2


def test_a_save_is_acknowledged_after_its_directory_was_flushed(tmp_path: Path) -> None:
    files = FaultyFiles()
    with StateStore(tmp_path, files=files) as store:
        store.acquire()
        files.calls.clear()
        info = store.save(make.state())
    names = [name for name, _ in files.calls[: files.calls.index(("sync_directory", info.path.parent)) + 1]]
    assert [name for name, _ in itertools.groupby(names)] == [
        "create",
        "write",
        "sync",
        "close",
        "rename",
        "sync_directory",
    ]


# A machine that dies: what of an operation that nobody flushed is on the disk, nobody knows.


class RecordingFiles(LocalFiles):
    """The real disk, and a log of everything that a crash of the machine could undo. `forgotten` operations are left out."""

    def __init__(self, root: Path, forgotten: frozenset[str] = frozenset()) -> None:
        self.root, self.forgotten = root, forgotten
        self.log: list[tuple[Any, ...]] = []
        self.inodes: dict[int, int] = {}
        self.files = itertools.count()

    def note(self, name: str, *what: Any) -> None:
        if name not in self.forgotten:
            self.log.append((name, *(item.relative_to(self.root) if isinstance(item, Path) else item for item in what)))

    def make_directory(self, path: Path) -> None:
        for missing in reversed([part for part in (path, *path.parents) if not part.exists()]):
            self.note("link", missing, "directory")
        super().make_directory(path)

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self.inodes[descriptor] = next(self.files)
        self.note("link", path, self.inodes[descriptor])
        return descriptor

    def write(self, descriptor: int, data: bytes) -> int:
        self.note("write", self.inodes[descriptor], data)
        return super().write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        self.note("sync", self.inodes[descriptor])

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self.note("rename", source, target)

    def remove(self, path: Path) -> None:
        super().remove(path)
        self.note("unlink", path)

    def sync_directory(self, path: Path) -> None:
        self.note("sync_directory", path)


Names = dict[Path, Any]


def change(names: Names, operation: tuple[Any, ...]) -> None:
    """Apply one operation to a directory tree, as far as it can be."""
    name, path, *rest = operation
    if name == "link":
        names[path] = rest[0]
    elif path in names:
        inode = names.pop(path)
        if name == "rename":
            names[rest[0]] = inode


def possible_disks(log: list[tuple[Any, ...]], dice: random.Random) -> Iterator[tuple[Names, dict[int, bytes]]]:
    """What may be found after a crash at the end of `log`: some unflushed changes of names, some of the unflushed data."""
    names: Names = {}
    pending: list[tuple[Any, ...]] = []
    data: dict[int, bytes] = {}
    flushed: dict[int, int] = {}
    for operation in log:
        name, what = operation[:2]
        if name == "write":
            data[what] = data.get(what, b"") + operation[2]
        elif name == "sync":
            flushed[what] = len(data.get(what, b""))
        elif name == "sync_directory":
            for done in [one for one in pending if one[1].parent == what]:
                pending.remove(done)
                change(names, done)
        elif name != "ack":
            pending.append(operation)
    prefixes = [pending[:count] for count in range(len(pending) + 1)]
    subsets = [[one for one in pending if dice.random() < 0.5] for _ in range(3 if len(pending) > 1 else 0)]
    for survived in (*prefixes, *subsets):
        found = dict(names)
        for one in survived:
            change(found, one)
        for lost in ("nothing", "all", "half", "content"):
            yield found, {inode: remains(content, flushed.get(inode, 0), lost) for inode, content in data.items()}
            if all(
                flushed.get(inode, 0) == len(data.get(inode, b"")) for inode in found.values() if inode != "directory"
            ):
                break


def remains(content: bytes, flushed: int, lost: str) -> bytes:
    safe, loose = content[:flushed], content[flushed:]
    return safe + {"nothing": loose, "all": b"", "half": loose[: len(loose) // 2], "content": bytes(len(loose))}[lost]


def write_disk(root: Path, names: Names, data: dict[int, bytes]) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for path, inode in sorted(names.items(), key=lambda item: len(item[0].parts)):
        if not (root / path).parent.is_dir():
            continue  # its directory did not survive
        if inode == "directory":
            (root / path).mkdir()
        else:
            (root / path).write_bytes(data.get(inode, b""))


def loss(store: Path, acknowledged: int) -> str:
    """What a reader misses in a store whose last acknowledged checkpoint is known; empty for nothing."""
    try:
        found = StateStore(store, read_only=True).find_latest()
    except NotAStore:
        found = None
    except StoreCorrupted as error:
        return str(error)
    seq = found.info.seq if found else 0
    if found and found.state != make.state(timestamp=T0 + seq):
        return f"checkpoint {seq} is not what was saved"
    return "" if seq >= acknowledged else f"checkpoint {acknowledged} was acknowledged, {seq} is the newest"


def record(root: Path, forgotten: frozenset[str] = frozenset()) -> list[tuple[Any, ...]]:
    """The log of a short life: a new store, saves, a pin, retention, a second start."""
    root.mkdir()
    files = RecordingFiles(root, forgotten)
    number = itertools.count(1)
    for saves in (3, 2):
        with StateStore(root / "bots" / "grid", files=files, clock=ManualClock()) as store:
            for _ in range(saves):
                info = store.save(make.state(timestamp=T0 + next(number)))
                files.note("ack", info.seq)
                if info.seq == 1:
                    store.set_pinned(info, True)
                store.cleanup(2, 24)
    return files.log


def replay(log: list[tuple[Any, ...]], scratch: Path) -> tuple[int, list[str]]:
    """(number of disks looked at, losses found) over every point at which the machine could die."""
    dice = random.Random(1)
    disks, losses = 0, []
    for point in range(len(log) + 1):
        acknowledged = max((entry[1] for entry in log[:point] if entry[0] == "ack"), default=0)
        for names, data in possible_disks(log[:point], dice):
            write_disk(scratch, names, data)
            disks += 1
            if missing := loss(scratch / "bots" / "grid", acknowledged):
                losses.append(f"at {point}: {missing}")
    return disks, losses


def test_no_crash_of_the_machine_loses_an_acknowledged_checkpoint(tmp_path: Path) -> None:
    disks, losses = replay(record(tmp_path / "real"), tmp_path / "disk")
    assert losses == []
    assert disks >= 300


@pytest.mark.parametrize("forgotten", ["sync", "sync_directory"])
def test_a_flush_that_is_left_out_is_found(tmp_path: Path, forgotten: str) -> None:
    _, losses = replay(record(tmp_path / "real", frozenset({forgotten})), tmp_path / "disk")
    assert losses
