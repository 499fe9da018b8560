"""Where the keyboard is: never nowhere, and back at its place when a button was only closed for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


def can_focus(widget: QWidget) -> bool:
    """Whether Tab would stop at the widget as it is shown now."""
    by_tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return by_tab and widget.isEnabled() and widget.isVisibleTo(widget.window())


def focus_chain(inside: QWidget) -> Iterator[QWidget]:
    """The widgets of `inside` in the order in which Tab comes by, those included at which it does not stop."""
    each = inside.nextInFocusChain()
    while each is not None and each is not inside:
        if inside.isAncestorOf(each):
            yield each
        each = each.nextInFocusChain()


def stop_before(widget: QWidget) -> QWidget:
    """The last widget before this one that can have the keyboard at all; itself when there is none."""
    each = widget.previousInFocusChain()
    while each is not None and each is not widget and each.focusPolicy() is Qt.FocusPolicy.NoFocus:
        each = each.previousInFocusChain()
    return widget if each is None else each


def first_focusable(inside: QWidget | None) -> QWidget | None:
    """The first widget of `inside` at which Tab would stop; None when there is none."""
    if inside is None:
        return None
    return next((each for each in focus_chain(inside) if can_focus(each)), None)


class FocusKeeper:
    """Watches over the keyboard while a page shows what is new.

    Qt moves the focus to any neighbour when its widget is disabled or hidden. Within `steady()` it goes to what `place`
    returns instead, and back to its widget when that can be used again, unless the operator has moved on.
    """

    def __init__(self, page: QWidget, place: Callable[[], QWidget | None]) -> None:
        self._page = page
        self._place = place
        self._lost: QWidget | None = None
        self._parked: QWidget | None = None

    def forget(self) -> None:
        """Let the focus stay where it is: the page has moved on by itself."""
        self._lost = self._parked = None

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Show what is new inside; the keyboard is kept."""
        before = self._page.window().focusWidget()
        yield
        after = self._page.window().focusWidget()
        if before is not None and before is not after and isValid(before) and self._page.isAncestorOf(before):
            if not can_focus(before):
                self._lost = before
                self._park()
        elif self._lost is not None:
            self._give_back(after)

    def _park(self) -> None:
        place = self._place()
        if place is not None:
            place.setFocus()
        self._parked = self._page.window().focusWidget()

    def _give_back(self, now: QWidget | None) -> None:
        lost = self._lost
        if lost is None or now is not self._parked or not isValid(lost):
            self.forget()
        elif can_focus(lost):
            lost.setFocus()
            self.forget()
