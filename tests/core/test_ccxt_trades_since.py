"""The trades of a symbol since a time: page by page, and never more certain than what was answered."""

from __future__ import annotations

from typing import Any

import pytest
from recovery_builders import BTC
from strategies import T0

from crashdesk.exchange.ccxt_scopes import ClientProfile
from crashdesk.exchange.ccxt_trades_since import read_trades_since
from crashdesk.exchange.ccxt_worker import Reply
from crashdesk.exchange.records import ScopeStatus, TradesReading
from crashdesk.exchange.redact import Redactor

HOUR = 3600 * 1_000_000_000
START_MS = T0 // 1_000_000
PAGE = 3


def trade(number: int, **changes: Any) -> dict[str, Any]:
    """As ccxt tells one, a second after the one before it."""
    told = {"id": str(number), "order": "1", "symbol": BTC, "side": "sell", "amount": "1", "price": "2"}
    return {**told, "timestamp": START_MS + number * 1000, **changes}


class Client:
    """Tells at most three trades at once, the oldest first."""

    def __init__(self, trades: list[Any]) -> None:
        self._trades = trades

    def fetch_my_trades(self, _symbol: str, since: int) -> list[Any]:
        return [each for each in self._trades if each["timestamp"] >= since][:PAGE]


def read(answer: Any, *, age_ns: int = HOUR, can: bool = True) -> TradesReading:
    def ask(_what: str, work: Any) -> Reply:
        return Reply(error=answer) if isinstance(answer, Exception) else Reply(value=work(Client(answer)))

    profile = ClientProfile(exchange="other", market_type="swap", has={"fetchMyTrades": can}, features={})
    return read_trades_since(profile, ask, Redactor(()), BTC, T0, T0 + age_ns, listed=True)


def test_every_page_is_read_and_each_trade_is_told_once() -> None:
    reading = read([trade(number) for number in range(8)])
    assert reading.status is ScopeStatus.READ
    assert [each.id for each in reading.trades] == [str(number) for number in range(8)]


@pytest.mark.parametrize(
    ("answer", "options", "status"),
    [
        ([], {}, ScopeStatus.READ),
        ([], {"age_ns": 30 * 24 * HOUR}, ScopeStatus.TRUNCATED),
        ([trade(number) for number in range(1000)], {}, ScopeStatus.TRUNCATED),
        ([trade(1), trade(2, side=None)], {}, ScopeStatus.FAILED),
        ([trade(1, id=None)], {}, ScopeStatus.FAILED),
        (ValueError("busy"), {}, ScopeStatus.FAILED),
        ([], {"can": False}, ScopeStatus.NOT_SUPPORTED),
    ],
    ids=["none", "a month", "too many", "no side", "no id", "an error", "cannot be asked"],
)
def test_how_certain_it_is(answer: Any, options: dict[str, Any], status: ScopeStatus) -> None:
    reading = read(answer, **options)
    assert reading.status is status
    assert bool(reading.reason) is (status is not ScopeStatus.READ)


def test_the_newest_page_of_more_is_not_all_of_them_because_one_is_traded_meanwhile() -> None:
    """Asked for again from its newest on, a full page is followed by a short one, as the last page of the oldest is."""
    page, later = [trade(number) for number in range(50, 150)], trade(150, timestamp=START_MS + 3600_000)
    answers = iter([page, [page[-1], later], [later]])

    class NewestFirst(Client):
        def fetch_my_trades(self, _symbol: str, since: int) -> list[Any]:
            self.last_json_response = next(answers)
            return self.last_json_response

    profile = ClientProfile(exchange="other", market_type="swap", has={"fetchMyTrades": True}, features={})
    reading = read_trades_since(
        profile,
        lambda _what, work: Reply(value=work(NewestFirst([]))),
        Redactor(()),
        BTC,
        T0,
        T0 + HOUR,
        listed=True,
    )
    assert reading.status is ScopeStatus.TRUNCATED
