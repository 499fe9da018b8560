"""What happened to a bot's account while it was down, over HTTP: the embedded exchange, unmodified ccxt, whole comparisons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import pytest
import strategies as make
from strategies import ManualClock

from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange, Fault, FaultKind, LedgerStatus
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.protocol import take_snapshot
from crashdesk.exchange.records import CancelAnswer, OrderRef, ScopeKind
from crashdesk.execute import Execution, execute_plan
from crashdesk.reconcile.plan import order_state
from crashdesk.reconcile.records import (
    Action,
    Decision,
    IntentVerdictKind,
    OrderVerdict,
    OrderVerdictKind,
    OutcomeKind,
    Plan,
    PositionVerdictKind,
)
from crashdesk.state import Side, SystemState
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Intent, IntentAction

Kind, PositionKind = OrderVerdictKind, PositionVerdictKind
BTC, ETH, SOL = "BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-key-1a2b3c", secret="bot-secret-4d5e6f")
ORDER, POSITIONS = "/fapi/v1/order", "/fapi/v"
MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-", other_prefixes=("arb-",))


class VenueClock(ManualClock):
    """The embedded exchange's time; sleeping moves it. `behind_s` is how far this machine's own clock is behind."""

    def __init__(self, venue: EmbeddedExchange, behind_s: int = 0) -> None:
        super().__init__()
        self._venue = venue
        self._behind_ns = behind_s * 1_000_000_000

    def now_ns(self) -> int:
        return self._venue.now_ns() - self._behind_ns

    def sleep(self, seconds: float) -> None:
        self._venue.advance(seconds)


class Account:
    """A bot's account: `remember` is its last checkpoint, what follows is what it does not know."""

    def __init__(self, venue: EmbeddedExchange, directory: Path) -> None:
        self.venue = venue
        self.clock = VenueClock(venue)
        self.journal = Journal(directory, self.clock)
        self.exchange = self.open()
        self.trader: Any = ccxt.binanceusdm(
            {"apiKey": BOT.api_key, "secret": BOT.secret, "timeout": 2000, "options": demo_client_options()}
        )
        mount_loopback(self.trader, venue.url, now_ns=venue.now_ns)
        self.known = make.state(timestamp=START_NS, positions=(), open_orders=())

    def open(self, clock: VenueClock | None = None) -> CcxtExchange:
        clock = clock or self.clock
        return CcxtExchange(
            ExchangeSettings(exchange="binanceusdm", account="main"),
            ExchangeCredentials(values={"apiKey": BOT.api_key, "secret": BOT.secret}),
            clock=clock,
            prepare=lambda client: mount_loopback(client, self.venue.url, now_ns=self.venue.now_ns),
        )

    def rest(self, name: str = "grid-1", price: str = "60000", side: str = "buy", **params: Any) -> str:
        params = {"clientOrderId": name, **params} if name else params
        return str(self.trader.create_order(BTC, "limit", side, "0.1", price, params)["id"])

    def trade(self, side: str, amount: str, **params: Any) -> None:
        self.trader.create_order(BTC, "market", side, amount, None, params)

    def stop(self, name: str = "grid-stop") -> str:
        params = {"stopLossPrice": "50000", "reduceOnly": True, "clientOrderId": name}
        return str(self.trader.create_order(BTC, "market", "sell", "0.1", None, params)["id"])

    def rest_near_the_market(self) -> None:
        """Many orders, of which some will fill in two pieces."""
        for level in range(40):
            price = str(self.venue.price(SOL) - Decimal(level + 1) / 50)
            self.trader.create_order(SOL, "limit", "buy", "10", price, {"clientOrderId": f"grid-{level}"})

    def partly_filled(self) -> str:
        """Lets time pass until an order has filled in part; its id."""
        for _ in range(3000):
            self.venue.advance(1)
            for order in self.venue.ledger().open_orders:
                if order.status is LedgerStatus.PARTIALLY_FILLED:
                    return order.id
        raise AssertionError("no order filled in part")

    def remember(self) -> None:
        snapshot = take_snapshot(self.exchange, [], self.clock)
        self.known = SystemState(
            timestamp=self.clock.now_ns(),
            account=self.known.account,
            positions=tuple(
                make.position(
                    id=f"{leg.symbol}:{leg.side.leg}",
                    symbol=leg.symbol,
                    side=leg.side,
                    quantity=leg.contracts,
                    entry_price=leg.entry_price,
                )
                for leg in snapshot.positions
            ),
            open_orders=tuple(filter(None, (order_state(order, self.clock.now_ns()) for order in snapshot.orders))),
        )

    def intend(self, name: str) -> None:
        self.journal.intend(
            Intent(
                at=self.clock.now_ns(),
                action=IntentAction.CREATE,
                symbol=BTC,
                client_order_id=name,
                side="buy",
                quantity="0.1",
                price="60000",
                order_type="limit",
            )
        )

    def compare(self, *, later_s: float = 60, exchange: Any = None, clock: Any = None) -> Plan:
        self.venue.advance(later_s)
        plan, _ = compare(
            self.known,
            journal=self.journal,
            exchange=exchange or self.exchange,
            manifest=MANIFEST,
            checkpoint_seq=1,
            checkpoint_timestamp=self.known.timestamp,
            clock=clock or self.clock,
        )
        return plan

    def cancel(self, plan: Plan, *ids: str, exchange: Any = None) -> Execution:
        decisions = [
            Decision(order_key=verdict.key, action=Action.CANCEL, who="kim")
            for verdict in plan.orphans
            if not ids or (verdict.live is not None and verdict.live.id in ids)
        ]
        return execute_plan(plan, decisions, exchange=exchange or self.exchange, log=self.journal, clock=self.clock)

    def deletes(self) -> int:
        return self.venue.request_count("DELETE", ORDER, received=True)

    def close(self) -> None:
        self.exchange.close()
        self.journal.close()
        self.trader.session.close()


class InBetween:
    """The same exchange; `then` happens right after a cancellation was answered."""

    def __init__(self, inner: CcxtExchange, then: Callable[[], None]) -> None:
        self._inner, self._then = inner, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        answer = self._inner.cancel_order(ref)
        self._then()
        return answer


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BOT,)) as venue:
        opened = Account(venue, tmp_path)
        yield opened
        opened.close()


def of(plan: Plan, order_id: str) -> OrderVerdict:
    return next(
        verdict
        for verdict in plan.orders
        if order_id in ((verdict.live.id if verdict.live else ""), (verdict.known.id if verdict.known else ""))
    )


def told(verdict: Any) -> str:
    return "\n".join(item.text for item in verdict.evidence)


# Orders that the bot knew


@pytest.mark.scenario(1, 4, 14)
def test_one_filled_one_cancelled_by_hand_and_one_left_alone(account: Account) -> None:
    filled, cancelled, kept = account.rest("grid-1", "63000"), account.rest("grid-2"), account.rest("grid-3", "50000")
    account.remember()
    account.trader.cancel_order(cancelled, BTC)
    account.venue.push_price(BTC, Decimal(62990))
    plan = account.compare()
    assert {order: of(plan, order).kind for order in (filled, cancelled, kept)} == {
        filled: Kind.FILLED_WHILE_DOWN,
        cancelled: Kind.CLOSED_WHILE_DOWN,
        kept: Kind.MATCHED,
    }
    assert "0.1 of 0.1 at 63000" in told(of(plan, filled))
    assert "cancelled, 0 of 0.1" in told(of(plan, cancelled))


@pytest.mark.scenario(2, 3)
def test_filled_in_part_and_then_cancelled(account: Account) -> None:
    account.rest_near_the_market()
    account.remember()
    order = account.partly_filled()
    truth = account.venue.ledger().order(order)
    assert truth is not None
    still_open = of(account.compare(later_s=0), order)
    assert still_open.kind is Kind.DRIFTED
    assert f"filled: 0 → {truth.filled_quantity}" in told(still_open)
    account.trader.cancel_order(order, SOL)
    over = of(account.compare(later_s=0), order)
    assert (over.kind, over.is_stale) == (Kind.CLOSED_WHILE_DOWN, True)
    assert f"cancelled, {truth.filled_quantity} of 10" in told(over)


@pytest.mark.scenario(5)
def test_a_reduce_only_order_expires_with_its_position(account: Account) -> None:
    account.trade("buy", "0.1")
    order = account.rest(price="70000", side="sell", reduceOnly=True)
    account.remember()
    account.trade("sell", "0.1")
    verdict = of(account.compare(), order)
    assert verdict.kind is Kind.CLOSED_WHILE_DOWN
    assert "expired" in told(verdict)


@pytest.mark.scenario(11, 12)
@pytest.mark.parametrize("price", ["60000", "59500"])
def test_an_order_that_was_replaced_is_one_order_with_a_new_id(account: Account, price: str) -> None:
    old = account.rest("grid-1")
    account.remember()
    account.trader.cancel_order(old, BTC)
    new = account.rest("grid-1", price)
    plan = account.compare()
    (verdict,) = plan.orders
    assert verdict.kind is Kind.DRIFTED
    assert f"id: {old} → {new}" in told(verdict)
    assert (f"price: 60000 → {price}" in told(verdict)) is (price != "60000")


@pytest.mark.scenario(13)
def test_an_order_that_the_exchange_does_not_know_yet_is_not_judged(account: Account) -> None:
    account.venue.advance(60)
    young = make.order(id="1", symbol=BTC, client_order_id="grid-1", created_at=account.clock.now_ns())
    account.known = make.state(timestamp=account.clock.now_ns(), positions=(), open_orders=(young,))
    assert of(account.compare(later_s=2), "1").kind is Kind.UNKNOWN
    assert of(account.compare(later_s=60), "1").kind is Kind.MISSING_UNPROVEN


@pytest.mark.scenario(16)
def test_an_order_that_was_not_found_and_is_found_later_is_the_known_one(account: Account) -> None:
    """Its submission was still on the way when it was asked for first."""
    account.venue.advance(60)
    sent = make.order(id="", symbol=BTC, client_order_id="grid-1", price=Decimal(60000), quantity=Decimal("0.1"))
    account.known = make.state(timestamp=account.clock.now_ns(), positions=(), open_orders=(sent,))
    (missing,) = account.compare().orders
    assert missing.kind is Kind.MISSING_UNPROVEN
    arrived = account.rest("grid-1")
    (found,) = account.compare().orders
    assert found.kind in (Kind.MATCHED, Kind.DRIFTED)
    assert found.live is not None
    assert (found.live.id, found.is_orphan, found.preselected) == (arrived, False, False)


@pytest.mark.scenario(15)
def test_an_order_whose_own_read_fails_is_unknown_until_it_is_found(account: Account) -> None:
    order = account.rest()
    account.remember()
    account.trader.cancel_order(order, BTC)
    account.venue.add_fault(Fault(kind=FaultKind.HTML_502, method="GET", path=ORDER, times=10))
    unread = of(account.compare(), order)
    assert (unread.kind, unread.is_stale) == (Kind.UNKNOWN, False)
    account.venue.clear_faults()
    assert of(account.compare(), order).kind is Kind.CLOSED_WHILE_DOWN


# Orders that the bot does not know


@pytest.mark.scenario(6, 17, 18, 19, 21)
def test_whose_an_order_is(account: Account) -> None:
    own, manual, other = account.rest("grid-1"), account.rest("web_8f31"), account.rest("arb-7")
    plan = account.compare()
    assert {order: (of(plan, order).kind, of(plan, order).preselected) for order in (own, manual, other)} == {
        own: (Kind.OWN_ORPHAN, True),
        manual: (Kind.FOREIGN, False),
        other: (Kind.FOREIGN, False),
    }
    raw = account.trader.fapiprivate_get_openorders()
    assert {type(row["orderId"]) for row in raw} <= {int, str}
    assert all(isinstance(verdict.live.id, str) for verdict in plan.orders if verdict.live)


@pytest.mark.scenario(7)
def test_a_submission_whose_answer_was_lost_is_found_by_its_client_order_id(account: Account) -> None:
    account.intend("77")
    account.venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, method="POST", path=ORDER))
    with pytest.raises(ccxt.NetworkError):
        account.rest("77")
    plan = account.compare()
    (orphan,) = plan.orphans
    assert (orphan.kind, orphan.preselected) == (Kind.OWN_ORPHAN, True)
    assert "about to send buy 0.1 at 60000 under client order id 77" in told(orphan)


@pytest.mark.scenario(7)
def test_a_submission_whose_answer_was_lost_and_that_filled_is_booked(account: Account) -> None:
    account.intend("grid-1")
    account.venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, method="POST", path=ORDER))
    with pytest.raises(ccxt.NetworkError):
        account.rest("grid-1", "63000")
    account.venue.push_price(BTC, Decimal(62990))
    plan = account.compare()
    assert [verdict.kind for verdict in plan.intents] == [IntentVerdictKind.FILLED]
    assert plan.orphans == ()


@pytest.mark.scenario(8)
def test_a_submission_that_never_arrived_is_said_to_have_never_arrived_after_the_grace(account: Account) -> None:
    account.venue.advance(10)
    account.intend("grid-1")
    account.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="POST", path=ORDER))
    with pytest.raises(ccxt.NetworkError):
        account.rest("grid-1")
    assert [verdict.kind for verdict in account.compare(later_s=2).intents] == [IntentVerdictKind.UNKNOWN]
    assert [verdict.kind for verdict in account.compare().intents] == [IntentVerdictKind.NEVER_ARRIVED]


@pytest.mark.scenario(22)
def test_a_client_order_id_that_was_used_again_makes_a_second_order(account: Account) -> None:
    old = account.rest("grid-1", "63000")
    account.remember()
    account.venue.push_price(BTC, Decimal(62990))
    new = account.rest("grid-1")
    plan = account.compare()
    assert {verdict.key.rpartition(":")[2]: verdict.kind for verdict in plan.orders} == {
        old: Kind.FILLED_WHILE_DOWN,
        new: Kind.OWN_ORPHAN,
    }


@pytest.mark.scenario(23, 28)
def test_an_orphan_that_fills_in_part_during_the_review_is_left_to_a_new_decision(account: Account) -> None:
    account.rest_near_the_market()
    shown = account.compare(later_s=0, clock=VenueClock(account.venue, behind_s=-10))
    order = account.partly_filled()
    (outcome,) = account.cancel(shown, order).outcomes
    truth = account.venue.ledger().order(order)
    assert truth is not None
    assert truth.price is not None
    assert (outcome.kind, outcome.sent, account.deletes()) == (OutcomeKind.CHANGED, False, 0)
    assert f"filled 0 → {truth.filled_quantity}" in outcome.text

    anew = of(account.compare(later_s=0), order)
    remains = truth.quantity - truth.filled_quantity
    assert (anew.kind, anew.notional) == (Kind.OWN_ORPHAN, remains * truth.price)


@pytest.mark.scenario(24, 25)
def test_a_stop_that_only_the_second_list_shows_is_found_and_marked_as_protection(account: Account) -> None:
    account.trade("buy", "0.1")
    account.remember()
    order = account.stop()
    verdict = of(account.compare(), order)
    assert (verdict.kind, verdict.protective, verdict.preselected) == (Kind.OWN_ORPHAN, True, False)
    assert "covers all of it" in verdict.protects
    account.venue.add_fault(Fault(kind=FaultKind.HTML_502, path="/fapi/v1/openAlgoOrders", times=3))
    blind = account.compare()
    assert blind.orders == ()
    assert [gap.scope.kind for gap in blind.coverage.gaps()] == [ScopeKind.CONDITIONAL_ORDERS]


# Between the plan and its execution


@pytest.mark.scenario(10)
def test_a_cancellation_that_was_lost_while_the_order_filled_is_told_as_filled(account: Account) -> None:
    order = account.rest("grid-1", "63000")
    plan = account.compare()
    account.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="DELETE", path=ORDER))
    raced = InBetween(account.exchange, lambda: account.venue.push_price(BTC, Decimal(62990)))
    (outcome,) = account.cancel(plan, exchange=raced).outcomes
    assert (outcome.kind, account.deletes()) == (OutcomeKind.FILLED, 1)
    truth = account.venue.ledger().order(order)
    assert truth is not None
    assert (truth.status, truth.filled_quantity) == (LedgerStatus.FILLED, Decimal("0.1"))


@pytest.mark.scenario(30, 74)
def test_what_appears_during_the_review_is_not_touched_and_shown_afterwards(account: Account) -> None:
    seen = account.rest("grid-1")
    plan = account.compare()
    late, manual = account.rest("grid-2", "59000"), account.rest("web_1", "58000")
    (outcome,) = account.cancel(plan).outcomes
    assert (outcome.kind, account.deletes()) == (OutcomeKind.CANCELLED, 1)
    assert {order.id for order in account.venue.ledger().open_orders} == {late, manual}
    assert {verdict.live.id for verdict in account.compare().orphans if verdict.live} == {late, manual}
    assert seen not in {late, manual}


@pytest.mark.scenario(33)
def test_half_of_a_batch_that_does_not_arrive_does_not_stop_the_other_half(account: Account) -> None:
    orders = [account.rest(f"grid-{n}", f"5{n}000") for n in range(1, 5)]
    plan = account.compare()
    account.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="DELETE", path=ORDER, skip=1, times=2))
    execution = account.cancel(plan)
    ended = {order.id for order in account.venue.ledger().closed_orders}
    assert len(ended) == 2
    assert account.deletes() == len(orders)
    for outcome in execution.outcomes:
        cancelled = outcome.order_key.rpartition(":")[2] in ended
        assert (outcome.kind is OutcomeKind.CANCELLED) is cancelled


# Reading


@pytest.mark.scenario(43)
def test_a_symbol_that_is_not_listed_any_more_is_unknown(account: Account) -> None:
    gone = make.order(id="1", symbol="LUNA/USDT:USDT", client_order_id="grid-1", created_at=START_NS)
    account.known = make.state(timestamp=START_NS, positions=(), open_orders=(gone,))
    verdict = of(account.compare(), "1")
    assert (verdict.kind, verdict.is_stale) == (Kind.UNKNOWN, False)


@pytest.mark.scenario(44)
@pytest.mark.parametrize("behind_s", [-90, 90])
def test_ages_are_told_by_the_exchange_though_our_clock_is_wrong(account: Account, behind_s: int) -> None:
    account.venue.advance(200)
    clock = VenueClock(account.venue, behind_s)
    exchange = account.open(clock)
    young = account.rest("grid-1")
    try:
        assert of(account.compare(later_s=2, exchange=exchange, clock=clock), young).kind is Kind.UNKNOWN
        assert of(account.compare(later_s=10, exchange=exchange, clock=clock), young).kind is Kind.OWN_ORPHAN
    finally:
        exchange.close()


@pytest.mark.scenario(40, 46)
def test_when_the_network_dies_after_the_orders_were_read_positions_are_unknown(account: Account) -> None:
    account.trade("buy", "0.1")
    order = account.rest()
    account.remember()
    for version in "123":
        path = f"/fapi/v{version}/positionRisk"
        account.venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, path=path, times=10))
    plan = account.compare()
    assert of(plan, order).kind is Kind.MATCHED
    assert [verdict.kind for verdict in plan.positions] == [PositionKind.UNKNOWN]
    assert ScopeKind.POSITIONS in {gap.scope.kind for gap in plan.coverage.gaps()}


# Positions


@pytest.mark.scenario(48, 55, 56)
def test_what_a_position_became(account: Account) -> None:
    account.trade("buy", "0.2")
    account.remember()
    assert [verdict.kind for verdict in account.compare().positions] == [PositionKind.MATCHED]

    account.trade("sell", "0.2")
    assert [verdict.kind for verdict in account.compare().positions] == [PositionKind.CLOSED_WHILE_DOWN]

    account.venue.push_price(BTC, Decimal(61000))
    account.trade("buy", "0.2")
    (again,) = account.compare().positions
    assert again.kind is PositionKind.MATCHED
    assert again.known is not None
    assert again.live is not None
    assert again.live.entry_price != again.known.entry_price
    assert f"entry price: {again.known.entry_price} → {again.live.entry_price}" in told(again)

    account.trade("sell", "0.3")
    (turned,) = account.compare().positions
    assert (turned.kind, turned.side) == (PositionKind.SIDE_FLIPPED, Side.SELL)


@pytest.mark.scenario(49)
def test_hedge_legs_that_cancel_out_stay_two_positions(account: Account) -> None:
    account.trader.set_position_mode(True)
    account.trade("buy", "0.2", positionSide="LONG")
    account.trade("sell", "0.1", positionSide="SHORT")
    account.remember()
    account.trade("sell", "0.1", positionSide="SHORT")
    plan = account.compare()
    assert {verdict.side: verdict.kind for verdict in plan.positions} == {
        Side.BUY: PositionKind.MATCHED,
        Side.SELL: PositionKind.QUANTITY_DIFFERS,
    }
    assert {verdict.live.contracts for verdict in plan.positions if verdict.live} == {Decimal("0.2")}
