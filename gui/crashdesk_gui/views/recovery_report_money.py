"""The money of a finished recovery, and which of the bot's orders filled while nobody looked."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from crashdesk.exact import difference
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import Plan
from crashdesk.report_orders import Filled
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import ButtonKind, push_button

_NAMED = 3


class MoneyPanel(Panel):
    """Equity and balance before and after, and the orders that filled; `export` saves the report, which has all of it."""

    def __init__(
        self, ui: UiContext, words: PlanWords, export: Callable[[], object], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(ui, QCoreApplication.translate("MoneyPanel", "Money and fills"), parent=parent)
        self._words = words
        self._display = ui.display
        self._facts = DetailGrid(ui)
        self.add(self._facts)
        link = push_button(ui, self.tr("All sums, times and fees: export the report…"), export, kind=ButtonKind.QUIET)
        self.add_head_widget(link)

    def show_report(self, report: RecoveryReport) -> None:
        """Show what came of a recovery."""
        self.show()
        unread = report.final is None
        self.set_title(
            self.tr("Money and fills, as read before the recovery") if unread else self.tr("Money and fills")
        )
        self._facts.set_details([*self._sums(report.final or report.plan), *self._fills(report.filled)])

    def _sums(self, plan: Plan) -> list[Detail]:
        live, known = plan.live_account, plan.known_account
        if live is None:
            return [
                Detail(self.tr("Account"), self.tr("it could not be read; the sums stay as they were known")),
            ]
        return [
            Detail(self.tr("Equity"), self._sum(live.equity, known.equity, live.currency)),
            Detail(self.tr("Balance"), self._sum(live.balance, known.balance, live.currency)),
        ]

    def _sum(self, now: Decimal | None, known: Decimal, currency: str) -> str:
        number = self._display.decimal
        if now is None:
            return self.tr("not told by the exchange; {0} {1} as it was known").format(number(known), currency)
        if now == known:
            return self.tr("{0} {1}, as it was known").format(number(now), currency)
        change = number(difference(now, known), sign=True)
        return self.tr("{0} {1}, before {2}, change {3}").format(number(now), currency, number(known), change)

    def _fills(self, filled: Sequence[Filled]) -> list[Detail]:
        label = self.tr("Orders that filled since")
        if not filled:
            return [Detail(label, self.tr("none that the exchange told of"))]
        lines = [self._fill(each) for each in filled[:_NAMED]]
        if rest := filled[_NAMED:]:
            lines.append(self.tr("and %n more order(s); the exported report names them", "", len(rest)))
        return [Detail(label, "\n".join(lines))]

    def _fill(self, each: Filled) -> str:
        order = self._words.order(each.order, each.contract)
        if each.since is not None:
            return self.tr("{0}: {1} filled").format(order, self._words.amount(each.since, each.contract))
        text = self.tr("{0}: {1} filled in all; how much of it since is not told")
        return text.format(order, self._words.amount(each.order.filled or Decimal(0), each.contract))
