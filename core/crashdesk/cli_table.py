"""Tables for a terminal of any width: what does not fit beside goes below, and no value is ever cut or torn apart."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import msgspec
from rich.cells import cell_len
from rich.console import Console

_INDENT = "  "
_NOTE_INDENT = "    "


class Column(msgspec.Struct, frozen=True):
    """A heading; numbers stand at the right."""

    title: str
    right: bool = False


class Row(msgspec.Struct, frozen=True):
    """A cell for each column, and what is to be said of the row besides."""

    cells: tuple[str, ...]
    note: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A titled table; without a title nothing stands above its headings, without headings only the cells are there."""

    title: str = ""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def headed(self) -> bool:
        """Whether there is any heading."""
        return any(column.title for column in self.columns)


def printable(text: str) -> str:
    """On one line, and without the characters that would steer the terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in " ".join(text.split()))


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as it is printed."""

    headings: tuple[str, ...]
    body: tuple[str, ...]


def lines_of(listing: Listing, width: int | None) -> Lines:
    """The listing in lines of at most `width` columns, as far as no single value is wider; None for one line a row.

    On one line a note is the last column. In a terminal it stands below its row.
    """
    rows = [tuple(printable(cell) for cell in row.cells) for row in listing.rows]
    notes = [printable(row.note) for row in listing.rows]
    columns = listing.columns
    if width is None and any(notes):
        columns = (*columns, Column("note" if listing.headed else ""))
        rows = [(*row, note) for row, note in zip(rows, notes, strict=True)]
    headings = tuple(column.title for column in columns)
    widths = [max(map(cell_len, cells)) for cells in zip(headings, *rows, strict=True)]
    gap, groups = _layout(widths, width)

    def laid_out(cells: Sequence[str]) -> Iterator[str]:
        for number, group in enumerate(groups):
            line = gap.join(_padded(cells[each], widths[each], right=columns[each].right) for each in group)
            yield (_INDENT if number else "") + line.rstrip()

    body: list[str] = []
    for row, note in zip(rows, notes, strict=True):
        body += laid_out(row)
        if note and width is not None:
            body += _folded(note, width)
    return Lines(headings=tuple(laid_out(headings)) if listing.headed else (), body=tuple(body))


def print_listing(console: Console, listing: Listing) -> None:
    """Print with its title, as wide as the terminal; a file or a pipe gets one line a row."""
    lines = lines_of(listing, console.width if console.is_terminal else None)
    if listing.title:
        console.print(listing.title, style="bold", markup=False)
    for line in lines.headings:
        console.print(line, style="dim", markup=False, soft_wrap=True)
    for line in lines.body:
        console.print(line, markup=False, soft_wrap=True)


def say(console: Console, text: str) -> None:
    """A sentence: folded between words in a terminal, one line elsewhere."""
    console.print(text, markup=False, soft_wrap=not console.is_terminal)


def _layout(widths: Sequence[int], width: int | None) -> tuple[str, list[list[int]]]:
    """What stands between two columns, and which columns share a line."""
    everything = list(range(len(widths)))
    if width is None or sum(widths) + 2 * (len(widths) - 1) <= width:
        return "  ", [everything]
    if sum(widths) + len(widths) - 1 <= width:
        return " ", [everything]
    groups: list[list[int]] = [[]]
    used = 0
    for each in everything:
        needed = widths[each] + (2 if groups[-1] else 0)
        if groups[-1] and used + needed > width:
            groups.append([])
            used, needed = len(_INDENT), widths[each]
        groups[-1].append(each)
        used += needed
    return "  ", groups


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def _folded(note: str, width: int) -> list[str]:
    return textwrap.wrap(
        note,
        max(width, len(_NOTE_INDENT) + 20),
        initial_indent=_NOTE_INDENT,
        subsequent_indent=_NOTE_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
