"""``crashdesk demo --start-bot STORE``: the demonstration's bot is started again, and is seen to trade."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec
from rich.console import Console

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.cli_demonstration import demonstration_explained
from crashdesk.cli_errors import NEXT
from crashdesk.cli_next import name_next_step, typed
from crashdesk.cli_table import say
from crashdesk.clock import SystemClock
from crashdesk.config import StoreManifest
from crashdesk.connections import open_store_exchange
from crashdesk.contracts import Contract, contract_of
from crashdesk.demo.start_request import ask_to_start
from crashdesk.errors import ConfigError, CrashdeskError, DemoError, StoreLocked
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.records import ExchangeOrder, ExchangePosition
from crashdesk.exchange.trouble_error import error_of
from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import OutcomeKind
from crashdesk.report_words import counted, order_words
from crashdesk.state import SystemState
from crashdesk.storage.lock import describe_holder

_SECONDS_TO_START = 45.0
_SECONDS_TO_TRADE = 30.0
_LOOK_EVERY_S = 0.5


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The bot's open orders as the exchange tells them, those placed since its start, and what it knows itself.

    `positions` are those that the exchange holds, and `contracts` says by symbol what amounts count. `cancelled` are the
    orders that it cancelled at its start, in words.
    """

    resting: tuple[ExchangeOrder, ...]
    positions: tuple[ExchangePosition, ...]
    contracts: dict[str, Contract | None]
    placed: tuple[ExchangeOrder, ...]
    state: SystemState
    cancelled: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the bot knows exactly its orders that rest, and the positions as they are."""
        held = {(leg.symbol, leg.side, leg.contracts) for leg in self.positions}
        known = {(each.symbol, each.side, each.quantity) for each in self.state.positions}
        orders = {order.id for order in self.resting} == {order.id for order in self.state.open_orders}
        return orders and held == known


def start_demo_bot(directory: Path, console: Console) -> int:
    """Have the demonstration start its bot, unless it runs; show what it placed. Returns the exit code: 0 when it trades.

    Takes a little more than a minute at most. Raises CrashdeskError: ConfigError for a store that is no demonstration's.
    """
    try:
        with StoreView(directory, clock=SystemClock()) as view:
            manifest = _demonstration(directory, view.manifest)
            exchange = open_store_exchange(manifest, os.environ, clock=view.clock)
            try:
                with demonstration_explained(manifest):
                    _require_answer(exchange)
                started = _started(view, console)
                seen = _watched(view, exchange, manifest)
            finally:
                exchange.close()
    except DemoError as error:
        say(console, f"✕ {error}.")
        say(console, f"{NEXT} {typed('recover', directory, '--dry-run')}")
        return 1
    except CrashdeskError as error:
        name_next_step(error, directory)
        raise
    return _tell(seen, started, directory, console)


def _demonstration(directory: Path, manifest: StoreManifest | None) -> StoreManifest:
    if manifest is None or not manifest.demonstration:
        raise ConfigError(f"{directory} is no demonstration's store: start your own bot as you always do")
    return manifest


def _require_answer(exchange: CcxtExchange) -> None:
    """Whether the exchange is there at all, before anything is asked of its demonstration. Raises ExchangeError."""
    for gap in exchange.read_account().coverage.gaps():
        if gap.trouble is not None:
            raise error_of(gap.trouble, "the demonstration's exchange cannot be asked")


def _started(view: StoreView, console: Console) -> bool:
    """Whether the bot was started now; False when it ran already. Raises StoreLocked, DemoError."""
    presence = view.presence()
    if presence.bot_runs:
        return False
    if presence.running:
        raise StoreLocked(describe_holder(view.directory, presence.holder))
    with console.status("The demonstration starts its bot…"):
        answer = ask_to_start(view.directory, patience_s=_SECONDS_TO_START)
    if answer.problem:
        raise DemoError(f"the bot did not start: {answer.problem}")
    return True


def _watched(view: StoreView, exchange: CcxtExchange, manifest: StoreManifest) -> _Seen:
    """The bot once it placed an order and knows exactly those that rest, or after half a minute as it is then."""
    deadline = time.monotonic() + _SECONDS_TO_TRADE
    while True:
        seen = _look(view, exchange, manifest)
        if (seen.placed and seen.agrees) or time.monotonic() > deadline:
            return seen
        time.sleep(_LOOK_EVERY_S)


def _look(view: StoreView, exchange: CcxtExchange, manifest: StoreManifest) -> _Seen:
    presence = view.presence()
    if not presence.bot_runs:
        raise DemoError("the bot ended again; what it said stands where the demonstration runs")
    reading = exchange.read_open_orders([])
    prefix = manifest.client_order_id_prefix
    mine = tuple(order for order in reading.orders if order.client_order_id.startswith(prefix))
    since = presence.holder.acquired_at if presence.holder is not None else view.clock.now_ns()
    positions = exchange.read_positions([])
    known = view.latest()
    if known is None or not (reading.coverage.complete and positions.coverage.complete):
        raise DemoError("what the bot knows, or what rests on the exchange, could not be read")
    return _Seen(
        resting=mine,
        positions=positions.positions,
        contracts={each.symbol: contract_of(each.symbol, exchange.describe_market(each.symbol)) for each in mine},
        placed=tuple(order for order in mine if order.created_at is not None and order.created_at >= since),
        state=known.state,
        cancelled=tuple(entry.text for entry in view.audit_entries() if entry.at >= since and _is_cancelled(entry)),
    )


def _is_cancelled(entry: AuditEntry) -> bool:
    return entry.kind is AuditKind.OUTCOME and entry.data.get("outcome") == OutcomeKind.CANCELLED.value


def _tell(seen: _Seen, started: bool, directory: Path, console: Console) -> int:
    began = "The bot was started" if started else "The bot runs already"
    if seen.placed:
        placed = counted(len(seen.placed), "order")
        say(console, f"✓ {began}, and it trades: {placed} placed since its start, read back from the exchange.")
    else:
        say(console, f"! {began}, but it placed no order within {_SECONDS_TO_TRADE:.0f} s.")
    for order in seen.placed:
        say(console, f"  {order_words(order, seen.contracts.get(order.symbol))}, client id {order.client_order_id}")
    for text in seen.cancelled:
        say(console, f"! Nobody had recovered the store: at its start the bot itself did, unattended. {text}")
    resting, positions = counted(len(seen.resting), "open order"), counted(len(seen.state.positions), "position")
    say(
        console,
        f"✓ What it knows is what the exchange holds: {resting}, {positions}."
        if seen.agrees
        else f"! It knows {len(seen.state.open_orders)} open orders, and {len(seen.resting)} of its own rest on the exchange.",
    )
    say(console, "It runs until the demonstration is closed. Who decided what, and what came of it:")
    trades = bool(seen.placed) and seen.agrees
    say(console, f"{NEXT} {typed('audit', directory) if trades else typed('recover', directory, '--dry-run')}")
    return 0 if trades else 1
