"""Why an account cannot be read, told from the exchange's own words: what to mend differs for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum


class KeyTrouble(Enum):
    """What is wrong with a connection."""

    KEY = "key"
    """The exchange does not know the key."""
    KEY_OR_ADDRESS = "key or address"
    """The exchange refuses the key without saying whether it is unknown, without a right, or used from elsewhere."""
    SECRET = "secret"
    PASSPHRASE = "passphrase"
    ADDRESS = "address"
    """The key works from listed addresses only, and this machine's is none of them."""
    CLOCK = "clock"
    ENVIRONMENT = "environment"
    """A sandbox's key at the live exchange, or the reverse."""
    PERMISSION = "permission"
    EXPIRED = "expired"
    NETWORK = "network"
    LIMITED = "limited"


_FAMILIES: tuple[tuple[str, str], ...] = (
    ("binance", "binance"),
    ("okx", "okx"),
    ("myokx", "okx"),
    ("bybit", "bybit"),
    ("kucoin", "kucoin"),
    ("bitget", "bitget"),
    ("mexc", "mexc"),
)
_CODES: Mapping[str, Mapping[str, KeyTrouble]] = {
    "binance": {
        "-2015": KeyTrouble.KEY_OR_ADDRESS,
        "-2014": KeyTrouble.KEY,
        "-2008": KeyTrouble.KEY,
        "-1022": KeyTrouble.SECRET,
        "-1021": KeyTrouble.CLOCK,
        "-1002": KeyTrouble.PERMISSION,
    },
    "okx": {
        "50101": KeyTrouble.ENVIRONMENT,
        "50102": KeyTrouble.CLOCK,
        "50105": KeyTrouble.PASSPHRASE,
        "50110": KeyTrouble.ADDRESS,
        "50111": KeyTrouble.KEY,
        "50112": KeyTrouble.CLOCK,
        "50113": KeyTrouble.SECRET,
        "50119": KeyTrouble.KEY,
        "50120": KeyTrouble.PERMISSION,
    },
    "bybit": {
        "10002": KeyTrouble.CLOCK,
        "10003": KeyTrouble.KEY,
        "10004": KeyTrouble.SECRET,
        "10005": KeyTrouble.PERMISSION,
        "10010": KeyTrouble.ADDRESS,
        "33004": KeyTrouble.EXPIRED,
    },
    "kucoin": {
        "400002": KeyTrouble.CLOCK,
        "400003": KeyTrouble.KEY,
        "400004": KeyTrouble.PASSPHRASE,
        "400005": KeyTrouble.SECRET,
        "400006": KeyTrouble.ADDRESS,
        "400007": KeyTrouble.PERMISSION,
    },
    "bitget": {
        "40006": KeyTrouble.KEY,
        "40008": KeyTrouble.CLOCK,
        "40009": KeyTrouble.SECRET,
        "40012": KeyTrouble.PASSPHRASE,
        "40014": KeyTrouble.PERMISSION,
        "40018": KeyTrouble.ADDRESS,
        "40037": KeyTrouble.KEY,
        "40099": KeyTrouble.ENVIRONMENT,
    },
    "mexc": {"700006": KeyTrouble.ADDRESS, "10072": KeyTrouble.KEY, "700003": KeyTrouble.CLOCK},
}
_CODE = re.compile(r"\((-?\d{3,6})\)")

# The sharper before the vaguer: many exchanges name the key in every refusal.
_WORDS: tuple[tuple[KeyTrouble, re.Pattern[str]], ...] = tuple(
    (trouble, re.compile(pattern, re.IGNORECASE))
    for trouble, pattern in (
        (KeyTrouble.LIMITED, r"RateLimitExceeded|DDoSProtection"),
        (KeyTrouble.ADDRESS, r"white-?list|\bip\b.{0,30}(not|restrict|unmatch|forbid|allow|invalid)|unmatched ip"),
        (KeyTrouble.PASSPHRASE, r"passphrase"),
        (KeyTrouble.ENVIRONMENT, r"environment|test-?net|demo trading|simulated trading"),
        (KeyTrouble.CLOCK, r"timestamp|recv_?window|InvalidNonce|\bnonce\b|request expired"),
        (KeyTrouble.EXPIRED, r"key.{0,20}expired|expired.{0,20}key"),
        (KeyTrouble.SECRET, r"\bsign(ature)?\b|nothing can be signed"),
        (KeyTrouble.PERMISSION, r"PermissionDenied|permission|not authori[sz]ed"),
        (KeyTrouble.KEY, r"(api|access)[-_ ]?key|invalid key|AuthenticationError"),
        (
            KeyTrouble.NETWORK,
            r"NetworkError|RequestTimeout|ExchangeNotAvailable|OnMaintenance|no complete answer|nothing was sent within|"
            r"cannot be resolved|no connection",
        ),
    )
)


def key_trouble(exchange: str, told: str) -> KeyTrouble | None:
    """What `told`, the reason of a failed read, says is wrong; None when it says nothing known. `exchange` is a ccxt id."""
    # Behind the semicolon stands our own advice, which names every possible cause.
    words = told.partition("; ")[0]
    family = next((family for start, family in _FAMILIES if exchange.startswith(start)), "")
    codes = _CODES.get(family, {})
    known = next((codes[code] for code in _CODE.findall(words) if code in codes), None)
    return known or next((trouble for trouble, pattern in _WORDS if pattern.search(words)), None)
