"""Every table of the orphan orders and of a recovery can be saved as CSV and as JSON, with exact values."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident
from PySide6.QtWidgets import QPushButton, QWidget

from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.views.recovery_page import RecoveryPage
from crashdesk_gui.views.recovery_path import Step


def offer(page: QWidget, table: str) -> QPushButton:
    """The visible export button of a table."""
    found = [each for each in page.findChildren(QPushButton) if each.accessibleName() == f"Export: {table}"]
    return next(each for each in found if each.isVisible())


def save(operator: DeskOperator, page: QWidget, table: str, suffix: str, path: Path) -> str:
    """Choose a format from the table's export button; what was written."""
    action = next(each for each in offer(page, table).menu().actions() if suffix.upper() in each.text())
    action.trigger()
    operator.wait_until(lambda: path.exists() and path.stat().st_size > 0)
    operator.wait_until_idle()
    return path.read_text(encoding="utf-8")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "saved.out"


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_orphan_orders_are_saved_with_their_ids_and_exact_numbers(
    onlooker: DeskOperator, shared_incident: LoopbackIncident, path: Path, suffix: str
) -> None:
    page = OrphansPage(onlooker.desk.ui, onlooker.desk.window, ask_path=lambda *_: str(path))
    page.set_session(onlooker.session)
    page.show()
    text = save(onlooker, page, "Orphan orders", suffix, path)
    rows = json.loads(text) if suffix == "json" else list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 4
    assert shared_incident.first in text
    first = next(row for row in rows if row["order_id"] == shared_incident.first)
    assert (first["verdict"], first["decision"], first["side"]) == ("own_orphan", "cancel", "buy")
    assert Decimal(first["remaining"]) == Decimal(first["amount"]) == Decimal("0.03")
    assert first["created_at"].endswith("Z")
    assert datetime.fromisoformat(first["created_at"]).tzinfo is not None
    assert abs(Decimal(first["distance_percent"]).as_tuple().exponent) == 2
    assert {"note", "trigger_price", "reduce_only", "protects", "amount_unit", "contract_size"} <= first.keys()
    assert not set(text) & set("✕✓▲▼−")
    assert f"Saved as {path}" in onlooker.words
    page.set_session(None)
    page.deleteLater()


@pytest.mark.parametrize(
    ("step", "table", "words"),
    [
        (Step.COMPARE, "Coverage by scope", "conditional orders"),
        (Step.DECIDE, "Positions", "BTC/USDT:USDT"),
        (Step.DECIDE, "Orders that were known", "filled_while_down"),
        (Step.DECIDE, "Account", "equity"),
        (Step.EXECUTE, "What will be done", "cancel"),
    ],
)
def test_the_tables_of_a_recovery_are_saved(
    onlooker: DeskOperator, path: Path, step: Step, table: str, words: str
) -> None:
    assert_a_table_is_saved(onlooker, path, step, table, words)


def test_the_outcomes_of_a_recovery_are_saved(operator: DeskOperator, path: Path) -> None:
    operator.session.execute()
    operator.wait_until(lambda: operator.session.report is not None)
    operator.wait_until_idle()
    assert_a_table_is_saved(operator, path, Step.REPORT, "Outcomes", "cancelled")


def assert_a_table_is_saved(operator: DeskOperator, path: Path, step: Step, table: str, words: str) -> None:
    page = RecoveryPage(operator.desk.ui, operator.desk.window, ask_path=lambda *_: str(path))
    page.set_session(operator.session)
    page.resize(1000, 640)
    page.show()
    page.show_step(step)
    text = save(operator, page, table, "json", path)
    assert words in text
    assert not set(text) & set("✕✓▲▼−")
    page.set_session(None)
    page.deleteLater()
