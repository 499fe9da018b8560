"""Pages behind each other that fill the room they are given: only the one in front has a say in how much that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

if TYPE_CHECKING:
    from crashdesk_gui.widgets.page_state import ViewState


class PageStack(QStackedWidget):
    """A stacked widget as large as its page in front.

    Qt's own measures every page, hidden ones too, and asks each how high its texts are at every width that is tried; stacked
    pages within pages take a tenth of a second so. Here nothing above a page is laid out by the height of its texts.

    `awaited` says how tables and columns are to stand, by name, in pages that are made later.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.awaited: dict[str, ViewState] = {}

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        front = self.currentWidget()
        return front.sizeHint() if front is not None else QSize()

    def minimumSizeHint(self) -> QSize:
        front = self.currentWidget()
        return front.minimumSizeHint() if front is not None else QSize()
