"""The dead man's switch of a bot, as its audit log tells it."""

from __future__ import annotations

import enum

import msgspec

from crashdesk.audit import AuditEntry


class SwitchPosition(enum.Enum):
    """What the bot did to its switch last."""

    ARMED = "armed"
    FAILING = "failing"
    DISARMED = "disarmed"


class SwitchState(msgspec.Struct, frozen=True, kw_only=True):
    """The switch as the bot noted it last, `at` UNIX nanoseconds.

    As long as the bot lives, an armed switch is refreshed every `refresh_s` and fires `timeout_s` after the last refresh;
    single refreshes are not noted. `symbols` are those whose orders it cancels, empty for the whole account;
    `protective_stops` says whether stops go as well, None when the exchange does not tell: then they may. While refreshing
    fails, `refreshed_at` is when it succeeded last, and `problem` says why it does not any more.
    """

    position: SwitchPosition
    at: int
    timeout_s: float = 0
    refresh_s: float = 0
    symbols: tuple[str, ...] = ()
    protective_stops: bool | None = None
    refreshed_at: int | None = None
    problem: str = ""

    @property
    def armed(self) -> bool:
        """Whether nobody has disarmed it: it fires, or has fired, unless the bot goes on refreshing it."""
        return self.position is not SwitchPosition.DISARMED

    def fires_at(self, last_sign: int | None) -> int | None:
        """About when it fires, or fired, when the bot lived until `last_sign`; None for one that is disarmed.

        The last refresh is not older than `refresh_s` at that moment, so that it may be so much earlier, and later by as
        long as the bot lived on in silence.
        """
        if not self.armed:
            return None
        refreshed = self.refreshed_at if self.position is SwitchPosition.FAILING else None
        alive = refreshed if refreshed is not None else max(self.at, last_sign or 0)
        return alive + int(self.timeout_s * 1e9)

    def covers(self, symbol: str) -> bool:
        """Whether it cancels orders of `symbol`."""
        return not self.symbols or symbol in self.symbols


def switch_data(state: SwitchState) -> dict[str, str]:
    """What an audit entry holds of the switch."""
    return {"switch": msgspec.json.encode(state).decode()}


def switch_state(entry: AuditEntry) -> SwitchState | None:
    """The switch from an audit entry; None for one that tells nothing of it. Raises ValueError for one that is damaged."""
    body = entry.data.get("switch")
    return None if body is None else msgspec.json.decode(body, type=SwitchState)
