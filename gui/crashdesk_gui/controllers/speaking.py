"""Choosing the language: what is remembered, what is worn, and when a change has to wait."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from crashdesk_gui.context import UiContext
from crashdesk_gui.language import Language, Languages


class Speaking(QObject):
    """Changes the language of the desk. Without `languages` it stays what it was.

    Signals: `changed()` when every text has to be made anew, `refused(str)` with the reason in words.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, ui: UiContext, languages: Languages | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._languages = languages

    @property
    def choice(self) -> Language:
        """The choice that holds now."""
        return Language.ENGLISH if self._languages is None else self._languages.choice

    def speak(self, choice: Language) -> None:
        """Speak this language from now on; refused while a dialog waits for an answer."""
        if self._languages is None or choice is self.choice:
            return
        if QApplication.activeModalWidget() is not None:
            self.refused.emit(self.tr("A dialog is open. Close it first, then choose the language again."))
            return
        self._ui.settings.set_language(choice)
        self._languages.speak(choice)
        self._ui.display.retranslate()
        # The command comes out of a menu of the window that will be replaced; the menu closes first.
        QTimer.singleShot(0, self, self.changed.emit)
