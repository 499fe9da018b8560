"""Carrying out decisions: names every order that will be cancelled, asks, and only then starts the work."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from crashdesk.config import AccountMode
from crashdesk.interrupted import InterruptedPlan
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, OrderVerdictKind, Plan
from crashdesk_gui.connect_words import account_words
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.denied_question import DeniedQuestion
from crashdesk_gui.controllers.recovery_gate import cannot_resume
from crashdesk_gui.dialogs.confirm import AffectedItem, Alert, Confirmation, Listing, confirm, friction_for
from crashdesk_gui.errors import told_together
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.decision_warnings import DecisionWarnings
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.stops_after import StopsAfterWords
from crashdesk_gui.models.unread_words import UnreadWords, orders_or_positions_unread
from crashdesk_gui.records_on_demand import RecordsOnDemand
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone

FRICTION_THRESHOLD = 10
_MOST_NAMED = 3
Confirm = Callable[[UiContext, Confirmation, QWidget | None], bool]


def orders_to_cancel(plan: Plan, decisions: Sequence[Decision]) -> tuple[OrderVerdict, ...]:
    """The orders that these decisions cancel, in the plan's order."""
    return orders_decided(plan, decisions, Action.CANCEL)


def orders_decided(plan: Plan, decisions: Sequence[Decision], action: Action) -> tuple[OrderVerdict, ...]:
    """The orders to which these decisions do this, in the plan's order."""
    wanted = {decision.order_key for decision in decisions if decision.action is action}
    return tuple(verdict for key, verdict in plan.orphan_by_key.items() if key in wanted) if wanted else ()


def own_undecided(plan: Plan, decisions: Sequence[Decision]) -> tuple[OrderVerdict, ...]:
    """The bot's own orders that it does not know and that nobody decided on, now or in an earlier incident."""
    return plan.own_undecided({decision.order_key for decision in decisions})


def asks_first(plan: Plan, decisions: Sequence[Decision]) -> bool:
    """Whether the operator is asked once more before these decisions are carried out."""
    cancels = any(each.action is Action.CANCEL and each.order_key in plan.orphan_by_key for each in decisions)
    return bool(plan.denied or cancels or own_undecided(plan, decisions))


class CancellationController(QObject):
    """Executes or resumes a plan, after the operator confirmed each order that it cancels or leaves unknown to its bot.

    `ask` is the dialog; it is an argument so that it can be answered without a screen.
    """

    def __init__(self, ui: UiContext, words: PlanWords, *, ask: Confirm = confirm, parent: QWidget) -> None:
        super().__init__(parent)
        self._ui = ui
        self._words = words
        self._warnings = DecisionWarnings(words, self)
        self._after = StopsAfterWords(words, self)
        self._unread = UnreadWords(self)
        self._denied = DeniedQuestion(words, self)
        self._ask = ask
        self._window = parent

    def execute(self, session: StoreSession) -> Job | None:
        """Execute the plan that is shown; None when it was declined or cannot be done now."""
        comparison = session.comparison
        if comparison is None or not session.can_execute:
            return None
        if session.read_only and orders_to_cancel(comparison.plan, session.decisions):
            return None
        shown = comparison.plan.id
        decisions = session.decisions
        if not self._confirmed(comparison.plan, decisions, own_undecided(comparison.plan, decisions)):
            return None
        # The world may have moved while the dialog was open: what was confirmed is the plan that was shown then.
        now = session.comparison
        if now is None or now.plan.id != shown or session.decisions != decisions or not session.can_execute:
            return None
        return session.execute(account_confirmed=bool(now.plan.denied))

    def resume(self, session: StoreSession, interrupted: InterruptedPlan) -> Job | None:
        """Go on with an interrupted plan; None when it was declined or no exchange is connected."""
        if session.exchange is None or session.busy or cannot_resume(session, interrupted):
            return None
        left = [decision for decision in interrupted.decisions if decision.order_key not in interrupted.done]
        return session.resume(interrupted) if self._confirmed(interrupted.plan, left) else None

    def question(
        self, plan: Plan, decisions: Sequence[Decision], left: Sequence[OrderVerdict] = ()
    ) -> Confirmation | None:
        """What has to be confirmed; None when nothing is cancelled, none of the bot's own orders is `left` undecided, and nobody
        doubts the account."""
        orders = orders_to_cancel(plan, decisions)
        if plan.denied:
            return self._denied.of(plan, decisions, (*self._lost_stops(plan, decisions), *self._not_read(plan)))
        if not orders:
            return self._question_of_left(plan, decisions, left) if left else None
        where = account_words(plan.exchange, plan.account_label, plan.mode)
        count = self._words.orders(len(orders))
        lost = self._lost_stops(plan, decisions)
        delicate = [each for each in orders if _is_delicate(each)]
        return Confirmation(
            title=self.tr("Cancel {0} on {1}?").format(count, where),
            text=told_together(
                *self._stake(plan),
                self.tr(
                    "Each order is read again first; one that changed since it was shown is not touched. "
                    "A cancelled order loses its place in the queue for good."
                ),
                *([self._left_words(left)] if left else []),
            ),
            headers=self._headers(),
            numeric=(2, 3),
            items=_Items(_first(orders, _is_delicate), self._item),
            accept=self.tr("Cancel {0} and recover").format(count),
            decline=self.tr("Go back"),
            typed=friction_for(
                len(orders),
                threshold=FRICTION_THRESHOLD,
                always=bool(delicate) or orders_or_positions_unread(plan),
            ),
            reasons=self._reasons(len(orders), delicate, lost_told=bool(lost)),
            alerts=(*lost, *self._not_read(plan)),
            beside=self._adopted(plan, decisions),
            notes=self._notes(plan, decisions),
        )

    def _stake(self, plan: Plan) -> tuple[str, ...]:
        return (self.tr("This is the LIVE account: real money."),) if plan.mode is AccountMode.LIVE else ()

    def _lost_stops(self, plan: Plan, decisions: Sequence[Decision]) -> tuple[Alert, ...]:
        """The positions that lose a stop; of many, the first are named, as the step before names them all."""
        told, tone = self._after.told(plan, decisions)
        if not told:
            return ()
        more = len(told) - _MOST_NAMED
        named = told[:_MOST_NAMED] + ([self.tr("%n more position(s) lose stops.", "", more)] if more > 0 else [])
        return (Alert(text="\n".join(named), tone=tone),)

    def _not_read(self, plan: Plan) -> tuple[Alert, ...]:
        told = self._unread.told(plan)
        return (Alert(text="\n".join(told)),) if told else ()

    def _adopted(self, plan: Plan, decisions: Sequence[Decision]) -> tuple[Listing, ...]:
        """The orders that join the recovered state by the same click."""
        orders = orders_decided(plan, decisions, Action.ADOPT)
        if not orders:
            return ()
        title = self.tr("Adopted into the recovered state, and not cancelled: {0}")
        return (
            Listing(
                title=title.format(self._words.orders(len(orders))),
                items=_Items(_first(orders, _is_of_others), partial(self._item, adopted=True)),
            ),
        )

    def _notes(self, plan: Plan, decisions: Sequence[Decision]) -> tuple[str, ...]:
        """What else the same click does: orders that are left, and what it changes of what was known."""
        left = len(orders_decided(plan, decisions, Action.LEAVE))
        over = sum(each.is_stale for each in plan.changed_orders)
        moved = sum(each.differs for each in plan.positions)
        notes = []
        if left:
            notes.append(self.tr("Left on the exchange, and remembered: {0}.").format(self._words.orders(left)))
        if over:
            text = self.tr("No longer open, and removed from the saved state: {0}.")
            notes.append(text.format(self._words.orders(over)))
        if moved:
            notes.append(self.tr("Changed since, and saved as on the exchange now: %n position(s).", "", moved))
        return tuple(notes)

    def _question_of_left(
        self, plan: Plan, decisions: Sequence[Decision], left: Sequence[OrderVerdict]
    ) -> Confirmation:
        """Nothing is cancelled, but the recovered state will lack orders that are the bot's own."""
        return Confirmation(
            title=self.tr("Recover, and leave %n of the bot's own orders unknown to it?", "", len(left)),
            text=told_together(
                *self._stake(plan), self._left_words(left), self.tr("To decide, go back to the orphan orders.")
            ),
            headers=self._headers(),
            numeric=(2, 3),
            items=_Items(_first(left, _is_delicate), self._item),
            accept=self.tr("Recover without them"),
            decline=self.tr("Do not recover yet"),
            alerts=self._not_read(plan),
            beside=self._adopted(plan, decisions),
            notes=self._notes(plan, decisions),
        )

    def _left_words(self, left: Sequence[OrderVerdict]) -> str:
        return self._warnings.left_to_start(len(left), sum(each.preselected for each in left))

    def _headers(self) -> tuple[str, ...]:
        return (
            self.tr("Order"),
            self.tr("Type"),
            self.tr("Price"),
            self.tr("Remaining / amount"),
            self.tr("Order id"),
        )

    def _confirmed(self, plan: Plan, decisions: Sequence[Decision], unknown: Sequence[OrderVerdict] = ()) -> bool:
        question = self.question(plan, decisions, unknown)
        return question is None or self._ask(self._ui, question, self._window)

    def _item(self, verdict: OrderVerdict, *, adopted: bool = False) -> AffectedItem:
        live = verdict.live
        assert live is not None
        remark = self._whose(verdict)
        # What is cancelled never comes back, while an adopted order can still be left.
        tone = Tone.WARNING if adopted else Tone.DANGER
        if verdict.protective and not adopted:
            remark = " · ".join(each for each in (self.tr("protects a position"), remark) if each)
        return AffectedItem(
            cells=(
                f"{self._words.order_side(live.side)} {live.symbol}",
                self._words.order_type(live.order_type),
                self._words.price(live),
                self._words.remaining(verdict),
                live.id,
            ),
            remark=remark,
            tone=tone,
        )

    def _whose(self, verdict: OrderVerdict) -> str:
        if verdict.kind is OrderVerdictKind.OWN_ORPHAN:
            return ""
        return self.tr("not ours") if verdict.kind is OrderVerdictKind.FOREIGN else self.tr("cannot tell whose")

    def _reasons(self, count: int, delicate: Sequence[OrderVerdict], *, lost_told: bool) -> tuple[str, ...]:
        """Why it asks before it cancels so many orders, some of them delicate.

        `lost_told` when the positions that lose their stops are named already.
        """
        protective = sum(each.protective for each in delicate)
        foreign = sum(each.kind is OrderVerdictKind.FOREIGN for each in delicate)
        unclear = sum(map(_is_of_others, delicate)) - foreign
        reasons = []
        if protective and lost_told:
            reasons.append(self.tr("Protects a position: {0}.").format(protective))
        elif protective:
            reasons.append(
                self.tr("Protects a position: {0}. Without it the position stands unprotected.").format(protective)
            )
        if foreign:
            reasons.append(self.tr("Not ours: {0}. A person or another program placed it.").format(foreign))
        if unclear:
            reasons.append(self.tr("Nobody can tell whose: {0}.").format(unclear))
        if count > FRICTION_THRESHOLD:
            reasons.append(self.tr("That is more than {0} orders at once.").format(FRICTION_THRESHOLD))
        return tuple(reasons)


class _Items(RecordsOnDemand[AffectedItem]):
    """An item for each order, in words when it is seen: those for ten thousand take a third of a second."""

    def __init__(self, orders: Sequence[OrderVerdict], item: Callable[[OrderVerdict], AffectedItem]) -> None:
        super().__init__()
        self._orders = orders
        self._item = item

    def __len__(self) -> int:
        return len(self._orders)

    def make(self, position: int) -> AffectedItem:
        return self._item(self._orders[position])


def _first(orders: Sequence[OrderVerdict], wanted: Callable[[OrderVerdict], bool]) -> Sequence[OrderVerdict]:
    """What is wanted before all others, both in their order: nobody looks through ten thousand for one that is marked."""
    return sorted(orders, key=wanted, reverse=True)


def _is_delicate(verdict: OrderVerdict) -> bool:
    return verdict.protective or verdict.kind is not OrderVerdictKind.OWN_ORPHAN


def _is_of_others(verdict: OrderVerdict) -> bool:
    return verdict.kind is not OrderVerdictKind.OWN_ORPHAN
