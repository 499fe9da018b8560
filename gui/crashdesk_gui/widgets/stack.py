"""A page's four states in one widget."""

from collections.abc import Callable

import msgspec
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.widgets.empty import EmptyState, ErrorState, LoadingState
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.focus import can_focus, first_focusable
from crashdesk_gui.widgets.page_stack import PageStack
from crashdesk_gui.widgets.page_state import PageState, forget_awaited, restore_views, views_of


class StatefulPage(QWidget):
    """Shows exactly one of: content, loading, an empty state, an error state.

    A page subclasses it, calls `set_content(widget)` once and then the `show_…` methods. It starts empty and blank.
    """

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ui = ui
        self._stack = PageStack()
        self._content: QWidget | None = None
        self._loading: LoadingState | None = None
        self._other: QWidget | None = None
        self._due: list[Callable[[], object]] = []
        self._awaited: PageState | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._stack.addWidget(QWidget())

    def when_shown(self, work: Callable[[], object]) -> None:
        """Do `work` at once while the page is visible, otherwise once before it is seen: what nobody sees takes no time."""
        if self.isVisible():
            work()
        elif work not in self._due:
            self._due.append(work)

    def catch_up(self) -> None:
        """Do now what waits for the page to be shown."""
        due, self._due = self._due, []
        for work in due:
            work()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.catch_up()

    # What the operator has in hand

    def state(self) -> PageState:
        """What is in hand here: for `restore` of a page that takes this one's place over the same session."""
        if self._awaited is not None:
            return self._awaited
        for bar in self.findChildren(FilterBar):
            bar.settle()
        return PageState(views=views_of(self), own=self.own_state())

    def restore(self, state: PageState | None) -> None:
        """Take this in hand again when the page is seen; None takes back what was not seen yet."""
        self._awaited = state
        if state is None:
            forget_awaited(self)
        else:
            self.when_shown(self._take_in_hand)

    def own_state(self) -> msgspec.Struct | None:
        """What a page has beyond its tables and columns."""
        return None

    def restore_own(self, own: msgspec.Struct) -> None:
        """Take an `own_state` in hand again; it comes after tables and columns were put where they were."""

    def _take_in_hand(self) -> None:
        state, self._awaited = self._awaited, None
        if state is None:
            return
        for bar in self.findChildren(FilterBar):
            bar.settle()
        restore_views(self, state.views)
        if state.own is not None:
            self.restore_own(state.own)

    # Content

    def set_content(self, content: QWidget) -> None:
        """Give the page its content, once; it is not shown before `show_content`."""
        self._content = content
        self._stack.addWidget(content)

    def show_content(self) -> None:
        """Show the content."""
        if self._content is not None:
            self._show(self._content)

    def show_loading(self, title: str = "") -> LoadingState:
        """Show that something is being read; the widget returned takes the progress."""
        if self._loading is None:
            self._loading = LoadingState(self.ui, title)
            self._stack.addWidget(self._loading)
        self._loading.set_title(title or self.tr("Reading…"))
        self._loading.set_progress(0, 0)
        self._show(self._loading)
        return self._loading

    def show_empty(self, empty: EmptyState | ErrorState) -> None:
        """Show why there is nothing."""
        self._replace(empty)

    def show_error(self, error: ErrorState) -> None:
        """Show an error instead of the content."""
        self._replace(error)

    @property
    def showing_content(self) -> bool:
        """Whether the content is what the operator sees."""
        return self._content is not None and self._stack.currentWidget() is self._content

    @property
    def complete(self) -> bool:
        """Whether everything is there that the page is about to show."""
        return self._loading is None or self._stack.currentWidget() is not self._loading

    def content_focus(self) -> QWidget | None:
        """Where the keyboard belongs in the content; None: its first control. Pages say better."""
        return None

    def take_focus(self) -> None:
        """Take the keyboard to what is shown, unless it is at work there already."""
        shown = self._stack.currentWidget()
        if shown is None:
            return
        now = self.window().focusWidget()
        if now is not None and now is not shown and shown.isAncestorOf(now) and can_focus(now):
            return
        self._give_focus(shown)

    def _give_focus(self, shown: QWidget) -> None:
        wanted = self.content_focus() if self.showing_content else None
        # What is being loaded has nothing to press; the keyboard waits on it, so that it is on the content next.
        (wanted or first_focusable(shown) or shown).setFocus()

    def _replace(self, widget: QWidget) -> None:
        self._stack.addWidget(widget)
        self._show(widget)
        self._other = widget

    def _show(self, widget: QWidget) -> None:
        if widget is not self._stack.currentWidget():
            now = self.window().focusWidget()
            had_focus = now is not None and self._stack.isAncestorOf(now)
            self._stack.setCurrentWidget(widget)
            if had_focus:
                # Qt has given it to the first control already, which is seldom where it belongs.
                self._give_focus(widget)
        if self._other is not None and self._other is not widget:
            self._stack.removeWidget(self._other)
            self._other.deleteLater()
            self._other = None
