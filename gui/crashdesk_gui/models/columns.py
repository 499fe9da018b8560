"""What a table shows: its columns, its headings, and the item roles of its model."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt

from crashdesk_gui.theme import Tone

T = TypeVar("T")


class Role(IntEnum):
    """The model's own item roles."""

    RECORD = Qt.ItemDataRole.UserRole + 1
    KEY = Qt.ItemDataRole.UserRole + 2
    TONE = Qt.ItemDataRole.UserRole + 3
    SECTION = Qt.ItemDataRole.UserRole + 4
    STRONG = Qt.ItemDataRole.UserRole + 5


@dataclass(frozen=True)
class Field(Generic[T]):
    """A value of a record in a file: its stable English name, and the exact value for other programs."""

    name: str
    value: Callable[[T], object]


@dataclass(frozen=True, kw_only=True)
class Column(Generic[T]):
    """One column of a record table.

    Attributes: `id` stable, for settings and JSON; `title` translated; `text` what is shown; `sort` a comparable key or None
    for "no value", which always comes last (default: the shown text); `export` the exact value for CSV, JSON and the
    clipboard (default: the shown text); `fields` what CSV and JSON hold instead of that one
    value under its `id`; `numeric` aligns right; `tone` colours the text; `strong` makes it bold; `check`
    puts the row's checkbox here; `width` in pixels; `stretch` takes the room that is left; `wrap` breaks a
    long text into lines, in a row as high as they need; `whole`, and `numeric` too, is never narrower than its texts, or
    than their numbers where it may `wrap`; `visible` by default.
    """

    id: str
    title: str
    text: Callable[[T], str]
    sort: Callable[[T], Any] | None = None
    export: Callable[[T], object] | None = None
    fields: tuple[Field[T], ...] | None = None
    numeric: bool = False
    tooltip: Callable[[T], str] | None = None
    tone: Callable[[T], Tone | None] | None = None
    strong: Callable[[T], bool] | None = None
    check: bool = False
    width: int = 112
    stretch: bool = False
    wrap: bool = False
    whole: bool = False
    visible: bool = True


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group of rows under a heading. `id` is what the model's `section_of` returns; `note` stands muted after the title.

    `counted` shows how many rows there are.
    """

    id: Hashable
    title: str
    note: str = ""
    tone: Tone = Tone.TEXT
    counted: bool = True


@dataclass(frozen=True)
class SectionRow:
    """What `Role.SECTION` returns for a heading: the section and how many rows it shows."""

    section: Section
    count: int
