"""Reading the exchange and comparing: the shell around the pure reconciliation."""

from __future__ import annotations

from crashdesk.clock import Clock
from crashdesk.config import StoreManifest
from crashdesk.errors import ExchangeError
from crashdesk.exchange.protocol import Exchange, Step, take_snapshot, unheard, with_lookups
from crashdesk.exchange.records import Coverage, ExchangeSnapshot, ScopeKind, ScopeReading, ScopeStatus
from crashdesk.reconcile.orders import orders_to_look_up
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.records import Plan
from crashdesk.reconcile.rules import rules_for
from crashdesk.state import SystemState
from crashdesk.storage.journal_records import JournalView


def symbols_of(state: SystemState, journal: JournalView) -> set[str]:
    """Every symbol that the bot is known to have touched."""
    return {
        *(order.symbol for order in state.open_orders),
        *(position.symbol for position in state.positions),
        *(intent.symbol for intent in journal.intents),
    }


def compare(
    state: SystemState,
    *,
    journal: JournalView,
    exchange: Exchange,
    manifest: StoreManifest | None,
    checkpoint_seq: int | None,
    checkpoint_timestamp: int | None = None,
    changes: int = 0,
    clock: Clock,
    step: Step = unheard,
    bot_running: bool = False,
) -> tuple[Plan, ExchangeSnapshot]:
    """Read the exchange, ask for every order that is missing, and reconcile. Sends nothing but reads.

    `checkpoint_seq`, `checkpoint_timestamp` and `changes` say what the state was put together from. `bot_running` says that it
    is not the bot's own at this moment, but an older one while it trades.
    Raises ExchangeError when nothing of the account could be read: that is no ground to conclude anything on.
    """
    snapshot = take_snapshot(exchange, symbols_of(state, journal), clock, step)
    _require_something(snapshot)
    missing = orders_to_look_up(state, snapshot)
    lookups = []
    for number, ref in enumerate(missing):
        step(number, len(missing), f"asking for order {ref.id or ref.client_order_id}")
        lookups.append(exchange.read_order(ref))
    snapshot = with_lookups(snapshot, lookups)
    # Ages are judged by the exchange's clock, since it stamped the orders, and as of the start: what was placed while the
    # exchange was being read cannot be in a state that was cut before.
    now_ns = snapshot.started_at + (snapshot.clock_offset_ns or 0)
    return reconcile(
        state,
        journal,
        snapshot,
        rules_for(
            manifest,
            now_ns=now_ns,
            checkpoint_seq=checkpoint_seq,
            checkpoint_timestamp=checkpoint_timestamp,
            changes=changes,
            bot_running=bot_running,
        ),
    ), snapshot


def _require_something(snapshot: ExchangeSnapshot) -> None:
    readings = snapshot.coverage.readings
    if readings and not snapshot.coverage.read_count():
        reason = next((reading.reason for reading in readings if reading.reason), "no reason was given")
        raise ExchangeError(f"nothing of the account could be read from {snapshot.exchange}: {reason}")


def failed_readings(coverage: Coverage) -> tuple[ScopeReading, ...]:
    """The gaps that another attempt could close: what failed or was cut off, not what is unsupported."""
    return tuple(
        reading
        for reading in coverage.readings
        if reading.status in (ScopeStatus.FAILED, ScopeStatus.TRUNCATED) and reading.scope.kind is not ScopeKind.ACCOUNT
    )
