"""Files that may not grow, full disks and directories without permission: refused in words, and used again afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import strategies as make
from fault_files import temporaries

from crashdesk.errors import StorageError
from crashdesk.storage.store import StateStore

LIMITED = """
import resource, sys
from crashdesk.errors import StorageError
from crashdesk.storage.store import StateStore
import strategies as make
store = StateStore(sys.argv[1])
store.save(make.state(timestamp=1))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
try:
    store.save(make.state(timestamp=2, open_orders=make.many_orders(1000)))
except StorageError as error:
    assert "File too large" in str(error), error
    assert store.degraded
else:
    raise SystemExit("the limit was not felt")
assert store.save(make.state(timestamp=3)).seq == 3
assert not store.degraded
"""
FULL = """
import errno, os, pathlib, subprocess, sys
directory = pathlib.Path(sys.argv[1])
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory]).returncode:
    raise SystemExit(77)
from crashdesk.errors import StorageError
from crashdesk.storage.store import StateStore
import strategies as make
store = StateStore(directory)
saved = 0
try:
    while saved < 1000:
        store.save(make.state(timestamp=saved + 1, open_orders=make.many_orders(200)))
        saved += 1
except StorageError as error:
    assert "No space left" in str(error), error
    assert store.degraded
assert 2 < saved < 1000
assert store.load_latest().timestamp == saved
assert not list(directory.rglob("*.tmp"))
assert store.cleanup(2, 24), "room can be made on a full disk"
store.save(make.state(timestamp=-7, open_orders=make.many_orders(200)))
assert store.load_latest().timestamp == -7
assert not store.degraded
store.close()
"""
# What is free when the bot starts, in pages, from nothing to enough.
FULL_AT_START = """
import pathlib, subprocess, sys
directory = pathlib.Path(sys.argv[1])
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory]).returncode:
    raise SystemExit(77)
from crashdesk import LiveState, RecoveryConfig, RecoveryManager
from crashdesk.errors import DiskFull, StorageError
import strategies as make
config = RecoveryConfig(checkpoint_dir=directory / "bot")
live = LiveState()
with RecoveryManager(live, config) as manager:
    live.put_order(make.order(id="1"))
    manager.checkpoint()
    live.put_order(make.order(id="2"), wait=True)
filler = directory / "filler"
refused = 0
for free in (0, 1, 2, 4, 8, 12, 16):
    with open(filler, "wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)) == 4096:
                pass
        except OSError:
            pass
        file.truncate(max(0, file.seek(0, 2) // 4096 - free) * 4096)
    try:
        manager = RecoveryManager(LiveState(), config, on_error=lambda error: None)
    except DiskFull as error:
        assert "free some space" in str(error), error
        refused += 1
    else:
        manager.close()
    filler.unlink()
    live = LiveState()
    with RecoveryManager(live, config, on_error=lambda error: sys.exit(str(error))) as manager:
        assert manager.recover().journal_problem == ""
        assert {order.id for order in live.snapshot().open_orders} == {"1", "2"}
assert refused >= 4, refused
"""


def run(code: str, directory: Path, *prefix: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(make.__file__).parent)}
    command = [*prefix, sys.executable, "-c", code, str(directory)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def run_with_a_small_disk(code: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """As `run`, where the code may mount a disk of its own; skips the test where the system does not let it."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody but root mount a small disk")
    done = run(code, directory, "unshare", "-rm")
    if done.returncode == 77:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr}")
    return done


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_file_that_grows_beyond_a_limit_is_abandoned(tmp_path: Path) -> None:
    done = run(LIMITED, tmp_path)
    assert done.returncode == 0, done.stderr
    assert temporaries(tmp_path) == []
    with StateStore(tmp_path, read_only=True) as store:
        assert [info.seq for info in store.list_checkpoints()] == [1, 3]


@pytest.mark.scenario(68)
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare")
def test_a_full_disk_refuses_and_takes_again_after_retention_made_room(tmp_path: Path) -> None:
    done = run_with_a_small_disk(FULL, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs permissions that bind: not root")
def test_a_directory_without_permission_says_so_and_is_used_again_afterwards(tmp_path: Path) -> None:
    with StateStore(tmp_path / "store") as store:
        store.save(make.state())
        checkpoints = tmp_path / "store" / "checkpoints"
        checkpoints.chmod(0o500)
        with pytest.raises(StorageError, match=r"Permission denied.*check the disk"):
            store.save(make.state())
        checkpoints.chmod(0o700)
        assert store.save(make.state()).seq == 3


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare")
def test_a_disk_that_is_full_at_the_start_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    done = run_with_a_small_disk(FULL_AT_START, tmp_path)
    assert done.returncode == 0, done.stderr
