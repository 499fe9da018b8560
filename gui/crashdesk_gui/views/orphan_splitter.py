"""The orders above, the evidence on one of them below; the evidence gets the room that few orders leave."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.views.evidence_panel import EvidencePanel

_HEADER = 32
_FRAME = 4
_LEAST_ROWS = 5


class OrphanSplitter(QSplitter):
    """Divides by the number of rows until the operator moves the handle; that is remembered per store."""

    def __init__(self, ui: UiContext, orders: QWidget, evidence: EvidencePanel) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._ui = ui
        self._store = ""
        self._rows = 0
        self._evidence = evidence
        self._moved = False
        self._due = False
        self.setHandleWidth(8)
        self.setChildrenCollapsible(False)
        self.addWidget(orders)
        self.addWidget(evidence)
        self.splitterMoved.connect(self._remember)

    def set_store(self, store: str) -> None:
        """Take over what the operator chose for this store."""
        self._store = store
        sizes = self._ui.settings.splitter(store, "orphans")
        self._moved = len(sizes) == 2
        if self._moved:
            self.setSizes(sizes)
        else:
            self._divide_soon()

    def set_rows(self, rows: int) -> None:
        """Say how many rows the orders take, headings included."""
        if rows != self._rows:
            self._rows = rows
            self._divide_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._divide_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._divide_soon()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._due:
            self._due = False
            self._divide()
        return handled

    def _divide_soon(self) -> None:
        """Once the evidence is laid out: before, it cannot say how high it is. Never while rows are only walked through."""
        self._due = True
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def _divide(self) -> None:
        """The orders get what they need, the evidence at least two fifths, and no more than it can use."""
        if self._moved:
            return
        room = self.height() - self.handleWidth()
        wanted = _HEADER + max(self._rows, _LEAST_ROWS) * self._ui.display.row_height + _FRAME
        useful = max(self._evidence.useful_height(), room * 2 // 5)
        orders = max(min(wanted, room * 3 // 5), room - useful)
        self.setSizes([orders, room - orders])

    def _remember(self) -> None:
        self._moved = True
        self._ui.settings.set_splitter(self._store, "orphans", self.sizes())
