"""The entry price of a position: as it was known, and what the exchange tells now, which may be nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
import strategies as make
from PySide6.QtWidgets import QWidget
from recovery_builders import coverage, leg, plan_of, snapshot

from crashdesk.exchange.records import ExchangePosition, ScopeKind
from crashdesk.state import PositionState
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.plan_positions import PlanPositions
from crashdesk_gui.models.plan_words import PlanWords

KNOWN = make.position(quantity=Decimal("0.25"))


@pytest.mark.parametrize(
    ("known", "live", "unread", "told"),
    [
        ((KNOWN,), (leg(),), (), "36 500.1"),
        ((KNOWN,), (leg(entry_price=Decimal("36501.10")),), (), "36 500.1 → 36 501.1"),
        ((KNOWN,), (leg(entry_price=None),), (), "36 500.1 → not told"),
        ((KNOWN,), (leg(contracts=Decimal("0.5"), entry_price=None),), (), "36 500.1 → not told"),
        ((KNOWN,), (), (), "36 500.1 → —"),
        ((KNOWN,), (), (ScopeKind.POSITIONS,), "36 500.1 → not read"),
        ((), (leg(),), (), "36 500.1"),
        ((), (leg(entry_price=None),), (), "not told"),
    ],
)
def test_what_is_not_told_now_is_not_shown_as_it_was_known(
    ui: UiContext,
    known: tuple[PositionState, ...],
    live: tuple[ExchangePosition, ...],
    unread: tuple[ScopeKind, ...],
    told: str,
    qtbot,
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    (verdict,) = plan_of(
        make.state(open_orders=(), positions=known), snapshot(positions=live, coverage=coverage(unread))
    ).positions
    columns = PlanPositions(PlanWords(ui.display, parent), parent).model().columns
    assert next(each for each in columns if each.id == "entry").text(verdict).replace("\u202f", " ") == told


@pytest.mark.parametrize(("entry_price", "verdict"), [("36500.1", "✓ matched"), ("36501.1", "! entry price differs")])
def test_a_position_that_was_traded_at_the_same_quantity_is_not_called_matched(
    ui: UiContext, entry_price: str, verdict: str, qtbot
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    (told,) = plan_of(
        make.state(open_orders=(), positions=(KNOWN,)), snapshot(positions=(leg(entry_price=Decimal(entry_price)),))
    ).positions
    columns = PlanPositions(PlanWords(ui.display, parent), parent).model().columns
    assert next(each for each in columns if each.id == "verdict").text(told) == verdict
