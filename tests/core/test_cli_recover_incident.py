"""`crashdesk recover` on a whole incident: what it shows, asks, cancels, saves and reports."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import Run, content
from terminal_account import BTC, Account, exchange_in_the_past

from crashdesk import cli, cli_recover, connections
from crashdesk.clock import SystemClock
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.demo.venue import Credentials
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.storage.store import StateStore


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with exchange_in_the_past(Credentials(api_key=BOT_KEY, secret=BOT_SECRET)) as venue:
        made = Account(tmp_path / "account", venue)
        yield made
        made.trader.session.close()


def test_a_dry_run_shows_everything_and_touches_nothing(run: Run, account: Account) -> None:
    before = content(account.store)
    code, out, _ = run("recover", account.store, "--dry-run")
    assert code == 0
    first, *_, last = out.splitlines()
    assert first.startswith("The bot ended in order (its last sign of life was ")
    assert first.endswith("; what it knew last is intact; 1 order wants your decision.")
    assert last == f"Next: crashdesk recover {account.store}"
    for verdict in ("matched", "ours, unknown to the bot", "not ours", "gone, fate unproven"):
        assert verdict in out
    assert "proposed for cancellation" in out
    assert "Verdict: 1 to cancel, 1 known order changed or over\n" in out
    assert "nothing was sent, nothing was written" in out
    assert content(account.store) == before
    assert (account.deletes(), len(account.open())) == (0, 3)


def test_cancelling_what_is_proposed_and_saving_what_is_true(run: Run, account: Account) -> None:
    code, out, _ = run("recover", account.store, "--cancel-own")
    assert code == 0
    assert "✓ Recovered: checkpoint 2 holds what is true on the exchange" in out
    assert out.splitlines()[-1].startswith("Next: ")
    for told in (
        "Bot: grid on binanceusdm (sandbox: no real money)",
        "Orders: 1 cancelled, 0 closed before, 0 adopted, 0 left by decision, 0 not done, 1 untouched.",
        " USDT (was 10250.5, ",
        "Saved: checkpoint 2 holds the reconciled state, with 0 positions and 1 open order.",
        "Audit log: plan ",
        "1 orphan order is open on the exchange and not in the recovered state, worth 580 USDT: buy 0.01 BTC/USDT:USDT at 58000",
    ):
        assert told in out
    assert account.open() == {account.known, account.manual}
    assert account.deletes() == 1
    with StateStore(account.store, read_only=True) as store:
        state = store.load_latest()
    assert state is not None
    assert [order.id for order in state.open_orders] == [account.known]
    code, out, _ = run("verify", account.store)
    assert code == 0


def test_nobody_is_asked_where_nobody_can_answer(run: Run, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(account.store)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    code, _, err = run("recover", account.store)
    assert (code, "nobody can be asked" in err) == (1, True)
    assert err.splitlines()[-1] == f"  Next: crashdesk recover {account.store} --cancel-own"
    assert content(account.store) == before
    assert account.deletes() == 0


def test_where_nothing_differs_nothing_is_asked_or_written_unless_it_is_wanted(
    run: Run, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert run("recover", account.store, "--cancel-own")[0] == 0
    before = content(account.store)
    assert "Verdict: nothing differs\n" in run("recover", account.store, "--dry-run")[1]
    for options in ((), ("--cancel-own",)):
        code, out, _ = run("recover", account.store, *options)
        assert (code, content(account.store) == before) == (0, True)
        assert "✓ Nothing is to be done" in out
        assert "give --save" in out
    code, out, _ = run("recover", account.store, "--save")
    assert (code, "✓ Recovered: checkpoint 3 holds what is true" in out) == (0, True)


@pytest.mark.parametrize("damaged", [True, False])
def test_where_nothing_differs_from_an_older_checkpoint_that_is_not_all_there_is_to_do(
    run: Run, account: Account, monkeypatch: pytest.MonkeyPatch, damaged: bool
) -> None:
    """The newest one is damaged, which a recovery mends; or the operator chose an older one."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert run("recover", account.store, "--cancel-own")[0] == 0
    assert run("recover", account.store, "--save")[0] == 0
    if damaged:
        newest = max((account.store / "checkpoints").iterdir())
        newest.write_bytes(newest.read_bytes()[:-3])
    options = () if damaged else ("--checkpoint", 2)
    code, out, err = run("recover", account.store, *options)
    assert (code, "Verdict: nothing differs\n" in out, "Nothing is to be done" in out) == (1, True, False)
    assert "give --save to save the reconciled state" in err
    assert "✓ Recovered: checkpoint 4" in run("recover", account.store, *options, "--save")[1]
    assert "✓ Nothing is to be done" in run("recover", account.store)[1]


def test_without_a_terminal_cancelling_is_not_advised_where_nothing_is_proposed(
    run: Run, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    account.trader.cancel_order(account.orphan, BTC)
    code, _, err = run("recover", account.store)
    assert (code, "--cancel-own" in err, "give --save to save the reconciled state" in err) == (1, False, True)
    assert err.splitlines()[-1] == f"  Next: crashdesk recover {account.store} --save"
    assert run("recover", account.store, "--save")[0] == 0


@pytest.mark.parametrize("name", ["incident.md", "incident.html", "."])
def test_the_report_is_written_where_it_is_wanted(run: Run, account: Account, tmp_path: Path, name: str) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    code, out, _ = run("recover", account.store, "--cancel-own", "--report", reports / name)
    (written,) = reports.iterdir()
    assert (code, f"Report: {written}" in out) == (0, True)
    assert "Recovered: checkpoint 2 holds what is true on the exchange" in written.read_text()
    if name == ".":
        assert re.fullmatch(r"recovery-grid-\d{4}-\d\d-\d\dT\d{4}Z-[0-9a-f]{16}\.md", written.name)
    else:
        assert written.name == name


def test_a_report_that_cannot_be_written_stops_it_before_anything_is_sent(
    run: Run, account: Account, tmp_path: Path
) -> None:
    there = tmp_path / "there.md"
    there.write_text("mine")
    before = content(account.store)
    for path, why in (
        (tmp_path / "no" / "report.md", "cannot be written (No such file or directory)"),
        (tmp_path / "report.pdf", "has to end in .md or .html"),
        (there, "there is such a file already"),
    ):
        code, _, err = run("recover", account.store, "--cancel-own", "--report", path)
        assert (code, why in err, account.deletes()) == (2, True, 0)
    assert content(account.store) == before
    assert there.read_text() == "mine"


def test_a_recovery_whose_report_has_lost_its_directory_ends_in_words(
    run: Run, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    execute = OperatorRecovery.execute

    def meanwhile(*arguments: Any, **options: Any) -> Any:
        reports.rmdir()
        return execute(*arguments, **options)

    monkeypatch.setattr(OperatorRecovery, "execute", meanwhile)
    code, out, err = run("recover", account.store, "--cancel-own", "--report", reports)
    assert (code, account.deletes(), err) == (1, 1, "")
    assert "Recovered: checkpoint 2 holds what is true on the exchange" in out
    assert f"✕ The report could not be written to {reports}: No such file or directory. What was done stays done" in out


@pytest.mark.parametrize("answer", [True, False])
def test_the_operator_is_asked_and_a_no_sends_nothing(
    run: Run, account: Account, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    asked: list[str] = []

    def confirm(question: str, default: bool) -> bool:
        asked.append(question)
        return answer

    monkeypatch.setattr(cli.typer, "confirm", confirm)
    monkeypatch.setattr(cli_recover.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    before = content(account.store)
    code, out, _ = run("recover", account.store)
    assert asked == ["binanceusdm (sandbox: no real money). Cancel this order and save the reconciled state?"]
    assert (code, account.deletes()) == ((0, 1) if answer else (1, 0))
    assert ("Nothing was sent, nothing was written" in out, content(account.store) == before) == (
        not answer,
        not answer,
    )


def interrupt(store: Path) -> None:
    """A recovery that approves what is proposed, and is stopped before the first order."""
    with StoreView(store) as view:
        assert view.manifest is not None
        exchange = connections.open_store_exchange(view.manifest, os.environ, clock=SystemClock())
        recovery = OperatorRecovery(view, exchange, who="the night shift")
        comparison = recovery.compare()
        approved = [
            Decision(order_key=verdict.key, action=Action.CANCEL, who="the night shift")
            for verdict in comparison.plan.orphans
            if verdict.preselected
        ]
        recovery.execute(comparison, approved, plan_id=comparison.plan.id, stopped=lambda: True)
        exchange.close()


def test_an_interrupted_recovery_is_mentioned_and_can_be_gone_on_with(run: Run, account: Account) -> None:
    code, _, err = run("recover", account.store, "--resume")
    assert (code, "no recovery of this store was interrupted" in err) == (1, True)
    interrupt(account.store)
    assert account.deletes() == 0

    code, out, _ = run("recover", account.store, "--dry-run")
    assert code == 0
    assert "The recovery that the night shift began at" in out
    assert out.splitlines()[-1] == f"Next: crashdesk recover {account.store} --resume"
    assert run("recover", account.store, "--resume", "--dry-run")[0] == 2
    code, out, _ = run("recover", account.store, "--resume")
    assert (code, account.deletes(), account.orphan in account.open()) == (0, 1, False)
    assert "✓ Recovered: checkpoint 2 holds what is true on the exchange" in out
    assert "--resume" not in run("recover", account.store, "--dry-run")[1]
