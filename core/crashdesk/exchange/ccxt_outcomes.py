"""What an answer or an exception of ccxt allows to conclude.

ccxt's classes are recognised by name, so that this module needs no import of ccxt. Two facts are behind the table: the same class
is raised for a connection reset before and after the exchange did the work, and a normal return may come from a page
that is no answer at all.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Any

from crashdesk.exchange.ccxt_answers import failed_part
from crashdesk.exchange.ccxt_trouble import trouble_of
from crashdesk.exchange.ccxt_words import causes_of, class_names, words_of, words_of_info
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

_UNSENT_ERRNOS = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH})
_UNSENT_CAUSES = frozenset(
    {"ConnectTimeoutError", "ConnectTimeout", "NameResolutionError", "NewConnectionError", "ProxyError"}
)


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
    return CancelAnswer(status=status, reason=words_of(error, redact), sent=sent, trouble=trouble_of(error, redact))


def classify_cancel_answer(answer: object, ref: OrderRef, redact: Redactor, said: object = None) -> CancelAnswer:
    """What a normal return of a cancel request allows to conclude: only one about the right order is accepted.

    `said` is what the exchange itself answered: ccxt calls an order cancelled whose own part of that names an error.
    """
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if not isinstance(answer, Mapping):
        return CancelAnswer(
            status=CancelStatus.UNKNOWN, reason="the exchange answered without saying about which order"
        )
    if answer.get("status") == "rejected":
        return CancelAnswer(status=CancelStatus.NOT_DONE, reason=words_of_info(answer.get("info"), redact))
    answered = answer.get("id")
    if answered is None or str(answered) != ref.id:
        about = "without saying about which order" if answered is None else f"about order {answered}, not {ref.id}"
        return CancelAnswer(status=CancelStatus.UNKNOWN, reason=f"the exchange answered {about}")
    failed = failed_part(said)
    if failed is not None:
        reason = words_of_info(failed, redact)
        return CancelAnswer(status=CancelStatus.UNKNOWN, reason=f"the exchange answered with a failure: {reason}")
    return CancelAnswer(status=CancelStatus.ACCEPTED)


def classify_lookup_error(error: BaseException) -> LookupStatus:
    """ABSENT only when the exchange said that there is no such order."""
    return LookupStatus.ABSENT if "OrderNotFound" in class_names(error) else LookupStatus.UNKNOWN


def never_sent(error: BaseException) -> bool:
    """Whether the connection was never made, so that no request can have arrived."""
    for cause in causes_of(error):
        if isinstance(cause, OSError) and cause.errno in _UNSENT_ERRNOS:
            return True
        if {kind.__name__ for kind in type(cause).__mro__} & _UNSENT_CAUSES:
            return True
    return False
