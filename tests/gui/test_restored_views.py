"""What is put back where it was on a page waits for what it shows, however Python has lost sight of its scroll bar meanwhile."""

from __future__ import annotations

from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from crashdesk_gui.widgets.page_state import ViewState, restore_views


def page_with_a_column() -> tuple[QWidget, QScrollArea, QWidget]:
    page, column, content = QWidget(), QScrollArea(), QWidget()
    column.setObjectName("column")
    column.setWidget(content)
    QVBoxLayout(page).addWidget(column)
    page.resize(200, 200)
    page.show()
    return page, column, content


def test_a_column_goes_to_its_place_when_it_is_long_enough(qapp: QApplication, qtbot: Any) -> None:
    page, column, content = page_with_a_column()
    restore_views(page, {"column": ViewState(down=300)})
    assert column.verticalScrollBar().value() == 0
    # A scroll bar is made by Qt, and its Python half may go while it stays: then the next one that asks gets another.
    shiboken6.invalidate(column.verticalScrollBar())
    with qtbot.captureExceptions() as faults:
        content.resize(100, 1000)
    assert faults == []
    assert column.verticalScrollBar().value() == 300
    column.verticalScrollBar().setValue(10)
    content.resize(100, 2000)
    assert column.verticalScrollBar().value() == 10, "it came to its place once, and is the operator's since"
    page.deleteLater()


def test_a_view_that_goes_while_it_waits_is_waited_for_no_more(qapp: QApplication, qtbot: Any) -> None:
    page = QWidget()
    text = QPlainTextEdit("one line")
    text.setObjectName("notes")
    QVBoxLayout(page).addWidget(text)
    page.show()
    restore_views(page, {"notes": ViewState(down=500)})
    with qtbot.captureExceptions() as faults:
        page.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert faults == []
