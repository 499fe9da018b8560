"""The mark in the desktop's tray: how the stores stand, without opening the window. Nothing where there is no tray."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from crashdesk_gui.context import UiContext
from crashdesk_gui.notice_words import health_sentence
from crashdesk_gui.theme import Status
from crashdesk_gui.views.sidebar import StoreEntry

_SIZES = (16, 22, 24, 32, 48, 64)
_MESSAGE_MS = 15000


class Tray(QObject):
    """Icon, tooltip and menu of the tray. `entries` tells the stores with their health.

    Signals: `opened()` when the operator wants the window, `store_chosen(id)`, `quit_wanted()`.
    """

    opened = Signal()
    store_chosen = Signal(str)
    quit_wanted = Signal()

    def __init__(
        self,
        ui: UiContext,
        entries: Callable[[], list[StoreEntry]],
        parent: QObject | None = None,
        *,
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._ui = ui
        self._entries = entries
        self._shown: tuple[str, Status | None] | None = None
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu()
        self._menu.aboutToShow.connect(self.fill_menu)
        if available():
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(self._on_activated)
            self._icon.messageClicked.connect(self.opened)
            self.fill_menu()
            self.update()
            self._icon.show()

    @property
    def menu(self) -> QMenu:
        """The menu, filled anew each time it is shown."""
        return self._menu

    @property
    def tooltip(self) -> str:
        """How all stores stand, as the icon says it; empty without a tray."""
        return self._icon.toolTip() if self._icon else ""

    def update(self) -> None:
        """Show how the stores stand now."""
        if self._icon is None:
            return
        entries = self._entries()
        badge = worst_status(entries)
        state = (health_sentence(entries), badge)
        if state != self._shown:
            self._shown = state
            self._icon.setToolTip(state[0])
            self._icon.setIcon(badged_icon(self._ui, badge))

    def show_message(self, title: str, text: str) -> bool:
        """Show a message at the icon; False where there is no tray that shows any."""
        if self._icon is None or not QSystemTrayIcon.supportsMessages():
            return False
        self._icon.showMessage(title, text, badged_icon(self._ui, None), _MESSAGE_MS)
        return True

    def close(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
        self._menu.deleteLater()

    def fill_menu(self) -> None:
        """Open, each store with its health, quit."""
        self._menu.clear()
        self._menu.addAction(self.tr("Open Crashdesk"), self.opened.emit)
        self._menu.addSeparator()
        for entry in self._entries():
            text = f"{entry.status.glyph} {entry.called} — {entry.health}".replace("&", "&&")
            self._menu.addAction(text, partial(self.store_chosen.emit, entry.id))
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Quit"), self.quit_wanted.emit)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.opened.emit()


def worst_status(entries: list[StoreEntry]) -> Status | None:
    """The status to mark the icon with; None when nothing needs attention."""
    found = [entry.status for entry in entries if entry.needs_attention]
    return Status.BAD if Status.BAD in found else (found[0] if found else None)


def badged_icon(ui: UiContext, badge: Status | None) -> QIcon:
    """The application's mark, with a dot in the corner when something needs attention."""
    icon = QIcon()
    for size in _SIZES:
        picture = ui.icons.app_mark(size)
        if badge is not None:
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = size * 0.5
            # A tray may be light or dark, whatever the theme: the dot brings its own ground.
            painter.setPen(QPen(Qt.GlobalColor.white, max(1.0, size / 16)))
            painter.setBrush(QColor("#d92d39" if badge is Status.BAD else "#e08a00"))
            painter.drawEllipse(QRectF(size - width - 0.5, size - width - 0.5, width, width))
            painter.end()
        icon.addPixmap(picture)
    return icon
