"""Which checkpoints may go: a pure decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, takewhile

from crashdesk.storage.catalogue import Catalogue, Entry

NANOSECONDS_PER_HOUR = 3_600_000_000_000
VERIFIED_NEWER = 2
MOST_PER_PASS = 50


def deletion_candidates(catalogue: Catalogue, *, max_count: int, max_age_hours: float, now_ns: int) -> list[Entry]:
    """What count or age would delete, oldest first, pinned ones and the newest two excepted; at most 50.

    A pinned checkpoint does not count towards `max_count`. The cost does not depend on how many are kept.
    """
    protected = set(islice(catalogue.newest_unpinned(), VERIFIED_NEWER))
    beyond = catalogue.unpinned_count - max(max_count, VERIFIED_NEWER)
    chosen = set(islice(catalogue.oldest_unpinned(), min(max(beyond, 0), MOST_PER_PASS)))
    max_age_ns = max_age_hours * NANOSECONDS_PER_HOUR
    too_old = takewhile(lambda entry: now_ns - entry.timestamp > max_age_ns, catalogue.earliest_unpinned())
    chosen.update(
        islice(
            (entry for entry in too_old if entry not in protected and entry not in chosen), MOST_PER_PASS - len(chosen)
        )
    )
    return sorted(chosen)


def deletable(candidates: Sequence[Entry], verified: Iterable[int]) -> list[Entry]:
    """Of the candidates, those with at least two newer checkpoints that were verified by reading them again.

    `verified` are sequence numbers.
    """
    newest = sorted(verified)[-VERIFIED_NEWER:]
    return [entry for entry in candidates if len(newest) == VERIFIED_NEWER and entry.seq < newest[0]]
