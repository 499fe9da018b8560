"""The list of stores at the left: name, health in one word, sandbox or live at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSpacerItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crashdesk_gui.context import UiContext
from crashdesk_gui.joined_words import listed
from crashdesk_gui.theme import Status, Theme, Tone
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button

_STORE = Qt.ItemDataRole.UserRole
_NARROWEST, _WIDEST = 152, 208
_PAGE = 808
"""As wide a page wants to be, in pixels, before the stores get more room than they need."""
LEAST_WINDOW = _NARROWEST + _PAGE
"""So wide the window must be for its pages."""
_SEEN_AT_ONCE = 6
"""So many stores a list shows in the lowest window; of more, some may be out of sight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEntry:
    """One store: `id` its directory as text, `health` a word or two, `live` True, False (sandbox) or None (not known).

    `place` is the part of its path that tells it from others of the same name, empty where there are none.
    """

    id: str
    name: str
    place: str = ""
    status: Status = Status.UNKNOWN
    health: str = ""
    live: bool | None = None
    tip: str = ""

    @property
    def called(self) -> str:
        """The name, and where it is not enough, what tells this store from the others."""
        return f"{self.name} ({self.place})" if self.place else self.name

    @property
    def needs_attention(self) -> bool:
        """Whether something is wrong with it or differs."""
        return self.status in (Status.BAD, Status.DIFFERS)


class Sidebar(QFrame):
    """Signals: `store_selected(id)`, `open_requested()`, `menu_requested(id, global position)`."""

    store_selected = Signal(str)
    open_requested = Signal()
    menu_requested = Signal(str, QPoint)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(_WIDEST)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Stores"))
        self._list.setItemDelegate(_StoreDelegate(ui, self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setMouseTracking(True)
        self._list.viewport().setAutoFillBackground(False)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._show_menu)
        self._list.currentItemChanged.connect(self._tell)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 8)
        layout.setSpacing(0)
        self._amiss = push_button(ui, "", self._go_to_next_amiss, kind=ButtonKind.QUIET)
        self._amiss.hide()
        heading = QHBoxLayout()
        heading.setContentsMargins(16, 4, 4, 0)
        heading.addWidget(TextLabel(ui, self.tr("Stores"), TextStyle.SMALL, tone=Tone.MUTED), 1)
        heading.addWidget(self._amiss)
        heading.addSpacerItem(QSpacerItem(0, 32))
        layout.addLayout(heading)
        layout.addWidget(self._list, 1)
        self._open = push_button(
            ui,
            self.tr("Open…"),
            self.open_requested.emit,
            kind=ButtonKind.QUIET,
            icon="plus",
            tip=self.tr("Open a store"),
        )
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 0)
        foot.addWidget(self._open)
        foot.addStretch(1)
        layout.addLayout(foot)

    def leave_room(self, window: int) -> None:
        """Be no wider than a page in a window of this width can spare."""
        self.setFixedWidth(min(max(window - _PAGE, _NARROWEST), _WIDEST))

    def set_stores(self, stores: Sequence[StoreEntry]) -> None:
        """Show these stores; the selected one stays selected if it is still there, without a signal."""
        current = self.current()
        before = self._list.blockSignals(True)
        if [store.id for store in self._stores()] != [store.id for store in stores]:
            self._list.clear()
            for _store in stores:
                self._list.addItem(QListWidgetItem())
        for row, store in enumerate(stores):
            self._put(self._list.item(row), store)
        self._show_amiss()
        self._list.blockSignals(before)
        self.select(current)

    def set_health(self, store_id: str, status: Status, health: str) -> None:
        """Change one store's health."""
        for row in range(self._list.count()):
            item = self._list.item(row)
            store: StoreEntry = item.data(_STORE)
            if store.id == store_id:
                self._put(item, replace(store, status=status, health=health))
        self._show_amiss()

    def select(self, store_id: str) -> None:
        """Mark a store as the open one, without a signal; an id that is not there marks none."""
        rows = range(self._list.count())
        row = next((row for row in rows if self._list.item(row).data(_STORE).id == store_id), -1)
        before = self._list.blockSignals(True)
        self._list.setCurrentRow(row)
        self._list.blockSignals(before)
        self._list.viewport().update()

    def current(self) -> str:
        """The id of the marked store, empty if none is."""
        store = self._current()
        return "" if store is None else store.id

    def current_name(self) -> str:
        """What the marked store is called, empty if none is."""
        store = self._current()
        return "" if store is None else store.called

    def count(self) -> int:
        """How many stores are listed."""
        return self._list.count()

    def _current(self) -> StoreEntry | None:
        item = self._list.currentItem()
        store: StoreEntry | None = None if item is None else item.data(_STORE)
        return store

    def _put(self, item: QListWidgetItem, store: StoreEntry) -> None:
        item.setData(_STORE, store)
        account = {True: self.tr("live"), False: self.tr("sandbox"), None: ""}[store.live]
        parts = (store.called, account, f"{store.status.glyph} {store.health}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, listed(part for part in parts if part))
        item.setToolTip(store.tip or store.id)

    def _stores(self) -> list[StoreEntry]:
        return [self._list.item(row).data(_STORE) for row in range(self._list.count())]

    def _show_amiss(self) -> None:
        """Say how many need attention where not all can be seen."""
        stores = self._stores()
        amiss = sum(store.needs_attention for store in stores)
        self._amiss.setText(f"{Status.DIFFERS.glyph} {amiss}")
        told = self.tr("Stores that need attention: {0} of {1}. Press to go to the next one.")
        self._amiss.setToolTip(told.format(amiss, len(stores)))
        self._amiss.setAccessibleName(self._amiss.toolTip())
        self._amiss.setVisible(amiss > 0 and len(stores) > _SEEN_AT_ONCE)

    def _go_to_next_amiss(self) -> None:
        after = self._list.currentRow() + 1
        rows = [*range(after, self._list.count()), *range(after)]
        amiss = next((row for row in rows if self._list.item(row).data(_STORE).needs_attention), None)
        if amiss is not None:
            self._list.setCurrentRow(amiss)

    def _tell(self, current: QListWidgetItem | None, _previous: QListWidgetItem | None) -> None:
        if current is not None:
            self.store_selected.emit(current.data(_STORE).id)

    def _show_menu(self, position: QPoint) -> None:
        item = self._list.itemAt(position)
        if item is not None:
            self.menu_requested.emit(item.data(_STORE).id, self._list.viewport().mapToGlobal(position))


class _StoreDelegate(QStyledItemDelegate):
    """The name with the account's mark, below it the place of one that is not alone with its name, and the health in words."""

    def __init__(self, ui: UiContext, view: QListWidget) -> None:
        super().__init__(view)
        self._ui = ui
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        line = max(18, self._view.fontMetrics().height())
        return QSize(_NARROWEST - 2, (3 if index.data(_STORE).place else 2) * line + 16)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        store: StoreEntry = index.data(_STORE)
        theme = self._ui.theme
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = theme.selection if selected else theme.hover if hovered else theme.window
        painter.fillRect(option.rect, QColor(ground))
        if selected:
            bar = QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())
            painter.fillRect(bar, theme.color(Tone.ACCENT))
        if self._view.hasFocus() and selected:
            painter.setPen(QPen(theme.color(Tone.ACCENT), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
        narrow = self._view.width() < _WIDEST - 8
        inner = option.rect.adjusted(12, 8, -8, -8) if narrow else option.rect.adjusted(16, 8, -12, -8)
        line = inner.height() // (3 if store.place else 2)
        top = QRect(inner.left(), inner.top(), inner.width(), line)
        mark = self._paint_mark(painter, theme, store, top)
        painter.setFont(TextStyle.HEADING.font())
        painter.setPen(theme.color(Tone.TEXT))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        room = top.adjusted(0, 0, -mark - 8, 0)
        painter.drawText(
            room, left, painter.fontMetrics().elidedText(store.name, Qt.TextElideMode.ElideMiddle, room.width())
        )
        below = QRect(inner.left(), inner.bottom() - line + 1, inner.width(), line)
        if store.place:
            painter.setFont(TextStyle.SMALL.font())
            painter.setPen(theme.color(Tone.MUTED))
            place = painter.fontMetrics().elidedText(store.place, Qt.TextElideMode.ElideMiddle, inner.width())
            painter.drawText(below.translated(0, -line), left, place)
        painter.setFont(TextStyle.BODY.font())
        painter.setPen(theme.color(store.status.tone))
        health = f"{store.status.glyph} {store.health}"
        painter.drawText(
            below, left, painter.fontMetrics().elidedText(health, Qt.TextElideMode.ElideRight, below.width())
        )
        painter.restore()

    def _paint_mark(self, painter: QPainter, theme: Theme, store: StoreEntry, line: QRect) -> int:
        if store.live is None:
            return 0
        painter.setFont(TextStyle.SMALL.font())
        text = self.tr("LIVE") if store.live else self.tr("sandbox")
        width = painter.fontMetrics().horizontalAdvance(text) + 10
        height = painter.fontMetrics().height() + 1
        box = QRect(line.right() - width, line.center().y() - height // 2, width, height)
        painter.setPen(QPen(QColor(theme.warning if store.live else theme.strong_border), 1))
        painter.setBrush(QColor(theme.warning) if store.live else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(theme.base if store.live else theme.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width
