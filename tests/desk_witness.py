"""Watches a desk from outside, whatever is clicked: what was asked and approved, what was sent and written, what is claimed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter

import msgspec
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from random_world import DESK, Line, World

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import Outcome, OutcomeKind, Plan
from crashdesk.state import OPEN_STATUSES, OrderStatus, SystemState
from crashdesk.storage.store import StateStore
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.about import AboutDialog
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.dialogs.palette import CommandPalette
from crashdesk_gui.dialogs.shortcuts import ShortcutSheet
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.table import RecordTableView

MANY = 10
"""More orders than these need their number typed."""
_ORDER_ID = 4
_LIST_OF_A_COMBO_BOX = "QComboBoxPrivateContainer"
_WANTED = (ConfirmDestructive, QMenu, CommandPalette, ShortcutSheet, AboutDialog)
# What a read twice may tell differently without the order being another one.
_MAY_DIFFER = ("updated_at", "average", "created_at", "group_id")


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator approved: the orders by id as they were shown, and the plan."""

    plan_id: str
    orders: dict[str, ExchangeOrder]


class Witness:
    """Keeps what it saw. `broken` are the promises that were not kept, in words."""

    def __init__(self, desk: Desk, world: World) -> None:
        self.broken: list[str] = []
        self.reports = 0
        self.approvals = 0
        self.outcomes: Counter[OutcomeKind] = Counter()
        self._desk = desk
        self._world = world
        self._approved = Approval(plan_id="", orders={})
        self._requests_seen = 0
        self._sent: Counter[tuple[str, str]] = Counter()
        self._executions = 0
        self._following: set[int] = set()
        self._written = _written(world)
        world.before_others, world.after_others = self._judge_writing, self._take_as_written
        desk.store_opened.connect(self._follow)

    # What happens before its eyes

    def asked(self, dialog: ConfirmDestructive) -> list[str]:
        """A question is open: note which orders it lists to be cancelled, and what is pressed in it."""
        if "Cancel " not in dialog.accept_button.text() and "撤单" not in dialog.accept_button.text():
            return []
        table = dialog.findChildren(RecordTableView)[0].record_model()
        listed = [table.columns[_ORDER_ID].text(record) for record in table.shown_records()]
        plan, shown = self._shown(listed)
        needed = len(listed) > MANY or any(self._delicate(shown[each]) for each in listed if each in shown)

        def pressed() -> None:
            if needed and dialog.typed_field.text().strip() != str(len(listed)):
                self._blame(f"{len(listed)} orders were approved by typing {dialog.typed_field.text()!r}")
            # What was approved before has come to its end.
            self._judge_requests()
            self.approvals += 1
            self._approved = Approval(plan_id=plan.id if plan else "", orders=shown)

        if set(listed) != set(shown):
            self._blame(f"the question lists {sorted(set(listed) - set(shown))}, which nobody was shown")
        dialog.accept_button.clicked.connect(pressed)
        return listed

    def executing(self, session: StoreSession) -> None:
        """The desk begins to execute or to resume a plan."""
        self._executions += 1
        window = self._desk.window
        if session is not self._desk.session or window.current_page() != "recovery":
            self._blame(f"a recovery was begun on the page {window.current_page()}")

    def look(self) -> None:
        """Judge what the last action led to."""
        self._judge_requests()
        self._judge_writing()
        self._judge_screen()

    def judge_comparison(self) -> None:
        """After a comparison of which everything could be read: each order that rests is known, or shown as an orphan."""
        session = self._desk.session
        comparison = session.comparison if session is not None else None
        if session is None or comparison is None or session.comparing_error is not None:
            self._blame(f"there is no comparison in peace: {session and session.comparing_error}")
            return
        told = {each.live.id for each in comparison.plan.orders if each.live is not None}
        hidden = set(self._world.ledger.open_orders()) - told
        if hidden or not comparison.plan.coverage.complete:
            self._blame(f"orders that rest on the exchange are not shown: {sorted(hidden)}")

    def _follow(self, session: StoreSession) -> None:
        session.report_ready.connect(self._reported)

    def _take_as_written(self) -> None:
        self._written = _written(self._world)

    def _blame(self, text: str) -> None:
        self.broken.append(text)

    # The exchange

    def _shown(self, listed: list[str]) -> tuple[Plan | None, dict[str, ExchangeOrder]]:
        session = self._desk.session
        plans = [session.comparison.plan] if session is not None and session.comparison is not None else []
        if session is not None and session.overview is not None and session.overview.interrupted is not None:
            plans.append(session.overview.interrupted.plan)
        for plan in plans:
            orders = {each.live.id: each.live for each in plan.orphans if each.live is not None}
            if set(listed) <= set(orders):
                return plan, {each: orders[each] for each in listed}
        return None, {}

    def _delicate(self, order: ExchangeOrder) -> bool:
        return not self._world.is_own(order) or bool(order.reduce_only)

    def _judge_requests(self) -> None:
        requests = self._world.ledger.requests
        new, self._requests_seen = requests[self._requests_seen :], len(requests)
        for request in new:
            if request.who != DESK:
                continue
            shown = self._approved.orders.get(request.order_id)
            if shown is None:
                self._blame(f"order {request.order_id} was sent to be cancelled and nobody had approved that")
            elif request.told is None or _changed(shown, request.told):
                self._blame(f"order {request.order_id} was sent to be cancelled and is not the one that was shown")
            self._sent[self._approved.plan_id, request.order_id] += 1
            if self._sent[self._approved.plan_id, request.order_id] > 1:
                self._blame(f"order {request.order_id} was sent to be cancelled twice for one plan")

    # The store

    def _judge_writing(self) -> None:
        now = _written(self._world)
        if now != self._written and not self._executions:
            self._blame(f"the store was written to without a recovery: {_difference(self._written, now)}")
        self._written = now
        session = self._desk.session
        if session is None or session.execution is None:
            self._executions = 0

    # What is claimed

    def _reported(self, report: RecoveryReport) -> None:
        self.reports += 1
        orders = self._world.ledger.orders
        sent = {each.order_id for each in self._world.ledger.requests if each.who == DESK}
        for outcome in report.execution.outcomes:
            self.outcomes[outcome.kind] += 1
            shown = next(each.live for each in report.plan.orphans if each.key == outcome.order_key)
            assert shown is not None
            self._judge_outcome(outcome, orders[shown.id], asked=shown.id in sent)
        if report.saved is not None:
            self._judge_saved(report)

    def _judge_outcome(self, outcome: Outcome, order: ExchangeOrder, *, asked: bool) -> None:
        false = {
            OutcomeKind.CANCELLED: order.status is not OrderStatus.CANCELLED,
            OutcomeKind.FILLED: order.status is not OrderStatus.FILLED,
            OutcomeKind.ALREADY_CLOSED: order.status in OPEN_STATUSES,
        }.get(outcome.kind, False)
        if false:
            self._blame(f"order {order.id} is said to be {outcome.kind.value} and is {order.status.value}")
        if outcome.sent and not asked:
            self._blame(f"order {order.id} is said to have been sent to be cancelled, and it was not")

    def _judge_saved(self, report: RecoveryReport) -> None:
        assert report.saved is not None
        with StateStore(self._world.directory, read_only=True) as store:
            state = store.load(report.saved)
        if state != report.state:
            self._blame("what was saved is not what the report tells")
        line = self._world.lines[-1]
        if line.reads_all["orders"]:
            self._judge_orders(report, state, line)
        saved = {(each.symbol, each.side): each.quantity for each in state.positions}
        told = {key: each.contracts for key, each in line.told_positions.items()}
        if line.reads_all["positions"] and saved != told:
            self._blame(f"the positions that were saved are not the exchange's: {saved} and {told}")

    def _judge_orders(self, report: RecoveryReport, state: SystemState, line: Line) -> None:
        saved = {each.id: (each.quantity, each.filled_quantity) for each in state.open_orders}
        listed = {each.id: (each.amount, each.filled) for each in line.listed.values()}
        wrong = [key for key, amounts in saved.items() if listed.get(key) != amounts]
        if wrong:
            self._blame(f"saved as open, and not so on the exchange: {wrong}")
        known = {each.known.id for each in report.plan.orders if each.known is not None}
        joined = (each for each in report.execution.outcomes if each.kind is OutcomeKind.ADOPTED)
        adopted = {each.order_key.rpartition(":")[2] for each in joined}
        missing = ((known | adopted) & set(listed)) - set(saved)
        if missing:
            self._blame(f"open on the exchange, known to the desk, and not saved: {sorted(missing)}")

    # What is to be seen

    def _judge_screen(self) -> None:
        window = self._desk.window
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        kind = top.metaObject().className() if top is not None else ""
        if top is not None and not isinstance(top, _WANTED) and kind != _LIST_OF_A_COMBO_BOX:
            self._blame(f"something is open that nobody asked for: {kind} {top.windowTitle()!r}")
        page = window._stack.currentWidget()
        if not window.isVisible() or page is None or not page.isVisible():
            self._blame("there is no page")
        elif not any(_tells(each) for each in page.findChildren(QWidget)):
            self._blame(f"the page {window.current_page()} is blank")
        if window.current_page() == "recovery":
            self._judge_way_on()

    def _judge_way_on(self) -> None:
        session, page = self._desk.session, self._desk.pages.recovery
        overview = session.overview if session is not None else None
        if session is None or session.busy or not page.showing_content:
            return
        if overview is None or overview.presence.running:
            return  # While a bot runs there is nothing to recover: the page says so, or tells the last report.
        if page.step is Step.CHECKPOINT and not page._views.checkpoint.usable:
            return  # A damaged checkpoint is chosen: the way on is to choose another one.
        footer = (page.back_button, page.again_button, page.next_button, page.danger_button)
        if not any(each.isVisible() and each.isEnabled() for each in footer):
            self._blame(f"there is no way on from the recovery's step {page.step.name}")


def _tells(widget: QWidget) -> bool:
    if not widget.isVisible():
        return False
    if isinstance(widget, RecordTableView):
        return widget.model().rowCount() > 0
    return isinstance(widget, QLabel) and bool(widget.text().strip())


def _changed(shown: ExchangeOrder, told: ExchangeOrder) -> bool:
    fields = (each for each in ExchangeOrder.__struct_fields__ if each not in _MAY_DIFFER)
    return any(getattr(shown, each) != getattr(told, each) for each in fields)


Written = tuple[dict[str, bytes], dict[str, int]]


def _written(world: World) -> Written:
    """The store's checkpoints, and how much is in each table of its journal."""
    files = {path.name: path.read_bytes() for path in (world.directory / "checkpoints").glob("*.zqck")}
    with contextlib.closing(sqlite3.connect(f"file:{world.directory / 'journal.sqlite'}?mode=ro", uri=True)) as journal:
        tables = [name for (name,) in journal.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return files, {name: journal.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def _difference(before: Written, after: Written) -> str:
    names = sorted(name for name in before[0] | after[0] if before[0].get(name) != after[0].get(name))
    rows = {name: (before[1].get(name), count) for name, count in after[1].items() if before[1].get(name) != count}
    return f"files {names}, rows {rows}"
