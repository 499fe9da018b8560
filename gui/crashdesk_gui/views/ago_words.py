"""Words for a count, and for how long ago something was."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.display import Display
from crashdesk_gui.format import count_text

translate = QCoreApplication.translate

_MINUTE_NS = 60_000_000_000
_HOUR_NS = 60 * _MINUTE_NS


def counted(count: int, one: str, many: str) -> str:
    """The sentence for one thing or for several; `{0}` in it is the number, its thousands grouped."""
    return (one if count == 1 else many).format(count_text(count))


def ago(display: Display, moment_ns: int) -> str:
    """How long ago, in words for a sentence: `14 minutes ago`."""
    age = display.now() - moment_ns
    if not 0 <= age < _HOUR_NS:
        return display.age(moment_ns)
    minutes = age // _MINUTE_NS
    if minutes == 0:
        return translate("Overview", "less than a minute ago")
    return counted(minutes, translate("Overview", "1 minute ago"), translate("Overview", "{0} minutes ago"))


def kept_together(text: str) -> str:
    """A few words that no line break may tear apart."""
    return text.replace(" ", "\u00a0")
