"""What is traded on the embedded exchange, and how its prices move."""

import random
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec

STEP_SECONDS = 5
"""Exchange time between two moves of the price path."""

_SUBTICKS = 1000
_BILLION = 10**9
_STEPS_PER_DAY = 86_400 // STEP_SECONDS
_REVERSIONS_PER_DAY = 4


class MarketSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One perpetual swap: names, filters, character of its price.

    Quantities are in base units, whatever its clients count in; `contract_size` is how many of them one contract is.
    """

    symbol: str
    id: str
    base: str
    tick: Decimal
    step: Decimal
    min_quantity: Decimal
    max_quantity: Decimal
    min_notional: Decimal
    start_price: Decimal
    day_volatility_ppm: int
    contract_size: Decimal = Decimal(1)

    @property
    def price_digits(self) -> int:
        """Decimals of a price."""
        return _digits(self.tick)

    @property
    def quantity_digits(self) -> int:
        """Decimals of a quantity."""
        return _digits(self.step)


def _digits(increment: Decimal) -> int:
    exponent = increment.normalize().as_tuple().exponent
    return max(0, -int(exponent))


MARKETS: tuple[MarketSpec, ...] = (
    MarketSpec(
        symbol="BTC/USDT:USDT",
        id="BTCUSDT",
        base="BTC",
        tick=Decimal("0.1"),
        step=Decimal("0.001"),
        min_quantity=Decimal("0.001"),
        max_quantity=Decimal("1000"),
        min_notional=Decimal("100"),
        start_price=Decimal("64000.0"),
        day_volatility_ppm=28_000,
    ),
    MarketSpec(
        symbol="ETH/USDT:USDT",
        id="ETHUSDT",
        base="ETH",
        tick=Decimal("0.01"),
        step=Decimal("0.001"),
        min_quantity=Decimal("0.001"),
        max_quantity=Decimal("10000"),
        min_notional=Decimal("20"),
        start_price=Decimal("3200.00"),
        day_volatility_ppm=36_000,
    ),
    MarketSpec(
        symbol="SOL/USDT:USDT",
        id="SOLUSDT",
        base="SOL",
        tick=Decimal("0.01"),
        step=Decimal("0.01"),
        min_quantity=Decimal("0.01"),
        max_quantity=Decimal("100000"),
        min_notional=Decimal("5"),
        start_price=Decimal("150.00"),
        day_volatility_ppm=48_000,
    ),
)


class PricePath:
    """A seeded, mean-reverting random walk of one market's price.

    It runs on integers (thousandths of a tick) so that one seed gives the same path on every machine, and fast.
    """

    def __init__(self, spec: MarketSpec, seed: int) -> None:
        self._tick = spec.tick
        self._random = random.Random(f"{seed}/{spec.symbol}")
        self._level = self._anchor = int(spec.start_price / spec.tick) * _SUBTICKS
        # The sum of 64 fair coins has a standard deviation of 4: one getrandbits() call is one bell-shaped draw.
        self._volatility_ppb = int(spec.day_volatility_ppm * 1000 / _STEPS_PER_DAY**0.5)

    @property
    def price(self) -> Decimal:
        """The price now, a multiple of the tick."""
        return self._tick * (self._level // _SUBTICKS)

    def step(self) -> Decimal:
        """Move by one step of STEP_SECONDS and return the new price."""
        draw = self._random.getrandbits(64).bit_count() - 32
        noise = self._level * self._volatility_ppb * draw // (4 * _BILLION)
        pull = (self._anchor - self._level) * _REVERSIONS_PER_DAY // _STEPS_PER_DAY
        self._level = max(self._level + noise + pull, _SUBTICKS)
        return self._tick * (self._level // _SUBTICKS)

    def jump(self, price: Decimal) -> Decimal:
        """Go to `price` (rounded to the tick) and wander around it from then on; return the price reached."""
        ticks = max(int((price / self._tick).to_integral_value(ROUND_HALF_EVEN)), 1)
        self._level = self._anchor = ticks * _SUBTICKS
        return self.price
