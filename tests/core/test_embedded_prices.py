"""Prices of the embedded exchange: repeatable by seed, lifelike, and movable."""

from decimal import Decimal
from typing import Any

import pytest
from binance_builders import BTC, ETH, START_NS

from crashdesk.demo.venue import MARKETS, EmbeddedExchange
from crashdesk.demo.venue.simulation import Simulation


def test_same_seed_same_prices_and_time_stands_still() -> None:
    def path(seed: int) -> list[Decimal]:
        with EmbeddedExchange(seed=seed, start_ns=START_NS, credentials=()) as venue:
            prices = []
            for _ in range(50):
                venue.advance(60)
                prices.append(venue.price(BTC))
            assert venue.now_ns() == START_NS + 3_000_000_000_000
            return prices

    assert path(1) == path(1)
    assert path(1) != path(2)
    assert all(price % Decimal("0.1") == 0 for price in path(1))


@pytest.mark.parametrize("seed", range(4))
def test_prices_move_like_a_market(seed: int) -> None:
    simulation = _simulation(seed)
    prices: dict[str, list[Decimal]] = {spec.symbol: [] for spec in MARKETS}
    for _ in range(288):
        simulation.advance(300)
        for symbol, seen in prices.items():
            seen.append(simulation.book(symbol).last)
    for spec in MARKETS:
        seen = prices[spec.symbol]
        spread = (max(seen) - min(seen)) / spec.start_price
        assert Decimal("0.008") < spread < Decimal("0.2")


def test_pushed_price_is_where_the_path_goes_on(venue: EmbeddedExchange) -> None:
    venue.push_price(ETH, Decimal("4000"))
    assert venue.price(ETH) == 4000
    venue.advance(5)
    assert 3990 < venue.price(ETH) < 4010
    venue.advance(86_400)
    assert 3600 < venue.price(ETH) < 4400


def test_real_time_moves_prices_once_followed() -> None:
    wall = [1_000_000_000]
    simulation = _simulation(1, wall_ns=lambda: wall[0])
    wall[0] += 60_000_000_000
    assert simulation.now_ns() == START_NS
    simulation.follow_real_time()
    before = simulation.book(BTC).last
    wall[0] += 60_000_000_000
    assert simulation.now_ns() == START_NS + 60_000_000_000
    assert simulation.book(BTC).last != before
    simulation.advance(3600)
    assert simulation.now_ns() == START_NS + 3_660_000_000_000


def _simulation(seed: int, **options: Any) -> Simulation:
    return Simulation(
        ["main"], seed=seed, start_ns=START_NS, hedge_mode=False, starting_balance=Decimal(1000), **options
    )
