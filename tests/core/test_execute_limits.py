"""An exchange that asks for a pause in the middle of a batch gets it, and the operator sees what is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from recovery_builders import ExchangeInMemory, live, plan_of, snapshot
from strategies import ManualClock

from crashdesk.exchange.rate_limit import UNTOLD_PAUSE_S, limit_pause_s
from crashdesk.exchange.records import CancelAnswer, CancelStatus, LookupStatus, OrderLookup, OrderRef
from crashdesk.execute import Execution, execute_plan
from crashdesk.patience import Patience, proof_pauses
from crashdesk.reconcile.records import Action, Decision, OutcomeKind, Plan
from crashdesk.storage.journal import Journal

ORDERS = tuple(live(id=str(number), client_order_id=f"grid-{number}") for number in (1, 2, 3))
EMPTY = make.state(positions=(), open_orders=())


class LimitedExchange(ExchangeInMemory):
    """Refuses every request until `free_at` (UNIX nanoseconds), from the request number `after` on."""

    def __init__(self, clock: ManualClock, *, after: int, pause_s: float, in_reads: bool = True) -> None:
        super().__init__(*ORDERS)
        self._clock = clock
        self._after, self._pause_ns, self._in_reads = after, int(pause_s * 1e9), in_reads
        self._free_at: int | None = None
        self.refused = 0
        self.cancels: list[str] = []

    def _wait_s(self, *, reading: bool) -> float | None:
        if self._free_at is None and sum(self.requests.values()) >= self._after and reading is self._in_reads:
            self._free_at = self._clock.now_ns() + self._pause_ns
        if self._free_at is None or self._clock.now_ns() >= self._free_at:
            return None
        self.refused += 1
        return (self._free_at - self._clock.now_ns()) / 1e9

    def read_order(self, ref: OrderRef) -> OrderLookup:
        wait = self._wait_s(reading=True)
        if wait is None:
            return super().read_order(ref)
        return OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="too many requests", retry_after_s=wait)

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        self.cancels.append(ref.id)
        wait = self._wait_s(reading=False)
        if wait is None:
            return super().cancel_order(ref)
        return CancelAnswer(status=CancelStatus.NOT_DONE, reason="too many requests", retry_after_s=wait)


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    made = Journal(tmp_path, clock)
    yield made
    made.close()


class Batch:
    """Three orders to cancel; `told` is what the operator sees."""

    def __init__(self, exchange: LimitedExchange, journal: Journal, clock: ManualClock) -> None:
        self.exchange, self.journal, self.clock = exchange, journal, clock
        self.plan: Plan = plan_of(EMPTY, snapshot(orders=ORDERS))
        self.told: list[str] = []
        self.stop = False

    def run(self, **changes: object) -> Execution:
        decisions = [Decision(order_key=order.key, action=Action.CANCEL, who="kim") for order in ORDERS]
        return execute_plan(
            self.plan,
            decisions,
            exchange=self.exchange,
            log=self.journal,
            clock=self.clock,
            step=lambda done, total, text: self.told.append(text.partition(": ")[2]),
            stopped=lambda: self.stop,
            **changes,  # type: ignore[arg-type]
        )


@pytest.mark.scenario(36)
@pytest.mark.parametrize("after", [0, 3, 4, 7])
def test_a_pause_is_made_and_shown_and_the_batch_goes_on(journal: Journal, clock: ManualClock, after: int) -> None:
    batch = Batch(LimitedExchange(clock, after=after, pause_s=12), journal, clock)
    execution = batch.run()
    assert [outcome.kind for outcome in execution.outcomes] == [OutcomeKind.CANCELLED] * 3
    assert "waiting 12 s for the exchange's limit" in batch.told
    assert "waiting 1 s for the exchange's limit" in batch.told
    # Nothing is asked for during the pause.
    assert batch.exchange.refused == 1
    assert batch.exchange.cancels == ["1", "2", "3"]


def test_a_request_that_the_limit_refused_is_not_sent_again_and_the_pause_is_made(
    journal: Journal, clock: ManualClock
) -> None:
    batch = Batch(LimitedExchange(clock, after=3, pause_s=30, in_reads=False), journal, clock)
    execution = batch.run()
    assert [outcome.kind for outcome in execution.outcomes] == [
        OutcomeKind.CANCELLED,
        OutcomeKind.REFUSED,
        OutcomeKind.CANCELLED,
    ]
    assert "too many requests" in execution.outcomes[1].text
    assert "decide anew" in execution.outcomes[1].text
    assert batch.exchange.cancels == ["1", "2", "3"]
    assert batch.exchange.refused == 1
    assert "waiting 30 s for the exchange's limit" in batch.told


@pytest.mark.scenario(36)
def test_a_pause_that_nobody_would_wait_for_stops_the_batch_and_it_can_be_resumed(
    journal: Journal, clock: ManualClock
) -> None:
    batch = Batch(LimitedExchange(clock, after=3, pause_s=900), journal, clock)
    stopped = batch.run()
    assert stopped.stopped
    assert "asks for a pause of 900 s" in stopped.problem
    assert [outcome.kind for outcome in stopped.outcomes] == [OutcomeKind.CANCELLED]
    assert batch.exchange.refused <= 2
    clock.sleep(900)
    done = batch.run()
    assert not done.stopped
    assert batch.exchange.cancels == ["1", "2", "3"]


def test_a_longer_pause_is_made_where_who_calls_allows_it(journal: Journal, clock: ManualClock) -> None:
    batch = Batch(LimitedExchange(clock, after=3, pause_s=900), journal, clock)
    execution = batch.run(patience=Patience(pause_s=1000))
    assert [outcome.kind for outcome in execution.outcomes] == [OutcomeKind.CANCELLED] * 3


def test_stopping_takes_effect_during_a_pause(journal: Journal, clock: ManualClock) -> None:
    batch = Batch(LimitedExchange(clock, after=3, pause_s=60), journal, clock)
    begun = clock.now_ns()

    def told(text: str) -> None:
        batch.stop = text.startswith("waiting 55 s")

    class Watching(list[str]):
        def append(self, text: str) -> None:
            super().append(text)
            told(text)

    batch.told = Watching()
    execution = batch.run()
    assert (execution.stopped, execution.problem, len(execution.outcomes)) == (True, "", 1)
    assert (clock.now_ns() - begun) / 1e9 < 10


def test_the_pause_is_the_one_that_the_exchange_names() -> None:
    import ccxt

    assert limit_pause_s(ccxt.RateLimitExceeded("binance -1003"), {"Retry-After": "12"}) == 12
    assert limit_pause_s(ccxt.DDoSProtection("binance 418"), {"Retry-After": "0"}) == 1
    assert limit_pause_s(ccxt.RateLimitExceeded("okx 50011"), None) == UNTOLD_PAUSE_S
    date = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert limit_pause_s(ccxt.DDoSProtection("kraken"), date) == UNTOLD_PAUSE_S
    assert limit_pause_s(ccxt.NetworkError("binance timed out"), {"Retry-After": "12"}) is None


@pytest.mark.parametrize("deadline", [0.1, 1, 10, 60])
def test_the_reads_of_a_proof_take_as_long_as_they_may(deadline: float) -> None:
    pauses = list(proof_pauses(deadline))
    assert pauses[0] == 0
    assert sum(pauses) == pytest.approx(deadline)
