"""What an opened store does by itself: it is read, then its exchange is connected, then both are compared, once."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk_gui.controllers.connecting import Connecting
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Situation, Standing


class FirstLook:
    """The order of first things. Opening an exchange, and importing what that takes, waits for the store's own answer."""

    def __init__(self, connecting: Connecting, situation: Callable[[StoreSession], Situation | None]) -> None:
        self._connecting = connecting
        self._situation = situation
        self._to_connect: set[str] = set()
        self._to_compare: set[str] = set()

    def begin(self, session: StoreSession) -> None:
        """Take care of a store that was just opened."""
        self._to_connect.add(session.key)

    def on_overview(self, session: StoreSession) -> None:
        """The store has been read."""
        if session.key in self._to_connect:
            self._to_connect.discard(session.key)
            self._connecting.connect_known(session)
        self._compare(session)

    def on_connected(self, session: StoreSession) -> None:
        """The store has its exchange."""
        self._to_compare.add(session.key)
        self._compare(session)

    def _compare(self, session: StoreSession) -> None:
        """Compare once an exchange is connected and the store is read, unless a bot is at work."""
        situation = self._situation(session)
        if situation is None or session.exchange is None or session.key not in self._to_compare:
            return
        self._to_compare.discard(session.key)
        if situation.standing not in (Standing.RUNNING, Standing.RECOVERING):
            session.compare()
