"""`crashdesk recover` as a process of its own: what is typed into its terminal, piped into it, and whose keys it has."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ccxt
import pytest
import strategies as make
from command_line import content, make_store
from terminal_account import BTC, Account, exchange_in_the_past

from crashdesk.config import AccountMode
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials
from crashdesk.storage.store import StateStore

SECONDS = 60
OTHER = Credentials(api_key="other-key", secret="other-secret", account="other")


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with exchange_in_the_past(Credentials(api_key=BOT_KEY, secret=BOT_SECRET), OTHER) as venue:
        made = Account(tmp_path / "account", venue)
        yield made
        made.trader.session.close()


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "crashdesk", *map(str, arguments)]


def piped(text: str, *arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(command(*arguments), input=text, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.returncode, done.stdout, done.stderr


def typed(answers: dict[str, str], *arguments: object) -> tuple[int, str]:
    """Exit code and all that the terminal showed; each answer is typed once its question stands there."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "400", "TERM": "dumb"}
    with subprocess.Popen(command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown, waiting, deadline = "", list(answers.items()), time.monotonic() + SECONDS
        with contextlib.suppress(OSError):  # the terminal ends with the process
            while data := os.read(ours, 65536):
                shown += data.decode()
                if waiting and waiting[0][0] in shown:
                    os.write(ours, f"{waiting.pop(0)[1]}\n".encode())
                if time.monotonic() > deadline:
                    process.kill()
        code = process.wait(SECONDS)
    os.close(ours)
    return code, shown.replace("\r", "")


terminal = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal")


@terminal
def test_whatever_is_no_typed_yes_is_a_no(account: Account) -> None:
    before = content(account.store)
    for answer in ("n\n", "y\n", ""):
        code, _, err = piped(answer, "recover", account.store)
        assert (code, "nobody can be asked" in err) == (1, True)
    for answer in ("n", "", "\x04"):
        code, shown = typed({"[y/N]": answer}, "recover", account.store)
        assert (code, "Nothing was sent, nothing was written." in shown) == (1, True)
        step = f"Next: leave the bot stopped; to decide again, type: crashdesk recover {account.store}"
        assert shown.splitlines()[-1] == step
    assert (account.deletes(), content(account.store) == before) == (0, True)
    code, shown = typed({"[y/N]": "y"}, "recover", account.store)
    assert (code, account.deletes()) == (0, 1)
    assert shown.splitlines()[-1] == "Next: start the bot as you always do"


@pytest.fixture
def strange(account: Account, tmp_path: Path) -> Path:
    """A store of the account `other`, on the exchange whose keys at hand are those of `main`."""
    client: Any = ccxt.binanceusdm({"apiKey": OTHER.api_key, "secret": OTHER.secret, "options": demo_client_options()})
    mount_loopback(client, account.venue.url, now_ns=account.venue.now_ns)
    # Nothing of it is too young to judge, however fast the commands are.
    then = time.time_ns() - 600 * 10**9
    known = []
    for number in (1, 2):
        name = f"grid-o{number}"
        placed = client.create_order(BTC, "limit", "buy", "0.01", "57000", {"clientOrderId": name})
        known.append(make.order(id=str(placed["id"]), client_order_id=name, created_at=then))
    client.session.close()
    return make_store(
        tmp_path / "other",
        make.state(timestamp=then, positions=(), open_orders=tuple(known)),
        endpoint=account.venue.url,
        mode=AccountMode.SANDBOX,
        client_order_id_prefix="grid-",
    )


@terminal
def test_with_another_accounts_keys_nothing_goes_by_itself(account: Account, strange: Path) -> None:
    before, open_orders = content(strange), account.open()
    again = (
        f"Next: set the keys of the account that the store belongs to, then type: crashdesk recover {strange} --dry-run"
    )

    code, out, _ = piped("", "recover", strange, "--dry-run")
    first, *_, last = out.splitlines()
    assert (code, last) == (0, again)
    assert "; the account that was opened may be another one than the store's; " in first
    assert "proposed for cancellation" not in out

    for option in ("--cancel-own", "--save"):
        code, _, err = piped("", "recover", strange, option)
        assert (code, "since nobody confirmed that it is this account" in err) == (1, True)
        assert err.splitlines()[-1] == f"  {again}"

    code, shown = typed({"[y/N]": "y", "Type 2": "3"}, "recover", strange)
    assert (code, "gives up all 2 orders and positions of the store" in " ".join(shown.split())) == (1, True)
    assert "Nothing was sent, nothing was written." in shown
    assert (content(strange), account.open(), account.deletes()) == (before, open_orders, 0)

    code, shown = typed({"[y/N]": "y", "Type 2": "2"}, "recover", strange)
    assert (code, account.open(), account.deletes()) == (0, open_orders, 0)
    with StateStore(strange, read_only=True) as store:
        state = store.load_latest()
    assert state is not None
    assert state.open_orders == ()
