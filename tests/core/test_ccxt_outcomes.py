"""What ccxt's exceptions and answers allow to conclude of a cancel or a lookup. Pure, no network."""

import errno
from typing import Any

import ccxt
import pytest
import requests
import urllib3

from crashdesk.errors import ExchangeRefused, ExchangeUnavailable, ExchangeUnsupported
from crashdesk.exchange.ccxt_outcomes import (
    Departure,
    classify_cancel_answer,
    classify_cancel_error,
    classify_lookup_error,
    never_sent,
)
from crashdesk.exchange.ccxt_trouble import as_exchange_error
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import NoAnswerInTime, NotStarted
from crashdesk.exchange.records import CancelStatus, LookupStatus, Namespace, OrderRef
from crashdesk.exchange.redact import Redactor

REDACT = Redactor(["the-api-key", "the-secret"])
REF = OrderRef(symbol="BTC/USDT:USDT", namespace=Namespace.NORMAL, id="4810225001")
SIGNED = (
    "binanceusdm DELETE https://fapi.binance.com/fapi/v1/order?timestamp=1767225600000&symbol=BTCUSDT"
    "&orderId=4810225005&recvWindow=10000&signature=beec6646adb9b9d51bc9e153a6a07a3fbe6887b26a97a766b9ba5adcf53c0c79"
)


def caused_by(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def lost_connection() -> requests.ConnectionError:
    reset = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
    return requests.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", reset))


def refused_connection() -> requests.ConnectionError:
    refused = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    below = urllib3.exceptions.NewConnectionError(None, "Failed to establish a new connection")
    below.__cause__ = refused
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", below))


NOT_DONE = [
    ccxt.ArgumentsRequired("binance cancelOrder() requires a symbol argument"),
    ccxt.BadSymbol("binance does not have market symbol X"),
    ccxt.BadRequest("binance parameters"),
    ccxt.NotSupported("x cancelOrder() is not supported yet"),
    ccxt.AuthenticationError('binance {"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'),
    ccxt.PermissionDenied("no"),
    ccxt.AccountSuspended("no"),
    ccxt.InvalidNonce('binance {"code":-1021,"msg":"Timestamp"}'),
    ccxt.RateLimitExceeded("slow down"),
    ccxt.DDoSProtection("429"),
    ccxt.OperationRejected("no"),
    ccxt.RestrictedLocation("no"),
    caused_by(ccxt.NetworkError(SIGNED), refused_connection()),
    caused_by(ccxt.RequestTimeout(SIGNED), requests.ConnectTimeout()),
    NotStarted("cancelling: nothing was sent"),
]
UNKNOWN = [
    caused_by(ccxt.NetworkError(SIGNED), lost_connection()),
    caused_by(ccxt.NetworkError(SIGNED), requests.exceptions.ChunkedEncodingError("Connection broken")),
    caused_by(ccxt.RequestTimeout(SIGNED), requests.ReadTimeout()),
    ccxt.RequestTimeout('binance {"code":-1007,"msg":"execution status unknown"}'),
    ccxt.ExchangeNotAvailable(SIGNED + " 502 Bad Gateway <html><body>502 Bad Gateway</body></html>"),
    ccxt.OnMaintenance("down"),
    ccxt.OperationFailed('binance {"code":-1008,"msg":"overloaded"}'),
    ccxt.BadResponse("?"),
    ccxt.NullResponse("?"),
    ccxt.CancelPending("still cancelling"),
    # 422, 505, 507, 523, 524, 529, 598 as a web page: 524 is a proxy that waited in vain for an exchange at work.
    ccxt.ExchangeError(SIGNED),
    ccxt.InvalidOrder("the order is being matched"),
    NoAnswerInTime("cancelling: no complete answer"),
    AttributeError("'str' object has no attribute 'keys'"),
    KeyError("orderId"),
]


@pytest.mark.parametrize("error", NOT_DONE, ids=lambda error: type(error).__name__)
def test_a_refusal_before_the_work_is_not_done(error: BaseException) -> None:
    assert classify_cancel_error(error, REDACT).status is CancelStatus.NOT_DONE


@pytest.mark.parametrize("error", UNKNOWN, ids=lambda error: type(error).__name__)
def test_what_proves_nothing_is_unknown(error: BaseException) -> None:
    assert classify_cancel_error(error, REDACT).status is CancelStatus.UNKNOWN


def test_no_such_order_is_absent_with_the_exchanges_words() -> None:
    answer = classify_cancel_error(ccxt.OrderNotFound('binanceusdm {"code":-2011,"msg":"Unknown order sent."}'), REDACT)

    assert answer.status is CancelStatus.ABSENT
    assert answer.reason == "OrderNotFound: Unknown order sent. (-2011)"


def test_a_refused_connection_of_an_earlier_request_does_not_excuse_a_lost_one() -> None:
    error = caused_by(ccxt.NetworkError(SIGNED), lost_connection())
    error.__context__ = refused_connection()

    assert not never_sent(error)


@pytest.mark.scenario(15)
@pytest.mark.parametrize(
    "error",
    [*UNKNOWN, *NOT_DONE],
    ids=lambda error: type(error).__name__,
)
def test_a_failed_lookup_never_means_that_the_order_is_gone(error: BaseException) -> None:
    assert classify_lookup_error(error) is LookupStatus.UNKNOWN


def test_only_the_exchange_itself_says_that_an_order_is_absent() -> None:
    assert classify_lookup_error(ccxt.OrderNotFound("x")) is LookupStatus.ABSENT


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"id": "4810225001", "status": "canceled"}, CancelStatus.ACCEPTED),
        # OKX, and Binance for conditional orders, tell no status.
        ({"id": "4810225001", "status": None}, CancelStatus.ACCEPTED),
        ({"id": 4810225001, "status": None}, CancelStatus.ACCEPTED),
        ([{"id": "4810225001"}], CancelStatus.ACCEPTED),
        # What ccxt makes of a page that says OK.
        ({"id": None, "status": None, "info": "OK"}, CancelStatus.UNKNOWN),
        ({"id": "4810225002", "status": "canceled"}, CancelStatus.UNKNOWN),
        ({}, CancelStatus.UNKNOWN),
        ([], CancelStatus.UNKNOWN),
        ("OK", CancelStatus.UNKNOWN),
        (None, CancelStatus.UNKNOWN),
        ({"id": "4810225001", "status": "rejected", "info": {}}, CancelStatus.NOT_DONE),
    ],
)
def test_a_return_counts_only_when_it_is_about_the_order(answer: Any, expected: CancelStatus) -> None:
    assert classify_cancel_answer(answer, REF, REDACT).status is expected


def test_a_rejection_inside_a_normal_answer_keeps_its_words() -> None:
    info = {"sCode": "51402", "sMsg": "Cancellation failed as the order is already completed."}

    answer = classify_cancel_answer({"id": REF.id, "status": "rejected", "info": info}, REF, REDACT)

    assert answer.reason == "Cancellation failed as the order is already completed. (51402)"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ccxt.NetworkError(SIGNED), "NetworkError"),
        (caused_by(ccxt.NetworkError(SIGNED), lost_connection()), "NetworkError: Connection reset by peer"),
        (caused_by(ccxt.RequestTimeout(SIGNED), requests.ReadTimeout()), "RequestTimeout: no answer in time"),
        (
            ccxt.ExchangeNotAvailable(SIGNED + " 502 Bad Gateway <html><title>502</title><body>x</body></html>"),
            "ExchangeNotAvailable: a web page instead of an answer: 502 Bad Gateway",
        ),
        (
            ccxt.ExchangeError(
                'okx {"code":"1","data":[{"sCode":"51000","sMsg":"Parameter error"}],"msg":"All failed"}'
            ),
            "ExchangeError: Parameter error (51000)",
        ),
        (ccxt.ExchangeError("kraken EOrder:Unknown order"), "ExchangeError: EOrder:Unknown order"),
        (ccxt.BadSymbol("binance does not have market symbol X"), "BadSymbol: does not have market symbol X"),
    ],
)
def test_words_are_one_line_without_addresses_or_pages(error: BaseException, words: str) -> None:
    assert words_of(error, REDACT) == words


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        (ccxt.AuthenticationError("x no"), ExchangeRefused, "check on the exchange's site that the key still exists"),
        (ccxt.InvalidNonce("x -1021"), ExchangeRefused, "clock"),
        (ccxt.DDoSProtection("x 429"), ExchangeUnavailable, "wait a minute"),
        (ccxt.NetworkError("x"), ExchangeUnavailable, "check this machine's network"),
        (ccxt.NotSupported("x fetchBalance() is not supported yet"), ExchangeUnsupported, "does not offer"),
        (ccxt.BadRequest("x no"), ExchangeRefused, "asking the same once more changes nothing"),
        (AttributeError("'str' object has no attribute 'keys'"), ExchangeUnavailable, "no answer of the exchange"),
    ],
)
def test_typed_errors_say_what_to_do(error: BaseException, kind: type[Exception], advice: str) -> None:
    typed = as_exchange_error(error, "the markets could not be loaded", REDACT)

    assert type(typed) is kind
    assert str(typed).startswith("the markets could not be loaded: ")
    assert advice in str(typed)


@pytest.mark.parametrize(
    "text",
    [
        SIGNED,
        "GET /api/v5/trade/order?instId=BTC&sign=the-secret HTTP/1.1",
        "Request: {'X-MBX-APIKEY': 'the-api-key', 'User-Agent': 'ccxt'}",
        "{'OK-ACCESS-KEY': 'k-other', 'OK-ACCESS-SIGN': 'b64sig==', 'OK-ACCESS-PASSPHRASE': 'pass phrase'}",
        "{'X-BAPI-SIGN': 'b64sig==', 'KC-API-PASSPHRASE': b'pass phrase', 'KC-API-SIGN': b'b64sig=='}",
        'Authorization: Bearer b64sig==',
        '{"apiKey":"k-other","secret":"b64sig==","password":"pass phrase"}',
        "recvWindow=1&signature=beec6646adb9",
    ],
)  # fmt: skip
def test_nothing_that_signs_or_identifies_survives_redaction(text: str) -> None:
    redacted = REDACT(text)

    for secret in ("the-api-key", "the-secret", "k-other", "b64sig", "pass phrase", "phrase'", "beec6646adb9"):
        assert secret not in redacted


def test_redaction_leaves_words_for_people() -> None:
    text = '{"code":-1022,"msg":"Signature for this request is not valid."}'

    assert REDACT(text) == text
    assert REDACT("https://fapi.binance.com/fapi/v1/order?x=1 404 Not Found") == (
        "https://fapi.binance.com/fapi/v1/order 404 Not Found"
    )


# Whether a request left


@pytest.mark.parametrize(
    ("error", "prepared", "sent"),
    [
        (ccxt.ArgumentsRequired("binance cancelOrder() requires a symbol argument"), False, False),
        (ccxt.BadRequest("binance parameters"), True, True),
        (ccxt.RateLimitExceeded("slow down"), True, True),
        (ccxt.OrderNotFound("unknown"), True, True),
        (ccxt.NetworkError(SIGNED), True, True),
        (caused_by(ccxt.NetworkError(SIGNED), lost_connection()), True, True),
        (caused_by(ccxt.NetworkError(SIGNED), refused_connection()), True, False),
        (caused_by(ccxt.RequestTimeout(SIGNED), requests.ConnectTimeout()), True, False),
        (NotStarted("cancelling: nothing was sent"), True, False),
        (NoAnswerInTime("cancelling: no answer"), True, True),
    ],
)
def test_a_request_counts_as_sent_unless_it_is_certain_that_none_left(
    error: Exception, prepared: bool, sent: bool
) -> None:
    answer = classify_cancel_error(error, REDACT, prepared=prepared)

    assert answer.sent is sent
    assert sent or answer.status is CancelStatus.NOT_DONE


def test_what_fails_before_its_request_was_prepared_was_not_sent() -> None:
    client = ccxt.binanceusdm({"apiKey": "k", "secret": "s"})
    client.set_markets([])
    client.last_request_url = "https://fapi.binance.com/an/earlier/one"
    departure = Departure(lambda found: found.cancel_order("1", None))

    with pytest.raises(ccxt.ArgumentsRequired):
        departure.work(client)
    client.session.close()

    assert not departure.prepared
