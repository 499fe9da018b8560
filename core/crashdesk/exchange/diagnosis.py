"""Which trouble an exchange's refusal is, told from ccxt's class, the HTTP status, the exchange's code and its words. No I/O."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import msgspec

from crashdesk.exchange.trouble_codes import kind_of_code
from crashdesk.trouble import TroubleKind


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a failure. `exchange` is a ccxt id, `classes` the names of ccxt's classes that the error has.

    `status` is the HTTP status and `code` the exchange's own, empty where they are not told; `text` all that was said.
    `page` says that a web page came instead of the exchange's answer.
    """

    exchange: str = ""
    classes: Collection[str] = ()
    status: str = ""
    code: str = ""
    text: str = ""
    page: bool = False


_STATUSES: Mapping[str, TroubleKind] = {
    "407": TroubleKind.PROXY,
    "418": TroubleKind.BANNED,
    "429": TroubleKind.LIMITED,
    "451": TroubleKind.REGION,
}

_Words = tuple[tuple[TroubleKind, re.Pattern[str]], ...]


def _words(*entries: tuple[TroubleKind, str]) -> _Words:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in entries)


# They are sharper than a status and a code that stand for several things.
_SHARP = _words(
    (TroubleKind.BANNED, r"\bip\b.{0,20}\bbanned\b|banned until|temporary lockout"),
    (
        TroubleKind.REGION,
        r"restricted location|(from|in) your (country|region|location)|country.{0,30}(not|restrict|prohibit|block)|"
        r"access from your country|regional restriction",
    ),
)

# On a page only what could be meant for a person counts: its scripts speak of nonces and environments.
_ON_PAGES = _words(
    (TroubleKind.MAINTENANCE, r"maintenance|system upgrade"),
    (TroubleKind.LIMITED, r"too many requests|too frequent|rate limit"),
)

# The sharper before the vaguer: many exchanges name the key in every refusal.
_WORDS = _words(
    (TroubleKind.ADDRESS, r"white-?list|\bip\b.{0,30}(not|restrict|unmatch|forbid|allow|invalid)|unmatched ip"),
    (TroubleKind.PASSPHRASE, r"passphrase"),
    (TroubleKind.ACCOUNT_TYPE, r"portfolio margin|unified (trading |margin )?account|classic account|account mode|account level"),
    (TroubleKind.ENVIRONMENT, r"environment|test-?net|demo trading|simulated trading"),
    (TroubleKind.CLOCK, r"timestamp|recv_?window|\bnonce\b|request expired"),
    (TroubleKind.EXPIRED, r"key.{0,20}expired|expired.{0,20}key"),
    (TroubleKind.SECRET, r"\bsign(ature)?\b"),
    (TroubleKind.PERMISSION, r"permission|not authori[sz]ed|read.?only"),
    (TroubleKind.KEY, r"(api|access)[-_ ]?key|invalid key"),
    (TroubleKind.MAINTENANCE, r"maintenance"),
)  # fmt: skip

# The words above are about an account only where the class does not speak of something else, such as a wrong order.
_ABOUT_ACCOUNTS = frozenset({"AuthenticationError", "InvalidNonce", "ManualInteractionNeeded"})
_UNCLASSED = frozenset({"ExchangeError", "BaseError"})

# A subclass stands before its parent.
_CLASSES: tuple[tuple[str, TroubleKind], ...] = (
    ("AccountNotEnabled", TroubleKind.ACCOUNT_TYPE),
    ("AccountSuspended", TroubleKind.SUSPENDED),
    ("PermissionDenied", TroubleKind.PERMISSION),
    ("AuthenticationError", TroubleKind.KEY_OR_ADDRESS),
    ("RestrictedLocation", TroubleKind.REGION),
    ("ManualInteractionNeeded", TroubleKind.SUSPENDED),
    ("InvalidNonce", TroubleKind.CLOCK),
    ("RateLimitExceeded", TroubleKind.LIMITED),
    ("DDoSProtection", TroubleKind.LIMITED),
    ("OnMaintenance", TroubleKind.MAINTENANCE),
    ("InvalidProxySettings", TroubleKind.PROXY),
    ("NotSupported", TroubleKind.UNSUPPORTED),
    ("RequestTimeout", TroubleKind.NO_ANSWER),
    ("ExchangeNotAvailable", TroubleKind.UNAVAILABLE),
    ("NetworkError", TroubleKind.NETWORK),
    ("BadResponse", TroubleKind.NOT_UNDERSTOOD),
    ("OperationFailed", TroubleKind.UNAVAILABLE),
    ("BaseError", TroubleKind.REFUSED),
)

# What requests and urllib3 call it when there was no connection; the sharper before the vaguer.
_CONNECTION: tuple[tuple[str, TroubleKind], ...] = (
    ("ProxyError", TroubleKind.PROXY),
    ("NameResolutionError", TroubleKind.NAME),
    ("gaierror", TroubleKind.NAME),
    ("SSLError", TroubleKind.INSECURE),
    ("TooManyRedirects", TroubleKind.NOT_UNDERSTOOD),
    ("ConnectTimeout", TroubleKind.NETWORK),
)


def diagnose(refusal: Refusal, causes: Collection[str] = ()) -> TroubleKind:
    """What is wrong; `causes` are the names of the classes of the exceptions below, for a failed connection."""
    classes = refusal.classes
    below = next((kind for name, kind in _CONNECTION if name in causes), None)
    if below is not None and "NetworkError" in classes:
        return below
    sharp = _first(_SHARP, refusal.text)
    if refusal.page:
        return sharp or _STATUSES.get(refusal.status) or _first(_ON_PAGES, refusal.text) or _by_class(classes)
    found = sharp or kind_of_code(refusal.exchange, refusal.code) or _STATUSES.get(refusal.status)
    unclassed = "BaseError" in classes and set(classes) <= _UNCLASSED
    if found is None and (unclassed or _ABOUT_ACCOUNTS & set(classes)):
        found = _first(_WORDS, refusal.text)
    return found or _by_class(classes)


def _first(words: _Words, text: str) -> TroubleKind | None:
    return next((kind for kind, pattern in words if pattern.search(text)), None)


def _by_class(classes: Collection[str]) -> TroubleKind:
    return next((kind for name, kind in _CLASSES if name in classes), TroubleKind.NOT_UNDERSTOOD)


_UNTIL = re.compile(r"until\D{0,3}(\d{13})\b")


def ends_at(text: str) -> int | None:
    """When a ban ends, UNIX nanoseconds, as Binance says it in milliseconds; None when nothing is said."""
    found = _UNTIL.search(text)
    return None if found is None else int(found[1]) * 1_000_000
