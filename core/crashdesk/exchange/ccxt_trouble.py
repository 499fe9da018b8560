"""A failure of ccxt as a trouble, and as our typed error that says what to do."""

from __future__ import annotations

import binascii
import re

from crashdesk.errors import ExchangeError
from crashdesk.exchange.ccxt_words import causes_of, class_names, is_page, page_text, said_by_exchange, words_of
from crashdesk.exchange.diagnosis import Refusal, diagnose, ends_at
from crashdesk.exchange.redact import Redactor
from crashdesk.exchange.trouble_error import error_of
from crashdesk.trouble import Trouble, TroubleKind
from crashdesk.trouble_words import trouble_line

_BEGINNING = re.compile(r"^(?P<exchange>[a-z0-9]+) (?:(?:GET|POST|PUT|PATCH|DELETE) \S+ ?)?(?:(?P<status>[1-5]\d\d) )?")
_CODE = re.compile(r"\((-?\d{3,9})\)$")


def trouble_of(error: BaseException, redact: Redactor) -> Trouble | None:
    """What is wrong, by whatever failed; None where one of our own errors says it by its text alone."""
    if isinstance(error, ExchangeError):
        return error.trouble
    words = said_by_exchange(words_of(error, redact))
    if isinstance(error, binascii.Error):
        return Trouble(kind=TroubleKind.SECRET, words=f"nothing can be signed with it: {words}")
    text = redact(str(error)).strip()
    # ccxt begins every text with the exchange's id and, of an answer without a code, with the request and the HTTP status.
    beginning = _BEGINNING.match(text)
    code = _CODE.search(words)
    page = is_page(text)
    said = text[beginning.end() :] if beginning else text
    refusal = Refusal(
        exchange=beginning["exchange"] if beginning else "",
        classes=class_names(error),
        status=(beginning["status"] or "") if beginning else "",
        code=code[1] if code else "",
        text=page_text(said) if page else said,
        page=page,
    )
    below = tuple(causes_of(error))
    causes = frozenset(kind.__name__ for cause in below for kind in type(cause).__mro__)
    return Trouble(
        kind=diagnose(refusal, causes),
        words=words,
        until=ends_at(refusal.text),
        refused_connection=any(isinstance(cause, ConnectionRefusedError) for cause in below),
    )


def as_exchange_error(error: BaseException, doing: str, redact: Redactor) -> ExchangeError:
    """Our typed error for a failure while `doing` something (such as "reading the markets"), saying what to do."""
    trouble = trouble_of(error, redact)
    if isinstance(error, ExchangeError) or trouble is None:
        return error if isinstance(error, ExchangeError) else ExchangeError(f"{doing}: {words_of(error, redact)}")
    return error_of(trouble, doing)


def advised(error: BaseException, redact: Redactor) -> str:
    """What happened and what to do about it, in one line."""
    trouble = trouble_of(error, redact)
    if isinstance(error, ExchangeError) or trouble is None:
        return redact(str(error))
    return trouble_line(trouble)
