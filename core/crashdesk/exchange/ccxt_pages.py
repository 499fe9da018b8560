"""How lists of open orders are asked for page by page: what each exchange takes, and when a page is the last. No I/O."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence

import msgspec

from crashdesk.exchange.ccxt_facts import BINANCE, BYBIT, OKX, Params


class Paging(enum.Enum):
    """How the next page is asked for."""

    NONE = "none"
    AFTER_OLDEST_ID = "after oldest id"
    CURSOR = "cursor"
    PAGE_NUMBER = "page number"
    OFFSET = "offset"

    @property
    def shifts(self) -> bool:
        """Whether an order that ends between two pages moves those behind it, so that one may be skipped."""
        return self not in (Paging.NONE, Paging.AFTER_OLDEST_ID)


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """The pages of one exchange's lists.

    `size` is a full page, asked for by the exchange's own parameter `size_param`: what ccxt is told as a limit it also cuts
    its result to. `next_param` asks for the next page; `cursor_path` is where an answer holds its value.
    """

    size: int
    size_param: str
    paging: Paging
    next_param: str
    first: int = 0
    cursor_path: tuple[str, ...] = ()

    @property
    def start(self) -> Params:
        """What asks for the first page."""
        params: Params = {self.size_param: self.size}
        if self.paging is Paging.PAGE_NUMBER:
            params[self.next_param] = self.first
        return params


def _oldest(next_param: str) -> Pages:
    return Pages(size=100, size_param="limit", paging=Paging.AFTER_OLDEST_ID, next_param=next_param)


def _cursor(size: int, size_param: str, next_param: str, *path: str) -> Pages:
    return Pages(size=size, size_param=size_param, paging=Paging.CURSOR, next_param=next_param, cursor_path=path)


def _numbered(size: int, size_param: str, next_param: str, first: int = 1) -> Pages:
    return Pages(size=size, size_param=size_param, paging=Paging.PAGE_NUMBER, next_param=next_param, first=first)


def _offset(size: int = 100) -> Pages:
    return Pages(size=size, size_param="limit", paging=Paging.OFFSET, next_param="offset")


_PAGES: Mapping[str, Pages] = {
    **{name: _oldest("after") for name in OKX},
    **{name: _cursor(50, "limit", "cursor", "result", "nextPageCursor") for name in BYBIT},
    "bitget": _oldest("idLessThan"),
    "blofin": _oldest("after"),
    "coinbase": _cursor(100, "limit", "cursor", "cursor"),
    "deepcoin": _numbered(100, "limit", "index"),
    "delta": _cursor(100, "page_size", "after", "meta", "after"),
    "foxbit": _numbered(100, "page_size", "page"),
    "gate": _offset(),
    "gate:spot": _numbered(100, "limit", "page"),
    "gateeu:spot": _numbered(100, "limit", "page"),
    "hollaex": _numbered(100, "limit", "page"),
    "independentreserve": _numbered(50, "pageSize", "pageIndex"),
    "kucoin": _numbered(100, "pageSize", "currentPage"),
    "kucoinfutures": _numbered(100, "pageSize", "currentPage"),
    "lbank": _numbered(100, "page_length", "current_page"),
    "mexc:swap": _numbered(100, "page_size", "page_num"),
    "modetrade": _numbered(100, "size", "page"),
    "p2b": _offset(),
    "revolutx": _cursor(100, "limit", "cursor", "metadata", "next_cursor"),
    "upbit": _numbered(100, "limit", "page"),
    "whitebit": _offset(),
    "woo": _numbered(500, "size", "page"),
    "woofipro": _numbered(100, "size", "page"),
    "zebpay:spot": _numbered(100, "pageSize", "currentPage"),
}

WHOLE_LISTS = BINANCE | {
    "aster", "bequant", "bitfinex", "bitstamp", "bitvavo", "btcturk", "deribit", "fmfwio", "gemini", "hitbtc", "hyperliquid",
    "kraken", "krakenfutures", "mexc:spot",
}  # fmt: skip
"""Exchanges that send every open order in one answer, whatever limit ccxt declares."""

_LIKELY_PAGES = frozenset({10, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000, 2000})
"""Exactly that many records look like a full page where it is not known how long one is."""


def pages_of(exchange: str, market_type: str) -> Pages | None:
    """How an exchange's lists are paged; None where that is not known."""
    return _PAGES.get(f"{exchange}:{market_type}") or _PAGES.get(exchange)


def next_page(
    pages: Pages | None, params: Params, ids: Sequence[str], fresh: Collection[object], seen: int, answer: object
) -> Params | None:
    """The parameters of the page after the one that `params` asked for; None when that was the last.

    The page brought orders with these `ids`, of which `fresh` were not seen before, and the exchange's own `answer`;
    `seen` orders came so far.
    """
    if pages is None or not fresh:
        return None
    if pages.paging is Paging.CURSOR:
        cursor = _at(answer, pages.cursor_path)
        return {**params, pages.next_param: cursor} if cursor else None
    if len(ids) < pages.size:
        return None
    if pages.paging is Paging.OFFSET:
        return {**params, pages.next_param: seen}
    if pages.paging is Paging.PAGE_NUMBER:
        number = params.get(pages.next_param)
        return {**params, pages.next_param: (number if isinstance(number, int) else pages.first) + 1}
    # Ids grow with time; as numbers they also compare right when they differ in length.
    return {**params, pages.next_param: min(ids, key=lambda text: (len(text), text))}


def truncation(
    limit: int | None, count: int, *, certain: bool = True, paged_to_end: bool = False, of_pages: bool = False
) -> str:
    """Why `count` records may not be all; empty when they are.

    `limit` is a full page; `certain` that the exchange was asked for that many, so that fewer mean the end.
    """
    if paged_to_end:
        return ""
    if limit is not None and count >= limit:
        return f"{count} records came, a full page{', and the next one did not follow' if of_pages else ''}: there may be more"
    if not certain and count in _LIKELY_PAGES:
        return f"exactly {count} records came, which looks like a full page: there may be more"
    return ""


def _at(answer: object, path: tuple[str, ...]) -> str:
    for name in path:
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    return "" if answer is None else str(answer)
