"""How much of a position its protective orders cover, and which orders belong together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
import strategies as make
from recovery_builders import (
    LATER,
    ON_SPOT,
    coverage,
    intent,
    leg,
    live,
    market,
    only_order,
    plan_of,
    reading,
    snapshot,
    stop,
)
from strategies import T0

from crashdesk.cli_text import position_note
from crashdesk.exchange.records import (
    Coverage,
    ExchangeOrder,
    ExchangePosition,
    LookupStatus,
    Namespace,
    OrderLookup,
    OrderRef,
    ScopeKind,
)
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind
from crashdesk.reconcile.stop_cover import StopJudgement, judge_stops
from crashdesk.state import OrderState, OrderStatus, OrderType, Side
from crashdesk.storage.journal_records import Intent, JournalView

POSITION = leg(contracts=Decimal("0.139"))


def orphans(*orders: ExchangeOrder, **changes: Any) -> dict[str, OrderVerdict]:
    fields = {"positions": (POSITION,)} | changes
    plan = plan_of(make.state(open_orders=(), positions=()), snapshot(orders=orders, **fields))
    return {verdict.live.id: verdict for verdict in plan.orders if verdict.live is not None}


def told(verdict: OrderVerdict) -> str:
    return "\n".join(item.text for item in verdict.evidence)


@pytest.mark.scenario(24)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal("0.089")}, "covers 0.089 of it"),
        ({"amount": Decimal("0.089"), "filled": Decimal("0.05")}, "covers 0.039 of it"),
        ({"amount": Decimal("0.139")}, "covers all of it"),
        ({"amount": Decimal(5)}, "covers all of it"),
        ({"amount": None}, "covers an unstated part of it"),
        ({"amount": None, "close_position": True}, "covers all of it"),
    ],
)
def test_how_much_of_its_position_an_order_covers_is_told(changes: dict[str, Any], words: str) -> None:
    verdict = orphans(stop(reduce_only=True, **changes))["8389765"]
    assert "the open long position of 0.139 BTC/USDT:USDT; " + words in verdict.protects
    assert verdict.protects in told(verdict)


def test_what_all_orders_of_a_leg_cover_together_is_told_stops_and_take_profits_apart() -> None:
    orders = (
        stop(id="1", amount=Decimal("0.050")),
        stop(id="2", amount=Decimal("0.039")),
        stop(id="3", order_type=OrderType.TAKE_PROFIT, amount=Decimal("0.100")),
        live(id="4", side=Side.SELL, reduce_only=True, amount=Decimal("0.020")),
        stop(id="5", side=Side.BUY, amount=Decimal(9)),
        stop(id="6", symbol="ETH/USDT:USDT", amount=Decimal(9)),
    )
    for verdict in list(orphans(*orders).values()):
        stated = "The long position of 0.139: stops cover 0.089 of it, take-profits 0.120." in told(verdict)
        assert stated == (verdict.live is not None and verdict.live.id in "1234")
    more = orphans(*orders, stop(id="7", amount=None))["1"]
    assert "stops cover at least 0.089 of it" in told(more)


def test_a_stop_that_the_state_knows_counts_as_cover_too() -> None:
    known = make.order(id="1", client_order_id="", order_type=OrderType.STOP, side=Side.SELL, price=Decimal(34000))
    exchange = snapshot(orders=(stop(id="1"), stop(id="2", amount=Decimal("0.100"))), positions=(POSITION,))
    plan = plan_of(make.state(open_orders=(known,), positions=()), exchange)
    matched, orphan = plan.orders
    assert (matched.kind, orphan.kind) == (OrderVerdictKind.MATCHED, OrderVerdictKind.OWN_ORPHAN)
    assert all("stops cover 0.110 of it" in told(verdict) for verdict in (matched, orphan))


def test_a_stop_whose_position_is_gone_protects_nothing_and_says_so() -> None:
    gone = "No open position is left that it could protect"
    bare = orphans(stop(), positions=())["8389765"]
    assert (bare.protective, bare.preselected, gone in told(bare)) == (False, True, True)
    for marked in (stop(reduce_only=True), stop(close_position=True), live(side=Side.SELL, reduce_only=True)):
        verdict = orphans(marked, positions=())["8389765"]
        assert (verdict.preselected, gone in told(verdict)) == (False, True)
    unread = orphans(stop(), positions=(), coverage=coverage([ScopeKind.POSITIONS]))["8389765"]
    assert (unread.protective, gone in told(unread)) == (True, False)


@pytest.mark.scenario(26)
def test_orders_of_which_one_cancels_the_other_belong_together() -> None:
    pair = (stop(id="1", group_id="77"), live(id="2", side=Side.SELL, group_id="77", price=Decimal(38000)))
    verdicts = orphans(*pair, live(id="3", side=Side.SELL, group_id="78"))
    assert [verdicts[name].protective for name in "123"] == [True, True, False]
    assert [verdicts[name].preselected for name in "123"] == [False, False, True]
    assert "one of a group of which one cancels the other (77); with it: 1." in told(verdicts["2"])
    assert "one cancels the other (77); with it: 2." in told(verdicts["1"])
    assert "one cancels the other" not in told(verdicts["3"])


ETH = "ETH/USDT:USDT"
KNOWN_STOP = make.order(
    id="77",
    client_order_id="",
    order_type=OrderType.STOP,
    side=Side.SELL,
    price=Decimal(34000),
    quantity=POSITION.contracts,
)
ETH_STOP = msgspec.structs.replace(KNOWN_STOP, symbol=ETH)
NEVER_SENT = intent(order_type="stop_market", side="sell", client_order_id="grid-9", at=T0)
ELSEWHERE = leg(symbol=ETH, id="eth", contracts=Decimal(1))


def judged(
    stops: tuple[ExchangeOrder, ...] = (),
    *,
    known: tuple[OrderState, ...] = (),
    intents: tuple[Intent, ...] = (),
    unread: tuple[ScopeKind, ...] = (),
    held: tuple[ExchangePosition, ...] = (POSITION,),
) -> StopJudgement | None:
    """How the long BTC position stands."""
    plan = plan_of(
        make.state(open_orders=known, positions=(make.position(),)),
        snapshot(orders=stops, positions=held, coverage=coverage(unread), lookups=absent(*intents)),
        with_journal=JournalView(intents=intents, pending=intents),
    )
    return next(judge_stops(each) for each in plan.positions if each.symbol == POSITION.symbol)


def absent(*intents: Intent) -> tuple[OrderLookup, ...]:
    """The exchange, asked for each by its client order id, knows none."""
    return tuple(
        OrderLookup(
            ref=OrderRef(symbol=each.symbol, namespace=namespace, id="", client_order_id=each.client_order_id),
            status=LookupStatus.ABSENT,
            read_at=LATER,
        )
        for each in intents
        for namespace in Namespace
    )


@pytest.mark.parametrize(
    ("given", "judgement"),
    [
        ({}, StopJudgement.UNUSED),
        ({"stops": (stop(symbol=ETH),)}, StopJudgement.UNUSED),
        ({"stops": (stop(symbol=ETH, reduce_only=True),)}, StopJudgement.NONE),
        ({"stops": (stop(symbol=ETH),), "held": (POSITION, ELSEWHERE)}, StopJudgement.NONE),
        ({"known": (ETH_STOP,)}, StopJudgement.UNUSED),
        ({"known": (ETH_STOP,), "held": (POSITION, ELSEWHERE)}, StopJudgement.NONE),
        ({"known": (msgspec.structs.replace(KNOWN_STOP, side=Side.BUY),)}, StopJudgement.UNUSED),
        ({"stops": (stop(side=Side.BUY),)}, StopJudgement.UNUSED),
        ({"known": (KNOWN_STOP,)}, StopJudgement.GONE),
        ({"known": (msgspec.structs.replace(KNOWN_STOP, order_type=OrderType.TRAILING_STOP),)}, StopJudgement.GONE),
        ({"known": (msgspec.structs.replace(KNOWN_STOP, order_type=OrderType.TAKE_PROFIT),)}, StopJudgement.UNUSED),
        ({"known": (msgspec.structs.replace(KNOWN_STOP, status=OrderStatus.CANCELLED),)}, StopJudgement.UNUSED),
        ({"intents": (NEVER_SENT,)}, StopJudgement.GONE),
        ({"intents": (msgspec.structs.replace(NEVER_SENT, order_type="limit"),)}, StopJudgement.UNUSED),
        ({"stops": (stop(amount=Decimal("0.1")),)}, StopJudgement.PART),
        ({"stops": (stop(amount=Decimal("0.1")),), "known": (KNOWN_STOP,)}, StopJudgement.PART),
        ({"stops": (stop(amount=Decimal("0.139")),)}, StopJudgement.ALL),
        ({"stops": (stop(amount=None, close_position=True),)}, StopJudgement.ALL),
        ({"stops": (stop(amount=None),)}, StopJudgement.UNKNOWN),
        ({"unread": (ScopeKind.CONDITIONAL_ORDERS,)}, StopJudgement.UNKNOWN),
        ({"unread": (ScopeKind.ORDERS,)}, StopJudgement.UNKNOWN),
        ({"unread": (ScopeKind.CONDITIONAL_ORDERS,), "known": (KNOWN_STOP,)}, StopJudgement.UNKNOWN),
        ({"unread": (ScopeKind.POSITIONS,), "held": ()}, StopJudgement.UNKNOWN),
        ({"held": (), "stops": (stop(),)}, None),
    ],
)
def test_how_a_position_stands_with_its_stops(given: dict[str, Any], judgement: StopJudgement | None) -> None:
    assert judged(**given) is judgement


@pytest.mark.parametrize(
    ("side", "price", "trigger", "changes", "judgement"),
    [
        (Side.BUY, 36500, 34000, {}, StopJudgement.ALL),
        (Side.BUY, 36500, 38000, {}, StopJudgement.UNKNOWN),
        (Side.BUY, 36500, 38000, {"order_type": OrderType.STOP_LIMIT}, StopJudgement.UNKNOWN),
        (Side.BUY, 36500, 38000, {"order_type": OrderType.TRAILING_STOP}, StopJudgement.UNKNOWN),
        (Side.SELL, 36500, 38000, {}, StopJudgement.ALL),
        (Side.SELL, 36500, 34000, {}, StopJudgement.UNKNOWN),
        (Side.BUY, None, 38000, {}, StopJudgement.ALL),
        (Side.BUY, 36500, None, {"namespace": Namespace.NORMAL, "order_type": OrderType.MARKET}, StopJudgement.UNKNOWN),
        (Side.BUY, 36500, None, {"namespace": Namespace.NORMAL, "order_type": OrderType.LIMIT}, StopJudgement.UNUSED),
    ],
)
def test_what_would_close_with_a_profit_is_never_counted_as_a_stop(
    side: Side, price: int | None, trigger: int | None, changes: dict[str, Any], judgement: StopJudgement
) -> None:
    """Some exchanges call each order that waits for a price a stop, whichever side of the market it waits on."""
    held = leg(side=side, mark_price=None if price is None else Decimal(price))
    closing = stop(
        side=Side.SELL if side is Side.BUY else Side.BUY,
        amount=held.contracts,
        trigger_price=None if trigger is None else Decimal(trigger),
        reduce_only=True,
        **changes,
    )
    exchange = snapshot(orders=(closing,), positions=(held,), prices={})
    (position,) = plan_of(make.state(open_orders=(), positions=()), exchange).positions
    assert judge_stops(position) is judgement


def test_a_symbol_whose_conditional_orders_were_not_asked_for_is_unknown() -> None:
    """Where conditional orders are listed per symbol only, the lists of other symbols say nothing of this one."""
    others = tuple(each for each in coverage().readings if each.scope.kind is not ScopeKind.CONDITIONAL_ORDERS)
    of_eth = reading(ScopeKind.CONDITIONAL_ORDERS, symbol=ETH)
    for readings, judgement in (
        (others, StopJudgement.UNUSED),
        ((*others, of_eth), StopJudgement.UNKNOWN),
        ((*others, of_eth, reading(ScopeKind.CONDITIONAL_ORDERS, symbol=POSITION.symbol)), StopJudgement.UNUSED),
    ):
        exchange = snapshot(positions=(POSITION,), coverage=Coverage(readings=readings))
        (position,) = plan_of(make.state(open_orders=(), positions=()), exchange).positions
        assert judge_stops(position) is judgement


def test_no_stop_never_looks_calmer_than_a_part_of_one() -> None:
    """Whatever stands beside a position that is covered in part is marked at least like it."""
    beside = {
        judge_stops(each)
        for orders in (
            (stop(amount=Decimal("0.1")),),
            (stop(amount=Decimal("0.1")), stop(id="2", symbol=ETH, amount=None)),
        )
        for each in plan_of(
            make.state(open_orders=(), positions=()), snapshot(orders=orders, positions=(POSITION, ELSEWHERE))
        ).positions
    }
    assert beside == {StopJudgement.PART, StopJudgement.NONE, StopJudgement.UNKNOWN}
    assert all(judgement.mark for judgement in beside if judgement is not None)
    assert StopJudgement.GONE.mark != StopJudgement.PART.mark


@pytest.mark.parametrize(
    ("mark_price", "price", "judgement"),
    [
        (None, "36500", StopJudgement.UNKNOWN),
        (None, "38500", StopJudgement.ALL),
        (None, None, StopJudgement.ALL),
        ("38500", "36500", StopJudgement.ALL),
        ("36500", "38500", StopJudgement.UNKNOWN),
    ],
)
def test_a_stop_on_the_side_of_profit_is_no_cover_by_the_mark_price_or_else_by_the_market(
    mark_price: str | None, price: str | None, judgement: StopJudgement
) -> None:
    """Some exchanges call every trigger a stop: one of a long position that waits above the market takes a profit."""
    held = leg(contracts=Decimal("0.139"), mark_price=None if mark_price is None else Decimal(mark_price))
    exchange = snapshot(
        orders=(stop(amount=held.contracts, trigger_price=Decimal(38000)),),
        positions=(held,),
        prices={} if price is None else {held.symbol: Decimal(price)},
    )
    (position,) = plan_of(make.state(open_orders=(), positions=()), exchange).positions
    assert judge_stops(position) is judgement


def test_a_spot_balance_is_nothing_that_a_stop_could_cover() -> None:
    held = leg(symbol="BTC/USDT", asset="BTC", side=Side.BUY, id="")
    known = make.state(open_orders=(), positions=(make.position(symbol="BTC/USDT"),))
    plan = plan_of(known, snapshot(orders=(), positions=(held,), coverage=ON_SPOT))
    assert [judge_stops(each) for each in plan.positions] == [None]


def test_the_terminal_says_it_with_its_mark() -> None:
    state = make.state(open_orders=(KNOWN_STOP,), positions=(make.position(),))
    for orders, note in (
        ((), "✕ no stop on the exchange, though the last known state or the journal has one."),
        ((stop(amount=Decimal("0.1")),), "! stops cover 0.1 of 0.139."),
        ((stop(amount=Decimal("0.139")),), "stops cover all of it."),
    ):
        plan = plan_of(state, snapshot(orders=orders, positions=(POSITION,)))
        assert position_note(plan.positions[0], plan).startswith(note)


def test_a_stop_on_one_market_protects_the_asset_that_is_told_under_another() -> None:
    """A spot account holds BTC, whichever of its markets the balance is told under."""
    spot = (market(symbol="BTC/EUR", market_type="spot"), market(symbol="BTC/USDT", market_type="spot"))
    readings = tuple(reading(ScopeKind.POSITIONS, symbol=each.symbol, market_type="spot") for each in spot)
    lists = tuple(reading(ScopeKind.ORDERS, symbol=each.symbol, market_type="spot") for each in spot)
    held = leg(symbol="BTC/EUR", contracts=Decimal(1), asset="BTC")
    order = live(
        id="9",
        client_order_id="grid-9",
        symbol="BTC/USDT",
        side=Side.SELL,
        order_type=OrderType.STOP_LIMIT,
        amount=Decimal(1),
        trigger_price=Decimal(30000),
    )
    seen = snapshot(orders=(order,), positions=(held,), markets=spot, coverage=Coverage(readings=readings + lists))
    known = make.state(open_orders=(), positions=(make.position(symbol="BTC/EUR", quantity=Decimal(1)),))
    verdict = only_order(plan_of(known, seen))
    assert (verdict.kind, verdict.protective, verdict.preselected) == (OrderVerdictKind.OWN_ORPHAN, True, False)
