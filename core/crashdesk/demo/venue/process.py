"""The embedded exchange in a process of its own."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Sequence
from decimal import Decimal
from types import TracebackType
from typing import Self

import msgspec

from crashdesk.demo.venue.control import VenueControl
from crashdesk.demo.venue.dialect import Dialect
from crashdesk.demo.venue.exchange import EmbeddedExchange
from crashdesk.demo.venue.records import Credentials, VenueError

_SECONDS_TO_START = 30.0
_SECONDS_TO_END = 5.0


class VenueSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the process reads, one JSON line on standard input: keys must not be among arguments that `ps` shows."""

    seed: int
    start_ns: int
    credentials: tuple[Credentials, ...]
    hedge_mode: bool
    starting_balance: Decimal
    port: int
    dialect: Dialect = Dialect.BINANCE


class VenueAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the process writes, one JSON line on its standard output, once it serves."""

    url: str = ""
    token: str = ""
    error: str = ""


class VenueProcess:
    """A running exchange process. It ends with close(), or by itself when the process that started it is gone."""

    def __init__(self, process: "subprocess.Popen[bytes]", address: VenueAddress) -> None:
        self._process = process
        self.url = address.url
        self.token = address.token
        self.control = VenueControl(address.url, address.token)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and wait for it; a second call does nothing."""
        _end(self._process)


def spawn_venue(
    *,
    seed: int,
    start_ns: int,
    credentials: Sequence[Credentials],
    hedge_mode: bool = False,
    starting_balance: Decimal = Decimal("100000"),
    port: int = 0,
    dialect: Dialect = Dialect.BINANCE,
) -> VenueProcess:
    """Start an embedded exchange in its own process and wait until it serves. Raises VenueError when it does not."""
    settings = VenueSettings(
        seed=seed,
        start_ns=start_ns,
        credentials=tuple(credentials),
        hedge_mode=hedge_mode,
        starting_balance=starting_balance,
        port=port,
        dialect=dialect,
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "crashdesk.demo.venue"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        address = _introduce(process, settings)
    except BaseException:
        _end(process)
        raise
    return VenueProcess(process, address)


def serve_until_input_ends() -> int:
    """The process itself: read the settings, serve, write the address, end when the standard input does."""
    line = sys.stdin.buffer.readline()
    try:
        settings = msgspec.json.decode(line, type=VenueSettings)
        exchange = EmbeddedExchange(
            seed=settings.seed,
            start_ns=settings.start_ns,
            credentials=settings.credentials,
            hedge_mode=settings.hedge_mode,
            starting_balance=settings.starting_balance,
            port=settings.port,
            dialect=settings.dialect,
        )
    except msgspec.DecodeError:
        _write(VenueAddress(error="The embedded exchange reads its settings as one JSON line; use spawn_venue()."))
        return 2
    except VenueError as error:
        _write(VenueAddress(error=str(error)))
        return 1
    with exchange:
        _write(VenueAddress(url=exchange.url, token=exchange.token))
        with contextlib.suppress(KeyboardInterrupt):
            sys.stdin.buffer.read()
    return 0


def _write(address: VenueAddress) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(address) + b"\n")
    sys.stdout.buffer.flush()


def _introduce(process: "subprocess.Popen[bytes]", settings: VenueSettings) -> VenueAddress:
    assert process.stdin is not None
    assert process.stdout is not None
    lines: list[bytes] = []
    stdout = process.stdout
    # A pipe cannot be read with a deadline on every system; a thread can be waited for with one.
    reader = threading.Thread(target=lambda: lines.append(stdout.readline()), daemon=True)
    reader.start()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(msgspec.json.encode(settings) + b"\n")
        process.stdin.flush()
    reader.join(_SECONDS_TO_START)
    if not lines or not lines[0]:
        raise VenueError(
            f"The embedded exchange did not start within {_SECONDS_TO_START:.0f} s or ended at once. "
            f"Its own messages are above; `{sys.executable} -m crashdesk.demo.venue` must be runnable."
        )
    address = msgspec.json.decode(lines[0], type=VenueAddress)
    if address.error:
        raise VenueError(address.error)
    return address


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
