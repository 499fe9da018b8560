"""Why an orphan order stands in its group, and what the last known state, the journal and the exchange each say of it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from crashdesk.exchange.records import Market
from crashdesk.reconcile.records import Action, Evidence, OrderVerdictKind, Source
from crashdesk_gui.actions import DECISION_KEYS, native_keys
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.amounts import part_words
from crashdesk_gui.models.decision_warnings import DecisionWarnings
from crashdesk_gui.models.orphan_reasons import reason_of, short_reason
from crashdesk_gui.models.orphans import OrphanRow, can_adopt
from crashdesk_gui.models.plan_words import PlanWords, marked, side_tone
from crashdesk_gui.phrases import said
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.scroll import ScrollColumn
from crashdesk_gui.widgets.status import Chip
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, icon_button, push_button
from crashdesk_gui.widgets.text_lines import BreakingLabel, OneLineLabel

_HEAD = 26
"""The height of a heading, in pixels: that of the button beside one of them."""
_SHARE = {Source.CHECKPOINT: 7, Source.JOURNAL: 9, Source.EXCHANGE: 8}
"""How much of the width a source gets: what the journal tells of an order is the longest."""
_SOURCES = (Source.RULE, Source.CHECKPOINT, Source.JOURNAL, Source.EXCHANGE)


class EvidencePanel(Panel):
    """The evidence on the current order, and the buttons that decide on the selected ones.

    `why` is what the table's cell says in a few words, in whole sentences: it stands first, unless it is what a source says.

    Signals: `decided(Action | None)` for a button; `note_typed(str)` at each letter; `note_changed(str)` when the note was
    edited.
    """

    decided = Signal(object)
    note_typed = Signal(str)
    note_changed = Signal(str)

    def __init__(
        self, ui: UiContext, words: PlanWords, why: Callable[[OrphanRow], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(ui, flush=True, parent=parent)
        self._why = why
        self._ui = ui
        self._words = words
        self._warnings = DecisionWarnings(words, self)
        self._cancel = self.tr("Cancel order")
        self._row: OrphanRow | None = None
        self._several = False
        self._journal_problem = ""
        self._title = OneLineLabel(ui, style=TextStyle.HEADING)
        self._verdict = Chip(ui)
        self._protects = Chip(ui, self.tr("protects a position"), Tone.WARNING)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._title.setMinimumWidth(120)
        self.body().setContentsMargins(15, 9, 9, 9)
        self.body().setSpacing(6)
        self.body().addLayout(self._head_row())
        self.body().addWidget(self._evidence_area(), 1)
        self._warning = TextLabel(ui, tone=Tone.WARNING, wrap=True)
        self._warning.hide()
        self.body().addWidget(self._warning)
        self.body().addLayout(self._note_row())
        ui.display.ticked.connect(self._show_evidence)

    @property
    def note(self) -> str:
        """What is written in the note field."""
        return self._note_field.text().strip()

    @property
    def noting(self) -> bool:
        """Whether the keyboard is in the note field."""
        return self.window().focusWidget() is self._note_field

    def go_on_noting(self) -> None:
        """Put the keyboard behind the note."""
        self._note_field.setFocus()
        self._note_field.end(False)

    @property
    def reason(self) -> str:
        """What stands first under "Why"."""
        return self._columns[Source.RULE].first

    def button(self, action: Action | None) -> QPushButton:
        """The button of a decision; None is the one that takes decisions back."""
        return self._buttons[action]

    def show_row(self, row: OrphanRow, market: Market | None, journal_problem: str, note: str = "") -> None:
        """Show one order and what was noted on it; `journal_problem` says why the journal could not tell."""
        another = self._row is None or self._row.key != row.key
        self._row = row
        live = row.live
        self._title.setText(self._words.order(live, row.verdict.contract))
        self._title.set_tone(side_tone(live.side))
        status, word = self._words.verdict(row.verdict)
        if row.verdict.kind is OrderVerdictKind.FOREIGN:
            self._verdict.set_chip(word, Tone.MUTED)
        else:
            self._verdict.set_chip(marked((status, word)), status.tone)
        self._protects.setVisible(row.verdict.protective)
        self._protects.setToolTip(said(row.verdict.protects))
        self._journal_problem = journal_problem
        self._show_evidence()
        self._details.set_details(self._order_details(row, market))
        if another or not self.noting:
            self._note_field.setText(note)
            self._note_field.setCursorPosition(0)  # a long note is read from its beginning
        hint, at_length = self._note_hints(decided=row.decision is not None)
        self._note_field.setPlaceholderText(hint)
        self._note_field.setToolTip(note or at_length)
        self._show_warning()

    def _note_hints(self, *, decided: bool) -> tuple[str, str]:
        """What a note is for: short, for a field between four buttons, and at length."""
        if decided:
            at_length = self.tr("Why, for whoever looks next (kept with the decision)")
            return self.tr("Why (kept with the decision)"), at_length
        at_length = self.tr("Why, for whoever looks next (kept only with a decision: Leave keeps it)")
        return self.tr("Why (kept only with a decision)"), at_length

    def set_selected(self, count: int, *, locked: bool) -> None:
        """Say on how many orders the buttons decide; `locked` while nothing may be decided."""
        adoptable = self._row is not None and can_adopt(self._row.verdict)
        for action, button in self._buttons.items():
            button.setEnabled(count > 0 and not locked and (action is not Action.ADOPT or adoptable or count > 1))
        self._note_field.setEnabled(count > 0 and not locked)
        self._show_warning()
        self._scope.setText(self.tr("{0} orders selected").format(count) if count > 1 else "")
        several = self._several = count > 1
        self._mark_taken()
        self._buttons[Action.CANCEL].setText(self.tr("Cancel {0}").format(count) if several else self._cancel)
        self._buttons[Action.LEAVE].setText(self.tr("Leave {0}").format(count) if several else self.tr("Leave"))

    def _mark_taken(self) -> None:
        """The decision that was taken on the one order that is selected looks taken."""
        decision = self._row.decision if self._row is not None and not self._several else None
        for action, button in self._buttons.items():
            button.setChecked(decision is not None and action is decision.action)

    def take_focus(self) -> None:
        """Take the keyboard to the decisions; without effect while nothing may be decided.

        It begins at cancelling only where that is proposed: who presses Enter twice must not cancel what is not ours.
        """
        first = Action.CANCEL if self._row is not None and self._row.verdict.preselected else Action.LEAVE
        buttons = (self._buttons[first], *self._buttons.values())
        button = next((each for each in buttons if each.isEnabled()), None)
        if button is not None:
            button.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_evidence(self) -> None:
        """What each source says; the ages in it go on by the clock that every other age goes by."""
        if self._row is None:
            return
        row, reason = self._row, reason_of(self._row.verdict)
        told = self._facts([reason])
        # What a source says stands with its time in the column of that source; here are the few words of the table's cell.
        elsewhere = reason.source is not Source.RULE
        why, whole = self._why(row), told[0][0]
        if elsewhere:
            told = [(short_reason(reason) or whole, "")]
        if why != whole:
            told.insert(0, (why, ""))
        for source in _SOURCES:
            rest = self._facts(
                [item for item in row.verdict.evidence if item.source is source and (elsewhere or item is not reason)]
            )
            if source is Source.RULE:
                self._columns[source].show_facts(told + rest, "")
            else:
                self._columns[source].show_facts(rest, self._silence(source))

    def _show_warning(self) -> None:
        """What speaks against the decision that was taken, or against those that could be."""
        if self._row is None:
            return
        row, action = self._row, self._row.decision.action if self._row.decision else None
        warning, tone = self._warnings.of(row.verdict, action) if row.outcome is None else ("", Tone.WARNING)
        if action is None and self.note and self._note_field.isEnabled():
            lost = self.tr("This note is not kept while nothing is decided on the order: choose Leave to keep it.")
            warning = f"{lost} {warning}".strip()
        self._warning.setText(f"{Status.DIFFERS.glyph} {warning}" if warning else "")
        self._warning.set_tone(tone)
        self._warning.setVisible(bool(warning))

    def _on_note_edited(self) -> None:
        self.note_typed.emit(self.note)
        self._show_warning()

    def useful_height(self) -> int:
        """How high it must be, in pixels, for the evidence that is shown to need no scrolling."""
        width = self._area.viewport().width()
        evidence = self._inside.heightForWidth(width)
        return self.sizeHint().height() - self._area.sizeHint().height() + evidence

    def _head_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._verdict)
        row.addWidget(self._protects)
        row.addStretch(1)
        self._scope = TextLabel(self._ui, tone=Tone.MUTED)
        row.addWidget(self._scope)
        return row

    def _evidence_area(self) -> QWidget:
        inside = QWidget()
        whole = QHBoxLayout(inside)
        whole.setContentsMargins(0, 0, 8, 0)
        whole.setSpacing(16)
        facts, said_by = QVBoxLayout(), QHBoxLayout()
        facts.setSpacing(8)
        said_by.setSpacing(16)
        self._columns = {source: _SourceColumn(self._ui, self._words.source(source)) for source in _SOURCES}
        for source, column in self._columns.items():
            if source is Source.RULE:
                facts.addWidget(column)
            else:
                said_by.addWidget(column, _SHARE[source])
        facts.addLayout(said_by, 1)
        whole.addLayout(facts, 9)
        whole.addWidget(self._order_column(), 5)
        self._inside = inside
        self._area = ScrollColumn(self._ui, inside, self.tr("Evidence"))
        self._area.setObjectName("evidence")
        return self._area

    def _order_column(self) -> QWidget:
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        copy = icon_button(self._ui, "copy", self.tr("Copy the order ids"), self._copy_ids)
        copy.setFixedHeight(_HEAD)
        head.addWidget(_heading(self._ui, self.tr("The order")))
        head.addStretch(1)
        head.addWidget(copy)
        layout.addLayout(head)
        self._details = DetailGrid(self._ui)
        layout.addWidget(self._details)
        layout.addStretch(1)
        return column

    def _note_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._note_field = QLineEdit()
        self._note_field.setAccessibleName(self.tr("Note on the decision"))
        self._note_field.textEdited.connect(self._on_note_edited)
        self._note_field.editingFinished.connect(lambda: self.note_changed.emit(self.note))
        row.addWidget(TextLabel(self._ui, self.tr("Note"), tone=Tone.MUTED))
        row.addWidget(self._note_field, 1)
        self._buttons = self._decision_buttons()
        for button in self._buttons.values():
            row.addWidget(button)
        return row

    def _decision_buttons(self) -> dict[Action | None, QPushButton]:
        buttons: dict[Action | None, QPushButton] = {}
        texts = (
            (Action.CANCEL, self._cancel, "cancel", self.tr("Decide to cancel the selected orders")),
            (Action.ADOPT, self.tr("Adopt"), "adopt", self.tr("Let them join the recovered state")),
            (Action.LEAVE, self.tr("Leave"), "minus", self.tr("Leave them on the exchange and remember it")),
            (None, self.tr("Clear decision"), "", self.tr("Take the decision back")),
        )
        for action, text, icon, does in texts:
            tip = f"{does} ({native_keys(DECISION_KEYS[action])})"
            kind = ButtonKind.QUIET if action is None else ButtonKind.NORMAL
            button = push_button(self._ui, text, partial(self.decided.emit, action), kind=kind, icon=icon, tip=tip)
            button.setAccessibleDescription(tip)
            button.setCheckable(action is not None)
            button.clicked.connect(self._mark_taken)
            buttons[action] = button
        return buttons

    def _facts(self, facts: Sequence[Evidence]) -> list[tuple[str, str]]:
        display = self._ui.display
        return [
            (
                self._words.evidence(item),
                "" if item.at is None else f"{display.time(item.at)} · {display.age(item.at)}",
            )
            for item in facts
        ]

    def _silence(self, source: Source) -> str:
        if source is Source.JOURNAL and self._journal_problem:
            return self.tr("Nothing of this order, but it may lack something: {0}").format(said(self._journal_problem))
        return self.tr("Nothing of this order.")

    def _order_details(self, row: OrphanRow, market: Market | None) -> list[Detail]:
        live, number = row.live, self._ui.display.decimal
        kind = self._words.order_type(live.order_type)
        if live.close_position:
            kind += " · " + self.tr("closes the position")
        elif live.reduce_only:
            kind += " · " + self.tr("reduce-only")
        return [
            Detail(self.tr("Order id"), live.id, mono=True),
            Detail(self.tr("Client order id"), live.client_order_id or self.tr("none"), mono=True),
            Detail(self.tr("Type"), kind),
            Detail(
                self.tr("Filled"),
                part_words(self._ui.display, live.filled, live.amount, row.verdict.contract, short=True),
            ),
            Detail(self.tr("One contract"), self._contract(row, market)),
            Detail(self.tr("Remaining"), self._words.amount(live.remaining, row.verdict.contract)),
            Detail(self.tr("Worth"), self._words.notional(row.verdict)),
            Detail(self.tr("Smallest step"), number(market.amount_step if market else None)),
            Detail(self.tr("Created"), self._ui.display.time(live.created_at)),
        ]

    def _contract(self, row: OrphanRow, market: Market | None) -> str:
        if market is None:
            return self.tr("the market was not described")
        if market.contract_size is None:
            return self.tr("amounts count {0}").format(_base(row.live.symbol))
        return f"{self._ui.display.decimal(market.contract_size)} {_unit(row.live.symbol, market)}"

    def _copy_ids(self) -> None:
        if self._row is not None:
            live = self._row.live
            QGuiApplication.clipboard().setText("\t".join(each for each in (live.id, live.client_order_id) if each))


class _SourceColumn(QWidget):
    """A heading and facts, each with its time beneath."""

    def __init__(self, ui: UiContext, title: str) -> None:
        super().__init__()
        self._ui = ui
        self._shown: tuple[list[tuple[str, str]], str] | None = None
        self._ages: list[TextLabel | None] = []
        self._facts = QVBoxLayout()
        self._facts.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_heading(ui, title))
        layout.addLayout(self._facts)
        layout.addStretch(1)

    @property
    def first(self) -> str:
        return self._shown[0][0][0] if self._shown is not None and self._shown[0] else ""

    def show_facts(self, facts: Sequence[tuple[str, str]], silence: str) -> None:
        if (list(facts), silence) == self._shown:
            return  # so that a text that the operator has selected stays selected
        if self._shown is not None and facts and [text for text, _ in facts] == [text for text, _ in self._shown[0]]:
            self._shown = (list(facts), silence)
            for label, (_, at) in zip(self._ages, facts, strict=True):
                if label is not None:
                    label.setText(at)
            return
        self._shown = (list(facts), silence)
        self._ages = []
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text, at in facts or [(silence, "")]:
            label = BreakingLabel(self._ui, text) if facts else TextLabel(self._ui, text, tone=Tone.MUTED, wrap=True)
            self._facts.addWidget(label)
            age = TextLabel(self._ui, at, TextStyle.SMALL, tone=Tone.MUTED, wrap=True) if at else None
            self._ages.append(age)
            if age is not None:
                self._facts.addWidget(age)


def _heading(ui: UiContext, title: str) -> TextLabel:
    """A column's heading, on one line with its neighbours."""
    heading = TextLabel(ui, title, TextStyle.HEADING)
    heading.setMinimumHeight(_HEAD)
    return heading


def _base(symbol: str) -> str:
    return symbol.partition("/")[0]


def _unit(symbol: str, market: Market) -> str:
    """What the contract size counts: the base currency, or the quote currency of an inverse contract."""
    quote = symbol.partition("/")[2].partition(":")[0]
    return quote if market.linear is False and quote else _base(symbol)
