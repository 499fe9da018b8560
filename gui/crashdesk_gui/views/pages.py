"""What a page is to the main window."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """One tab: `id` is stable, `title` translated, `icon` a name in `resources/icons`.

    `make` returns the page's widget, always the same one; it is called when the page is needed. The widget may offer
    `on_shown()` (it became visible) and `focus_filter()` (Ctrl+F); the window calls those that are there.
    """

    id: str
    title: str
    icon: str
    make: Callable[[], QWidget]


@runtime_checkable
class Shown(Protocol):
    """A page that wants to know when it becomes visible."""

    def on_shown(self) -> None: ...


@runtime_checkable
class Filterable(Protocol):
    """A page that has a filter to put the cursor into."""

    def focus_filter(self) -> None: ...
