"""A store on another machine's disk is used, and the bot is told what is not promised there."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config import RecoveryConfig
from crashdesk.errors import CrashdeskError
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage import network_disk
from crashdesk.storage.network_disk import kind_at

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /srv rw,relatime shared:7 - nfs4 nas:/export rw,vers=4.2
41 40 0:36 / /srv/local\\040disk rw - xfs /dev/vdb rw
42 22 0:37 / /mnt rw - ext4 /dev/vdc rw
43 42 0:38 / /mnt rw master:3 - cifs //nas/bots rw
broken
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/bot/store", "ext4"),
        ("/srv", "nfs4"),
        ("/srv/bots/store", "nfs4"),
        ("/srvice/store", "ext4"),
        ("/srv/local disk/store", "xfs"),
        ("/mnt/store", "cifs"),
    ],
)
def test_the_deepest_mount_tells_the_file_system(place: str, kind: str) -> None:
    assert kind_at(place, MOUNTS) == kind


def test_what_lists_no_mounts_tells_nothing() -> None:
    assert kind_at("/srv/store", "") == ""


@pytest.mark.parametrize(("kind", "told"), [("nfs4", True), ("ext4", False)])
def test_a_bot_hears_once_that_its_store_is_on_a_network_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, told: bool
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 0:1 / / rw - {kind} somewhere rw\n")
    monkeypatch.setattr(network_disk, "_MOUNTS", mounts)
    heard: list[CrashdeskError] = []
    config = RecoveryConfig(checkpoint_dir=tmp_path / "store")
    with RecoveryManager(LiveState(), config, on_error=heard.append) as manager:
        manager.checkpoint()
    assert [kind in str(each) for each in heard] == [True] * told
