"""Amounts and prices in the core's sentences are grouped as tables group them; ids are numbers too, and never are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from recovery_builders import live, only_order, plan_of, snapshot, stop
from strategies import order, state

from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.revalidation import describe
from crashdesk.state import OrderType, Side
from crashdesk_gui.context import UiContext
from crashdesk_gui.decisions import DecisionCount
from crashdesk_gui.models.plan_words import PlanWords, evidence_text
from crashdesk_gui.phrases import said
from crashdesk_gui.views.ago_words import counted
from crashdesk_gui.views.orphan_footer import OrphanFooter

GAP = "\N{NARROW NO-BREAK SPACE}"
ID = "4810225005"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"cancel {describe(live(id=ID, amount=Decimal(1200), price=Decimal(69120)))}",
            "buy 1_200 BTC/USDT:USDT at 69_120",
        ),
        (describe(stop(id=ID, trigger_price=Decimal(54400))), "sell 0.010 BTC/USDT:USDT at trig. 54_400"),
        (
            describe(stop(id=ID, order_type=OrderType.STOP_LIMIT, trigger_price=Decimal(54400), price=Decimal(54300))),
            "at trig. 54_400 → 54_300",
        ),
        ("already filled, 1250.5 of 20000", "already filled, 1_250.5 of 20_000"),
    ],
)
def test_sentences_of_the_audit_log(qapp: QApplication, text: str, shown: str) -> None:
    assert shown.replace("_", GAP) in said(text)
    assert ID not in text or ID in said(text)


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        (
            fact(Source.EXCHANGE, "{field}: {old} → {new}", field="id", old=ID, new="4810225006"),
            f"id: {ID} → 4810225006",
        ),
        (
            fact(Source.EXCHANGE, "{field}: {old} → {new}", field="amount", old="1000", new="2000"),
            "amount: 1_000 → 2_000",
        ),
        (fact(Source.EXCHANGE, "entry price: {old} → {new}", old="64000.1", new="63857.87"), "64_000.1 → 63_857.87"),
        (
            fact(
                Source.RULE,
                "The change of {change} is what one order filled since the last known state.",
                change="-4000",
            ),
            "The change of −4_000 is",
        ),
    ],
)
def test_evidence(qapp: QApplication, evidence: Evidence, shown: str) -> None:
    assert shown.replace("_", GAP) in evidence_text(evidence)


def test_what_a_verdict_says_of_a_stop(qapp: QApplication) -> None:
    known = order(id=ID, order_type=OrderType.STOP, side=Side.SELL, price=Decimal(54400))
    verdict = only_order(
        plan_of(
            state(open_orders=(known,), positions=()), snapshot(orders=(stop(id=ID, trigger_price=Decimal(54400)),))
        )
    )
    told = "\n".join(evidence_text(item) for item in verdict.evidence)
    assert told.count(f"at trig. 54{GAP}400") == 2


def test_sentences_that_count(qapp: QApplication) -> None:
    assert counted(1, "1 order", "{0} orders") == "1 order"
    assert counted(5000, "1 order", "{0} orders") == f"5{GAP}000 orders"


def test_the_line_under_many_orphan_orders(ui: UiContext, qtbot) -> None:
    footer = OrphanFooter(ui, PlanWords(ui.display, None))
    qtbot.addWidget(footer)
    footer.set_count(DecisionCount(orphans=10_000, cancel=5_000, untouched=5_000, left_alone=5_000))
    told = next(each.text() for each in footer.findChildren(QLabel) if each.text().startswith("Orphan orders"))
    assert told == (
        f"Orphan orders 10{GAP}000 · cancel 5{GAP}000 (5{GAP}000 proposed) · adopt 0 · leave 0 · undecided 0 · "
        f"untouched 5{GAP}000"
    )
