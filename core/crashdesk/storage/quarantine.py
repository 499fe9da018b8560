"""Damaged checkpoints: moved aside with the reason, never deleted."""

from __future__ import annotations

from pathlib import Path

import msgspec

from crashdesk.storage.files import FileSystem, write_small_file
from crashdesk.storage.names import CheckpointInfo


class SkippedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint that loading passed over, and why; `newer` when it was written by a newer version of Crashdesk."""

    info: CheckpointInfo
    reason: str
    damaged: bool
    newer: bool = False
    moved_to: Path | None = None


def move_aside(files: FileSystem, item: SkippedCheckpoint, corrupt: Path) -> SkippedCheckpoint:
    """Move a damaged file into the directory `corrupt`, beside a note of the reason; tells when that was not possible."""
    target = corrupt / item.info.name
    try:
        files.make_directory(corrupt)
        write_small_file(files, target.with_name(target.name + ".reason.txt"), item.reason.encode())
        files.rename(item.info.path, target)
        files.sync_directory(corrupt)
        files.sync_directory(item.info.path.parent)
    except OSError as error:
        return msgspec.structs.replace(item, reason=f"{item.reason} (it could not be moved aside: {error})")
    return msgspec.structs.replace(item, moved_to=target)
