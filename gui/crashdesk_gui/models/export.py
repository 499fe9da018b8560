"""Rows of a record table as text for other programs: exact values, no grouping."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table_base import TableModel

_MOST_ZEROS = 40


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
    """Every field, those of hidden columns too, as RFC 4180 under their stable English names."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    fields = model.export_fields()
    writer.writerow([field.name for field in fields])
    writer.writerows([_text(field.value(record)) for field in fields] for record in records)
    return buffer.getvalue()


def json_text(model: TableModel[Any], records: Iterable[Any]) -> str:
    """A list of objects by the fields' names; decimals are strings, so that no reader rounds them.

    What is a dictionary of texts is an object here, and its JSON in a cell of a CSV file.
    """
    fields = model.export_fields()
    rows = [{field.name: _plain(field.value(record)) for field in fields} for record in records]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return decimal_digits(value) if isinstance(value, Decimal) else str(value)


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str | dict):
        return value
    return decimal_digits(value) if isinstance(value, Decimal) else str(value)


def decimal_digits(value: Decimal) -> str:
    """Plain digits, exact; a power of ten only where it would take more zeros than anybody reads."""
    exponent = value.as_tuple().exponent
    return format(value, "f") if isinstance(exponent, int) and abs(exponent) <= _MOST_ZEROS else str(value)


def _flat(text: str) -> str:
    return " ".join(text.replace("\t", " ").splitlines())
