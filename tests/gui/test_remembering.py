"""What the operator arranged is there again at the next start, for each store by itself; damage is told once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeMode
from crashdesk_gui.widgets.filterbar import FilterBar

NOW = 1_763_781_128_000_000_000


@contextmanager
def desk_on(ui: UiContext, store: Path, qtbot) -> Iterator[Desk]:
    """A desk on a store, from its start to its end."""
    exchange = exchange_after_the_crash(NOW)
    desk = Desk(ui, who="ops", clock=DeskClock(NOW), open_exchange=lambda _manifest: exchange)
    desk.window.show()
    desk.open_store(store)
    qtbot.waitUntil(lambda: desk.session is not None and desk.session.comparison is not None)
    qtbot.waitUntil(lambda: not desk.session.busy)
    yield desk
    desk.window.close()
    desk.close()
    desk.window.deleteLater()
    desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def ui(window_ui: UiContext) -> UiContext:
    """What these tests open are windows."""
    return window_ui


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return store_before_the_crash(tmp_path / "store", NOW)


def field(page: QWidget) -> QLineEdit:
    return page.findChild(FilterBar).findChild(QLineEdit)


@pytest.mark.parametrize("name", ["history", "orphans", "activity"])
def test_the_filters_of_every_page_come_back(ui: UiContext, store: Path, qtbot, name: str) -> None:
    with desk_on(ui, store, qtbot) as desk:
        page = getattr(desk.pages, name)
        desk.window.show_page(name)
        field(page).setText("btc")
        for combo in page.findChild(FilterBar).findChildren(QComboBox):
            combo.setCurrentIndex(1)
        qtbot.wait(120)
    with desk_on(ui, store, qtbot) as desk:
        page = getattr(desk.pages, name)
        assert desk.window.current_page() == name
        assert field(page).text() == "btc"
        assert all(combo.currentIndex() == 1 for combo in page.findChild(FilterBar).findChildren(QComboBox))


def test_another_store_has_a_filter_of_its_own(ui: UiContext, store: Path, tmp_path: Path, qtbot) -> None:
    with desk_on(ui, store, qtbot) as desk:
        field(desk.pages.orphans).setText("btc")
        qtbot.wait(120)
    with desk_on(ui, store_before_the_crash(tmp_path / "other", NOW), qtbot) as desk:
        assert field(desk.pages.orphans).text() == ""


def test_sorting_columns_and_the_parts_of_a_page_come_back(ui: UiContext, store: Path, qtbot) -> None:
    with desk_on(ui, store, qtbot) as desk:
        desk.window.resize(1200, 760)
        desk.window.show_page("activity")
        view = desk.pages.activity.audit_view
        view.sort_by(2, Qt.SortOrder.AscendingOrder)
        view.setColumnWidth(2, 133)
        splitter = desk.pages.activity.findChild(QSplitter)
        splitter.setSizes([200, 300])
        splitter.splitterMoved.emit(200, 1)
        sizes = splitter.sizes()
        qtbot.wait(300)
    with desk_on(ui, store, qtbot) as desk:
        desk.window.show_page("activity")
        qtbot.wait(50)
        layout = ui.settings.columns(desk.session.key, "audit")
        assert (layout.sort, layout.descending) == ("who", False)
        assert desk.pages.activity.audit_view.columnWidth(2) == 133
        again = desk.pages.activity.findChild(QSplitter).sizes()
        assert all(abs(new - old) < 24 for new, old in zip(again, sizes, strict=True))


def test_damaged_settings_are_told_once_and_do_not_stop_the_desk(
    ui: UiContext, store: Path, tmp_path: Path, qtbot
) -> None:
    raw = QSettings(str(tmp_path / "desk.ini"), QSettings.Format.IniFormat)
    raw.setValue("look/theme", "purple")
    raw.sync()
    settings = DeskSettings(QSettings(str(tmp_path / "desk.ini"), QSettings.Format.IniFormat))
    assert settings.theme_mode() is ThemeMode.SYSTEM
    with desk_on(UiContext(ui.themes, ui.icons, ui.display, settings), store, qtbot) as desk:
        assert "look/theme was unreadable" in desk.window.banner.text
        assert not desk.window.banner.isHidden()
        desk.window.banner.hide()
        desk.select_store(desk.session.key)
        assert desk.window.banner.isHidden()
