"""Placing and cancelling in the OKX dialect: one result per order, errors inside a reply of status 200."""

from collections.abc import Callable, Sequence

from crashdesk.demo.venue.ledger import Ledger, Refused
from crashdesk.demo.venue.okx import params as order_params
from crashdesk.demo.venue.okx.calls import Call, Params
from crashdesk.demo.venue.okx.errors import REFUSALS, OkxError, OkxErrorKind
from crashdesk.demo.venue.okx.markets import Json
from crashdesk.demo.venue.orders import Order, OrderShelf
from crashdesk.demo.venue.records import LedgerStatus, Namespace

MOST_ORDERS, MOST_ALGOS = 20, 10
"""In one request."""

_DONE = frozenset({LedgerStatus.FILLED, LedgerStatus.TRIGGERED})


class Trading:
    """The trading half of the dialect, over a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def place(self, call: Call) -> Json:
        """One order."""
        return self._each(call.items[:1], lambda item: self._placed(call, item))

    def place_many(self, call: Call) -> Json:
        """Up to 20 orders."""
        return self._each(_at_most(call.items, MOST_ORDERS), lambda item: self._placed(call, item))

    def place_algo(self, call: Call) -> Json:
        """One conditional order."""
        return self._each(call.items[:1], lambda item: self._algo_placed(call, item))

    def amend(self, call: Call) -> Json:
        """One order's size or price; it keeps its id."""
        return self._each(call.items[:1], lambda item: self._amended(call, item))

    def cancel(self, call: Call) -> Json:
        """One order."""
        return self._each(call.items[:1], lambda item: self._cancelled(call, item))

    def cancel_many(self, call: Call) -> Json:
        """Up to 20 orders."""
        return self._each(_at_most(call.items, MOST_ORDERS), lambda item: self._cancelled(call, item))

    def cancel_algos(self, call: Call) -> Json:
        """Up to 10 conditional orders."""
        return self._each(_at_most(call.items, MOST_ALGOS), lambda item: self._algo_cancelled(call, item))

    def _each(self, items: Sequence[Params], work: Callable[[Params], Json]) -> Json:
        """OKX's envelope: code 0 when all succeeded, 1 when none did, 2 otherwise."""
        rows = [_attempted(item, work) for item in items]
        failed = sum(row["sCode"] != "0" for row in rows)
        if not failed:
            return {"code": "0", "data": rows, "msg": ""}
        if failed < len(rows):
            return {"code": "2", "data": rows, "msg": "Bulk operation partially succeeded"}
        return {"code": "1", "data": rows, "msg": "All operations failed"}

    def _placed(self, call: Call, item: Params) -> Json:
        wanted = order_params.plain_order(item, call.api_key, call.owner.hedge_mode)
        order = self._ledger.place(call.owner, wanted, call.now_ms)
        return {
            "ordId": str(order.id),
            "clOrdId": order.request.client_order_id,
            "tag": item.get("tag", ""),
            "ts": str(call.now_ms),
            "sCode": "0",
            "sMsg": "Order placed",
        }

    def _algo_placed(self, call: Call, item: Params) -> Json:
        wanted = order_params.conditional_order(item, self._ledger.books, call.api_key, call.owner.hedge_mode)
        order = self._ledger.place(call.owner, wanted, call.now_ms)
        return {
            "algoId": str(order.id),
            "algoClOrdId": order.request.client_order_id,
            "clOrdId": order.request.listed_client_id,
            "tag": item.get("tag", ""),
            "sCode": "0",
            "sMsg": "",
        }

    def _amended(self, call: Call, item: Params) -> Json:
        shelf = call.owner.shelves[Namespace.NORMAL]
        order = find_order(item, shelf, "ordId", "clOrdId")
        if order is None:
            raise OkxError(OkxErrorKind.AMEND_NONE)
        if order.id not in shelf.open:
            done = order.status in _DONE
            raise OkxError(OkxErrorKind.AMEND_COMPLETED if done else OkxErrorKind.AMEND_CANCELLED)
        quantity, price = order_params.amended(item, order)
        self._ledger.amend(order, quantity=quantity, price=price, at_ms=call.now_ms)
        return {
            "ordId": str(order.id),
            "clOrdId": order.request.client_order_id,
            "reqId": "",
            "ts": str(call.now_ms),
            "sCode": "0",
            "sMsg": "",
        }

    def _cancelled(self, call: Call, item: Params) -> Json:
        shelf = call.owner.shelves[Namespace.NORMAL]
        order = self._cancel_found(call, shelf, find_order(item, shelf, "ordId", "clOrdId"))
        return {
            "ordId": str(order.id),
            "clOrdId": order.request.client_order_id,
            "ts": str(call.now_ms),
            "sCode": "0",
            "sMsg": "",
        }

    def _algo_cancelled(self, call: Call, item: Params) -> Json:
        shelf = call.owner.shelves[Namespace.CONDITIONAL]
        order = self._cancel_found(call, shelf, find_order(item, shelf, "algoId", "algoClOrdId"))
        return {"algoId": str(order.id), "algoClOrdId": order.request.client_order_id, "sCode": "0", "sMsg": ""}

    def _cancel_found(self, call: Call, shelf: OrderShelf, order: Order | None) -> Order:
        if order is None:
            raise OkxError(OkxErrorKind.CANCEL_NONE)
        if order.id not in shelf.open:
            done = order.status in _DONE
            raise OkxError(OkxErrorKind.CANCEL_COMPLETED if done else OkxErrorKind.CANCEL_CANCELLED)
        self._ledger.cancel(order, call.api_key, call.now_ms)
        return order


def find_order(
    params: Params, shelf: OrderShelf, id_name: str, client_id_name: str, *, needs_market: bool = True
) -> Order | None:
    """The order that the parameters name by id or by client id; None when that market has none. Raises OkxError."""
    symbol = order_params.market(params).symbol if needs_market else None
    order_id = order_params.integer(params, id_name)
    client_id = params.get(client_id_name)
    if order_id is not None:
        order = shelf.by_id.get(order_id)
    elif client_id:
        order = shelf.newest_by_client_id.get(client_id)
    else:
        raise OkxError(OkxErrorKind.NO_ORDER_ID)
    if order is None or (symbol is not None and order.request.symbol != symbol):
        return None
    return order


def _attempted(item: Params, work: Callable[[Params], Json]) -> Json:
    """The row of one order, its error in it."""
    try:
        return work(item)
    except Refused as refused:
        error = OkxError(REFUSALS[refused.refusal])
    except OkxError as caught:
        error = caught
    named: Json = {name: item.get(name, "") for name in ("ordId", "clOrdId", "algoId", "algoClOrdId") if name in item}
    return {"ordId": "", "clOrdId": "", **named, "sCode": error.code, "sMsg": error.text, "tag": ""}


def _at_most(items: Sequence[Params], most: int) -> Sequence[Params]:
    if len(items) > most:
        raise OkxError(OkxErrorKind.PARAMETER, "count")
    return items
