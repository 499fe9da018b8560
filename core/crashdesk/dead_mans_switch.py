"""The dead man's switch: the exchange cancels the bot's orders by itself when the bot does not speak up in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from crashdesk.clock import Clock
from crashdesk.errors import ConfigError, CrashdeskError, ExchangeError, ExchangeUnavailable
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.exchange.protocol import Exchange
from crashdesk.switch_state import SwitchPosition, SwitchState

REFRESHES_PER_TIMEOUT = 3
"""At least so often it is refreshed within its timeout: one refresh may fail without anything being cancelled."""

_DEFAULT_REFRESHES = 4
_LEAST_TIMEOUT_S = 5.0
_LEAST_RETRY_S = 1.0


class SwitchFired(ExchangeUnavailable):
    """The switch could not be refreshed in time: by now the exchange has cancelled what it covers, protective stops too."""


class DeadMansSwitch:
    """Arms an exchange's switch and refreshes it on a thread of its own until it is disarmed. Safe to call from any thread.

    It cancels every order that it covers, **also the stops that protect a position**, unless the exchange says otherwise, and
    it closes no position. `symbols` tells the bot's symbols, for exchanges that have a switch for each; `note` writes to the
    store what changed, with words; `report` hears of every refresh that failed.
    """

    def __init__(
        self,
        exchange: Exchange,
        *,
        timeout_s: float,
        refresh_s: float | None = None,
        symbols: Callable[[], Collection[str]],
        clock: Clock,
        note: Callable[[SwitchState, str], None],
        report: Callable[[CrashdeskError], None],
    ) -> None:
        """Raises ConfigError for a `timeout_s` below 5 seconds, or a `refresh_s` that is not at most a third of it."""
        refresh = timeout_s / _DEFAULT_REFRESHES if refresh_s is None else refresh_s
        if not timeout_s >= _LEAST_TIMEOUT_S:
            raise ConfigError(f"a dead man's switch of {timeout_s!r} s fires at the first hiccup; give it at least 5 s")
        if not 0 < refresh <= timeout_s / REFRESHES_PER_TIMEOUT:
            raise ConfigError(
                f"a dead man's switch of {timeout_s:g} s that is refreshed every {refresh!r} s fires as soon as one refresh "
                f"fails; refresh it at least {REFRESHES_PER_TIMEOUT} times within its time"
            )
        self._exchange = exchange
        self._timeout_s, self._refresh_s = float(timeout_s), float(refresh)
        self._symbols = symbols
        self._clock = clock
        self._note = note
        self._report = report
        # Who hears of a failure may disarm it there and then, on the thread that refreshes it.
        self._mutex = threading.RLock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._state: SwitchState | None = None
        self._refreshed_at = 0
        self._fired = False

    @property
    def state(self) -> SwitchState | None:
        """The switch as it was noted last; None before it was armed."""
        return self._state

    @property
    def refreshing(self) -> bool:
        """Whether it was armed and is refreshed."""
        return self._thread is not None and not self._ending.is_set()

    @property
    def refreshed_at(self) -> int:
        """When it was refreshed last, UNIX nanoseconds; 0 for never."""
        return self._refreshed_at

    def arm(self) -> SwitchState:
        """Arm it and begin to refresh it. Raises ExchangeError when it could not be armed, and then nothing is refreshed."""
        with self._mutex:
            if self.refreshing:
                raise ConfigError("the dead man's switch is armed already; disarm it before you arm it anew")
            self._ending.clear()
            covers = self._ask()
            self._enter(SwitchPosition.ARMED, covers, f"armed: {_words(covers, self._timeout_s)}")
            self._thread = threading.Thread(target=self._run, name="crashdesk-dead-mans-switch", daemon=True)
            self._thread.start()
            assert self._state is not None
            return self._state

    def refresh(self) -> float:
        """Refresh it once; the seconds until the next time, fewer after a failure."""
        with self._mutex:
            if self._ending.is_set():
                return self._refresh_s
            try:
                covers = self._ask()
            except ExchangeError as error:
                self._failed(error)
                return min(self._refresh_s, max(_LEAST_RETRY_S, self._timeout_s / 10))
            self._succeeded(covers)
            return self._refresh_s

    def disarm(self) -> None:
        """Stop refreshing, and tell the exchange to forget it. A second call does nothing.

        Raises ExchangeError when the exchange did not confirm: then it fires unless it is disarmed by hand.
        """
        if not self.let_go():
            return
        with self._mutex:
            state = self._state
            assert state is not None
            try:
                covers = self._exchange.arm_cancel_all_after(0, sorted({*self._symbols(), *state.symbols}))
            except ExchangeError as error:
                self._enter(SwitchPosition.FAILING, _covered(state), f"could not be disarmed: {error}", str(error))
                raise
            self._enter(SwitchPosition.DISARMED, covers, "disarmed")

    def let_go(self) -> bool:
        """Stop refreshing without disarming, so that it fires; False when it was not refreshed any more."""
        thread = self._thread
        if thread is None or self._ending.is_set():
            return False
        self._ending.set()
        if thread is not threading.current_thread():
            thread.join()
        return True

    def _run(self) -> None:
        pause = self._refresh_s
        while not self._clock.wait(self._ending, pause):
            pause = self.refresh()

    def _ask(self) -> CancelAllAfter:
        # Before the answer: that is when the exchange's time began to run at the earliest.
        asked_at = self._clock.now_ns()
        covers = self._exchange.arm_cancel_all_after(self._timeout_s, sorted(self._symbols()))
        self._refreshed_at = asked_at
        return covers

    def _succeeded(self, covers: CancelAllAfter) -> None:
        state = self._state
        assert state is not None
        self._fired = False
        if state.position is SwitchPosition.FAILING:
            self._enter(SwitchPosition.ARMED, covers, f"refreshed again: {_words(covers, self._timeout_s)}")
        elif covers != _covered(state):
            self._enter(SwitchPosition.ARMED, covers, f"covers something else now: {_words(covers, self._timeout_s)}")

    def _failed(self, error: ExchangeError) -> None:
        state = self._state
        assert state is not None
        due = self._refreshed_at + int(self._timeout_s * 1e9)
        left = (due - self._clock.now_ns()) / 1e9
        if left <= 0 and not self._fired:
            self._fired = True
            text = (
                f"the dead man's switch could not be refreshed in time ({error}): the exchange has cancelled the orders that "
                "it covers, protective stops too. Compare with the exchange, and protect your positions"
            )
            self._enter(
                SwitchPosition.FAILING, _covered(state), f"has fired: it could not be refreshed: {error}", str(error)
            )
            self._report(SwitchFired(text))
            return
        if state.position is not SwitchPosition.FAILING:
            self._enter(SwitchPosition.FAILING, _covered(state), f"could not be refreshed: {error}", str(error))
        if left > 0:
            self._report(
                ExchangeUnavailable(
                    f"the dead man's switch could not be refreshed: {error}. Unless that succeeds within {left:.0f} s, the "
                    "exchange cancels the orders that it covers, protective stops too"
                )
            )

    def _enter(self, position: SwitchPosition, covers: CancelAllAfter, text: str, problem: str = "") -> None:
        self._state = SwitchState(
            position=position,
            at=self._clock.now_ns(),
            timeout_s=self._timeout_s,
            refresh_s=self._refresh_s,
            symbols=covers.symbols,
            protective_stops=covers.protective_stops,
            refreshed_at=self._refreshed_at,
            problem=problem,
        )
        self._note(self._state, text)


def left_ticking(state: SwitchState | None, last_sign: int | None, now_ns: int) -> ExchangeUnavailable | None:
    """The warning that the switch of an earlier run, which ended at `last_sign`, has not fired yet; None when it is no matter."""
    fires_at = state.fires_at(last_sign) if state is not None else None
    if fires_at is None or now_ns >= fires_at:
        return None
    return ExchangeUnavailable(
        f"the run before armed a dead man's switch that fires in about {(fires_at - now_ns) / 1e9:.0f} s and cancels what it "
        "covers, the orders of this run and protective stops too: arm it anew now, or place nothing before it has fired"
    )


def _covered(state: SwitchState) -> CancelAllAfter:
    return CancelAllAfter(symbols=state.symbols, protective_stops=state.protective_stops)


def _words(covers: CancelAllAfter, timeout_s: float) -> str:
    whose = f"the orders of {', '.join(covers.symbols)}" if covers.symbols else "all orders of the account"
    stops = ", but not protective stops" if covers.protective_stops is False else ", protective stops too"
    return f"{timeout_s:g} s after the bot's last sign the exchange cancels {whose}{stops}"
