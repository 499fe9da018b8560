"""What is asked where the account may be another one: it names all that the store knows and that a recovery would give up."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from crashdesk.reconcile.denied import at_stake, denies_orders
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Plan
from crashdesk.state import OrderState, PositionState
from crashdesk_gui.connect_words import account_words
from crashdesk_gui.dialogs.confirm import AffectedItem, Alert, Confirmation
from crashdesk_gui.errors import told_together
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.theme import Tone


class DeniedQuestion(QObject):
    """Words that question. Its number has to be typed: nobody gives up a store by one click.

    It is no refusal, since it can be right: a test account that the exchange wiped holds nothing of what was known.
    """

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words

    def of(self, plan: Plan, decisions: Sequence[Decision], alerts: Sequence[Alert]) -> Confirmation:
        """The question on a plan whose account is doubted; `alerts` are those of any recovery."""
        where = account_words(plan.exchange, plan.account_label, plan.mode)
        return Confirmation(
            title=self.tr("Is {0} the account of this store?").format(where),
            text=told_together(
                self._doubt(plan),
                self.tr("Going on saves what this account holds, and gives up everything listed here."),
                self.tr("If the keys are wrong, go back and connect with the right ones."),
            ),
            headers=(
                self.tr("Known order or position"),
                self.tr("Type"),
                self.tr("Price"),
                self.tr("Amount"),
                self.tr("Id"),
            ),
            numeric=(2, 3),
            items=tuple(self._given_up(plan)),
            accept=self.tr("Give up what was known, and recover"),
            decline=self.tr("Go back"),
            typed=str(at_stake(plan)),
            typed_prompt=self.tr("Type {0}, the number of known orders and positions that are given up:"),
            alerts=(*self._cancelled(plan, decisions), *alerts),
        )

    def _doubt(self, plan: Plan) -> str:
        if denies_orders(plan):
            return self.tr(
                "It has never heard of any order that this store knows, and holds none of its positions: the keys may be "
                "those of another account."
            )
        return self.tr(
            "Every position that this store knows is gone, and nothing proves that this account closed it: it may have been "
            "closed by hand, or the keys may be those of another account."
        )

    def _given_up(self, plan: Plan) -> list[AffectedItem]:
        items = [self._order(each, each.known) for each in plan.orders if each.known is not None]
        return items + [self._position(each.known) for each in plan.positions if each.known is not None]

    def _order(self, verdict: OrderVerdict, known: OrderState) -> AffectedItem:
        return AffectedItem(
            cells=(
                f"{self._words.order_side(known.side)} {known.symbol}",
                self._words.order_type(known.order_type),
                self._words.price(known),
                self._words.amount(known.quantity, verdict.contract),
                known.id,
            )
        )

    def _position(self, known: PositionState) -> AffectedItem:
        return AffectedItem(
            cells=(
                f"{self._words.position_side(known.side)} {known.symbol}",
                self.tr("position"),
                self._words.exact(known.entry_price),
                self._words.exact(known.quantity),
                known.id,
            )
        )

    def _cancelled(self, plan: Plan, decisions: Sequence[Decision]) -> tuple[Alert, ...]:
        """The orders that the same click cancels on the account that may be somebody else's."""
        wanted = [each.order_key for each in decisions if each.action is Action.CANCEL]
        lives = [plan.orphan_by_key[key].live for key in wanted if key in plan.orphan_by_key]
        if not lives:
            return ()
        told = self.tr("%n order(s) of this account will be cancelled, which may be another bot's:", "", len(lives))
        return (Alert(text="\n".join([told, *(self._words.order(each) for each in lives if each)]), tone=Tone.DANGER),)
