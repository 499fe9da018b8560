"""One thread that owns one ccxt client: calls go in through a queue, answers come back or are kept as late."""

from __future__ import annotations

import enum
import queue
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from crashdesk.errors import ExchangeUnavailable
from crashdesk.trouble import Trouble, TroubleKind

SECONDS_TO_CLOSE = 2.0

Client = Any
Work = Callable[[Client], Any]


class NotStarted(ExchangeUnavailable):
    """The call waited behind others until its time was up, or the connection was closed: nothing was sent."""

    def __init__(self, text: str) -> None:
        super().__init__(text, Trouble(kind=TroubleKind.NOT_SENT, words=text))


class NoAnswerInTime(ExchangeUnavailable):
    """The request was under way when its time was up: what it did is unknown."""

    def __init__(self, text: str) -> None:
        super().__init__(text, Trouble(kind=TroubleKind.NO_ANSWER, words=text))


class Reply(msgspec.Struct, frozen=True):
    """What came of a call: `error` None means that `value` is the answer."""

    value: Any = None
    error: Exception | None = None


class _Stage(enum.Enum):
    WAITING = enum.auto()
    RUNNING = enum.auto()
    DONE = enum.auto()
    GIVEN_UP = enum.auto()


class _Call:
    """One call; who changes its stage first decides whether it runs, and whether its answer is late."""

    def __init__(self, label: str, work: Work) -> None:
        self.label = label
        self.work = work
        self.reply = Reply()
        self.stage = _Stage.WAITING
        self.done = threading.Event()
        self.lock = threading.Lock()

    def start(self) -> bool:
        """Whether it may run: not when its caller gave up before."""
        with self.lock:
            if self.stage is not _Stage.WAITING:
                return False
            self.stage = _Stage.RUNNING
            return True

    def finish(self, reply: Reply) -> bool:
        """Hand over the reply; False when nobody waits any more."""
        with self.lock:
            self.reply = reply
            in_time = self.stage is not _Stage.GIVEN_UP
            self.stage = _Stage.DONE if in_time else self.stage
        self.done.set()
        return in_time

    def give_up(self) -> _Stage:
        """Stop waiting; the stage in which that found it."""
        with self.lock:
            found = self.stage
            if found is not _Stage.DONE:
                self.stage = _Stage.GIVEN_UP
            return found


class ClientWorker:
    """Owns a client that must not be shared between threads, because its rate limit is not safe to share.

    `build` makes the client in the worker's thread at the first call, and again at the next when it failed. `late`
    hears, in that thread, of every reply whose caller had stopped waiting. Thread-safe.
    """

    def __init__(
        self,
        build: Callable[[], Client],
        *,
        dispose: Callable[[Client], None],
        late: Callable[[str, Reply], None],
        name: str = "exchange",
    ) -> None:
        self._build = build
        self._dispose = dispose
        self._late = late
        self._name = name
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._asked: set[_Call] = set()

    def ask(self, label: str, work: Work, deadline_s: float) -> Reply:
        """Run `work(client)` in the worker's thread and wait at most `deadline_s` for it, in wall-clock time.

        The reply's error is whatever `work` or building the client raised, or NotStarted, or NoAnswerInTime.
        """
        call = _Call(label, work)
        with self._lock:
            if self._closed:
                return Reply(error=NotStarted(f"{label}: the connection to the exchange was closed; open it again"))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._calls.put(call)
            self._asked.add(call)
        call.done.wait(deadline_s)
        with self._lock:
            self._asked.discard(call)
        match call.give_up():
            case _Stage.DONE:
                return call.reply
            case _Stage.WAITING:
                why = (
                    "the connection to the exchange was closed"
                    if self._closed
                    else f"nothing was sent within {deadline_s:g} s, because earlier requests are still under way; try again"
                )
                return Reply(error=NotStarted(f"{label}: {why}"))
            case _:
                until = "before the connection was closed" if self._closed else f"within {deadline_s:g} s"
                return Reply(
                    error=NoAnswerInTime(
                        f"{label}: no complete answer {until}; what the request did is unknown until it is read again"
                    )
                )

    def close(self) -> None:
        """Refuse new calls, drop the waiting ones, wait up to SECONDS_TO_CLOSE for the one under way, then for no answer."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            thread = self._thread
            self._calls.put(None)
        if thread is not None and thread is not threading.current_thread():
            thread.join(SECONDS_TO_CLOSE)
        with self._lock:
            for call in self._asked:
                call.done.set()

    def _run(self) -> None:
        client: Client = None
        try:
            while (call := self._calls.get()) is not None:
                client = self._serve(call, client)
        finally:
            if client is not None:
                self._dispose(client)

    def _serve(self, call: _Call, client: Client) -> Client:
        if not call.start():
            return client
        if self._closed:
            call.finish(Reply(error=NotStarted(f"{call.label}: the connection to the exchange was closed")))
            return client
        try:
            if client is None:
                client = self._build()
            reply = Reply(value=call.work(client))
        except Exception as error:  # noqa: BLE001 - ccxt's parsers raise anything; the caller gets it as a value
            reply = Reply(error=error)
        if not call.finish(reply):
            self._late(call.label, reply)
        return client
