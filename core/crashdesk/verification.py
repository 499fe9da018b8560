"""Checking a whole store: every file by two CRC implementations, the audit chain, the manifest, permissions."""

from __future__ import annotations

import enum
import os
import stat
import sys
from collections.abc import Iterator

import msgspec

from crashdesk.audit import broken_links
from crashdesk.checksum import second_crc32
from crashdesk.codec import decode, stored_crc
from crashdesk.errors import CheckpointNotFound, CodecError, NewerVersion, StorageError
from crashdesk.exchange.protocol import Step, unheard
from crashdesk.inspection import StoreView
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.names import CheckpointInfo


class Severity(enum.Enum):
    """How bad a finding is: a NOTE does not make a store bad."""

    NOTE = "note"
    PROBLEM = "problem"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as it should be, and what to do."""

    severity: Severity
    subject: str
    text: str
    advice: str


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, and what was found."""

    checkpoints: int
    valid: int
    audit_entries: int
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
            _problem("store", "not one checkpoint can be read by this version", "update Crashdesk")
            if newer
            else _problem(
                "store", "not one checkpoint is valid", "restore a backup of the directory before starting the bot"
            )
        )
    if not checkpoints:
        findings.append(_note("store", "there is no checkpoint yet", "nothing to do if the bot has never run"))
    findings += [
        _note(
            name,
            f"was moved aside earlier: {reason or 'no reason was noted'}",
            "delete it when nobody needs it any more",
        )
        for name, reason in view.corrupt_files()
    ]
    entries, audit = _check_audit(view)
    return Verification(
        checkpoints=len(checkpoints),
        valid=valid,
        audit_entries=entries,
        findings=(*findings, *audit, *_permissions(view)),
    )


def check_file(view: StoreView, info: CheckpointInfo) -> Finding | None:
    """What is wrong with one checkpoint; None for nothing, or when retention removed it meanwhile."""
    try:
        data = view.store.read_bytes(info)
    except CheckpointNotFound:
        return None
    except StorageError as error:
        return _problem(info.name, str(error), "check the disk and the permissions")
    try:
        state = decode(data)
    except NewerVersion as error:
        return _note(info.name, str(error), "update Crashdesk")
    except CodecError as error:
        return _problem(info.name, str(error), "the bot's next start moves it to corrupt/ and uses the one before")
    return _check_content(info, data, state.timestamp)


def _check_content(info: CheckpointInfo, data: bytes, timestamp: int) -> Finding | None:
    second = second_crc32(data[:-4])
    if second != stored_crc(data):
        return _problem(
            info.name,
            f"the second CRC implementation computes {second:08x}",
            "check this machine's memory and libraries",
        )
    if timestamp != info.timestamp:
        return _problem(
            info.name,
            f"its name says {info.timestamp}, its content {timestamp}",
            "it was renamed: do not rely on its order",
        )
    return None


def _check_audit(view: StoreView) -> tuple[int, list[Finding]]:
    try:
        entries = view.audit_entries()
    except DatabaseUnusable as error:
        return 0, [
            _problem("journal.sqlite", str(error), "the bot's next start moves it to corrupt/ and begins a new one")
        ]
    broken = broken_links(entries)
    gaps = [entry.seq for number, entry in enumerate(entries, start=1) if entry.seq != number]
    findings = []
    if broken:
        findings.append(
            _problem(
                "audit log",
                f"the chain is broken at entry {broken[0]} ({len(broken)} in all)",
                "somebody changed it: keep a copy",
            )
        )
    if gaps:
        findings.append(
            _problem("audit log", f"entry {gaps[0]} is out of sequence", "entries are missing: keep a copy")
        )
    return len(entries), findings


def _permissions(view: StoreView) -> Iterator[Finding]:
    if sys.platform == "win32":
        return
    for name in ("", "checkpoints", "journal.sqlite", "store.toml"):
        path = view.directory / name
        try:
            mode = stat.S_IMODE(os.stat(path).st_mode)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield _problem(name or "store", f"cannot be looked at: {error.strerror or error}", "check the permissions")
            continue
        if mode & 0o077:
            yield _note(
                name or "store", f"others on this machine may read it (mode {mode:o})", f"chmod go-rwx {name or '.'}"
            )


def _problem(subject: str, text: str, advice: str) -> Finding:
    return Finding(severity=Severity.PROBLEM, subject=subject, text=text, advice=advice)


def _note(subject: str, text: str, advice: str) -> Finding:
    return Finding(severity=Severity.NOTE, subject=subject, text=text, advice=advice)
