"""What speaks against a decision on an orphan order, or against taking none, said where it is decided and where it is done."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crashdesk.reconcile.records import Action, OrderVerdict, OrderVerdictKind
from crashdesk_gui.decisions import DecisionCount, is_own
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
        adopting = self._adopting(verdict, action)
        if action is None and verdict.kind is OrderVerdictKind.FOREIGN:
            losing = self.tr("Cancelling it would take it from whoever placed it, for good.")
            return f"{adopting} {losing}".strip(), Tone.WARNING
        return ("" if action is Action.LEAVE else adopting), Tone.WARNING

    def dangers(self, count: DecisionCount) -> list[str]:
        """What is delicate among all that was decided, a sentence each."""
        told = []
        cancelled, adopted = count.cancel_others, count.adopt_others
        if cancelled and adopted:
            both = self.tr("Not provably the bot's: %n order(s) to cancel and {0} to adopt.", "", cancelled)
            told.append(both.format(adopted))
        elif cancelled:
            told.append(self.tr("Not provably the bot's: %n order(s) to cancel.", "", cancelled))
        elif adopted:
            told.append(self.tr("Not provably the bot's: %n order(s) to adopt.", "", adopted))
        if count.cancel_protective:
            told.append(self.tr("Protecting a position: %n order(s) to cancel.", "", count.cancel_protective))
        return told

    def lost_notes(self, count: DecisionCount) -> str:
        """That notes go with a decision or not at all; empty where every note has one."""
        if not count.lost_notes:
            return ""
        return self.tr(
            "Not kept: %n note(s) on orders without a decision. Choose Leave to keep a note.", "", count.lost_notes
        )

    def start_cancels(self, count: DecisionCount) -> str:
        """What the bot's own start does with its orders that nobody decided on; empty where it does nothing."""
        if not count.left_to_start:
            return ""
        return self.tr(
            "The bot's own start cancels %n of its orders without a decision, unless its configuration says otherwise.",
            "",
            count.left_to_start,
        )

    def left_to_start(self, own: int, cancelled: int) -> str:
        """What becomes of `own` orders of the bot that nobody decides on, of which its own start would cancel `cancelled`."""
        if not own:
            return ""
        told = [
            self.tr(
                "What has no decision stays on the exchange for now, unknown to the bot: %n of its own orders.", "", own
            )
        ]
        if cancelled == own:
            told.append(
                self.tr(
                    "The bot's own start cancels such orders, unless its configuration says otherwise. "
                    "To keep an order, choose Leave or Adopt."
                )
            )
        elif cancelled:
            text = self.tr(
                "The bot's own start cancels {0} of them, unless its configuration says otherwise. "
                "To keep an order, choose Leave or Adopt."
            )
            told.append(text.format(cancelled))
        else:
            told.append(self.tr("The bot's own start does not cancel what protects a position or is in doubt."))
        return " ".join(told)

    def _adopting(self, verdict: OrderVerdict, action: Action | None) -> str:
        told = self._words.adoption_warning(verdict)
        if told or action is not Action.ADOPT or is_own(verdict):
            return told
        return self.tr(
            "Nothing proves that this order is the bot's: make sure that nobody else manages it before the bot adopts it."
        )

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
