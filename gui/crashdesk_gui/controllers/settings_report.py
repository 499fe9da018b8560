"""Telling once that remembered choices were damaged or cannot be kept."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner

_log = logging.getLogger("crashdesk_gui")


class SettingsReport:
    """Shows each problem of the settings once, in a banner and in the log."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings
        self._told = 0
        self._text = ""

    def tell(self, banner: Banner) -> None:
        """Show the problems that were found since the last time."""
        problems = self._settings.problems()
        fresh = problems[self._told :]
        self._told = len(problems)
        if not fresh:
            return
        for problem in fresh:
            _log.warning("%s", problem)
        self._text = fresh[0]
        if len(fresh) > 1:
            more = QCoreApplication.translate("Settings", "{0} More of this kind is in the application log.")
            self._text = more.format(fresh[0])
        banner.show_message(self._text, Tone.WARNING)

    def is_on(self, banner: Banner) -> bool:
        """Whether the banner shows it still."""
        return bool(self._text) and banner.text == self._text and not banner.isHidden()
