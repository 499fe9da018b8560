"""An operator who clicks and types whatever comes to hand, from a seed, and answers every question in some way."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from desk_witness import Witness
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QWidget,
)
from random_answers import ALT, CTRL, KEYS, LEFT, NONE, SHIFT, WAYS, WORDS, answer_by, middle, name_of, write
from random_world import PATIENCE_S, World

from crashdesk.reconcile.records import Action
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.stepper import Stepper
from crashdesk_gui.widgets.table import RecordTableView

_PAGES = ("overview", "history", "positions", "orphans", "recovery", "activity")
_LEAVES_THE_DESK = ("quit",)


class RandomOperator:
    """Acts at a desk, in a `world` that goes on; `log` tells what was done."""

    def __init__(self, desk: Desk, world: World, witness: Witness, rng: random.Random) -> None:
        self._desk = desk
        self._world = world
        self._witness = witness
        self._rng = rng
        self.log: list[str] = []
        self._did = self.log.append
        self._at_a_question = False
        self._answers = QTimer(interval=1)
        self._answers.timeout.connect(self._answer)
        self._answers.start()
        names, weights = zip(*_ACTIONS.items(), strict=True)
        self._names, self._weights = list(names), list(weights)

    def act(self) -> None:
        """Do one thing, and let the desk do what follows from it."""
        top = self._top()
        if top is not self._window:
            self._use(top)
        elif self._world.ledger.held and self._rng.random() < 0.4:
            self._did("the exchange answers again")
            self._world.ledger.let_go()
        else:
            self._rng.choices(self._names, self._weights)[0](self)
        self.settle()

    def settle(self) -> None:
        """Let the desk work until it waits for the exchange or for the operator."""
        end = time.monotonic() + PATIENCE_S
        quiet = 0
        while quiet < 2:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if self._works():
                quiet = 0
                time.sleep(0.0005)
            else:
                quiet += 1
            assert time.monotonic() < end, f"the desk works for {PATIENCE_S} s: {self._jobs()}"

    def stop(self) -> None:
        """Answer nothing any more."""
        self._answers.stop()
        self._answers.deleteLater()

    def _works(self) -> bool:
        session = self._desk.session
        opening = any(runner.busy for runner in self._desk._runners)
        if session is None:
            return opening
        waits = self._world.ledger.held and self._world.ledger.asked.is_set()
        reading = session.watcher.busy or session._slices.isActive()
        return reading or ((session.busy or opening) and not waits)

    def _jobs(self) -> list[str]:
        runners = [*self._desk._runners]
        for session in self._desk.sessions:
            runners += [session.runner, session.watcher]
        return [f"{job.title}: {job.text}" for runner in runners for job in runner.jobs]

    @property
    def _window(self) -> Any:
        return self._desk.window

    def _top(self) -> QWidget:
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window

    # What is at hand

    def _at_hand(self, kind: type[Any], root: QWidget | None = None) -> Any:
        """Some widget of that kind that can be reached with the mouse, None when there is none."""
        found = [each for each in (root or self._window).findChildren(kind) if self._reachable(each)]
        return self._rng.choice(found) if found else None

    def _reachable(self, widget: QWidget) -> bool:
        if not widget.isVisible() or not widget.isEnabled() or widget.window() is not self._top():
            return False
        under = widget.window().childAt(widget.mapTo(widget.window(), middle(widget)))
        return under is not None and (under is widget or widget.isAncestorOf(under))

    def _click(self, widget: QWidget, at: QPoint | None = None, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(widget, LEFT, modifier, at or middle(widget))

    def _key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        top = self._top()
        QTest.keyClick(top.focusWidget() or top, key, modifier)

    # Actions

    def _press(self) -> None:
        button = self._at_hand(QAbstractButton)
        if button is not None:
            self._did(f"press {name_of(button)!r}")
            self._click(button)

    def _next(self) -> None:
        self._did("press what stands out")
        self._key(Qt.Key.Key_Return, CTRL)

    def _page(self) -> None:
        number = self._rng.randrange(len(_PAGES))
        if self._rng.random() < 0.5:
            self._did(f"page {_PAGES[number]}")
            self._key(Qt.Key(Qt.Key.Key_1 + number), CTRL)
            return
        tabs = self._window.findChild(QTabBar)
        if self._reachable(tabs) and tabs.rect().contains(tabs.tabRect(number).center()):
            self._did(f"tab {_PAGES[number]}")
            self._click(tabs, tabs.tabRect(number).center())

    def _row(self) -> None:
        view = self._at_hand(QAbstractItemView)
        if view is None or not view.model().rowCount():
            return
        row = self._rng.randrange(view.model().rowCount())
        column = self._rng.randrange(view.model().columnCount()) if isinstance(view, QTableView) else 0
        view.scrollTo(view.model().index(row, column), QAbstractItemView.ScrollHint.EnsureVisible)
        place = view.visualRect(view.model().index(row, column)).center()
        if not view.viewport().rect().contains(place):
            return
        how = self._rng.choice(["", "", "", "ctrl", "shift", "double", "space", "menu"])
        self._did(f"row {row}, column {column} of {view.accessibleName()!r} {how}")
        self._click(view.viewport(), place, {"ctrl": CTRL, "shift": SHIFT}.get(how, NONE))
        if how == "double":
            QTest.mouseDClick(view.viewport(), LEFT, NONE, place)
        elif how == "space":
            QTest.keyClick(view, Qt.Key.Key_Space)
        elif how == "menu":
            view.customContextMenuRequested.emit(place)

    def _sort(self) -> None:
        view = self._at_hand(RecordTableView)
        if view is None or view.horizontalHeader().isHidden():
            return
        header = view.horizontalHeader()
        place = QPoint(self._rng.randrange(max(header.width(), 1)), header.height() // 2)
        self._did(f"header of {view.accessibleName()!r} at {place.x()}")
        self._click(header.viewport(), place)

    def _decide(self) -> None:
        """On the page of orphan orders: select some, and press a decision."""
        self._window.show_page("orphans")
        panel = self._window.findChild(EvidencePanel)
        view = self._desk.pages.orphans.findChild(RecordTableView)
        if view is None or not view.isVisible() or not view.model().rowCount():
            return
        if self._rng.random() < 0.5:
            view.selectAll()
        else:
            view.selectRow(self._rng.randrange(view.model().rowCount()))
        action = self._rng.choice([*Action, Action.CANCEL, None])
        button = panel.button(action) if panel is not None else None
        if button is not None and self._reachable(button):
            self._did(f"decide by {name_of(button)!r}")
            self._click(button)
            if self._rng.random() < (0.7 if action is Action.CANCEL else 0.2):
                self._next()
                self.settle()
                self._on_with_it()

    def _on_with_it(self) -> None:
        """As far as the recovery's steps go, and often to the end; now and then the exchange is slow, and it is stopped."""
        self._window.show_page("recovery")
        page = self._desk.pages.recovery
        for _ in range(self._rng.randint(1, 6)):
            # To compare again is the way on where what was compared is over, and after the report.
            over = not (page.next_button.isVisible() or page.danger_button.isVisible())
            ways = [page.stop_button, page.next_button, page.danger_button, *([page.again_button] if over else [])]
            button = next((each for each in ways if self._top() is self._window and self._reachable(each)), None)
            if button is None:
                return
            if page.step is Step.EXECUTE and self._rng.random() < 0.3:
                self._hold()
            self._did(f"on with the recovery: {name_of(button)!r}")
            self._click(button)
            self.settle()

    def _take_up(self) -> None:
        """What a banner of the recovery offers, as to resume one that was interrupted."""
        self._window.show_page("recovery")
        button = self._at_hand(QAbstractButton, self._desk.pages.recovery._banners)
        if button is not None:
            self._did(f"in the recovery's banner: {name_of(button)!r}")
            self._click(button)

    def _step(self) -> None:
        stepper = self._at_hand(Stepper)
        button = self._at_hand(QAbstractButton, stepper) if stepper is not None else None
        if button is not None:
            self._did(f"step {name_of(button)!r}")
            self._click(button)

    def _keys(self) -> None:
        keys = [self._rng.choice(KEYS) for _ in range(self._rng.randint(1, 6))]
        self._did(f"keys {' '.join(key.name.removeprefix('Key_') for key in keys)}")
        for key in keys:
            if self._at_a_question:
                return
            modifier = self._rng.choice([NONE, NONE, ALT, CTRL, SHIFT])
            if modifier != CTRL or key not in (Qt.Key.Key_Q,):
                self._key(key, modifier)

    def _type(self) -> None:
        field = self._at_hand(QLineEdit) if self._rng.random() < 0.6 else self._at_hand(QPlainTextEdit)
        if field is None:
            return
        text = self._rng.choice(WORDS)
        self._did(f"type {text!r} into {field.accessibleName()!r}")
        field.setFocus()
        if self._rng.random() < 0.5 and not field.isReadOnly():
            field.clear()
        if self._rng.random() < 0.7:
            write(field, text)

    def _combo(self) -> None:
        combo = self._at_hand(QComboBox)
        if combo is None:
            return
        self._did(f"choose in {combo.accessibleName()!r}")
        combo.setFocus()
        for _ in range(self._rng.randint(1, 3)):
            QTest.keyClick(combo, self._rng.choice([Qt.Key.Key_Down, Qt.Key.Key_Up]))

    def _command(self) -> None:
        """By the menu or the palette."""
        commands = [each for each in self._window.commands.all() if each[0].id not in _LEAVES_THE_DESK]
        spec, action = self._rng.choice([each for each in commands if each[1].isEnabled()])
        if self._rng.random() < 0.5 or not spec.palette:
            self._did(f"command {spec.id}")
            action.trigger()
            return
        self._did(f"palette: {spec.id}")
        self._key(Qt.Key.Key_K, CTRL)
        palette = QApplication.activePopupWidget()
        if palette is not None:
            write(palette.focusWidget(), spec.title)
            table = palette.findChild(RecordTableView)
            chosen = table.current_record()
            leave = chosen is None or chosen.id in _LEAVES_THE_DESK
            QTest.keyClick(palette.focusWidget(), Qt.Key.Key_Escape if leave else Qt.Key.Key_Return)

    def _wheel_and_drag(self) -> None:
        under = QPoint(self._rng.randrange(self._window.width()), self._rng.randrange(self._window.height()))
        widget = self._window.childAt(under)
        if widget is None or isinstance(widget, QAbstractButton) or not widget.isEnabled():
            return
        place = widget.mapFrom(self._window, under)
        self._did(f"wheel and drag on {type(widget).__name__}")
        turn = QPoint(0, self._rng.choice([-240, -120, 120]))
        glob = QPointF(widget.mapToGlobal(place))
        no = Qt.MouseButton.NoButton
        event = QWheelEvent(QPointF(place), glob, QPoint(), turn, no, NONE, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(widget, event)
        QTest.mousePress(widget, LEFT, NONE, place)
        QTest.mouseMove(widget, place + QPoint(self._rng.randint(-60, 60), self._rng.randint(-20, 20)))
        QTest.mouseRelease(widget, LEFT, NONE, place)

    def _resize(self) -> None:
        size = self._rng.choice([(800, 560), (1024, 720), (1280, 800), (1600, 900)])
        self._did(f"resize to {size}")
        self._window.resize(*size)

    def _happen(self) -> None:
        self._did(f"* {self._world.happen()}")

    def _look(self) -> None:
        """The desk looks at the store, as it does every second."""
        if self._desk.session is not None:
            self._did("the desk looks at the store")
            self._desk.session.refresh()

    def _hold(self) -> None:
        if not self._world.ledger.held:
            self._did("the exchange takes its time")
            self._world.ledger.hold()

    def _open(self) -> None:
        if self._desk.session is None or self._rng.random() < 0.1:
            self._did("open the store")
            self._desk.open_store(self._world.directory)

    # Questions

    def _use(self, top: QWidget) -> None:
        """Do something with what is open above the window."""
        way = self._rng.choice(["escape", "escape", "press", "keys"])
        self._did(f"{way} in {type(top).__name__}")
        button = self._at_hand(QAbstractButton, top) if way == "press" else None
        if button is not None:
            self._click(button)
        elif way == "keys" and not isinstance(top, QMenu):
            QTest.keyClick(top.focusWidget() or top, self._rng.choice([Qt.Key.Key_Down, Qt.Key.Key_Tab]))
        else:
            QTest.keyClick(top, Qt.Key.Key_Escape)

    def _answer(self) -> None:
        """Called in the loop of a dialog or a menu that waits."""
        top = self._top()
        asks = isinstance(top, (ConfirmDestructive, QMenu)) and top.isVisible()
        if self._at_a_question or not asks:
            return
        self._at_a_question = True
        try:
            if isinstance(top, QMenu):
                self._choose(top)
            else:
                self._confirm_or_not(top)
        finally:
            self._at_a_question = False

    def _choose(self, menu: QMenu) -> None:
        able = [each for each in menu.actions() if each.isEnabled() and not each.isSeparator() and not each.menu()]
        action = self._rng.choice([None, *able])
        self._did(f"  in the menu: {action.text() if action else 'nothing'}")
        menu.close()
        if action is not None:
            action.trigger()

    def _confirm_or_not(self, dialog: ConfirmDestructive) -> None:
        listed = self._witness.asked(dialog)
        if listed and self._rng.random() < 0.3:
            self._did(f"  meanwhile: {self._world.touch(self._rng.choice(listed))}")
        if self._rng.random() < 0.2:
            self._did(f"  meanwhile: {self._world.happen()}")
            if self._rng.random() < 0.5 and self._desk.session is not None:
                self._desk.session.refresh()
                self.settle()
        way = self._rng.choices(list(WAYS), list(WAYS.values()))[0]
        self._did(f"  asked {dialog.windowTitle()!r}: {way}")
        answer_by(way, dialog, self._rng)
        if dialog.isVisible():
            self._did("  and closes it")
            dialog.reject()


_ACTIONS: dict[Callable[[RandomOperator], None], int] = {
    RandomOperator._press: 16,
    RandomOperator._next: 12,
    RandomOperator._page: 10,
    RandomOperator._row: 12,
    RandomOperator._sort: 2,
    RandomOperator._decide: 10,
    RandomOperator._on_with_it: 12,
    RandomOperator._take_up: 3,
    RandomOperator._step: 4,
    RandomOperator._keys: 8,
    RandomOperator._type: 6,
    RandomOperator._combo: 3,
    RandomOperator._command: 8,
    RandomOperator._wheel_and_drag: 3,
    RandomOperator._resize: 1,
    RandomOperator._happen: 12,
    RandomOperator._look: 8,
    RandomOperator._hold: 4,
    RandomOperator._open: 4,
}
