"""The texts of a language: translations, and for English the plurals of its own words."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QTranslator

from crashdesk.resources import resource_path

ENGLISH = "en"
_log = logging.getLogger("crashdesk_gui")


def install_language(app: QCoreApplication, code: str = ENGLISH) -> QTranslator | None:
    """Let `app` speak a language from now on; None, reported in the log, when its file is missing or damaged."""
    translator = QTranslator(app)
    try:
        path = resource_path("i18n", f"crashdesk_{code}.qm")
    except FileNotFoundError as error:
        _log.warning("%s", error)
        return None
    if not translator.load(str(path)):
        _log.warning("the texts of %s cannot be loaded from %s: install the package again", code, path)
        return None
    app.installTranslator(translator)
    return translator
