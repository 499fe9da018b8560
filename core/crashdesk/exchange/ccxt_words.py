"""What a failure of ccxt says, in one line: the exchange's own words, without addresses, secrets or pages of HTML.

ccxt's classes are recognised by name, so that this module needs no import of ccxt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from crashdesk.errors import CrashdeskError
from crashdesk.exchange.redact import Redactor

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
_CLASS = re.compile(r"^[A-Z]\w+: (?=\S)")
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


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """The error and every exception that it was made of, each once."""
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


def said_by_exchange(words: str) -> str:
    """Words without ccxt's name of their class, unless there are no others."""
    return _CLASS.sub("", words)


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


def is_page(text: str) -> bool:
    """Whether a page of HTML is in it."""
    return _HTML.search(text) is not None


def page_text(text: str) -> str:
    """What a page of HTML tells a reader, in one line."""
    return " ".join(_TAG.sub(" ", text).split())


def words_of_info(info: object, redact: Redactor) -> str:
    """What an answer says of a cancellation that it rejects."""
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
    told = (found.get(name) for name in names)
    # Kraken tells its errors as a list of words.
    scalars = (value[0] if isinstance(value, list) and value else value for value in told)
    return next((str(value) for value in scalars if isinstance(value, str | int) and value != ""), "")


def _reason_below(error: BaseException, redact: Redactor) -> str:
    """Of a bare network error: what the connection itself reported."""
    causes = tuple(causes_of(error))
    for cause in reversed(causes):
        if isinstance(cause, OSError) and cause.strerror:
            return redact(cause.strerror)
    names = [kind.__name__ for cause in causes for kind in type(cause).__mro__]
    return next((words for name, words in _BELOW.items() if name in names), "")


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_WORDS else line[: _LONGEST_WORDS - 1] + "…"
