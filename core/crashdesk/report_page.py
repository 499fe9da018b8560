"""A page of titled parts as Markdown, and as one self-contained page of HTML. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import msgspec

_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
# Light whatever the reader's theme is: it is read on paper, too.
_CSS = """
:root { color-scheme: light; --text: #191d24; --muted: #596273; --line: #dfe2e8; --tint: #f5f6f8; --bad: #b91c27; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: #ffffff; max-width: 80rem; margin: 2rem auto;
  padding: 0 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2rem; break-after: avoid; }
p.problem { border-left: 3px solid var(--bad); padding-left: .75rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--muted); background: var(--tint); white-space: nowrap; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th.number, td.number { text-align: right; }
@page { size: A4 landscape; margin: 12mm; }
@media print { body { font-size: 9pt; margin: 0; max-width: none; padding: 0; } tr { break-inside: avoid; } }
"""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Cells as text; `numeric` are the positions of right-aligned columns."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A titled part: sentences, then perhaps points of a list, then perhaps a table."""

    title: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A whole page; `problem` stands out under the title."""

    title: str
    problem: str
    sections: tuple[Section, ...]


def as_markdown(page: Page) -> str:
    """Markdown with pipe tables; what comes from outside is escaped."""
    lines = [f"# {_markdown(page.title)}", ""]
    if page.problem:
        lines += [f"**{_markdown(page.problem)}**", ""]
    for section in page.sections:
        lines += [f"## {_markdown(section.title)}", ""]
        for sentence in section.sentences:
            lines += [_markdown(sentence), ""]
        if section.points:
            lines += [*(f"- {_markdown(point)}" for point in section.points), ""]
        if section.table is not None:
            lines += [*_markdown_table(section.table), ""]
    return "\n".join(lines).rstrip() + "\n"


def as_html(page: Page) -> str:
    """One HTML page that needs nothing else; what comes from outside is escaped."""
    title = html.escape(page.title)
    parts = [f"<h1>{title}</h1>"]
    if page.problem:
        parts.append(f'<p class="problem">{html.escape(page.problem)}</p>')
    for section in page.sections:
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts += [f"<p>{html.escape(sentence)}</p>" for sentence in section.sentences]
        if section.points:
            points = "\n".join(f"<li>{html.escape(point)}</li>" for point in section.points)
            parts.append(f"<ul>\n{points}\n</ul>")
        if section.table is not None:
            parts.append(_html_table(section.table))
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n<style>{_CSS}</style>\n'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _markdown(text: str) -> str:
    """One line in which nothing is markup."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


def _markdown_table(table: Table) -> list[str]:
    marks = ["---:" if position in table.numeric else "---" for position in range(len(table.headers))]
    lines = [[_markdown(each) for each in table.headers], marks]
    lines += [[_markdown(cell) for cell in row] for row in table.rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _html_table(table: Table) -> str:
    number = ' class="number"'

    def row(cells: Sequence[str], tag: str) -> str:
        inside = "".join(
            f"<{tag}{number if position in table.numeric else ''}>{html.escape(cell)}</{tag}>"
            for position, cell in enumerate(cells)
        )
        return f"<tr>{inside}</tr>"

    head = f"<thead>{row(table.headers, 'th')}</thead>\n" if any(table.headers) else ""
    return f"<table>\n{head}<tbody>\n" + "\n".join(row(each, "td") for each in table.rows) + "\n</tbody>\n</table>"
