"""The frame: pages, stores, status line and commands, with nothing but signals going out."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QListWidget, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.palette import CommandPalette
from crashdesk_gui.display import Zone
from crashdesk_gui.jobs import JobRunner, Progress
from crashdesk_gui.theme import Status, ThemeMode
from crashdesk_gui.views.main_window import FIRST_SIZE, MainWindow
from crashdesk_gui.views.pages import PageSpec
from crashdesk_gui.views.sidebar import StoreEntry
from crashdesk_gui.views.status_line import ExchangeLine, StatusLine
from crashdesk_gui.widgets.empty import EmptyState, ErrorState
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.stack import StatefulPage

NOW = 1_763_781_128_000_000_000
SECOND = 1_000_000_000
NAMES = ("overview", "history", "positions", "orphans", "recovery", "activity")


class Page(StatefulPage):
    """A page that counts what the window asks of it."""

    def __init__(self, ui: UiContext) -> None:
        super().__init__(ui)
        self.shown = 0
        self.bar = FilterBar(ui, "Filter", parent=self)
        self.set_content(self.bar)
        self.show_content()

    def on_shown(self) -> None:
        self.shown += 1

    def focus_filter(self) -> None:
        self.bar.focus_text()


@pytest.fixture
def ui(window_ui: UiContext) -> UiContext:
    """What these tests open are windows."""
    return window_ui


@pytest.fixture
def window(ui: UiContext, qtbot: QtBot) -> MainWindow:
    window = MainWindow(ui)
    qtbot.addWidget(window)
    for name in NAMES:
        page = Page(ui)
        qtbot.addWidget(page)
        window.add_page(PageSpec(id=name, title=name.capitalize(), icon=name, make=lambda page=page: page))
    stores = (StoreEntry(id="/a", name="btc-mm", live=True), StoreEntry(id="/b", name="eth-arb", live=False))
    window.set_stores(stores)
    window.resize(1024, 720)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_a_first_window_is_no_larger_than_its_screen(ui: UiContext, qtbot: QtBot) -> None:
    first = MainWindow(ui)
    qtbot.addWidget(first)
    room = first.screen().availableSize()
    assert room.width() < FIRST_SIZE.width(), "the screen that these tests have is smaller than a desk's"
    assert first.height() < room.height(), "the window manager puts a title above it"
    assert first.width() <= room.width()


def shown_texts(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return " | ".join(labels)


def test_ctrl_and_a_digit_shows_that_page(window: MainWindow, qtbot: QtBot) -> None:
    shown: list[str] = []
    window.page_shown.connect(shown.append)
    for position, name in enumerate(NAMES[1:], start=2):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + position), Qt.KeyboardModifier.ControlModifier)
        assert window.current_page() == name
    assert shown == list(NAMES[1:])
    page = window.findChildren(Page)[0]
    before = page.shown
    window.show_page(NAMES[0])
    assert page.shown == before + 1


def test_ctrl_f_puts_the_cursor_into_the_pages_filter(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("orphans")
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.focusWidget(), QLineEdit)


def test_f5_asks_to_read_the_exchange_only_with_a_store(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.refresh_requested, timeout=1000):
        qtbot.keyClick(window, Qt.Key.Key_F5)
    window.set_stores(())
    with qtbot.assertNotEmitted(window.refresh_requested):
        qtbot.keyClick(window, Qt.Key.Key_F5)


def test_choosing_a_store_is_told_and_marking_one_is_not(window: MainWindow, qtbot: QtBot) -> None:
    chosen: list[str] = []
    window.store_selected.connect(chosen.append)
    window.set_current_store("/b")
    window.set_health("/b", Status.OK, "all right")
    window.set_stores((StoreEntry(id="/c", name="new"), StoreEntry(id="/b", name="eth-arb")))
    assert chosen == []
    qtbot.keyClick(window.findChild(QListWidget), Qt.Key.Key_Up)
    assert chosen == ["/c"]


def test_a_badge_is_also_said_in_words(window: MainWindow) -> None:
    tabs = window.findChild(QTabBar)
    window.set_badge("orphans", 3)
    assert tabs.accessibleTabName(3) == "Orphans, 3"
    window.set_badge("orphans", 0)
    assert tabs.accessibleTabName(3) == "Orphans"
    assert tabs.tabButton(3, QTabBar.ButtonPosition.RightSide) is None


def test_no_page_moves_when_a_badge_comes(window: MainWindow, qtbot: QtBot) -> None:
    tabs = window.findChild(QTabBar)
    qtbot.wait(1)
    before = tabs.sizeHint().height()
    window.set_badge("orphans", 3)
    assert tabs.sizeHint().height() == before


def test_without_a_store_the_welcome_is_shown(window: MainWindow, ui: UiContext) -> None:
    welcome = EmptyState(ui, "Welcome")
    window.set_welcome(welcome)
    assert not welcome.isVisible()
    window.set_stores(())
    assert welcome.isVisible()
    window.set_stores((StoreEntry(id="/a", name="btc-mm"),))
    assert not welcome.isVisible()


def test_the_status_line_tells_age_account_and_what_is_missing(window: MainWindow) -> None:
    status = window.findChild(StatusLine)
    assert "No exchange" in shown_texts(status)
    line = ExchangeLine(exchange="binanceusdm", live=True, read_at=NOW - 12 * SECOND, covered=4, scopes=5)
    window.set_exchange_line(line)
    text = shown_texts(status)
    assert "binanceusdm" in text
    assert "12 s ago" in text
    assert "4 of 5" in text
    assert "! not everything was read" in text
    complete = ExchangeLine(exchange="binanceusdm", live=False, read_at=NOW, covered=5, scopes=5)
    window.set_exchange_line(complete)
    assert "!" not in shown_texts(status)


def test_a_running_job_is_shown_with_its_cancel(window: MainWindow, runner: JobRunner, qtbot: QtBot) -> None:
    window.watch(runner)
    status = window.findChild(StatusLine)
    cancel = next(button for button in status.findChildren(QAbstractButton) if "Cancel" in button.accessibleName())
    ended = threading.Event()

    def work(progress: Progress) -> None:
        progress.report(1, 4, "comparing")
        progress.wait(30)
        ended.set()
        progress.raise_if_cancelled()

    runner.run(work, title="Compare")
    qtbot.waitUntil(lambda: "comparing" in shown_texts(status), timeout=3000)
    assert cancel.isVisible()
    cancel.click()
    assert ended.wait(3)
    qtbot.waitUntil(lambda: not cancel.isVisible(), timeout=3000)


def test_choices_are_remembered(window: MainWindow, ui: UiContext) -> None:
    window.commands.action("zone").trigger()
    window.commands.action("compact").trigger()
    window.commands.action("theme-dark").trigger()
    assert (ui.display.zone, ui.settings.zone()) == (Zone.LOCAL, Zone.LOCAL)
    assert (ui.display.compact, ui.settings.compact()) == (True, True)
    assert (ui.themes.mode, ui.settings.theme_mode()) == (ThemeMode.DARK, ThemeMode.DARK)
    assert window.commands.action("zone").isChecked()
    window.commands.action("theme-light").trigger()


def test_the_palette_finds_a_command_by_some_letters_and_does_it(
    window: MainWindow, ui: UiContext, qtbot: QtBot
) -> None:
    palette = CommandPalette(ui, window.commands, window)
    palette.open_over(window)
    field = palette.findChild(QLineEdit)
    qtbot.keyClicks(field, "actvty")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.current_page() == "activity"


def test_the_palette_takes_wide_letters_and_says_when_nothing_fits(
    window: MainWindow, ui: UiContext, qtbot: QtBot
) -> None:
    palette = CommandPalette(ui, window.commands, window)
    palette.open_over(window)
    field = palette.findChild(QLineEdit)
    field.setText("zqx")
    told = [each.text() for each in palette.findChildren(QLabel) if each.isVisible()]
    assert told == ["No command that can be given now has these letters: zqx"]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert palette.isVisible()
    field.setText("\uff41\uff43\uff54\uff56\uff54\uff59")
    assert not any(each.isVisible() for each in palette.findChildren(QLabel))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.current_page() == "activity"


def test_commands_have_distinct_ids_and_shortcuts(window: MainWindow) -> None:
    shortcuts = [spec.shortcut for spec, _action in window.commands.all() if spec.shortcut]
    assert len(shortcuts) == len(set(shortcuts))
    with pytest.raises(ValueError, match="already"):
        window.commands.add(window.commands.spec("open"))


def test_every_control_has_a_name_for_a_screen_reader(window: MainWindow) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox)
    controls = [each for kind in kinds for each in window.findChildren(kind) if not each.objectName().startswith("qt_")]
    controls = [each for each in controls if not isinstance(each.parent(), QLineEdit | QTabBar)]
    unnamed = [each for each in controls if not (each.accessibleName() or getattr(each, "text", str)())]
    assert controls
    assert not unnamed


@pytest.mark.parametrize("size", [(1024, 720), (1280, 800)])
def test_the_frame_fits_its_smallest_size(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.set_badge("orphans", 1234)
    window.set_badge("recovery", 1)
    window.resize(*size)
    qtbot.wait(10)
    assert (window.width(), window.height()) == size
    tabs = window.findChild(QTabBar)
    assert tabs.tabRect(tabs.count() - 1).right() <= tabs.width(), "a tab is cut off"
    assert tabs.mapTo(window, tabs.rect().bottomRight()).x() <= window.width()


def test_an_error_answers_three_questions(ui: UiContext, qtbot: QtBot) -> None:
    page = StatefulPage(ui)
    qtbot.addWidget(page)
    page.resize(640, 480)
    page.show()
    page.show_error(
        ErrorState(ui, "The exchange did not answer", meaning="Open orders are not known.", remedy="Read again.")
    )
    for answer in ("The exchange did not answer", "Open orders are not known.", "Read again."):
        assert answer in shown_texts(page)
    page.show_loading("Reading…").set_progress(1, 2, "orders")
    assert "Reading…" in shown_texts(page)
    assert "did not answer" not in shown_texts(page)
    assert not page.showing_content


def test_of_many_stores_those_that_need_attention_are_counted_and_reached_one_after_another(
    window: MainWindow, qtbot: QtBot
) -> None:
    amiss = {2, 9}
    stores = [
        StoreEntry(id=f"/{each}", name=f"bot-{each}", status=Status.BAD if each in amiss else Status.OK, health="?")
        for each in range(12)
    ]
    window.set_stores(stores)
    window.set_current_store("/0")
    (count,) = [each for each in window.findChildren(QPushButton) if each.isVisible() and each.text() == "! 2"]
    chosen: list[str] = []
    window.store_selected.connect(chosen.append)
    for _ in range(3):
        qtbot.mouseClick(count, Qt.MouseButton.LeftButton)
    assert chosen == ["/2", "/9", "/2"]
    window.set_health("/2", Status.OK, "running")
    window.set_health("/9", Status.OK, "running")
    assert not count.isVisible()
