"""The report of a recovery says what happened, exactly, and lets nothing from outside become markup."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash, store_before_the_crash
from recovery_builders import SECOND, coverage
from strategies import T0

from crashdesk.config import AccountMode
from crashdesk.exchange.records import CancelAnswer, OrderLookup, OrderRef, ScopeKind, Trade
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.reconcile.position_orders import StopCover
from crashdesk.reconcile.records import Action, Decision
from crashdesk.report import report_html, report_markdown, utc_text
from crashdesk.report_conclusion import conclude
from crashdesk.report_file import report_name
from crashdesk.report_lines import summary_lines
from crashdesk.report_risks import at_risk
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint

HOSTILE = 'x"><script>alert(1)</script> | ![a](b) *bold* `code`\n# Title'


def recover(directory: Path, exchange: ExchangeInMemory, choices: dict[str, tuple[Action, str]]) -> RecoveryReport:
    """A recovery by hand that decides on the orders named by id."""
    store_before_the_crash(directory, T0)
    with StoreView(directory, clock=DeskClock(T0)) as view:
        recovery = OperatorRecovery(view, exchange, who="ops", clock=DeskClock(T0))
        comparison = recovery.compare()
        decisions = [
            Decision(
                order_key=verdict.key, action=choices[verdict.live.id][0], who="ops", note=choices[verdict.live.id][1]
            )
            for verdict in comparison.plan.orphans
            if verdict.live is not None and verdict.live.id in choices
        ]
        return recovery.execute(comparison, decisions, plan_id=comparison.plan.id)


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(T0)


def section(markdown: str, title: str) -> str:
    """The text under one heading."""
    return markdown.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]


def test_every_outcome_stands_with_its_proof_and_the_undecided_are_named(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    exchange.refuse["9005"] = "-4131 counterparty best price"
    choices = {"9001": (Action.CANCEL, ""), "9005": (Action.CANCEL, ""), "9004": (Action.LEAVE, "hers")}
    text = report_markdown(recover(tmp_path / "store", exchange, choices))

    outcomes = section(text, "Orphan orders")
    lines = {number: next(line for line in outcomes.splitlines() if f"order {number}" in line) for number in choices}
    assert "cancelled, 0.005 of 0.020 had filled" in lines["9001"]
    assert "-4131 counterparty best price" in lines["9005"]
    assert "hers" in lines["9004"]
    for order, word in (("order 9002", "undecided"), ("order 9003", "left alone")):
        (line,) = [line for line in outcomes.splitlines() if order in line]
        assert f"| {word} | — | — | still open |" in line
    assert "| ours, unknown to the bot | cancel | cancelled |" in lines["9001"]
    assert "| gone |" in lines["9001"]
    assert "request sent" in lines["9001"]
    assert text.splitlines()[0] == (
        "# ! Recovered to checkpoint 5; 1 decided order could not be handled; 2 positions with no stop or only a part of one; "
        "1 of the bot's own orders left on the exchange for now, unknown to it; "
        "1 orphan order open on the exchange that nobody settled"
    )
    assert "| BTC/USDT:USDT | long | 0.250 | 0.260 | 36500.1 | 36496.2 |" in section(text, "Positions")
    assert "Quantity: 0.250 → 0.260. " in section(text, "Positions")
    assert "order 1003" in section(text, "Orders that were known")


def test_a_recovery_with_gaps_never_reads_as_complete(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "HTTP 503"
    text = report_markdown(recover(tmp_path / "store", exchange, {}))

    assert "3 of 4" in section(text, "What was recovered")
    assert "there may be more" in section(text, "Orphan orders")
    risks = section(text, "What is still at risk")
    assert "Not read, so unknown: conditional orders · swap · all symbols (HTTP 503)." in risks
    assert "orphan order is open on the exchange and not in the recovered state" in risks
    assert "HTTP 503" in section(text, "What was read at the end")


def test_a_stopped_recovery_says_that_nothing_was_saved(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    done = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    execution = msgspec.structs.replace(done.execution, outcomes=(), stopped=True)
    stopped = msgspec.structs.replace(
        done, saved=None, final=None, problem="stopped by the operator", execution=execution
    )

    text = report_markdown(stopped)
    assert "nothing was saved" in text.splitlines()[0]
    assert "Stopped by the operator" in text
    assert "no order was touched" in section(text, "What was done")


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_words_from_outside_never_become_markup(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.change("9001", client_order_id=f"grid-{HOSTILE}")
    exchange.refuse["9001"] = HOSTILE
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, HOSTILE)})

    page = Tags()
    page.feed(report_html(report))
    assert "script" not in page.tags
    assert "alert(1)" in page.text
    assert not [name for name, value in page.attributes if name in {"src", "href"} or "alert" in (value or "")]

    rows = [line for line in report_markdown(report).splitlines() if "alert" in line]
    assert rows
    assert all(line.startswith(("| ", "- ")) and "<script>" not in line and r"\`code\`" in line for line in rows)
    headed = section(report_markdown(report), "Orphan orders").splitlines()
    columns = {line.replace(r"\|", "").count("|") for line in headed if line.startswith("|")}
    assert columns == {8}


def test_both_forms_tell_the_same_facts(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    exchange.change("9001", amount=Decimal("0.0200000000000000001"))
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    page = Tags()
    page.feed(report_html(report))
    for fact in (report.plan.id, "0.0200000000000000001", "36496.2", "checkpoint 5", utc_text(T0)):
        assert fact in page.text
        assert fact in report_markdown(report)


def test_the_summary_names_bot_account_downtime_money_and_what_is_at_risk(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    broken = CheckpointInfo(seq=99, timestamp=T0 - 1, directory=None)
    damaged = SkippedCheckpoint(info=broken, reason="the checksum does not fit", damaged=True)
    plan = msgspec.structs.replace(report.plan, mode=AccountMode.LIVE)
    text = report_markdown(msgspec.structs.replace(report, bot="grid-1", plan=plan, skipped=(damaged,)))

    summary = section(text, "What was recovered")
    assert f"Bot: grid-1 on {report.plan.exchange}" in summary
    assert "LIVE: real money" in summary
    assert "it was down for" in summary
    assert "Checkpoint 99" in summary
    assert "damaged and was passed over: the checksum does not fit." in summary
    assert "all 4 of 4 parts of the account" in summary
    assert report.plan.id not in summary
    assert report.plan.id in section(text, "Where the proof is")
    assert "Realised since the last known state:" in section(text, "Money")
    assert "| Equity |" in section(text, "Money")


def test_a_recovery_that_ended_in_the_middle_counts_no_order_that_was_cancelled(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    done = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, ""), "9002": (Action.CANCEL, "")})
    execution = msgspec.structs.replace(done.execution, outcomes=done.execution.outcomes[:1], stopped=True)
    stopped = msgspec.structs.replace(done, saved=None, state=None, final=None, execution=execution, problem="stopped")
    gone = execution.outcomes[0].order_key.rpartition(":")[2]
    lines = summary_lines(stopped)
    assert lines[0] == "! Recovery stopped before the end: nothing was saved"
    assert "  The exchange was not read again at the end: this is how it was before." in lines
    (orphans,) = [line for line in lines if "open on the exchange" in line]
    assert ("order 9002" in orphans, f"order {gone}" in orphans) == (gone != "9002", False)


def test_what_was_not_read_again_is_not_called_settled(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    done = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, ""), "9002": (Action.CANCEL, "")})
    handled = {each.order_key for each in done.execution.outcomes}
    plan = msgspec.structs.replace(
        done.plan, positions=(), orders=tuple(done.plan.orphan_by_key[key] for key in handled)
    )
    failed = msgspec.structs.replace(done, plan=plan, saved=None, state=None, final=None, problem="no connection")
    told = at_risk(failed)
    assert told.points == ()
    assert told.sentences == (
        "The exchange was not read again at the end: this is how it was before.",
        "No orphan order is left by that and by what was done; what is open now is not known.",
    )


def test_a_journal_that_failed_meanwhile_is_a_risk(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    done = recover(tmp_path / "store", exchange, {})
    assert done.final is not None
    doubted = msgspec.structs.replace(done.final, positions=(), orders=(), journal_problem="the disk refused")
    told = at_risk(msgspec.structs.replace(done, final=doubted))
    assert told.points == ("Something may be missing in what was known: the disk refused.",)
    assert told.sentences == ()


def test_one_judgement_heads_every_report(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    told = conclude(report)
    assert (told.clean, told.seq, [each.key.rpartition(":")[2] for each in told.own_left]) == (False, 5, ["9002"])
    words = (
        "! Recovered to checkpoint 5; 2 positions with no stop or only a part of one; "
        "1 of the bot's own orders left on the exchange for now, unknown to it; "
        "1 orphan order open on the exchange that nobody settled"
    )
    assert report_markdown(report).splitlines()[0] == f"# {words}"
    page = Tags()
    page.feed(report_html(report))
    assert words in page.text
    assert report.final is not None
    settled = msgspec.structs.replace(report, final=msgspec.structs.replace(report.final, orders=(), positions=()))
    assert report_markdown(settled).splitlines()[0] == (
        "# ✓ Recovered: checkpoint 5 holds what is true on the exchange"
    )


def test_an_order_that_was_left_in_an_earlier_incident_is_not_left_without_a_decision(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})
    assert report.final is not None
    orders = tuple(
        msgspec.structs.replace(each, dismissed="hedge of the desk") if each.key.endswith(":9002") else each
        for each in report.final.orders
    )
    settled = msgspec.structs.replace(report, final=msgspec.structs.replace(report.final, orders=orders))
    assert conclude(report).own_left
    assert not conclude(settled).own_left
    assert "bot's own order" not in section(report_markdown(settled), "What is still at risk")


def test_an_adopted_order_that_nobody_proved_to_be_the_bots_is_a_risk(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    choices = {"9001": (Action.ADOPT, ""), "9005": (Action.ADOPT, "")}
    risks = section(report_markdown(recover(tmp_path / "store", exchange, choices)), "What is still at risk")
    (told,) = [line for line in risks.splitlines() if line.startswith("- Adopted")]
    assert "nothing proves that it is the bot's: sell 0.010 ETH/USDT:USDT at 2044.00 (order 9005)" in told


def test_the_bots_own_orders_that_are_left_are_named_with_what_its_next_start_does(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    risks = section(
        report_markdown(recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, "")})), "What is still at risk"
    )
    (told,) = [line for line in risks.splitlines() if "of the bot's own order" in line]
    assert "1 of the bot's own order is" not in told
    assert "sell 0.010 BTC/USDT:USDT at 36721.0 (order 9002), worth 367.21 USDT" in told
    assert "The bot's next start cancels it, unless its configuration says otherwise" in told


def test_a_protective_stop_that_stays_is_said_apart_and_counts_for_nothing(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    report = recover(tmp_path / "store", exchange, {"9001": (Action.CANCEL, ""), "9002": (Action.CANCEL, "")})
    risks = section(report_markdown(report), "What is still at risk")
    stop = "1 protective stop that is not the bot's stays: sell 0.240 BTC/USDT:USDT at trig. 35100.0 (order 9003)."
    assert stop in risks.splitlines()
    colleague, nobodys = [line for line in risks.splitlines() if "open on the exchange" in line]
    assert colleague.startswith("1 orphan order is open")
    assert "(order 9004)" in colleague
    assert nobodys.startswith("- 1 orphan order is open")
    assert "(order 9005)" in nobodys


def test_the_orders_of_the_recovered_state_are_listed(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    choices = {"9001": (Action.ADOPT, "")}
    held = section(
        report_markdown(recover(tmp_path / "store", exchange, choices)), "Orders that the recovered state holds"
    )
    assert "| BTC/USDT:USDT | buy | limit | 36450.0 | 0.010 | 0.010 | 1001 | grid-1001 | known before |" in held
    assert "| BTC/USDT:USDT | buy | limit | 36380.5 | 0.020 | 0.015 | 9001 | grid-9001 | adopted now |" in held


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
        (T0 - 60 * SECOND, 0, "0.005"),
        (T0 - 60 * SECOND, 3600 * SECOND, "not told, 0.005 in all"),
        (None, 0, "not told, 0.005 in all"),
    ],
)
def test_what_filled_of_an_unknown_order_is_news_only_where_the_order_is_younger_than_the_known_state(
    tmp_path: Path,
    exchange: ExchangeInMemory,
    monkeypatch: pytest.MonkeyPatch,
    created_at: int | None,
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


def test_an_entry_price_that_moved_is_seen_at_the_same_amount(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    first = msgspec.structs.replace(exchange.positions[0], contracts=Decimal("0.250"))
    exchange.positions = (first,)
    positions = section(report_markdown(recover(tmp_path / "store", exchange, {})), "Positions")
    assert "| BTC/USDT:USDT | long | 0.250 | 0.250 | 36500.1 | 36496.2 |" in positions


def test_the_file_of_a_report_is_named_by_bot_date_and_plan(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {})
    assert report_name(report) == f"recovery-btc-grid-2023-11-14T2213Z-{report.plan.id}"
    hostile = msgspec.structs.replace(report, bot="../a b/..")
    assert report_name(hostile) == f"recovery-a-b-2023-11-14T2213Z-{report.plan.id}"


def test_a_position_that_is_partly_protected_is_a_risk(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    text = report_markdown(recover(tmp_path / "store", exchange, {}))
    words = "stops cover 0.240 of 0.260, by an order that is not the bot's"
    assert f"BTC/USDT:USDT long 0.260: {words}." in section(text, "What is still at risk")
    assert f"| ! {words} |" in section(text, "Positions")


def test_what_could_not_be_told_though_every_list_was_read_is_a_risk(
    tmp_path: Path, exchange: ExchangeInMemory
) -> None:
    exchange.deaf.add("1002")
    risks = section(report_markdown(recover(tmp_path / "store", exchange, {})), "What is still at risk")
    assert "What became of 1 order that the bot knew is not known: open, filled or gone." in risks


def test_nothing_at_risk_speaks_of_stops_only_where_stops_could_be(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {})
    assert report.final is not None
    calm = msgspec.structs.replace(report.final, orders=(), positions=())
    covered = msgspec.structs.replace(report.final.positions[0], stops=StopCover(covered=Decimal(9), all_told=True))
    spot = msgspec.structs.replace(covered, symbol="BTC/USDT", stops=None)
    for positions, words in (
        ((), "Nothing: everything was read, and no orphan order is left."),
        ((spot,), "Nothing: everything was read, and no orphan order is left."),
        ((covered,), "Nothing: everything was read, no orphan order is left, and stops cover every position."),
    ):
        final = msgspec.structs.replace(calm, positions=positions)
        text = report_markdown(msgspec.structs.replace(report, final=final))
        assert words in section(text, "What is still at risk")


def test_positions_that_were_not_read_are_never_none(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    report = recover(tmp_path / "store", exchange, {})
    for unread, words in (
        ((), "None known, none on the exchange."),
        ((ScopeKind.POSITIONS,), "None known; what the exchange has could not be read."),
    ):
        plan = msgspec.structs.replace(report.plan, positions=(), coverage=coverage(unread))
        text = report_markdown(msgspec.structs.replace(report, plan=plan, final=plan))
        assert words in section(text, "Positions")


def test_the_page_is_light_on_paper(tmp_path: Path, exchange: ExchangeInMemory) -> None:
    page = report_html(recover(tmp_path / "store", exchange, {}))
    assert "prefers-color-scheme" not in page
    assert "color-scheme: light;" in page
