"""What is known of single exchanges beyond what ccxt declares: families, conditional kinds, lists, pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Params = dict[str, object]
Variant = tuple[str, Params]

OKX = frozenset({"okx", "okxus", "myokx"})
BYBIT = frozenset({"bybit", "bybiteu", "bybitid"})
BINANCE = frozenset({"binance", "binancecoinm", "binanceus", "binanceusdm"})
_GATE = ("gate", "gateeu")
_ORDERLY = ("modetrade", "woofipro")

_LINEAR_INVERSE: Sequence[Variant] = (("linear", {"subType": "linear"}), ("inverse", {"subType": "inverse"}))
_DERIBIT_CURRENCIES = ("BTC", "ETH", "USDC", "USDT", "EURR")

CONTRACT_FAMILIES: Mapping[str, Sequence[Variant]] = {
    "binance": _LINEAR_INVERSE,
    "bingx": _LINEAR_INVERSE,
    "bydfi": (("regular", {"contractType": "FUTURE"}), ("delivery", {"contractType": "DELIVERY"})),
    "bitget": (
        ("USDT", {"productType": "USDT-FUTURES"}),
        ("USDC", {"productType": "USDC-FUTURES"}),
        ("coin", {"productType": "COIN-FUTURES", "marginCoin": "BTC"}),
    ),
    "gate": (("USDT", {"settle": "usdt"}), ("BTC", {"settle": "btc"})),
    "htx": _LINEAR_INVERSE,
    "phemex": (("USDT", {"settle": "USDT"}), ("BTC", {"settle": "BTC"})),
    "xt": _LINEAR_INVERSE,
    **{
        name: (
            ("linear USDT", {"subType": "linear", "settleCoin": "USDT"}),
            ("linear USDC", {"subType": "linear", "settleCoin": "USDC"}),
            ("inverse", {"subType": "inverse"}),
        )
        for name in BYBIT
    },
}
"""Exchanges where a read of contracts without a symbol covers one family of them, in silence."""

MOST_DEXES = 10
"""Exchanges of Hyperliquid's builders (HIP-3) that ccxt loads; each keeps its orders and positions to itself."""

_STABLE = frozenset({"USDT", "USDC"})


def position_families(exchange: str, settles: Collection[str], dexes: Collection[str]) -> Sequence[Variant]:
    """The lists of positions of an exchange, by what its listed contracts settle in; empty where that does not matter.

    Bitget and Phemex list the positions of one settlement currency, and say nothing of those in others.
    """
    coins = sorted(set(settles) - _STABLE)
    families: list[Variant] = []
    if exchange == "bitget" and coins:
        families.extend(one for one in CONTRACT_FAMILIES["bitget"] if one[0] in _STABLE)
        families.extend((f"coin {coin}", {"productType": "COIN-FUTURES", "marginCoin": coin}) for coin in coins)
    elif exchange == "phemex" and coins:
        families.append(("USDT", {"settle": "USDT"}))
        families.extend((coin, {"code": coin, "settle": coin}) for coin in coins)
    return families or _dex_families(dexes)


def order_families(exchange: str, inverse_bases: Collection[str], dexes: Collection[str]) -> Sequence[Variant]:
    """The lists of open orders of an exchange, by what it lists; empty where that does not matter.

    Of Bybit's inverse contracts ccxt asks for those that settle in USDT, of which there are none, unless a base is named.
    """
    if exchange not in BYBIT or not inverse_bases:
        return _dex_families(dexes)
    families = [one for one in CONTRACT_FAMILIES[exchange] if one[0] != "inverse"]
    families.extend((f"inverse {base}", {"subType": "inverse", "baseCoin": base}) for base in sorted(inverse_bases))
    return families


def _dex_families(dexes: Collection[str]) -> Sequence[Variant]:
    """The lists of an exchange in which others run theirs: its own, and each of theirs. Empty where there are none."""
    families: list[Variant] = [("", {})] if dexes else []
    families.extend((dex, {"dex": dex}) for dex in sorted(dexes))
    return families


ORDER_FAMILIES: Mapping[str, Sequence[Variant]] = {
    # Without it ccxt asks for bitcoin's orders alone.
    "deribit": tuple((currency, {"currency": currency}) for currency in _DERIBIT_CURRENCIES),
    # An order is listed for a moment as opened at best effort, before it is open.
    "dydx": (("open", {}), ("just placed", {"status": "BEST_EFFORT_OPENED"})),
}
"""The same of orders alone, where positions come in one list."""

SPOT_ORDER_FAMILIES: Mapping[str, Sequence[Variant]] = {
    # Its `tpslType` is "normal" unless it is told; such orders are in no other list (Bitget, "Get Unfilled Orders").
    "bitget": (("", {}), ("take profit and stop loss", {"tpslType": "tpsl"})),
}
"""The same of orders on a spot account."""

NAMES_MARKET_TYPE = frozenset({"btse", "hashkey"})
"""Without a symbol ccxt asks these for spot orders, whatever the client's default type is."""

SYMBOL_NOT_REQUIRED = frozenset({"bitvavo", "btcturk", "coinmate", "deribit", "hyperliquid", "mexc"})
"""ccxt's features say that these need a symbol; its code lists them without one."""

SYMBOL_REQUIRED = frozenset(
    {
        "bit2c", "bitbank", "bitbns", "bitflyer", "bitrue", "bitso", "bittrade", "bydfi", "coinbaseinternational", "coinone",
        "deepcoin", "latoken", "lbank", "lighter", "mercado", "nado", "p2b", "phemex", "tokocrypto", "zebpay",
        "hashkey:swap", "htx:future",
    }
)  # fmt: skip
"""ccxt's code lists these per symbol only, whatever it declares; `exchange:market type` for one type alone."""

ONE_LIST = frozenset(
    {
        "alpaca", "apex", "aster", "backpack", "bequant", "bigone", "bingx", "bitfinex", "bitmex", "bitopro", "bitstamp",
        "bitvavo", "btcmarkets", "btse", "bullish", "coinbase", "coinbaseexchange", "coinbaseinternational", "delta", "deribit",
        "extended", "fmfwio", "gemini", "hitbtc", "hyperliquid", "kraken", "krakenfutures", "lighter", "pacifica", "paradex",
        "phemex", "tokocrypto", "binance:spot", "binanceus:spot", "coinsph:spot",
    }
)  # fmt: skip
"""Exchanges that list conditional orders together with normal ones, in one namespace."""

_TRIGGER: Params = {"trigger": True}

_CONTRACT_KINDS: Mapping[str, Sequence[Variant]] = {
    # OKX lists its conditional orders by type only; `trigger: True` alone reads one of them.
    **{
        name: tuple(
            (kind, {**_TRIGGER, "ordType": kind})
            for kind in ("trigger", "conditional,oco", "move_order_stop", "iceberg", "twap")
        )
        for name in OKX
    },
    "bingx": (("twap", {"twap": True}),),
    "bitget": tuple((kind, {**_TRIGGER, "planType": kind}) for kind in ("normal_plan", "track_plan", "profit_loss")),
    "blofin": (("", _TRIGGER), ("take profit and stop loss", {"tpsl": True})),
    "dydx": (("", {"status": "UNTRIGGERED"}),),
    "htx": (
        ("", _TRIGGER),
        ("take profit and stop loss", {"stopLossTakeProfit": True}),
        ("trailing", {"trailing": True}),
    ),
    "xt": (
        ("", _TRIGGER),
        ("take profit and stop loss", {"stopLossTakeProfit": True}),
        ("trailing", {"trailing": True}),
    ),
    "woo": (("", _TRIGGER),),
    **{
        name: tuple(
            (kind, {**_TRIGGER, "algo_type": kind}) for kind in ("STOP", "TP_SL", "POSITIONAL_TP_SL", "TRAILING_STOP")
        )
        for name in _ORDERLY
    },
}
_SPOT_KINDS: Mapping[str, Sequence[Variant]] = {
    **{name: _CONTRACT_KINDS[name] for name in OKX},
    **{name: (("", _TRIGGER), ("take profit and stop loss", {"orderFilter": "tpslOrder"})) for name in BYBIT},
    "backpack": (),
    "bithumb": (("twap", {"twap": True}),),
    "htx": (),
    "latoken": (("", _TRIGGER),),
    "poloniex": (("", _TRIGGER),),
    "woo": (("", _TRIGGER),),
    "xt": (),
}


def known_kinds(exchange: str, market_type: str) -> Sequence[Variant] | None:
    """The conditional kinds that are listed by themselves, each with what asks for it; None where ccxt's word is good."""
    kinds = _SPOT_KINDS if market_type == "spot" else _CONTRACT_KINDS
    return kinds.get(exchange)


NOT_LISTED: Mapping[str, str] = {
    "mexc:swap": "take-profit, stop-loss and trailing orders",
    "gate:swap": "trailing orders",
    "kucoin:spot": "one-cancels-the-other orders",
    "deepcoin:swap": "take-profit and stop-loss orders of positions",
}
"""Conditional kinds that an exchange has besides those that ccxt lists, by `exchange:market type`."""

ORDERS_PER_PAGE: Mapping[str, int] = {"bitso": 100}
"""Where ccxt declares longer pages than there are."""

LIMIT_IS_SENT = frozenset(
    {
        "alpaca", "bigone", "bitbank", "bitflyer", "bithumb", "bitso", "bitteam", "btcmarkets", "cex", "coinbaseexchange",
        "digifinex:swap", "dydx", "hashkey", "htx", "mudrex", "onetrading", "tokocrypto", "toobit", "weex:swap",
        "zebpay:swap",
    }
)  # fmt: skip
"""Where ccxt asks for as many orders as it is told; elsewhere the exchange's own page may be shorter than what ccxt declares."""

POSITIONS_NOT_LISTED: Mapping[str, str] = {"coinbase:swap": "international perpetuals"}
"""Positions besides those that ccxt lists, by `exchange:market type`."""

POSITIONS_PER_PAGE: Mapping[str, int] = dict.fromkeys(BYBIT | {"kucoin", "kucoinfutures"}, 200)
"""Of KuCoin that is the page of its unified accounts; others list all."""

AMOUNTS_ARE_UNITS = frozenset({"deribit"})
"""Where an amount counts dollars or coins, of orders and of positions, though ccxt tells how many of them a contract is."""

BY_CLIENT_ID = BINANCE | OKX | {
    "aster", "bitget", "bitvavo", "coinbaseexchange", "delta", "grvt", "htx", "hyperliquid", "kucoin", "kucoinfutures", "mexc",
    "modetrade", "paradex", "phemex", "woo", "woofipro",
}  # fmt: skip
"""Exchanges where ccxt's fetchOrder takes `clientOrderId` in place of the exchange's own id."""

CONDITIONAL_NOT_READ_SINGLY = frozenset({"bingx", "bitbns", "bitget", "bithumb", "blofin", "htx", "mexc", "weex", "xt"})
"""Where ccxt's fetchOrder looks for a conditional order among the normal ones, or among one kind of several.

Its "no such order" would be wrong there: such an order is looked for in the lists.
"""

CANCELLED_BY_KIND = {f"{name}:spot" for name in BYBIT} | {"bingx", "bitget", "bithumb", "blofin", "htx", "xt"}
"""Where ccxt sends a cancel of a conditional order, or of a stop among Bitget's spot orders, to where one kind alone is known."""

NEVER_OPENED: Mapping[str, tuple[str, Params]] = {"gate": ("USER_NOT_FOUND", {"settle": "btc"})}
"""The refusal by which an exchange says that an account has no such part, and the family of contracts for which that is believed.

Gate keeps contracts of each settlement currency in an account that the first transfer opens; few ever open the one in bitcoin. Of
the usual family it may as well mean the keys of another environment.
"""

FORGETS_AT_ONCE = BYBIT | {"krakenfutures"}
"""Where a read of one order knows the open and the latest ended ones alone: Kraken's futures those of the last five seconds,
Bybit the newest 500. Their lists of ended orders go further back."""

EMPTY_CODES: Mapping[str, frozenset[str]] = {"phemex": frozenset({"10002"})}
"""Codes by which an exchange says that there are no orders, though they look like a failure."""
