"""What was unknown when a recovery broke off is told by the exchange once it can be read again, everywhere in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import StoreManifest, write_manifest
from crashdesk.exchange.records import CancelAnswer, CancelStatus, LookupStatus, OrderLookup, OrderRef, ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.report import report_html, report_markdown
from crashdesk.report_conclusion import headline
from crashdesk.report_lines import summary_lines
from crashdesk.state import OrderStatus
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
SENT = live(id="4", client_order_id="grid-4")
UNTOUCHED = live(id="5", client_order_id="grid-5")
WANTED = live(id="6", client_order_id="web_6")


class Outage:
    """Two orders to cancel; the network dies with the first request, whether or not that arrived."""

    def __init__(self, directory: Path) -> None:
        self.clock = ManualClock(LATER)
        with StateStore(directory, clock=ManualClock(T0)) as store:
            store.save(make.state(open_orders=(make.order(),)))
            write_manifest(directory, MANIFEST, LocalFiles())
            Journal(directory, ManualClock(T0)).close()
        self.exchange = ExchangeInMemory(
            live(), SENT, UNTOUCHED, WANTED, positions=[leg(contracts=Decimal("0.260"))], now_ns=LATER
        )
        self.view = StoreView(directory, clock=self.clock)
        self.recovery = OperatorRecovery(self.view, self.exchange, who="kim", clock=self.clock)

    def break_off(self, becomes: Callable[[], None], *more: Decision) -> RecoveryReport:
        """Execute, and lose the exchange at the first request, after it did what `becomes` does."""

        def lose(ref: OrderRef) -> CancelAnswer:
            becomes()
            self.exchange.unread = set(ScopeKind)
            return CancelAnswer(status=CancelStatus.UNKNOWN, reason="no answer in time")

        self.exchange.on_cancel = lose
        comparison = self.recovery.compare()
        decisions = [Decision(order_key=each.key, action=Action.CANCEL, who="kim") for each in (SENT, UNTOUCHED)]
        return self.recovery.execute(comparison, [*decisions, *more], plan_id=comparison.plan.id)

    def resume(self) -> RecoveryReport:
        interrupted = self.recovery.interrupted()
        assert interrupted is not None
        self.exchange.unread, self.exchange.on_cancel = set(), lambda ref: None
        return self.recovery.resume(interrupted)


@pytest.fixture
def outage(tmp_path: Path) -> Iterator[Outage]:
    made = Outage(tmp_path / "store")
    yield made
    made.view.close()


def nothing() -> None:
    pass


def outcomes(report: RecoveryReport) -> dict[str, OutcomeKind]:
    return {each.order_key: each.kind for each in report.execution.outcomes}


def told(report: RecoveryReport) -> tuple[str, str, str]:
    return "\n".join(summary_lines(report)), report_markdown(report), report_html(report)


def test_what_is_unknown_is_neither_done_nor_not_done(outage: Outage) -> None:
    report = outage.break_off(nothing)
    assert set(outcomes(report).values()) == {OutcomeKind.UNKNOWN}
    assert (report.conclusion.not_handled, report.conclusion.unknown) == (0, 2)
    for text in told(report):
        assert "0 not done, 2 unknown" in text
        assert "could not be handled" not in text
        assert "are open on the exchange" not in text
        assert "3 orphan orders were open when the exchange was read last, and not proved to be over since" in text
        assert "What became of 2 decided orders is not known" in text
    interrupted = outage.recovery.interrupted()
    assert interrupted is not None
    assert (interrupted.carried_out, interrupted.unknown) == (0, 1)


def test_a_resumed_recovery_settles_what_was_unknown_by_its_own_read(outage: Outage) -> None:
    outage.break_off(lambda: outage.exchange.change(SENT.key, status=OrderStatus.CANCELLED))
    outage.clock.sleep(60)
    report = outage.resume()

    assert outcomes(report) == {SENT.key: OutcomeKind.CANCELLED, UNTOUCHED.key: OutcomeKind.CANCELLED}
    assert all(each.at == outage.clock.now_ns() for each in report.execution.outcomes)
    assert (report.conclusion.not_handled, report.conclusion.unknown) == (0, 0)
    for text in told(report):
        assert "2 cancelled" in text
        assert "unknown, check again" not in text
        assert "no answer in time" not in text
    last = {entry.order_key: entry for entry in outage.view.audit_entries() if entry.kind is AuditKind.OUTCOME}
    assert [last[key].data["outcome"] for key in (SENT.key, UNTOUCHED.key)] == ["cancelled", "cancelled"]
    assert last[SENT.key].data["sent"] == "true"


def test_what_was_sent_is_not_sent_again_and_what_was_not_is(outage: Outage) -> None:
    """Nothing went out for an order that could not be read again: it is one of those that were not reached."""
    outage.break_off(nothing)
    interrupted = outage.recovery.interrupted()
    assert interrupted is not None
    assert interrupted.done == {SENT.key}
    report = outage.resume()
    assert outage.exchange.requests["cancel_order"] == 2
    assert outcomes(report) == {SENT.key: OutcomeKind.STILL_OPEN, UNTOUCHED.key: OutcomeKind.CANCELLED}


def test_an_order_that_is_still_open_counts_once(outage: Outage) -> None:
    outage.break_off(nothing)
    report = outage.resume()
    told_once = "Recovered to checkpoint 2; 1 decided order could not be handled; 1 orphan order open on the exchange"
    assert headline(report).startswith(f"{told_once} that nobody settled")
    assert headline(report).count("orphan order") == 1
    assert [each.key for each in report.conclusion.unsettled] == [WANTED.key]
    assert "still open when the exchange was read again" in report_markdown(report)
    for text in told(report):
        assert "2 orphan orders are open on the exchange and not in the recovered state" in text


def test_an_order_that_filled_instead_is_told_as_filled(outage: Outage) -> None:
    outage.break_off(lambda: outage.exchange.change(SENT.key, status=OrderStatus.FILLED, filled=Decimal("0.010")))
    report = outage.resume()
    assert outcomes(report)[SENT.key] is OutcomeKind.FILLED
    assert "already filled, 0.010 of 0.010" in report_markdown(report)


def test_what_is_gone_without_a_word_is_not_called_cancelled(outage: Outage) -> None:
    outage.break_off(lambda: outage.exchange.orders.pop(SENT.key))
    report = outage.resume()
    assert outcomes(report)[SENT.key] is OutcomeKind.ALREADY_CLOSED
    assert "does not say whether it filled or was cancelled" in report_markdown(report)


def test_an_order_that_nobody_asked_to_be_cancelled_and_that_ended_is_not_claimed(outage: Outage) -> None:
    outage.break_off(lambda: outage.exchange.change(UNTOUCHED.key, status=OrderStatus.CANCELLED))
    report = outage.resume()
    assert outcomes(report) == {SENT.key: OutcomeKind.STILL_OPEN, UNTOUCHED.key: OutcomeKind.ALREADY_CLOSED}


def test_what_cannot_be_read_by_itself_either_stays_unknown(outage: Outage, monkeypatch: pytest.MonkeyPatch) -> None:
    outage.break_off(lambda: outage.exchange.change(SENT.key, status=OrderStatus.CANCELLED))
    monkeypatch.setattr(
        outage.exchange,
        "read_order",
        lambda ref: OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="no answer in time", read_at=LATER),
    )
    report = outage.resume()
    assert report.saved is not None
    assert outcomes(report) == {SENT.key: OutcomeKind.UNKNOWN, UNTOUCHED.key: OutcomeKind.STILL_OPEN}
    assert "the result of 1 decided order is not known" in headline(report)


def test_an_order_to_adopt_that_could_not_be_read_is_adopted_once_it_can(outage: Outage) -> None:
    outage.break_off(nothing, Decision(order_key=WANTED.key, action=Action.ADOPT, who="kim"))
    report = outage.resume()
    assert outcomes(report)[WANTED.key] is OutcomeKind.ADOPTED
    assert report.state is not None
    assert WANTED.id in {order.id for order in report.state.open_orders}


def test_an_order_that_was_not_touched_and_changed_since_wants_a_new_decision(outage: Outage) -> None:
    outage.break_off(lambda: outage.exchange.change(UNTOUCHED.key, price=Decimal("1")))
    report = outage.resume()
    assert outcomes(report)[UNTOUCHED.key] is OutcomeKind.CHANGED
    assert outage.exchange.requests["cancel_order"] == 1


def test_within_one_recovery_the_read_at_its_end_settles_as_well(outage: Outage) -> None:
    def reads_again(ref: OrderRef) -> CancelAnswer:
        outage.exchange.unread = {ScopeKind.ORDERS}
        return CancelAnswer(status=CancelStatus.UNKNOWN, reason="no answer in time")

    outage.exchange.on_cancel = reads_again
    comparison = outage.recovery.compare()
    positions = outage.exchange.read_positions

    def back(symbols: object) -> object:
        if outage.exchange.unread:
            outage.exchange.change(SENT.key, status=OrderStatus.CANCELLED)
        outage.exchange.unread = set()
        return positions(())

    outage.exchange.read_positions = back  # type: ignore[method-assign, assignment]
    cancel = Decision(order_key=SENT.key, action=Action.CANCEL, who="kim")
    report = outage.recovery.execute(comparison, [cancel], plan_id=comparison.plan.id)
    assert report.saved is not None
    assert outcomes(report) == {SENT.key: OutcomeKind.CANCELLED}


def test_what_was_told_before_is_told_without_naming_the_order_again(outage: Outage) -> None:
    outage.break_off(nothing)
    interrupted = outage.recovery.interrupted()
    assert interrupted is not None
    assert all(not each.text.startswith("buy") for each in interrupted.outcomes)
