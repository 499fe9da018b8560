"""What a screen reader is told: every control of every page, dialog and state has a name, and drawn things have words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from desk_operator import DeskOperator
from loopback_incident import NOW, LoopbackIncident
from orphan_incident import store_before_the_crash
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
    QWidget,
)

from crashdesk.demo.venue import FaultKind
from crashdesk.reconcile.records import Action
from crashdesk_gui.accessible_roles import tell_roles
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.charts import ChartStack
from crashdesk_gui.views.connect_dialog import ConnectDialog
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.facts import FactCard
from crashdesk_gui.widgets.status import Chip, StatusChip
from crashdesk_gui.widgets.stepper import Stepper
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.timeline import TimelineStrip
from crashdesk_gui.widgets.timeline_marks import Legend

MANY = 10_000
PAGES = ("overview", "history", "positions", "orphans", "recovery", "activity")
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QTabBar, QAbstractSlider, QAbstractScrollArea)


def name_of(widget: QWidget) -> str:
    """What a screen reader says of the widget."""
    if isinstance(
        widget, QComboBox
    ):  # Qt on Linux takes what is chosen for a name, which says nothing of what is asked
        return widget.accessibleName()
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def description_of(widget: QWidget) -> str:
    """What it says of it on demand."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Description) if interface else ""


def is_part_of_another(widget: QWidget) -> bool:
    """Scroll bars, headers, and the buttons that Qt puts into its own widgets: read as part of these."""
    if isinstance(widget, QScrollBar | QHeaderView) or widget.objectName().startswith("qt_"):
        return True
    parent = widget.parent()
    inside = isinstance(parent, QLineEdit | QComboBox | QTabBar | QAbstractItemView | QMenu)
    return inside or (isinstance(parent, QWidget) and is_part_of_another(parent))


def nameless(root: QWidget) -> list[str]:
    """The controls in `root` of which a screen reader could say nothing."""
    found = []
    for widget in root.findChildren(QWidget):
        reached = widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and not isinstance(widget, QLabel)
        if not (isinstance(widget, CONTROLS) or reached) or is_part_of_another(widget):
            continue
        if isinstance(widget, QAbstractScrollArea) and widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        if not name_of(widget).strip():
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_control_of_every_page_has_a_name(onlooker: DeskOperator, page: str) -> None:
    onlooker.go_to(page)
    QApplication.processEvents()
    assert nameless(onlooker.desk.window) == []


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.REPORT])
def test_every_step_of_a_recovery_has_names(onlooker: DeskOperator, step: Step) -> None:
    assert_a_step_has_names(onlooker, step)


def test_the_report_of_a_recovery_has_names(operator: DeskOperator) -> None:
    operator.to_execution()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    assert_a_step_has_names(operator, Step.REPORT)


def assert_a_step_has_names(operator: DeskOperator, step: Step) -> None:
    operator.go_to("recovery")
    operator.desk.pages.recovery.show_step(step)
    assert operator.desk.pages.recovery.step is step
    assert nameless(operator.desk.pages.recovery) == []


def test_empty_and_failed_pages_have_names(sit_down: Callable[..., DeskOperator], incident: LoopbackIncident) -> None:
    operator = sit_down()
    assert nameless(operator.desk.window) == []
    operator.open(incident.directory)
    incident.fail(FaultKind.RESET_BEFORE, times=MANY)
    operator.session.compare()
    operator.wait_until_idle()
    for page in PAGES:
        operator.go_to(page)
        assert nameless(operator.desk.window) == []


@pytest.fixture
def dialogs(onlooker: DeskOperator) -> Callable[[Callable[[], object]], QDialog]:
    """Does something that opens a dialog, and returns it."""

    def open_one(does: Callable[[], object]) -> QDialog:
        before = set(onlooker.desk.window.findChildren(QDialog))
        does()
        onlooker.wait_until(lambda: bool(set(onlooker.desk.window.findChildren(QDialog)) - before))
        return next(iter(set(onlooker.desk.window.findChildren(QDialog)) - before))

    return open_one


@pytest.mark.parametrize("command", ["palette", "shortcuts", "about"])
def test_every_dialog_has_names(
    onlooker: DeskOperator, dialogs: Callable[[Callable[[], object]], QDialog], command: str
) -> None:
    dialog = dialogs(onlooker.desk.window.commands.action(command).trigger)
    assert nameless(dialog) == []
    assert name_of(dialog) or dialog.windowTitle()
    dialog.close()


def test_the_dialog_that_connects_has_names(sit_down: Callable[..., DeskOperator], tmp_path: Path) -> None:
    operator = sit_down()
    desk = operator.desk
    desk.open_store(store_before_the_crash(tmp_path / "other", NOW))
    operator.wait_until(lambda: desk.session is not None and desk.session.overview is not None)
    operator.wait_until(lambda: not desk.connecting.lookups.busy)
    desk.window.commands.action("connect").trigger()
    dialog = desk.window.findChild(ConnectDialog)
    assert nameless(dialog) == []
    dialog.reject()
    operator.wait_until(lambda: not desk.connecting.lookups.busy)


def test_the_confirmation_has_names_and_says_what_is_typed_for(operator: DeskOperator) -> None:
    plan = operator.session.comparison.plan
    operator.session.decide(plan.orphans, Action.CANCEL)
    asking = CancellationController(operator.desk.ui, PlanWords(operator.desk.ui.display), parent=operator.desk.window)
    dialog = ConfirmDestructive(
        operator.desk.ui, asking.question(plan, operator.session.decisions), operator.desk.window
    )
    dialog.show()
    assert nameless(dialog) == []
    assert name_of(dialog.typed_field) == "Type 4 to confirm:"
    assert "Protects a position: 1" in description_of(dialog.typed_field)
    assert "Not ours: 2" in description_of(dialog.accept_button)
    dialog.close()
    dialog.deleteLater()


def test_a_fact_is_a_button_that_says_all_that_is_to_be_seen(onlooker: DeskOperator) -> None:
    onlooker.go_to("overview")
    card = next(each for each in onlooker.desk.window.findChildren(FactCard) if "Positions" in name_of(each))
    interface = QAccessible.queryAccessibleInterface(card)
    assert interface.role() is QAccessible.Role.Button
    for label in card.findChildren(QLabel):
        if label.isVisible():
            for words in label.text().removeprefix("! ").removeprefix("✓ ").split("\n"):
                assert words in f"{name_of(card)} {description_of(card)}"


def test_a_fact_says_its_status_in_words_and_what_follows_when_it_changes(onlooker: DeskOperator) -> None:
    card = FactCard(onlooker.desk.ui, "Bot")
    card.set_fact("Stopped", status=Status.DIFFERS, word="last sign 14 min ago", note="It crashed.\nProcess 4711")
    assert name_of(card) == "Bot: Stopped"
    assert description_of(card) == "Look at this: last sign 14 min ago. It crashed. Process 4711."
    card.set_fact("Running", status=Status.OK, word="last sign just now")
    assert (name_of(card), description_of(card)) == ("Bot: Running", "All right: last sign just now.")
    card.set_fact("—")
    assert description_of(card) == ""


def test_what_is_drawn_is_more_to_a_screen_reader_than_an_area_of_the_window(ui: UiContext, qtbot) -> None:
    tell_roles()
    roles = {
        TimelineStrip(ui): QAccessible.Role.Chart,
        ChartStack(ui): QAccessible.Role.Chart,
        Stepper(ui, ("Checkpoint", "Compare")): QAccessible.Role.Grouping,
        Legend(ui): QAccessible.Role.StaticText,
        StatusChip(ui, Status.OK, "intact"): QAccessible.Role.StaticText,
        Banner(ui): QAccessible.Role.AlertMessage,
    }
    for widget, role in roles.items():
        qtbot.addWidget(widget)
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.role() is role
        assert interface.text(QAccessible.Text.Name) == widget.accessibleName()
    stepper = next(widget for widget in roles if isinstance(widget, Stepper))
    step = QAccessible.queryAccessibleInterface(stepper.step(1))
    assert step.role() is QAccessible.Role.Button
    assert step.parent().role() is QAccessible.Role.Grouping


def test_a_step_says_its_number_its_state_and_whether_it_can_be_gone_to(onlooker: DeskOperator) -> None:
    onlooker.go_to("recovery")
    onlooker.desk.pages.recovery.show_step(Step.COMPARE)
    stepper = onlooker.desk.pages.recovery.findChild(Stepper)
    assert name_of(stepper.step(0)) == "Step 1: Checkpoint, done"
    assert name_of(stepper.step(1)) == "Step 2: Compare, this step"
    assert name_of(stepper.step(4)) == "Step 5: Report, to come"
    assert QAccessible.queryAccessibleInterface(stepper.step(0)).role() is QAccessible.Role.Button
    assert QAccessible.queryAccessibleInterface(stepper.step(4)).state().disabled
    assert description_of(stepper) == "Step 2 of 5: Compare. Done: Checkpoint."
    onlooker.desk.pages.recovery.show_step(Step.DECIDE)
    assert description_of(stepper) == "Step 3 of 5: Decide. Done: Checkpoint, Compare."
    onlooker.desk.pages.recovery.show_step(Step.CHECKPOINT)
    assert description_of(stepper) == "Step 1 of 5: Checkpoint."


def test_the_timeline_says_what_is_drawn(onlooker: DeskOperator) -> None:
    onlooker.go_to("history")
    strip = onlooker.desk.window.findChild(TimelineStrip)
    assert name_of(strip)
    assert "4 " in description_of(strip)


def test_chips_say_glyph_and_word(onlooker: DeskOperator) -> None:
    ui = onlooker.desk.ui
    assert name_of(StatusChip(ui, Status.DIFFERS, "differs")) == "! differs"
    chip = Chip(ui, "LIVE", Tone.WARNING)
    chip.set_chip("sandbox", Tone.MUTED)
    assert name_of(chip) == "sandbox"


@pytest.mark.parametrize("page", ["history", "orphans", "recovery", "activity"])
def test_every_cell_has_text_and_no_tone_stands_alone(onlooker: DeskOperator, page: str) -> None:
    onlooker.go_to(page)
    tables = [each for each in onlooker.desk.window.findChildren(RecordTableView) if each.isVisible()]
    assert tables
    for table in tables:
        model = table.record_model()
        for record in model.shown_records():
            for column in model.columns:
                index = model.index(model.row_of(model.key_of(record)), model.columns.index(column))
                spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
                shown = column.text(record)
                tone = column.tone(record) if column.tone else None
                assert not shown or shown in spoken
                # Colour never carries a meaning alone: a coloured cell has a glyph or words.
                if tone not in (None, Tone.TEXT, Tone.MUTED) and shown:
                    assert any(letter.isalpha() or letter in "✓!✕?…▲▼+−○" for letter in shown), (column.id, shown)
                if shown and not any(letter.isalnum() for letter in shown) and column.title:
                    assert column.title in spoken
