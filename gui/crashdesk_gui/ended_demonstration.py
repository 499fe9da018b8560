"""What an exchange that does not answer means where it was the demonstration's own, which ends with it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from crashdesk.errors import ExchangeUnavailable
from crashdesk_gui.errors import Explanation, explain
from crashdesk_gui.session import StoreSession

translate = QCoreApplication.translate


def belongs_to_demonstration(session: StoreSession) -> bool:
    """Whether the store names an embedded exchange as its own."""
    manifest = session.view.manifest
    return manifest is not None and bool(manifest.endpoint)


def explain_of(session: StoreSession, error: BaseException) -> Explanation:
    """The three answers to an error of this store's exchange.

    The embedded exchange lives on this machine: nothing listening there any more says that the demonstration is over.
    """
    over = isinstance(error, ExchangeUnavailable) and "refused" in str(error).casefold()
    if not (over and belongs_to_demonstration(session)):
        return explain(error)
    return Explanation(
        title=translate("Demonstration", "This store is a demonstration's; its exchange ended with it."),
        meaning=translate("Demonstration", "No account is concerned. You can browse the store's history."),
        advice=translate(
            "Demonstration", "To practise a recovery, start the demonstration anew: crashdesk demo --store DIRECTORY"
        ),
    )
