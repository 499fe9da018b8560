"""How many orders got which verdict, where some were not read without a firm number."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from crashdesk.reconcile.records import OrderVerdictKind, Plan
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.orphans import FOREIGN, OURS, PROTECTIVE, UNCLEAR, section_of
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.unread_words import orders_unread
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import ButtonKind, push_button

translate = QCoreApplication.translate


class FindingsPanel(Panel):
    """How many orders got which verdict in the comparison that is shown.

    Signals: `page_wanted(id)`.
    """

    page_wanted = Signal(str)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, translate("FindingsPanel", "Orders"), parent=parent)
        self._ui = ui
        self._words = PlanWords(ui.display, self)
        self._counted: tuple[Plan, list[tuple[str, int, bool]]] | None = None
        self._grid = DetailGrid(ui, numeric=True)
        self.add(self._grid)
        show = lambda: self.page_wanted.emit("orphans")  # noqa: E731
        self.add_head_widget(push_button(ui, self.tr("Orphan orders"), show, kind=ButtonKind.QUIET))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_plan(self, plan: Plan | None) -> None:
        """Show the counts of this comparison; without one the panel is hidden."""
        self.setVisible(plan is not None)
        if plan is None:
            return
        self.set_title(self.tr("Orders"), self._compared(plan))
        details = [
            Detail(title, self._counted_words(count, whole=whole), Tone.TEXT if count else Tone.MUTED)
            for title, count, whole in self._counts_of(plan)
        ]
        self._grid.set_details(details or [Detail(self.tr("None, on both sides"), "", Tone.MUTED)])

    def _counted_words(self, count: int, *, whole: bool) -> str:
        """A count; where some orders were not read, no firm one."""
        number = self._ui.display.count(count)
        if whole:
            return number
        return f"{Status.UNKNOWN.glyph} " + self.tr("at least {0}").format(number) if count else Status.UNKNOWN.glyph

    def _compared(self, plan: Plan) -> str:
        return self.tr("against {0}").format(self._words.compared(plan))

    def _counts_of(self, plan: Plan) -> list[tuple[str, int, bool]]:
        """Counted once a plan: the page comes by every second."""
        if self._counted is None or self._counted[0] is not plan:
            self._counted = plan, self._counts(plan)
        return self._counted[1]

    def _counts(self, plan: Plan) -> list[tuple[str, int, bool]]:
        """What there is, or may be: what is counted, how many there are, and whether there are certainly no more.

        The orphan orders stand in the groups of their own page.
        """
        kinds = OrderVerdictKind
        known, seen = not plan.untold_orders, not orders_unread(plan)
        sections = Counter(section_of(verdict) for verdict in plan.orphans)
        counts = [
            (self.tr("As they were known"), len(plan.of_kind(kinds.MATCHED)), known),
            (self.tr("Partly filled or changed since"), len(plan.of_kind(kinds.DRIFTED)), known),
            (self.tr("Filled since"), len(plan.of_kind(kinds.FILLED_WHILE_DOWN)), known),
            (self.tr("Closed since"), len(plan.of_kind(kinds.CLOSED_WHILE_DOWN)), known),
            (self.tr("Gone, fate unproven"), len(plan.of_kind(kinds.MISSING_UNPROVEN)), known),
            (self.tr("Known, not read"), plan.untold_orders, True),
            (self.tr("Ours, unknown to the bot"), sections[OURS], seen),
            (self.tr("Protects a position"), sections[PROTECTIVE], seen),
            (self.tr("Not ours"), sections[FOREIGN], seen),
            (self.tr("Cannot tell whose"), sections[UNCLEAR], seen),
        ]
        return [each for each in counts if each[1] or not each[2]]
