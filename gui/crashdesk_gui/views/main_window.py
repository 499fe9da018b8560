"""The frame: stores at the left, pages on tabs, menus, the status line. It shows and asks; it decides nothing."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from crashdesk_gui.actions import ActionSet, ActionSpec
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Zone
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.joined_words import listed
from crashdesk_gui.language import Language
from crashdesk_gui.theme import Status, ThemeMode, Tone
from crashdesk_gui.views.commands import Menus, add_window_commands
from crashdesk_gui.views.pages import Filterable, PageSpec, Shown
from crashdesk_gui.views.sidebar import LEAST_WINDOW, Sidebar, StoreEntry
from crashdesk_gui.views.status_line import ExchangeLine, StatusLine
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.focus import can_focus, first_focusable
from crashdesk_gui.widgets.page_stack import PageStack
from crashdesk_gui.widgets.panel import PAGE_GAP, PAGE_MARGIN
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.status import Badge
from crashdesk_gui.widgets.text import ButtonKind, is_pressed_by_command

LEAST_SIZE = QSize(LEAST_WINDOW, 600)
FIRST_SIZE = QSize(1280, 800)
_AROUND = QSize(16, 48)
"""What a window manager may put around a window; how much it is, is known only when the window stands there."""
_STORE_COMMANDS = ("refresh", "verify", "show-in-files", "close-store", "connect")


class MainWindow(QMainWindow):
    """One window for all stores. `banner` stands above every page, for what concerns the store rather than a page.

    Signals: `store_selected(id)`, `page_shown(id)`, `open_store_requested()`, `recent_store_requested(directory)`,
    `demo_requested()`, `connect_requested()`, `refresh_requested()` (F5: read the exchange again), `verify_requested()`,
    `show_in_files_requested(id)`, `close_store_requested(id)`, `language_requested(Language)`, `about_requested()`,
    `closing()`.
    """

    store_selected = Signal(str)
    page_shown = Signal(str)
    open_store_requested = Signal()
    recent_store_requested = Signal(str)
    demo_requested = Signal()
    connect_requested = Signal()
    refresh_requested = Signal()
    verify_requested = Signal()
    show_in_files_requested = Signal(str)
    close_store_requested = Signal(str)
    language_requested = Signal(object)
    about_requested = Signal()
    closing = Signal()

    def __init__(self, ui: UiContext, jobs: Sequence[JobRunner] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ui = ui
        self.commands = ActionSet(self, ui.icons)
        self._pages: list[PageSpec] = []
        self._badges: dict[str, QWidget] = {}
        self._welcome: QWidget | None = None
        self._sidebar = Sidebar(ui)
        self._tabs = QTabBar()
        self._tab_frame = QFrame()
        self._stack = PageStack()
        self._status = StatusLine(ui)
        self.banner = Banner(ui)
        add_window_commands(self.commands, self._slots())
        self._menus = Menus(self.commands)
        self.setMenuBar(self._menus.bar)
        self._group_choices()
        self._build()
        self._connect()
        for runner in jobs:
            self.watch(runner)
        self._show_choices()
        self.set_stores(())
        for part in (*self._menus.parts, self._sidebar, self._tab_frame, self.banner, self._status):
            ui.themes.dress(part)
        ui.display.start_ticking()

    # What the application tells the window

    def add_page(self, spec: PageSpec) -> None:
        """Add a page behind the others and its command, Ctrl+1 for the first; the first one is made and shown."""
        position = len(self._pages)
        self._pages.append(spec)
        before = self._tabs.blockSignals(True)
        self._tabs.addTab(self.ui.icons.icon(spec.icon, Tone.MUTED), spec.title)
        self._tabs.blockSignals(before)
        action_id = f"page-{spec.id}"
        shortcut = f"Ctrl+{position + 1}" if position < 9 else ""
        command = ActionSpec(id=action_id, title=spec.title, icon=spec.icon, shortcut=shortcut, group=self.tr("Go to"))
        action = self.commands.add(command, lambda: self.show_page(spec.id))
        self._tabs.setTabToolTip(position, action.toolTip())
        self._menus.add_page(self.commands, action_id)
        if position == 0:
            self._show_position(0)

    def take_page(self, page_id: str) -> None:
        """Take a page into the window that was made before anybody went to it."""
        self._widget(self._position(page_id))

    def add_view_command(self, action_id: str) -> None:
        """Put a command of `commands` at the end of the view menu."""
        self._menus.add_to_view(self.commands, action_id)

    def show_page(self, page_id: str) -> None:
        """Bring a page to the front; an unknown id does nothing."""
        position = self._position(page_id)
        if position >= 0 and position != self._tabs.currentIndex():
            self._tabs.setCurrentIndex(position)
        elif position >= 0:
            self._take_keyboard(self._widget(position))

    def current_page(self) -> str:
        """The id of the page in front, empty without pages."""
        position = self._tabs.currentIndex()
        return self._pages[position].id if 0 <= position < len(self._pages) else ""

    def set_badge(self, page_id: str, count: int, tone: Tone = Tone.WARNING, tip: str = "") -> None:
        """Show a count beside a page's title; 0 shows none. `tip` says what it counts."""
        position = self._position(page_id)
        if position < 0:
            return
        older = self._badges.pop(page_id, None)
        if older is not None:
            self._tabs.setTabButton(position, QTabBar.ButtonPosition.RightSide, None)
            older.deleteLater()
        title = self._pages[position].title
        if count > 0:
            badge = QWidget()
            badge.setToolTip(tip)
            row = QHBoxLayout(badge)
            row.setContentsMargins(0, 0, 8, 0)
            row.addWidget(Badge(self.ui, self.ui.display.count(count), tone))
            self._badges[page_id] = badge
            self._tabs.setTabButton(position, QTabBar.ButtonPosition.RightSide, badge)
        self._tabs.setAccessibleTabName(position, listed((title, str(count))) if count > 0 else title)

    def set_stores(self, stores: Sequence[StoreEntry]) -> None:
        """Show these stores in the sidebar; without any, the welcome instead of the pages."""
        self._sidebar.set_stores(stores)
        self._show_title()
        self.commands.set_enabled(bool(stores), *_STORE_COMMANDS)
        for action_id in _STORE_COMMANDS:
            reason = "" if stores else self.tr("Open a store first; this is done to the store that is shown.")
            self.commands.explain(action_id, reason)
        welcome = self._welcome if not stores else None
        self._tab_frame.setVisible(welcome is None)
        if welcome is not None:
            self._stack.setCurrentWidget(welcome)
            (first_focusable(welcome) or welcome).setFocus()
        elif self._pages:
            page = self._widget(max(self._tabs.currentIndex(), 0))
            leaving_welcome = self._stack.currentWidget() is self._welcome
            self._stack.setCurrentWidget(page)
            if leaving_welcome and isinstance(page, StatefulPage):
                page.take_focus()

    def set_current_store(self, store_id: str) -> None:
        """Mark the open store; emits nothing."""
        self._sidebar.select(store_id)
        self._show_title()

    def set_health(self, store_id: str, status: Status, health: str) -> None:
        """Change one store's health in the sidebar."""
        self._sidebar.set_health(store_id, status, health)

    def set_welcome(self, widget: QWidget) -> None:
        """What is shown while there is no store."""
        self._welcome = widget
        self._stack.addWidget(widget)
        self.ui.themes.dress(widget)
        if not self._sidebar.count():
            self.set_stores(())

    def set_exchange_line(self, line: ExchangeLine | None) -> None:
        """Show what is known of the exchange in the status line."""
        self._status.set_exchange(line)

    def set_language(self, choice: Language) -> None:
        """Mark the language that was chosen."""
        self.commands.action(f"language-{choice.value}").setChecked(True)

    def watch(self, runner: JobRunner) -> None:
        """Show the progress of a runner's jobs in the status line, with their cancel."""
        self._status.watch(runner)

    # Building

    def _build(self) -> None:
        self.setWindowIcon(self.ui.icons.app_icon())
        self._show_title()
        # A smaller screen is no reason to put a part of the window beside it.
        room = self.screen().availableSize()
        self.setMinimumSize(LEAST_SIZE.boundedTo(room))
        self.resize(FIRST_SIZE.boundedTo(room - _AROUND))
        geometry = self.ui.settings.geometry()
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setIconSize(QSize(16, 16))
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._tabs.setAccessibleName(self.tr("Pages"))
        self._tab_frame.setObjectName("tabs")
        tab_row = QHBoxLayout(self._tab_frame)
        tab_row.setContentsMargins(8, 0, 8, 0)
        tab_row.addWidget(self._tabs)
        tab_row.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._tab_frame)
        self.banner.setContentsMargins(0, PAGE_GAP, 0, 0)
        message = QVBoxLayout()
        message.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
        message.addWidget(self.banner)
        right.addLayout(message)
        right.addWidget(self._stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._sidebar)
        middle.addLayout(right, 1)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(self._status)
        self.setCentralWidget(central)

    def _slots(self) -> dict[str, Callable[[], object]]:
        slots: dict[str, Callable[[], object]] = {
            "open": self.open_store_requested.emit,
            "connect": self.connect_requested.emit,
            "demo": self.demo_requested.emit,
            "quit": self.close,
            "refresh": self.refresh_requested.emit,
            "verify": self.verify_requested.emit,
            "show-in-files": lambda: self.show_in_files_requested.emit(self._sidebar.current()),
            "close-store": lambda: self.close_store_requested.emit(self._sidebar.current()),
            "next": self._press_next,
            "find": self._focus_filter,
            "palette": self.show_palette,
            "zone": self._toggle_zone,
            "compact": self._toggle_compact,
            "shortcuts": self.show_shortcuts,
            "about": self.about_requested.emit,
        }
        slots |= {f"theme-{mode.value}": partial(self._choose_theme, mode) for mode in ThemeMode}
        return slots | {f"language-{each.value}": partial(self.language_requested.emit, each) for each in Language}

    def _group_choices(self) -> None:
        for kind, choices in (("theme", tuple(ThemeMode)), ("language", tuple(Language))):
            group = QActionGroup(self)
            for choice in choices:
                group.addAction(self.commands.action(f"{kind}-{choice.value}"))

    def _connect(self) -> None:
        self._sidebar.store_selected.connect(self.store_selected)
        self._sidebar.open_requested.connect(self.open_store_requested)
        self._sidebar.menu_requested.connect(self._show_store_menu)
        self._tabs.currentChanged.connect(self._show_position)
        self._status.zone_toggled.connect(self._toggle_zone)
        self._menus.recent.aboutToShow.connect(self._fill_recent)
        self.ui.themes.changed.connect(self._recolour_tabs)
        self.ui.display.changed.connect(self._show_choices)

    # Reactions

    def _position(self, page_id: str) -> int:
        return next((position for position, page in enumerate(self._pages) if page.id == page_id), -1)

    def _widget(self, position: int) -> QWidget:
        """A page's widget; made and taken in when it is needed first."""
        widget = self._pages[position].make()
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
            self.ui.themes.dress(widget)
        return widget

    def _show_title(self) -> None:
        name = self._sidebar.current_name()
        self.setWindowTitle(f"{name} — Crashdesk" if name else "Crashdesk")

    def _show_position(self, position: int) -> None:
        if not 0 <= position < len(self._pages):
            return
        page = self._pages[position]
        self._recolour_tabs()
        if self._sidebar.count() or self._welcome is None:
            self._stack.setCurrentWidget(self._widget(position))
        self._take_keyboard(self._widget(position))
        self.page_shown.emit(page.id)

    def _take_keyboard(self, page: QWidget) -> None:
        """A page that was gone to has the keyboard; arrow keys on the tabs and on the stores only leaf through."""
        now = self.focusWidget()
        leafing = now is not None and (now is self._tabs or self._sidebar.isAncestorOf(now))
        if isinstance(page, Shown):
            page.on_shown()
        if leafing and now is not None:
            now.setFocus()
        elif isinstance(page, StatefulPage):
            page.take_focus()

    def _recolour_tabs(self, _theme: object = None) -> None:
        for position, page in enumerate(self._pages):
            tone = Tone.ACCENT if position == self._tabs.currentIndex() else Tone.MUTED
            self._tabs.setTabIcon(position, self.ui.icons.icon(page.icon, tone))

    def _focus_filter(self) -> None:
        page = self._stack.currentWidget()
        if page is not None and isinstance(page, Filterable):
            page.focus_filter()

    def _press_next(self) -> None:
        """Go to the button of the page that stands out, and press it unless it would act at once; see `needs_press`."""
        page = self._stack.currentWidget()
        buttons = page.findChildren(QPushButton) if page is not None else []
        for kind in (ButtonKind.PRIMARY, ButtonKind.DANGER):
            for button in buttons:
                if button.property("kind") == kind.value and can_focus(button):
                    button.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    if is_pressed_by_command(button):
                        button.click()
                    return

    def _toggle_zone(self) -> None:
        zone = Zone.LOCAL if self.ui.display.zone is Zone.UTC else Zone.UTC
        self.ui.settings.set_zone(zone)
        self.ui.display.set_zone(zone)

    def _toggle_compact(self) -> None:
        compact = not self.ui.display.compact
        self.ui.settings.set_compact(compact)
        self.ui.display.set_compact(compact)

    def _choose_theme(self, mode: ThemeMode) -> None:
        self.ui.settings.set_theme_mode(mode)
        self.ui.themes.set_mode(mode)

    def _show_choices(self) -> None:
        self.commands.action("zone").setChecked(self.ui.display.zone is Zone.LOCAL)
        self.commands.action("compact").setChecked(self.ui.display.compact)
        self.commands.action(f"theme-{self.ui.themes.mode.value}").setChecked(True)

    def _fill_recent(self) -> None:
        menu = self._menus.recent
        menu.clear()
        for directory in self.ui.settings.recent_stores():
            menu.addAction(directory, partial(self.recent_store_requested.emit, directory))
        if menu.isEmpty():
            menu.addAction(self.tr("None yet")).setEnabled(False)

    def _show_store_menu(self, store_id: str, position: QPoint) -> None:
        menu = QMenu(self._sidebar)
        menu.addAction(self.tr("Copy the path"), lambda: QGuiApplication.clipboard().setText(store_id))
        menu.addAction(self.tr("Show in the file manager"), lambda: self.show_in_files_requested.emit(store_id))
        menu.addSeparator()
        menu.addAction(self.tr("Remove from the list"), lambda: self.close_store_requested.emit(store_id))
        menu.exec(position)
        menu.deleteLater()

    def show_palette(self) -> None:
        """Open the command palette."""
        from crashdesk_gui.dialogs.palette import CommandPalette

        CommandPalette(self.ui, self.commands, self).open_over(self)

    def show_shortcuts(self) -> None:
        """Open the sheet of keyboard shortcuts."""
        from crashdesk_gui.dialogs.shortcuts import ShortcutSheet

        sheet = ShortcutSheet(self.ui, self.commands, self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sidebar.leave_room(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.ui.settings.set_geometry(self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)
