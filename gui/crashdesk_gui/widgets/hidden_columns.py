"""The mark at the end of a table's header: so many columns have no room, and where to have them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHeaderView

from crashdesk_gui.context import UiContext
from crashdesk_gui.joined_words import listed
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import TextStyle

_MARGIN = 4
_PADDING = 4
_HEIGHT = 24
_INSET = 3
_BESIDE_TITLE = 8


def width_beside_mark(title: str, hidden: int) -> int:
    """What the last column needs, in pixels, for its title and the short mark of so many `hidden` ones side by side."""
    metrics = QFontMetrics(TextStyle.SMALL.font())
    mark = metrics.horizontalAdvance(f"+{hidden}") + 2 * _PADDING
    return metrics.horizontalAdvance(title) + mark + 2 * _BESIDE_TITLE + _MARGIN


class HiddenColumns(QAbstractButton):
    """Stands in `header` while columns have no room; pressing it calls `choose`, which offers them."""

    def __init__(self, ui: UiContext, header: QHeaderView, choose: Callable[[], object]) -> None:
        super().__init__(header)
        self._ui = ui
        self._header = header
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(TextStyle.SMALL.font())
        self.hide()
        self.clicked.connect(lambda _checked=False: choose())
        ui.themes.changed.connect(self.update)

    def tell(self, titles: Sequence[str]) -> None:
        """Name the columns for which there is no room; none hides the mark."""
        self.setVisible(bool(titles))
        if not titles:
            return
        told = self.tr("There is no room for: {0}. Press to choose what is shown; the table then scrolls sideways.")
        self.setToolTip(told.format(listed(titles)))
        self.setAccessibleName(self.toolTip())
        self.setText(self.tr("+%n column(s)", "", len(titles)))
        if self.sizeHint().width() > self._room_beside_title():
            self.setText(f"+{len(titles)}")
        size = self.sizeHint()
        left = self._header.width() - size.width() - _MARGIN
        self.setGeometry(left, (self._header.height() - size.height()) // 2, size.width(), size.height())
        self.raise_()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._ui.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.base))
        painter.drawRect(self.rect())
        # On a ground of its own: beside a title, `+4` alone reads as if it were a value of that column.
        painter.setBrush(QColor(theme.selection if self.underMouse() else theme.hover))
        painter.drawRoundedRect(self.rect().adjusted(0, _INSET, 0, -_INSET), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(theme.color(Tone.ACCENT), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(theme.color(Tone.ACCENT))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def _room_beside_title(self) -> int:
        """What the title of the last column in sight, with its sort mark, leaves free."""
        header = self._header
        last = header.logicalIndexAt(header.viewport().width() - 1)
        if last < 0:
            return header.viewport().width() - header.length()
        title = str(header.model().headerData(last, Qt.Orientation.Horizontal) or "")
        left = header.sectionViewportPosition(last)
        right = min(left + header.sectionSize(last), header.viewport().width())
        mark = 12 if header.sortIndicatorSection() == last else 0
        return right - max(left, 0) - self.fontMetrics().horizontalAdvance(title) - mark - 2 * _BESIDE_TITLE - _MARGIN
