"""Shared by the tests of the core."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command_line import STATE, Run, make_store
from hypothesis import HealthCheck, settings
from strategies import ManualClock

from crashdesk import cli

# What knows ccxt is imported by the fixtures that need it: most tests of the core do without, and it takes its time.
if TYPE_CHECKING:
    from account_while_down import Account
    from ccxt_on_binance import Open
    from embedded_clients import Connect
    from execution_desk import Desk
    from interrupted_recovery import Fuse, Place

    from crashdesk.demo.venue import EmbeddedExchange
    from crashdesk.exchange.ccxt_exchange import CcxtExchange

settings.register_profile("crashdesk", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("crashdesk")


@pytest.fixture
def tmp_path(memory_path: Path) -> Path:
    """Every commit waits for the disk where there is one; that files reach it is tested in tests/faults."""
    return memory_path


@pytest.fixture
def clock() -> ManualClock:
    """A clock that only the test moves."""
    return ManualClock()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, standard output, standard error of one command."""

    def run_one(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["crashdesk", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        code = ended.value.code
        return (0 if code is None else int(code)), out, err

    return run_one


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one checkpoint."""
    return make_store(tmp_path / "store", STATE)


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    """The embedded exchange in its Binance dialect, running."""
    from ccxt_on_binance import KNOWN_KEYS, START_NS

    from crashdesk.demo.venue import EmbeddedExchange

    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=KNOWN_KEYS) as running:
        yield running


@pytest.fixture
def connect(venue: EmbeddedExchange) -> Iterator[Connect]:
    """Opens unmodified ccxt clients of the venue."""
    from binance_builders import BOT, new_client
    from embedded_clients import opened_clients

    with opened_clients(venue, new_client, BOT) as open_client:
        yield open_client


@pytest.fixture
def bot(connect: Connect) -> Any:
    """The bot's own ccxt client."""
    return connect()


@pytest.fixture
def open_exchange(venue: EmbeddedExchange) -> Iterator[Open]:
    """Opens accounts of the venue, as the product reads them."""
    from ccxt_on_binance import opened_accounts

    with opened_accounts(venue) as open_one:
        yield open_one


@pytest.fixture
def exchange(open_exchange: Open) -> CcxtExchange:
    """The bot's account of the venue, as the product reads it."""
    return open_exchange()


@pytest.fixture
def trader(venue: EmbeddedExchange) -> Iterator[Any]:
    """A ccxt client of the bot's account, which trades beside the product."""
    from ccxt_on_binance import BOT, new_trader

    client = new_trader(venue, BOT)
    yield client
    client.session.close()


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """An account that goes on living while the bot is down."""
    from account_while_down import BOT, START_NS, Account

    from crashdesk.demo.venue import EmbeddedExchange

    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BOT,)) as running:
        opened = Account(running, tmp_path)
        yield opened
        opened.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An operator's place at the embedded exchange."""
    from execution_desk import BOT, START_NS, VIEWER, Desk

    from crashdesk.demo.venue import EmbeddedExchange

    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BOT, VIEWER)) as running:
        opened = Desk(running, tmp_path)
        yield opened
        opened.close()


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch) -> Fuse:
    """Where a recovery dies, if the test lights it."""
    from interrupted_recovery import wired_fuse

    return wired_fuse(monkeypatch)


@pytest.fixture
def place(memory_path: Path, fuse: Fuse) -> Iterator[Place]:
    """A store and an exchange at which recoveries are interrupted."""
    from interrupted_recovery import Place

    made = Place(memory_path / "store", fuse)
    yield made
    made.view.close()
