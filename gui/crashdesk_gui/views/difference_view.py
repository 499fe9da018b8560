"""Two states side by side: what was added, removed, changed, from old to new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import CSV, JSON
from crashdesk_gui.models.amounts import ContractOf
from crashdesk_gui.models.difference import DifferenceLine, DifferenceTexts, LineKind, count_kinds
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.side_panel import side_foot, side_head
from crashdesk_gui.widgets.empty import Choice, EmptyState
from crashdesk_gui.widgets.page_stack import PageStack
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.status import Chip
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import TextLabel, TextStyle, icon_button


class DifferenceView(Panel):
    """A heading that says what is compared with what, a count per kind, and the lines.

    Signals: `closed()` when the operator goes back to the details; `export_wanted(FileKind)`.
    """

    closed = Signal()
    export_wanted = Signal(object)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(ui, flush=True, parent=parent)
        self._ui = ui
        self._texts = DifferenceTexts(ui, self)
        self.model = self._texts.model(self)
        self._heading = TextLabel(ui, style=TextStyle.TITLE, wrap=True)
        self._note = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self._chips = {kind: Chip(ui, "", kind.tone) for kind in LineKind}
        self.table = RecordTableView(ui, self.model, "difference", accessible_name=self.tr("Differences"))
        self._which = TextLabel(ui, style=TextStyle.HEADING, wrap=True, selectable=True)
        self._why = TextLabel(ui, wrap=True, selectable=True)
        self._export = icon_button(ui, "export", self.tr("Export the differences"), self._offer_export)
        self._pages = PageStack()
        self._message: QWidget | None = None
        self._foot = side_foot(self._which, self._why)
        self._build()

    def _build(self) -> None:
        close = icon_button(self._ui, "cross", self.tr("Back to the details"), self.closed.emit)
        head, column = side_head(self._heading, self._note, self._export, close)
        row = QHBoxLayout()
        row.setSpacing(6)
        for chip in self._chips.values():
            row.addWidget(chip)
            chip.hide()
        row.addStretch(1)
        column.addLayout(row)
        self.add(head)
        self._pages.addWidget(self.table)
        self.add(self._pages, 1)
        self.add(self._foot)
        self.table.current_changed.connect(self._show_why)

    def set_store(self, store: str) -> None:
        """Whose arrangement of columns to use."""
        self.table.set_store(store)

    def set_contracts(self, contract_of: ContractOf) -> None:
        """Say what the amounts of a symbol count from now on."""
        self._texts.contract_of = contract_of
        self.model.refresh_texts()

    def show_lines(self, title: str, note: str, lines: Sequence[DifferenceLine], nothing: str) -> None:
        """Show these differences, or say in `nothing` that there are none."""
        self._say(title, note)
        self.model.set_records(())
        self.model.set_sections(self._texts.sections(lines))
        self.model.set_records(lines)
        counts = count_kinds(lines)
        for kind, chip in self._chips.items():
            chip.set_chip(f"{self._texts.kind(kind)} {self._ui.display.count(counts[kind])}", kind.tone)
            chip.setVisible(counts[kind] > 0)
        if lines:
            self._pages.setCurrentWidget(self.table)
            self._offer_why(lines)
        else:
            self._replace(EmptyState(self._ui, nothing, icon="check", tone=Tone.OK))

    def show_message(self, title: str, text: str, choices: Sequence[Choice] = (), *, note: str = "") -> None:
        """Say why there is nothing to compare, or that it is being read."""
        self._say(title, note)
        self.model.set_records(())
        self._foot.hide()
        for chip in self._chips.values():
            chip.hide()
        self._replace(EmptyState(self._ui, text, choices=choices))

    @property
    def evidence(self) -> str:
        """What stands under the lines: the record of the chosen line and why it is said to differ."""
        words = [each.text() for each in (self._which, self._why) if not each.isHidden()]
        return "\n".join(words) if not self._foot.isHidden() else ""

    def _offer_why(self, lines: Sequence[DifferenceLine]) -> None:
        """As long as no line is chosen, say where the evidence is to be read; two checkpoints need none."""
        self._which.hide()
        self._why.set_tone(Tone.MUTED)
        self._why.setText(self.tr("Select a line to read on what evidence it stands."))
        self._foot.setVisible(any(line.record.why for line in lines))

    def _show_why(self, line: DifferenceLine | None) -> None:
        why = line.record.why if line is not None else ""
        if line is not None:
            self._which.setText(self._texts.name(line.record))
            self._which.show()
            self._why.set_tone(Tone.TEXT)
            self._why.setText(why)
        self._foot.setVisible(bool(why))
        # The evidence takes its room from the lines: the chosen one stays in sight.
        for widget in (self._foot, self):
            if (layout := widget.layout()) is not None:
                layout.activate()
        self.table.scrollTo(self.table.currentIndex())

    def _offer_export(self) -> None:
        menu = QMenu(self)
        for kind in (CSV, JSON):
            menu.addAction(self.tr("Differences as {0}…").format(kind.title), partial(self.export_wanted.emit, kind))
        menu.exec(self._export.mapToGlobal(self._export.rect().bottomLeft()))
        menu.deleteLater()

    def file_name(self) -> str:
        """What an exported difference is called."""
        return self._heading.text().replace("→", "to")

    def _say(self, title: str, note: str) -> None:
        self._heading.setText(title)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(title)

    def _replace(self, widget: QWidget) -> None:
        older = self._message
        self._message = widget
        self._pages.addWidget(widget)
        self._pages.setCurrentWidget(widget)
        if older is not None:
            self._pages.removeWidget(older)
            older.deleteLater()
