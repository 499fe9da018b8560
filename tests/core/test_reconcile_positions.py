"""The verdict on each position leg: a failed read is never flat, two legs of a hedge are never one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
import strategies as make
from recovery_builders import (
    BTC,
    LATER,
    ON_SPOT,
    SECOND,
    coverage,
    intent,
    leg,
    live,
    lookup,
    market,
    only_position,
    plan_of,
    snapshot,
)
from strategies import T0

from crashdesk.exchange.records import ExchangeOrder, ExchangePosition, LookupStatus, ScopeKind, ScopeStatus, Trade
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk.state import OrderStatus, PositionState, Side, SystemState
from crashdesk.storage.journal_records import JournalView

Kind = PositionVerdictKind
SHORT = make.position(id="BTC/USDT:USDT:short", side=Side.SELL, quantity=Decimal("0.100"))


def holding(*positions: PositionState) -> SystemState:
    return make.state(open_orders=(), positions=positions)


def judged(known: tuple[PositionState, ...], held: tuple[ExchangePosition, ...], **changes: Any) -> Plan:
    return plan_of(holding(*known), snapshot(positions=held, **changes))


def kinds(plan: Plan) -> dict[tuple[str, Side], Kind]:
    return {(verdict.symbol, verdict.side): verdict.kind for verdict in plan.positions}


def after(known: tuple[PositionState, ...], plan: Plan) -> tuple[PositionState, ...]:
    return reconciled_state(holding(*known), plan, adopted=(), now_ns=LATER).positions


def test_a_leg_that_both_sides_tell_alike_is_matched() -> None:
    assert only_position(judged((make.position(),), (leg(),))).kind is Kind.MATCHED
    assert judged((), ()).positions == ()


@pytest.mark.scenario(54)
@pytest.mark.parametrize(
    ("held", "step", "kind"),
    [
        ("0.2505", "0.001", Kind.MATCHED),
        ("0.2495", "0.001", Kind.MATCHED),
        ("0.251", "0.001", Kind.QUANTITY_DIFFERS),
        ("0.249", "0.001", Kind.QUANTITY_DIFFERS),
        ("0.25000001", None, Kind.QUANTITY_DIFFERS),
        ("0.2500", None, Kind.MATCHED),
    ],
)
def test_less_than_the_markets_own_step_is_no_difference_and_a_whole_step_is(
    held: str, step: str | None, kind: Kind
) -> None:
    described = market(amount_step=None if step is None else Decimal(step))
    plan = judged((make.position(),), (leg(contracts=Decimal(held)),), markets=(described,))
    assert only_position(plan).kind is kind
    assert after((make.position(),), plan)[0].quantity == Decimal(held)


def test_a_difference_is_told_and_the_exchange_is_right() -> None:
    plan = judged((make.position(),), (leg(contracts=Decimal("0.300"), entry_price=Decimal("36600")),))
    verdict = only_position(plan)
    assert verdict.kind is Kind.QUANTITY_DIFFERS
    words = "\n".join(item.text for item in verdict.evidence)
    assert "quantity: 0.250 → 0.300" in words
    assert "entry price: 36500.1 → 36600" in words
    (now,) = after((make.position(),), plan)
    assert (now.id, now.quantity, now.entry_price, now.opened_at) == (
        make.position().id,
        Decimal("0.300"),
        Decimal("36600"),
        make.position().opened_at,
    )


@pytest.mark.scenario(48)
def test_a_turned_position_is_one_verdict_on_its_new_side() -> None:
    plan = judged((make.position(),), (leg(side=Side.SELL, contracts=Decimal("0.100"), updated_at=T0 + 5),))
    verdict = only_position(plan)
    assert (verdict.kind, verdict.side, verdict.known) == (Kind.SIDE_FLIPPED, Side.SELL, make.position())
    (now,) = after((make.position(),), plan)
    assert (now.side, now.quantity, now.opened_at) == (Side.SELL, Decimal("0.100"), T0 + 5)


@pytest.mark.scenario(49)
def test_hedge_legs_are_compared_each_by_itself_even_when_they_cancel_out() -> None:
    known = (make.position(), SHORT)
    even = (leg(hedged=True), leg(side=Side.SELL, contracts=Decimal("0.250"), hedged=True))
    plan = judged(known, even)
    assert kinds(plan) == {(BTC, Side.BUY): Kind.MATCHED, (BTC, Side.SELL): Kind.QUANTITY_DIFFERS}
    assert {(now.side, now.quantity) for now in after(known, plan)} == {
        (Side.BUY, Decimal("0.250")),
        (Side.SELL, Decimal("0.250")),
    }
    gone = judged(known, ())
    assert kinds(gone) == {(BTC, Side.BUY): Kind.CLOSED_WHILE_DOWN, (BTC, Side.SELL): Kind.CLOSED_WHILE_DOWN}
    assert after(known, gone) == ()


@pytest.mark.scenario(48)
def test_in_hedge_mode_a_leg_does_not_turn_it_closes_and_another_opens() -> None:
    plan = judged((make.position(),), (leg(side=Side.SELL, hedged=True),))
    assert kinds(plan) == {(BTC, Side.BUY): Kind.CLOSED_WHILE_DOWN, (BTC, Side.SELL): Kind.OPENED_WHILE_DOWN}


@pytest.mark.scenario(56)
def test_opened_and_closed_while_down() -> None:
    opened = judged((), (leg(updated_at=T0 + 9),))
    assert only_position(opened).kind is Kind.OPENED_WHILE_DOWN
    (now,) = after((), opened)
    assert (now.quantity, now.side, now.opened_at) == (Decimal("0.250"), Side.BUY, T0 + 9)
    closed = judged((make.position(),), ())
    assert only_position(closed).kind is Kind.CLOSED_WHILE_DOWN
    assert after((make.position(),), closed) == ()


@pytest.mark.scenario(40)
@pytest.mark.parametrize("status", [ScopeStatus.FAILED, ScopeStatus.TRUNCATED, ScopeStatus.NOT_SUPPORTED])
def test_a_read_that_failed_is_never_flat(status: ScopeStatus) -> None:
    known = (make.position(),)
    for held in ((), (leg(side=Side.SELL),), (leg(contracts=Decimal(9)),)):
        plan = judged(known, held, coverage=coverage([ScopeKind.POSITIONS], status))
        assert set(kinds(plan).values()) == {Kind.UNKNOWN}
        assert after(known, plan) == known


@pytest.mark.scenario(57)
def test_rows_of_nothing_are_no_positions() -> None:
    assert judged((), (leg(contracts=Decimal("0.000")),)).positions == ()
    assert judged((make.position(quantity=Decimal(0)),), ()).positions == ()
    assert only_position(judged((make.position(),), (leg(contracts=Decimal(0)),))).kind is Kind.CLOSED_WHILE_DOWN


def test_several_records_of_one_leg_are_compared_as_their_sum_and_kept_while_the_sum_is_right() -> None:
    known = (make.position(id="a", quantity=Decimal("0.150")), make.position(id="b", quantity=Decimal("0.100")))
    matched = judged(known, (leg(),))
    assert only_position(matched).kind is Kind.MATCHED
    assert after(known, matched) == known
    unread = judged(known, (), coverage=coverage([ScopeKind.POSITIONS]))
    assert after(known, unread) == known
    grown = judged(known, (leg(contracts=Decimal("0.400")),))
    assert [(now.id, now.quantity) for now in after(known, grown)] == [("a", Decimal("0.400"))]


def test_several_rows_of_one_leg_are_one_leg_and_the_same_row_twice_counts_once() -> None:
    cross, isolated = leg(id="1", contracts=Decimal("0.150")), leg(id="2", contracts=Decimal("0.100"))
    for rows in ((cross, isolated), (isolated, cross), (cross, isolated, cross)):
        plan = judged((make.position(),), rows)
        assert only_position(plan).kind is Kind.MATCHED
        live = only_position(plan).live
        assert live is not None
        assert live.contracts == Decimal("0.250")
    first, second = (
        leg(id="1", entry_price=Decimal(100), contracts=Decimal(1)),
        leg(id="2", entry_price=Decimal(200), contracts=Decimal(3)),
    )
    merged = only_position(judged((), (first, second))).live
    assert merged is not None
    assert merged.entry_price == Decimal(175)


def test_positions_never_share_an_id_even_where_the_exchange_gives_both_legs_one() -> None:
    known = (make.position(id="7"),)
    held = (leg(id="7", hedged=True), leg(id="7", side=Side.SELL, hedged=True))
    assert sorted(now.id for now in after(known, judged(known, held))) == ["7", "BTC/USDT:USDT:short"]


@pytest.mark.scenario(51)
def test_the_contract_size_is_shown_and_never_applied() -> None:
    verdict = only_position(judged((make.position(),), (leg(contract_size=Decimal("0.01")),)))
    assert (verdict.kind, verdict.contract_size) == (Kind.MATCHED, Decimal("0.01"))
    closed = only_position(judged((make.position(),), (), markets=(market(contract_size=Decimal(100)),)))
    assert closed.contract_size == Decimal(100)


KNOWN_ORDER = make.order()
FILLED = live(status=OrderStatus.FILLED, filled=Decimal("0.010"), updated_at=T0 + 60 * SECOND)


def explained(held: str, *, gone: ExchangeOrder | None = FILLED, orders: tuple[ExchangeOrder, ...] = ()) -> str:
    """What is said of a long position that was 0.250, and now is `held`; the one known order is `gone`."""
    exchange = snapshot(
        positions=(leg(contracts=Decimal(held)),) if Decimal(held) else (),
        orders=orders,
        lookups=() if gone is None else (lookup(LookupStatus.FOUND, gone),),
    )
    plan = plan_of(make.state(open_orders=(KNOWN_ORDER,), positions=(make.position(),)), exchange)
    return "\n".join(item.text for item in only_position(plan).evidence)


def test_a_change_that_fills_explain_says_so_and_one_that_they_do_not_says_how_much() -> None:
    assert "The change of +0.01 is what one order filled since the last known state." in explained("0.260")
    assert "Of the change of +0.05, +0.01 is what orders filled since; +0.04 no fill that was read" in explained(
        "0.300"
    )
    assert "Of the change of -0.25, +0.01 is what orders filled since; -0.26 no fill that was read" in explained("0")
    untouched = live()
    assert "No fill that was read explains the change of +0.05." in explained("0.300", gone=None, orders=(untouched,))
    assert "filled +0.01 since the last known state, and yet the quantity is as it was known" in explained("0.250")
    assert "fill" not in explained("0.250", gone=None, orders=(untouched,))


def test_what_is_not_known_of_an_order_may_be_the_rest() -> None:
    rest = "that may be the rest"
    assert rest in explained("0.300", gone=None)
    assert rest not in explained("0.300")
    elder = live(id="5", client_order_id="web-1", amount=Decimal(1), filled=Decimal("0.04"), created_at=T0 - SECOND)
    assert rest in explained("0.300", orders=(elder,))
    younger = msgspec.structs.replace(elder, created_at=T0 + SECOND)
    assert "The change of +0.05 is what 2 orders filled since the last known state." in explained(
        "0.300", orders=(younger,)
    )


def test_a_partial_fill_counts_from_where_it_was_known_and_a_sale_counts_down() -> None:
    known = make.order(side=Side.SELL, quantity=Decimal(1), filled_quantity=Decimal("0.4"))
    now = live(side=Side.SELL, amount=Decimal(1), filled=Decimal("0.45"))
    plan = plan_of(
        make.state(open_orders=(known,), positions=(make.position(),)),
        snapshot(orders=(now,), positions=(leg(contracts=Decimal("0.200")),)),
    )
    fills = only_position(plan).fills
    assert fills is not None
    assert (fills.amount, fills.orders, fills.all_told) == (Decimal("-0.05"), 1, True)


def test_the_order_in_flight_explains_what_it_filled() -> None:
    sent = intent(client_order_id="grid-18", order_type="limit")
    arrived = msgspec.structs.replace(FILLED, id="9", client_order_id="grid-18", created_at=T0 + 2 * SECOND)
    asked = lookup(LookupStatus.FOUND, arrived, ref=msgspec.structs.replace(arrived.ref, id=""))
    plan = plan_of(
        make.state(open_orders=(), positions=(make.position(),)),
        snapshot(positions=(leg(contracts=Decimal("0.260")),), lookups=(asked,)),
        with_journal=JournalView(intents=(sent,), pending=(sent,)),
    )
    fills = only_position(plan).fills
    assert fills is not None
    assert (fills.amount, fills.orders) == (Decimal("0.01"), 1)


@pytest.mark.scenario(49)
def test_a_fill_belongs_to_the_leg_that_it_names_and_else_to_none_of_two() -> None:
    known, held = (
        (make.position(), SHORT),
        (leg(hedged=True), leg(side=Side.SELL, contracts=Decimal("0.11"), hedged=True)),
    )
    sold = msgspec.structs.replace(FILLED, side=Side.SELL)
    state = make.state(open_orders=(make.order(side=Side.SELL),), positions=known)
    told = {}
    for position_side in ("short", ""):
        order = msgspec.structs.replace(sold, position_side=position_side)
        plan = plan_of(state, snapshot(positions=held, lookups=(lookup(LookupStatus.FOUND, order),)))
        told[position_side] = [each.fills and each.fills.amount for each in plan.positions]
    assert told == {"short": [Decimal(0), Decimal("-0.01")], "": [None, None]}


def test_what_filled_before_the_state_was_cut_may_be_in_it_already() -> None:
    sent = intent(client_order_id="grid-18", order_type="limit", at=T0 - 3 * SECOND)
    arrived = msgspec.structs.replace(FILLED, id="9", client_order_id="grid-18", created_at=T0 - 2 * SECOND)
    asked = lookup(LookupStatus.FOUND, arrived, ref=msgspec.structs.replace(arrived.ref, id=""))
    plan = plan_of(
        make.state(open_orders=(), positions=(make.position(),)),
        snapshot(positions=(leg(contracts=Decimal("0.256")),), lookups=(asked,)),
        with_journal=JournalView(intents=(sent,), pending=(sent,)),
    )
    fills = only_position(plan).fills
    assert fills is not None
    assert (fills.amount, fills.all_told) == (Decimal("0.01"), False)


@pytest.mark.parametrize("other", ["BTC/EUR", "ETH/BTC"])
def test_a_spot_holding_changes_with_every_market_of_its_asset(other: str) -> None:
    """What another market of the asset filled was read, so it may never be said that nothing explains the change."""
    known = make.position(id="btc", symbol="BTC/USDT")
    sold = msgspec.structs.replace(FILLED, symbol=other, side=Side.SELL)
    state = make.state(open_orders=(make.order(symbol=other, side=Side.SELL),), positions=(known,))
    held = leg(symbol="BTC/USDT", asset="BTC", contracts=Decimal("0.240"))
    for positions in ((held,), ()):
        plan = plan_of(
            state, snapshot(positions=positions, lookups=(lookup(LookupStatus.FOUND, sold),), coverage=ON_SPOT)
        )
        (verdict,) = [each for each in plan.positions if each.symbol == "BTC/USDT"]
        assert verdict.fills is None
        assert "no fill" not in " ".join(item.text for item in verdict.evidence).lower()


def test_fills_of_an_order_that_goes_on_under_a_new_id_may_be_counted_anew() -> None:
    known = make.order(filled_quantity=Decimal("0.002"))
    for order_id, told in ((known.id, True), ("77", False)):
        now = live(id=order_id, filled=Decimal("0.005"))
        plan = plan_of(
            make.state(open_orders=(known,), positions=(make.position(),)),
            snapshot(orders=(now,), positions=(leg(contracts=Decimal("0.255")),)),
        )
        fills = only_position(plan).fills
        assert fills is not None
        assert (fills.amount, fills.all_told) == ((Decimal("0.003"), True) if told else (Decimal(0), False))


@pytest.mark.parametrize(("clock_offset_s", "told"), [(-20, True), (0, False), (None, False), (20, False)])
def test_an_order_is_younger_than_the_known_state_by_the_exchanges_clock(
    clock_offset_s: int | None, told: bool
) -> None:
    """The exchange's clock is behind by 20 s: what it says to be 10 s older than the state is 10 s younger."""
    order = live(id="5", client_order_id="web-1", filled=Decimal("0.004"), created_at=T0 - 10 * SECOND)
    plan = plan_of(
        make.state(open_orders=(), positions=(make.position(),)),
        snapshot(
            orders=(order,),
            positions=(leg(contracts=Decimal("0.254")),),
            clock_offset_ns=None if clock_offset_s is None else clock_offset_s * SECOND,
        ),
    )
    fills = only_position(plan).fills
    assert fills is not None
    assert (fills.amount, fills.all_told) == ((Decimal("0.004"), True) if told else (Decimal(0), False))


@pytest.mark.parametrize(
    ("fills", "since", "all_told"),
    [
        ((("0.006", -SECOND), ("0.004", SECOND)), "0.004", True),
        ((("0.006", SECOND), ("0.004", 2 * SECOND)), "0.01", True),
        ((("0.006", -SECOND), ("0.003", SECOND)), "0.01", False),
        ((("0.006", None), ("0.004", SECOND)), "0.01", False),
    ],
)
def test_of_an_order_older_than_the_known_state_the_times_of_its_trades_tell_what_filled_since(
    fills: tuple[tuple[str, int | None], ...], since: str, all_told: bool
) -> None:
    sent = intent(client_order_id="grid-18", order_type="limit", at=T0 - 3 * SECOND)
    arrived = msgspec.structs.replace(FILLED, id="9", client_order_id="grid-18", created_at=T0 - 2 * SECOND)
    trades = tuple(
        Trade(
            id=str(number),
            order_id="9",
            symbol=BTC,
            amount=Decimal(amount),
            price=Decimal(36450),
            at=None if at is None else T0 + at,
        )
        for number, (amount, at) in enumerate(fills)
    )
    asked = lookup(LookupStatus.FOUND, arrived, ref=msgspec.structs.replace(arrived.ref, id=""), trades=trades)
    plan = plan_of(
        make.state(open_orders=(), positions=(make.position(),)),
        snapshot(positions=(leg(contracts=Decimal("0.256")),), lookups=(asked,)),
        with_journal=JournalView(intents=(sent,), pending=(sent,)),
    )
    told = only_position(plan).fills
    assert told is not None
    assert (told.amount, told.all_told) == (Decimal(since), all_told)
    assert plan.intents[0].filled_since == (Decimal(since) if all_told else None)
