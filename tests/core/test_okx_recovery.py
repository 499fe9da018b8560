"""A whole recovery against the embedded exchange's OKX dialect, checked against its ledger."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import pytest
import strategies as make
from embedded_clients import status_of
from okx_builders import (
    BOT,
    BTC,
    CANCEL,
    CANCEL_ALGOS,
    HUMAN,
    PLACE,
    conditional,
    new_client,
    okx_venue,
    open_exchange,
    rest,
)
from venue_clock import VenueClock

from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind, LedgerStatus
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.protocol import take_snapshot
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.plan import order_state
from crashdesk.reconcile.records import Action, Decision, OrderVerdictKind, OutcomeKind, PositionVerdictKind
from crashdesk.recovery import RecoveryManager
from crashdesk.state import AccountState, SystemState

PREFIX = "grid"
MANIFEST = StoreManifest(bot="grid", exchange="okx", client_order_id_prefix=PREFIX)


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    with okx_venue() as running:
        yield running


@pytest.fixture
def exchange(venue: EmbeddedExchange) -> Iterator[CcxtExchange]:
    opened = open_exchange(venue)
    yield opened
    opened.close()


@pytest.fixture
def trader(venue: EmbeddedExchange) -> Iterator[Any]:
    client = new_client(BOT, venue.url, venue.now_ns, timeout=10_000)
    yield client
    client.session.close()


class Incident:
    """A bot's last checkpoint, its death in mid-flight, and what the market and a colleague did since."""

    def __init__(self, venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, directory: Path) -> None:
        self.venue, self.exchange = venue, exchange
        self.clock = VenueClock(venue)
        trader.create_order(BTC, "market", "buy", "20")
        self.kept = rest(trader, "55000", "4", clientOrderId=f"{PREFIX}1")
        self.filled = rest(trader, "63000", "5", clientOrderId=f"{PREFIX}2")
        live = LiveState(clock=self.clock)
        live.restore(read_state(exchange, self.clock))
        with RecoveryManager(
            live, RecoveryConfig(checkpoint_dir=directory / "running"), manifest=MANIFEST, clock=self.clock
        ) as manager:
            manager.checkpoint()
            venue.advance(30)
            manager.intend_order(
                symbol=BTC, client_order_id=f"{PREFIX}3", side="buy", order_type="limit", quantity=6, price=54000
            )
            venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, path=PLACE))
            with pytest.raises(ccxt.NetworkError):
                rest(trader, "54000", "6", clientOrderId=f"{PREFIX}3")
            # What is on the disk now is what a killed bot leaves.
            shutil.copytree(directory / "running", directory / "crashed")
        self.orphan = next(o.id for o in venue.ledger().open_orders if o.client_order_id == f"{PREFIX}3")
        colleague = new_client(HUMAN, venue.url, venue.now_ns)
        self.manual = rest(colleague, "50000", "1", clientOrderId="web8f31")
        self.stop = conditional(colleague, "sell", stopLossPrice="58000", reduceOnly=True, algoClOrdId="ios3b90")
        colleague.session.close()
        venue.push_price(BTC, Decimal("62990"))
        venue.advance(60)
        self.view = StoreView(directory / "crashed", clock=self.clock)
        self.recovery = OperatorRecovery(self.view, exchange, who="kim", clock=self.clock)

    def recover(self, *, approve: bool = True) -> Any:
        comparison = self.recovery.compare()
        decisions = [
            Decision(order_key=verdict.key, action=Action.CANCEL, who="kim")
            for verdict in comparison.plan.orphans
            if verdict.preselected and approve
        ]
        return self.recovery.execute(comparison, decisions, plan_id=comparison.plan.id)


def read_state(exchange: CcxtExchange, clock: VenueClock) -> SystemState:
    snapshot = take_snapshot(exchange, [], clock)
    assert snapshot.account is not None
    account = {name: getattr(snapshot.account, name) for name in AccountState.__struct_fields__}
    return SystemState(
        timestamp=clock.now_ns(),
        account=AccountState(**account),
        positions=tuple(
            make.position(
                id=leg.id, symbol=leg.symbol, side=leg.side, quantity=leg.contracts, entry_price=leg.entry_price
            )
            for leg in snapshot.positions
        ),
        open_orders=tuple(filter(None, (order_state(order, clock.now_ns()) for order in snapshot.orders))),
    )


@pytest.fixture
def incident(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, tmp_path: Path) -> Iterator[Incident]:
    made = Incident(venue, exchange, trader, tmp_path / "store")
    yield made
    made.view.close()


@pytest.mark.scenario(1, 7, 17)
def test_the_verdicts_are_what_happened(incident: Incident) -> None:
    plan = incident.recovery.compare().plan

    verdicts = {verdict.key.rpartition(":")[2]: verdict for verdict in plan.orders}
    assert {order_id: verdict.kind for order_id, verdict in verdicts.items()} == {
        incident.kept: OrderVerdictKind.MATCHED,
        incident.filled: OrderVerdictKind.FILLED_WHILE_DOWN,
        incident.orphan: OrderVerdictKind.OWN_ORPHAN,
        incident.manual: OrderVerdictKind.FOREIGN,
        incident.stop: OrderVerdictKind.FOREIGN,
    }
    assert [order_id for order_id, verdict in verdicts.items() if verdict.preselected] == [incident.orphan]
    assert [verdict.kind for verdict in plan.positions] == [PositionVerdictKind.QUANTITY_DIFFERS]
    assert any("covers 1 contract (" in evidence.text for evidence in verdicts[incident.stop].evidence)
    assert plan.coverage.complete


@pytest.mark.scenario(51)
def test_after_the_recovery_the_state_equals_the_ledger_in_contracts(incident: Incident) -> None:
    report = incident.recover()

    truth = incident.venue.ledger()
    assert report.problem == ""
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED]
    assert incident.venue.request_count("POST", CANCEL, received=True) == 1
    assert {order.id for order in truth.open_orders} == {incident.kept, incident.manual, incident.stop}
    assert [order.id for order in truth.closed_orders if order.cancelled_by] == [incident.orphan]
    state = report.state
    assert state is not None
    assert [(order.id, order.quantity) for order in state.open_orders] == [(incident.kept, 4)]
    (leg,), (held,) = state.positions, truth.positions
    assert (leg.symbol, leg.quantity) == (BTC, held.contracts) == (BTC, 25)
    assert abs(leg.entry_price - held.entry_price) <= Decimal("1e-8")
    assert (state.account.balance, state.account.equity) == (truth.balance, truth.equity)


@pytest.mark.scenario(71, 72)
def test_a_second_recovery_finds_nothing_to_do_and_declining_sends_nothing(incident: Incident) -> None:
    declined = incident.recover(approve=False)
    assert declined.execution.outcomes == ()
    assert incident.venue.request_count("POST", CANCEL, received=True) == 0
    incident.recover()
    again = incident.recover()

    assert [verdict.kind for verdict in again.plan.orders if verdict.preselected] == []
    assert [verdict.kind for verdict in again.plan.positions] == [PositionVerdictKind.MATCHED]
    assert incident.venue.request_count("POST", CANCEL, received=True) == 1
    assert incident.venue.request_count("POST", CANCEL_ALGOS, received=True) == 0


@pytest.mark.scenario(9)
@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.TRUNCATED, FaultKind.UNKNOWN_STATUS])
def test_a_cancel_whose_answer_is_lost_is_proved_by_reading_and_not_sent_again(
    incident: Incident, kind: FaultKind
) -> None:
    incident.venue.add_fault(Fault(kind=kind, path=CANCEL))

    report = incident.recover()

    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED]
    assert incident.venue.request_count("POST", CANCEL, received=True) == 1
    assert status_of(incident.venue, incident.orphan) is LedgerStatus.CANCELLED


@pytest.mark.scenario(27)
def test_an_orphan_that_fills_while_the_operator_decides_is_not_cancelled(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    (orphan,) = (verdict for verdict in comparison.plan.orphans if verdict.preselected)
    incident.venue.push_price(BTC, Decimal("54500"))
    incident.venue.push_price(BTC, Decimal("53990"))
    decision = Decision(order_key=orphan.key, action=Action.CANCEL, who="kim")

    report = incident.recovery.execute(comparison, [decision], plan_id=comparison.plan.id)

    (outcome,) = report.execution.outcomes
    assert outcome.kind is OutcomeKind.FILLED
    assert incident.venue.request_count("POST", CANCEL, received=True) == 0


def test_an_order_that_okx_has_forgotten_is_missing_and_nothing_is_claimed(
    incident: Incident, venue: EmbeddedExchange
) -> None:
    colleague = new_client(HUMAN, venue.url, venue.now_ns)
    colleague.cancel_order(incident.kept, BTC)
    colleague.session.close()

    def verdict() -> OrderVerdictKind:
        plan = incident.recovery.compare().plan
        return next(found.kind for found in plan.orders if found.key.endswith(incident.kept))

    assert verdict() is OrderVerdictKind.CLOSED_WHILE_DOWN
    venue.advance(7201)
    assert verdict() is OrderVerdictKind.MISSING_UNPROVEN


def test_an_order_that_was_amended_under_its_old_id_has_drifted(incident: Incident, venue: EmbeddedExchange) -> None:
    colleague = new_client(HUMAN, venue.url, venue.now_ns)
    colleague.edit_order(incident.kept, BTC, "limit", "buy", "9", "55100")
    colleague.session.close()

    report = incident.recover()

    verdict = next(found for found in report.plan.orders if found.key.endswith(incident.kept))
    assert verdict.kind is OrderVerdictKind.DRIFTED
    kept = incident.venue.ledger().order(incident.kept)
    assert kept is not None
    assert [(order.id, order.quantity, order.price) for order in report.state.open_orders] == [
        (incident.kept, kept.contracts, kept.price)
    ]
