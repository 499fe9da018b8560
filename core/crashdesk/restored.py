"""What the audit log says of the state that a bot's own recovery restored: in words, and for programs."""

from __future__ import annotations

import msgspec

from crashdesk.recall import LastKnown


class Restored(msgspec.Struct, frozen=True):
    """As in an entry's data: the number of the checkpoint and how many changes of the journal after it."""

    restored: str
    changes: str


def restored_words(last: LastKnown | None) -> str:
    """`restored checkpoint 41 and 12 changes after it`."""
    if last is None:
        return "there was no checkpoint to restore"
    origin = f"restored checkpoint {last.info.seq}" if last.info else "restored the journal's state"
    return origin + (f" and {last.changes} changes after it" if last.changes else "")


def restored_data(last: LastKnown | None) -> dict[str, str]:
    """The same as `Restored`; nothing where it started from no checkpoint."""
    if last is None or last.info is None:
        return {}
    return msgspec.structs.asdict(Restored(restored=str(last.info.seq), changes=str(last.changes)))
