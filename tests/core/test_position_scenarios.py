"""What is said of positions beside their verdict, scenario by scenario."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import strategies as make
from hypothesis import given, settings
from hypothesis import strategies as st
from recovery_builders import (
    BTC,
    LATER,
    ON_SPOT,
    SECOND,
    coverage,
    leg,
    market,
    only_position,
    plan_of,
    reading,
    snapshot,
)
from strategies import T0

from crashdesk.exchange.records import (
    Coverage,
    ExchangePosition,
    Liquidation,
    LiquidationsReading,
    ScopeKind,
    ScopeStatus,
)
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.positions import judge_positions, symbols_gone
from crashdesk.reconcile.records import Plan, PositionVerdict, PositionVerdictKind
from crashdesk.state import PositionState, Side, SystemState

Kind = PositionVerdictKind
D = Decimal
SHORT = make.position(id="short", side=Side.SELL)
ETH, COIN = "ETH/USDT:USDT", "BTC/USD:BTC"
DATED = "BTC/USDT:USDT-261225"


def holding(*positions: PositionState) -> SystemState:
    return make.state(open_orders=(), positions=positions)


def judged(known: tuple[PositionState, ...], held: tuple[ExchangePosition, ...], **changes: Any) -> Plan:
    return plan_of(holding(*known), snapshot(positions=held, **changes))


def words(verdict: PositionVerdict) -> str:
    return "\n".join(item.text for item in verdict.evidence)


def by_side(plan: Plan) -> dict[Side, PositionVerdict]:
    return {verdict.side: verdict for verdict in plan.positions}


def after(known: tuple[PositionState, ...], plan: Plan) -> tuple[PositionState, ...]:
    return reconciled_state(holding(*known), plan, adopted=(), now_ns=LATER).positions


@pytest.mark.scenario(48)
def test_scenario_48_a_flip_is_named_as_a_close_and_an_open() -> None:
    verdict = only_position(judged((make.position(),), (leg(side=Side.SELL, contracts=D("0.100"), hedged=False),)))
    assert verdict.kind is Kind.SIDE_FLIPPED
    assert "long 0.250 was closed and short 0.100 was opened" in words(verdict)


@pytest.mark.scenario(49)
def test_scenario_49_a_hedge_with_two_legs_and_net_zero_keeps_both() -> None:
    known = (make.position(), SHORT)
    plan = judged(known, (leg(hedged=True), leg(side=Side.SELL, hedged=True)))
    assert [verdict.kind for verdict in plan.positions] == [Kind.MATCHED, Kind.MATCHED]
    assert len(after(known, plan)) == 2
    assert "mode" not in "".join(map(words, plan.positions))


@pytest.mark.scenario(50)
def test_scenario_50_from_hedge_to_one_way_is_named_on_both_legs() -> None:
    told = by_side(judged((make.position(), SHORT), (leg(contracts=D("0.100"), hedged=False),)))
    assert (told[Side.BUY].kind, told[Side.SELL].kind) == (Kind.QUANTITY_DIFFERS, Kind.CLOSED_WHILE_DOWN)
    assert all("switched from hedge to one-way mode" in words(verdict) for verdict in told.values())


@pytest.mark.scenario(50)
@pytest.mark.parametrize("hedged", [True, None])
def test_scenario_50_from_one_way_to_hedge_is_named_and_no_leg_is_taken_for_another(hedged: bool | None) -> None:
    told = by_side(judged((make.position(),), (leg(hedged=hedged), leg(side=Side.SELL, hedged=hedged))))
    assert (told[Side.BUY].kind, told[Side.SELL].kind) == (Kind.MATCHED, Kind.OPENED_WHILE_DOWN)
    assert all("hedge mode" in words(verdict) for verdict in told.values())


@pytest.mark.scenario(51)
def test_scenario_51_contract_sizes_that_disagree_are_said_and_never_applied() -> None:
    row = leg(contracts=D("0.250"), contract_size=D("0.01"))
    agreed = only_position(judged((make.position(),), (row,), markets=(market(contract_size=D("0.01")),)))
    assert agreed.kind is Kind.MATCHED
    assert "One contract is 0.01 BTC: 0.250 contracts are 0.00250 BTC" in words(agreed)
    torn = only_position(judged((make.position(),), (row,), markets=(market(contract_size=D("0.1")),)))
    assert (torn.kind, torn.contract_size) == (Kind.MATCHED, D("0.01"))
    assert "one contract is 0.01, the market says 0.1" in words(torn)
    untold = only_position(judged((), (leg(),), markets=(market(contract_size=D("0.1")),)))
    assert untold.contract_size == D("0.1")


@pytest.mark.scenario(52)
def test_scenario_52_an_inverse_position_counts_in_contracts_and_is_worth_its_base() -> None:
    described = market(symbol=COIN, contract_size=D(100), amount_step=D(1), linear=False, least_cost=D(10**9))
    row = leg(symbol=COIN, contracts=D(5), contract_size=D(100), entry_price=D(50000))
    known = make.position(symbol=COIN, quantity=D(5), entry_price=D(50000))
    verdict = only_position(judged((known,), (row,), markets=(described,), prices={COIN: D(50000)}))
    assert verdict.kind is Kind.MATCHED
    assert "One contract is 100 USD: 5 contracts are 500 USD" in words(verdict)
    assert "worth 0.01000000 BTC at 50000" in words(verdict)
    assert "Dust" not in words(verdict)


@pytest.mark.scenario(53)
@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        ({"amount_step": D("0.5")}, "step of 0.5"),
        ({"least_amount": D("0.3")}, "minimum amount of 0.3"),
        ({"least_cost": D(10000)}, "minimum notional of 10000"),
        ({"least_amount": D("0.250"), "least_cost": D(9125)}, None),
    ],
)
def test_scenario_53_dust_is_named_by_the_limit_that_it_misses(limits: dict[str, Any], limit: str | None) -> None:
    verdict = only_position(judged((), (leg(),), markets=(market(**limits),)))  # 0.250 at 36500 is 9125
    assert ("Dust" in words(verdict)) is (limit is not None)
    if limit is not None:
        assert limit in words(verdict)
        assert "cannot be closed by an ordinary order" in words(verdict)
    assert verdict.kind is Kind.OPENED_WHILE_DOWN


@pytest.mark.scenario(53)
def test_scenario_53_the_notional_of_dust_counts_the_contract_size() -> None:
    small = market(contract_size=D("0.001"), least_cost=D(10))
    assert "9.12" in words(only_position(judged((), (leg(),), markets=(small,))))


@pytest.mark.scenario(55)
def test_scenario_55_another_entry_price_is_matched_and_shown() -> None:
    verdict = only_position(judged((make.position(),), (leg(entry_price=D("36400")),)))
    assert verdict.kind is Kind.MATCHED
    assert "entry price: 36500.1 → 36400" in words(verdict)
    assert after((make.position(),), judged((make.position(),), (leg(entry_price=D("36400")),)))[0].entry_price == 36400


def liquidations(*told: Liquidation, status: ScopeStatus = ScopeStatus.READ, reason: str = "") -> LiquidationsReading:
    return LiquidationsReading(symbol=BTC, status=status, liquidations=told, reason=reason)


@pytest.mark.scenario(56)
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (liquidations(Liquidation(symbol=BTC, at=T0 + SECOND, contracts=D("0.25"), price=D(30000))), "Liquidated: "),
        (liquidations(Liquidation(symbol=BTC, at=T0 - SECOND)), "reports no liquidation since"),
        (liquidations(), "reports no liquidation since"),
        (liquidations(status=ScopeStatus.FAILED, reason="no answer in time"), "could not be read: no answer in time"),
        (liquidations(status=ScopeStatus.NOT_SUPPORTED), "does not say how it was closed"),
        (None, "does not say how it was closed"),
    ],
)
def test_scenario_56_closed_and_liquidated_are_told_apart_where_the_exchange_tells(
    told: LiquidationsReading | None, expected: str
) -> None:
    verdict = only_position(judged((make.position(),), (), liquidations=() if told is None else (told,)))
    assert verdict.kind is Kind.CLOSED_WHILE_DOWN
    assert expected in words(verdict)
    assert ("Liquidated" in words(verdict)) is (expected == "Liquidated: ")


@pytest.mark.scenario(56)
def test_scenario_56_only_what_was_read_and_is_gone_is_asked_about() -> None:
    state = holding(make.position(), make.position(id="e", symbol=ETH), SHORT)
    assert symbols_gone(state, snapshot(positions=(leg(symbol=ETH), leg()))) == (BTC,)
    assert symbols_gone(state, snapshot(coverage=coverage([ScopeKind.POSITIONS]))) == ()


@pytest.mark.scenario(56)
def test_scenario_56_a_dated_contract_that_expired_was_settled_not_closed_in_silence() -> None:
    known = make.position(symbol=DATED)
    day = 1_798_156_800 * SECOND  # 2026-12-25
    told = words(only_position(judged((known,), (), finished_at=day + SECOND)))
    assert "2026-12-25, has come: expired and settled?" in told
    assert "lists no market" in told
    before = words(only_position(judged((known,), (), finished_at=day - SECOND, markets=(market(symbol=DATED),))))
    assert "expired" not in before
    assert "does not say how" in before


@pytest.mark.scenario(58)
def test_scenario_58_a_renamed_symbol_is_said_on_both_names() -> None:
    old, new = "MATIC/USDT:USDT", "POL/USDT:USDT"
    plan = judged((make.position(symbol=old),), (leg(symbol=new),), markets=(market(symbol=new),))
    assert [verdict.kind for verdict in plan.positions] == [Kind.CLOSED_WHILE_DOWN, Kind.OPENED_WHILE_DOWN]
    assert all(f"{old} is gone and {new}" in words(verdict) for verdict in plan.positions)


@pytest.mark.scenario(58)
def test_scenario_58_two_listed_symbols_or_two_candidates_are_not_called_a_renaming() -> None:
    old, new = "MATIC/USDT:USDT", "POL/USDT:USDT"
    both = judged((make.position(symbol=old),), (leg(symbol=new),), markets=(market(symbol=new), market(symbol=old)))
    assert not any("new name" in words(verdict) for verdict in both.positions)
    two = judged((make.position(symbol=old),), (leg(symbol=new), leg(symbol=ETH)), markets=(market(symbol=new),))
    assert not any("new name" in words(verdict) for verdict in two.positions)


SPOT, IN_EUROS = "BTC/USDT", "BTC/EUR"


def coins(amount: str, symbol: str = SPOT) -> ExchangePosition:
    return ExchangePosition(symbol=symbol, side=Side.BUY, contracts=D(amount), asset="BTC")


@pytest.mark.scenario(59)
@pytest.mark.parametrize(("held", "fee"), [("0.999", True), ("0.998", True), ("0.9979", False), ("1.001", False)])
def test_scenario_59_a_fee_in_the_base_asset_is_named_and_the_balance_kept_exactly(held: str, fee: bool) -> None:
    known = make.position(symbol=SPOT, quantity=D("1.000"))
    plan = judged((known,), (coins(held),), coverage=ON_SPOT, markets=(market(symbol=SPOT, contract_size=None),))
    assert only_position(plan).kind is Kind.QUANTITY_DIFFERS
    assert ("a fee taken in BTC could explain it" in words(only_position(plan))) is fee
    (now,) = after((known,), plan)
    assert (str(now.quantity), now.entry_price) == (held, known.entry_price)


@pytest.mark.scenario(59)
def test_scenario_59_a_contract_that_shrank_a_little_is_no_fee() -> None:
    assert "fee" not in words(
        only_position(judged((make.position(quantity=D("1.000")),), (leg(contracts=D("0.999")),)))
    )


def test_a_holding_belongs_to_the_symbol_that_knows_it() -> None:
    known = make.position(symbol=SPOT, quantity=D(1))
    verdict = only_position(judged((known,), (coins("1", IN_EUROS),), coverage=ON_SPOT))
    assert (verdict.symbol, verdict.kind) == (SPOT, Kind.MATCHED)


def test_a_holding_that_two_symbols_share_is_divided_only_when_it_is_their_sum() -> None:
    known = (make.position(id="a", symbol=SPOT, quantity=D(1)), make.position(id="b", symbol=IN_EUROS, quantity=D(2)))
    whole = judged(known, (coins("3", IN_EUROS),), coverage=ON_SPOT)
    assert [(verdict.symbol, verdict.kind) for verdict in whole.positions] == [
        (IN_EUROS, Kind.MATCHED),
        (SPOT, Kind.MATCHED),
    ]
    torn = judged(known, (coins("2.5", IN_EUROS),), coverage=ON_SPOT)
    assert {verdict.kind for verdict in torn.positions} == {Kind.UNKNOWN}
    assert "holds 2.5 BTC" in words(torn.positions[0])
    assert sorted(after(known, torn), key=lambda one: one.id) == list(known)
    none_left = judged(known, (), coverage=ON_SPOT)
    assert {verdict.kind for verdict in none_left.positions} == {Kind.CLOSED_WHILE_DOWN}


@pytest.mark.scenario(41)
def test_scenario_41_one_symbol_that_was_not_read_says_nothing_of_it_and_nothing_less_of_the_others() -> None:
    readings = (
        reading(ScopeKind.POSITIONS, symbol=ETH),
        reading(ScopeKind.POSITIONS, ScopeStatus.FAILED, symbol=BTC),
    )
    known = (make.position(), make.position(id="e", symbol=ETH))
    plan = judged(known, (), coverage=Coverage(readings=readings))
    assert {verdict.symbol: verdict.kind for verdict in plan.positions} == {
        BTC: Kind.UNKNOWN,
        ETH: Kind.CLOSED_WHILE_DOWN,
    }
    assert after(known, plan) == (known[0],)


# Properties

LEGS = list(itertools.product((BTC, ETH, COIN), Side))
QUANTITIES = st.decimals(min_value="0.001", max_value="9", places=3)


@st.composite
def sides(draw: st.DrawFn) -> tuple[tuple[PositionState, ...], list[ExchangePosition]]:
    known = draw(st.dictionaries(st.sampled_from(LEGS), QUANTITIES))
    held = draw(st.dictionaries(st.sampled_from(LEGS), QUANTITIES))
    hedged = draw(st.sampled_from([True, False, None]))
    return (
        tuple(make.position(id=f"{s}{d.value}", symbol=s, side=d, quantity=q) for (s, d), q in known.items()),
        [leg(symbol=s, side=d, contracts=q, hedged=hedged) for (s, d), q in held.items()],
    )


@given(sides())
@settings(max_examples=80, deadline=None)
def test_no_leg_is_lost_and_none_is_told_twice(both: tuple[tuple[PositionState, ...], list[ExchangePosition]]) -> None:
    known, held = both
    verdicts = judge_positions(holding(*known), snapshot(positions=tuple(held)))
    seen = [(verdict.live.symbol, verdict.live.side) for verdict in verdicts if verdict.live is not None]
    remembered = [verdict.known.id for verdict in verdicts if verdict.known is not None]
    assert sorted(seen, key=str) == sorted(((row.symbol, row.side) for row in held), key=str)
    assert sorted(remembered) == sorted(position.id for position in known)
    now = after(known, judged(known, tuple(held)))
    assert {(one.symbol, one.side, one.quantity) for one in now} == {(r.symbol, r.side, r.contracts) for r in held}


@given(sides(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_changes_nothing(both: Any, random: Any) -> None:
    known, held = both
    shuffled = list(held)
    random.shuffle(shuffled)
    remembered = list(known)
    random.shuffle(remembered)
    assert judge_positions(holding(*known), snapshot(positions=tuple(held))) == judge_positions(
        holding(*remembered), snapshot(positions=tuple(shuffled))
    )


@given(sides(), st.sampled_from([ScopeStatus.FAILED, ScopeStatus.TRUNCATED, ScopeStatus.NOT_SUPPORTED, None]))
@settings(max_examples=50, deadline=None)
def test_what_was_not_covered_is_unknown_and_stays_as_it_was(both: Any, status: ScopeStatus | None) -> None:
    known, held = both
    covered = Coverage() if status is None else coverage([ScopeKind.POSITIONS], status)
    told = snapshot(positions=tuple(held), coverage=covered)
    assert {verdict.kind for verdict in judge_positions(holding(*known), told)} <= {Kind.UNKNOWN}
    plan = plan_of(holding(*known), told)
    kept = after(known, plan)
    assert sorted(kept, key=msgspec.json.encode) == sorted(known, key=msgspec.json.encode)
