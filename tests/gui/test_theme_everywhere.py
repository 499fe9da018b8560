"""Every text of the desk can be read in the theme that is worn, whichever theme it was made in and whenever it is first shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_after_crash import desk_after_crash
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.desk_pages import Pages
from crashdesk_gui.theme import ThemeMode
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.text import TextLabel


@pytest.fixture
def desk(window_ui: UiContext, qapp: QApplication, tmp_path: Path, qtbot) -> Iterator[Desk]:
    window_ui.themes.set_mode(ThemeMode.DARK)
    with desk_after_crash(window_ui, qapp, tmp_path / "store", qtbot) as each:
        yield each


def faded(desk: Desk) -> list[tuple[str, str, str]]:
    """The texts on the screen that wear another colour than the theme's."""
    theme = desk.ui.theme
    return [
        (label.text(), label.palette().color(QPalette.ColorRole.WindowText).name(), theme.color(label._tone).name())
        for label in desk.window.findChildren(TextLabel)
        if label.isVisible() and label.palette().color(QPalette.ColorRole.WindowText) != theme.color(label._tone)
    ]


def test_no_text_keeps_the_colour_of_a_former_theme(desk: Desk, qtbot) -> None:
    """Most of the pages are made in the dark and are shown in the light for the first time."""
    qtbot.waitUntil(lambda: all(desk.pages.is_made(page) for page in Pages.IDS))
    for mode in (ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.LIGHT):
        desk.ui.themes.set_mode(mode)
        for page in Pages.IDS:
            desk.window.show_page(page)
            qtbot.wait(20)
            assert not faded(desk), page
        desk.window.show_page("recovery")
        for step in Step:
            desk.pages.recovery.show_step(step)
            qtbot.wait(10)
            assert not faded(desk), step
