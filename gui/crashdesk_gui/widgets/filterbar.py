"""A row of filters above a table: text first, then choices, then a count and the page's own buttons."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.settings import FilterChoice
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import TextLabel

_SETTLE_MS = 80


class FilterBar(QWidget):
    """Signals: `changed()` a moment after the operator typed or chose; read `text()` and `choice(id)` then.

    Escape in the text field clears it. `add_widget` puts a page's button at the right end.
    """

    changed = Signal()

    def __init__(self, ui: UiContext, placeholder: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._combos: dict[str, QComboBox] = {}
        self._store = ""
        self._store_name = ""
        self._edit = _FilterEdit()
        self._edit.setPlaceholderText(placeholder)
        self._edit.setAccessibleName(placeholder)
        self._edit.setClearButtonEnabled(True)
        self._edit.setMinimumWidth(160)
        self._edit.setMaximumWidth(320)
        glass = QAction(self._edit)
        ui.icons.bind(glass, "search", Tone.MUTED)
        self._edit.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._count = TextLabel(ui, tone=Tone.MUTED)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.changed)
        self._edit.textChanged.connect(lambda _text: self._settle.start())
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._edit, 3)
        self._layout.addWidget(self._count)
        self._layout.addStretch(1)

    def add_choice(self, choice_id: str, name: str, options: Sequence[tuple[str, object]]) -> QComboBox:
        """Add a drop-down of (title, value); the first option should be the one that filters nothing."""
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._combos[choice_id] = combo
        self.set_options(choice_id, options)
        combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._layout.insertWidget(len(self._combos), combo)
        return combo

    def set_options(self, choice_id: str, options: Sequence[tuple[str, object]]) -> None:
        """Replace the options of a drop-down, keeping the chosen value where it is still offered."""
        combo = self._combos[choice_id]
        chosen = combo.currentData()
        before = combo.blockSignals(True)
        combo.clear()
        for title, value in options:
            combo.addItem(title, value)
        values = [value for _title, value in options]
        combo.setCurrentIndex(values.index(chosen) if chosen in values else 0)
        combo.blockSignals(before)

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._layout.addWidget(widget)

    def text(self) -> str:
        """The trimmed text, in lower case for comparing."""
        return self._edit.text().strip().casefold()

    def set_text(self, text: str) -> None:
        """Put a text into the field, as if typed."""
        self._edit.setText(text)

    def choice(self, choice_id: str) -> object:
        """The chosen value of a drop-down."""
        return self._combos[choice_id].currentData()

    def active(self) -> bool:
        """Whether anything is filtered out by the bar."""
        return bool(self.text()) or any(combo.currentIndex() > 0 for combo in self._combos.values())

    def clear(self) -> None:
        """Filter nothing."""
        self._edit.clear()
        for combo in self._combos.values():
            combo.setCurrentIndex(0)

    def settle(self) -> None:
        """Filter now by what was typed a moment ago."""
        if self._settle.isActive():
            self._settle.stop()
            self.changed.emit()

    def set_count(self, text: str) -> None:
        """Say how many are shown, such as "12 of 340"."""
        self._count.setText(text)

    def remember(self, store: str, name: str) -> None:
        """Take up the filter of this store and go on remembering it; `name` is the settings key. Damage filters nothing."""
        self._store, chosen = "", self._ui.settings.filter(store, name)
        self.clear()
        self._edit.setText(chosen.text)
        for choice, place in zip(self._combos.values(), chosen.places, strict=False):
            choice.setCurrentIndex(place if 0 <= place < choice.count() else 0)
        if not self._store_name:
            self.changed.connect(self._write)
        self._store, self._store_name = store, name

    def _write(self) -> None:
        if self._store:
            places = tuple(combo.currentIndex() for combo in self._combos.values())
            chosen = FilterChoice(text=self._edit.text().strip(), places=places)
            self._ui.settings.set_filter(self._store, self._store_name, chosen)

    def focus_text(self) -> None:
        """Put the cursor into the text field."""
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.selectAll()


class _FilterEdit(QLineEdit):
    """A line edit that Escape clears."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
