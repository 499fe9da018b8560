"""The third step of a recovery: what differs, and what the recovered state will hold."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crashdesk.exchange.records import ScopeKind
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.records import OrderVerdictKind, Plan, PositionVerdictKind
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.decisions import DecisionCount
from crashdesk_gui.errors import told_together
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.models.decision_warnings import DecisionWarnings
from crashdesk_gui.models.intents import IntentFates
from crashdesk_gui.models.plan import PlanTables, account_lines
from crashdesk_gui.models.plan_positions import PlanPositions
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.unread_words import UnreadWords, orders_unread
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.recovery_steps import StepView
from crashdesk_gui.views.table_panel import TablePanel
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.scroll import ScrollColumn
from crashdesk_gui.widgets.text import TextLabel, TextStyle, push_button


class DecideStep(StepView):
    """Orphan orders in a sentence, then positions, the known orders, and the account.

    Signals: `orphans_wanted()` when the operator wants to review the orphan orders.
    """

    orphans_wanted = Signal()

    def __init__(self, ui: UiContext, words: PlanWords, exports: TableExports, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent)
        self._words = words
        self._warnings = DecisionWarnings(words, self)
        self._fates = IntentFates(words, self)
        self._unread = UnreadWords(self)
        self.gaps = Banner(ui)
        tables = PlanTables(words, self)
        self._positions = PlanPositions(words, self).model()
        self._orders = tables.known_orders()
        self._account = tables.account()
        self._positions_panel = TablePanel(
            ui,
            self._positions,
            self.tr("Positions"),
            "positions",
            exports,
            giving_way=("contract_size", "change", "entry", "fills"),
        )
        self._orders_panel = TablePanel(ui, self._orders, self.tr("Orders that were known"), "known-orders", exports)
        self._account_panel = TablePanel(ui, self._account, self.tr("Account"), "account", exports)
        inside = QWidget()
        self._body = QVBoxLayout(inside)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(8)
        for widget in (
            self.gaps,
            self._orphans_panel(),
            self._positions_panel,
            self._orders_panel,
            self._account_panel,
        ):
            self._body.addWidget(widget)
        self._body.addStretch(1)
        area = ScrollColumn(ui, inside, self.tr("What differs"))
        area.setObjectName("recovery-differences")
        self.column.addWidget(area, 1)
        self._comparison: Comparison | None = None
        ui.display.ticked.connect(self._tick)

    def show_session(self, session: StoreSession) -> None:
        """Show the comparison and the decisions taken on it."""
        comparison = self._comparison = session.comparison
        if comparison is None:
            return
        plan = comparison.plan
        self._headlines(comparison)
        unread = self._unread.told(plan)
        self.gaps.setVisible(bool(unread))
        if unread:
            self.gaps.show_message("\n".join(unread), Tone.WARNING, closable=False)
        self._show_orphans(session, plan)
        self._show_intents(plan)
        self._show_positions(plan)
        self._show_orders(plan)
        self._account_panel.show_records(account_lines(plan.known_account, plan.live_account), self._account_note(plan))

    def _tick(self) -> None:
        if self._comparison is not None and self.isVisible():
            self._headlines(self._comparison)

    def _orphans_panel(self) -> QWidget:
        panel = Panel(self.ui)
        row = QHBoxLayout()
        row.setSpacing(16)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self._orphans = TextLabel(self.ui, style=TextStyle.HEADING, wrap=True)
        self._orphans_note = TextLabel(self.ui, tone=Tone.MUTED, wrap=True)
        texts.addWidget(self._orphans)
        texts.addWidget(self._orphans_note)
        self._dangers = TextLabel(self.ui, tone=Tone.DANGER, wrap=True)
        texts.addWidget(self._dangers)
        self._intents = TextLabel(self.ui, wrap=True)
        texts.addWidget(self._intents)
        row.addLayout(texts, 1)
        self.review = push_button(self.ui, self.tr("Review orphan orders"), self.orphans_wanted.emit, icon="orphans")
        row.addWidget(self.review, 0, Qt.AlignmentFlag.AlignVCenter)
        panel.body().addLayout(row)
        return panel

    def _headlines(self, comparison: Comparison) -> None:
        plan = comparison.plan
        when = self.ui.display.age(comparison.snapshot.finished_at)
        self.say(
            self.tr("What differs between {0} and {1}").format(self._words.known_state(plan), plan.exchange),
            self.tr("Read {0}. The recovered state follows the exchange wherever it could be read.").format(when),
        )

    def _show_orphans(self, session: StoreSession, plan: Plan) -> None:
        count = session.decision_count
        self.review.setVisible(bool(plan.orphans))
        dangers = self._warnings.dangers(count)
        self._dangers.setText(f"{Status.DIFFERS.glyph} {told_together(*dangers)}" if dangers else "")
        self._dangers.setVisible(bool(dangers))
        if not plan.orphans:
            clean = plan.coverage.complete
            self._orphans.setText(
                self.tr("No orphan orders") if clean else self.tr("No orphan orders in what could be read")
            )
            self._orphans.set_tone(Tone.TEXT if clean else Tone.WARNING)
            self._orphans_note.setText(self.tr("Every open order was known.") if clean else "")
            return
        hidden, number = orders_unread(plan), self.ui.display.count
        parts = [
            self.tr("{0} to cancel · {1} to adopt · {2} to leave · {3} undecided").format(
                *map(number, (count.cancel, count.adopt, count.leave, count.undecided))
            )
        ]
        if count.left_alone:
            parts.append(self.tr("{0} untouched").format(number(count.left_alone)))
        if count.left_before:
            parts.append(self.tr("{0} left before").format(number(count.left_before)))
        how_many = self.tr("At least %n orphan order(s)", "", count.orphans)
        how_many = how_many if hidden else self.tr("%n orphan order(s)", "", count.orphans)
        # Qt writes the number of a plural without groups.
        how_many = how_many.replace(str(count.orphans), number(count.orphans))
        self._orphans.setText(labelled(how_many, " · ".join(parts)))
        self._orphans.set_tone(Tone.WARNING if count.undecided or hidden else Tone.TEXT)
        self._orphans_note.setText(
            told_together(*self._without_decision(count))
            if count.undecided or count.untouched or hidden
            else self.tr("Every one of them is decided on.")
            if not count.left_alone
            else self.tr("Every one that needs a decision has one.")
            if count.cancel_others or count.adopt_others
            else self.tr("Every one that needs a decision has one; those that are not ours stay as they are.")
        )

    def _without_decision(self, count: DecisionCount) -> list[str]:
        told = [self._warnings.left_to_start(count.own, count.left_to_start)]
        if count.untouched:
            proposed = self.tr(
                "Only proposed for cancelling so far: {0}. The recovery cancels them once you confirm it."
            )
            told.insert(0, proposed.format(self.ui.display.count(count.untouched)))
        if count.undecided > count.own:
            told.append(
                self.tr("Those that nobody can tell whose stay on the exchange, and the bot will not know them.")
            )
        return [each for each in told if each]

    def _show_intents(self, plan: Plan) -> None:
        """What became of the orders that were about to be sent; one that is live is among the orphans already."""
        lines = self._fates.lines(plan)
        self._intents.setText("\n".join(lines))
        self._intents.setVisible(bool(lines))
        self._intents.set_tone(Tone.WARNING if self._fates.status(plan) is Status.UNKNOWN else Tone.MUTED)

    def _show_positions(self, plan: Plan) -> None:
        unread = sum(each.kind is PositionVerdictKind.UNKNOWN for each in plan.positions)
        differing = sum(each.differs for each in plan.positions)
        if not plan.positions:
            note = (
                self.tr("none known, none on the exchange")
                if plan.coverage.covers_all(ScopeKind.POSITIONS)
                else self.tr("none known; what the exchange has could not be read")
            )
        elif differing or unread:
            told = self.tr("{0} of {1} differs") if differing == 1 else self.tr("{0} of {1} differ")
            not_read = f"{Status.UNKNOWN.glyph} " + self.tr("{0} of {1} could not be read")
            parts = ((differing, told), (unread, not_read))
            note = " · ".join(text.format(count, len(plan.positions)) for count, text in parts if count)
        else:
            note = self.tr("all {0} match").format(len(plan.positions))
        self._positions_panel.show_records(plan.positions, note)

    def _show_orders(self, plan: Plan) -> None:
        known = [each for each in plan.orders if each.known is not None]
        changed = plan.changed_orders
        stale = sum(each.is_stale for each in changed)
        unknown = sum(each.kind in (OrderVerdictKind.UNKNOWN, OrderVerdictKind.AMBIGUOUS) for each in changed)
        parts = [self.tr("{0} unchanged").format(len(known) - len(changed))]
        denied = sum(each.kind is OrderVerdictKind.MISSING_UNPROVEN for each in changed)
        if stale - denied:
            parts.append(self.tr("{0} over").format(stale - denied))
        if denied:
            parts.append(self.tr("{0} denied by the exchange").format(denied))
        if len(changed) - stale - unknown:
            parts.append(self.tr("{0} changed").format(len(changed) - stale - unknown))
        if unknown:
            parts.append(f"{Status.UNKNOWN.glyph} " + self.tr("{0} unknown").format(unknown))
        self._orders_panel.show_records(changed, " · ".join(parts) if known else self.tr("none"))

    def _account_note(self, plan: Plan) -> str:
        if plan.live_account is None:
            return self.tr("could not be read: stays as it was known")
        return self.tr("in {0}").format(plan.live_account.currency)
