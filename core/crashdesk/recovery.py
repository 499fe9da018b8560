"""RecoveryManager: what a bot embeds to write checkpoints and to come back after a crash."""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from crashdesk.audit import AuditKind
from crashdesk.clock import Clock, SystemClock
from crashdesk.codec import assemble, encode_chunks
from crashdesk.compare import compare, failed_readings
from crashdesk.config import RecoveryConfig, StoreManifest, read_manifest, write_manifest
from crashdesk.errors import CrashdeskError, ExchangeError, RecoveryError, StorageError, StoreCorrupted
from crashdesk.exchange.protocol import Exchange
from crashdesk.execute import Execution, execute_plan
from crashdesk.live import LiveState
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Plan
from crashdesk.results import RecoveryResult, RecoveryStats, RecoveryStatus, SyncResult, sync_result
from crashdesk.saver import BackgroundSaver
from crashdesk.state import SystemState
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import FileSystem, LocalFiles
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.journal import Cause, Intent, IntentAction, JournalView
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.storage.writer import open_journal

UNATTENDED = "unattended policy"
_log = logging.getLogger("crashdesk")


class System(Protocol):
    """What a bot must offer; LiveState is the ready one."""

    def snapshot(self) -> SystemState:
        """The whole state at this instant; called on a background thread."""
        ...

    def restore(self, state: SystemState) -> None:
        """Go on from `state`."""
        ...


class _Counts(enum.Enum):
    CHECKPOINTS = "checkpoints"
    RECOVERIES = "recoveries"
    SYNCS = "syncs"
    CANCELLED = "orphans_cancelled"
    FAILURES = "failures"


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
    ) -> None:
        """Open the store at `config.checkpoint_dir` for writing; `manifest` is written into it, else the one there is used.

        Raises StoreLocked when another process is the writer, StorageError when the disk refuses, ConfigError for a
        damaged manifest.
        """
        self.config = config
        self._system = system
        self._exchange = exchange
        self._clock = clock or SystemClock()
        self._on_error = on_error
        files = files or LocalFiles()
        self.directory = Path(config.checkpoint_dir)
        bot = manifest.bot if manifest else "a bot"
        self._store = StateStore(self.directory, purpose=bot, files=files, clock=self._clock)
        self._store.acquire()
        self._mutex = threading.Lock()
        self._sync_mutex = threading.Lock()
        self._counts = dict.fromkeys(_Counts, 0)
        self._last_checkpoint: CheckpointInfo | None = None
        self._last_error = ""
        self._closing = threading.Event()
        self._periodic: threading.Thread | None = None
        try:
            if manifest is not None:
                write_manifest(self.directory, manifest, files)
            self.manifest = manifest or read_manifest(self.directory, files)
            self._journal, self._journal_problem = open_journal(self.directory, self._clock, files)
        except CrashdeskError:
            self._store.close()
            raise
        if self._journal_problem:
            self._report(StorageError(self._journal_problem))
        self._history = self._open_history()
        self._saver = BackgroundSaver(self._save, self._report)

    def __enter__(self) -> RecoveryManager:
        return self

    def __exit__(self, *_: object) -> None:
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
        return self._saver.request(Cause.MANUAL).result()

    def checkpoint_on_trade(self) -> None:
        """Ask for a checkpoint after a trade and return at once; without effect when the configuration says so."""
        if self.config.checkpoint_on_trade:
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

        After a crash the order is then provably the bot's own. Raises DatabaseUnusable: then do not send.
        """
        self._journal.intend(
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
        """Make it durable that this order is about to be cancelled. Raises DatabaseUnusable."""
        self._journal.intend(
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
        """Restore the newest valid checkpoint, compare with the exchange, and save what is true now.

        Never raises for a damaged store or an unreachable exchange: the status says so. With status corrupted nothing was
        restored and the bot must not trade. Raises StorageError when the reconciled state cannot be saved.
        """
        try:
            found = self._store.find_latest()
        except StoreCorrupted as error:
            self._report(error)
            self._enter(AuditKind.PROBLEM, str(error))
            return RecoveryResult(status=RecoveryStatus.CORRUPTED, problem=str(error))
        for item in found.skipped if found else ():
            self._enter(AuditKind.PROBLEM, f"checkpoint {item.info.seq} was passed over: {item.reason}")
        seq = found.info.seq if found else None
        if found is not None:
            self._system.restore(found.state)
        sync: SyncResult | None = None
        problem = ""
        unasked = False
        if self.config.sync_with_exchange and self._exchange is not None:
            try:
                sync = self._sync(checkpoint_seq=seq)
            except ExchangeError as error:
                unasked = True
                problem = str(error)
                self._report(error)
            else:
                problem = sync.problem
        status = RecoveryStatus.SUCCESS if found else RecoveryStatus.NO_CHECKPOINT
        if problem:
            status = RecoveryStatus.SYNC_FAILED
        # Nothing was learnt where the exchange could not be asked: an old state must not get a new date.
        if found is not None and not unasked:
            self._saver.request(Cause.RECOVERED).result()
        self._count(_Counts.RECOVERIES)
        self._enter(
            AuditKind.RECOVERY,
            f"the bot started: {f'restored checkpoint {seq}' if found else 'there was no checkpoint to restore'}"
            + (f"; the exchange could not be compared: {problem}" if problem else ""),
        )
        state = found.state if found else None
        return RecoveryResult(
            status=status,
            checkpoint_time=state.timestamp if state else None,
            positions_restored=len(state.positions) if state else 0,
            orders_restored=len(state.open_orders) if state else 0,
            sync_result=sync,
            problem=problem,
            skipped=found.skipped if found else (),
        )

    def sync_with_exchange(self) -> SyncResult:
        """Compare the system with the exchange, cancel what the configuration lets it, and put the system right.

        Only own orphans that protect nothing are ever cancelled here. Raises ExchangeError when the exchange could not be asked,
        RecoveryError when there is none.
        """
        return self._sync(checkpoint_seq=None)

    def get_stats(self) -> RecoveryStats:
        """What was done so far."""
        with self._mutex:
            return RecoveryStats(
                **{count.value: number for count, number in self._counts.items()},
                last_checkpoint=self._last_checkpoint,
                last_error=self._last_error,
            )

    def close(self) -> None:
        """Finish the save that is wanted, stop the threads and give the store back; a second call changes nothing."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._periodic is not None:
            self._periodic.join()
        self._saver.close()
        if self._history is not None:
            self._history.close()
        self._journal.close()
        self._store.close()

    def _sync(self, *, checkpoint_seq: int | None) -> SyncResult:
        if self._exchange is None:
            raise RecoveryError("there is no exchange to synchronise with: give one to RecoveryManager")
        with self._sync_mutex:
            state = self._system.snapshot()
            plan = self._compare(state, checkpoint_seq)
            execution = self._cancel_own(plan)
            final, problem = plan, ""
            if any(outcome.sent for outcome in execution.outcomes):
                try:
                    final = self._compare(state, checkpoint_seq)
                except ExchangeError as error:
                    problem = f"the exchange could not be read again after cancelling: {error}"
                    self._report(error)
            reconciled = reconciled_state(state, final, adopted=(), now_ns=self._clock.now_ns())
            if isinstance(self._system, LiveState):
                self._system.amend(state, reconciled)
            else:
                self._system.restore(reconciled)
        self._count(_Counts.SYNCS)
        gaps = failed_readings(final.coverage)
        problem = problem or "; ".join(f"{gap.scope.label()}: {gap.reason}" for gap in gaps)
        result = sync_result(plan, final, execution, problem)
        self._count(_Counts.CANCELLED, result.orders_cancelled)
        return result

    def _compare(self, state: SystemState, checkpoint_seq: int | None) -> Plan:
        assert self._exchange is not None
        plan, _ = compare(
            state,
            journal=self._journal_view(),
            exchange=self._exchange,
            manifest=self.manifest,
            checkpoint_seq=checkpoint_seq,
            clock=self._clock,
        )
        return plan

    def _cancel_own(self, plan: Plan) -> Execution:
        assert self._exchange is not None
        chosen = self._cancellable(plan) if self.config.cancel_orphan_orders else []
        decisions = [Decision(order_key=verdict.key, action=Action.CANCEL, who=UNATTENDED) for verdict in chosen]
        if not decisions:
            return Execution(plan_id=plan.id, outcomes=())
        return execute_plan(plan, decisions, exchange=self._exchange, log=self._journal, clock=self._clock)

    def _cancellable(self, plan: Plan) -> list[OrderVerdict]:
        # A bot that trades meanwhile may have learnt of an order since its state was cut.
        known = {order.id for order in self._system.snapshot().open_orders}
        chosen = [v for v in plan.orphans if v.preselected and v.live is not None and v.live.id not in known]
        if not (chosen and plan.journal_problem):
            return chosen
        problem = StorageError(
            f"{len(chosen)} orphan orders were left for an operator: the journal, which tells the orders that somebody decided "
            f"to keep, cannot be relied on ({plan.journal_problem})"
        )
        self._report(problem)
        self._enter(AuditKind.PROBLEM, str(problem))
        return []

    def _journal_view(self) -> JournalView:
        try:
            view = self._journal.view()
        except DatabaseUnusable as error:
            return JournalView(problem=str(error))
        return msgspec.structs.replace(view, problem=self._journal_problem)

    def _save(self, cause: Cause) -> CheckpointInfo:
        if isinstance(self._system, LiveState):
            with self._system.together():
                encoded, state = self._system.encoded(), self._system.snapshot()
            state = msgspec.structs.replace(state, timestamp=encoded.timestamp)
            chunks = assemble(
                timestamp=encoded.timestamp,
                account=encoded.account,
                positions=encoded.positions,
                orders=encoded.orders,
                strategies=encoded.strategies,
            )
        else:
            state = self._system.snapshot()
            chunks = encode_chunks(state)
        info = self._store.save_chunks(state.timestamp, chunks)
        with self._mutex:
            self._last_checkpoint = info
            self._counts[_Counts.CHECKPOINTS] += 1
        self._after_save(info, state, cause)
        return info

    def _after_save(self, info: CheckpointInfo, state: SystemState, cause: Cause) -> None:
        """What is not part of the promise: its failure is reported and loses nothing."""
        try:
            self._journal.note_cause(info.seq, cause)
            if self._history is not None:
                self._history.add([(info, state, info.size or 0)])
            self._store.cleanup(self.config.max_checkpoints, self.config.max_checkpoint_age_hours)
        except CrashdeskError as error:
            self._report(error)

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

    def _enter(self, kind: AuditKind, text: str) -> None:
        try:
            self._journal.append(kind, text, who=self.manifest.bot if self.manifest else "bot")
        except DatabaseUnusable as error:
            self._report(error)

    def _count(self, what: _Counts, number: int = 1) -> None:
        with self._mutex:
            self._counts[what] += number

    def _report(self, error: CrashdeskError) -> None:
        with self._mutex:
            self._counts[_Counts.FAILURES] += 1
            self._last_error = str(error)
        _log.error("%s", error)
        if self._on_error is not None:
            try:
                self._on_error(error)
            except Exception:  # noqa: BLE001 - the bot's own callback must not end the thread that saves
                _log.exception("on_error failed")
