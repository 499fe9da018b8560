"""The range that is chosen, the control that has the keyboard, and the checkpoint that is marked: each can be told at a look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from positions_desk import MINUTE, NOW, charted_session, look_again, show, state_at
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget
from strategies import ManualClock

from crashdesk import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.stylesheet import style_sheet
from crashdesk_gui.theme import ThemeMode
from crashdesk_gui.views.range_bar import RangeBar

SEEN = 3.0
"""The contrast by which parts of controls must differ."""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


def contrast(one: QColor, other: QColor) -> float:
    def luminance(colour: QColor) -> float:
        parts = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ground(button: QToolButton) -> QColor:
    """The colour that most of it has."""
    image: QImage = button.grab().toImage()
    counted: dict[int, int] = {}
    for y in range(image.height()):
        for x in range(image.width()):
            counted[image.pixel(x, y)] = counted.get(image.pixel(x, y), 0) + 1
    return QColor(max(counted, key=lambda pixel: counted[pixel]))


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_what_is_chosen_is_filled_and_what_has_the_keyboard_is_not(
    window_ui: UiContext, qapp, mode: ThemeMode, qtbot
) -> None:
    window_ui.themes.set_mode(mode)
    qapp.setStyleSheet(style_sheet(window_ui.themes.theme))
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    bar = RangeBar()
    column.addWidget(bar)
    window.show()
    window.activateWindow()
    focused, chosen = bar.buttons()["1 h"], bar.buttons()["All"]
    focused.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(focused.hasFocus)
    plain = ground(bar.buttons()["6 h"])
    assert contrast(ground(chosen), plain) >= SEEN
    assert contrast(ground(focused), plain) < 1.1
    unfocused = chosen.grab().toImage()
    chosen.setFocus(Qt.FocusReason.TabFocusReason)
    assert chosen.grab().toImage() != unfocused
    assert contrast(ground(chosen), plain) >= SEEN
    qapp.setStyleSheet("")
    window_ui.themes.set_mode(ThemeMode.LIGHT)


def save_another(directory: Path) -> int:
    with StateStore(directory, clock=ManualClock(NOW)) as store:
        return store.save(state_at(6, NOW - MINUTE)).seq


def test_the_marked_checkpoint_follows_the_newest_as_long_as_nobody_chose_another(
    ui: UiContext, session: StoreSession, tmp_path: Path, qtbot
) -> None:
    page = show(ui, session, tmp_path, qtbot)
    data = page.board.data
    assert data is not None
    page.select_checkpoint(int(data.seqs[-1]))
    assert page.charts.scene.selected == data.last
    newest = save_another(tmp_path / "store")
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: page.board.data is not None and int(page.board.data.seqs[-1]) == newest)
    assert page.board.data is not None
    assert page.charts.scene.selected == page.board.data.last
    assert f"checkpoint {newest}" in page.board.moment_words[1]


def test_one_that_was_chosen_by_hand_stays_marked(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> None:
    page = show(ui, session, tmp_path, qtbot)
    data = page.board.data
    assert data is not None
    page.charts.setFocus()
    QTest.keyClick(page.charts, Qt.Key.Key_End)
    QTest.keyClick(page.charts, Qt.Key.Key_Left)
    page.charts.show_crosshair(None)
    chosen = page.charts.scene.selected
    assert chosen == int(data.times[-2])
    newest = save_another(tmp_path / "store")
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: page.board.data is not None and int(page.board.data.seqs[-1]) == newest)
    assert page.charts.scene.selected == chosen
