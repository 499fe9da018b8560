"""Finding an exchange by a few letters of its id or name, without leaving the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from crashdesk.exchange.catalogue import ExchangeEntry
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.exchange_list import ExchangeListModel, matches
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import TextLabel, TextStyle

_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ExchangePicker(QWidget):
    """A search field over a list. Arrows in the field move through the list; the current row is what is chosen.

    Signals: `chosen_changed(ExchangeEntry | None)`, `accepted()` when Enter takes the choice.
    """

    chosen_changed = Signal(object)
    accepted = Signal()

    def __init__(self, ui: UiContext, wanted: str, proposed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ExchangeEntry, ...] = ()
        self._proposed = proposed
        self._chosen: ExchangeEntry | None = None
        self.search = QLineEdit(wanted)
        self.search.setPlaceholderText(self.tr("Search by name or id"))
        self.search.setAccessibleName(self.tr("Exchange"))
        self.search.setClearButtonEnabled(True)
        self._model = ExchangeListModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Exchanges found"))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(120)
        self._note = TextLabel(ui, style=TextStyle.SMALL, tone=Tone.MUTED, wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        frame = Panel(ui, flush=True)
        frame.add(self.list, 1)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        layout.addWidget(frame, 1)
        layout.addWidget(self._note)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._find)
        self.list.installEventFilter(self)
        self.list.doubleClicked.connect(lambda _index: self._accept())
        self.list.selectionModel().currentChanged.connect(self._take)
        self.search.selectAll()
        self._say()

    @property
    def chosen(self) -> ExchangeEntry | None:
        """The exchange that is chosen; None while there is none."""
        return self._chosen

    @property
    def note(self) -> str:
        """What is said under the list."""
        return self._note.text()

    def set_entries(self, entries: Sequence[ExchangeEntry]) -> None:
        """Search among these."""
        self._entries = tuple(entries)
        self._find()

    def choose(self, exchange_id: str) -> None:
        """Search for an id and choose it."""
        self.search.setText(exchange_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in _TAKES:
            # Here, Enter takes the exchange; the dialog's own button must not hear of it.
            self._accept()
            return True
        if watched is self.search and event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _find(self, _text: str = "") -> None:
        text = self.search.text().strip()
        self._model.set_entries(matches(self._entries, text, self._proposed), self._proposed)
        # A list that nobody searched in chooses nothing but what the store proposes.
        row = 0 if text else self._model.row_of(self._proposed)
        index = self._model.index(row, 0)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._take(index)
        self._say()

    def _take(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        entry = self._model.entry(index.row()) if index.isValid() else None
        if entry != self._chosen:
            self._chosen = entry
            self.chosen_changed.emit(entry)

    def _accept(self) -> None:
        if self._chosen is not None:
            self.accepted.emit()

    def _say(self) -> None:
        if not self._entries:
            self._note.setText(self.tr("Loading the list of exchanges…"))
        elif self._model.rowCount() == 0:
            text = self.tr("No exchange that ccxt knows is called “{0}”.")
            self._note.setText(text.format(self.search.text().strip()))
        elif self._model.row_of(self._proposed) >= 0:
            self._note.setText(self.tr("★ The store names this exchange."))
        else:
            self._note.setText(self.tr("%n exchange(s) found", "", self._model.rowCount()))
