"""Ledger records as the exchange's JSON objects."""

from collections.abc import Mapping

import msgspec

from crashdesk.demo.venue.amounts import money, text
from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.margin import (
    LEVERAGE,
    MAINTENANCE_RATIO,
    Margin,
    initial_margin,
    maintenance_margin,
    margin_of,
)
from crashdesk.demo.venue.market import MARKETS, MarketSpec
from crashdesk.demo.venue.orders import Account, Order, OrderKind, Trade
from crashdesk.demo.venue.positions import ZERO, Position
from crashdesk.demo.venue.records import Credentials, LedgerStatus

Json = dict[str, object]

_MARKET_ID = {spec.symbol: spec.id for spec in MARKETS}
_STATUS = {
    LedgerStatus.OPEN: "NEW",
    LedgerStatus.PARTIALLY_FILLED: "PARTIALLY_FILLED",
    LedgerStatus.FILLED: "FILLED",
    LedgerStatus.CANCELLED: "CANCELED",
    LedgerStatus.EXPIRED: "EXPIRED",
    LedgerStatus.TRIGGERED: "FINISHED",
}


def order_json(order: Order) -> Json:
    """An order of the plain namespace."""
    request = order.request
    return {
        "orderId": order.id,
        "symbol": _MARKET_ID[request.symbol],
        "status": _STATUS[order.status],
        "clientOrderId": request.client_order_id,
        "price": text(request.price or ZERO),
        "avgPrice": money(order.average_price or ZERO),
        "origQty": text(request.quantity),
        "executedQty": text(order.filled),
        "cumQty": text(order.filled),
        "cumQuote": text(order.quote_filled),
        "timeInForce": request.time_in_force,
        "type": request.kind.value,
        "reduceOnly": request.reduce_only,
        "closePosition": request.close_position,
        "side": request.side,
        "positionSide": request.position_side,
        "stopPrice": text(request.trigger_price or ZERO),
        "workingType": request.working_type,
        "priceProtect": False,
        "origType": (order.origin.request.kind if order.origin else request.kind).value,
        "priceMatch": "NONE",
        "selfTradePreventionMode": "NONE",
        "goodTillDate": 0,
        "time": order.created_ms,
        "updateTime": order.updated_ms,
    }


def conditional_json(order: Order) -> Json:
    """An order of the conditional namespace."""
    request = order.request
    trailing = request.kind is OrderKind.TRAILING_STOP_MARKET
    extra: Json = {}
    if trailing:
        extra = {
            "activatePrice": text(request.activation_price or ZERO),
            "callbackRate": text(request.callback_rate or ZERO),
        }
    return {
        "algoId": order.id,
        "clientAlgoId": request.client_order_id,
        "algoType": "CONDITIONAL",
        "orderType": request.kind.value,
        "symbol": _MARKET_ID[request.symbol],
        "side": request.side,
        "positionSide": request.position_side,
        "timeInForce": request.time_in_force,
        "quantity": text(request.quantity),
        "algoStatus": _STATUS[order.status],
        "actualOrderId": order.triggered_order_id,
        "actualPrice": "0",
        "triggerPrice": text(request.trigger_price or ZERO),
        "price": text(request.price or ZERO),
        "icebergQuantity": None,
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "workingType": request.working_type,
        "priceMatch": "NONE",
        "closePosition": request.close_position,
        "priceProtect": False,
        "reduceOnly": request.reduce_only,
        "createTime": order.created_ms,
        "updateTime": order.updated_ms,
        "triggerTime": order.triggered_ms,
        "goodTillDate": 0,
        **extra,
    }


def trade_json(trade: Trade) -> Json:
    """A fill of the account."""
    return {
        "symbol": _MARKET_ID[trade.symbol],
        "id": trade.id,
        "orderId": trade.order_id,
        "side": trade.side,
        "price": text(trade.price),
        "qty": text(trade.quantity),
        "realizedPnl": money(trade.realized_pnl),
        "quoteQty": text(trade.quote_quantity),
        "commission": money(trade.commission),
        "commissionAsset": "USDT",
        "time": trade.time_ms,
        "positionSide": trade.position_side,
        "buyer": trade.side == "BUY",
        "maker": trade.maker,
    }


def position_json(position: Position, book: Book) -> Json:
    """A row of the position risk endpoint (the fields of both versions)."""
    notional = position.quantity * book.last
    margin = money(initial_margin(notional))
    return {
        "symbol": book.spec.id,
        "positionSide": position.position_side,
        "positionAmt": text(position.quantity),
        "entryPrice": money(position.entry_price),
        "breakEvenPrice": money(position.entry_price),
        "markPrice": money(book.last),
        "unRealizedProfit": money(position.unrealized_pnl(book.last)),
        "liquidationPrice": "0",
        "leverage": str(LEVERAGE),
        "maxNotionalValue": "40000000",
        "marginType": "cross",
        "isolatedMargin": "0",
        "isAutoAddMargin": "false",
        "notional": money(notional),
        "marginAsset": "USDT",
        "isolatedWallet": "0",
        "initialMargin": margin,
        "maintMargin": money(maintenance_margin(notional)),
        "positionInitialMargin": margin,
        "openOrderInitialMargin": "0",
        "adl": 1,
        "bidNotional": "0",
        "askNotional": "0",
        "updateTime": position.updated_ms,
    }


def restrictions_json(credentials: Credentials) -> Json:
    """What a key may do; the exchange serves this at its wallet's address."""
    return {
        "ipRestrict": False,
        "createTime": 1_698_645_219_000,
        "enableReading": True,
        "enableWithdrawals": credentials.can_withdraw,
        "enableInternalTransfer": False,
        "enableMargin": False,
        "enableFutures": credentials.can_trade,
        "permitsUniversalTransfer": False,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": False,
        "enableSpotAndMarginTrading": credentials.can_trade,
        "enablePortfolioMarginTrading": False,
    }


def account_json(account: Account, books: Mapping[str, Book]) -> Json:
    """The account with its one asset and its positions."""
    margin = margin_of(account, books)
    positions = []
    for position in account.positions.values():
        row = position_json(position, books[position.symbol])
        row["unrealizedProfit"] = row.pop("unRealizedProfit")
        row["isolated"] = False
        positions.append(row)
    asset = {"asset": "USDT", **asset_json(account, margin)}
    return {
        "totalInitialMargin": money(margin.used),
        "totalMaintMargin": money(margin.maintenance_margin),
        "totalWalletBalance": money(account.balance),
        "totalUnrealizedProfit": money(margin.unrealized_pnl),
        "totalMarginBalance": money(margin.equity),
        "totalPositionInitialMargin": money(margin.position_margin),
        "totalOpenOrderInitialMargin": money(margin.order_margin),
        "totalCrossWalletBalance": money(account.balance),
        "totalCrossUnPnl": money(margin.unrealized_pnl),
        "availableBalance": money(margin.available),
        "maxWithdrawAmount": money(margin.available),
        "assets": [asset],
        "positions": positions,
    }


def asset_json(account: Account, margin: Margin) -> Json:
    """The USDT row of the account endpoint."""
    return {
        "walletBalance": money(account.balance),
        "unrealizedProfit": money(margin.unrealized_pnl),
        "marginBalance": money(margin.equity),
        "maintMargin": money(margin.maintenance_margin),
        "initialMargin": money(margin.used),
        "positionInitialMargin": money(margin.position_margin),
        "openOrderInitialMargin": money(margin.order_margin),
        "crossWalletBalance": money(account.balance),
        "crossUnPnl": money(margin.unrealized_pnl),
        "availableBalance": money(margin.available),
        "maxWithdrawAmount": money(margin.available),
        "marginAvailable": True,
        "updateTime": account.updated_ms,
    }


def day_ticker_json(book: Book, now_ms: int) -> Json:
    """The 24 hour ticker; its window is the life of the exchange."""
    change = book.last - book.opened_at
    return {
        "symbol": book.spec.id,
        "priceChange": text(change),
        "priceChangePercent": format(change * 100 / book.opened_at, ".3f"),
        "weightedAvgPrice": text(book.last),
        "lastPrice": text(book.last),
        "lastQty": text(book.spec.min_quantity),
        "openPrice": text(book.opened_at),
        "highPrice": text(book.high),
        "lowPrice": text(book.low),
        "volume": "0",
        "quoteVolume": "0",
        "openTime": now_ms - 86_400_000,
        "closeTime": now_ms,
        "firstId": 1,
        "lastId": 1,
        "count": 1,
    }


def book_ticker_json(book: Book, now_ms: int) -> Json:
    """Best bid and ask."""
    depth = text(book.spec.max_quantity)
    return {
        "symbol": book.spec.id,
        "bidPrice": text(book.bid),
        "bidQty": depth,
        "askPrice": text(book.ask),
        "askQty": depth,
        "time": now_ms,
    }


def mark_price_json(book: Book, now_ms: int) -> Json:
    """Mark price; the embedded exchange marks at the last price and pays no funding."""
    return {
        "symbol": book.spec.id,
        "markPrice": money(book.last),
        "indexPrice": money(book.last),
        "estimatedSettlePrice": money(book.last),
        "lastFundingRate": "0.00000000",
        "interestRate": "0.00000000",
        "nextFundingTime": now_ms - now_ms % 28_800_000 + 28_800_000,
        "time": now_ms,
    }


def last_price_json(book: Book, now_ms: int) -> Json:
    """Last price."""
    return {"symbol": book.spec.id, "price": text(book.last), "time": now_ms}


def bracket_json(spec: MarketSpec) -> Json:
    """Leverage brackets: one for all sizes."""
    bracket = {
        "bracket": 1,
        "initialLeverage": LEVERAGE,
        "notionalCap": 40_000_000,
        "notionalFloor": 0,
        "maintMarginRatio": float(MAINTENANCE_RATIO),
        "cum": 0.0,
    }
    return {"symbol": spec.id, "brackets": [bracket]}


def exchange_info(start_ms: int) -> bytes:
    """The markets, encoded."""
    return msgspec.json.encode(
        {
            "timezone": "UTC",
            "serverTime": start_ms,
            "rateLimits": [
                {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 2400},
                {"rateLimitType": "ORDERS", "interval": "MINUTE", "intervalNum": 1, "limit": 1200},
            ],
            "exchangeFilters": [],
            "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "0"}],
            "symbols": [_market_json(spec) for spec in MARKETS],
        }
    )


def _market_json(spec: MarketSpec) -> Json:
    quantities = {
        "minQty": text(spec.min_quantity),
        "maxQty": text(spec.max_quantity),
        "stepSize": text(spec.step),
    }
    return {
        "symbol": spec.id,
        "pair": spec.id,
        "contractType": "PERPETUAL",
        "deliveryDate": 4133404800000,
        "onboardDate": 1569398400000,
        "status": "TRADING",
        "maintMarginPercent": "0.4000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": spec.base,
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "pricePrecision": spec.price_digits,
        "quantityPrecision": spec.quantity_digits,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "triggerProtect": "0.0500",
        "liquidationFee": "0.012500",
        "marketTakeBound": "0.05",
        "orderTypes": [kind.value for kind in OrderKind],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
        "filters": [
            {
                "filterType": "PRICE_FILTER",
                "minPrice": text(spec.tick),
                "maxPrice": "4529764",
                "tickSize": text(spec.tick),
            },
            {"filterType": "LOT_SIZE", **quantities},
            {"filterType": "MARKET_LOT_SIZE", **quantities},
            {"filterType": "MIN_NOTIONAL", "notional": text(spec.min_notional)},
        ],
    }
