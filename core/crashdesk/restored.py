"""What the audit log says of the state that a bot's own recovery restored: in words, and for programs."""

from __future__ import annotations

import msgspec

from crashdesk.audit import NOTHING_RESTORED
from crashdesk.recall import LastKnown

_DONE = frozenset({"restored", "recovered:"})
"""One of these is in every entry that tells of a recovery, by the bot or by an operator."""


class Restored(msgspec.Struct, frozen=True):
    """As in an entry's data: the number of the checkpoint and how many changes of the journal after it."""

    restored: str
    changes: str


def restored_words(last: LastKnown | None) -> str:
    """`restored checkpoint 41 and 12 changes after it`."""
    if last is None:
        return NOTHING_RESTORED
    origin = f"restored checkpoint {last.info.seq}" if last.info else "restored the journal's state"
    return origin + (f" and {last.changes} changes after it" if last.changes else "")


def restored_data(last: LastKnown | None) -> dict[str, str]:
    """The same as `Restored`; nothing where it started from no checkpoint."""
    if last is None or last.info is None:
        return {}
    return msgspec.structs.asdict(Restored(restored=str(last.info.seq), changes=str(last.changes)))


def nothing_restored(text: str) -> bool:
    """Whether an entry of a recovery's kind tells of a beginning: a bot that started and found nothing, or a new store."""
    return NOTHING_RESTORED in text or _DONE.isdisjoint(text.split())
