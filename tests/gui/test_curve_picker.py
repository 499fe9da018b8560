"""The list of curves: its boxes stand under its heading and can be seen in both themes, checked or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from positions_desk import charted_session, show
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel

from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.stylesheet import style_sheet
from crashdesk_gui.theme import ThemeMode
from crashdesk_gui.views.positions_page import PositionsPage


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> PositionsPage:
    return show(ui, session, tmp_path, qtbot)


def box(page: PositionsPage, row: int) -> tuple[QImage, int]:
    """The line of a curve up to its colour, and where it begins in the panel."""
    view = page.picker._list
    line = view.visualItemRect(view.item(row))
    place = QRect(line.left(), line.top(), 20, line.height())
    begin = view.viewport().mapTo(page.picker, QPoint(line.left(), 0)).x()
    return view.viewport().grab(place).toImage(), begin


def coloured(picture: QImage, colour: str) -> list[int]:
    return [
        x for x in range(picture.width()) for y in range(picture.height()) if picture.pixelColor(x, y) == QColor(colour)
    ]


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_boxes_are_those_of_the_desk_under_the_heading(
    page: PositionsPage, mode: ThemeMode, qapp: QApplication
) -> None:
    page.ui.themes.set_mode(mode)
    qapp.setStyleSheet(style_sheet(page.ui.theme))
    view = page.picker._list
    view.item(0).setCheckState(Qt.CheckState.Checked)
    view.item(1).setCheckState(Qt.CheckState.Unchecked)
    theme = page.ui.theme
    checked, begin = box(page, 0)
    unchecked, _begin = box(page, 1)
    heading = next(label for label in page.picker.findChildren(QLabel) if label.text() == "Shown")
    assert coloured(checked, theme.accent_fill)
    assert not coloured(unchecked, theme.accent_fill)
    left = begin + min(coloured(unchecked, theme.muted))
    assert abs(left - heading.mapTo(page.picker, QPoint(0, 0)).x()) <= 1


def test_names_fit_beside_their_boxes(page: PositionsPage) -> None:
    view = page.picker._list
    view.item(0).setText("▼ BTC/USDT:USDT short")
    assert view.sizeHintForColumn(0) <= view.viewport().width()
