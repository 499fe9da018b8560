"""What the simulated exchange tells of the account's trades."""

from __future__ import annotations

from crashdesk.demo.simulation_world import World
from crashdesk.demo.venue.orders import Trade as LedgerTrade
from crashdesk.exchange.records import ScopeStatus, Trade, TradesReading
from crashdesk.state import Side

_MILLISECOND_NS = 1_000_000


def trades_since(world: World, symbol: str, since_ns: int) -> TradesReading:
    """The account's trades of `symbol` since then (UNIX nanoseconds by the exchange's clock), the oldest first."""
    found = [
        each for each in world.account.trades if each.symbol == symbol and each.time_ms * _MILLISECOND_NS >= since_ns
    ]
    trades = tuple(_told(each) for each in found)
    return TradesReading(symbol=symbol, status=ScopeStatus.READ, trades=trades, read_at=world.now_ns)


def _told(trade: LedgerTrade) -> Trade:
    return Trade(
        id=str(trade.id),
        order_id=str(trade.order_id),
        symbol=trade.symbol,
        amount=trade.quantity,
        price=trade.price,
        at=trade.time_ms * _MILLISECOND_NS,
        side=Side(trade.side.lower()),
    )
