"""What the overview says where a store or an exchange cannot be read now: nothing firmer than what was read before."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.display import Display
from crashdesk_gui.errors import told_together
from crashdesk_gui.overview import Overview
from crashdesk_gui.theme import Status
from crashdesk_gui.views.overview_words import Fact

translate = QCoreApplication.translate


def store_gone() -> str:
    """The sentence in large type over a store that was read before and cannot be read now."""
    return translate("Overview", "The store cannot be read. Nothing can be recovered until it is back.")


def without_exchange(headline: str) -> str:
    """A headline of what is known from the store alone, since the exchange did not answer."""
    return told_together(headline, translate("Overview", "The exchange could not be read."))


def known_before(overview: Overview, display: Display) -> Fact:
    """The last known state of a store that cannot be read now."""
    answer = "—" if overview.known_at is None else display.age(overview.known_at)
    return Fact(answer, Status.BAD, translate("Overview", "cannot be read now"))
