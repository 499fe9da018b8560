"""Positions alone were known and all are gone: closed by hand, or read with the keys of another account?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from account_while_down import BOT, BTC, ETH, START_NS, Account, told
from binance_builders import HEDGER, open_exchange
from recovery_builders import LATER, SECOND, ExchangeInMemory, leg, only_position
from strategies import T0, ManualClock

from crashdesk.compare import compare
from crashdesk.config import RecoveryConfig, StoreManifest, write_manifest
from crashdesk.demo.venue import EmbeddedExchange
from crashdesk.exchange.records import Liquidation, LiquidationsReading, ScopeStatus, Trade, TradesReading
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryResult, RecoveryStatus
from crashdesk.state import Side, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JournalView
from crashdesk.storage.store import StateStore

HELD = make.position(quantity=Decimal("0.250"))
KNOWN = make.state(open_orders=(), positions=(HELD,))
MINUTE = 60 * SECOND


class FlatAccount(ExchangeInMemory):
    """An account without positions that tells its trades, each as (minutes since the state, side, amount)."""

    def __init__(
        self, *trades: tuple[float, Side, str], status: ScopeStatus = ScopeStatus.READ, **more: object
    ) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self._status = status
        self._trades = [
            Trade(
                id=str(number),
                order_id=str(number),
                symbol=BTC,
                side=side,
                amount=Decimal(amount),
                price=Decimal(1),
                at=T0 + int(minutes * MINUTE),
            )
            for number, (minutes, side, amount) in enumerate(trades)
        ]

    def read_trades_since(self, symbol: str, since_ns: int) -> TradesReading:
        told = tuple(each for each in self._trades if each.at is not None and each.at >= since_ns)
        return TradesReading(symbol=symbol, status=self._status, trades=told, reason="busy", read_at=LATER)


class Liquidated(FlatAccount):
    def read_liquidations(self, symbol: str, since_ns: int) -> LiquidationsReading:
        one = Liquidation(symbol=symbol, at=T0 + MINUTE)
        return LiquidationsReading(symbol=symbol, status=ScopeStatus.READ, liquidations=(one,))


def plan_on(exchange: ExchangeInMemory, known: SystemState = KNOWN) -> Plan:
    clock = ManualClock(LATER)
    store = StoreManifest(bot="grid", exchange="binanceusdm")
    plan, _ = compare(known, journal=JournalView(), exchange=exchange, manifest=store, checkpoint_seq=1, clock=clock)
    return plan


@pytest.mark.parametrize(
    "exchange",
    [
        FlatAccount((5, Side.SELL, "0.250")),
        FlatAccount((3, Side.SELL, "0.100"), (5, Side.SELL, "0.150")),
        FlatAccount((3, Side.BUY, "0.100"), (5, Side.SELL, "0.350")),
        FlatAccount((-1, Side.BUY, "0.250"), (5, Side.SELL, "0.250")),
        FlatAccount((-1, Side.SELL, "0.250")),
        FlatAccount((5, Side.SELL, "0.250"), status=ScopeStatus.TRUNCATED),
        FlatAccount((5, Side.SELL, "0.350"), positions=[leg(side=Side.SELL, contracts=Decimal("0.100"))]),
        Liquidated(),
    ],
    ids=[
        "one",
        "two",
        "after more was bought",
        "bought before",
        "as it was noted",
        "of a week",
        "a flip",
        "liquidated",
    ],
)
def test_what_the_exchange_proves_is_simply_closed(exchange: ExchangeInMemory) -> None:
    plan = plan_on(exchange)
    assert (plan.denied, plan.journal_problem) == ("", "")


@pytest.mark.parametrize(
    ("exchange", "why"),
    [
        (FlatAccount(), "no trades that this account tells add up"),
        (FlatAccount((5, Side.SELL, "0.100")), "no trades that this account tells add up"),
        (FlatAccount((5, Side.BUY, "0.250")), "no trades that this account tells add up"),
        # The same bot on another account ends flat as well, by a last sale of the same size.
        (FlatAccount((4, Side.BUY, "0.250"), (5, Side.SELL, "0.250")), "no trades that this account tells add up"),
        (FlatAccount(status=ScopeStatus.FAILED), r"could not be read \(busy\)"),
        (FlatAccount(status=ScopeStatus.TRUNCATED), r"could not be read \(busy\)"),
        (ExchangeInMemory(), r"could not be read \(the exchange cannot be asked for them\)"),
        (FlatAccount(positions=[leg(symbol=ETH)]), "no trades that this account tells add up"),
    ],
    ids=[
        "nothing",
        "too little",
        "the other side",
        "a neighbour's",
        "unread",
        "read in part",
        "not told",
        "another position",
    ],
)
def test_what_nothing_proves_may_be_another_account(exchange: ExchangeInMemory, why: str) -> None:
    plan = plan_on(exchange)
    assert re.search(why, plan.denied)
    assert plan.denied in plan.journal_problem


@pytest.mark.parametrize(
    ("trades", "proved"),
    [
        (((3, Side.SELL, "0.250"), (5, Side.BUY, "0.250")), True),
        (((3, Side.SELL, "0.100"), (4, Side.BUY, "0.250"), (5, Side.SELL, "0.150")), True),
        (((4, Side.BUY, "0.500"), (5, Side.SELL, "0.500")), False),
        (((4, Side.BUY, "0.010"), (5, Side.SELL, "0.010")), False),
    ],
    ids=["each leg", "one in pieces", "more of both", "less of both"],
)
def test_of_two_legs_that_cancel_out_each_has_to_be_closed(trades: tuple, proved: bool) -> None:
    """Whoever traded anything and is flat in the end has trades that add up to nothing."""
    short = make.position(id="2", side=Side.SELL, quantity=Decimal("0.250"))
    plan = plan_on(FlatAccount(*trades), make.state(open_orders=(), positions=(HELD, short)))
    assert (plan.denied == "") is proved


def test_the_evidence_says_what_was_proved() -> None:
    proved, unproved = plan_on(FlatAccount((5, Side.SELL, "0.250"))), plan_on(FlatAccount())
    assert "The account's trades since then add up to its closing." in told(only_position(proved))
    assert "No trades that the account tells add up to its closing" in told(only_position(unproved))
    in_part = told(only_position(plan_on(FlatAccount(status=ScopeStatus.TRUNCATED))))
    assert "could not all be read (busy)" in in_part
    assert "No trades" not in in_part


def test_what_is_still_held_or_was_not_read_is_no_question() -> None:
    two = make.state(open_orders=(), positions=(HELD, make.position(id="2", symbol=ETH)))
    assert plan_on(FlatAccount(positions=[leg(symbol=ETH)]), two).denied == ""


def start(directory: Path, exchange: ExchangeInMemory) -> tuple[RecoveryResult, SystemState]:
    store = directory / "store"
    with StateStore(store, clock=ManualClock(T0)) as opened:
        opened.save(KNOWN)
        write_manifest(store, StoreManifest(bot="grid", exchange="binanceusdm"), LocalFiles())
        Journal(store, ManualClock(T0)).close()
    clock, config = ManualClock(LATER), RecoveryConfig(checkpoint_dir=store)
    bot = LiveState(clock=clock)
    with RecoveryManager(bot, config, exchange, clock=clock, account_locks=directory / "locks") as manager:
        return manager.recover(), bot.snapshot()


def test_a_bot_keeps_the_positions_of_which_nothing_proves_that_they_were_closed(tmp_path: Path) -> None:
    result, state = start(tmp_path, FlatAccount())
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert "may be another one than the store's" in result.problem
    assert state.positions == KNOWN.positions


def test_a_bot_goes_on_without_the_position_that_was_closed_by_hand(tmp_path: Path) -> None:
    result, state = start(tmp_path, FlatAccount((5, Side.SELL, "0.250")))
    assert (result.status, state.positions) == (RecoveryStatus.SUCCESS, ())


def test_who_confirms_that_it_was_closed_by_hand_ends_the_doubt_for_the_bot_too(tmp_path: Path) -> None:
    """Where trades are never told, the bot's own start asks for an operator, and goes on once one has looked."""
    result, _ = start(tmp_path, ExchangeInMemory())
    assert "have an operator recover the store" in result.problem
    store, clock = tmp_path / "store", ManualClock(LATER)
    with StoreView(store, clock=clock) as view:
        desk = OperatorRecovery(view, ExchangeInMemory(), who="kim", clock=clock, account_locks=tmp_path / "locks")
        comparison = desk.compare()
        report = desk.execute(comparison, (), plan_id=comparison.plan.id, account_confirmed=True)
    assert report.saved is not None
    bot = LiveState(clock=clock)
    config = RecoveryConfig(checkpoint_dir=store)
    with RecoveryManager(bot, config, ExchangeInMemory(), clock=clock, account_locks=tmp_path / "locks") as manager:
        again = manager.recover()
    assert (again.status, bot.snapshot().positions) == (RecoveryStatus.SUCCESS, ())


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Account]:
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BOT, HEDGER)) as running:
        opened = Account(running, tmp_path)
        yield opened
        opened.close()


def test_the_closing_is_read_through_ccxt_and_another_account_does_not_have_it(both: Account) -> None:
    both.trade("buy", "0.3")
    both.remember()
    both.venue.advance(600)
    both.trade("sell", "0.1")
    both.trade("sell", "0.2")
    plan = both.compare()
    assert [each.kind for each in plan.positions] == [PositionVerdictKind.CLOSED_WHILE_DOWN]
    assert plan.denied == ""
    other = open_exchange(both.venue, HEDGER, both.clock)
    assert "no trades that this account tells add up" in both.compare(exchange=other).denied
    other.close()
