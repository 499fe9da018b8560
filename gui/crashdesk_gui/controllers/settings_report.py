"""Telling once that remembered choices were damaged or cannot be kept."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner, Words

_log = logging.getLogger("crashdesk_gui")


class SettingsReport:
    """Shows each problem of the settings once, in a banner and in the log."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings
        self._told = 0
        self._words: Words | None = None

    def tell(self, banner: Banner) -> None:
        """Show the problems that were found since the last time."""
        problems, first = self._settings.problems(), self._told
        fresh = problems[first:]
        self._told = len(problems)
        if not fresh:
            return
        for problem in fresh:
            _log.warning("%s", problem)

        def words() -> str:
            told = self._settings.problems()[first]
            if len(fresh) == 1:
                return told
            more = QCoreApplication.translate("Settings", "{0} More of this kind is in the application log.")
            return more.format(told)

        self._words = words
        banner.show_message(words, Tone.WARNING)

    def is_on(self, banner: Banner) -> bool:
        """Whether the banner shows it still."""
        return self._words is not None and banner.says(self._words)
