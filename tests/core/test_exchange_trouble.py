"""What an operator reads when an exchange refuses or cannot be reached: the right trouble, three answers, its own words."""

import errno
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ccxt
import pytest
import requests
import urllib3

from crashdesk.cli_errors import error_lines
from crashdesk.clock import SystemClock
from crashdesk.compare import compare
from crashdesk.config import AccountMode, StoreManifest
from crashdesk.connections import open_exchange
from crashdesk.demo.venue import Credentials, Dialect, Fault, FaultKind
from crashdesk.demo.venue.exchange import EmbeddedExchange
from crashdesk.errors import ExchangeError, ExchangeRefused, ExchangeUnavailable
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.ccxt_trouble import as_exchange_error, trouble_of
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.diagnosis import Refusal, diagnose
from crashdesk.exchange.rate_limit import UNTOLD_BAN_S, limit_pause_s
from crashdesk.exchange.records import CancelStatus, Namespace, OrderRef
from crashdesk.exchange.redact import Redactor
from crashdesk.known_state import empty_state
from crashdesk.storage.journal_records import JournalView
from crashdesk.trouble import TroubleKind
from crashdesk.trouble_words import ANSWERS, trouble_line

REDACT = Redactor(["the-api-key", "the-secret"])


def from_binance(code: int, text: str, kind: type[Exception] = ccxt.AuthenticationError) -> Exception:
    return kind(f'binanceusdm {{"code":{code},"msg":"{text}"}}')


def from_okx(code: str, text: str, kind: type[Exception] = ccxt.AuthenticationError) -> Exception:
    return kind(f'okx {{"code":"{code}","data":[],"msg":"{text}"}}')


def from_bybit(code: int, text: str, kind: type[Exception] = ccxt.AuthenticationError) -> Exception:
    return kind(f'bybit {{"retCode":{code},"retMsg":"{text}","result":{{}},"retExtInfo":{{}},"time":1767225600000}}')


def failed_below(cause: BaseException, kind: type[Exception] = ccxt.NetworkError) -> Exception:
    error = kind("okx GET https://www.okx.com/api/v5/account/balance")
    error.__cause__ = cause
    return error


TAKEN_BACK = "Invalid API-key, IP, or permissions for action."
BANNED = (
    "Way too many requests; IP banned until 1767225600000. Please use the websocket for live updates to avoid bans."
)
NO_SUCH_NAME = requests.ConnectionError(
    urllib3.exceptions.NameResolutionError(
        "www.okx.com", None, socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    )
)
REFUSED_CONNECTION = requests.ConnectionError(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (from_binance(-2015, TAKEN_BACK), "KEY_OR_ADDRESS"),
        # ccxt takes this one for a ban, once the key has worked.
        (from_binance(-2015, TAKEN_BACK, ccxt.DDoSProtection), "KEY_OR_ADDRESS"),
        (from_binance(-2014, "API-key format invalid."), "KEY"),
        (from_binance(-2008, "Invalid Api-Key ID."), "KEY"),
        (from_binance(-1022, "Signature for this request is not valid."), "SECRET"),
        (from_binance(-1021, "Timestamp for this request is outside of the recvWindow.", ccxt.InvalidNonce), "CLOCK"),
        (
            ccxt.PermissionDenied("binance You are not authorized to execute this request."),
            "PERMISSION",
        ),
        (from_binance(-21001, "User is not a Portfolio Margin Account.", ccxt.BadRequest), "ACCOUNT_TYPE"),
        (
            from_binance(-1003, "Too many requests; current limit is 2400.", ccxt.RateLimitExceeded),
            "LIMITED",
        ),
        (ccxt.DDoSProtection(f"binance 418 I'm a teapot {{\"code\":-1003,\"msg\":\"{BANNED}\"}}"), "BANNED"),
        (ccxt.DDoSProtection('binance 429 Too Many Requests {"code":-1003,"msg":"Too many requests."}'), "LIMITED"),
        (
            ccxt.ExchangeError(
                'binance {"code":0,"msg":"Service unavailable from a restricted location according to the terms."}'
            ),
            "REGION",
        ),
        (ccxt.ExchangeNotAvailable("binance GET https://api.binance.com/api/v3/account 451 x <html>y</html>"), "REGION"),
        (ccxt.OnMaintenance('binance {"code":1,"msg":"System is under maintenance."}'), "MAINTENANCE"),
        (from_binance(-1008, "Server is currently overloaded.", ccxt.OperationFailed), "UNAVAILABLE"),
        (from_okx("50111", "Invalid OK-ACCESS-KEY"), "KEY"),
        (from_okx("50119", "API key doesn't exist", ccxt.ExchangeError), "KEY"),
        (from_okx("50101", "APIKey does not match current environment."), "ENVIRONMENT"),
        (from_okx("50102", "Timestamp request expired", ccxt.InvalidNonce), "CLOCK"),
        (from_okx("50105", "Request header OK-ACCESS-PASSPHRASE incorrect."), "PASSPHRASE"),
        (from_okx("50110", "Your IP 192.0.2.7 is not included in your API key's whitelist", ccxt.PermissionDenied), "ADDRESS"),
        (from_okx("50113", "Invalid Sign"), "SECRET"),
        (from_okx("50120", "This API key doesn't have permission to use this function", ccxt.ExchangeError), "PERMISSION"),
        (from_okx("50011", "Too Many Requests", ccxt.RateLimitExceeded), "LIMITED"),
        (from_okx("50001", "Service temporarily unavailable. Try again later.", ccxt.OnMaintenance), "MAINTENANCE"),
        (
            ccxt.AccountNotEnabled(
                'okx {"code":"1","data":[{"sCode":"51010","sMsg":"You can\'t complete this request under your current '
                'account mode."}],"msg":""}'
            ),
            "ACCOUNT_TYPE",
        ),
        (from_okx("50007", "Account blocked.", ccxt.AccountSuspended), "SUSPENDED"),
        (from_okx("51155", "You can't trade this pair due to local compliance.", ccxt.RestrictedLocation), "REGION"),
        (from_bybit(10002, "invalid request, please check your server timestamp", ccxt.InvalidNonce), "CLOCK"),
        (from_bybit(10003, "API key is invalid."), "KEY"),
        (from_bybit(10005, "Permission denied, please check your API key permissions.", ccxt.PermissionDenied), "PERMISSION"),
        (from_bybit(10006, "Too many visits!", ccxt.RateLimitExceeded), "LIMITED"),
        (from_bybit(10009, "The IP has been banned."), "BANNED"),
        (from_bybit(10010, "Unmatched IP, please check your bound IP addresses.", ccxt.PermissionDenied), "ADDRESS"),
        (from_bybit(10028, "The API can only be accessed by unified account users.", ccxt.PermissionDenied), "ACCOUNT_TYPE"),
        (from_bybit(10024, "Compliance rules triggered", ccxt.PermissionDenied), "REGION"),
        (from_bybit(33004, "Your api key has expired."), "EXPIRED"),
        (
            ccxt.ExchangeNotAvailable(
                "bybit GET https://api.bybit.com/v5/account/info 403 Forbidden <html><body>The Amazon CloudFront "
                "distribution is configured to block access from your country.</body></html>"
            ),
            "REGION",
        ),
        (
            ccxt.ExchangeNotAvailable(
                "okx GET https://www.okx.com/api/v5/x 503 y <html><script nonce='1'></script><h1>Maintenance</h1></html>"
            ),
            "MAINTENANCE",
        ),
        (
            ccxt.ExchangeNotAvailable("okx GET https://x 502 Bad Gateway <html><script nonce='1'/>Bad Gateway</html>"),
            "UNAVAILABLE",
        ),
        (ccxt.AuthenticationError("kraken EAPI:Invalid key"), "KEY"),
        (ccxt.AuthenticationError("kraken EAPI:Invalid signature"), "SECRET"),
        (ccxt.PermissionDenied("kraken EGeneral:Permission denied"), "PERMISSION"),
        (ccxt.InvalidNonce("kraken EAPI:Invalid nonce"), "CLOCK"),
        (ccxt.DDoSProtection("kraken EGeneral:Temporary lockout"), "BANNED"),
        (ccxt.AuthenticationError('gate {"label":"IP_FORBIDDEN","message":"Request IP not in whitelist"}'), "ADDRESS"),
        (
            ccxt.PermissionDenied(
                'bitget {"code":"40085","msg":"You are in Unified Account mode, and the Classic Account API is not supported"}'
            ),
            "ACCOUNT_TYPE",
        ),
        (
            ccxt.RestrictedLocation('kucoin {"code":"400500","msg":"Your located country/region is not supported"}'),
            "REGION",
        ),
        (ccxt.BadRequest('okx {"code":"51000","data":[],"msg":"Parameter timestamp error"}'), "REFUSED"),
        (ccxt.InvalidOrder('binance {"code":-2011,"msg":"Unknown order sent."}'), "REFUSED"),
        (ccxt.NotSupported("okx fetchBorrowRate() is not supported yet"), "UNSUPPORTED"),
        (ccxt.BadResponse("okx GET https://www.okx.com/x 200 OK, and no JSON with it: OK"), "NOT_UNDERSTOOD"),
        (failed_below(NO_SUCH_NAME), "NAME"),
        (failed_below(REFUSED_CONNECTION), "NETWORK"),
        (failed_below(requests.exceptions.ProxyError("Tunnel connection failed: 407")), "PROXY"),
        (ccxt.AuthenticationError("okx GET https://www.okx.com/x 407 Proxy Authentication Required "), "PROXY"),
        (failed_below(requests.exceptions.SSLError("certificate verify failed")), "INSECURE"),
        (failed_below(requests.ReadTimeout(), ccxt.RequestTimeout), "NO_ANSWER"),
        (failed_below(requests.ConnectTimeout(), ccxt.RequestTimeout), "NETWORK"),
        (AttributeError("'str' object has no attribute 'keys'"), "NOT_UNDERSTOOD"),
    ],
)  # fmt: skip
def test_a_refusal_is_diagnosed_from_class_code_and_words(error: Exception, kind: str) -> None:
    trouble = trouble_of(error, REDACT)
    assert trouble is not None
    assert trouble.kind is TroubleKind[kind]


def test_the_record_alone_decides() -> None:
    unclassed = ("ExchangeError", "BaseError")
    assert diagnose(Refusal(exchange="okx", classes=unclassed, code="50101")) is TroubleKind.ENVIRONMENT
    assert diagnose(Refusal(exchange="kraken", classes=unclassed, code="50101")) is TroubleKind.REFUSED
    assert diagnose(Refusal(exchange="kraken", classes=unclassed, text="invalid API key")) is TroubleKind.KEY
    assert (
        diagnose(Refusal(exchange="kraken", classes=("BadRequest", *unclassed), text="API key")) is TroubleKind.REFUSED
    )


def test_every_trouble_has_three_answers_and_none_is_to_try_again() -> None:
    assert set(ANSWERS) == set(TroubleKind)
    for answers in ANSWERS.values():
        assert answers.what
        assert answers.what[0].islower()
        assert answers.meaning.endswith(".")
        assert answers.advice
        assert not answers.advice.endswith(".")
        assert "try again" not in f"{answers.what} {answers.meaning} {answers.advice}".lower()
    assert len({answers.what for answers in ANSWERS.values()}) == len(ANSWERS)


def test_a_ban_says_until_when_and_is_never_waited_out_with_requests() -> None:
    ban = ccxt.DDoSProtection(f'binance 418 I\'m a teapot {{"code":-1003,"msg":"{BANNED}"}}')
    error = as_exchange_error(ban, "the account could not be read", REDACT)
    assert isinstance(error, ExchangeUnavailable)
    assert "It says that this ends at 2026-01-01 00:00:00 UTC." in error_lines(error)
    assert limit_pause_s(ban, None) == UNTOLD_BAN_S
    assert limit_pause_s(ban, {"Retry-After": "1800"}) == 1800
    assert limit_pause_s(from_binance(-2015, TAKEN_BACK, ccxt.DDoSProtection), None) is None


def test_a_terminal_shows_the_three_answers_and_the_original_words() -> None:
    first, meaning, advice, words = error_lines(
        as_exchange_error(from_okx("50111", "Invalid OK-ACCESS-KEY"), "the markets of okx could not be loaded", REDACT)
    )
    assert first == "the markets of okx could not be loaded: the exchange does not know this key"
    assert meaning.startswith("What it means: Nothing can be read or cancelled with it.")
    assert advice.startswith("What to do: Look on the exchange's site")
    assert words == "Original words: Invalid OK-ACCESS-KEY (50111)"


# Through ccxt's own client

KEY = Credentials(api_key="trades-001", secret="secret-of-trades", passphrase="phrase-of-all")
SYMBOL = "BTC/USDT:USDT"
Break = Callable[[EmbeddedExchange], object]


def take_the_key_back(venue: EmbeddedExchange) -> None:
    venue.revoke(KEY.api_key)


def fault(kind: FaultKind, seconds: float = 0) -> Break:
    return lambda venue: venue.add_fault(Fault(kind=kind, seconds=seconds, times=50))


@pytest.fixture(params=list(Dialect), ids=[dialect.value for dialect in Dialect])
def venue(request: pytest.FixtureRequest) -> Iterator[EmbeddedExchange]:
    with EmbeddedExchange(start_ns=time.time_ns(), credentials=(KEY,), dialect=request.param) as exchange:
        exchange.follow_real_time()
        yield exchange


@pytest.fixture
def exchange(venue: EmbeddedExchange) -> Iterator[CcxtExchange]:
    manifest = StoreManifest(
        bot="grid", exchange=venue.dialect.ccxt_id, account="main", mode=AccountMode.SANDBOX, endpoint=venue.url
    )
    values = {"apiKey": KEY.api_key, "secret": KEY.secret}
    if venue.dialect is Dialect.OKX:
        values["password"] = KEY.passphrase
    opened = open_exchange(manifest, credentials=ExchangeCredentials(values=values), clock=SystemClock())
    # It has worked before: that is when ccxt takes a refused key of Binance for a ban.
    opened.check_credentials()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("happens", "binance", "okx", "error"),
    [
        (take_the_key_back, TroubleKind.KEY_OR_ADDRESS, TroubleKind.KEY, ExchangeRefused),
        (fault(FaultKind.CLOCK_SKEW, 3600), TroubleKind.CLOCK, TroubleKind.CLOCK, ExchangeRefused),
        (fault(FaultKind.OTHER_ADDRESS), TroubleKind.KEY_OR_ADDRESS, TroubleKind.ADDRESS, ExchangeRefused),
        (fault(FaultKind.BANNED), TroubleKind.BANNED, TroubleKind.LIMITED, ExchangeUnavailable),
    ],
    ids=["revoked", "clock", "address", "ban"],
)
def test_what_goes_wrong_while_the_desk_is_open_is_named_everywhere(
    venue: EmbeddedExchange,
    exchange: CcxtExchange,
    happens: Break,
    binance: TroubleKind,
    okx: TroubleKind,
    error: type[ExchangeError],
) -> None:
    happens(venue)
    wanted = okx if venue.dialect is Dialect.OKX else binance

    (account,) = exchange.read_account().coverage.readings
    orders = exchange.read_open_orders([SYMBOL]).coverage.readings
    answer = exchange.cancel_order(OrderRef(symbol=SYMBOL, namespace=Namespace.NORMAL, id="1"))
    with pytest.raises(ExchangeError) as raised:
        exchange.check_credentials()

    for trouble in (account.trouble, *(each.trouble for each in orders), answer.trouble, raised.value.trouble):
        assert trouble is not None
        assert trouble.kind is wanted
        assert trouble.words
        assert KEY.api_key not in trouble_line(trouble)
    assert type(raised.value) is error
    assert answer.status is CancelStatus.NOT_DONE


def test_a_comparison_that_reads_nothing_raises_the_trouble_itself(
    venue: EmbeddedExchange, exchange: CcxtExchange, tmp_path: Path
) -> None:
    take_the_key_back(venue)
    with pytest.raises(ExchangeRefused, match="nothing of the account could be read") as raised:
        compare(
            empty_state(time.time_ns()),
            journal=_NoJournal(),
            exchange=exchange,
            manifest=None,
            checkpoint_seq=None,
            clock=SystemClock(),
        )
    assert raised.value.trouble is not None
    assert raised.value.trouble.kind in (TroubleKind.KEY, TroubleKind.KEY_OR_ADDRESS)


class _NoJournal:
    """A store's journal that holds nothing."""

    def symbols(self) -> frozenset[str]:
        return frozenset()

    def view(self, question: object) -> JournalView:
        return JournalView()
