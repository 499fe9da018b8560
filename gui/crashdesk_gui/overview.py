"""What is known of a store at one moment."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crashdesk import CheckpointInfo
from crashdesk.audit import AuditEntry
from crashdesk.inspection import BotPresence
from crashdesk.interrupted import InterruptedPlan
from crashdesk_gui.checkpoint_rows import CheckpointRow


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at the directory told.

    The last known state is `latest`, the newest valid checkpoint, and `known_changes` of the journal since, the last of them of
    `known_until`; with changes and no `latest` it comes from the journal alone. It holds `known_orders` and `known_positions`;
    `known_problem` says what may be missing. `latest_problem` is set when nothing is known; `skipped` are (name, reason) of newer
    checkpoints that cannot be used. What a newer version of Crashdesk wrote is not damaged: `skipped_newer` names those of the
    skipped, `latest_newer` says so of the newest where nothing is known, `journal_newer` of the journal.

    Of a large store `rows` (a `CheckpointRows`) and `entries` (an `AuditLog`) make their records when they are asked for: look
    at some, never at all of them.
    """

    rows: Sequence[CheckpointRow] = ()
    corrupt: tuple[tuple[str, str], ...] = ()
    presence: BotPresence | None = None
    last_sign_of_life: int | None = None
    latest: CheckpointInfo | None = None
    known_changes: int = 0
    known_until: int | None = None
    known_orders: int = 0
    known_positions: int = 0
    known_problem: str = ""
    latest_problem: str = ""
    latest_newer: bool = False
    skipped: tuple[tuple[str, str], ...] = ()
    skipped_newer: frozenset[str] = frozenset()
    entries: Sequence[AuditEntry] = ()
    audit_problem: str = ""
    interrupted: InterruptedPlan | None = None
    journal_problem: str = ""
    journal_newer: bool = False
    read_at: int = 0

    @property
    def known_at(self) -> int | None:
        """When the last known state was true, UNIX nanoseconds; None when nothing is known."""
        times = [self.latest.timestamp] if self.latest else []
        if self.known_changes and self.known_until is not None:
            times.append(self.known_until)
        return max(times, default=None)
