"""An operator at the recovery page: what is asked and answered, pressed and seen there."""

from __future__ import annotations

from pathlib import Path

from orphan_incident import DeskClock
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import Action
from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.confirm import Confirmation
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.recovery_page import RecoveryPage, Step
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text_lines import wrapped_height

NOW = 1_763_781_128_000_000_000


class Operator:
    """Answers the dialogs, and remembers what was asked."""

    def __init__(self, directory: Path) -> None:
        self.agrees = True
        self.asked: list[Confirmation] = []
        self.path = str(directory / "report.out")
        self.suggested = ""

    def confirm(self, _ui: UiContext, question: Confirmation, _parent: QWidget | None) -> bool:
        self.asked.append(question)
        return self.agrees

    def ask_path(self, _parent: QWidget, _title: str, name: str, _kind: str) -> str:
        self.suggested = name
        return self.path


def show(ui: UiContext, session: StoreSession, operator: Operator, qtbot) -> RecoveryPage:
    """The page in front of the operator, at its first step."""
    page = RecoveryPage(ui, ask=operator.confirm, ask_path=operator.ask_path)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.set_session(session)
    page.show()
    return page


def open_session(directory: Path, qtbot) -> StoreSession:
    """A session of the store that has read it."""
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    each.refresh()
    qtbot.waitUntil(lambda: each.overview is not None)
    return each


def compare(page: RecoveryPage, session: StoreSession, qtbot) -> None:
    """Press the way on from the first step, and wait for the comparison."""
    with qtbot.waitSignal(session.comparison_changed):
        page.next_button.click()
    qtbot.waitUntil(lambda: not session.busy)


def to_execution(page: RecoveryPage, session: StoreSession, qtbot) -> None:
    """From the first step to the fourth."""
    compare(page, session, qtbot)
    page.next_button.click()
    page.next_button.click()
    assert page.step is Step.EXECUTE


def decide(session: StoreSession, order_id: str, action: Action | None) -> None:
    """Decide on one orphan order."""
    session.decide([each for each in session.comparison.plan.orphans if each.live.id == order_id], action)


def press(button: QPushButton, session: StoreSession, qtbot) -> None:
    """Press what executes, and wait for the report."""
    with qtbot.waitSignal(session.report_ready):
        button.click()
    qtbot.waitUntil(lambda: not session.busy)


def look_again(session: StoreSession, qtbot) -> None:
    """Read the store anew, as the desk does every second."""
    qtbot.waitUntil(lambda: not session.watcher.busy)
    session.refresh()
    qtbot.waitUntil(lambda: not session.watcher.busy)


def words(widget: QWidget) -> str:
    """All text that is to be seen."""
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def button(page: QWidget, text: str) -> QPushButton:
    """The visible button of that text."""
    return next(each for each in page.findChildren(QPushButton) if each.isVisible() and each.text() == text)


def cells(page: RecoveryPage, name: str) -> list[str]:
    """The rows of the visible table of that accessible name, each as one line."""
    table = next(
        each for each in page.findChildren(RecordTableView) if each.accessibleName() == name and each.isVisible()
    )
    model = table.record_model()
    return [" | ".join(column.text(record) for column in model.columns) for record in model.shown_records()]


def files(directory: Path) -> list[str]:
    """The names of the checkpoints in a store."""
    return sorted(each.name for each in (directory / "checkpoints").iterdir())


def cut_cells(view: RecordTableView) -> list[str]:
    """The texts of a table that do not fit into their cells, neither on one line nor on the lines that the row has room for."""
    model, metrics = view.record_model(), view.fontMetrics()
    cut = []
    for number, column in enumerate(model.columns):
        width = view.columnWidth(number) - 16
        for line, record in enumerate(model.shown_records()):
            text = column.text(record)
            broken = column.wrap and wrapped_height(view.font(), text, width) <= view.rowHeight(line)
            if not view.isColumnHidden(number) and metrics.horizontalAdvance(text) > width and not broken:
                cut.append(f"{column.id}: {text}")
    return cut
