"""The sheet of keyboard shortcuts, read from the commands themselves."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from crashdesk.reconcile.records import Action
from crashdesk_gui.actions import DECISION_KEYS, ActionSet, native_keys
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import TextLabel, TextStyle, push_button

_Line = tuple[str, str]


class ShortcutSheet(QDialog):
    """Every command that has keys, and the keys of tables."""

    def __init__(self, ui: UiContext, commands: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ui.themes.dress(self)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(480, 520)
        columns = [
            Column[_Line](id="command", title=self.tr("Command"), text=lambda line: line[0], stretch=True),
            Column[_Line](id="keys", title=self.tr("Keys"), text=lambda line: line[1], width=144),
        ]
        model = RecordTableModel(columns, key=lambda line: line, parent=self)
        model.set_records(self._lines(commands))
        view = RecordTableView(ui, model, "shortcuts", accessible_name=self.windowTitle(), remember=False)
        panel = Panel(ui, flush=True)
        panel.add(view)
        close = push_button(ui, self.tr("Close"), self.accept)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(TextLabel(ui, self.windowTitle(), TextStyle.TITLE))
        layout.addWidget(panel, 1)
        layout.addLayout(foot)

    def _lines(self, commands: ActionSet) -> list[_Line]:
        lines = [(spec.title, native_keys(spec.shortcut)) for spec, _action in commands.all() if spec.shortcut]
        return [
            *lines,
            (self.tr("From an orphan order to its decisions"), native_keys("Return")),
            *self._deciding(),
            (self.tr("Check or uncheck the selected rows"), self.tr("Space")),
            (self.tr("Copy the selected rows"), native_keys("Ctrl+C")),
            (self.tr("Select all rows"), native_keys("Ctrl+A")),
            (self.tr("Clear the filter"), native_keys("Esc")),
        ]

    def _deciding(self) -> list[_Line]:
        texts = {
            Action.CANCEL: self.tr("Selected orphan orders: decide to cancel"),
            Action.ADOPT: self.tr("Selected orphan orders: decide to adopt"),
            Action.LEAVE: self.tr("Selected orphan orders: decide to leave"),
            None: self.tr("Selected orphan orders: take the decision back"),
        }
        return [(text, native_keys(DECISION_KEYS[action])) for action, text in texts.items()]
