"""What an exchange's own dead man's switch covers."""

from __future__ import annotations

import msgspec


class CancelAllAfter(msgspec.Struct, frozen=True, kw_only=True):
    """A switch that was armed or disarmed. It cancels the orders of `symbols`, of the whole account when that is empty.

    `protective_stops` says whether stops that protect a position are cancelled as well; None when the exchange does not tell,
    and then they may be.
    """

    symbols: tuple[str, ...] = ()
    protective_stops: bool | None = None
