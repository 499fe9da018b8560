"""An amount of contracts is never read as one of coins."""

from __future__ import annotations

from decimal import Decimal

import pytest
import strategies as make
from recovery_builders import BTC, coverage, leg, live, market, plan_of, snapshot, stop

from crashdesk.cli_text import order_note, plan_listings
from crashdesk.contracts import Contract, amount_text, contract_of, plain
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.stop_cover import stops_text
from crashdesk.revalidation import describe
from crashdesk.state import Side

HUNDREDTH = Contract(size=Decimal("0.01"), unit="BTC")


@pytest.mark.parametrize(
    ("amount", "contract", "words"),
    [
        (Decimal(5), HUNDREDTH, "5 contracts (0.05 BTC)"),
        (Decimal(1), HUNDREDTH, "1 contract (0.01 BTC)"),
        (Decimal("2.060"), HUNDREDTH, "2.060 contracts (0.0206 BTC)"),
        (Decimal(5), Contract(), "5 contracts"),
        (Decimal(5), Contract(size=Decimal(100), unit="USD"), "5 contracts (500 USD)"),
        (Decimal("0.05"), None, "0.05"),
        (None, HUNDREDTH, "an unstated amount"),
        ("2.50", HUNDREDTH, "2.50 contracts (0.025 BTC)"),
        ("some", HUNDREDTH, "some"),
    ],
)
def test_an_amount_names_its_unit(amount: Decimal | str | None, contract: Contract | None, words: str) -> None:
    assert amount_text(amount, contract) == words


def test_what_an_amount_counts_follows_from_the_market() -> None:
    assert contract_of(BTC, market()) is None
    assert contract_of(BTC, market(contract_size=Decimal("0.01"))) == HUNDREDTH
    assert contract_of(BTC, None) == Contract()
    assert contract_of(BTC, market(contract_size=None)) == Contract()
    assert contract_of("BTC/USDT", None) is None
    assert contract_of("BTC/USDT", market(market_type="spot", contract_size=None)) is None
    inverse = contract_of("BTC/USD:BTC", market(contract_size=Decimal(1), linear=False))
    assert inverse == Contract(size=Decimal(1), unit="USD")


@pytest.mark.parametrize(
    ("before", "after"), [("63179.2000", "63179.2"), ("1E+3", "1000"), ("0.000", "0"), ("-7.50", "-7.5")]
)
def test_a_plain_number_is_the_same_number(before: str, after: str) -> None:
    assert str(plain(Decimal(before))) == after
    assert plain(Decimal(before)) == Decimal(before)


def test_every_word_of_a_plan_tells_contracts_apart_from_coins() -> None:
    markets = (market(contract_size=Decimal("0.01")),)
    exchange = snapshot(
        orders=(live(id="1", client_order_id="grid-9", amount=Decimal(5)),),
        positions=(leg(contracts=Decimal("2.06")),),
        markets=markets,
    )
    plan = plan_of(make.state(open_orders=(), positions=()), exchange)
    (orphan,) = plan.orphans
    assert orphan.contract == HUNDREDTH
    assert plan.positions[0].contract == HUNDREDTH
    assert plan.contracts == {BTC: HUNDREDTH}
    assert describe(orphan.live, orphan.contract) == (
        "buy 5 contracts (0.05 BTC) of BTC/USDT:USDT at 36450.0 (order 1)"
    )
    assert any("buy 5 contracts (0.05 BTC) at 36450.0" in item.text for item in orphan.evidence)
    cells = [cell for listing in plan_listings(plan) for row in listing.rows for cell in row.cells]
    assert "5 contracts (0.05 BTC)" in cells
    assert "long 2.06 contracts (0.0206 BTC)" in cells


def stops(*amounts: str, unread: tuple[ScopeKind, ...] = (), size: int = 1) -> str:
    orders = tuple(stop(id=str(number), amount=Decimal(amount)) for number, amount in enumerate(amounts))
    exchange = snapshot(
        orders=orders,
        positions=(leg(contracts=Decimal("32.98")),),
        coverage=coverage(unread),
        markets=(market(contract_size=Decimal(size)),),
    )
    (position,) = plan_of(make.state(open_orders=(), positions=()), exchange).positions
    return stops_text(position)


def test_how_much_of_a_position_stops_cover_is_said_where_the_position_is() -> None:
    assert stops("20.98") == "stops cover 20.98 of 32.98"
    assert stops("20", "12.98") == "stops cover all of it"
    assert stops() == "no stop on the exchange"
    assert stops(unread=(ScopeKind.CONDITIONAL_ORDERS,)) == "whether a stop protects it is not known"
    assert stops(unread=(ScopeKind.ORDERS,)) == "whether a stop protects it is not known"
    assert stops("20.98", size=10) == "stops cover 20.98 of 32.98 contracts (329.8 BTC)"


def test_a_stop_of_the_other_side_covers_nothing() -> None:
    exchange = snapshot(orders=(stop(side=Side.BUY, amount=Decimal(9)),), positions=(leg(contracts=Decimal(9)),))
    (position,) = plan_of(make.state(open_orders=(), positions=()), exchange).positions
    assert stops_text(position) == "no stop on the exchange"


def test_a_note_of_an_orphan_tells_money_with_its_currency() -> None:
    exchange = snapshot(orders=(live(client_order_id="grid-9"),))
    (orphan,) = plan_of(make.state(open_orders=(), positions=()), exchange).orphans
    assert "364.5 USDT" in order_note(orphan)
