"""What an answer or an exception of ccxt allows to conclude.

ccxt's classes are recognised by name, so that this module needs no import of ccxt. Two facts are behind the table: the same class
is raised for a connection reset before and after the exchange did the work, and a normal return may come from a page
that is no answer at all.
"""

from __future__ import annotations

import binascii
import errno
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from crashdesk.errors import CrashdeskError, ExchangeError, ExchangeRefused, ExchangeUnavailable, ExchangeUnsupported
from crashdesk.exchange.ccxt_worker import NotStarted, Work
from crashdesk.exchange.records import CancelAnswer, CancelStatus, LookupStatus, OrderRef
from crashdesk.exchange.redact import Redactor

NOT_DONE_CLASSES = frozenset(
    {
        "ArgumentsRequired",
        "AuthenticationError",
        "BadRequest",
        "DDoSProtection",
        "InvalidNonce",
        "NotSupported",
        "OperationRejected",
        "RateLimitExceeded",
    }
)
"""After these the exchange (or ccxt before sending) refused the request; their subclasses count as well."""

# The first that applies; a subclass stands before its parent.
_ADVICE: tuple[tuple[str, type[ExchangeError], str], ...] = (
    (
        "AuthenticationError",
        ExchangeRefused,
        "check key, secret, permissions, and the addresses that the key is bound to",
    ),
    ("InvalidNonce", ExchangeRefused, "set this machine's clock: the exchange does not accept its time"),
    ("RateLimitExceeded", ExchangeUnavailable, "too many requests: wait a minute, then try again"),
    ("DDoSProtection", ExchangeUnavailable, "too many requests: wait a minute, then try again"),
    ("OnMaintenance", ExchangeUnavailable, "the exchange is down for maintenance: try again later"),
    ("NotSupported", ExchangeUnsupported, "the exchange, or ccxt for it, does not offer this"),
    ("OperationFailed", ExchangeUnavailable, "check the network, then try again"),
    ("BaseError", ExchangeRefused, "the exchange refuses this request; trying it again changes nothing"),
)

_NOT_UNDERSTOOD: tuple[str, type[ExchangeError], str] = (
    "",
    ExchangeUnavailable,
    "ccxt does not understand the answer; check that the address is the exchange's, then try again",
)
_BAD_SECRET: tuple[str, type[ExchangeError], str] = (
    "",
    ExchangeRefused,
    "nothing can be signed with it: check the secret, it is not in the form that this exchange gives out",
)

_UNSENT_ERRNOS = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH})
_UNSENT_CAUSES = frozenset(
    {"ConnectTimeoutError", "ConnectTimeout", "NameResolutionError", "NewConnectionError", "ProxyError"}
)

_EXCHANGE_ID = re.compile(r"^[a-z0-9]+ (?=\S)")
_BELOW = {
    "ChunkedEncodingError": "the answer broke off",
    "ConnectTimeout": "no connection in time",
    "Timeout": "no answer in time",
    "NameResolutionError": "the address cannot be resolved",
    "SSLError": "no secure connection",
    "TooManyRedirects": "sent on to another address, which was not followed",
    "ConnectionError": "the connection was lost",
}
"""What an exception under ccxt's tells, the sharper before the vaguer."""

_LONGEST_WORDS = 300
_HTML = re.compile(r"<!doctype html|<html|<head|<body", re.IGNORECASE)
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.IGNORECASE | re.DOTALL)
_REQUEST = re.compile(r"^\S+ (?:GET|POST|PUT|PATCH|DELETE) \S+\s*")
_TEXT_FIELDS = (
    "msg",
    "message",
    "retMsg",
    "sMsg",
    "error_message",
    "err_msg",
    "errorMessage",
    "error",
    "label",
    "detail",
)
_CODE_FIELDS = ("code", "retCode", "sCode", "error_code", "err_code", "errorCode", "status")


def class_names(error: BaseException) -> frozenset[str]:
    """The names of the error's classes, if they are ccxt's."""
    return frozenset(kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("ccxt."))


class Departure:
    """Work on a client, with what is known of its request once it is over: whether there was one that may have left.

    ccxt notes every request after it waited for its rate limit, right before it hands it to the connection.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self.prepared = True

    def work(self, client: Any) -> Any:
        """The work itself, for the thread that owns the client."""
        client.last_request_url = None
        try:
            return self._work(client)
        finally:
            self.prepared = client.last_request_url is not None


def classify_cancel_error(error: BaseException, redact: Redactor, *, prepared: bool = True) -> CancelAnswer:
    """What a failed cancel request allows to conclude; whatever is not proved to have done nothing is UNKNOWN.

    `prepared` is False when ccxt failed before there was a request.
    """
    names = class_names(error)
    sent = prepared and not isinstance(error, NotStarted) and not never_sent(error)
    if "OrderNotFound" in names and sent:
        status = CancelStatus.ABSENT
    elif not sent or names & NOT_DONE_CLASSES:
        status = CancelStatus.NOT_DONE
    else:
        status = CancelStatus.UNKNOWN
    return CancelAnswer(status=status, reason=words_of(error, redact), sent=sent)


def classify_cancel_answer(answer: object, ref: OrderRef, redact: Redactor) -> CancelAnswer:
    """What a normal return of a cancel request allows to conclude: only one about the right order is accepted."""
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if not isinstance(answer, Mapping):
        return CancelAnswer(
            status=CancelStatus.UNKNOWN, reason="the exchange answered without saying about which order"
        )
    if answer.get("status") == "rejected":
        return CancelAnswer(status=CancelStatus.NOT_DONE, reason=_words_of_info(answer.get("info"), redact))
    answered = answer.get("id")
    if answered is None or str(answered) != ref.id:
        about = "without saying about which order" if answered is None else f"about order {answered}, not {ref.id}"
        return CancelAnswer(status=CancelStatus.UNKNOWN, reason=f"the exchange answered {about}")
    return CancelAnswer(status=CancelStatus.ACCEPTED)


def classify_lookup_error(error: BaseException) -> LookupStatus:
    """ABSENT only when the exchange said that there is no such order."""
    return LookupStatus.ABSENT if "OrderNotFound" in class_names(error) else LookupStatus.UNKNOWN


def never_sent(error: BaseException) -> bool:
    """Whether the connection was never made, so that no request can have arrived."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in _UNSENT_ERRNOS:
            return True
        if {kind.__name__ for kind in type(cause).__mro__} & _UNSENT_CAUSES:
            return True
    return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        # urllib3 keeps the reason of an exhausted retry beside the chain, requests the urllib3 error in its arguments.
        # Not the context: it may be the failure of an earlier request.
        linked = (cause.__cause__, getattr(cause, "reason", None), *cause.args)
        waiting.extend(link for link in linked if isinstance(link, BaseException))


def as_exchange_error(error: BaseException, doing: str, redact: Redactor) -> ExchangeError:
    """Our typed error for a failure while `doing` something (such as "reading the markets"), saying what to do."""
    if isinstance(error, ExchangeError):
        return error
    _, kind, _ = _advice_for(error)
    return kind(f"{doing}: {advised(error, redact)}")


def advised(error: BaseException, redact: Redactor) -> str:
    """What happened and what to do about it, in one line."""
    if isinstance(error, ExchangeError):
        return redact(str(error))
    return f"{words_of(error, redact)}; {_advice_for(error)[2]}"


def _advice_for(error: BaseException) -> tuple[str, type[ExchangeError], str]:
    if isinstance(error, binascii.Error):
        return _BAD_SECRET
    names = class_names(error)
    return next((entry for entry in _ADVICE if entry[0] in names), _NOT_UNDERSTOOD)


def words_of(error: BaseException, redact: Redactor) -> str:
    """What happened in one line, in the exchange's words where it has any: no address, no secret, no page of HTML."""
    if isinstance(error, CrashdeskError):
        return redact(str(error))
    name = type(error).__name__
    text = redact(str(error)).strip()
    # ccxt puts the request, or at least the exchange's id, before its words.
    words, replaced = _REQUEST.subn("", text)
    if not replaced and class_names(error):
        words = _EXCHANGE_ID.sub("", text)
    page = _HTML.search(words)
    if page is not None:
        before = words[: page.start()] or _TAG.sub(" ", words)
        words = f"a web page instead of an answer: {_shorten(before)}"
    else:
        words = _from_json(words) or _shorten(words) or _reason_below(error, redact)
    return f"{name}: {words}" if words else name


def _words_of_info(info: object, redact: Redactor) -> str:
    told = _from_mapping(info) if isinstance(info, Mapping) else None
    return redact(told) if told else "the exchange rejected the cancellation without saying why"


def _from_json(text: str) -> str | None:
    start = text.find("{")
    if start < 0:
        return None
    try:
        found = msgspec.json.decode(text[start:].encode())
    except msgspec.DecodeError:
        return None
    return _from_mapping(found) if isinstance(found, Mapping) else None


def _from_mapping(found: Mapping[str, Any]) -> str | None:
    candidates: list[Mapping[str, Any]] = [found]
    for value in found.values():
        if isinstance(value, list):
            candidates.extend(item for item in value if isinstance(item, Mapping))
        elif isinstance(value, Mapping):
            candidates.append(value)
    # The innermost words are the sharpest: an outer "operation failed" wraps the reason.
    for candidate in reversed(candidates):
        words = _first_of(candidate, _TEXT_FIELDS)
        if words:
            code = _first_of(candidate, _CODE_FIELDS)
            return _shorten(f"{words} ({code})" if code else words)
    return None


def _first_of(found: Mapping[str, Any], names: tuple[str, ...]) -> str:
    scalars = (found.get(name) for name in names)
    return next((str(value) for value in scalars if isinstance(value, str | int) and value != ""), "")


def _reason_below(error: BaseException, redact: Redactor) -> str:
    """Of a bare network error: what the connection itself reported."""
    causes = tuple(_causes(error))
    for cause in reversed(causes):
        if isinstance(cause, OSError) and cause.strerror:
            return redact(cause.strerror)
    names = [kind.__name__ for cause in causes for kind in type(cause).__mro__]
    return next((words for name, words in _BELOW.items() if name in names), "")


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_WORDS else line[: _LONGEST_WORDS - 1] + "…"
