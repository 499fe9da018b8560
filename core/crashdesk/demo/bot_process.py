"""The sample bot as a process: ``python -m crashdesk.demo.bot_process``, its orders on standard input."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import msgspec

from crashdesk.clock import Clock, SystemClock
from crashdesk.config import RecoveryConfig
from crashdesk.connections import open_exchange
from crashdesk.demo.bot import GridBot
from crashdesk.demo.clock import VenueClock
from crashdesk.demo.endpoint import demo_credentials
from crashdesk.demo.setting import CHECKPOINT_INTERVAL_MS, Setting
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import VenueControl
from crashdesk.errors import CrashdeskError, DemoError
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus

_SECONDS_TO_START = 30.0
_SECONDS_TO_END = 10.0


class BotOrders(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is told, one JSON line: where the exchange and the store are, and how time runs.

    `accelerated` lets every pause of the bot move the exchange's time at full speed; `cycle_seconds` is that pause;
    `once` ends the bot after recovery and one checkpoint. From `until_ns` on it trades without moving time.
    """

    store: str
    url: str
    token: str
    accelerated: bool
    setting: Setting = Setting()
    once: bool = False
    cycle_seconds: float = 300
    until_ns: int = 0


class BotNews(msgspec.Struct, frozen=True, kw_only=True):
    """What the process says, one JSON line each: that it recovered and trades, or why it cannot."""

    event: str
    text: str = ""
    recovered: str = ""
    orders: int = 0
    positions: int = 0


class BotProcess:
    """A running sample bot. It ends with `stop`, `kill`, or by itself when the process that started it is gone."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.started: BotNews | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def await_started(self) -> BotNews:
        """Wait until it has recovered and says so. Raises DemoError when it cannot start."""
        lines: list[bytes] = []
        stdout = self._process.stdout
        assert stdout is not None
        # A pipe cannot be read with a deadline on every system; a thread can be waited for with one.
        reader = threading.Thread(target=lambda: lines.append(stdout.readline()), daemon=True)
        reader.start()
        reader.join(_SECONDS_TO_START)
        if not lines or not lines[0]:
            raise DemoError("the sample bot did not start; its own messages are above")
        news = msgspec.json.decode(lines[0], type=BotNews)
        if news.event == "failed":
            raise DemoError(f"the sample bot could not start: {news.text}")
        self.started = news
        return news

    def kill(self) -> None:
        """SIGKILL (TerminateProcess on Windows): nothing of it runs any more, nothing is flushed."""
        self._process.kill()
        self._close()

    def wait(self) -> int:
        """Wait for its own end and return its exit code. Raises DemoError when it does not end."""
        try:
            return self._process.wait(_SECONDS_TO_START)
        except subprocess.TimeoutExpired:
            raise DemoError("the sample bot did not end by itself") from None

    def stop(self) -> None:
        """Ask it to end, and see to it; a second call does nothing."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._close()

    def _close(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def spawn_bot(orders: BotOrders) -> BotProcess:
    """Start the sample bot. Raises DemoError when the process cannot be started."""
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "crashdesk.demo.bot_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(orders) + b"\n")
        process.stdin.flush()
    except OSError as error:
        raise DemoError(f"the sample bot cannot be started: {error}") from error
    return BotProcess(process)


def _trading_client(orders: BotOrders, clock: Clock) -> Any:
    import ccxt

    exchange = orders.setting.exchange
    keys = demo_credentials(exchange).values
    client = getattr(ccxt, exchange)({**keys, "options": demo_client_options()})
    client.number = str
    mount_loopback(client, orders.url, now_ns=clock.now_ns)
    return client


def _say(news: BotNews) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(news) + b"\n")
    sys.stdout.buffer.flush()


def run(orders: BotOrders, ended: threading.Event) -> int:
    """Recover, then trade until `ended`. Raises CrashdeskError when the bot must not trade."""
    control = VenueControl(orders.url, orders.token)
    clock: Clock = VenueClock(control) if orders.accelerated or orders.once else SystemClock()
    live = LiveState(clock=clock)
    manifest = orders.setting.manifest(orders.url)
    config = RecoveryConfig(
        checkpoint_dir=Path(orders.store),
        checkpoint_interval_ms=CHECKPOINT_INTERVAL_MS,
        max_checkpoints=2000,
        max_checkpoint_age_hours=24 * 30,
    )
    reader = open_exchange(manifest, credentials=demo_credentials(manifest.exchange), clock=clock)
    try:
        with RecoveryManager(live, config, reader, manifest=manifest, clock=clock) as manager:
            result = manager.recover()
            if result.status in (RecoveryStatus.CORRUPTED, RecoveryStatus.SYNC_FAILED):
                raise DemoError(f"recovery ended with {result.status}: {result.problem}")
            if orders.once:
                manager.checkpoint()
            _say(
                BotNews(
                    event="started",
                    recovered=result.status.value,
                    orders=len(live.orders),
                    positions=len(live.positions),
                )
            )
            if not orders.once:
                _trade(orders, manager, live, reader, clock, ended)
    finally:
        reader.close()
    return 0


def _trade(
    orders: BotOrders, manager: RecoveryManager, live: LiveState, reader: Any, clock: Clock, ended: threading.Event
) -> None:
    bot = GridBot(_trading_client(orders, clock), reader, manager, live, clock, orders.setting)
    manager.start_periodic_checkpoint()
    while not ended.is_set():
        bot.cycle()
        if orders.accelerated and clock.now_ns() < orders.until_ns:
            clock.sleep(orders.cycle_seconds)
        else:
            ended.wait(0.01 if orders.accelerated else orders.cycle_seconds)
    manager.checkpoint()


def main() -> int:
    """The process: orders in, news out; ends when its standard input ends or on SIGTERM."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    try:
        orders = msgspec.json.decode(sys.stdin.buffer.readline(), type=BotOrders)
    except msgspec.DecodeError:
        _say(BotNews(event="failed", text="the bot reads its orders as one JSON line; start it with spawn_bot()"))
        return 2

    def watch_parent() -> None:
        sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=watch_parent, name="parent-watch", daemon=True).start()
    try:
        return run(orders, ended)
    except CrashdeskError as error:
        _say(BotNews(event="failed", text=str(error)))
        return 1
    except Exception:  # noqa: BLE001 - ccxt raises anything; the thread that reads standard input would not let Python end
        traceback.print_exc()
        return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A thread may still be blocked in reading standard input; it holds nothing that must be flushed.
    os._exit(code)
