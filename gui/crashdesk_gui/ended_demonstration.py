"""What an exchange that does not answer means where it is the demonstration's own, which ends with it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from crashdesk.demonstration import Demonstration, demonstration_state
from crashdesk_gui.errors import Explanation, explain
from crashdesk_gui.session import StoreSession

translate = QCoreApplication.translate


def explain_of(session: StoreSession, error: BaseException) -> Explanation:
    """The three answers to an error of this store's exchange."""
    state = demonstration_state(session.view.manifest, error)
    if state is Demonstration.ENDED:
        return Explanation(
            title=translate("Demonstration", "This store is a demonstration's; its exchange ended with it."),
            meaning=translate("Demonstration", "No account is concerned. You can browse the store's history."),
            advice=translate(
                "Demonstration",
                "To practise a recovery, start the demonstration anew: crashdesk demo --store DIRECTORY",
            ),
        )
    if state is Demonstration.TRADING:
        return Explanation(
            title=translate("Demonstration", "This store is a demonstration's, and its bot is still trading its day."),
            meaning=translate(
                "Demonstration",
                "There is nothing to recover from yet: the bot has not been killed. Nothing was written.",
            ),
            advice=translate(
                "Demonstration",
                "Wait until the demonstration's window shows the crash, in less than a minute; then try again.",
            ),
        )
    return explain(error)
