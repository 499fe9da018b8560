"""The command palette: every command by a few letters."""

import unicodedata

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from crashdesk_gui.actions import ActionSet, ActionSpec
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import TextLabel


class CommandPalette(QDialog):
    """Type to narrow, arrows to choose, Enter to do; the letters need only appear in order."""

    def __init__(self, ui: UiContext, commands: ActionSet, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        ui.themes.dress(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self.setAccessibleName(self.tr("Command palette"))
        self._actions = {spec.id: action for spec, action in commands.all()}
        self._edit = QLineEdit()
        self._edit.setPlaceholderText(self.tr("Type a command…"))
        self._edit.setAccessibleName(self.tr("Command"))
        self._edit.textChanged.connect(self._narrow)
        self._edit.installEventFilter(self)
        self._model = RecordTableModel(self._columns(), key=lambda spec: spec.id, parent=self)
        self._view = RecordTableView(ui, self._model, "palette", accessible_name=self.tr("Commands"), remember=False)
        self._view.horizontalHeader().hide()
        self._view.setSelectionMode(self._view.SelectionMode.SingleSelection)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.clicked.connect(lambda _index: self._do())
        self._none = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self._none.setContentsMargins(8, 0, 8, 0)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._none.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._edit)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._none, 1)
        self._model.set_records(spec for spec, action in commands.all() if spec.palette and action.isEnabled())
        self._view.select_first()

    def open_over(self, window: QWidget) -> None:
        """Show it centred near the window's top, ready to type."""
        width = min(560, window.width() - 48)
        self.resize(width, min(420, window.height() - 96))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + 72)
        self.show()
        self._edit.setFocus()

    def _columns(self) -> list[Column[ActionSpec]]:
        return [
            Column[ActionSpec](id="title", title=self.tr("Command"), text=lambda spec: spec.title, stretch=True),
            Column[ActionSpec](
                id="group",
                title=self.tr("Group"),
                text=lambda spec: spec.group,
                tone=lambda _spec: Tone.MUTED,
                width=96,
            ),
            Column[ActionSpec](
                id="keys", title=self.tr("Keys"), text=self._keys, tone=lambda _spec: Tone.MUTED, width=80, numeric=True
            ),
        ]

    def _keys(self, spec: ActionSpec) -> str:
        return QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)

    def _narrow(self, text: str) -> None:
        # Wide letters, as a Chinese keyboard types them, count as usual ones.
        wanted = unicodedata.normalize("NFKC", text).casefold().replace(" ", "")
        self._model.set_filter(lambda spec: _in_order(wanted, f"{spec.group} {spec.title} {spec.id}".casefold()))
        found = self._view.select_first()
        self._view.setVisible(found)
        self._none.setVisible(not found)
        self._none.setText(self.tr("No command that can be given now has these letters: {0}").format(text.strip()))

    def _do(self) -> None:
        spec = self._view.current_record()
        if spec is not None:
            action: QAction = self._actions[spec.id]
            self.close()
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self._view.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
        return super().eventFilter(watched, event)


def _in_order(wanted: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in wanted)
