"""Whether a store is on another machine's disk, where neither SQLite's log nor the store's lock keeps what it promises."""

from __future__ import annotations

import os
import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = frozenset({"9p", "afs", "ceph", "cifs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"})
_REMOTE_IN_USER_SPACE = frozenset({"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"})


def network_warning(directory: Path) -> str:
    """What to tell whoever writes to a store there; empty where it is on a disk of this machine, or nobody can tell."""
    kind = network_file_system(directory)
    return _warning(directory, kind) if kind else ""


def _warning(directory: Path, kind: str) -> str:
    return (
        f"the store {directory} is on a network file system ({kind}), where neither the journal nor the lock is as safe "
        "as on a disk of this machine: use it from this machine alone, or better move it to such a disk"
    )


def network_file_system(directory: Path) -> str:
    """The kind of the network file system that `directory` is on, as `nfs4`; empty for none, and where that cannot be told."""
    place = os.path.realpath(directory)
    if place.startswith("\\\\"):
        return "smb"
    try:
        mounts = _MOUNTS.read_text("utf-8", "replace")
    except OSError:
        return ""
    kind = kind_at(place, mounts)
    return kind if kind in _REMOTE | _REMOTE_IN_USER_SPACE else ""


def kind_at(place: str, mounts: str) -> str:
    """The type of the file system that an absolute path is on, by a Linux ``mountinfo``; empty when it does not say."""
    found, deepest = "", -1
    for line in mounts.splitlines():
        head, _, tail = line.partition(" - ")
        columns = head.split(" ")
        if len(columns) < 5 or not tail:
            continue
        # Blanks and the like stand there as three octal digits.
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), columns[4]).rstrip("/")
        # Of two at one place the later one covers the other.
        if (place == point or place.startswith(f"{point}/")) and len(point) >= deepest:
            found, deepest = tail.split(" ")[0], len(point)
    return found
