"""Rows of a record table as text for other programs: exact values, no grouping."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table_base import TableModel


def tsv_text(model: TableModel[Any], records: Iterable[Any], columns: Sequence[Column[Any]] | None = None) -> str:
    """Titles and rows separated by tabs, for a spreadsheet; tabs and line breaks inside a value become spaces."""
    return "".join(tsv_lines(model, records, columns))


def tsv_lines(
    model: TableModel[Any], records: Iterable[Any], columns: Sequence[Column[Any]] | None = None
) -> Iterator[str]:
    """The same line by line, each with its end, for who has not the time to wait for all of them."""
    chosen = model.export_columns() if columns is None else [each for each in columns if each in model.export_columns()]
    yield "\t".join(column.title for column in chosen) + "\n"
    for record in records:
        yield "\t".join(_flat(_text(model.export_value(column, record))) for column in chosen) + "\n"


def csv_text(model: TableModel[Any], records: Iterable[Any]) -> str:
    """Every column, hidden ones too, as RFC 4180 with the columns' titles."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    columns = model.export_columns()
    writer.writerow([column.title for column in columns])
    writer.writerows([_text(model.export_value(column, record)) for column in columns] for record in records)
    return buffer.getvalue()


def json_text(model: TableModel[Any], records: Iterable[Any]) -> str:
    """A list of objects by column id; decimals are strings, so that no reader rounds them."""
    columns = model.export_columns()
    rows = [{column.id: _plain(model.export_value(column, record)) for column in columns} for record in records]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _flat(text: str) -> str:
    return " ".join(text.replace("\t", " ").splitlines())
