"""What each answer to a cancellation comes to: gone, filled, refused, accepted and not carried out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from execution_desk import EMPTY, cancel, only
from recovery_builders import ExchangeInMemory, live, plan_of, snapshot
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.exchange.records import CancelAnswer, CancelStatus, OrderLookup, OrderRef
from crashdesk.execute import execute_plan
from crashdesk.patience import Patience
from crashdesk.reconcile.records import Outcome, OutcomeKind
from crashdesk.state import OrderStatus
from crashdesk.storage.journal import Journal


def test_an_order_that_is_gone_is_not_touched_and_not_claimed(tmp_path: Path, clock: ManualClock) -> None:
    outcome = answered(tmp_path, clock, lambda exchange: exchange.orders.clear())
    assert (outcome.kind, outcome.sent) == (OutcomeKind.ALREADY_CLOSED, False)
    assert "compare the positions" in outcome.text


def answered(
    tmp_path: Path,
    clock: ManualClock,
    before: Callable[[ExchangeInMemory], object] = lambda exchange: None,
    on_cancel: Callable[[ExchangeInMemory], CancelAnswer | None] = lambda exchange: None,
) -> Outcome:
    """What becomes of one cancellation; `on_cancel` is how the exchange takes the request."""
    plan = plan_of(EMPTY, snapshot(orders=(live(),)))
    exchange = ExchangeInMemory(live())
    before(exchange)
    exchange.on_cancel = lambda ref: on_cancel(exchange)
    journal = Journal(tmp_path, clock)
    outcome = only(execute_plan(plan, [cancel(live().key)], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert exchange.requests.get("cancel_order", 0) <= 1
    return outcome


@pytest.mark.scenario(31)
def test_a_cancellation_that_is_accepted_and_not_carried_out_is_unknown_and_tells_so(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = answered(tmp_path, clock, on_cancel=lambda exchange: CancelAnswer(status=CancelStatus.ACCEPTED))
    assert (outcome.kind, outcome.sent) == (OutcomeKind.UNKNOWN, True)
    assert "it is still open after 10 s: look at the exchange before you rely on it" in outcome.text
    assert outcome.text in caplog.text


def test_a_request_that_took_long_leaves_the_reads_their_time(tmp_path: Path, clock: ManualClock) -> None:
    def slow(exchange: ExchangeInMemory) -> CancelAnswer:
        clock.sleep(20)
        due = clock.now_ns() + 3_000_000_000
        read = exchange.read_order

        def read_order(ref: OrderRef) -> OrderLookup:
            if clock.now_ns() >= due:
                exchange.change(ref.key, status=OrderStatus.CANCELLED)
            return read(ref)

        exchange.read_order = read_order  # type: ignore[method-assign]
        return CancelAnswer(status=CancelStatus.UNKNOWN, reason="no answer in time")

    assert answered(tmp_path, clock, on_cancel=slow).kind is OutcomeKind.CANCELLED


def test_how_long_it_reads_again_is_chosen_by_who_calls(tmp_path: Path, clock: ManualClock) -> None:
    plan = plan_of(EMPTY, snapshot(orders=(live(),)))
    exchange = ExchangeInMemory(live())
    exchange.on_cancel = lambda ref: CancelAnswer(status=CancelStatus.ACCEPTED)
    journal = Journal(tmp_path, clock)
    before = clock.now_ns()
    execution = execute_plan(
        plan, [cancel(live().key)], exchange=exchange, log=journal, clock=clock, patience=Patience(proof_s=60)
    )
    journal.close()
    assert (clock.now_ns() - before) // 1_000_000_000 == 60
    assert "still open after 60 s" in only(execution).text


@pytest.mark.scenario(32)
@pytest.mark.parametrize(
    ("status", "filled", "kind", "words"),
    [
        (OrderStatus.FILLED, "0.010", OutcomeKind.FILLED, "already filled, 0.010 of 0.010"),
        (OrderStatus.CANCELLED, "0.004", OutcomeKind.ALREADY_CLOSED, "already cancelled, 0.004 of 0.010 filled"),
        (OrderStatus.EXPIRED, "0", OutcomeKind.ALREADY_CLOSED, "already expired"),
    ],
)
def test_that_the_exchange_knows_no_such_order_is_settled_by_reading(
    tmp_path: Path, clock: ManualClock, status: OrderStatus, filled: str, kind: OutcomeKind, words: str
) -> None:
    def ended(exchange: ExchangeInMemory) -> CancelAnswer:
        exchange.change(live().key, status=status, filled=Decimal(filled))
        return CancelAnswer(status=CancelStatus.ABSENT, reason="unknown order sent")

    outcome = answered(tmp_path, clock, on_cancel=ended)
    assert (outcome.kind, outcome.sent) == (kind, True)
    assert words in outcome.text
    assert "knows no such open order (unknown order sent)" in outcome.text


def test_what_filled_before_the_cancellation_is_counted(tmp_path: Path, clock: ManualClock) -> None:
    def partly(exchange: ExchangeInMemory) -> CancelAnswer:
        exchange.change(live().key, status=OrderStatus.CANCELLED, filled=Decimal("0.004"))
        return CancelAnswer(status=CancelStatus.ACCEPTED)

    outcome = answered(tmp_path, clock, on_cancel=partly)
    assert outcome.kind is OutcomeKind.CANCELLED
    assert "0.004 of 0.010 had filled" in outcome.text
    assert outcome.reread is not None
    assert outcome.reread.filled == Decimal("0.004")
    journal = Journal(tmp_path, clock, read_only=True)
    assert [entry.data.get("filled") for entry in journal.entries() if entry.kind is AuditKind.OUTCOME] == ["0.004"]
    journal.close()


@pytest.mark.parametrize("sent", [True, False])
def test_what_is_refused_says_whether_a_request_went_out(tmp_path: Path, clock: ManualClock, sent: bool) -> None:
    refusal = CancelAnswer(status=CancelStatus.NOT_DONE, reason="connection refused", sent=sent)
    outcome = answered(tmp_path, clock, on_cancel=lambda exchange: refusal)
    assert (outcome.kind, outcome.sent) == (OutcomeKind.REFUSED, sent)
    assert outcome.text.startswith("refused: " if sent else "nothing was sent: ")


def test_what_is_refused_because_it_is_gone_is_not_called_open(tmp_path: Path, clock: ManualClock) -> None:
    def gone(exchange: ExchangeInMemory) -> CancelAnswer:
        exchange.orders.clear()
        return CancelAnswer(status=CancelStatus.NOT_DONE, reason="order is not active")

    outcome = answered(tmp_path, clock, on_cancel=gone)
    assert outcome.kind is OutcomeKind.ALREADY_CLOSED
    assert "compare the positions" in outcome.text


def test_a_refusal_because_the_order_is_over_says_how_it_ended(tmp_path: Path, clock: ManualClock) -> None:
    shown = live()
    exchange = ExchangeInMemory(shown)

    def fill(ref: OrderRef) -> CancelAnswer:
        exchange.change(shown.key, status=OrderStatus.FILLED, filled=shown.amount)
        return CancelAnswer(status=CancelStatus.NOT_DONE, reason="too late")

    exchange.on_cancel = fill
    journal = Journal(tmp_path, clock)
    plan = plan_of(EMPTY, snapshot(orders=(shown,)))
    outcome = only(execute_plan(plan, [cancel(shown.key)], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert outcome.kind is OutcomeKind.FILLED
    assert exchange.requests["cancel_order"] == 1


def test_an_order_that_vanished_is_cancelled_only_where_the_exchange_had_agreed(
    tmp_path: Path, clock: ManualClock
) -> None:
    shown = live()
    journal = Journal(tmp_path, clock)
    ended = {}
    for status in (CancelStatus.ACCEPTED, CancelStatus.UNKNOWN, CancelStatus.ABSENT):
        exchange = ExchangeInMemory(shown)

        def vanish(ref: OrderRef, exchange: ExchangeInMemory = exchange, status: CancelStatus = status) -> CancelAnswer:
            exchange.orders.clear()
            return CancelAnswer(status=status, reason="told")

        exchange.on_cancel = vanish
        plan = plan_of(EMPTY, snapshot(orders=(shown,), started_at=0, finished_at=0, account_label=status.value))
        outcome = only(execute_plan(plan, [cancel(shown.key)], exchange=exchange, log=journal, clock=clock))
        ended[status] = outcome.kind
    journal.close()
    assert ended == {
        CancelStatus.ACCEPTED: OutcomeKind.CANCELLED,
        CancelStatus.UNKNOWN: OutcomeKind.ALREADY_CLOSED,
        CancelStatus.ABSENT: OutcomeKind.ALREADY_CLOSED,
    }
