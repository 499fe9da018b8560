"""Known orders that the exchange may show under another symbol: a market that was renamed or delisted keeps its orders. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.state import OrderState


class RenamedOrders:
    """Looks for a stranger among the known orders that no list shows; `listed` are the symbols of which there is a market."""

    def __init__(self, alone: Sequence[OrderState], listed: Collection[str]) -> None:
        self._by_id = {order.id: order for order in alone if order.id}
        self._by_client = {order.client_order_id: order for order in alone if order.client_order_id}
        self._listed = listed

    def told(self, order: ExchangeOrder) -> Evidence | None:
        """That `order` may be one that the state knows by another symbol; None where nothing says so.

        Both names have to be the same, as far as both sides have them, and one of the two symbols has no market.
        """
        known = self._by_id.get(order.id) or self._by_client.get(order.client_order_id or "-")
        if known is None or known.symbol == order.symbol or known.side is not order.side:
            return None
        pairs = ((known.id, order.id), (known.client_order_id, order.client_order_id))
        contradicted = (
            known.client_order_id and order.client_order_id and known.client_order_id != order.client_order_id
        )
        gone = not order.known_market or order.symbol not in self._listed or known.symbol not in self._listed
        if contradicted or not gone or not any(one and one == other for one, other in pairs):
            return None
        return fact(
            Source.RULE,
            "The state knows order {id} of {symbol}, of the same names, and no list shows it there: probably this one under a "
            "new symbol. Look at the exchange before you decide.",
            id=known.id or known.client_order_id,
            symbol=known.symbol,
        )
