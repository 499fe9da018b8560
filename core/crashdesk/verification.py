"""Checking a whole store: every file by two CRC implementations, the journal, the history, permissions."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crashdesk.checksum import second_crc32
from crashdesk.codec import decode, stored_crc
from crashdesk.errors import CheckpointNotFound, CodecError, NewerVersion, StorageError, StoreCorrupted
from crashdesk.exchange.protocol import Step, unheard
from crashdesk.findings import Finding, Severity, note, problem
from crashdesk.inspection import StoreView
from crashdesk.storage.database import DatabaseNewer, DatabaseUnusable
from crashdesk.storage.history import HISTORY_NAME, HistoryIndex
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import CHECKPOINTS, CORRUPT
from crashdesk.verification_journal import check_journal

_REBUILT = "use --repair: it is moved to corrupt/ and rebuilt from the files that are kept"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, and what was found."""

    checkpoints: int
    valid: int
    audit_entries: int
    changes: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no problem."""
        return not any(finding.severity is Severity.PROBLEM for finding in self.findings)


def verify_store(view: StoreView, step: Step = unheard) -> Verification:
    """Check everything; changes nothing. Raises StorageError when the store cannot be listed at all."""
    checkpoints = view.checkpoints()
    findings: list[Finding] = []
    valid = 0
    for number, info in enumerate(checkpoints):
        step(number, len(checkpoints), info.name)
        finding = check_file(view, info)
        if finding is None:
            valid += 1
        else:
            findings.append(finding)
    step(len(checkpoints), len(checkpoints), "checked")
    if findings and not valid:
        # What a newer version wrote is not damaged, but nothing of it was checked either.
        newer = all(finding.severity is Severity.NOTE for finding in findings)
        findings.append(
            problem("store", "not one checkpoint can be read by this version", "update Crashdesk")
            if newer
            else problem(
                "store", "not one checkpoint is valid", "restore a backup of the directory before starting the bot"
            )
        )
    if not checkpoints:
        findings.append(_without_checkpoints(view))
    findings += [
        note(
            name,
            f"was moved aside earlier: {reason or 'no reason was noted'}",
            "it is evidence: keep it until the incident is understood",
        )
        for name, reason in view.corrupt_files()
    ]
    findings += _in_use(view)
    findings += [
        note(name, "is what an interrupted save left behind", "the bot's next start, or --repair, removes it")
        for name in view.leftovers()
    ]
    journal = check_journal(view)
    return Verification(
        checkpoints=len(checkpoints),
        valid=valid,
        audit_entries=journal.audit_entries,
        changes=journal.changes,
        findings=(*findings, *journal.findings, *_history(view, checkpoints), *_permissions(view)),
    )


def _in_use(view: StoreView) -> list[Finding]:
    """What cannot be checked while a bot writes."""
    presence = view.presence()
    if not presence.running:
        return []
    who = presence.holder.purpose if presence.holder is not None else "another process"
    return [
        note(
            "store",
            f"{who} is writing to it at this moment; not checked: what it has not handed to the disk yet, and whether the disk "
            "has kept what was written last",
            "get_stats().journal of the bot tells what is not durable yet; check again when it is stopped",
        )
    ]


def _without_checkpoints(view: StoreView) -> Finding:
    """A bot that never saved anything, or one whose checkpoints are gone: what its next start would say."""
    try:
        view.latest()
    except StoreCorrupted as error:
        return problem("store", str(error), "the bot's next start stops with status corrupted until that is done")
    return note("store", "there is no checkpoint yet", "nothing to do if the bot has never run")


def check_file(view: StoreView, info: CheckpointInfo) -> Finding | None:
    """What is wrong with one checkpoint; None for nothing, or when retention removed it meanwhile."""
    try:
        data = view.store.read_bytes(info)
    except CheckpointNotFound:
        return None
    except StorageError as error:
        return problem(info.name, str(error), "check the disk and the permissions")
    try:
        state = decode(data)
    except NewerVersion as error:
        return note(info.name, str(error), "update Crashdesk")
    except CodecError as error:
        return problem(
            info.name,
            str(error),
            "`crashdesk verify --repair` moves it to corrupt/ as long as another one is valid; so does the bot's next start "
            "where it is newer than every valid one",
        )
    return _check_content(info, data, state.timestamp)


def _check_content(info: CheckpointInfo, data: bytes, timestamp: int) -> Finding | None:
    second = second_crc32(data[:-4])
    if second != stored_crc(data):
        return problem(
            info.name,
            f"the second CRC implementation computes {second:08x}",
            "check this machine's memory and libraries",
        )
    if timestamp != info.timestamp:
        return problem(
            info.name,
            f"its name says {info.timestamp}, its content {timestamp}",
            "it was renamed: do not rely on its order",
        )
    return None


def _history(view: StoreView, checkpoints: list[CheckpointInfo]) -> list[Finding]:
    """Where the browsing index contradicts the files; it is derived, so that nothing of this makes a store bad."""
    if not (view.directory / HISTORY_NAME).exists():
        return []
    try:
        index = HistoryIndex(view.directory, read_only=True)
    except DatabaseNewer as error:
        return [note(HISTORY_NAME, str(error), "update Crashdesk; the file is as it was")]
    except DatabaseUnusable as error:
        return [note(HISTORY_NAME, str(error), _REBUILT)]
    with contextlib.closing(index):
        try:
            found = index.differences(checkpoints)
        except DatabaseUnusable as error:
            return [note(HISTORY_NAME, str(error), _REBUILT)]
    return [note(HISTORY_NAME, item.text, "--repair brings it up to date") for item in found]


def too_open(directory: Path) -> Iterator[tuple[Path, int]]:
    """(path, mode) of what others on this machine may read or write. Raises OSError."""
    if sys.platform == "win32":
        return
    places = [directory, directory / CHECKPOINTS, directory / CORRUPT]
    for place in places:
        if not place.is_dir():
            continue
        for path in (place, *(Path(entry.path) for entry in os.scandir(place) if entry.is_file(follow_symlinks=False))):
            try:
                mode = stat.S_IMODE(path.lstat().st_mode)
            except FileNotFoundError:
                continue  # retention was faster
            if mode & 0o077:
                yield path, mode


def _permissions(view: StoreView) -> list[Finding]:
    try:
        found = list(too_open(view.directory))
    except OSError as error:
        return [problem("store", f"cannot be looked at: {error.strerror or error}", "check the permissions")]
    if not found:
        return []
    path, mode = found[0]
    name = "the store's directory" if path == view.directory else path.name
    others = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return [
        note(
            name,
            f"others on this machine may read it (mode {mode:o}){others}",
            "use --repair, or chmod -R go-rwx on the store",
        )
    ]
