"""The audit log's entries: who decided what, when, on what evidence, and what came of it."""

from __future__ import annotations

import enum
import hashlib

import msgspec


class AuditKind(enum.Enum):
    """What an entry records."""

    CHECKPOINT = "checkpoint"
    RECOVERY = "recovery"
    PLAN = "plan"
    DECISION = "decision"
    INTENT = "intent"
    OUTCOME = "outcome"
    PROBLEM = "problem"
    SWITCH = "switch"


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it was appended; `hash` covers the entry and the hash of the one before.

    `who` is the operator's login or the program; `order_key` names an order where the entry is about one;
    `plan_id` ties plan, decisions, intents and outcomes together; `data` holds details as text by name.
    """

    seq: int
    at: int
    kind: AuditKind
    who: str
    text: str
    order_key: str = ""
    plan_id: str = ""
    data: dict[str, str] = {}
    hash: str = ""


GENESIS = "0" * 64
NOTHING_RESTORED = "there was no checkpoint to restore"
"""In the entry of a bot's start that found nothing."""


def chain_hash(previous: str, entry: AuditEntry) -> str:
    """SHA-256, as hex, over the previous entry's hash and this entry without its own."""
    body = msgspec.json.encode(msgspec.structs.replace(entry, hash=""), order="deterministic")
    return hashlib.sha256(previous.encode() + body).hexdigest()


def broken_links(entries: list[AuditEntry], start: str = GENESIS) -> list[int]:
    """The sequence numbers at which the chain does not hold."""
    broken = []
    previous = start
    for entry in entries:
        if chain_hash(previous, entry) != entry.hash:
            broken.append(entry.seq)
        previous = entry.hash
    return broken
