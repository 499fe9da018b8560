"""`crashdesk recover` where something is refused: said in words, with its exit code, and nothing claimed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import STATE, Run, content, make_store
from terminal_account import HOUR_S, Account, exchange_in_the_past

from crashdesk import cli, cli_recover
from crashdesk.config import AccountMode, StoreManifest, manifest_text
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.demo.venue import Credentials, Fault, FaultKind
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.storage.store import StateStore


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with exchange_in_the_past(Credentials(api_key=BOT_KEY, secret=BOT_SECRET)) as venue:
        made = Account(tmp_path / "account", venue)
        yield made
        made.trader.session.close()


def test_a_key_that_can_only_read_is_offered_nothing_that_it_cannot_do(
    run: Run, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(CcxtExchange, "read_permissions", lambda _: KeyPermissions(can_read=True, can_trade=False))
    monkeypatch.setattr(cli.typer, "confirm", lambda question, default: bool(asked.append(question)))
    monkeypatch.setattr(cli_recover.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    before = content(account.store)
    code, out, _ = run("recover", account.store)
    assert (code, asked) == (1, ["binanceusdm (sandbox: no real money). Save the reconciled state?"])
    assert "The account's key can only read, so 1 proposed order cannot be cancelled with it" in out
    code, _, err = run("recover", account.store, "--cancel-own")
    assert (code, account.deletes()) == (1, 0)
    assert "1 proposed order cannot be cancelled: this key may not do what was asked" in err
    assert "What to do: Give the key the right to read and to trade this market" in err
    assert content(account.store) == before


@pytest.mark.scenario(33)
def test_an_order_that_could_not_be_cancelled_is_no_success(run: Run, account: Account) -> None:
    account.venue.add_fault(Fault(kind=FaultKind.RATE_LIMITED, method="DELETE", path="/fapi/v1/order"))
    code, out, _ = run("recover", account.store, "--cancel-own", "--proof-seconds", "0.2", "--pause-seconds", "0")
    assert code == 1
    assert out.count("could not be handled; its outcome says why. Compare again to decide on it as it is now.") == 1
    assert account.orphan in account.open()


@pytest.mark.scenario(45)
def test_wrong_keys_are_a_failure_and_no_recovery(run: Run, tmp_path: Path, account: Account) -> None:
    with exchange_in_the_past(Credentials(api_key="another", secret="another")) as venue:
        venue.advance(HOUR_S)
        venue.follow_real_time()
        store = make_store(
            tmp_path / "wrong", STATE, mode=AccountMode.SANDBOX, endpoint=venue.url, client_order_id_prefix="grid-"
        )
        before = content(store)
        for options in (("--dry-run",), ("--cancel-own",)):
            code, _, err = run("recover", store, *options)
            assert code == 1
            assert "the exchange refuses this key and does not say why" in err
            assert "What to do: Check on the exchange's site that the key still exists" in err
            assert "Try again" not in err
        assert content(store) == before


@pytest.mark.scenario(40)
@pytest.mark.parametrize("options", [("--dry-run",), ("--cancel-own",)])
def test_an_exchange_that_answers_with_web_pages_is_a_failure_and_no_recovery(
    run: Run, account: Account, options: tuple[str, ...]
) -> None:
    account.venue.add_fault(Fault(kind=FaultKind.HTML_502, times=10_000))
    before = content(account.store)
    code, _, err = run("recover", account.store, *options)
    account.venue.clear_faults()
    assert (code, "a web page instead of an answer" in err, "<html" in err) == (1, True, False)
    assert content(account.store) == before
    assert len(account.open()) == 3


def test_while_the_bot_runs_it_is_named_and_nothing_is_sent(run: Run, account: Account) -> None:
    with StateStore(account.store, purpose="grid") as bot:
        bot.acquire()
        before = content(account.store)
        code, _, err = run("recover", account.store, "--cancel-own")
        assert (code, "in use by grid (process" in err) == (1, True)
        assert content(account.store) == before
        assert "running (process" in run("list", account.store)[1]
    assert account.deletes() == 0


def test_an_endpoint_on_another_machine_is_refused(run: Run, store: Path) -> None:
    manifest = StoreManifest(bot="grid", exchange="binanceusdm", endpoint="http://203.0.113.5:80")
    (store / "store.toml").write_text(manifest_text(manifest))
    code, _, err = run("recover", store, "--dry-run")
    assert (code, "only for an exchange on this machine" in err) == (2, True)
