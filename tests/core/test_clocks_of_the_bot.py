"""A bot's clock that was wrong, and an exchange that stamps nothing: neither hides an order nor has a fresh one cancelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import (
    BTC,
    LATER,
    SECOND,
    ExchangeInMemory,
    intent,
    journal,
    leg,
    live,
    only_order,
    plan_of,
    rules,
    snapshot,
)
from strategies import ManualClock

from crashdesk.compare import compare
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.live import LiveState
from crashdesk.reconcile.records import IntentVerdictKind, OrderVerdictKind, Plan
from crashdesk.recovery import RecoveryManager
from crashdesk.state import OrderStatus
from crashdesk.storage.journal import Journal

NOTHING = make.state(open_orders=(), positions=())
MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
MINUTES = 60 * SECOND


@pytest.mark.parametrize("fields", [{"created_at": None}, {"clock_offset_ns": None}], ids=["no stamp", "no offset"])
@pytest.mark.parametrize(
    ("age_s", "kind"),
    [(1, OrderVerdictKind.UNKNOWN), (6, OrderVerdictKind.OWN_ORPHAN)],
    ids=["sent now", "sent before"],
)
def test_where_the_exchange_tells_no_age_the_bots_own_word_does(
    fields: dict[str, Any], age_s: int, kind: OrderVerdictKind
) -> None:
    # With a clock that is minutes ahead, all that the exchange stamps looks old.
    order = live(created_at=fields.get("created_at", LATER - 5 * MINUTES))
    wrote = journal(intent(at=LATER - age_s * SECOND))
    by = rules(clock_offset_ns=fields.get("clock_offset_ns", 0))
    assert only_order(plan_of(NOTHING, snapshot(orders=(order,)), with_journal=wrote, by=by)).kind is kind


def test_a_bot_at_work_that_synchronises_keeps_the_order_that_it_sent_a_moment_ago(tmp_path: Path) -> None:
    clock = ManualClock(LATER)
    exchange = ExchangeInMemory(live(created_at=None))
    config = RecoveryConfig(checkpoint_dir=tmp_path)
    with RecoveryManager(
        LiveState(clock=clock), config, exchange, manifest=MANIFEST, clock=clock, account_locks=tmp_path / "locks"
    ) as manager:
        manager.intend_order(symbol=BTC, client_order_id="grid-17", side="buy", order_type="limit", quantity="0.010")
        clock.sleep(1)
        manager.sync_with_exchange()
    assert exchange.open_keys() == {live().key}


def compared(directory: Path, *, state_at: int, sent_at: int, order: Any) -> Plan:
    wrote = Journal(directory, ManualClock(sent_at))
    wrote.intend(intent(at=sent_at, client_order_id="grid-9"))
    known = make.state(timestamp=state_at, open_orders=())
    plan, _ = compare(
        known,
        journal=wrote,
        exchange=ExchangeInMemory(order, positions=[leg()]),
        manifest=MANIFEST,
        checkpoint_seq=1,
        clock=ManualClock(LATER),
    )
    wrote.close()
    return plan


def filled(**changes: Any) -> Any:
    return live(
        client_order_id="grid-9",
        status=OrderStatus.FILLED,
        filled=live().amount,
        created_at=LATER - MINUTES,
        updated_at=LATER - MINUTES,
        **changes,
    )


def test_what_a_dead_bot_with_a_fast_clock_was_about_to_send_is_not_left_out(tmp_path: Path) -> None:
    ahead = LATER + 4 * MINUTES
    (fate,) = compared(tmp_path, state_at=ahead, sent_at=ahead + SECOND, order=filled()).intents
    assert fate.kind is IntentVerdictKind.UNKNOWN
    assert "The clock that dated the intent was ahead" in fate.evidence[-1].text
    assert "used twice" not in fate.evidence[-1].text


def test_what_was_sent_after_the_clock_was_set_back_is_not_left_out_either(tmp_path: Path) -> None:
    plan = compared(tmp_path, state_at=LATER + 5 * MINUTES, sent_at=LATER - MINUTES, order=filled())
    (fate,) = plan.intents
    assert (fate.kind, fate.filled_since) == (IntentVerdictKind.FILLED, None)
    (position,) = plan.positions
    assert position.fills is not None
    # Nobody can tell whether the state, which is dated in the future, holds that fill already.
    assert not position.fills.orders_told
