"""Every error of the command line says what happened, what it means, what to do, and ends with the code that its help names."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from command_line import Run, content, make_store
from loopback_incident import LoopbackIncident
from strategies import T0
from strategies import state as state_at

from crashdesk import cli, cli_errors, cli_recover
from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.clock import Clock
from crashdesk.config import AccountMode, StoreManifest, read_manifest, write_manifest
from crashdesk.connections import open_store_exchange
from crashdesk.errors import CodecError, CrashdeskError, DemoError, StateError, StorageError
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

MEANS, TO_DO = "\n  What it means: ", "\n  What to do: "


def three(*_: object) -> tuple[Any, ...]:
    return tuple(state_at(timestamp=T0 + number * 10**9) for number in range(3))


def unheard_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cut_newest(store: Path) -> None:
    newest = max((store / "checkpoints").glob("*.zqck"))
    newest.write_bytes(newest.read_bytes()[:-3])


@pytest.mark.parametrize("command", ["list", "show", "verify", "recover", "settle", "audit"])
@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_wrong_path(run: Run, tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run(command, tmp_path / name)
    assert code == 2
    assert "give the directory that the bot's RecoveryConfig names as checkpoint_dir" in err
    assert f"{MEANS}Nothing was sent to the exchange and nothing was written." in err


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", [("recover",), ("verify", "--repair")])
def test_a_store_in_use_by_a_running_bot(run: Run, store: Path, command: tuple[str, ...]) -> None:
    with StateStore(store, purpose="the grid bot") as bot:
        bot.acquire()
        code, _, err = run(*command, store)
    assert (code, "is in use by the grid bot (process" in err) == (1, True)
    assert f"{MEANS}Nothing was sent to the exchange and nothing was written." in err
    assert f"{TO_DO}Look at it meanwhile with `crashdesk show STORE`" in err
    step = f"  Next: stop the program that holds the store, then type: crashdesk recover {store} --dry-run"
    assert command[0] != "recover" or err.splitlines()[-1] == step


def test_no_keys(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.startswith("CRASHDESK_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("crashdesk.connections.credentials_from_keyring", lambda exchange, account: None)
    code, _, err = run("recover", store)
    assert (code, "set CRASHDESK_BINANCEUSDM_API_KEY" in err) == (2, True)
    assert f"{MEANS}The exchange was not asked, so what it holds now is not known." in err


def test_an_exchange_that_is_none(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRASHDESK_BINANCEUSDN_API_KEY", "k")
    monkeypatch.setenv("CRASHDESK_BINANCEUSDN_SECRET", "s")
    manifest = (store / "store.toml").read_text()
    (store / "store.toml").write_text(manifest.replace("binanceusdm", "binanceusdn"))
    code, _, err = run("recover", store, "--dry-run")
    assert (code, "did you mean" in err) == (1, True)
    assert f"{TO_DO}Check `exchange` (ccxt's id) and `market_type` in the store's store.toml." in err


@pytest.mark.parametrize("option", ["--dry-run", "--cancel-own"])
def test_a_dead_network(run: Run, tmp_path: Path, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = f"http://127.0.0.1:{unheard_port()}"
    store = make_store(tmp_path / "store", *three(), mode=AccountMode.SANDBOX)

    def unheard(manifest: StoreManifest, environ: Mapping[str, str], *, clock: Clock) -> CcxtExchange:
        return open_store_exchange(msgspec.structs.replace(manifest, endpoint=endpoint), environ, clock=clock)

    monkeypatch.setattr(cli_recover, "open_store_exchange", unheard)
    before = content(store)
    code, _, err = run("recover", store, option)
    assert (code, "the exchange could not be reached" in err) == (1, True)
    assert f"{MEANS}What the exchange holds now is not known." in err
    assert f"{TO_DO}Check this machine's network" in err
    assert err.splitlines()[-1] == f"  Next: once that is put right, type: crashdesk recover {store} --dry-run"
    assert content(store) == before


@pytest.mark.parametrize("option", ["--dry-run", "--cancel-own"])
def test_a_demonstration_that_has_ended(run: Run, tmp_path: Path, option: str) -> None:
    endpoint = f"http://127.0.0.1:{unheard_port()}"
    store = make_store(tmp_path / "store", *three(), endpoint=endpoint, mode=AccountMode.SANDBOX, demonstration=True)
    before = content(store)
    code, _, err = run("recover", store, option)
    assert (code, "this store is a demonstration's; its exchange ended with it" in err) == (1, True)
    assert f"{MEANS}No account is concerned." in err
    assert f"{TO_DO}To practise a recovery, start the demonstration anew: crashdesk demo --store DIRECTORY" in err
    assert err.splitlines()[-1] == "  Next: crashdesk demo --store DIRECTORY, with a directory that is not there yet"
    assert "network" not in err
    assert run("demo", "--start-bot", store) == (code, "", err)
    assert content(store) == before


def test_a_demonstration_whose_bot_still_trades(run: Run, here: LoopbackIncident) -> None:
    manifest = read_manifest(here.directory, LocalFiles())
    assert manifest is not None
    demonstration = msgspec.structs.replace(manifest, endpoint=here.venue.url, demonstration=True)
    write_manifest(here.directory, demonstration, LocalFiles())
    here.clock.ahead_s = 3600
    code, _, err = run("recover", here.directory, "--dry-run")
    assert (code, "this store is a demonstration's, and its bot is still trading its day" in err) == (1, True)
    assert f"{TO_DO}Wait until the demonstration's window shows the crash" in err
    assert "time service" not in err


def test_a_damaged_newest_checkpoint(run: Run, tmp_path: Path) -> None:
    store = make_store(tmp_path / "store", *three())
    cut_newest(store)
    code, out, _ = run("show", store)
    assert (code, "! Checkpoint 3 of 2023-11-14 22:13:22 UTC was passed over: the checksum does not fit" in out) == (
        0,
        True,
    )
    assert "What follows is the newest state that can be trusted" in out
    code, out, _ = run("list", store)
    assert (code, "! 1 checkpoint cannot be used: `crashdesk verify` says what to do" in out) == (0, True)


def test_a_comparison_says_that_the_newest_checkpoint_was_passed_over(run: Run, here: LoopbackIncident) -> None:
    cut_newest(here.directory)
    out = run("recover", here.directory, "--dry-run")[1]
    told, _, compared = out.partition("Compared: ")
    assert "! Checkpoint 4 of" in told
    assert "`crashdesk verify` says what to do about the file." in told
    assert "checkpoint 3" in compared


def test_no_checkpoint_that_can_be_used(run: Run, tmp_path: Path) -> None:
    store = make_store(tmp_path / "store", three()[0])
    cut_newest(store)
    code, _, err = run("show", store)
    assert (code, "restore a backup of the directory" in err) == (1, True)
    assert f"{MEANS}What the bot knew last cannot be told from this store. Orders that rest on the exchange stay" in err
    assert f"{TO_DO}Look with `crashdesk verify STORE` what is wrong with each file." in err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An incident whose exchange and time are those of `recover`."""
    with LoopbackIncident(tmp_path / "incident") as incident:
        monkeypatch.setattr(cli_recover, "SystemClock", lambda: incident.clock)
        monkeypatch.setattr(cli_recover, "open_store_exchange", lambda *_, **__: incident.open_exchange())
        yield incident


def full_disk(*_: object, **__: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_before_anything_was_sent(
    run: Run, here: LoopbackIncident, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(os, "write", full_disk)
        code, _, err = run("recover", here.directory, "--cancel-own")
    assert (code, "cannot be written (No space left on device); check its permissions and free space" in err) == (
        1,
        True,
    )
    assert f"{MEANS}Nothing was sent to the exchange. What was saved before is still there." in err
    assert here.cancel_requests == 0


def test_a_full_disk_where_the_output_goes(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "say", full_disk)
    code, _, err = run("list", store)
    assert (code, "refused a file operation: No space left on device" in err, "Traceback" in err) == (1, True, False)
    assert f"{MEANS}The command ended in the middle." in err
    assert f"{TO_DO}Check the disk's room and permissions" in err


def log_full_at(kind: AuditKind) -> Callable[..., AuditEntry]:
    append = Journal.append

    def refuse(self: Journal, wanted: AuditKind, *arguments: Any, **named: Any) -> AuditEntry:
        if wanted is kind:
            raise DatabaseUnusable("journal.sqlite cannot be used: database or disk is full")
        return append(self, wanted, *arguments, **named)

    return refuse


def test_a_full_disk_under_the_audit_log_before_anything_was_sent(
    run: Run, here: LoopbackIncident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Journal, "append", log_full_at(AuditKind.PLAN))
    code, _, err = run("recover", here.directory, "--cancel-own")
    assert (code, "database or disk is full" in err, here.cancel_requests) == (1, True, 0)
    assert f"{MEANS}Nothing was sent to the exchange" in err
    assert f"{TO_DO}Look whether the disk has room" in err


def test_a_full_disk_after_orders_were_cancelled_is_told_in_the_report(
    run: Run, here: LoopbackIncident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Journal, "append", log_full_at(AuditKind.OUTCOME))
    code, out, err = run("recover", here.directory, "--cancel-own")
    assert (code, err, here.cancel_requests) == (1, "", 1)
    assert "! Recovery stopped before the end: nothing was saved" in out
    assert out.count("database or disk is full") == 1


def test_an_error_while_orders_are_handled_never_says_that_nothing_was_sent(
    run: Run, here: LoopbackIncident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, step: Callable[[int, int, str], None], **__: object) -> None:
        step(0, 1, "cancel")
        raise StorageError("the disk says no")

    monkeypatch.setattr("crashdesk.operator_recovery.OperatorRecovery.execute", fail)
    code, _, err = run("recover", here.directory, "--cancel-own")
    assert (code, "Nothing was sent" in err) == (1, False)
    assert f"{MEANS}Orders may have been handled before this." in err
    assert err.splitlines()[-1] == f"  Next: crashdesk recover {here.directory} --resume"


def test_every_kind_of_error_has_an_answer() -> None:
    """A new kind of error does not come to an operator without what it means."""

    def kinds(kind: type[CrashdeskError]) -> list[type[CrashdeskError]]:
        return [kind, *(each for below in kind.__subclasses__() for each in kinds(below))]

    unanswered = {kind for kind in kinds(CrashdeskError)[1:] if len(cli_errors.error_lines(kind("it failed"))) < 2}
    # A record that a bot made, a file that `verify` speaks of, and the demonstration, which is nobody's money.
    assert {kind for kind in unanswered if not issubclass(kind, StateError | CodecError | DemoError)} == set()
