"""How the desk's tables are drawn: a flat header, hairlines between rows, headings across the whole width."""

from typing import Any, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from crashdesk_gui.context import UiContext
from crashdesk_gui.format import count_text
from crashdesk_gui.models.columns import Role, SectionRow
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.theme import Theme, Tone
from crashdesk_gui.widgets.number_texts import elided_between_numbers, widest_number
from crashdesk_gui.widgets.table_rows import MOST_WRAPPED
from crashdesk_gui.widgets.text import TextStyle
from crashdesk_gui.widgets.text_lines import wrapped_height, wrapping

_BEFORE_MARK = 6
_PADDING = 8


class FlatHeader(QHeaderView):
    """Column titles in muted text on a flat ground, with the sort mark beside the title."""

    def __init__(self, ui: UiContext, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._ui = ui
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setFixedHeight(32)
        ui.themes.changed.connect(self.viewport().update)
        self._titles_end: int | None = None

    def width_for_titles(self) -> int:
        """How far titles go, in pixels: to the end, or to what stands there."""
        return self.viewport().width() if self._titles_end is None else self._titles_end

    def end_titles(self, at: int | None) -> None:
        """Keep the room from `at` on free of titles; None frees none."""
        if at != self._titles_end:
            self._titles_end = at
            self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        theme = self._ui.theme
        model = self.model()
        painter.save()
        painter.fillRect(rect, QColor(theme.base))
        painter.setPen(QColor(theme.strong_border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        sorted_here = self.sortIndicatorSection() == logical
        painter.setPen(theme.color(Tone.TEXT if sorted_here else Tone.MUTED))
        painter.setFont(TextStyle.SMALL.font())
        alignment = model.headerData(logical, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        right = bool(alignment and Qt.AlignmentFlag(alignment) & Qt.AlignmentFlag.AlignRight)
        title = str(model.headerData(logical, Qt.Orientation.Horizontal) or "")
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        inner.setRight(min(inner.right(), self.width_for_titles() - _BEFORE_MARK))
        mark = 12 if sorted_here else 0
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, inner.width() - mark)
        width = metrics.horizontalAdvance(shown)
        left = inner.right() - width + 1 if right else inner.left()
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, inner.top(), width + 2, inner.height()), flags, shown)
        if sorted_here:
            self._draw_mark(painter, left - 9 if right else left + width + 9, inner.center().y())
        painter.restore()

    def _draw_mark(self, painter: QPainter, x: int, y: int) -> None:
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        rise = -2.0 if up else 2.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._ui.theme.color(Tone.ACCENT), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        points = [QPointF(x - 3.5, y - rise + 1), QPointF(x, y + rise + 1), QPointF(x + 3.5, y - rise + 1)]
        painter.drawPolyline(QPolygonF(points))


def _colours(theme: Theme) -> dict[Tone | str, QColor]:
    """What cells are painted in, made once a theme: a full table has thousands of them."""
    grounds = (theme.selection, theme.hover, theme.base, theme.border)
    return {tone: theme.color(tone) for tone in Tone} | {each: QColor(each) for each in grounds}


class RecordDelegate(QStyledItemDelegate):
    """Draws cells in the tone of their column, and heading rows across all columns.

    Signals: `text_cut(column, width)` when a text that must be whole has no room, with the pixels that it takes. Instead of
    a part of a number three dots stand there until it has.
    """

    text_cut = Signal(int, int)

    def __init__(self, ui: UiContext, view: QTableView) -> None:
        super().__init__(view)
        self._ui = ui
        self._view = view
        self._strong = TextStyle.HEADING.font()
        self._colours = _colours(ui.theme)
        ui.themes.changed.connect(self._recolour)

    def _recolour(self, theme: Theme) -> None:
        self._colours = _colours(theme)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        tone = index.data(Role.TONE)
        if isinstance(tone, Tone):
            colour = self._ui.theme.color(tone)
            option.palette.setColor(QPalette.ColorRole.Text, colour)
            option.palette.setColor(QPalette.ColorRole.HighlightedText, colour)
        if index.data(Role.STRONG):
            option.font = self._strong

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = cast("TableModel[Any]", index.model())
        record = model.record_at(index.row())
        if record is None:
            section = index.data(Role.SECTION)
            if isinstance(section, SectionRow):
                self._paint_section(painter, option.rect, section)
            return
        # The record is asked itself: every item role is a call from C++ into Python, and a full table has thousands of cells.
        column = model.columns[index.column()]
        theme, colours, rect = self._ui.theme, self._colours, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        ground = theme.selection if selected else theme.hover if hovered else theme.base
        painter.fillRect(rect, colours[ground])
        painter.setPen(colours[theme.border])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if selected and self._first_column(index):
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), theme.color(Tone.ACCENT))
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        if column.check and model.is_checkable(record):
            inner = self._paint_check(painter, rect, inner, checked=model.is_checked(record))
        font = self._strong if column.strong is not None and column.strong(record) else option.font
        tone = column.tone(record) if column.tone is not None else None
        painter.setFont(font)
        painter.setPen(colours[tone if tone is not None else Tone.TEXT])
        text = column.text(record)
        self._paint_text(painter, inner, text, index)
        if self._view.hasFocus() and self._view.currentIndex().row() == index.row():
            painter.setPen(theme.color(Tone.ACCENT))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_text(
        self, painter: QPainter, room: QRect, text: str, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        column = cast("TableModel[Any]", index.model()).columns[index.column()]
        metrics = painter.fontMetrics()
        side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignVCenter
        needed = metrics.horizontalAdvance(text)
        if needed <= room.width():
            painter.drawText(room, flags, text)
            return
        breakable = column.wrap and widest_number(metrics, text) <= room.width()
        if breakable and wrapped_height(painter.font(), text, room.width()) <= room.height():
            painter.drawText(QRectF(room), text, wrapping(flags))
        else:
            shown = "…" if column.numeric else elided_between_numbers(metrics, text, room.width())
            painter.drawText(room, flags, shown)
            about_to_grow = breakable and index.row() < MOST_WRAPPED
            if (column.numeric or column.whole) and not about_to_grow:
                self.text_cut.emit(index.column(), needed)

    def _first_column(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        return self._view.horizontalHeader().visualIndex(index.column()) == 0

    def _paint_check(self, painter: QPainter, cell: QRect, inner: QRect, *, checked: bool) -> QRect:
        theme = self._ui.theme
        box = self._check_rect(cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent_fill if checked else theme.muted), 1.2))
        painter.setBrush(QColor(theme.accent_fill) if checked else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        if checked:
            pen = QPen(QColor(theme.on_accent), 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            x, y = box.left(), box.top()
            painter.drawPolyline(
                QPolygonF([QPointF(x + 3.5, y + 7.5), QPointF(x + 6, y + 10), QPointF(x + 11, y + 4.5)])
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return inner.adjusted(box.width() + _PADDING, 0, 0, 0)

    def _check_rect(self, cell: QRect) -> QRect:
        side = 14
        return QRect(cell.left() + _PADDING, cell.center().y() - side // 2 + 1, side, side)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        ends = event.type() in (event.Type.MouseButtonRelease, event.Type.MouseButtonDblClick)
        if not ends or not isinstance(event, QMouseEvent) or not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        # The whole cell is the target: a 14 pixel box is too small for a tired hand.
        if not option.rect.contains(event.position().toPoint()):
            return False
        if event.type() == event.Type.MouseButtonDblClick:
            return True
        checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
        return bool(model.setData(index, state, Qt.ItemDataRole.CheckStateRole))

    def _paint_section(self, painter: QPainter, cell: QRect, row: SectionRow) -> None:
        theme = self._ui.theme
        painter.save()
        painter.setClipRect(cell)
        painter.fillRect(cell, QColor(theme.window))
        painter.setPen(QColor(theme.border))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        line = QRect(_PADDING, cell.top(), self._view.viewport().width() - 2 * _PADDING, cell.height())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._strong)
        painter.setPen(theme.color(row.section.tone))
        title = f"{row.section.title}  {count_text(row.count)}" if row.section.counted else row.section.title
        painter.drawText(line, flags, title)
        width = painter.fontMetrics().horizontalAdvance(title)
        if row.section.note:
            painter.setFont(TextStyle.SMALL.font())
            painter.setPen(theme.color(Tone.MUTED))
            rest = line.adjusted(width + 2 * _PADDING, 0, 0, 0)
            note = painter.fontMetrics().elidedText(row.section.note, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, flags, note)
        painter.restore()
