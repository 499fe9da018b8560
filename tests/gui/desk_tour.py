"""Through every page, state and dialog of the desk, for tests that look at all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTableView,
    QWidget,
)

from crashdesk.clock import SystemClock
from crashdesk.config import StoreManifest
from crashdesk.errors import ExchangeUnavailable
from crashdesk_gui.connection import ExchangeAccess, connection_of
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.about import AboutDialog
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.dialogs.crash import CrashDialog
from crashdesk_gui.dialogs.palette import CommandPalette
from crashdesk_gui.dialogs.shortcuts import ShortcutSheet
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.views.connect_dialog import ConnectDialog
from crashdesk_gui.views.recovery_page import Step

NOW = 1_763_781_128_000_000_000
SIZE = (1024, 720)
Stop = tuple[str, QWidget]


@contextmanager
def desk_speaking(
    ui: UiContext, app: QApplication, language: Language, directory: Path, qtbot, size: tuple[int, int] = SIZE
) -> Iterator[Tour]:
    """A desk on the incident's store, its window 1024 by 720, everything of it gone afterwards."""
    languages = Languages(app, language)
    ui.display.retranslate()
    store = store_before_the_crash(directory / "store", NOW)
    exchange = exchange_after_the_crash(NOW)
    clock = DeskClock(NOW)
    desk = Desk(
        ui,
        who="ops",
        clock=clock,
        open_exchange=lambda _manifest: exchange,
        restart_bot=lambda: None,
        start_demo=lambda: None,
        confirm=lambda *_question: True,
        languages=languages,
    )
    desk.window.resize(*size)
    desk.window.show()
    yield Tour(desk, store, exchange, qtbot)
    desk.window.close()
    desk.close()
    desk.window.deleteLater()
    desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    languages.close()


class Tour:
    """The way through the incident; each stop is a name and the widget to look at."""

    def __init__(self, desk: Desk, store: Path, exchange, qtbot) -> None:
        self.desk = desk
        self._store = store
        self._exchange = exchange
        self._qtbot = qtbot

    def stops(self) -> Iterator[Stop]:
        desk = self.desk
        yield self._at("welcome")
        desk.open_store(self._store)
        self._until(lambda: desk.session is not None and desk.session.comparison is not None)
        yield from self._pages("compared")
        yield from self._steps()
        yield from self._dialogs()
        desk.session.execute()
        self._until(lambda: desk.session.report is not None)
        yield from self._pages("recovered")
        self._exchange.clock_offset_ns = self._unreachable
        desk.session.compare()
        self._until(lambda: desk.session.comparing_error is not None)
        yield from self._pages("unreachable")
        desk.close_store(desk.session.key)
        yield from self._pages("closed")

    def _pages(self, state: str) -> Iterator[Stop]:
        window, history = self.desk.window, self.desk.pages.history
        for page in ("overview", "orphans", "activity", "recovery", "positions", "history"):
            window.show_page(page)
            yield self._at(f"{page} {state}")
        if state == "compared":
            history.table.selectAll()
            yield self._at("history, several rows")
            history.table.select_first()
            history.show_against_exchange()
            yield self._at("history against the exchange")

    def _steps(self) -> Iterator[Stop]:
        self.desk.window.show_page("recovery")
        for step in Step:
            self.desk.pages.recovery.show_step(step)
            yield self._at(f"recovery {step.name}")

    def _dialogs(self) -> Iterator[Stop]:
        desk, window = self.desk, self.desk.window
        session = desk.session
        asking = CancellationController(desk.ui, PlanWords(desk.ui.display), parent=window)
        question = asking.question(session.comparison.plan, session.decisions)
        assert question is not None
        manifest = StoreManifest(bot="btc-grid", exchange="binanceusdm", account="main")
        access = ExchangeAccess(clock=SystemClock(), environ={}, from_keyring=lambda _exchange, _account: None)
        connecting = desk.connecting
        dialogs: dict[str, Callable[[], QDialog]] = {
            "connect": lambda: ConnectDialog(
                desk.ui,
                manifest,
                connection_of(manifest),
                access,
                lookups=connecting.lookups,
                reads=connecting.reads,
                parent=window,
            ),
            "palette": lambda: CommandPalette(desk.ui, window.commands, window),
            "shortcuts": lambda: ShortcutSheet(desk.ui, window.commands, window),
            "confirm": lambda: ConfirmDestructive(desk.ui, question, window),
            "about": lambda: AboutDialog(desk.ui, "1.0", parent=window),
            "crash": lambda: CrashDialog(desk.ui, "", window),
        }
        for name, make in dialogs.items():
            dialog = make()
            if isinstance(dialog, CommandPalette):
                dialog.open_over(window)
            else:
                dialog.show()
            self._until(lambda: not connecting.lookups.busy and not connecting.reads.busy)
            yield self._at(name, dialog)
            dialog.close()
            dialog.deleteLater()

    def _at(self, name: str, widget: QWidget | None = None) -> Stop:
        self._until(lambda: self.desk.session is None or not self.desk.session.busy)
        for _ in range(8):
            self._qtbot.wait(5)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return name, widget or self.desk.window

    def _until(self, condition) -> None:
        self._qtbot.waitUntil(condition, timeout=15_000)

    @staticmethod
    def _unreachable() -> int:
        raise ExchangeUnavailable("binanceusdm")


def shown_texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that can be seen or heard in `widget`, with what shows it."""
    for child in [widget, *widget.findChildren(QWidget)]:
        if not child.isVisible():
            continue
        kind = type(child).__name__
        yield f"{kind} name", child.accessibleName()
        yield f"{kind} tip", child.toolTip()
        if isinstance(child, QLabel | QAbstractButton):
            yield kind, child.text()
        elif isinstance(child, QLineEdit):
            yield kind, child.placeholderText()
        elif isinstance(child, QTabBar):
            yield from ((f"{kind} tab", child.tabText(index)) for index in range(child.count()))
        elif isinstance(child, QComboBox):
            yield from ((f"{kind} item", child.itemText(index)) for index in range(child.count()))
        elif isinstance(child, QTableView):
            yield from _cells(child)
    for menu in widget.findChildren(QMenu):
        yield "menu", menu.title()
        yield from (("menu action", action.text()) for action in menu.actions())
        yield from (("menu tip", action.toolTip()) for action in menu.actions())


def _cells(view: QTableView) -> Iterator[tuple[str, str]]:
    model = view.model()
    for column in range(model.columnCount()):
        yield "header", str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(), 30)):
            yield f"cell of {view.accessibleName()}", str(model.index(row, column).data() or "")


def plain(text: str) -> str:
    """A label's text without its markup and its mnemonics."""
    return re.sub(r"<[^>]+>", "", text).replace("&", "")


def clipped(widget: QWidget) -> Iterator[str]:
    """What in `widget` has less room than its text needs; a label that elides on purpose tells all of it in its tip."""
    for child in widget.findChildren(QWidget):
        if not child.isVisible() or (problem := _problem(child)) is None:
            continue
        text = plain(child.text()) if isinstance(child, QLabel | QAbstractButton) else child.accessibleName()
        yield f"{type(child).__name__} {text!r}: {problem}"


def _problem(child: QWidget) -> str | None:
    problem = None
    if isinstance(child, QLabel) and child.text() and not child.toolTip():
        problem = _label_problem(child)
    elif isinstance(child, QAbstractButton) and child.text():
        problem = _less(child.width(), child.sizeHint().width(), "wide") or _outside(child)
    elif isinstance(child, QTabBar):
        needed = sum(child.tabRect(index).width() for index in range(child.count()))
        problem = _less(child.width(), needed, "wide")
    elif isinstance(child, QHeaderView) and child.orientation() is Qt.Orientation.Horizontal:
        problem = _header_problem(child)
    elif isinstance(child, QComboBox):
        problem = _less(child.width(), child.sizeHint().width(), "wide")
    return problem


def _label_problem(label: QLabel) -> str | None:
    if label.wordWrap():
        return _less(label.height(), label.heightForWidth(label.width()), "high") or _outside(label)
    return _less(label.width(), label.sizeHint().width(), "wide") or _outside(label)


def _header_problem(header: QHeaderView) -> str | None:
    model = header.model()
    for column in range(header.count()):
        title = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        tip = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        needed = header.fontMetrics().horizontalAdvance(title)
        if not header.isSectionHidden(column) and not tip and header.sectionSize(column) < needed:
            return f"the title {title!r} has {header.sectionSize(column)} of {needed} pixels"
    return None


def _less(given: int, needed: int, what: str) -> str | None:
    # One pixel is lost to rounding at fractional positions.
    return None if given >= needed - 1 else f"{given} of {needed} pixels {what}"


def _outside(child: QWidget) -> str | None:
    """A part that the window cuts off; what a scroll area holds can be brought into sight."""
    parent = child.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QAbstractScrollArea):
            return None
        parent = parent.parentWidget()
    seen = child.visibleRegion().boundingRect()
    return (
        None if seen.width() >= child.width() - 1 and seen.height() >= child.height() - 1 else "cut off by its parent"
    )
