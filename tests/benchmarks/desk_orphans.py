"""Ten thousand orphan orders at the desk: shown, decided on, sorted, filtered, confirmed, with the heartbeat recorded."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from desk_setting import Measures, a_desk, holds_of, memory_mb, slowest, timed
from heartbeat import Heartbeat, Script, Steps, Wait
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from orphan_incident import DeskClock, ExchangeInMemory, live, store_before_the_crash

from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import Action
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.table import RecordTableModel
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.table import RecordTableView

NOW = 1_763_781_128_000_000_000


def measure(orders: int) -> Measures:
    """Compare `orders` orphan orders and work with them."""
    with tempfile.TemporaryDirectory(prefix="crashdesk-orphans-") as directory:
        clock = DeskClock(NOW)
        store = store_before_the_crash(Path(directory) / "store", NOW)
        numbers = range(50_000, 50_000 + orders)
        orders_there = [live(str(n), NOW, client_order_id=f"{'grid' if n % 2 else 'web'}-{n}") for n in numbers]
        # An account that had never heard of any known order would be taken for another's.
        exchange = ExchangeInMemory(NOW, [live("1001", NOW), *orders_there], ())
        with a_desk(clock) as desk:
            session = desk.add_view(StoreView(store, clock=clock))
            heart, found = Heartbeat(), {}
            try:
                Script(heart).run(_work(desk, session, exchange, found))
            finally:
                heart.stop()
            now, most = memory_mb()
            return found | {"holds": holds_of(heart), "rss_mb": now, "peak_mb": most}


def _work(desk: Desk, session: StoreSession, exchange: ExchangeInMemory, found: Measures) -> Steps:
    # A desk looks for its keys first, which imports ccxt, and compares with them then.
    yield Wait("opening", lambda: session.overview is not None and not desk.connecting.lookups.busy)
    yield Wait("page orphans, first time", lambda: True)
    desk.window.show_page("orphans")
    yield Wait("comparing and first show", lambda: True)
    began = time.perf_counter()
    session.connect_exchange(exchange)
    session.compare()
    model = desk.pages.orphans.findChild(RecordTableView).record_model()
    yield Wait(
        "comparing and first show", lambda: len(model.records()) == len(exchange.orders) - 1 and not session.busy
    )
    found["compare_and_show_ms"] = (time.perf_counter() - began) * 1000
    yield from _pause("comparing and first show")
    yield from _sort(desk, found)
    yield from _filter(desk, model, found)
    yield from _decide(desk, session, found)
    for page in ("overview", "recovery", "orphans"):
        yield Wait(f"page {page}", lambda: True)
        desk.window.show_page(page)
        yield from _pause(f"page {page}")
    comparison = session.comparison
    assert comparison is not None
    yield Wait("the confirmation", lambda: True)
    asking = CancellationController(desk.ui, PlanWords(desk.ui.display), parent=desk.window)
    question = asking.question(comparison.plan, session.decisions)
    assert question is not None
    dialog = ConfirmDestructive(desk.ui, question, desk.window)
    dialog.show()
    yield from _pause("the confirmation")
    dialog.close()
    dialog.deleteLater()
    yield from _execute(desk, session, found)


def _execute(desk: Desk, session: StoreSession, found: Measures) -> Steps:
    """Every order is left with a note: nothing is sent, and all of it is written down, shown and reported."""
    comparison = session.comparison
    assert comparison is not None
    recovery = desk.pages.recovery
    desk.window.show_page("recovery")
    session.decide(comparison.plan.orphans, Action.LEAVE, "known to the other desk")
    for step in (Step.DECIDE, Step.EXECUTE):
        action = f"the step {step.name.lower()}"
        yield Wait(action, lambda: True)
        recovery.show_step(step)
        yield from _pause(action)
    began = time.perf_counter()
    yield Wait("executing", lambda: True)
    _button(recovery, "Recover").click()
    yield Wait("executing", lambda: session.report is not None and not session.busy, seconds=300)
    found["execute_ms"] = (time.perf_counter() - began) * 1000
    yield from _pause("the report")
    yield Wait("copying the report", lambda: True)
    QGuiApplication.clipboard().setText("")
    _button(recovery, "Copy report").click()
    yield Wait("copying the report", lambda: bool(QGuiApplication.clipboard().text()))
    for page in ("activity", "overview", "recovery"):
        yield Wait(f"page {page}, recovered", lambda: True)
        desk.window.show_page(page)
        yield from _pause(f"page {page}, recovered")


def _button(page: QWidget, text: str) -> QPushButton:
    return next(each for each in page.findChildren(QPushButton) if each.text() == text and each.isVisible())


def _sort(desk: Desk, found: Measures) -> Steps:
    view = desk.pages.orphans.findChild(RecordTableView)
    model = view.record_model()
    taken = []
    for column in range(model.columnCount()):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            action = f"sorting by {model.columns[column].id}"
            yield Wait(action, lambda: True)
            taken.append(timed(lambda column=column, order=order: view.sort_by(column, order)))
            yield from _pause(action)
    found["sort_ms"] = slowest(taken)


def _filter(desk: Desk, model: RecordTableModel, found: Measures) -> Steps:
    field = next(each for each in desk.pages.orphans.findChildren(QLineEdit) if "Filter" in each.placeholderText())
    taken = []
    for text in ("web-5002", "web-50020", ""):
        yield Wait("filtering", lambda: True)
        before = model.shown_count()
        began = time.perf_counter()
        field.setText(text)
        yield Wait("filtering", lambda before=before: model.shown_count() != before)
        taken.append((time.perf_counter() - began) * 1000)
        yield from _pause("filtering")
    found["filter_ms"] = max(taken)


def _decide(desk: Desk, session: StoreSession, found: Measures) -> Steps:
    comparison = session.comparison
    assert comparison is not None
    taken = []
    for action in (Action.LEAVE, None, Action.CANCEL):
        name = f"deciding all to {action.value if action else 'nothing'}"
        yield Wait(name, lambda: True)
        taken.append(timed(lambda action=action: session.decide(comparison.plan.orphans, action)))
        yield from _pause(name)
    found["decide_all_ms"] = slowest(taken)
    some = comparison.plan.orphans
    taken = []
    for number in range(0, len(some), max(len(some) // 8, 1)):
        yield Wait("deciding one", lambda: True)
        taken.append(timed(lambda number=number: session.decide(some[number : number + 1], Action.LEAVE)))
        yield from _pause("deciding one", polls=5)
    found["decide_one_ms"] = slowest(taken)
    session.decide(some, Action.CANCEL)
    yield from _pause("deciding all to cancel")


def _pause(action: str, polls: int = 25) -> Steps:
    left = iter(range(polls))
    yield Wait(action, lambda: next(left, None) is None)
