"""Answers other starts of the desk for the stores that are open here."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from crashdesk_gui.controllers.watching import come_to_front
from crashdesk_gui.desk import Desk
from crashdesk_gui.session import StoreSession
from crashdesk_gui.single_instance import ANY_STORE, Meeting, Request
from crashdesk_gui.theme import Tone

_LOOK_AGAIN_MS = 300


class Answering(QObject):
    """Claims every store that the desk opens, and shows the one that another start asks for.

    `directory` is where desks meet, None where they cannot; `any_store` says whether a start without a store comes here too.
    """

    def __init__(self, desk: Desk, directory: Path | None, *, any_store: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._meeting = Meeting(directory, self._show, self)
        self._wish = ""
        self._again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._fulfil)
        for session in desk.sessions:
            self._claim(session)
        desk.store_opened.connect(self._claim)
        if any_store:
            self._meeting.claim(ANY_STORE)

    def close(self) -> None:
        """Answer nobody any more."""
        self._again.stop()
        self._meeting.close()

    def _claim(self, session: StoreSession) -> None:
        if self._meeting.claim(session.key):
            session.destroyed.connect(partial(self._release, session.key))
            return
        name = session.view.name
        self._desk.window.banner.show_message(
            lambda: self.tr(
                "{0} is open in another window of Crashdesk too. Both may look; only one of them can carry out a recovery at a "
                "time."
            ).format(name),
            Tone.ACCENT,
        )

    def _release(self, key: str, _gone: object = None) -> None:
        self._meeting.release(key)

    def _show(self, request: Request) -> bool:
        if request.store and all(session.key != request.store for session in self._desk.sessions):
            return False
        if request.activation:
            # Read by Qt when the window asks to come to the front; under Wayland nothing else lets it.
            os.environ["XDG_ACTIVATION_TOKEN"] = request.activation
        self._wish = request.store
        self._fulfil()
        come_to_front(self._desk.window)
        return True

    def _fulfil(self) -> None:
        """Show the store that was asked for, but never take the page away from under a question that is being answered."""
        if QApplication.activeModalWidget() is not None:
            self._again.start()
            return
        session = self._desk.session
        if self._wish and (session is None or session.key != self._wish):
            self._desk.select_store(self._wish)
        self._wish = ""
