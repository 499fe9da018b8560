"""One client order id in the words of the bot and in those of the exchange, where ccxt or the exchange changes it. Pure."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot, OrderLookup

_ADDED = {"gate": "t-", "gateeu": "t-"}
"""What every client order id must begin with there (Gate's field `text`): ccxt puts it before one that does not."""

_IN_SMALL_LETTERS = frozenset({"bingx"})
"""Where the exchange itself turns a client order id to small letters."""


def spellings(exchange: str, client_order_id: str) -> tuple[str, ...]:
    """Under which names a bot may know an order of that client order id on an exchange, a ccxt id: as it is told first.

    Capitals that the exchange took away are not among them.
    """
    bare = client_order_id.removeprefix(_ADDED.get(exchange, ""))
    return (client_order_id,) if bare in ("", client_order_id) else (client_order_id, bare)


def is_same_name(exchange: str, one: str, other: str) -> bool:
    """Whether two client order ids can mean the same order on an exchange."""
    return _folded(exchange, one) == _folded(exchange, other)


def in_the_bots_words(
    snapshot: ExchangeSnapshot, names: Collection[str], prefixes: Collection[str] = ()
) -> ExchangeSnapshot:
    """The snapshot with each order under the client order id that is among `names`, or begins with one of `prefixes`."""
    exchange = snapshot.exchange
    if exchange not in _ADDED and exchange not in _IN_SMALL_LETTERS:
        return snapshot
    by_fold = {_folded(exchange, name): name for name in names if name}
    starts = {_folded(exchange, prefix): prefix for prefix in prefixes if prefix}

    def name_of(told: str) -> str:
        if not told or told in names or any(told.startswith(prefix) for prefix in starts.values()):
            return told
        fold = _folded(exchange, told)
        begun = next((start for start in sorted(starts, key=len, reverse=True) if fold.startswith(start)), None)
        return by_fold.get(fold) or (told if begun is None else starts[begun] + fold[len(begun) :])

    def renamed(order: ExchangeOrder) -> ExchangeOrder:
        name = name_of(order.client_order_id)
        return order if name == order.client_order_id else msgspec.structs.replace(order, client_order_id=name)

    def looked_up(lookup: OrderLookup) -> OrderLookup:
        return msgspec.structs.replace(
            lookup,
            order=None if lookup.order is None else renamed(lookup.order),
            placed=None if lookup.placed is None else renamed(lookup.placed),
        )

    return msgspec.structs.replace(
        snapshot, orders=tuple(map(renamed, snapshot.orders)), lookups=tuple(map(looked_up, snapshot.lookups))
    )


def _folded(exchange: str, name: str) -> str:
    if exchange in _IN_SMALL_LETTERS:
        return name.lower()
    return name.removeprefix(_ADDED.get(exchange, "")) or name
