"""Whoever works by keyboard sees where they are: focus changes what every control looks like, strongly enough to be seen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.theme import Status, ThemeMode
from crashdesk_gui.views.sidebar import Sidebar, StoreEntry
from crashdesk_gui.widgets.facts import FactCard
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, icon_button, push_button

SEEN = 3.0
"""The contrast by which a pixel must have changed (that of WCAG for parts of controls)."""
SEEN_ON_FILL = 2.0
"""For the frame of a filled button: it lies between the fill and the page, and stands out from the page by far more."""
ENOUGH = 40
"""How many pixels must have: a ring around the smallest control, a bare check box, has more."""


def luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def clearly_changed(before: QImage, after: QImage, seen: float = SEEN) -> int:
    """How many pixels differ by a contrast that is seen."""
    assert before.size() == after.size()
    count = 0
    for y in range(before.height()):
        for x in range(before.width()):
            if before.pixel(x, y) != after.pixel(x, y):
                one, other = sorted((luminance(before.pixelColor(x, y)), luminance(after.pixelColor(x, y))))
                count += (other + 0.05) / (one + 0.05) >= seen
    return count


def text_table(ui: UiContext) -> QWidget:
    model = RecordTableModel([Column[str](id="a", title="A", text=lambda text: text)], key=lambda text: text)
    model.set_records(["one", "two"])
    view = RecordTableView(ui, model, "focus", accessible_name="table")
    model.setParent(view)
    view.setFixedHeight(120)
    return view


def filled(widget: QComboBox | QListWidget) -> QWidget:
    widget.addItems(["one", "two"])
    if isinstance(widget, QListWidget):
        widget.setCurrentRow(0)
        widget.setFixedHeight(60)
    return widget


def tabs(_ui: UiContext) -> QWidget:
    bar = QTabBar()
    bar.addTab("One")
    bar.addTab("Two")
    return bar


def checked(button: QCheckBox | QRadioButton) -> QWidget:
    button.setChecked(True)
    return button


def sidebar(ui: UiContext) -> QWidget:
    bar = Sidebar(ui)
    bar.set_stores([StoreEntry(id="/a", name="btc-mm", status=Status.OK, health="running")])
    bar.select("/a")
    return bar


CONTROLS: dict[str, Callable[[UiContext], QWidget]] = {
    **{
        f"button {kind.name}": lambda ui, kind=kind: push_button(ui, "Button", lambda: None, kind=kind)
        for kind in ButtonKind
    },
    "icon button": lambda ui: icon_button(ui, "cross", "Close", lambda: None),
    "line": lambda _ui: QLineEdit("text"),
    "plain text": lambda _ui: QPlainTextEdit("text"),
    "rich text": lambda _ui: QTextEdit("text"),
    "combo": lambda _ui: filled(QComboBox()),
    "check box": lambda _ui: QCheckBox("Check"),
    "bare check box": lambda _ui: QCheckBox(),
    "checked box": lambda _ui: checked(QCheckBox()),
    "radio": lambda _ui: QRadioButton("Radio"),
    "checked radio": lambda _ui: checked(QRadioButton()),
    "tabs": tabs,
    "list": lambda _ui: filled(QListWidget()),
    "table": text_table,
    "fact card": lambda ui: FactCard(ui, "Title", link=True),
    "sidebar": sidebar,
}


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK], ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", CONTROLS)
def test_focus_is_seen(ui: UiContext, qtbot: QtBot, name: str, mode: ThemeMode) -> None:
    ui.themes.set_mode(mode)
    page = QWidget()
    ui.themes.dress(page)
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    control, elsewhere = CONTROLS[name](ui), QPushButton("elsewhere")
    layout.addWidget(control)
    layout.addWidget(elsewhere)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    target = control.findChild(QListWidget) if name == "sidebar" else control

    def picture(focused: QWidget) -> QImage:
        focused.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if isinstance(target, QLineEdit):
            target.deselect()
        return control.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    first = picture(elsewhere)
    filled_button = name in ("button PRIMARY", "button DANGER")
    assert clearly_changed(first, picture(target), SEEN_ON_FILL if filled_button else SEEN) >= ENOUGH
    assert clearly_changed(first, picture(elsewhere)) == 0, "and is gone with the focus"
    ui.themes.set_mode(ThemeMode.LIGHT)
