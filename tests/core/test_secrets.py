"""Whatever goes wrong: no key, no secret, no passphrase, no signature is in anything that an incident leaves or says."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import ccxt
import msgspec
import pytest
import requests
import strategies as make
from rich.pretty import pretty_repr
from venue_clock import VenueClock

from crashdesk import cli
from crashdesk.changes import Mark, checkpoint_mark
from crashdesk.config import AccountMode, StoreManifest, write_manifest
from crashdesk.demo import endpoint, transport
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, Dialect, EmbeddedExchange, Fault, FaultKind
from crashdesk.errors import CrashdeskError
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings, variable_name
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.patience import Patience
from crashdesk.reconcile.records import Action, Decision
from crashdesk.report import report_html, report_markdown
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

BTC = "BTC/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
KEY, SECRET, PHRASE = "Kq7PROBEkey/81+x=", "Sw3PROBEsecret&55?y+z==", "Pv9PROBEphrase#44 u"
LISTEN_KEY = "Lk2PROBElistenKey770044aabbccddeeff"
WRONG_SECRET = "Wx5PROBEwrong+secret/33"
ORDER_PATHS = {"binanceusdm": "/fapi/v1/order", "okx": "/api/v5/trade/cancel-order"}
BEGINNING = 10
"""So many characters of a secret are looked for."""

SIGNATURE_HEADERS = ("OK-ACCESS-SIGN", "X-BAPI-SIGN", "API-Sign")


class Wire:
    """What really was signed, and a server that throws requests back with everything in them."""

    def __init__(self) -> None:
        self.signatures: set[str] = set()
        self.echoes = 0
        self.echoed = 0

    def tap(self, client: Any) -> None:
        adapter = client.session.get_adapter("https://")
        send = adapter.send

        def watched(request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
            body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
            for text in (urlsplit(request.url or "").query, body):
                self.signatures.update(parse_qs(text).get("signature", ()))
            self.signatures.update(request.headers[name] for name in SIGNATURE_HEADERS if name in request.headers)
            if self.echoes and KEY in request.headers.values():
                self.echoes -= 1
                self.echoed += 1
                return self._echo(request, body, "50026" if client.id == "okx" else "-1000")
            return send(request, *args, **kwargs)  # type: ignore[no-any-return]

        adapter.send = watched

    @staticmethod
    def _echo(request: requests.PreparedRequest, body: str, code: str) -> requests.Response:
        told = {"url": request.url, "body": body, "headers": dict(request.headers), "listenKey": LISTEN_KEY}
        words = f"internal error listenKey={LISTEN_KEY} {request.headers} {request.url} {body}"
        reply = requests.Response()
        reply.status_code, reply.reason, reply.request, reply.url = 500, "as sent", request, request.url or ""
        reply.headers["Content-Type"] = "application/json"
        reply.raw = io.BytesIO(msgspec.json.encode({"code": code, "msg": words, "request": told}))
        return reply


class Said:
    """Every text and every byte that came out."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, bytes]] = []

    def add(self, where: str, what: object) -> None:
        self.texts.append((where, what if isinstance(what, bytes) else str(what).encode()))

    def add_error(self, where: str, error: BaseException) -> None:
        self.add(where, f"{error!r}\n{error}\n" + "".join(traceback.format_exception(error)))

    def add_files(self, directory: Path) -> None:
        for path in sorted(directory.rglob("*")):
            self.add(path.name, path.name)
            if path.is_file():
                self.add(str(path.relative_to(directory)), path.read_bytes())

    def finds(self, secrets: set[str]) -> list[tuple[str, str]]:
        """Where the beginning of a secret is to be seen, as it is or as an address holds it: a cut one is too much already."""
        whole = {form for secret in secrets for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        forms = {form[:BEGINNING].encode() for form in whole}
        return [(where, form.decode()) for where, text in self.texts for form in forms if form in text]


class Everything(logging.Handler):
    """All log records of all loggers, from DEBUG on."""

    def __init__(self, said: Said) -> None:
        super().__init__(logging.DEBUG)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.add(f"log {record.name}", logging.Formatter().format(record))


@pytest.fixture
def said() -> Iterator[Said]:
    collected = Said()
    root, handler = logging.getLogger(), Everything(collected)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield collected
    root.removeHandler(handler)
    root.setLevel(level)


class Incident:
    """A bot that died, its store, and an operator whose connection fails in every way."""

    def __init__(self, exchange_id: str, directory: Path, said: Said) -> None:
        self.exchange_id, self.directory, self.said = exchange_id, directory, said
        dialect = Dialect.OKX if exchange_id == "okx" else Dialect.BINANCE
        keys = Credentials(api_key=KEY, secret=SECRET, passphrase=PHRASE)
        self.venue = EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(keys,), dialect=dialect)
        self.clock = VenueClock(self.venue)
        self.wire = Wire()
        self.exchange = self.open(SECRET)
        with StateStore(directory, clock=self.clock) as store:
            seq = store.save(make.state(timestamp=START_NS, open_orders=(), positions=())).seq
            write_manifest(
                directory, StoreManifest(bot="grid", exchange=exchange_id, client_order_id_prefix="grid"), LocalFiles()
            )
            journal = Journal(directory, self.clock)
            journal.commit([checkpoint_mark(Mark(seq, START_NS))])
            journal.close()
        client = self._trader()
        before = list(said.texts)
        for number in range(1, 5):
            params = {"clientOrderId": f"grid{number}"}
            client.create_order(BTC, "limit", "buy", "1" if exchange_id == "okx" else "0.01", f"5{number}000", params)
        client.session.close()
        said.texts[:] = before  # what a client of the test's own logs is not ours to keep quiet
        self.venue.advance(60)
        self.view = StoreView(directory, clock=self.clock)

    def _trader(self) -> Any:
        client = getattr(ccxt, self.exchange_id)(
            {
                "apiKey": KEY,
                "secret": SECRET,
                "password": PHRASE,
                "options": {**demo_client_options(), "defaultType": "swap"},
            }
        )
        mount_loopback(client, self.venue.url, now_ns=self.venue.now_ns)
        return client

    def open(self, secret: str) -> CcxtExchange:
        def prepare(client: Any) -> None:
            mount_loopback(client, self.venue.url, now_ns=self.venue.now_ns)
            self.wire.tap(client)

        values = {"apiKey": KEY, "secret": secret}
        if self.exchange_id == "okx":
            values["password"] = PHRASE
        settings = ExchangeSettings(exchange=self.exchange_id, account="main", timeout_s=0.25, deadline_s=1)
        credentials = ExchangeCredentials(values=values)
        self.said.add("settings", f"{settings!r}{pretty_repr(settings)}")
        self.said.add("credentials", f"{credentials!r}{credentials}{pretty_repr(credentials)}")
        exchange = CcxtExchange(settings, credentials, clock=self.clock, prepare=prepare)
        self.said.add("exchange", repr(exchange))
        # An application may lower the levels of the libraries again.
        for name in ("urllib3", "urllib3.connectionpool", "requests", "ccxt", "ccxt.base.exchange"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        return exchange

    def try_to(self, what: str, work: Callable[[], object]) -> None:
        try:
            told = work()
            self.said.add(what, f"{told!r}\n{pretty_repr(told)}\n".encode() + msgspec.json.encode(told, enc_hook=str))
        except CrashdeskError as error:
            logging.getLogger("crashdesk").exception("%s failed", what)
            self.said.add_error(what, error)

    def read_all(self, exchange: CcxtExchange, when: str) -> None:
        self.try_to(f"{when}: connect", exchange.connect)
        self.try_to(f"{when}: check", exchange.check_credentials)
        self.try_to(f"{when}: orders", lambda: exchange.read_open_orders([BTC]))
        self.try_to(f"{when}: positions", lambda: exchange.read_positions([BTC]))
        self.try_to(f"{when}: account", exchange.read_account)
        self.try_to(f"{when}: late", lambda: exchange.late_results)

    def recover(self) -> None:
        """One orphan is echoed, one is lost in a truncated answer, one in a timeout, one is done."""
        recovery = OperatorRecovery(self.view, self.exchange, who="kim", clock=self.clock, patience=Patience(proof_s=2))
        comparison = recovery.compare()
        path = ORDER_PATHS[self.exchange_id]
        self.venue.add_fault(Fault(kind=FaultKind.TRUNCATED, path=path, skip=1))
        self.venue.add_fault(Fault(kind=FaultKind.DELAY_AFTER, path=path, skip=1, seconds=0.4))
        decisions = [
            Decision(order_key=verdict.key, action=Action.CANCEL, who="kim") for verdict in comparison.plan.orphans
        ]
        assert len(decisions) == 4
        self.said.add("plan", msgspec.json.encode(comparison.plan))
        report = recovery.execute(
            comparison,
            decisions,
            plan_id=comparison.plan.id,
            step=lambda done, total, text: self._echo_once(done, text),
        )
        self.said.add("report.md", report_markdown(report))
        self.said.add("report.html", report_html(report))
        self.said.add("report.json", msgspec.json.encode(report, enc_hook=str))
        self.said.add("report", repr(report))

    def _echo_once(self, done: int, text: str) -> None:
        self.said.add("step", text)
        if done == 2 and not self.wire.echoed:
            self.wire.echoes = 2

    def close(self) -> None:
        self.view.close()
        self.exchange.close()
        self.venue.close()


@pytest.mark.parametrize("exchange_id", ["binanceusdm", "okx"])
def test_nothing_that_an_incident_leaves_or_says_holds_a_secret(
    exchange_id: str, tmp_path: Path, said: Said, capfd: pytest.CaptureFixture[str]
) -> None:
    incident = Incident(exchange_id, tmp_path / "store", said)
    with contextlib.closing(incident):
        incident.recover()
        for kind in (FaultKind.TRUNCATED, FaultKind.HTML_502, FaultKind.RATE_LIMITED, FaultKind.DELAY_AFTER):
            incident.venue.add_fault(Fault(kind=kind, method="GET", times=3, seconds=0.3))
            incident.read_all(incident.exchange, kind.value)
            incident.venue.clear_faults()
        incident.wire.echoes = 8
        incident.read_all(incident.exchange, "echoed")
        incident.wire.echoes = 0
        stranger = incident.open(WRONG_SECRET)
        incident.read_all(stranger, "bad signature")
        incident.wire.echoes = 8
        incident.read_all(stranger, "bad signature, echoed")
        stranger.close()
        logging.getLogger("crashdesk.exchange").error("with %s", {"apiKey": KEY, "secret": SECRET})
    said.add_files(incident.directory)
    out, err = capfd.readouterr()
    said.add("stdout", out)
    said.add("stderr", err)

    # It did go wrong in all these ways, and was told; else nothing would be proved.
    everything = b"\n".join(text for _, text in said.texts)
    assert len(incident.wire.signatures) > 5
    assert incident.wire.echoed >= 10
    assert b"internal error" in everything
    assert b"the secret does not belong to this key" in everything
    assert {"log crashdesk", "log crashdesk.exchange", "log urllib3.connectionpool"} <= {
        where for where, _ in said.texts
    }
    assert said.finds({KEY, SECRET, PHRASE, WRONG_SECRET, LISTEN_KEY} | incident.wire.signatures) == []


def test_the_command_line_shows_and_keeps_no_secret(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    keys = {"apiKey": KEY, "secret": SECRET}
    for name, value in keys.items():
        monkeypatch.setenv(variable_name("binanceusdm", name), value)
    monkeypatch.setattr(endpoint, "demo_credentials", lambda *_: ExchangeCredentials(values=keys))
    wire = Wire()

    def mount_and_tap(client: Any, url: str, **options: Any) -> None:
        mount_loopback(client, url, **options)
        wire.tap(client)

    monkeypatch.setattr(transport, "mount_loopback", mount_and_tap)
    begun = time.time_ns() - 3600 * 10**9
    account = Credentials(api_key=KEY, secret=SECRET)
    with EmbeddedExchange(seed=7, start_ns=begun, credentials=(account,)) as venue:
        trader = ccxt.binanceusdm({"apiKey": KEY, "secret": SECRET, "options": demo_client_options()})
        mount_loopback(trader, venue.url, now_ns=venue.now_ns)
        trader.create_order(BTC, "limit", "buy", "0.01", "60000", {"clientOrderId": "grid1"})
        trader.session.close()
        said.texts.clear()  # what a client of the test's own logs is not ours to keep quiet
        venue.advance(3600)
        venue.follow_real_time()
        with StateStore(store, clock=VenueClock(venue)) as opened:
            opened.save(make.state(timestamp=begun, open_orders=(), positions=()))
            Journal(store, VenueClock(venue)).close()
            manifest = StoreManifest(
                bot="grid", exchange="binanceusdm", mode=AccountMode.SANDBOX, endpoint=venue.url,
                client_order_id_prefix="grid",
            )  # fmt: skip
            write_manifest(store, manifest, LocalFiles())
        for fault in (None, FaultKind.HTML_503, FaultKind.UNKNOWN_STATUS, FaultKind.TRUNCATED, FaultKind.CLOCK_SKEW):
            if fault is not None:
                venue.add_fault(Fault(kind=fault, method="GET", times=100, seconds=60))
            run(monkeypatch, "recover", store, "--dry-run")
            run(monkeypatch, "recover", store, "--cancel-own")
            venue.clear_faults()
        wire.echoes = 20
        run(monkeypatch, "recover", store, "--dry-run")
    run(monkeypatch, "recover", store, "--dry-run")
    run(monkeypatch, "verify", store)
    run(monkeypatch, "show", store)
    said.add_files(store)
    out, err = capfd.readouterr()
    said.add("stdout", out)
    said.add("stderr", err)

    assert "ours, unknown to the bot" in out
    assert "internal error" in out + err
    assert wire.signatures
    assert said.finds({KEY, SECRET, LISTEN_KEY} | wire.signatures) == []
    assert "signature=" not in out + err


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["crashdesk", *map(str, arguments)])
    with pytest.raises(SystemExit):
        cli.main()
