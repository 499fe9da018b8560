"""The first lines of a report, and what a terminal lists: the same facts in every form, each once."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
import report_builders
from orphan_incident import BTC, DeskClock, ExchangeInMemory, exchange_after_the_crash
from recovery_builders import SECOND
from strategies import T0

from crashdesk import cli_text
from crashdesk.audit import AuditKind
from crashdesk.cli_text import plan_listings
from crashdesk.exchange.records import OrderLookup, OrderRef, ScopeKind, Trade
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import Action
from crashdesk.report import report_html, report_markdown, utc_text
from crashdesk.report_lines import summary_lines
from crashdesk.report_orders import fill_lines, filled_orders


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


class TickingClock(DeskClock):
    """Each look at it takes 0.7 s."""

    def now_ns(self) -> int:
        self.sleep(0.7)
        return super().now_ns()


def recover(
    directory: Path, exchange: ExchangeInMemory, *cancelled: str, clock: DeskClock | None = None
) -> RecoveryReport:
    """A recovery by hand that cancels the orders with these ids."""
    return report_builders.recover(directory, exchange, dict.fromkeys(cancelled, (Action.CANCEL, "")), clock=clock)


def page_text(report: RecoveryReport) -> str:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed(report_html(report))
    return "".join(found)


HEAD = ("What is still at risk", "What was done", "Where the proof is")


def test_every_form_begins_with_verdict_risk_what_was_done_and_the_proof(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    done = recover(tmp_path / "store", exchange, "9001")
    broken = msgspec.structs.replace(done, saved=None, state=None, final=None, problem="the disk is full")
    assert done.saved is not None
    for report in (done, broken):
        text, lines, page = report_markdown(report), summary_lines(report), page_text(report)
        assert tuple(line[3:] for line in text.splitlines() if line.startswith("## "))[:3] == HEAD
        assert tuple(line[:-1] for line in lines if line.endswith(":") and line[:1] == "W")[:3] == HEAD
        assert text.startswith(f"# {lines[0]}\n")
        places = [page.index(words) for words in (lines[0], *HEAD)]
        assert places == sorted(places)
        said = lines[
            lines.index(f"{HEAD[0]}:") : next(n for n, each in enumerate(lines) if each.startswith("Account:"))
        ]
        for line in said:
            assert line.removesuffix(":").removeprefix("  ").removeprefix("! ") in page
    assert f"Checkpoint file: {done.saved.name}." in report_markdown(done).replace("\\_", "_")
    assert summary_lines(broken)[1] == "  The disk is full."
    assert "  Saved: nothing." in summary_lines(broken)


def test_no_position_is_named_twice_in_a_terminal(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    lines = summary_lines(recover(tmp_path / "store", exchange))
    for leg in ("BTC/USDT:USDT long", "ETH/USDT:USDT short"):
        assert sum(leg in line for line in lines) == 1


def test_a_position_that_could_not_be_read_stands_among_the_risks_as_it_was_known(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    exchange.unreadable[ScopeKind.POSITIONS] = "HTTP 503"
    lines = summary_lines(recover(tmp_path / "store", exchange))
    (line,) = [each for each in lines if "BTC/USDT:USDT long" in each]
    assert line == (
        "  ! BTC/USDT:USDT long: could not be read, 0.250 as it was known; whether a stop protects it is not known."
    )


def test_the_terminal_lists_what_filled_as_the_file_does_and_says_how_many_more(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange)
    lines = summary_lines(report)
    place = lines.index("Filled since the last known state (times by the exchange's clock):")
    told = filled_orders(report)
    assert [line.rpartition(" (order ")[2][:-1] for line in lines[place + 1 :]] == [each.order.id for each in told]
    assert "  buy 0.01 BTC/USDT:USDT at 36400, time not told (order 1002)" in lines
    many = [msgspec.structs.replace(told[0], last_at=T0)] * 13
    assert len(fill_lines(many)) == 11
    assert fill_lines(many)[0] == f"buy 0.01 BTC/USDT:USDT at 36400, {utc_text(T0)} (order {told[0].order.id})"
    assert fill_lines(many)[-1].startswith("and 3 more orders;")


def test_a_comparison_lists_what_filled_and_says_how_many_more(
    tmp_path: Path, exchange: ExchangeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = recover(tmp_path / "store", exchange)
    (fills,) = [each for each in plan_listings(report.plan) if each.title == "Filled since the last known state"]
    assert [column.title for column in fills.columns][:4] == ["side", "amount", "symbol", "price"]
    row = ("buy", "0.01", "BTC/USDT:USDT", "36400", "not told", "not told", "1002")
    assert row in [each.cells for each in fills.rows]
    monkeypatch.setattr(cli_text, "FEW", 1)
    (few,) = [each for each in plan_listings(report.plan) if each.title == fills.title]
    assert (len(few.rows), len(fills.rows)) == (1, 2)
    assert few.rows[0].note.startswith("and 1 more order;")


def test_an_outcome_has_one_time_in_the_report_and_in_the_audit_log(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, "9001", "9002", clock=TickingClock(T0))
    with StoreView(tmp_path / "store") as view:
        logged = {each.order_key: each.at for each in view.audit_entries() if each.kind is AuditKind.OUTCOME}
    assert logged == {each.order_key: each.at for each in report.execution.outcomes}
    assert len(logged) == 2


@pytest.mark.parametrize(
    ("ahead_ns", "words"),
    [(0, ""), (1_500_000_000, "which was 1500 ms ahead of it"), (-3_000_000, "which was 3 ms behind it")],
)
def test_the_report_says_whose_clock_its_times_are_of(
    tmp_path: Path, exchange: ExchangeInMemory, monkeypatch: pytest.MonkeyPatch, ahead_ns: int, words: str
) -> None:
    monkeypatch.setattr(exchange, "clock_offset_ns", lambda: ahead_ns)
    text = report_markdown(recover(tmp_path / "store", exchange))
    (clock,) = [line for line in text.splitlines() if line.startswith("| Clock |")]
    assert "times are this machine's, as in the audit log" in clock
    assert clock.endswith(f"by the exchange's, {words} |" if words else "by the exchange's |")


def test_a_fill_that_is_listed_is_not_told_again_beside_its_order(
    tmp_path: Path, exchange: ExchangeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = T0 - 60 * SECOND
    fill = Trade(
        id="t1", order_id="1002", symbol=BTC, amount=Decimal("0.010"), price=Decimal(36400), fee=Decimal("0.0728"),
        fee_currency="USDT", at=at,
    )  # fmt: skip
    read = exchange.read_order

    def read_with_trades(ref: OrderRef) -> OrderLookup:
        found = read(ref)
        return msgspec.structs.replace(found, trades=(fill,)) if ref.id == "1002" else found

    monkeypatch.setattr(exchange, "read_order", read_with_trades)
    listings = plan_listings(recover(tmp_path / "store", exchange).plan)
    told = [cell for each in listings for row in each.rows for cell in (*row.cells, row.note) if "0.0728" in cell]
    assert told == ["0.0728 USDT"]
    (fills,) = [each for each in listings if each.title == "Filled since the last known state"]
    assert fills.rows[0].cells[:5] == ("buy", "0.01", BTC, "36400", utc_text(at))
