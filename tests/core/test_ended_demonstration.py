"""What an exchange that does not answer says of a demonstration: only where the store is marked as one, and by typed facts."""

from __future__ import annotations

import errno

import ccxt
import pytest

from crashdesk.config import StoreManifest
from crashdesk.demo.setting import Dialect, Setting
from crashdesk.demonstration import Demonstration, demonstration_state
from crashdesk.errors import ExchangeError, ExchangeRefused, ExchangeUnavailable, WrongAccount
from crashdesk.exchange.ccxt_trouble import as_exchange_error
from crashdesk.exchange.redact import Redactor
from crashdesk.trouble import Trouble, TroubleKind

ADDRESS = "http://127.0.0.1:9"
DEMONSTRATION = Setting(dialect=Dialect.BINANCE).manifest(ADDRESS)
REAL = StoreManifest(bot="grid", exchange="binanceusdm", account="main")
LOCAL_TEST = StoreManifest(bot="grid", exchange="binanceusdm", account="main", endpoint=ADDRESS)
NOBODY_LISTENS = ExchangeUnavailable("x", Trouble(kind=TroubleKind.NETWORK, refused_connection=True))
ANOTHER_TIME = ExchangeRefused("x", Trouble(kind=TroubleKind.CLOCK))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NOBODY_LISTENS, Demonstration.ENDED),
        (ANOTHER_TIME, Demonstration.TRADING),
        (ExchangeUnavailable("the exchange refused", Trouble(kind=TroubleKind.NETWORK)), None),
        (ExchangeUnavailable("refused"), None),
        (ExchangeRefused("connection refused", Trouble(kind=TroubleKind.KEY)), None),
        (WrongAccount("refused"), None),
        (ValueError("refused"), None),
    ],
)
def test_what_became_of_a_demonstration(error: Exception, state: Demonstration | None) -> None:
    assert demonstration_state(DEMONSTRATION, error) is state


@pytest.mark.parametrize("manifest", [None, REAL, LOCAL_TEST])
@pytest.mark.parametrize("error", [NOBODY_LISTENS, ANOTHER_TIME])
def test_no_other_store_is_called_a_demonstrations(manifest: StoreManifest | None, error: ExchangeError) -> None:
    assert demonstration_state(manifest, error) is None


@pytest.mark.parametrize(
    ("below", "refused"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "no"), True),
        (ConnectionResetError(errno.ECONNRESET, "no"), False),
        (TimeoutError("refused"), False),
    ],
)
def test_a_refused_connection_is_told_by_its_class_and_not_by_words(below: OSError, refused: bool) -> None:
    failed = ccxt.NetworkError("binanceusdm GET https://fapi.binance.com/ connection refused")
    failed.__cause__ = below
    told = as_exchange_error(failed, "reading", Redactor())
    assert told.trouble is not None
    assert told.trouble.refused_connection is refused
