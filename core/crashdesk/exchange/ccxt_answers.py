"""Whether an empty list from ccxt means that there is nothing, or that the answer held no list at all.

Most of ccxt's parsers take any object in which they do not find their list for an empty one: an error under a success status,
a notice of maintenance. No I/O.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import msgspec

_ERROR_FIELDS = frozenset({"error", "errors", "err", "warning", "warnings", "responseHeaders"})
_CODE_FIELDS = frozenset(
    {"code", "retCode", "ret_code", "error_code", "err_code", "errorCode", "errno", "rc", "returnCode", "statusCode"}
)
_GOOD_CODES = frozenset({"", "0", "00000", "0000", "200", "1000", "10000", "200000", "none", "ok", "success"})
_MESSAGE_FIELDS = ("msg", "message", "retMsg", "errorMessage", "error_message", "err_msg")
_GOOD_MESSAGES = frozenset({"", "ok", "success", "successful", "succeed", "none"})
_BAD_STATUSES = frozenset({"error", "fail", "failed", "failure"})
_DEEPEST = 4
_READS_ERRORS = "handle_errors"
"""Where ccxt raises what an exchange itself calls an error."""


class Listing(msgspec.Struct, frozen=True):
    """What ccxt made of an answer, and the answer itself; None where it was not kept."""

    rows: Any
    answer: Any = None


def listed(client: Any, call: Callable[[], Any]) -> Listing:
    """Run `call` on `client`, and keep the last answer that it read."""
    client.enableLastJsonResponse = True
    client.last_json_response = None
    rows = call()
    return Listing(rows, client.last_json_response)


def said_in_answer(error: BaseException) -> bool:
    """Whether ccxt raised it for an error that the exchange named, not for something that it missed in a good answer."""
    return any(frame.f_code.co_name == _READS_ERRORS for frame, _ in traceback.walk_tb(error.__traceback__))


def failure_behind(answer: object, empty_codes: Collection[str] = frozenset()) -> str:
    """Why an answer from which ccxt read nothing does not prove that there is nothing; empty when it does.

    `empty_codes` are those by which the exchange says that there is nothing.
    """
    if answer is None or isinstance(answer, list):
        return ""
    if not isinstance(answer, Mapping):
        return "the exchange answered something that is no list"
    codes = {str(answer[name]) for name in _CODE_FIELDS if name in answer and not isinstance(answer[name], dict | list)}
    if codes & set(empty_codes):
        return ""
    words = next((str(answer[name]) for name in _MESSAGE_FIELDS if isinstance(answer.get(name), str)), "")
    bad = [code for code in sorted(codes) if code.lower() not in _GOOD_CODES]
    if bad or answer.get("success") is False or str(answer.get("status")).lower() in _BAD_STATUSES:
        return f"the exchange answered with a failure: {words or 'without words'} ({', '.join(bad) or 'no code'})"
    found = set(_places(answer, _DEEPEST))
    if "list" in found or ("null" in found and words.lower() in _GOOD_MESSAGES):
        return ""
    return f"the exchange answered without a list{': ' + words if words else ''}"


def failed_part(answer: object) -> Mapping[str, Any] | None:
    """What an answer that is called a success says of an order that it refused: under `errors`, or by that order's own code."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    parts = data if isinstance(data, list) else []
    errors = data.get("errors") if isinstance(data, Mapping) else None
    if isinstance(errors, list) and errors:
        return errors[0] if isinstance(errors[0], Mapping) else {}
    coded = (each for each in parts if isinstance(each, Mapping) and "code" in each)
    return next((each for each in coded if str(each["code"]).lower() not in _GOOD_CODES), None)


def longest_list(answer: object, depth: int = _DEEPEST) -> int:
    """How many records the longest list of an answer holds; some exchanges key them by their ids."""
    if isinstance(answer, list):
        return len(answer)
    if not isinstance(answer, Mapping) or not depth:
        return 0
    keyed = sum(isinstance(each, Mapping) for each in answer.values())
    return max([keyed, *(longest_list(each, depth - 1) for each in answer.values())])


def _places(answer: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Where orders could be: a list, or an object that is empty; or a null in their place."""
    for name, value in answer.items():
        if name in _ERROR_FIELDS:
            continue
        if isinstance(value, list) or value == {}:
            yield "list"
        elif value is None:
            yield "null"
        elif isinstance(value, Mapping) and depth:
            yield from _places(value, depth - 1)
