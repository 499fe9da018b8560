"""What filled while the bot was down: with time and fee where the exchange told them, and only where it is news."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory, exchange_after_the_crash
from recovery_builders import SECOND
from report_builders import recover, section
from strategies import T0

from crashdesk.exchange.records import CancelAnswer, OrderLookup, OrderRef, Trade
from crashdesk.reconcile.records import Action
from crashdesk.report import report_markdown, utc_text


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


def test_what_filled_stands_with_time_and_fee_only_where_the_exchange_told_them(
    tmp_path: Path, exchange: ExchangeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    untold = section(report_markdown(recover(tmp_path / "untold", exchange, {})), "Orders that filled since")
    (line,) = [each for each in untold.splitlines() if "order 1002" in each]
    assert line.endswith("| 0.01 | 0.01 | 36400 | not told | not told |")

    fill = Trade(
        id="t1",
        order_id="1002",
        symbol="BTC/USDT:USDT",
        amount=Decimal("0.010"),
        price=Decimal("36400"),
        fee=Decimal("0.0728"),
        fee_currency="USDT",
        at=T0 - 60_000_000_000,
    )
    read = exchange.read_order

    def read_with_trades(ref: OrderRef) -> OrderLookup:
        found = read(ref)
        return msgspec.structs.replace(found, trades=(fill,)) if ref.id == "1002" else found

    monkeypatch.setattr(exchange, "read_order", read_with_trades)
    told = section(report_markdown(recover(tmp_path / "told", exchange, {})), "Orders that filled since")
    (line,) = [each for each in told.splitlines() if "order 1002" in each]
    assert line.endswith(f"| 0.01 | 0.01 | 36400 | {utc_text(T0 - 60_000_000_000)} | 0.0728 USDT |")


@pytest.mark.parametrize(
    ("created_at", "clock_ahead", "told"),
    [
        (T0 - 40 * 86_400 * SECOND, 0, "not told, 0.005 in all"),
        (T0 - 810 * SECOND, 0, "0.005"),
        (T0 - 810 * SECOND, 3600 * SECOND, "not told, 0.005 in all"),
    ],
)
def test_what_filled_of_an_unknown_order_is_news_only_where_the_order_is_younger_than_the_known_state(
    tmp_path: Path,
    exchange: ExchangeInMemory,
    monkeypatch: pytest.MonkeyPatch,
    created_at: int,
    clock_ahead: int,
    told: str,
) -> None:
    exchange.change("9001", created_at=created_at)
    monkeypatch.setattr(exchange, "clock_offset_ns", lambda: clock_ahead)
    for name, choice in (("left", {}), ("cancelled", {"9001": (Action.CANCEL, "")})):
        report = recover(tmp_path / name, exchange, choice)
        filled = section(report_markdown(report), "Orders that filled since")
        (line,) = [each for each in filled.splitlines() if "order 9001" in each]
        assert f"| {told} | 0.02 |" in line
        btc = next(each for each in report.plan.positions if each.symbol == "BTC/USDT:USDT")
        assert btc.fills is not None
        # The other 0.010 are those of the known order 1002.
        assert btc.fills.amount == Decimal("0.015" if told == "0.005" else "0.010")
        assert ("may hold" in filled.partition("|")[0]) is (told != "0.005")


def test_what_filled_while_an_old_order_was_being_cancelled_is_told_in_full(
    tmp_path: Path, exchange: ExchangeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.change("9001", created_at=T0 - 40 * 86_400 * SECOND, filled=Decimal(0))
    cancel = exchange.cancel_order

    def filled_meanwhile(ref: OrderRef) -> CancelAnswer:
        exchange.change(ref.id, filled=Decimal("0.003"))
        return cancel(ref)

    monkeypatch.setattr(exchange, "cancel_order", filled_meanwhile)
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    filled = section(report_markdown(report), "Orders that filled since")
    (line,) = [each for each in filled.splitlines() if "order 9001" in each]
    assert "| 0.003 | 0.02 |" in line
