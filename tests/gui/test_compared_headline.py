"""The headline of a comparison says what has moved, and never that all is well while something was not read."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from orphan_incident import exchange_after_the_crash, store_before_the_crash

from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import OrderVerdictKind, Plan
from crashdesk_gui.models.compared_words import ComparedWords
from crashdesk_gui.theme import Tone

NOW = 1_763_781_128_000_000_000


def plan_with(tmp_path: Path, *unread: ScopeKind) -> Plan:
    exchange = exchange_after_the_crash(NOW)
    exchange.unreadable = dict.fromkeys(unread, "HTTP 503")
    with StoreView(store_before_the_crash(tmp_path / "store", NOW)) as view:
        return OperatorRecovery(view, exchange, who="ops").compare().plan


def calm(plan: Plan) -> Plan:
    """The same comparison, had it found nothing."""
    same = tuple(each for each in plan.orders if each.kind is OrderVerdictKind.MATCHED)
    return msgspec.structs.replace(plan, orders=same, positions=(), intents=())


@pytest.mark.parametrize("moved", [True, False])
def test_a_gap_comes_before_everything_that_was_found(tmp_path: Path, qapp: object, moved: bool) -> None:
    plan = plan_with(tmp_path, ScopeKind.POSITIONS)
    headline, tone = ComparedWords(None).headline(plan if moved else calm(plan))
    assert headline.startswith("! Not everything was read; ")
    assert headline.endswith("nothing changed in what was") is not moved
    assert tone is Tone.WARNING


def test_an_order_of_which_nothing_is_told_did_not_change(tmp_path: Path, qapp: object) -> None:
    headline, _ = ComparedWords(None).headline(plan_with(tmp_path, ScopeKind.ORDERS))
    assert "known order" not in headline


def test_only_a_comparison_that_read_everything_and_found_nothing_is_calm(tmp_path: Path, qapp: object) -> None:
    plan = plan_with(tmp_path)
    assert ComparedWords(None).headline(calm(plan)) == ("✓ The exchange agrees with what was known", Tone.TEXT)
    doubtful = msgspec.structs.replace(calm(plan), intents_omitted=1)
    assert ComparedWords(None).headline(doubtful)[0].startswith("? ")
