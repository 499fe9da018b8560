"""Whatever is clicked in whatever order, the desk touches no money without the operator's word."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import shiboken6
from desk_witness import Witness
from orphan_incident import DeskClock, store_before_the_crash
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QtMsgType
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog
from random_operator import RandomOperator
from random_world import World

from crashdesk.audit import AuditKind
from crashdesk.execute_order import OneOrder
from crashdesk.storage.journal import Journal
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.display import Display
from crashdesk_gui.jobs import Job
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.session import StoreSession

NOW = 1_763_781_128_000_000_000
FIRST = 100
ACTIONS = 40
"""So much each operator does."""
A_CAMPAIGN = 20
"""With so many operators or more, every mistake below is made; otherwise the first few, which are soon seen."""
SEEN_AT_ONCE = 2
MOST_FOR_A_MISTAKE = 100


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    operators = metafunc.config.getoption("--operators")
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(FIRST, FIRST + operators))
    if "mistake" in metafunc.fixturenames:
        mistakes = list(MISTAKES) if operators >= A_CAMPAIGN else list(MISTAKES)[:SEEN_AT_ONCE]
        metafunc.parametrize("mistake", mistakes, ids=lambda mistake: mistake.__name__)


@pytest.fixture(autouse=True)
def nothing_leaves_the_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The system's dialogs and its file manager answer by themselves."""
    names = iter(range(10_000))
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        staticmethod(lambda *_a: (str(tmp_path / f"saved-{next(names)}") if next(names) % 4 else "", "")),
    )
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_a: ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda _url: bool(next(names) % 2)))


class Stage:
    """A desk on what a crash left, the world around it, who watches it, and who clicks on it."""

    def __init__(self, seed: int, ui: UiContext, clock: DeskClock, app: QApplication, directory: Path) -> None:
        rng = random.Random(seed)
        store_before_the_crash(directory, clock.now_ns())
        self.world = World(directory, clock, rng)
        self.languages = Languages(app)
        self.display = Display(now=clock.now_ns)
        ui = UiContext(ui.themes, ui.icons, self.display, ui.settings)
        self.desk = Desk(ui, who="ops", clock=clock, open_exchange=self.world.connect, languages=self.languages)
        # The desk looks at the store when the operator's turn says so, and not by the machine's time.
        self.desk.store_opened.connect(lambda session: session._timer.stop())
        self.witness = Witness(self.desk, self.world)
        self.operator = RandomOperator(self.desk, self.world, self.witness, rng)
        self.desk.window.resize(1100, 760)
        self.desk.window.show()
        self.desk.open_store(directory)
        self.operator.settle()

    def compare_in_peace(self) -> None:
        """The bot is gone, everything can be read, and the desk is asked once more what it makes of that."""
        self.world.clear_up()
        self._put_away()
        self.operator.settle()
        if self.desk.session is None:
            self.desk.open_store(self.world.directory)
            self.operator.settle()
        self.desk.session.refresh()
        self.operator.settle()
        self.desk.window.refresh_requested.emit()
        self.operator.settle()

    def _put_away(self) -> None:
        for _ in range(5):
            top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if top is None:
                return
            top.close()

    def close(self) -> None:
        self.world.clear_up()
        self._put_away()
        # A recovery that waited for the exchange comes to its end: else the window asks before it closes, and nobody answers.
        self.operator.settle()
        self.operator.stop()
        self.desk.window.close()
        self.desk.close()
        self.desk.window.deleteLater()
        self.desk.deleteLater()
        self.display.deleteLater()
        # It changed the locale of the whole process.
        self.languages.speak(Language.ENGLISH)
        self.languages.close()
        for _ in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QCoreApplication.processEvents()


@pytest.fixture
def witnesses(monkeypatch: pytest.MonkeyPatch) -> list[Witness]:
    """Who is told of every recovery that a session begins."""
    told: list[Witness] = []
    for name in ("execute", "resume"):
        begin = getattr(StoreSession, name)

        def beginning(session: StoreSession, *arguments: Any, begin: Any = begin, **named: Any) -> Job | None:
            for witness in told:
                witness.executing(session)
            return begin(session, *arguments, **named)

        monkeypatch.setattr(StoreSession, name, beginning)
    return told


@pytest.fixture
def play(
    window_ui: UiContext,
    qapp: QApplication,
    tmp_path: Path,
    qtbot: Any,
    qtlog: Any,
    caplog: pytest.LogCaptureFixture,
    impatient: None,
    witnesses: list[Witness],
) -> Callable[[int], Played]:
    """Lets the operator of a seed play, until something is wrong."""

    def play(seed: int) -> Played:
        before = _running()
        clock = DeskClock(NOW)
        stage = Stage(seed, window_ui, clock, qapp, tmp_path / f"store-{seed}")
        witnesses[:] = [stage.witness]
        problems: list[str] = []
        with qtbot.captureExceptions() as faults:
            try:
                for _ in range(ACTIONS):
                    stage.operator.act()
                    stage.witness.look()
                    problems = [*stage.witness.broken, *_complaints(faults, qtlog, caplog)]
                    if problems:
                        break
                else:
                    stage.compare_in_peace()
                    stage.witness.judge_comparison()
                    problems = [*stage.witness.broken, *_complaints(faults, qtlog, caplog)]
            except Exception:  # noqa: BLE001 - whatever it is, it is told with what led to it
                problems.append(traceback.format_exc())
            finally:
                stage.close()
            problems += _complaints(faults, qtlog, caplog)
        problems += [f"still there when the desk is closed: {each}" for each in _running() - before]
        return Played(problems, stage.operator.log, stage.witness)

    return play


def test_no_click_touches_money_without_the_operators_word(seed: int, play: Callable[[int], Played]) -> None:
    played = play(seed)
    if played.problems:
        pytest.fail(played.story(seed), pytrace=False)


# Mistakes that a desk could make. Each must be seen, as the promise that it breaks.

Patch = pytest.MonkeyPatch


def nobody_is_asked(patch: Patch) -> None:
    patch.setattr(CancellationController, "_confirmed", lambda *_question: True)


def a_blind_key_approves(patch: Patch) -> None:
    patch.setattr(ConfirmDestructive, "_weigh", lambda dialog: dialog.accept_button.setEnabled(True))


def an_order_that_changed_is_cancelled(patch: Patch) -> None:
    patch.setattr("crashdesk.execute_order.changed_since", lambda _shown, _fresh: "")


def a_cancel_is_sent_twice(patch: Patch) -> None:
    prove = OneOrder._prove

    def again(one: OneOrder, *arguments: Any, **named: Any) -> Any:
        one.exchange.cancel_order(one.verdict.live.ref)
        return prove(one, *arguments, **named)

    patch.setattr(OneOrder, "_prove", again)


def a_decision_is_written_at_once(patch: Patch) -> None:
    decide = StoreSession.decide

    def written(session: StoreSession, *arguments: Any) -> None:
        decide(session, *arguments)
        with contextlib.closing(Journal(session.view.directory, session.clock)) as journal:
            journal.append(AuditKind.DECISION, "decided", who="ops")

    patch.setattr(StoreSession, "decide", written)


def adopted_orders_are_forgotten(patch: Patch) -> None:
    patch.setattr("crashdesk.finishing.adopted_in", lambda _entries: frozenset())


# Each with the promise that it breaks, and an operator to begin with who sees it soon.
MISTAKES: dict[Callable[[Patch], None], tuple[str, int]] = {
    nobody_is_asked: ("nobody had approved that", 100),
    a_decision_is_written_at_once: ("was written to without a recovery", 100),
    a_cancel_is_sent_twice: ("twice for one plan", 100),
    a_blind_key_approves: ("were approved by typing", 121),
    an_order_that_changed_is_cancelled: ("is not the one that was shown", 114),
    adopted_orders_are_forgotten: ("known to the desk, and not saved", 105),
}


def test_a_mistake_is_seen(mistake: Callable[[Patch], None], play: Callable[[int], Played], monkeypatch: Patch) -> None:
    mistake(monkeypatch)
    broken, first = MISTAKES[mistake]
    for seed in range(first, first + MOST_FOR_A_MISTAKE):
        if any(broken in problem for problem in play(seed).problems):
            print(f"{mistake.__name__}: seen by {seed}")
            return
    pytest.fail(f"{MOST_FOR_A_MISTAKE} operators made nobody see it")


class Played(NamedTuple):
    """What one operator did, and what was wrong."""

    problems: list[str]
    log: list[str]
    witness: Witness

    def story(self, seed: int) -> str:
        """What happened, and the command that lets it happen again."""
        file = "tests/gui/test_random_operator.py"
        name = f"test_no_click_touches_money_without_the_operators_word[{seed}]"
        lines = ["What was wrong:", *dict.fromkeys(self.problems), "", "What was done:", *self.log, "", "Again:"]
        return "\n".join([*lines, f"pytest '{file}::{name}' --operators {seed - FIRST + 1}"])


def _complaints(faults: Any, qtlog: Any, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What Python, Qt and the desk's own log say that must never be said."""
    raised = ["".join(traceback.format_exception(*fault)) for fault in faults]
    of_qt = [
        each.message
        for each in qtlog.records
        if not each.ignored and each.type not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
    ]
    logged = [
        f"{each.getMessage()}\n{caplog.handler.format(each)}"
        for each in caplog.records
        if each.exc_info or (each.levelno >= logging.ERROR and not _expected(each))
    ]
    return raised + of_qt + logged


def _expected(record: logging.LogRecord) -> bool:
    """An order whose fate is not known is told loudly, and so is what the store finds damaged."""
    return record.name == "crashdesk"


def _running() -> set[str]:
    """The threads and the timers that run. Those of the desk's jobs are Qt's, and are counted when a test ends."""
    threads = {f"thread {each.name}" for each in threading.enumerate() if not each.name.startswith("Dummy")}
    timers = (each for each in shiboken6.getAllValidWrappers() if isinstance(each, QTimer))
    return threads | {f"timer of {each.parent()}" for each in timers if each.isActive()}
