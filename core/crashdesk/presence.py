"""Whether somebody holds a store, and whether that is a bot."""

from __future__ import annotations

import msgspec

from crashdesk.storage.lock import LockHolder


class BotPresence(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a writer holds the store. `holder` is who it is, or was last; None when nobody left a note."""

    running: bool
    holder: LockHolder | None

    @property
    def bot_runs(self) -> bool:
        """Whether it is a bot that holds the store; whoever holds it without a note may be one."""
        return self.running and not (self.holder is not None and self.holder.by_hand)

    @property
    def crashed(self) -> bool:
        """Whether a bot was last, and ended without giving the store back."""
        return not self.running and self.holder is not None and not self.holder.by_hand and self.bot_ended is None

    @property
    def bot_ended(self) -> int | None:
        """When a bot gave the store back in order, UNIX nanoseconds; None when nothing tells that it did."""
        if self.running or self.holder is None or self.holder.by_hand:
            return None
        return self.holder.released_at
