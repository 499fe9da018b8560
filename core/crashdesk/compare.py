"""Reading the exchange and comparing: the shell around the pure reconciliation."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from crashdesk.account_lock import AccountPrefixes
from crashdesk.belonging import Belonging, doubt_about_account, of_manifest, require_same_account
from crashdesk.clock import Clock
from crashdesk.config import StoreManifest
from crashdesk.errors import ExchangeError
from crashdesk.exchange.client_ids import in_the_bots_words, spellings
from crashdesk.exchange.protocol import (
    Exchange,
    Step,
    TellsTrades,
    take_snapshot,
    unheard,
    with_liquidations,
    with_lookups,
)
from crashdesk.exchange.records import (
    Coverage,
    ExchangeSnapshot,
    LookupStatus,
    OrderLookup,
    OrderRef,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.exchange.rereading import with_positions_again
from crashdesk.exchange.trouble_error import error_of
from crashdesk.reconcile.denied import MEMORY_NS, denied_entirely
from crashdesk.reconcile.intents import intents_to_look_up
from crashdesk.reconcile.left_orders import left_to_look_up
from crashdesk.reconcile.orders import orders_to_look_up, orders_unaccounted
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.positions import gone_since, symbols_gone
from crashdesk.reconcile.records import Plan
from crashdesk.reconcile.rules import rules_for
from crashdesk.reconcile.switch_evidence import with_switch_evidence
from crashdesk.reconcile.unproven_closings import AROUND_NS, closings_to_prove, unproven_closings
from crashdesk.state import OPEN_STATUSES, SystemState
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal_records import IntentJournal, JournalQuestion, JournalView

# An order may have been on its way when the state was cut, and for a while before that.
_BEFORE_THE_STATE_NS = 120_000_000_000
_END_OF_TIME = (1 << 63) - 1
# After so many failures in a row nobody answers; what was not asked for is unknown, as it would be anyway.
_FAILURES_IN_A_ROW = 3
# Of so many positions the trades are asked for, one by one.
_MOST_PROOFS = 10


def symbols_of(state: SystemState, journal: IntentJournal) -> set[str]:
    """Every symbol that the bot is known to have touched. Raises DatabaseUnusable."""
    return {
        *(order.symbol for order in state.open_orders),
        *(position.symbol for position in state.positions),
        *journal.symbols(),
    }


def compare(
    state: SystemState,
    *,
    journal: IntentJournal,
    exchange: Exchange,
    manifest: StoreManifest | None,
    checkpoint_seq: int | None,
    checkpoint_timestamp: int | None = None,
    changes: int = 0,
    clock: Clock,
    step: Step = unheard,
    bot_running: bool = False,
    trading: bool = False,
    intents_since: int | None = None,
    recorded: Belonging | None = None,
    prefixes: AccountPrefixes | None = None,
    also: Collection[str] = (),
    known_later: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[Plan, ExchangeSnapshot]:
    """Read the exchange, ask for every order that is missing, and reconcile. Sends nothing but reads.

    `checkpoint_seq`, `checkpoint_timestamp` and `changes` say what the state was put together from. `bot_running` says that it
    is not the bot's own at this moment, but an older one while it trades; `trading` that it is, and that the bot may trade. The
    fate of intents is asked for that were written `intents_since` (UNIX nanoseconds; None means since shortly before the state
    or its checkpoint).
    `recorded` is the account as the store's audit log knows it, for a store without `manifest`; where nobody knows it, the plan
    says so and proposes nothing. `prefixes` are client order id prefixes on the account, besides the manifest's.
    Symbols `also` are read too, where the exchange lists per symbol. `known_later` is as in Rules.
    Raises ExchangeError when nothing of the account could be read: that is no ground to conclude anything on; WrongAccount when
    the store belongs to another exchange, account or mode (live or sandbox) than what was opened.
    """
    belongs = of_manifest(manifest) if manifest else recorded
    require_same_account(belongs, exchange)
    symbols = _symbols(state, journal) | set(also)
    known_names = {order.client_order_id for order in state.open_orders}
    snapshot = in_the_bots_words(take_snapshot(exchange, symbols, clock, step), known_names)
    _require_something(snapshot)
    snapshot = _with_answers(snapshot, orders_to_look_up(state, snapshot), exchange, step)
    snapshot = with_positions_again(exchange, snapshot, symbols, step)
    snapshot = with_liquidations(exchange, snapshot, symbols_gone(state, snapshot), gone_since(state, snapshot))
    earliest = min(state.timestamp, state.timestamp if checkpoint_timestamp is None else checkpoint_timestamp)
    if intents_since is None:
        intents_since = _since_when(earliest, snapshot)
    told = _view(journal, journal_question(state, snapshot, intents_since, at_work=bot_running or trading))
    told = with_problem(told, doubt_about_account(belongs, exchange, state))
    known_names |= {intent.client_order_id for intent in (*told.intents, *told.pending)}
    snapshot = in_the_bots_words(snapshot, known_names, _prefixes(manifest, prefixes))
    snapshot = snapshot if trading else _with_trades(snapshot, state, exchange, step)
    denied = "" if trading else denied_entirely(state, snapshot) or unproven_closings(state, snapshot)
    told = with_problem(told, denied)
    snapshot = _with_answers(
        snapshot, intents_to_look_up(state, told, snapshot), exchange, step, patience=_FAILURES_IN_A_ROW
    )
    left = left_to_look_up(state, told, snapshot)
    snapshot = _with_answers(snapshot, left, exchange, step, patience=_FAILURES_IN_A_ROW)
    rules = rules_for(
        manifest,
        # Ages are judged by the exchange's clock, since it stamped the orders, and as of the start: what was placed while the
        # exchange was being read cannot be in a state that was cut before.
        now_ns=snapshot.started_at + (snapshot.clock_offset_ns or 0),
        checkpoint_seq=checkpoint_seq,
        checkpoint_timestamp=checkpoint_timestamp,
        changes=changes,
        bot_running=bot_running,
        clock_offset_ns=snapshot.clock_offset_ns,
    )
    known = prefixes or AccountPrefixes()
    rules = msgspec.structs.replace(
        rules,
        other_prefixes=tuple(sorted({*rules.other_prefixes, *known.others})),
        former_prefixes=tuple(sorted(known.former)),
        known_later=known_later,
        denied=denied,
    )
    plan = reconcile(state, told, snapshot, rules)
    return with_switch_evidence(plan, told.switch, snapshot.clock_offset_ns), snapshot


def _since_when(known_at: int, snapshot: ExchangeSnapshot) -> int:
    """Since when the fate of intents is asked for, where the state is of `known_at` and nobody says it otherwise."""
    # The clock was set back since: what that clock stamped afterwards lies anywhere in the time that can be asked for.
    return snapshot.started_at - MEMORY_NS if known_at > snapshot.started_at else known_at - _BEFORE_THE_STATE_NS


def _symbols(state: SystemState, journal: IntentJournal) -> set[str]:
    try:
        return symbols_of(state, journal)
    except DatabaseUnusable:
        return symbols_of(state, JournalView())  # the view says what is wrong with it


def _view(journal: IntentJournal, question: JournalQuestion) -> JournalView:
    try:
        return journal.view(question)
    except DatabaseUnusable as error:
        return JournalView(problem=str(error))


def journal_question(
    state: SystemState, snapshot: ExchangeSnapshot, since: int | None = None, *, at_work: bool = True
) -> JournalQuestion:
    """The intents that name an order whose owner is in question, and those whose fate is: of the time from `since` on, by
    default from shortly before the state. `at_work` says that the bot may write more of them meanwhile."""
    since = state.timestamp - _BEFORE_THE_STATE_NS if since is None else since
    strangers = orders_unaccounted(state, snapshot)
    named = {(order.symbol, order.client_order_id) for order in state.open_orders}
    named |= {(order.symbol, order.client_order_id) for order in snapshot.orders if order.status in OPEN_STATUSES}
    resolved = {(symbol, name) for symbol, told in named for name in spellings(snapshot.exchange, told)}
    names = (name for order in strangers for name in spellings(snapshot.exchange, order.client_order_id))
    return JournalQuestion(
        client_order_ids=frozenset(name for name in names if name),
        order_ids=frozenset(order.id for order in strangers if order.id),
        unnamed=any(not order.client_order_id for order in strangers),
        since=since,
        # What a bot at work sends while the exchange is being read is none of the past. All that a dead one wrote is, even
        # where its clock was ahead.
        until=snapshot.started_at if at_work else _END_OF_TIME,
        resolved=frozenset(resolved),
    )


def _with_answers(
    snapshot: ExchangeSnapshot, refs: Sequence[OrderRef], exchange: Exchange, step: Step, patience: int | None = None
) -> ExchangeSnapshot:
    """The snapshot with a targeted read of each order; `patience` ends it after so many failures in a row."""
    lookups: list[OrderLookup] = []
    failures = 0
    for number, ref in enumerate(refs):
        if patience is not None and failures >= patience:
            break
        step(number, len(refs), f"asking for order {ref.id or ref.client_order_id}")
        lookups.append(exchange.read_order(ref))
        failures = failures + 1 if lookups[-1].status is LookupStatus.UNKNOWN else 0
    return with_lookups(snapshot, lookups) if lookups else snapshot


def _with_trades(snapshot: ExchangeSnapshot, state: SystemState, exchange: Exchange, step: Step) -> ExchangeSnapshot:
    """The snapshot with the trades that may prove that the known positions were closed on this account; one proof is enough."""
    symbols = closings_to_prove(state, snapshot)
    if not isinstance(exchange, TellsTrades):
        return snapshot
    since = gone_since(state, snapshot) - AROUND_NS
    for number, symbol in enumerate(symbols[:_MOST_PROOFS]):
        step(number, min(len(symbols), _MOST_PROOFS), f"asking for the trades of {symbol}")
        reading = exchange.read_trades_since(symbol, since)
        snapshot = msgspec.structs.replace(snapshot, trades=(*snapshot.trades, reading))
        if reading.status is ScopeStatus.FAILED or not unproven_closings(state, snapshot):
            break
    return snapshot


def _prefixes(manifest: StoreManifest | None, prefixes: AccountPrefixes | None) -> set[str]:
    """Every prefix of client order ids that is known on the account."""
    own = {manifest.client_order_id_prefix, *manifest.other_prefixes} if manifest else set()
    return own | ({*prefixes.others, *prefixes.former} if prefixes else set())


def with_problem(view: JournalView, problem: str) -> JournalView:
    """What a journal tells, with another reason why something may be missing in it."""
    if not problem or problem in view.problem:
        return view
    joined = problem if view.problem in problem else f"{view.problem}; {problem}"
    return msgspec.structs.replace(view, problem=joined)


def _require_something(snapshot: ExchangeSnapshot) -> None:
    readings = snapshot.coverage.readings
    if readings and not snapshot.coverage.read_count():
        told = next((reading for reading in readings if reading.reason), None)
        doing = f"nothing of the account could be read from {snapshot.exchange}"
        if told is not None and told.trouble is not None:
            raise error_of(told.trouble, doing)
        raise ExchangeError(f"{doing}: {told.reason if told else 'no reason was given'}")


def failed_readings(coverage: Coverage) -> tuple[ScopeReading, ...]:
    """The gaps that another attempt could close: what failed or was cut off, not what is unsupported."""
    return tuple(
        reading
        for reading in coverage.readings
        if reading.status in (ScopeStatus.FAILED, ScopeStatus.TRUNCATED) and reading.scope.kind is not ScopeKind.ACCOUNT
    )
