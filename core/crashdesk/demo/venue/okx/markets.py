"""What is traded in the OKX dialect, and how OKX lists and quotes it."""

from decimal import Decimal

import msgspec

from crashdesk.demo.venue.amounts import plain
from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.ledger import VenueRules
from crashdesk.demo.venue.market import MARKETS, MarketSpec

Json = dict[str, object]

SWAP, SPOT = "SWAP", "SPOT"
INSTRUMENT_TYPES = frozenset({SWAP, SPOT, "MARGIN", "FUTURES", "OPTION"})

_CONTRACTS = {
    # base units in a contract, contracts in a lot
    "BTC": (Decimal("0.01"), Decimal("0.01")),
    "ETH": (Decimal("0.1"), Decimal("0.01")),
    "SOL": (Decimal("1"), Decimal("0.01")),
}
_LISTED_MS = "1611916828000"


def _contract(spec: MarketSpec) -> MarketSpec:
    size, lot = _CONTRACTS[spec.base]
    return msgspec.structs.replace(
        spec,
        id=f"{spec.base}-USDT-SWAP",
        step=lot * size,
        min_quantity=lot * size,
        min_notional=Decimal(0),
        contract_size=size,
    )


OKX_MARKETS = tuple(_contract(spec) for spec in MARKETS)
MARKET_BY_ID = {spec.id: spec for spec in OKX_MARKETS}
MARKET_ID = {spec.symbol: spec.id for spec in OKX_MARKETS}
SPOT_IDS = frozenset(f"{spec.base}-USDT" for spec in OKX_MARKETS)

OKX_RULES = VenueRules(
    markets=OKX_MARKETS,
    # Longer than a float can hold exactly, as OKX's ids are.
    first_order_id=2_904_512_773_104_017_409,
    first_conditional_id=None,
    names_orders=False,
    refuses_crossing_post_only=False,
)


def contracts(quantity: Decimal, contract_size: Decimal) -> str:
    """Base units as a number of contracts."""
    return plain(quantity / contract_size)


def instruments(instrument_type: str) -> list[Json]:
    """The listing of one type. Spot is listed and suspended: the embedded exchange trades swaps."""
    if instrument_type == SWAP:
        return [_swap_json(spec) for spec in OKX_MARKETS]
    if instrument_type == SPOT:
        return [_spot_json(spec) for spec in OKX_MARKETS]
    return []


def ticker_json(book: Book, now_ms: int) -> Json:
    """The 24 hour ticker; its window is the life of the exchange."""
    depth = contracts(book.spec.max_quantity, book.spec.contract_size)
    return {
        "instType": SWAP,
        "instId": book.spec.id,
        "last": plain(book.last),
        "lastSz": contracts(book.spec.min_quantity, book.spec.contract_size),
        "askPx": plain(book.ask),
        "askSz": depth,
        "bidPx": plain(book.bid),
        "bidSz": depth,
        "open24h": plain(book.opened_at),
        "high24h": plain(book.high),
        "low24h": plain(book.low),
        "volCcy24h": "0",
        "vol24h": "0",
        "sodUtc0": plain(book.opened_at),
        "sodUtc8": plain(book.opened_at),
        "ts": str(now_ms),
    }


def mark_price_json(book: Book, now_ms: int) -> Json:
    """Mark price; the embedded exchange marks at the last price."""
    return {"instType": SWAP, "instId": book.spec.id, "markPx": plain(book.last), "ts": str(now_ms)}


def _swap_json(spec: MarketSpec) -> Json:
    pair = f"{spec.base}-USDT"
    lot = contracts(spec.step, spec.contract_size)
    return {
        **_common_json(spec),
        "instType": SWAP,
        "instId": spec.id,
        "uly": pair,
        "instFamily": pair,
        "baseCcy": "",
        "quoteCcy": "",
        "settleCcy": "USDT",
        "ctVal": plain(spec.contract_size),
        "ctMult": "1",
        "ctValCcy": spec.base,
        "ctType": "linear",
        "lotSz": lot,
        "minSz": lot,
        "maxLmtSz": contracts(spec.max_quantity, spec.contract_size),
        "maxMktSz": contracts(spec.max_quantity, spec.contract_size),
        "state": "live",
    }


def _spot_json(spec: MarketSpec) -> Json:
    return {
        **_common_json(spec),
        "instType": SPOT,
        "instId": f"{spec.base}-USDT",
        "uly": "",
        "instFamily": "",
        "baseCcy": spec.base,
        "quoteCcy": "USDT",
        "settleCcy": "",
        "ctVal": "",
        "ctMult": "",
        "ctValCcy": "",
        "ctType": "",
        "lotSz": "0.00000001",
        "minSz": plain(spec.min_quantity),
        "maxLmtSz": "9999999999",
        "maxMktSz": "1000000",
        "state": "suspend",
    }


def _common_json(spec: MarketSpec) -> Json:
    return {
        "alias": "",
        "category": "1",
        "expTime": "",
        "lever": "20",
        "listTime": _LISTED_MS,
        "optType": "",
        "ruleType": "normal",
        "stk": "",
        "tickSz": plain(spec.tick),
    }
