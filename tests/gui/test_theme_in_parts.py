"""A change of the theme: what is on the screen changes at once and together, the rest before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from desk_after_crash import NOW, desk_after_crash
from orphan_incident import DeskClock
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.desk_pages import Pages
from crashdesk_gui.dialogs.about import AboutDialog
from crashdesk_gui.theme import DARK, LIGHT, Theme, ThemeMode, Tone

MODES = {ThemeMode.DARK: DARK, ThemeMode.LIGHT: LIGHT}


@pytest.fixture
def desk(window_ui: UiContext, qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """A desk in the light theme, every page of which was seen, the overview in front."""
    with desk_after_crash(window_ui, qapp, tmp_path / "store", qtbot) as each:
        for page in (*Pages.IDS, "overview"):
            each.window.show_page(page)
            qtbot.wait(10)
        yield each


def colour_at(widget: QWidget, place: QPoint) -> str:
    """What is painted there, as ``#rrggbb``."""
    return widget.grab().toImage().pixelColor(place).name()


def grounds(page: QWidget) -> set[str]:
    """The colours of the page's edge and of its fields: the one is the palette's, the others are the style sheet's."""
    picture = page.grab().toImage()
    fields = [each for each in page.findChildren(QLineEdit) if each.isVisible()]
    middles = [each.mapTo(page, QPoint(each.width() // 2, 4)) for each in fields]
    return {picture.pixelColor(place).name() for place in (QPoint(2, 2), *middles)}


def wears(page: QWidget, theme: Theme) -> bool:
    """Whether nothing of the page is in another theme."""
    return grounds(page) <= {theme.window, theme.base}


def test_the_frame_and_the_page_in_front_change_in_one_go(desk: Desk) -> None:
    window = desk.window
    for mode, theme in MODES.items():
        desk.ui.themes.set_mode(mode)
        # No event was served in between.
        places = {"menus": QPoint(900, 8), "stores": QPoint(100, 400), "status": QPoint(640, window.height() - 4)}
        places["page"] = desk.pages.overview.mapTo(window, QPoint(4, 4))
        assert {name: colour_at(window, place) for name, place in places.items()} == dict.fromkeys(places, theme.window)
        assert wears(desk.pages.overview, theme)


def test_a_page_that_is_gone_to_right_after_the_change_wears_the_new_theme(desk: Desk) -> None:
    for page_id, (mode, theme) in product(Pages.IDS[1:], MODES.items()):
        desk.window.show_page("overview")
        desk.ui.themes.set_mode(mode)
        desk.window.show_page(page_id)
        assert wears(desk.pages.page(page_id), theme), (page_id, theme.name)


def test_what_is_out_of_sight_changes_in_turns_that_nobody_waits_for(desk: Desk, qtbot: QtBot) -> None:
    behind = [desk.pages.page(page) for page in Pages.IDS if page != "overview"]
    light = [page.styleSheet() for page in behind]
    desk.ui.themes.set_mode(ThemeMode.DARK)
    assert [page.styleSheet() for page in behind] == light
    qtbot.waitUntil(lambda: all(page.styleSheet() == desk.pages.overview.styleSheet() for page in behind))
    assert [page.styleSheet() for page in behind] != light


def test_whoever_changes_their_mind_at_once_finds_every_page_as_it_was(desk: Desk, qtbot: QtBot) -> None:
    desk.ui.themes.set_mode(ThemeMode.DARK)
    desk.ui.themes.set_mode(ThemeMode.LIGHT)
    for page in Pages.IDS:
        desk.window.show_page(page)
        assert wears(desk.pages.page(page), LIGHT)
        qtbot.wait(10)


def test_an_open_dialog_changes_with_the_window_and_a_later_one_is_made_in_the_new_theme(
    desk: Desk, qtbot: QtBot
) -> None:
    def about() -> AboutDialog:
        dialog = AboutDialog(desk.ui, "1.0", parent=desk.window)
        dialog.open()
        return dialog

    open_before = about()
    size = open_before.size()
    desk.ui.themes.set_mode(ThemeMode.DARK)
    later = about()
    for dialog in (open_before, later):
        assert colour_at(dialog, QPoint(4, 4)) == DARK.window
        assert dialog.size() == size
        dialog.close()
        dialog.deleteLater()


def test_what_is_asked_with_qts_own_dialog_is_asked_in_the_theme(window_ui: UiContext, qtbot: QtBot) -> None:
    """It knows of no theme, and takes the dress of the part of the window that it is given to."""
    asked: list[str] = []

    def no_directory(parent: QWidget, _title: str) -> str:
        dialog = QDialog(parent)
        QLineEdit(dialog).setGeometry(20, 20, 80, 28)
        dialog.show()
        for mode, theme in MODES.items():
            window_ui.themes.set_mode(mode)
            asked.extend(place for place in (colour_at(dialog, QPoint(4, 4)), colour_at(dialog, QPoint(60, 24))))
            assert asked[-2:] == [theme.window, theme.base]
        dialog.deleteLater()
        return ""

    with closing(Desk(window_ui, who="ops", clock=DeskClock(NOW), ask_path=no_directory)) as desk:
        desk.window.show()
        desk.window.commands.action("open").trigger()
        desk.window.close()
        desk.window.deleteLater()
    desk.deleteLater()
    assert len(asked) == 4


def test_a_menu_that_is_opened_right_after_the_change_has_its_icons_in_the_new_colours(desk: Desk) -> None:
    menu = next(each for each in desk.window.menuBar().findChildren(QMenu) if "File" in each.title())
    for mode, theme in MODES.items():
        desk.ui.themes.set_mode(mode)
        menu.popup(QPoint(0, 0))
        wanted = desk.ui.icons.icon("open").pixmap(16, 16).toImage()
        shown = desk.window.commands.action("open").icon().pixmap(16, 16).toImage()
        assert shown == wanted
        assert colour_at(menu, QPoint(3, 3)) == theme.raised
        menu.close()


def test_an_icon_is_drawn_in_exactly_its_colour_and_fades_when_it_cannot_be_pressed(desk: Desk) -> None:
    plus = desk.ui.icons.icon("plus", Tone.DANGER)
    middle = plus.pixmap(24, 24).toImage().pixelColor(12, 12)
    faded = plus.pixmap(24, 24, plus.Mode.Disabled).toImage().pixelColor(12, 12)
    assert middle == desk.ui.theme.color(Tone.DANGER)
    assert faded.alpha() == 255
    assert faded not in (middle, QColor(desk.ui.theme.window))
