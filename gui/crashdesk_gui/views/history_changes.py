"""The changes behind one checkpoint, one by one: when, and what was true from then on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import CSV, JSON
from crashdesk_gui.models.journal_changes import ChangeLine, ChangeTexts
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.side_panel import side_foot, side_head
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import TextLabel, TextStyle, icon_button


class ChangesView(Panel):
    """A heading, what there is to say of the changes, and a line each.

    Signals: `closed()` when the operator goes back to the details; `export_wanted(FileKind)`.
    """

    closed = Signal()
    export_wanted = Signal(object)

    def __init__(self, ui: UiContext, texts: ChangeTexts, parent: QWidget | None = None) -> None:
        super().__init__(ui, flush=True, parent=parent)
        self._ui = ui
        self._texts = texts
        self._seq = 0
        self.model = texts.model(self)
        self._heading = TextLabel(ui, style=TextStyle.TITLE, wrap=True)
        self._note = TextLabel(ui, tone=Tone.MUTED, wrap=True, selectable=True)
        self._export = icon_button(ui, "export", self.tr("Export the changes"), self._offer_export)
        self.table = RecordTableView(ui, self.model, "checkpoint-changes", accessible_name=self.tr("Changes"))
        self._which = TextLabel(ui, style=TextStyle.HEADING, wrap=True, selectable=True)
        self._content = TextLabel(ui, wrap=True, selectable=True)
        self._foot = side_foot(self._which, self._content)
        self._build()

    def _build(self) -> None:
        close = icon_button(self._ui, "cross", self.tr("Back to the details"), self.closed.emit)
        head, _column = side_head(self._heading, self._note, self._export, close)
        self.add(head)
        self.add(self.table, 1)
        self.add(self._foot)
        self.table.current_changed.connect(self._show_line)

    def set_store(self, store: str) -> None:
        """Whose arrangement of columns to use."""
        self.table.set_store(store)

    def show_changes(self, seq: int, note: str, lines: Sequence[ChangeLine]) -> None:
        """Show the changes behind checkpoint `seq`."""
        self._seq = seq
        title = self.tr("Changes after checkpoint {0}").format(seq)
        self._heading.setText(title)
        self.setAccessibleName(title)
        self._note.setText(note)
        self.model.set_records(lines)
        self.table.fit_columns()

    def _show_line(self, line: ChangeLine | None) -> None:
        """What does not fit into the line stands in full under the table."""
        if line is not None:
            self._which.setText(self._texts.name(line))
            self._content.setText(self._texts.content(line))
        self._foot.setVisible(line is not None)

    def file_name(self) -> str:
        """What exported changes are called."""
        return f"changes-after-checkpoint-{self._seq}"

    def _offer_export(self) -> None:
        menu = QMenu(self)
        for kind in (CSV, JSON):
            menu.addAction(self.tr("Changes as {0}…").format(kind.title), partial(self.export_wanted.emit, kind))
        menu.exec(self._export.mapToGlobal(self._export.rect().bottomLeft()))
        menu.deleteLater()
