"""The dead man's switch of one bot: armed at most once at a time, noted in the journal, and remembered from the run before."""

from __future__ import annotations

import threading
from collections.abc import Callable

from crashdesk.audit import AuditKind
from crashdesk.checkpointing import System
from crashdesk.clock import Clock
from crashdesk.compare import symbols_of
from crashdesk.dead_mans_switch import DeadMansSwitch, left_ticking
from crashdesk.errors import CrashdeskError, RecoveryError
from crashdesk.exchange.protocol import Exchange
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JournalView
from crashdesk.switch_state import SwitchState, switch_data


class SwitchKeeper:
    """Arms and disarms the switch for a bot's `system`; safe to call from any thread.

    `enter` puts what happens to it into the audit log, `report` hears of what fails in the background.
    """

    def __init__(
        self,
        exchange: Exchange | None,
        journal: Journal,
        *,
        system: System,
        clock: Clock,
        enter: Callable[[AuditKind, str, dict[str, str]], None],
        report: Callable[[CrashdeskError], None],
    ) -> None:
        self._exchange = exchange
        self._journal = journal
        self._system = system
        self._clock = clock
        self._enter = enter
        self._report = report
        self._mutex = threading.Lock()
        self._switch: DeadMansSwitch | None = None

    def arm(self, timeout_s: float, refresh_s: float | None, symbols: frozenset[str]) -> SwitchState:
        """As RecoveryManager.arm_dead_mans_switch, and raises what that raises."""
        if self._exchange is None:
            raise RecoveryError("there is no exchange to arm a dead man's switch on: give one to RecoveryManager")
        switch = DeadMansSwitch(
            self._exchange,
            timeout_s=timeout_s,
            refresh_s=refresh_s,
            symbols=lambda: symbols | symbols_of(self._system.snapshot(), JournalView()),
            clock=self._clock,
            note=self._note,
            report=self._report,
        )
        with self._mutex:
            if self._switch is not None and self._switch.refreshing:
                raise RecoveryError("the dead man's switch is armed already; disarm it before you arm it anew")
            self._switch = switch
        return switch.arm()

    def disarm(self) -> None:
        """Have the exchange forget the switch; without effect when none is armed. Raises ExchangeError."""
        if self._switch is not None:
            self._switch.disarm()

    def let_go(self) -> None:
        """Stop refreshing, so that it fires."""
        if self._switch is not None:
            self._switch.let_go()

    def warn_of_the_one_before(self) -> None:
        """Report the switch of an earlier run that has not fired yet."""
        try:
            before, last_sign = self._journal.switch(), self._journal.last_activity()
        except DatabaseUnusable as error:
            self._report(error)
            return
        warning = left_ticking(before, last_sign, self._clock.now_ns())
        if warning is not None:
            self._report(warning)

    def _note(self, state: SwitchState, text: str) -> None:
        self._enter(AuditKind.SWITCH, f"dead man's switch {text}", switch_data(state))
