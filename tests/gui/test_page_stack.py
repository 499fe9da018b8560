"""Pages behind each other: what was hidden is right when it appears."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from crashdesk_gui.widgets.page_stack import PageStack


@pytest.fixture
def window(qtbot: Any) -> QWidget:
    """A window that is a stack of three pages: a small one, one that needs much room, one whose text wraps."""
    small, large, label = QWidget(), QWidget(), QLabel("word " * 200)
    small.setMinimumSize(100, 80)
    large.setMinimumSize(400, 300)
    label.setWordWrap(True)
    each = QWidget()
    each.stack = PageStack()
    for content in (small, large, label):
        each.stack.addWidget(around(content))
    layout = QVBoxLayout(each)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(each.stack)
    qtbot.addWidget(each)
    each.resize(200, 160)
    each.show()
    return each


def around(content: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(content)
    return page


def test_a_page_behind_asks_for_no_room_and_gets_what_it_needs_when_it_comes_to_the_front(
    window: QWidget, qtbot: Any
) -> None:
    assert (window.width(), window.height()) == (200, 160)
    window.stack.setCurrentIndex(1)
    qtbot.waitUntil(lambda: window.width() >= 400 and window.height() >= 300)
    window.stack.setCurrentIndex(0)
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() == 100)
    window.resize(150, 120)
    assert (window.width(), window.height()) == (150, 120)


def test_a_page_that_was_behind_while_the_window_grew_fills_it_when_it_comes_to_the_front(window: QWidget) -> None:
    window.resize(900, 700)
    for number in (2, 1, 0):
        window.stack.setCurrentIndex(number)
        page = window.stack.currentWidget()
        assert page.isVisible()
        assert page.geometry() == window.stack.contentsRect() == window.rect()
    label = window.findChild(QLabel)
    window.stack.setCurrentIndex(2)
    assert label.width() > 800
    assert label.height() >= label.heightForWidth(label.width())
