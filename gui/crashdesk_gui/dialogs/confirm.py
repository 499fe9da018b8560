"""The dialog before every destructive step: it names each object, defaults to Cancel, and may ask to type the count."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from operator import index

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.fitting import fitting
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.scroll import ScrollColumn
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button

_MEASURED_ITEMS = 60
"""Of many objects so many at the beginning are measured, and as many from all over the rest; a column grows for what is wider."""
_MEASURED_ROWS = 60
_HEADER = 34
_LEAST_ROWS = 3
_MOST_ROWS_BESIDE = 3
_NARROWEST_REMARK = 136
_LARGEST = QSize(1100, 640)
_LOWEST_SCROLLED = 136
_LOWEST = 240
_SIDE_TONES = {"▲": Tone.LONG, "▼": Tone.SHORT}


@dataclass(frozen=True, kw_only=True)
class AffectedItem:
    """One object that the step will touch: its cells, and why it needs attention if it does (`remark`, with its tone)."""

    cells: tuple[str, ...]
    remark: str = ""
    tone: Tone = Tone.WARNING


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Objects to which the same step does something else: `title` says what. Their cells are the question's.

    Here as there, those with a remark come first.
    """

    title: str
    items: Sequence[AffectedItem]


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What must not be overlooked: `text` stands in a box of its `tone` beside the answer."""

    text: str
    tone: Tone = Tone.WARNING


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What is asked.

    `title` is a question, `text` says what will happen and cannot be undone, `headers` title the cells of `items` (with
    `numeric` the positions aligned right), `accept` names the deed ("Cancel 3 orders on binanceusdm"), `typed` is the text that
    must be typed before it can be done (empty: none) and `reasons` why, which a short list shows by its remarks alone. `alerts`
    never scroll out of sight. `beside` and `notes` say what the same step does besides.
    `typed_prompt` asks for what must be typed, with `{0}` in its place (empty: in the words of a cancellation).
    """

    title: str
    text: str
    headers: tuple[str, ...]
    items: Sequence[AffectedItem]
    accept: str
    numeric: tuple[int, ...] = ()
    typed: str = ""
    typed_prompt: str = ""
    reasons: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    decline: str = ""
    beside: tuple[Listing, ...] = ()
    notes: tuple[str, ...] = ()


class _CountField(QLineEdit):
    """Signals: `entered()` on Enter, which goes no further: in a dialog it would press the default button."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class ConfirmDestructive(QDialog):
    """Asks a `Confirmation`. Escape and closing the window decline, and so does the button that has the keyboard first.

    Enter presses the button that has the keyboard; in the field it only moves on to the deed's button, when the count is right.
    """

    def __init__(self, ui: UiContext, question: Confirmation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ui.themes.dress(self)
        self._ui = ui
        self._question = question
        self._measured = [
            *_sample(question.items),
            *(item for listing in question.beside for item in _sample(listing.items)),
        ]
        self._remarks = {f"! {item.remark}" for item in self._measured if item.remark}
        self.setWindowTitle(question.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(TextLabel(ui, question.title, TextStyle.TITLE, wrap=True))
        layout.addWidget(TextLabel(ui, question.text, tone=Tone.MUTED, wrap=True))
        inside = self._told()
        told = ScrollColumn(ui, inside, self.tr("What will be affected"))
        told.setMinimumHeight(_LOWEST_SCROLLED)
        layout.addWidget(told, 1)
        self._typed = _CountField()
        self._hint = TextLabel(ui, tone=Tone.DANGER, wrap=True)
        for alert in question.alerts:
            box = Banner(ui, self)
            layout.addWidget(box)
            box.show_message(alert.text, alert.tone, closable=False)
        if question.typed:
            self._add_friction(layout)
        self._add_buttons(layout)
        self._take_size(layout, inside)
        self._typed.textChanged.connect(self._weigh)
        self._typed.entered.connect(self._go_to_the_deed)
        self._weigh()

    def _told(self) -> QWidget:
        """What is at stake and why: where there is no room for all of it, this scrolls, and the buttons stay in sight."""
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._affected(), 1)
        if self._question.typed and self._question.reasons and len(self._question.items) > _LEAST_ROWS:
            reasons = "\n".join(f"! {reason}" for reason in self._question.reasons)
            layout.addWidget(TextLabel(self._ui, reasons, tone=Tone.WARNING, wrap=True))
        self._add_beside(layout)
        layout.addStretch(0)
        return inside

    def _take_size(self, layout: QVBoxLayout, told: QWidget) -> None:
        """So wide that no cell is cut, so high that few objects need no scrolling; on a small screen the list gives way."""
        wanted = 120 + self._width_of_remarks + sum(self._widths)
        most = fitting(self, _LARGEST)
        width = min(max(wanted, 640), most.width())
        margins = layout.contentsMargins()
        room = width - margins.left() - margins.right()
        # Without a text that breaks into lines, Qt answers -1.
        inside = max(told.heightForWidth(room), told.minimumSizeHint().height())
        least = layout.totalMinimumHeightForWidth(width) - _LOWEST_SCROLLED + inside + 16
        hidden = max(len(self._question.items) - _LEAST_ROWS, 0) * self._ui.display.row_height
        self.setMinimumSize(560, min(least, 360))
        self.resize(width, max(min(least + hidden, most.height()), _LOWEST))

    def _affected(self) -> QWidget:
        view = self._table(self._question.items, "confirm", self.tr("What will be affected"))
        view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        framed = self._framed(view)
        fit = partial(self._fit_rows, view, framed)
        view.row_heights_changed.connect(fit)
        fit()
        return framed

    def _height_of_rows(self, view: RecordTableView, most: int) -> int:
        """How high the first rows are, their texts broken into lines as they are now."""
        return sum(view.rowHeight(row) for row in range(min(view.record_model().rowCount(), most)))

    def _add_beside(self, layout: QVBoxLayout) -> None:
        """What the same step does besides, calmly: under the columns of what is at stake, without a heading of its own."""
        for number, listing in enumerate(self._question.beside):
            view = self._table(listing.items, f"confirm-beside-{number}", listing.title)
            view.horizontalHeader().hide()
            fit = partial(self._fit_rows_beside, view)
            view.row_heights_changed.connect(fit)
            fit()
            layout.addWidget(TextLabel(self._ui, listing.title, wrap=True))
            layout.addWidget(self._framed(view))
        if self._question.notes:
            layout.addWidget(TextLabel(self._ui, "\n".join(self._question.notes), tone=Tone.MUTED, wrap=True))

    def _fit_rows(self, view: RecordTableView, framed: QWidget) -> None:
        rows = max(self._height_of_rows(view, _LEAST_ROWS), self._ui.display.row_height)
        view.setMinimumHeight(_HEADER + rows)
        framed.setMaximumHeight(_HEADER + max(self._height_of_rows(view, _MEASURED_ROWS), rows) + 2)

    def _fit_rows_beside(self, view: RecordTableView) -> None:
        view.setFixedHeight(self._height_of_rows(view, _MOST_ROWS_BESIDE) + 2)

    def _framed(self, view: RecordTableView) -> QWidget:
        panel = Panel(self._ui, flush=True)
        panel.add(view)
        return panel

    def _table(self, items: Sequence[AffectedItem], name: str, accessible_name: str) -> RecordTableView:
        columns = [self._column(items, position) for position in range(len(self._question.headers))]
        if self._remarks:
            columns.append(
                Column[int](
                    id="remark",
                    title=self.tr("Attention"),
                    text=lambda number: f"! {items[number].remark}" if items[number].remark else "",
                    tooltip=lambda number: items[number].remark,
                    tone=lambda number: items[number].tone,
                    width=min(self._width_of_remarks, _NARROWEST_REMARK),
                    stretch=True,
                    wrap=True,
                )
            )
        model = RecordTableModel(columns, key=index, parent=self)
        model.set_records(range(len(items)))
        view = RecordTableView(self._ui, model, name, accessible_name=accessible_name, remember=False)
        view.setSelectionMode(view.SelectionMode.NoSelection)
        view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return view

    def _column(self, items: Sequence[AffectedItem], position: int) -> Column[int]:
        """A column of cells; its records are the positions of the items."""
        return Column[int](
            id=str(position),
            title=self._question.headers[position],
            text=lambda number: items[number].cells[position],
            numeric=position in self._question.numeric,
            tone=lambda number: _SIDE_TONES.get(items[number].cells[position][:1]),
            width=self._widths[position],
            wrap=True,
            whole=True,
            stretch=position == 0 and not self._remarks,
        )

    @cached_property
    def _widths(self) -> list[int]:
        """How wide each column is at first, that of the remarks aside."""
        advance = self.fontMetrics().horizontalAdvance
        titled = [{title} for title in self._question.headers]
        for item in self._measured:
            for texts, text in zip(titled, item.cells, strict=True):
                texts.add(text)
        return [min(max(map(advance, texts)) + 24, 320) for texts in titled]

    @cached_property
    def _width_of_remarks(self) -> int:
        return min(max(map(self.fontMetrics().horizontalAdvance, self._remarks), default=-32) + 32, 480)

    def _add_friction(self, layout: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        prompt = self._question.typed_prompt or (
            self.tr("Type {0}, the number of orders to cancel:")
            if self._question.beside
            else self.tr("Type {0} to confirm:")
        )
        prompt = prompt.format(self._question.typed)
        self._typed.setAccessibleName(prompt)
        self._typed.setAccessibleDescription(" ".join(self._question.reasons))
        self._typed.setMaximumWidth(120)
        row.addWidget(TextLabel(self._ui, prompt))
        row.addWidget(self._typed)
        row.addWidget(self._hint, 1)
        layout.addLayout(row)

    def _add_buttons(self, layout: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.decline_button = push_button(self._ui, self._question.decline or self.tr("Cancel"), self.reject)
        self.decline_button.setAutoDefault(True)
        self.decline_button.setDefault(True)
        self.accept_button = push_button(self._ui, self._question.accept, self.accept, kind=ButtonKind.DANGER)
        beside = (f"{listing.title}." for listing in self._question.beside)
        alerts = (alert.text for alert in self._question.alerts)
        told = (self._question.text, *alerts, *self._question.reasons, *beside, *self._question.notes)
        self.accept_button.setAccessibleDescription(" ".join(told))
        row.addStretch(1)
        row.addWidget(self.decline_button)
        row.addWidget(self.accept_button)
        layout.addLayout(row)

    def _weigh(self) -> None:
        wanted = self._question.typed
        self._hint.setText("")
        self.accept_button.setEnabled(not wanted or self._typed.text().strip() == wanted)

    def _go_to_the_deed(self) -> None:
        """The count was entered: on to the button, or what is wrong with it."""
        if self.accept_button.isEnabled():
            self.accept_button.setFocus(Qt.FocusReason.TabFocusReason)
            return
        typed, wanted = self._typed.text().strip(), self._question.typed
        if typed:
            self._hint.setText(self.tr("Wanted is {0}; {1} was typed.").format(wanted, typed))
        else:
            self._hint.setText(self.tr("Type {0} first.").format(wanted))
        self._typed.setAccessibleDescription(self._hint.text())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.decline_button.setFocus()

    @property
    def typed_field(self) -> QLineEdit:
        """Where the operator types the count."""
        return self._typed


def _sample(items: Sequence[AffectedItem]) -> list[AffectedItem]:
    """All of a few; of many the first, and some of the others at even distances."""
    rest = max(len(items) - _MEASURED_ITEMS, 0)
    return [*items[:_MEASURED_ITEMS], *items[_MEASURED_ITEMS :: -(-rest // _MEASURED_ITEMS) or 1]]


def confirm(ui: UiContext, question: Confirmation, parent: QWidget | None = None) -> bool:
    """Ask and wait; True only if the operator did the deed's button. Pages take such a function as an argument."""
    dialog = ConfirmDestructive(ui, question, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return accepted


def friction_for(count: int, *, threshold: int = 10, always: bool = False) -> str:
    """The text to type for a step that touches `count` objects: the count, or nothing for a few harmless ones."""
    return str(count) if always or count > threshold else ""
