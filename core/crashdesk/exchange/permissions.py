"""What an account's key may do, as far as its exchange tells without anything being tried: unknown stays unknown.

Only endpoints that read are asked. Whether a key may trade is never found out by sending an order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from crashdesk.exchange.ccxt_types import truth

NOT_TOLD = "this exchange, or ccxt for it, does not tell what a key may do"
_NOT_IN_SANDBOX = "the sandbox of this exchange does not tell what a key may do"
_NOT_UNDERSTOOD = "the exchange's answer about the key was not understood"
_SPOT = "spot"


class KeyPermissions(msgspec.Struct, frozen=True, kw_only=True):
    """What a key may do; None is unknown, and `reason` then says why.

    `can_trade` covers all that a recovery sends: True as soon as orders may be cancelled. `bound` says whether the key works
    from listed addresses only.
    """

    can_read: bool | None = None
    can_trade: bool | None = None
    can_withdraw: bool | None = None
    bound: bool | None = None
    reason: str = ""

    @property
    def read_only(self) -> bool:
        """Whether the key is known to be unable to cancel; False as long as it is not known."""
        return self.can_trade is False


@runtime_checkable
class TellsPermissions(Protocol):
    """An exchange that can be asked what the key may do."""

    def read_permissions(self) -> KeyPermissions:
        """What the key may do; a failure is in its reason, not raised. Only reads are sent."""
        ...


Answer = Any
Parse = Callable[[Answer, str], KeyPermissions]


def parse_restrictions(answer: Answer, market_type: str) -> KeyPermissions:
    """Binance's and BingX's restrictions of a key, a flag for each right."""
    found = _mapping(answer.get("data")) or answer
    trades = ("enableSpotAndMarginTrading",) if market_type == _SPOT else _CONTRACT_FLAGS
    told = [flag for name in trades if (flag := _flag(found.get(name))) is not None]
    return KeyPermissions(
        can_read=_flag(found.get("enableReading")),
        can_trade=any(told) if told else None,
        can_withdraw=_flag(found.get("enableWithdrawals")),
        bound=_flag(found.get("ipRestrict")),
    )


def parse_okx(answer: Answer, _market_type: str) -> KeyPermissions:
    """OKX's account configuration: the rights in `perm`, separated by commas, the bound addresses in `ip`."""
    rows = answer.get("data")
    found = _mapping(rows[0]) if isinstance(rows, list) and rows else {}
    if not isinstance(found.get("perm"), str):
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    rights = _words(found["perm"])
    addresses = found.get("ip")
    return KeyPermissions(
        can_read=bool(rights),
        can_trade="trade" in rights,
        can_withdraw="withdraw" in rights,
        bound=None if addresses is None else bool(addresses),
    )


def parse_bybit(answer: Answer, market_type: str) -> KeyPermissions:
    """Bybit's key: `readOnly`, and lists of rights by area."""
    found = _mapping(answer.get("result"))
    read_only, areas = _flag(found.get("readOnly")), _mapping(found.get("permissions"))
    if read_only is None or not areas:
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    wanted = {"SpotTrade"} if market_type == _SPOT else {"Order", "DerivativesTrade"}
    rights = {str(right) for area in areas.values() if isinstance(area, list) for right in area}
    addresses = found.get("ips")
    return KeyPermissions(
        can_read=True,
        can_trade=not read_only and bool(wanted & rights),
        can_withdraw=not read_only and "Withdraw" in rights,
        bound=None if not isinstance(addresses, list) else bool(set(addresses) - {"*"}),
    )


def parse_kucoin(answer: Answer, market_type: str) -> KeyPermissions:
    """KuCoin's key: its rights in `permission`, separated by commas; "transfer" is what withdrawing was called before."""
    found = _mapping(answer.get("data"))
    if not isinstance(found.get("permission"), str):
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    rights = _words(found["permission"])
    wanted = {"spot", "trade"} if market_type == _SPOT else {"futures", "trade", "contract"}
    return KeyPermissions(
        can_read="general" in rights,
        can_trade=bool(wanted & rights),
        can_withdraw=bool({"withdrawal", "withdraw", "transfer"} & rights),
        bound=bool(found.get("ipWhitelist")),
    )


def parse_kraken(answer: Answer, _market_type: str) -> KeyPermissions:
    """Kraken's key: a list of rights; cancelling is one of its own, and included in that to modify."""
    found = _mapping(answer.get("result"))
    if not isinstance(found.get("permissions"), list):
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    rights = {str(right).lower() for right in found["permissions"]}
    addresses = found.get("ip_allowlist")
    return KeyPermissions(
        can_read={"query-funds", "query-open-trades"} <= rights,
        can_trade=bool({"close-trades", "modify-trades"} & rights),
        can_withdraw="withdraw-funds" in rights,
        bound=None if not isinstance(addresses, list) else bool(addresses),
    )


def parse_bitget(answer: Answer, market_type: str) -> KeyPermissions:
    """Bitget's account: its rights as short codes, of which the last letter says read or write, or as plain words."""
    found = _mapping(answer.get("data"))
    if not isinstance(found.get("authorities"), list):
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    rights = {str(right).lower() for right in found["authorities"]}
    orders = "sto" if market_type == _SPOT else "coo"
    coded = not rights & {"trade", "readonly"}
    return KeyPermissions(
        can_read=bool({f"{orders}r", f"{orders}w", "trade", "readonly"} & rights),
        can_trade=bool({f"{orders}w", "trade"} & rights),
        can_withdraw="wwow" in rights if coded else None,
        bound=bool(found.get("ips")),
    )


def parse_bitfinex(answer: Answer, _market_type: str) -> KeyPermissions:
    """Bitfinex's key: rows of an area, whether it may be read, whether it may be changed."""
    rows = answer if isinstance(answer, list) else []
    areas = {str(row[0]): (_flag(row[1]), _flag(row[2])) for row in rows if isinstance(row, list) and len(row) > 2}
    if "orders" not in areas:
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    return KeyPermissions(
        can_read=areas["orders"][0],
        can_trade=areas["orders"][1],
        can_withdraw=areas.get("withdraw", (None, None))[1],
    )


def parse_coinbase(answer: Answer, _market_type: str) -> KeyPermissions:
    """Coinbase's key: a flag for each right; what may transfer may send money away."""
    return KeyPermissions(
        can_read=_flag(answer.get("can_view")),
        can_trade=_flag(answer.get("can_trade")),
        can_withdraw=_flag(answer.get("can_transfer")),
    )


def parse_futures_account(answer: Answer, _market_type: str) -> KeyPermissions:
    """Binance's futures account: `canTrade` speaks of the account, so that only a "no" says something of its key."""
    if _flag(answer.get("canTrade")) is False:
        return KeyPermissions(can_read=True, can_trade=False, reason="the account itself may not trade")
    return KeyPermissions(can_read=True, reason=_NOT_IN_SANDBOX)


_CONTRACT_FLAGS = ("enableFutures", "enablePortfolioMarginTrading")


class _Source(msgspec.Struct, frozen=True):
    """`method` of a ccxt client that asks one endpoint that only reads, and what its answer means."""

    method: str
    parse: Parse


_BINANCE = _Source("sapiGetAccountApiRestrictions", parse_restrictions)
_BYBIT = _Source("privateGetV5UserQueryApi", parse_bybit)
_OKX = _Source("privateGetAccountConfig", parse_okx)
_KUCOIN = _Source("privateGetUserApiKey", parse_kucoin)

SOURCES: Mapping[str, _Source] = {
    "binance": _BINANCE,
    "binancecoinm": _BINANCE,
    "binanceusdm": _BINANCE,
    "bingx": _Source("accountV1PrivateGetAccountApiRestrictions", parse_restrictions),
    "bitfinex": _Source("privatePostAuthRPermissions", parse_bitfinex),
    "bitget": _Source("privateSpotGetV2SpotAccountInfo", parse_bitget),
    "bybit": _BYBIT,
    "bybiteu": _BYBIT,
    "bybitid": _BYBIT,
    "coinbase": _Source("v3PrivateGetBrokerageKeyPermissions", parse_coinbase),
    "kraken": _Source("privatePostGetApiKeyInfo", parse_kraken),
    "kucoin": _KUCOIN,
    "kucoinfutures": _KUCOIN,
    "myokx": _OKX,
    "okx": _OKX,
    "okxus": _OKX,
}
"""Where a key's rights are read, by ccxt id."""

_SANDBOX_SOURCES: Mapping[str, _Source | None] = {
    # The endpoint is the live wallet's: a sandbox key must not be sent there.
    "binance": None,
    "binancecoinm": None,
    "binanceusdm": _Source("fapiPrivateV2GetAccount", parse_futures_account),
    "bingx": None,
}


def permission_source(exchange: str, *, sandbox: bool) -> _Source | None:
    """Where the rights of a key are read; None where nothing tells them."""
    if sandbox and exchange in _SANDBOX_SOURCES:
        return _SANDBOX_SOURCES[exchange]
    return SOURCES.get(exchange)


def ask_permissions(client: Any, market_type: str, *, sandbox: bool) -> KeyPermissions:
    """Ask a ccxt client's exchange what the key may do. Raises whatever ccxt raises; sends one read at most."""
    source = permission_source(client.id, sandbox=sandbox)
    if source is None:
        return KeyPermissions(reason=_NOT_IN_SANDBOX if sandbox and client.id in SOURCES else NOT_TOLD)
    return parse_permissions(source.parse, getattr(client, source.method)(), market_type)


def parse_permissions(parse: Parse, answer: Answer, market_type: str) -> KeyPermissions:
    """What `parse` makes of an answer; one of another shape than it knows leaves everything unknown."""
    if not isinstance(answer, Mapping | list):
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    if isinstance(answer, list) and parse is not parse_bitfinex:
        return KeyPermissions(reason=_NOT_UNDERSTOOD)
    found = parse(answer, market_type)
    unknown = None in (found.can_read, found.can_trade, found.can_withdraw)
    return msgspec.structs.replace(found, reason=found.reason or _NOT_UNDERSTOOD) if unknown else found


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in text.split(",")) - {""}


def _flag(value: object) -> bool | None:
    return truth(value) if value is not None and value != "" else None
