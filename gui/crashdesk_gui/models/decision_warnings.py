"""What speaks against a decision on an orphan order, said where the decision is taken."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crashdesk.reconcile.records import Action, OrderVerdict, OrderVerdictKind
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.theme import Tone


class DecisionWarnings(QObject):
    """Warns of cancelling what is not the bot's or protects a position, which nothing undoes, and of adopting another's order."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words

    def of(self, verdict: OrderVerdict, action: Action | None) -> tuple[str, Tone]:
        """The warning and its tone; without a decision, of what each decision would mean. Empty where there is no danger."""
        if action is Action.CANCEL:
            return self._cancelling(verdict), Tone.DANGER
        adopting = self._words.adoption_warning(verdict)
        if action is None and verdict.kind is OrderVerdictKind.FOREIGN:
            losing = self.tr("Cancelling it would take it from whoever placed it, for good.")
            return f"{adopting} {losing}".strip(), Tone.WARNING
        return ("" if action is Action.LEAVE else adopting), Tone.WARNING

    def _cancelling(self, verdict: OrderVerdict) -> str:
        told = []
        name = verdict.live.client_order_id if verdict.live is not None else ""
        if verdict.kind is OrderVerdictKind.FOREIGN and name:
            text = self.tr(
                "This order is not the bot's (client order id {0}): cancelling it takes it from whoever placed it, for good. "
                "Ask them first."
            )
            told.append(text.format(name))
        elif verdict.kind is OrderVerdictKind.FOREIGN:
            told.append(
                self.tr(
                    "This order is not the bot's: cancelling it takes it from whoever placed it, for good. Ask them first."
                )
            )
        elif verdict.kind is not OrderVerdictKind.OWN_ORPHAN:
            told.append(
                self.tr(
                    "Nothing proves whose order this is: if it is somebody else's, cancelling it takes it from them for good."
                )
            )
        if verdict.protective:
            told.append(self.tr("It protects a position, which stands unprotected without it."))
        return " ".join(told)
