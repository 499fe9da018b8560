"""Why an order is an orphan can be read in the table without touching anything; the whole fact is one hover away."""

import inspect
from collections.abc import Callable

from desk_operator import DeskOperator
from PySide6.QtWidgets import QApplication

from crashdesk.reconcile import ownership
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models import orphan_reasons
from crashdesk_gui.widgets.table import RecordTableView

ORPHANS = "Orphan orders, grouped by verdict"
VALUES = {"prefix": "btc-grid-", "client_id": ""}


def at_default_size(onlooker: DeskOperator) -> RecordTableView:
    for _ in range(2):
        onlooker.desk.window.resize(1280, 800)
        QApplication.processEvents()
        onlooker.go_to("orphans")
    return onlooker.table(ORPHANS)


def room_for(table: RecordTableView) -> Callable[[str], bool]:
    columns = table.record_model().columns
    place = next(place for place, column in enumerate(columns) if column.id == "why")
    assert not table.isColumnHidden(place)
    width = table.columnWidth(place) - 16
    return lambda text: table.metrics_of(columns[place]).horizontalAdvance(text) <= width


def test_every_reason_is_whole_at_the_default_size(onlooker: DeskOperator) -> None:
    table = at_default_size(onlooker)
    fits = room_for(table)
    column = next(column for column in table.record_model().columns if column.id == "why")
    rows = table.record_model().records()
    assert rows
    assert [text for row in rows if not fits(text := column.text(row))] == []
    # What the cell leaves out, such as amount and price, its tooltip has, and a search finds.
    assert all(len(column.tooltip(row)) > len(column.text(row)) for row in rows)
    languages = Languages(QApplication.instance(), Language.CHINESE)
    try:
        chinese = [say() for say in orphan_reasons.PHRASES]
    finally:
        languages.close()
    english = [say() for say in orphan_reasons.PHRASES]
    assert not set(chinese) & set(english)
    for text in (*chinese, *english):
        assert fits(text.format(**VALUES)), text


def test_each_short_reason_stands_for_a_sentence_that_the_comparison_says() -> None:
    source = inspect.getsource(ownership)
    assert [template for template in orphan_reasons.SHORT if f'"{template}"' not in source] == []
