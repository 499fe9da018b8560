"""What an open store does by itself: it is read, its exchange is connected, both are compared; again when its bot has ended."""

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
        self._running: set[str] = set()

    def begin(self, session: StoreSession) -> None:
        """Take care of a store that was just opened."""
        self._to_connect.add(session.key)

    def on_overview(self, session: StoreSession) -> None:
        """The store has been read."""
        if session.key in self._to_connect:
            self._to_connect.discard(session.key)
            self._connecting.connect_known(session)
        self._note_end(session)
        self._compare(session)

    def on_connected(self, session: StoreSession) -> None:
        """The store has its exchange."""
        self._to_compare.add(session.key)
        self._compare(session)

    def _note_end(self, session: StoreSession) -> None:
        """What was compared while a bot ran says nothing any more once it has ended: its orders and stops are looked at anew."""
        situation = self._situation(session)
        if situation is None:
            return
        if situation.standing is Standing.RUNNING:
            self._running.add(session.key)
        elif session.key in self._running:
            self._running.discard(session.key)
            self._to_compare.add(session.key)

    def _compare(self, session: StoreSession) -> None:
        """Compare once an exchange is connected and the store is read, unless somebody is at work."""
        situation = self._situation(session)
        wanted = session.key in self._to_compare and session.exchange is not None
        if situation is None or not wanted or session.busy:
            return
        self._to_compare.discard(session.key)
        if situation.standing not in (Standing.RUNNING, Standing.RECOVERING):
            session.compare()
