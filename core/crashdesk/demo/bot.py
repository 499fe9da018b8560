"""The sample bot: a small grid market maker that embeds RecoveryManager as any bot would.

It trades through a ccxt client of its own. `bot_process` is the process that the demonstration starts and kills.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from crashdesk.clock import Clock
from crashdesk.demo.grid import GRID, GridMarket, Quote, in_contracts, missing, stale, wanted_quotes
from crashdesk.demo.setting import Setting
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.ccxt_parse import parse_order
from crashdesk.exchange.records import ExchangeAccount, ExchangeOrder, ExchangePosition, Namespace, OrderRef
from crashdesk.live import LiveState
from crashdesk.reconcile.plan import order_state
from crashdesk.recovery import RecoveryManager
from crashdesk.state import OPEN_STATUSES, AccountState, OrderState, OrderStatus, PositionState, Side

STRATEGY = "grid"
_LOOKS = 5


class _Look(msgspec.Struct, frozen=True, kw_only=True):
    """The account at one moment; orders by their id."""

    orders: Mapping[str, ExchangeOrder]
    positions: tuple[ExchangePosition, ...]
    account: ExchangeAccount


class GridBot:
    """Quotes a grid on three markets and keeps its LiveState true as orders rest, fill and go."""

    def __init__(
        self,
        client: Any,
        reader: CcxtExchange,
        manager: RecoveryManager,
        live: LiveState,
        clock: Clock,
        setting: Setting,
    ) -> None:
        """`client` sends the orders; `reader` reads them back as records. Makes one checkpoint: see `_next_run`.

        Raises ExchangeError when the exchange does not tell what its contracts are.
        """
        self._client = client
        self._reader = reader
        self._manager = manager
        self._live = live
        self._clock = clock
        self._setting = setting
        self._grid = tuple(self._in_contracts(market) for market in GRID)
        self._run = self._next_run()
        self._numbers = itertools.count(1)

    def _next_run(self) -> int:
        """The number of this run, durable before the first order carries it.

        A counter of orders alone would go back with the checkpoint, and give out client order ids a second time.
        """
        kept = self._live.strategy(STRATEGY)
        run = int(kept) + 1 if kept else 1
        self._live.set_strategy(STRATEGY, str(run).encode())
        self._manager.checkpoint()
        return run

    def _in_contracts(self, market: GridMarket) -> GridMarket:
        told = self._reader.describe_market(market.symbol)
        return in_contracts(market, told.contract_size if told else None)

    def cycle(self) -> None:
        """One look at the market: take in what filled, then move the grid."""
        if self._take_in():
            self._manager.checkpoint_on_trade()
        prices = self._reader.read_prices([market.symbol for market in self._grid])
        for market in self._grid:
            if market.symbol in prices:
                self._quote(market, prices[market.symbol])

    def _take_in(self) -> bool:
        """Bring orders, positions and account to where the exchange has them, as one change; tells whether anything traded.

        A fill changes an order and a position. A bot that dies between two changes would leave a state that never was.
        """
        look = self._look()
        if look is None:
            return False
        with self._live.together():
            traded = self._take_in_orders(look.orders)
            self._take_in_positions(look.positions)
            self._take_in_account(look.account)
        return traded

    def _look(self) -> _Look | None:
        """The account at one moment, as far as several reads can tell one: the orders were the same before and after.

        None when it could not be read, or did not hold still; the next cycle looks again.
        """
        orders = self._open_orders()
        for _ in range(_LOOKS):
            positions = self._reader.read_positions([])
            account = self._reader.read_account().account
            after = self._open_orders()
            if orders is None or after is None or account is None or not positions.coverage.complete:
                return None
            if _filled(orders) == _filled(after):
                return _Look(orders=orders, positions=positions.positions, account=account)
            orders = after
        return None

    def _open_orders(self) -> dict[str, ExchangeOrder] | None:
        reading = self._reader.read_open_orders([market.symbol for market in self._grid])
        return {order.id: order for order in reading.orders} if reading.coverage.complete else None

    def _take_in_orders(self, resting: Mapping[str, ExchangeOrder]) -> bool:
        traded = False
        for known in self._live.orders:
            order = resting.get(known.id)
            if order is None:
                self._live.remove_order(known.id)
                traded = True
            elif order.filled is not None and order.filled != known.filled_quantity:
                self._put(order)
                traded = True
        return traded

    def _take_in_positions(self, legs: tuple[ExchangePosition, ...]) -> None:
        now = self._clock.now_ns()
        before = {position.id: position for position in self._live.positions}
        seen = set()
        for leg in legs:
            position_id = f"{leg.symbol}:{leg.side.value}"
            seen.add(position_id)
            known = before.get(position_id)
            self._live.put_position(
                PositionState(
                    id=position_id,
                    symbol=leg.symbol,
                    side=leg.side,
                    quantity=leg.contracts,
                    entry_price=leg.entry_price or Decimal(0),
                    unrealized_pnl=leg.unrealized_pnl or Decimal(0),
                    opened_at=known.opened_at if known else now,
                )
            )
        for position_id in before.keys() - seen:
            self._live.remove_position(position_id)

    def _take_in_account(self, account: ExchangeAccount) -> None:
        told = {name: getattr(account, name) for name in AccountState.__struct_fields__}
        kept = self._live.account
        self._live.set_account(
            AccountState(**{name: getattr(kept, name) if value is None else value for name, value in told.items()})
        )

    def _quote(self, market: GridMarket, mid: Decimal) -> None:
        held = sum(
            (
                p.quantity if p.side is Side.BUY else -p.quantity
                for p in self._live.positions
                if p.symbol == market.symbol
            ),
            Decimal(0),
        )
        quotes = wanted_quotes(market, mid, held)
        # What an operator had it adopt is known to it from now on, but is no quote of the grid.
        resting = [
            order
            for order in self._live.orders
            if order.symbol == market.symbol and order.client_order_id.startswith(self._setting.prefix)
        ]
        leaving = stale(resting, quotes, market)
        for order in leaving:
            self._cancel(order)
        staying = [order for order in resting if order not in leaving]
        for quote in missing(staying, quotes, market):
            self._place(market, quote)

    def _place(self, market: GridMarket, quote: Quote) -> None:
        client_order_id = self._setting.order_id(self._run, next(self._numbers))
        self._manager.intend_order(
            symbol=market.symbol,
            client_order_id=client_order_id,
            side=quote.side.value,
            order_type="limit",
            quantity=quote.quantity,
            price=quote.price,
        )
        answer = self._client.create_order(
            market.symbol,
            "limit",
            quote.side.value,
            str(quote.quantity),
            str(quote.price),
            {"clientOrderId": client_order_id},
        )
        placed = self._told(answer, market.symbol)
        if placed is not None and placed.status in (*OPEN_STATUSES, OrderStatus.FILLED):
            # What of it filled at once is taken in with the position that it changed, by the next look.
            self._put(msgspec.structs.replace(placed, filled=Decimal(0), status=OrderStatus.OPEN))

    def _told(self, answer: Any, symbol: str) -> ExchangeOrder | None:
        """The order that an answer is about; None when the exchange does not tell."""
        if answer.get("status") is not None:
            return parse_order(answer, Namespace.NORMAL)
        # OKX only confirms that the request arrived.
        return self._reader.read_order(OrderRef(symbol=symbol, namespace=Namespace.NORMAL, id=answer["id"])).order

    def _cancel(self, order: OrderState) -> None:
        import ccxt

        self._manager.intend_cancel(symbol=order.symbol, order_id=order.id, client_order_id=order.client_order_id)
        try:
            answer = self._client.cancel_order(order.id, order.symbol)
        except ccxt.OrderNotFound:
            return  # it filled in the meantime; the next look takes it in
        ended = self._told(answer, order.symbol)
        if ended is not None and ended.filled == order.filled_quantity:
            self._live.remove_order(order.id)
        # Where a part of it filled first, the next look takes it in with the position.

    def _put(self, order: ExchangeOrder) -> None:
        record = order_state(order, self._clock.now_ns())
        if record is not None:
            self._live.put_order(record)


def _filled(orders: Mapping[str, ExchangeOrder]) -> dict[str, Decimal | None]:
    """What a fill changes: which orders rest, and how much of each has filled."""
    return {order_id: order.filled for order_id, order in orders.items()}
