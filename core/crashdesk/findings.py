"""What a check of a store finds, and what to do about it."""

from __future__ import annotations

import enum

import msgspec


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


def problem(subject: str, text: str, advice: str) -> Finding:
    """Something is wrong."""
    return Finding(severity=Severity.PROBLEM, subject=subject, text=text, advice=advice)


def note(subject: str, text: str, advice: str) -> Finding:
    """Something is worth knowing."""
    return Finding(severity=Severity.NOTE, subject=subject, text=text, advice=advice)
