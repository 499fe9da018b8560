"""RecoveryManager: what a bot embeds to write checkpoints and to come back after a crash."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from crashdesk.audit import AuditKind
from crashdesk.changes import Mark
from crashdesk.checkpointing import Checkpointer, System
from crashdesk.clock import Clock, SystemClock
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.deadline import done_within
from crashdesk.errors import (
    CrashdeskError,
    ExchangeError,
    RecoveryError,
    StateError,
    StorageError,
    StoreCorrupted,
    StoreDegraded,
)
from crashdesk.exchange.protocol import Exchange
from crashdesk.live import LiveState
from crashdesk.occurrences import Counted, Occurrences
from crashdesk.opened_store import open_store
from crashdesk.recall import LastKnown, recall
from crashdesk.restored import restored_data, restored_words
from crashdesk.results import RecoveryResult, RecoveryStats, RecoveryStatus, SyncResult, recovery_result
from crashdesk.saver import BackgroundSaver
from crashdesk.storage.changelog import ChangeLog
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import FileSystem, LocalFiles
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.journal_records import Cause, Intent, IntentAction
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.space import naming_a_full_disk
from crashdesk.switch_keeper import SwitchKeeper
from crashdesk.switch_state import SwitchState
from crashdesk.synchronise import Synchroniser

# Longer than any disk that works needs, shorter than what stops a service waits before it kills.
CLOSE_TIMEOUT_S = 30.0


class RecoveryManager:
    """Checkpoints a system and recovers it. A context manager; safe to call from any thread.

    The store's lock is held from construction to `close`. Errors on background threads go to `on_error`, the counters and the
    log of this module; the trading thread never waits for the disk unless it asks to.
    """

    def __init__(
        self,
        system: System,
        config: RecoveryConfig,
        exchange: Exchange | None = None,
        *,
        manifest: StoreManifest | None = None,
        clock: Clock | None = None,
        files: FileSystem | None = None,
        on_error: Callable[[CrashdeskError], None] | None = None,
        account_locks: Path | None = None,
    ) -> None:
        """Open the store at `config.checkpoint_dir` for writing; `manifest` is written into it, else the one there is used.

        `account_locks` is the directory by which bots of several stores on one account know of each other; by default one of
        the user's own. Raises StoreLocked when another process is the writer, AccountInUse when a bot of another store uses
        the account under the same client order id prefix, WrongAccount when the store is another account's than `manifest`
        says, DiskFull when there is no room to start, StorageError when the disk refuses, ConfigError for a damaged manifest.
        """
        self.config = config
        self._system = system
        self._clock = clock or SystemClock()
        self._mutex = threading.Lock()
        self._occurrences = Occurrences(on_error)
        self._report = self._occurrences.report
        self.directory = Path(config.checkpoint_dir)
        self._closing = threading.Event()
        self._periodic: threading.Thread | None = None
        with naming_a_full_disk(self.directory):
            self._opened = open_store(
                self.directory,
                given=manifest,
                exchange=exchange,
                account_locks=account_locks,
                files=files or LocalFiles(),
                clock=self._clock,
                report=self._report,
            )
        self._store, self._journal = self._opened.store, self._opened.journal
        self.manifest = self._opened.manifest
        self._switch = SwitchKeeper(
            exchange, self._journal, system=system, clock=self._clock, enter=self._enter, report=self._report
        )
        self._switch.warn_of_the_one_before()
        # What this run adds is not what the run before has left to recover from.
        self._left_behind = self._journal.last_change
        self._log = ChangeLog(self._journal, report=self._report)
        if isinstance(system, LiveState):
            system.attach(self._log, [Mark(info.seq, info.timestamp) for info in self._opened.existing])
            self._log.describe_anew = system.describe
        else:
            self._log.describe_anew = self._restart_log
        self._history = self._open_history()
        self._synchroniser = None if exchange is None else self._make_synchroniser(exchange)
        self._checkpointer = Checkpointer(
            system, self._store, self._journal, self._log, self._history, config, report=self._report
        )
        self._saver = BackgroundSaver(
            lambda cause: self._occurrences.saved(self._checkpointer.save(cause)), self._report
        )

    def __enter__(self) -> RecoveryManager:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # A bot that leaves with an error is not coming back for its orders: for that the switch was armed.
        if kind is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
            self._switch.let_go()
        with contextlib.suppress(StoreDegraded) if kind is not None else contextlib.nullcontext():
            self.close()

    def checkpoint(self) -> CheckpointInfo:
        """Save the state now; when this returns it is on the device. Raises StorageError or StateError.

        Not to be called from `on_error` or from the system's `snapshot`, which run on the thread that saves.
        """
        if self._saver.is_current_thread:
            raise StorageError(
                "checkpoint() was called on the thread that saves, which would wait for itself; "
                "checkpoint_on_trade() asks for one without waiting"
            )
        if isinstance(self._system, LiveState) and self._system.grouping:
            raise StateError("checkpoint() inside together() would wait for its end; call it behind the block")
        return self._saver.request(Cause.MANUAL).result()

    def checkpoint_on_trade(self) -> None:
        """Ask that what a trade changed becomes durable now, and return at once; without effect when the configuration says so.

        With a LiveState that is one small commit of the journal, otherwise a checkpoint. Who wants to be sure before going on
        changes the LiveState with ``wait=True`` instead. Raises StorageError after `close`.
        """
        if not self.config.checkpoint_on_trade:
            return
        if self._closing.is_set():
            raise StorageError("the recovery manager is closed; nothing is saved any more")
        if isinstance(self._system, LiveState):
            self._log.flush()
        else:
            self._saver.request(Cause.TRADE)

    def start_periodic_checkpoint(self) -> None:
        """Save every `checkpoint_interval_ms` on background threads until `close`; a second call changes nothing."""
        with self._mutex:
            if self._periodic is None and not self._closing.is_set():
                self._periodic = threading.Thread(target=self._run_periodic, name="crashdesk-periodic", daemon=True)
                self._periodic.start()

    def intend_order(
        self, *, symbol: str, client_order_id: str, side: str, order_type: str, quantity: object, price: object = ""
    ) -> None:
        """Make it durable that this order is about to be sent; call it before the request.

        After a crash the order is then provably the bot's own. Raises StoreDegraded: then do not send.
        """
        self._log.intend(
            Intent(
                at=self._clock.now_ns(),
                action=IntentAction.CREATE,
                symbol=symbol,
                client_order_id=client_order_id,
                side=side,
                order_type=order_type,
                quantity=str(quantity),
                price="" if price is None else str(price),
            )
        )

    def intend_cancel(self, *, symbol: str, order_id: str, client_order_id: str = "") -> None:
        """Make it durable that this order is about to be cancelled. Raises StoreDegraded."""
        self._log.intend(
            Intent(
                at=self._clock.now_ns(),
                action=IntentAction.CANCEL,
                symbol=symbol,
                client_order_id=client_order_id,
                order_id=order_id,
            )
        )

    def auto_recover(self) -> RecoveryResult | None:
        """`recover` when the configuration has `auto_recover`; otherwise None and nothing happens."""
        return self.recover() if self.config.auto_recover else None

    def recover(self) -> RecoveryResult:
        """Restore the last known state, compare with the exchange, and save what is true now.

        The last known state is the newest valid checkpoint with the journal's changes since. Never raises for a damaged
        store or an unreachable exchange: the status says so. With status corrupted nothing was restored and the bot must not
        trade. Raises StorageError when the reconciled state cannot be saved.
        """
        try:
            batches, announced = self._journal.batches_to_recover(until=self._left_behind), self._journal.announced()
            last = recall(self._store, batches, announced=announced)
        except StoreCorrupted as error:
            self._report(error)
            self._enter(AuditKind.PROBLEM, str(error))
            return RecoveryResult(status=RecoveryStatus.CORRUPTED, problem=str(error))
        if last is not None:
            self._restore(last)
        sync, problem, asked = self._sync_after(last)
        # Nothing was learnt where the exchange could not be asked: an old state must not get a new date.
        if asked and (last is not None or sync is not None):
            self._saver.request(Cause.RECOVERED).result()
        self._occurrences.count(Counted.RECOVERIES)
        self._enter(
            AuditKind.RECOVERY,
            f"the bot started: {restored_words(last)}"
            + (f"; the exchange could not be compared: {problem}" if problem else ""),
            restored_data(last),
        )
        return recovery_result(last, sync, doubts=self._doubts(last), problem=problem)

    def _doubts(self, last: LastKnown | None) -> str:
        """What may be missing, said at every start until an operator has settled it."""
        try:
            said = self._journal.problem()
        except DatabaseUnusable as error:
            said = str(error)
        texts = [said] if last is None or last.problem in said else [said, last.problem]
        return "; ".join(text for text in texts if text)

    def _restore(self, last: LastKnown) -> None:
        for item in last.skipped:
            text = f"checkpoint {item.info.seq} was passed over: {item.reason}"
            self._report(StorageError(text))
            self._enter(AuditKind.PROBLEM, text)
        for text in (last.problem, last.notice):
            if text:
                self._report(StorageError(text))
                self._enter(AuditKind.PROBLEM, text)
        if last.problem:
            try:
                self._journal.doubt(last.problem)
            except DatabaseUnusable as error:
                self._report(error)
        if isinstance(self._system, LiveState):
            self._system.restore(last.state, records=last.records, journalled=last.continues)
        else:
            self._system.restore(last.state)

    def _sync_after(self, last: LastKnown | None) -> tuple[SyncResult | None, str, bool]:
        """(what the synchronisation did, why it is not complete, whether the exchange could be asked)."""
        if not self.config.sync_with_exchange or self._synchroniser is None:
            return None, "", True
        try:
            sync = self._sync(last)
        except ExchangeError as error:
            self._report(error)
            return None, str(error), False
        return sync, sync.problem, True

    def sync_with_exchange(self) -> SyncResult:
        """Compare the system with the exchange, cancel what the configuration lets it, and put the system right.

        Only own orphans that protect nothing are ever cancelled here. Raises ExchangeError when the exchange could not be asked,
        RecoveryError when there is none.
        """
        return self._sync(None)

    def arm_dead_mans_switch(
        self, timeout_s: float = 60, refresh_s: float | None = None, *, symbols: Collection[str] = ()
    ) -> SwitchState:
        """Have the exchange cancel the bot's orders by itself `timeout_s` after the bot's last sign of life. Off by default.

        WARNING: it cancels **protective stops too**, unless the exchange says otherwise, and closes no position: after a
        crash a position may stand there unprotected. It is refreshed on a thread of its own every `refresh_s` (a quarter of
        the time by default, at most a third); a refresh that fails is reported and tried again. `close` disarms it; a crash,
        or leaving the `with` block with an error, lets it fire. `symbols` are those that the bot trades besides those in its
        state, for exchanges that have a switch for each.
        Raises ConfigError for impossible times, RecoveryError without an exchange, ExchangeUnsupported where there is no such
        switch, any other ExchangeError when it could not be armed.
        """
        if self._closing.is_set():
            raise RecoveryError("the recovery manager is closed; nothing refreshes a switch any more")
        return self._switch.arm(timeout_s, refresh_s, frozenset(symbols))

    def disarm_dead_mans_switch(self) -> None:
        """Have the exchange forget the switch; without effect when none is armed.

        Raises ExchangeError when the exchange did not confirm: then it fires unless it is disarmed by hand.
        """
        self._switch.disarm()

    def get_stats(self) -> RecoveryStats:
        """What was done so far."""
        return self._occurrences.stats(
            merged=self._saver.merged, degraded=self._store.degraded, journal=self._log.stats()
        )

    def close(self, timeout_s: float = CLOSE_TIMEOUT_S) -> None:
        """Save what changed since the last checkpoint, stop the threads, give the store back; a second call changes nothing.

        Raises StoreDegraded when the disk did not let it finish in `timeout_s`. It goes on in the background then, and the store
        stays this process's until it is done or the process ends.
        """
        if isinstance(self._system, LiveState) and self._system.grouping:
            raise StateError("close() inside together() would wait for its end; call it behind the block")
        if self._closing.is_set():
            return
        self._closing.set()
        try:
            self.disarm_dead_mans_switch()
        except ExchangeError as error:
            self._report(error)
        if self._saver.is_current_thread or self._log.is_current_thread:
            self._finish()  # another thread would wait for this one
        elif not done_within(timeout_s, self._finish, name="crashdesk-closing"):
            slow = StoreDegraded(
                f"the store {self.directory} could not be closed within {timeout_s:g} s: the disk does not answer. What changed "
                f"last may not be durable ({self._log.stats().pending} changes wait). It stays locked while this process goes "
                "on trying; look at the disk, and compare with the exchange at the next start"
            )
            self._report(slow)
            raise slow

    def _finish(self) -> None:
        """All of closing that may wait for the disk; the locks are given back last, when nothing writes any more."""
        if self._periodic is not None:
            self._periodic.join()
        if isinstance(self._system, LiveState):
            if self._system.changed:
                self._saver.request(Cause.SHUTDOWN)
            self._saver.close()
            self._system.attach(None)
        else:
            self._saver.close()
        try:
            self._checkpointer.note_end(self._clock.now_ns())
        except DatabaseUnusable as error:
            self._report(error)
        self._log.close()
        if self._history is not None:
            self._history.close()
        self._opened.close()

    def _make_synchroniser(self, exchange: Exchange) -> Synchroniser:
        return Synchroniser(
            exchange,
            self._journal,
            manifest=self.manifest,
            recorded=self._opened.belongs,
            prefixes=self._opened.prefixes,
            cancel_own=self.config.cancel_orphan_orders,
            clock=self._clock,
            report=self._report,
            enter=self._enter,
        )

    def _sync(self, last: LastKnown | None) -> SyncResult:
        if self._synchroniser is None:
            raise RecoveryError("there is no exchange to synchronise with: give one to RecoveryManager")
        result = self._synchroniser.synchronise(self._system, last)
        self._occurrences.count(Counted.SYNCS)
        self._occurrences.count(Counted.CANCELLED, result.orders_cancelled)
        return result

    def _restart_log(self) -> None:
        # The checkpoints of such a system hold its whole state; between them nothing is journalled.
        self._log.restart(())

    def _open_history(self) -> HistoryIndex | None:
        try:
            return HistoryIndex(self.directory)
        except DatabaseUnusable as error:
            self._report(error)
            return None

    def _run_periodic(self) -> None:
        while not self._clock.wait(self._closing, self.config.checkpoint_interval_ms / 1000):
            try:
                self._saver.request(Cause.PERIODIC)
            except StorageError:
                return

    def _enter(self, kind: AuditKind, text: str, data: dict[str, str] | None = None) -> None:
        try:
            self._journal.append(kind, text, who=self.manifest.bot if self.manifest else "bot", data=data)
        except DatabaseUnusable as error:
            self._report(error)
