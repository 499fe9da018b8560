"""Which checkpoints may go: a pure decision."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from crashdesk.storage.names import CheckpointInfo

NANOSECONDS_PER_HOUR = 3_600_000_000_000
VERIFIED_NEWER = 2
MOST_PER_PASS = 50


def deletion_candidates(
    checkpoints: Sequence[CheckpointInfo], *, max_count: int, max_age_hours: float, now_ns: int
) -> list[CheckpointInfo]:
    """What count or age would delete, oldest first, pinned ones and the newest two excepted.

    A pinned checkpoint does not count towards `max_count`.
    """
    unpinned = sorted((info for info in checkpoints if not info.pinned), key=lambda info: info.seq, reverse=True)
    max_age_ns = max_age_hours * NANOSECONDS_PER_HOUR
    keep = max(max_count, VERIFIED_NEWER)
    chosen = [
        info
        for rank, info in enumerate(unpinned)
        if rank >= VERIFIED_NEWER and (rank >= keep or now_ns - info.timestamp > max_age_ns)
    ]
    return chosen[::-1][:MOST_PER_PASS]


def deletable(candidates: Sequence[CheckpointInfo], verified: AbstractSet[int]) -> list[CheckpointInfo]:
    """Of the candidates, those with at least two newer checkpoints that were verified by reading them again."""
    return [info for info in candidates if sum(seq > info.seq for seq in verified) >= VERIFIED_NEWER]
