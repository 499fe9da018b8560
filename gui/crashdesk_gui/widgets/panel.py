"""A titled part of a page with one thin border, and the page margins that all pages share."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import TextLabel, TextStyle

PAGE_MARGIN = 16
PAGE_GAP = 8


class Panel(QFrame):
    """A frame with an optional heading row (title, muted note, widgets at the right end) and a body.

    `flush=True` lets the body touch the border, for a table.
    """

    def __init__(self, ui: UiContext, title: str = "", *, flush: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        # Never without a parent, which a panel without a heading would leave them: they would outlive it.
        self._title = TextLabel(ui, title, TextStyle.HEADING, parent=self)
        self._note = TextLabel(ui, tone=Tone.MUTED, parent=self)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(15, 7, 7, 7)
        self._head.setSpacing(8)
        self._head.addWidget(self._title)
        self._head.addWidget(self._note)
        self._head.addStretch(1)
        self._body = QVBoxLayout()
        margin = 0 if flush else 15
        self._body.setContentsMargins(margin, 0 if title else margin, margin, margin)
        self._body.setSpacing(8)
        if title:
            outer.addLayout(self._head)
        else:
            self._title.hide()
            self._note.hide()
        outer.addLayout(self._body, 1)

    def set_title(self, title: str, note: str = "") -> None:
        """Change the heading of a panel that was made with one."""
        self._title.setText(title)
        self._note.setText(note)

    def add_head_widget(self, widget: QWidget) -> None:
        """Put a widget at the right end of the heading."""
        self._head.addWidget(widget)

    def add_head_words(self, widget: QWidget) -> None:
        """Put words at the right end of the heading: they end where the body's content ends, as a button's words do."""
        self._head.addWidget(widget)
        self._head.addSpacing(8)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget under what is in the body already."""
        self._body.addWidget(widget, stretch)

    def body(self) -> QVBoxLayout:
        """The body's layout."""
        return self._body


def page_layout(page: QWidget) -> QVBoxLayout:
    """The column layout with the margins and gaps of every page."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN)
    layout.setSpacing(PAGE_GAP)
    return layout
