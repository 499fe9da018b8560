"""Ledger records as OKX's JSON objects: numbers as text, contracts as sizes, an empty text for what there is not."""

from collections.abc import Mapping
from decimal import Decimal

from crashdesk.demo.venue.amounts import plain
from crashdesk.demo.venue.book import Book, trailing_level
from crashdesk.demo.venue.margin import LEVERAGE, initial_margin, maintenance_margin, margin_of
from crashdesk.demo.venue.okx.markets import MARKET_ID, SWAP, Json, contracts
from crashdesk.demo.venue.okx.params import AT_MARKET
from crashdesk.demo.venue.orders import Account, Order, Trade
from crashdesk.demo.venue.positions import SATOSHI, Position
from crashdesk.demo.venue.records import Credentials, LedgerStatus, Namespace

_STATES = {
    LedgerStatus.OPEN: "live",
    LedgerStatus.PARTIALLY_FILLED: "partially_filled",
    LedgerStatus.FILLED: "filled",
    LedgerStatus.CANCELLED: "canceled",
    LedgerStatus.EXPIRED: "canceled",
}
_ALGO_STATES = {
    LedgerStatus.OPEN: "live",
    LedgerStatus.CANCELLED: "canceled",
    LedgerStatus.EXPIRED: "order_failed",
    LedgerStatus.TRIGGERED: "effective",
}
_POSITION_SIDES = {"BOTH": "net", "LONG": "long", "SHORT": "short"}
_SOURCES = {"trigger": "6", "conditional": "7", "oco": "7", "move_order_stop": "25"}
"""Which kind of conditional order placed an order."""

_FIRST_POSITION_ID = 2_904_400_000_000_000_000


def money(amount: Decimal) -> str:
    """An amount of USDT, rounded to eight decimals."""
    return plain(amount.quantize(SATOSHI))


def state_of(order: Order) -> str:
    """OKX's word for the state of an order of either namespace."""
    return (_ALGO_STATES if order.request.namespace is Namespace.CONDITIONAL else _STATES)[order.status]


def order_json(order: Order, trades: list[Trade]) -> Json:
    """An order of the plain namespace with its own `trades`, oldest first."""
    request, origin = order.request, order.origin
    last = trades[-1] if trades else None
    return {
        "instType": SWAP,
        "instId": MARKET_ID[request.symbol],
        "ordId": str(order.id),
        "clOrdId": request.client_order_id,
        "tag": "",
        "px": _text(request.price),
        "sz": contracts(request.quantity, request.contract_size),
        "ordType": request.own_type or request.kind.lower(),
        "side": request.side.lower(),
        "posSide": _POSITION_SIDES[request.position_side],
        "tdMode": "cross",
        "accFillSz": contracts(order.filled, request.contract_size),
        "avgPx": "" if order.average_price is None else money(order.average_price),
        "fillPx": _text(last.price if last else None),
        "fillSz": contracts(last.quantity, request.contract_size) if last else "0",
        "fillTime": str(last.time_ms) if last else "",
        "tradeId": str(last.id) if last else "",
        "state": state_of(order),
        "lever": str(LEVERAGE),
        "feeCcy": "USDT",
        "fee": money(-sum((trade.commission for trade in trades), Decimal(0))),
        "pnl": money(sum((trade.realized_pnl for trade in trades), Decimal(0))),
        "rebate": "0",
        "rebateCcy": "USDT",
        "source": _SOURCES.get(origin.request.own_type, "") if origin else "",
        "category": "normal",
        "reduceOnly": _flag(request.reduce_only),
        "cancelSource": _cancel_source(order),
        "algoId": str(origin.id) if origin else "",
        "algoClOrdId": origin.request.client_order_id if origin else "",
        "attachAlgoOrds": [],
        "slTriggerPx": "",
        "slOrdPx": "",
        "tpTriggerPx": "",
        "tpOrdPx": "",
        "tgtCcy": "",
        "ccy": "",
        "cTime": str(order.created_ms),
        "uTime": str(order.updated_ms),
    }


def algo_json(order: Order, last: Decimal) -> Json:
    """An order of the algo namespace; `last` is the market's price."""
    request = order.request
    return {
        "instType": SWAP,
        "instId": MARKET_ID[request.symbol],
        "algoId": str(order.id),
        "algoClOrdId": request.client_order_id,
        "clOrdId": request.listed_client_id,
        "ordId": order.triggered_order_id,
        "ordIdList": [order.triggered_order_id] if order.triggered_order_id else [],
        "ordType": request.own_type,
        "side": request.side.lower(),
        "posSide": _POSITION_SIDES[request.position_side],
        "tdMode": "cross",
        "sz": "" if request.close_position else contracts(request.quantity, request.contract_size),
        "closeFraction": "1" if request.close_position else "",
        "reduceOnly": _flag(request.reduce_only),
        "state": state_of(order),
        "lever": str(LEVERAGE),
        "last": plain(last),
        "actualSide": "",
        "actualSz": "",
        "actualPx": "",
        "failCode": "51169" if order.status is LedgerStatus.EXPIRED else "",
        "tag": "",
        "tgtCcy": "",
        "ccy": "",
        "triggerTime": str(order.triggered_ms) if order.triggered_ms else "",
        "cTime": str(order.created_ms),
        "uTime": str(order.updated_ms),
        **_prices(order),
    }


def fill_json(trade: Trade, order: Order) -> Json:
    """A fill of the account."""
    return {
        "instType": SWAP,
        "instId": MARKET_ID[trade.symbol],
        "tradeId": str(trade.id),
        "ordId": str(trade.order_id),
        "clOrdId": order.request.client_order_id,
        "billId": str(trade.id),
        "tag": "",
        "fillPx": plain(trade.price),
        "fillSz": contracts(trade.quantity, order.request.contract_size),
        "fillPnl": money(trade.realized_pnl),
        "side": trade.side.lower(),
        "posSide": _POSITION_SIDES[trade.position_side],
        "execType": "M" if trade.maker else "T",
        "feeCcy": "USDT",
        "fee": money(-trade.commission),
        "ts": str(trade.time_ms),
    }


def position_json(position: Position, book: Book) -> Json:
    """A position: its size signed in net mode, positive for either leg in long/short mode."""
    size = position.quantity if position.position_side == "BOTH" else abs(position.quantity)
    notional = position.quantity * book.last
    return {
        "instType": SWAP,
        "instId": book.spec.id,
        "posId": str(_position_id(position)),
        "posSide": _POSITION_SIDES[position.position_side],
        "pos": contracts(size, book.spec.contract_size),
        "availPos": contracts(abs(position.quantity), book.spec.contract_size),
        "mgnMode": "cross",
        "avgPx": plain(position.entry_price),
        "markPx": plain(book.last),
        "last": plain(book.last),
        "upl": money(position.unrealized_pnl(book.last)),
        "uplRatio": "",
        "lever": str(LEVERAGE),
        "liqPx": "",
        "imr": money(initial_margin(notional)),
        "mmr": money(maintenance_margin(notional)),
        "margin": "",
        "mgnRatio": "",
        "notionalUsd": money(abs(notional)),
        "ccy": "USDT",
        "posCcy": "",
        "adl": "1",
        "closeOrderAlgo": [],
        "cTime": str(position.opened_ms),
        "uTime": str(position.updated_ms),
    }


def balance_json(account: Account, books: Mapping[str, Book]) -> Json:
    """The trading account with its one currency."""
    margin = margin_of(account, books)
    updated = str(account.updated_ms)
    detail = {
        "ccy": "USDT",
        "eq": money(margin.equity),
        "cashBal": money(account.balance),
        "availEq": money(margin.available),
        "availBal": money(margin.available),
        "frozenBal": money(margin.used),
        "ordFrozen": money(margin.order_margin),
        "imr": money(margin.used),
        "mmr": money(margin.maintenance_margin),
        "upl": money(margin.unrealized_pnl),
        "eqUsd": money(margin.equity),
        "disEq": money(margin.equity),
        "isoEq": "0",
        "liab": "",
        "interest": "",
        "uTime": updated,
    }
    return {
        "totalEq": money(margin.equity),
        "adjEq": "",
        "imr": "",
        "mmr": "",
        "isoEq": "0",
        "mgnRatio": "",
        "notionalUsd": "",
        "ordFroz": "",
        "uTime": updated,
        "details": [detail],
    }


def config_json(account: Account, credentials: Credentials) -> Json:
    """The account's settings, and what the key may do."""
    rights = ("trade" * credentials.can_trade, "withdraw" * credentials.can_withdraw)
    uid = str(44_705_892_343_619_584 + sum(account.name.encode()))
    return {
        "uid": uid,
        "mainUid": uid,
        "acctLv": "2",
        "posMode": "long_short_mode" if account.hedge_mode else "net_mode",
        "autoLoan": False,
        "greeksType": "PA",
        "ctIsoMode": "automatic",
        "mgnIsoMode": "automatic",
        "level": "Lv1",
        "label": account.name,
        "ip": "",
        "perm": ",".join(("read_only", *filter(None, rights))),
    }


def _prices(order: Order) -> Json:
    """The price fields of an algo order: each kind has its own, the others are empty."""
    request = order.request
    found: Json = dict.fromkeys(
        (
            "triggerPx",
            "triggerPxType",
            "ordPx",
            "slTriggerPx",
            "slTriggerPxType",
            "slOrdPx",
            "tpTriggerPx",
            "tpTriggerPxType",
            "tpOrdPx",
            "callbackRatio",
            "callbackSpread",
            "activePx",
            "moveTriggerPx",
        ),
        "",
    )
    price = AT_MARKET if request.price is None else plain(request.price)
    if request.own_type == "move_order_stop":
        rate = request.callback_rate
        found["callbackRatio"] = "" if rate is None else plain(rate / 100)
        found["callbackSpread"] = _text(request.callback_spread)
        found["activePx"] = _text(request.activation_price)
        level = trailing_level(order)
        found["moveTriggerPx"] = "" if level is None else money(level)
    elif request.own_type == "trigger":
        found |= {"triggerPx": _text(request.trigger_price), "triggerPxType": "last", "ordPx": price}
    else:
        side = "tp" if request.kind.startswith("TAKE_PROFIT") else "sl"
        found |= {f"{side}TriggerPx": _text(request.trigger_price), f"{side}TriggerPxType": "last"}
        found[f"{side}OrdPx"] = price
    second = request.second_leg
    if second is not None:
        found |= {"tpTriggerPx": plain(second.trigger_price), "tpTriggerPxType": "last"}
        found["tpOrdPx"] = AT_MARKET if second.price is None else plain(second.price)
    return found


def _cancel_source(order: Order) -> str:
    if order.status is LedgerStatus.CANCELLED:
        return "1"
    if order.status is not LedgerStatus.EXPIRED:
        return ""
    return "31" if order.request.time_in_force == "GTX" else "0"


def _position_id(position: Position) -> int:
    side = ("BOTH", "LONG", "SHORT").index(position.position_side)
    return _FIRST_POSITION_ID + 3 * list(MARKET_ID).index(position.symbol) + side


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)


def _flag(value: bool) -> str:
    return "true" if value else "false"
