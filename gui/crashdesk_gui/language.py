"""The language of the desk: which one is worn, the operator's choice of it, and Qt's own texts in it."""

from __future__ import annotations

import logging
from enum import Enum

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from crashdesk.resources import resource_path

_log = logging.getLogger("crashdesk_gui")


class Language(Enum):
    """The operator's choice; the value is what the settings hold."""

    SYSTEM = "system"
    ENGLISH = "en"
    CHINESE = "zh_CN"

    @property
    def own_name(self) -> str:
        """The language's name in itself, as a menu shows it whatever is worn; empty for the system's."""
        return {Language.ENGLISH: "English", Language.CHINESE: "简体中文"}.get(self, "")


def spoken(choice: Language, system: QLocale) -> Language:
    """The language that a choice comes to: the system's where the desk has it, English elsewhere."""
    if choice is not Language.SYSTEM:
        return choice
    preferred = next(iter(system.uiLanguages()), "")
    return Language.CHINESE if preferred.partition("-")[0] == "zh" else Language.ENGLISH


class Languages:
    """Lets an application speak one language at a time. English has texts of its own too: its plurals."""

    def __init__(self, app: QCoreApplication, choice: Language = Language.ENGLISH) -> None:
        self._app = app
        self._worn: list[QTranslator] = []
        self.choice = choice
        self.speak(choice)

    def speak(self, choice: Language) -> None:
        """Wear the texts of `choice` from now on. A missing or damaged file is reported in the log and leaves English."""
        self.choice = choice
        language = spoken(choice, QLocale.system())
        for translator in self._worn:
            self._app.removeTranslator(translator)
            translator.deleteLater()
        QLocale.setDefault(QLocale(language.value))
        found = (self._own(language), self._of_qt(language))
        self._worn = [translator for translator in found if translator is not None]
        for translator in self._worn:
            self._app.installTranslator(translator)

    def close(self) -> None:
        """Take every text off again."""
        for translator in self._worn:
            self._app.removeTranslator(translator)
        self._worn = []

    def _own(self, language: Language) -> QTranslator | None:
        try:
            path = resource_path("i18n", f"crashdesk_{language.value}.qm")
        except FileNotFoundError as error:
            _log.warning("%s", error)
            return None
        translator = QTranslator(self._app)
        if translator.load(str(path)):
            return translator
        _log.warning("the texts of %s cannot be loaded from %s: install the package again", language.value, path)
        return None

    def _of_qt(self, language: Language) -> QTranslator | None:
        """The words of Qt's own menus and dialogs; a system's Qt may come without them."""
        if language is Language.ENGLISH:
            return None
        translator = QTranslator(self._app)
        directory = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{language.value}", directory):
            return translator
        _log.info("Qt brings no texts in %s; its own dialogs stay English", language.value)
        return None
