"""From state, journal and exchange snapshot to a plan; from an executed plan to the state to go on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from crashdesk.contracts import contract_of
from crashdesk.exchange.records import (
    Coverage,
    ExchangeAccount,
    ExchangeOrder,
    ExchangePosition,
    ExchangeSnapshot,
    Namespace,
)
from crashdesk.reconcile.entry_prices import entry_kept
from crashdesk.reconcile.fill_fees import trades_by_order
from crashdesk.reconcile.filled_since import known_on_the_exchange
from crashdesk.reconcile.intents import judge_intents
from crashdesk.reconcile.left_orders import left_fates, with_left
from crashdesk.reconcile.matching import CONDITIONAL_TYPES, Namespaces
from crashdesk.reconcile.order_context import protections_of
from crashdesk.reconcile.orders import judge_orders
from crashdesk.reconcile.position_fills import fill_sums, with_fills
from crashdesk.reconcile.positions import judge_positions
from crashdesk.reconcile.records import (
    OrderVerdict,
    OrderVerdictKind,
    Plan,
    PositionVerdict,
    PositionVerdictKind,
    identified,
)
from crashdesk.reconcile.rules import Rules
from crashdesk.reconcile.spot_share import own_shares
from crashdesk.reconcile.stop_cover import stops_known
from crashdesk.reconcile.unproven_closings import with_closings
from crashdesk.state import OPEN_STATUSES, AccountState, OrderState, OrderType, PositionState, SystemState
from crashdesk.storage.journal_records import JournalView


def reconcile(state: SystemState, journal: JournalView, snapshot: ExchangeSnapshot, rules: Rules) -> Plan:
    """Compare and conclude; no I/O, no clock. Linear in the number of records, independent of their order."""
    fates = judge_intents(state, journal, snapshot, rules)
    protections = protections_of(snapshot)
    contracts = {market.symbol: contract_of(market.symbol, market) for market in snapshot.markets}
    orders = judge_orders(state, journal, snapshot, rules, fates.late, protections)
    stops = stops_known(state, fates.verdicts, snapshot)
    # Trades carry the exchange's own times.
    known_at = state.timestamp + (snapshot.clock_offset_ns or 0)
    fills_since = known_on_the_exchange(state, snapshot)
    left = left_fates(journal, snapshot, fills_since, orders, fates.verdicts)
    sums = fill_sums(orders, fates.verdicts, fills_since, trades_by_order(snapshot.lookups), left)
    judged = with_closings(judge_positions(state, snapshot, protections, stops), state, snapshot)
    filled = with_left(with_fills(judged, sums), left)
    positions = own_shares(filled, snapshot.markets, exclusive=rules.exclusive_account)
    checkpoint_time = state.timestamp if rules.checkpoint_timestamp is None else rules.checkpoint_timestamp
    return identified(
        Plan(
            made_at=rules.now_ns,
            exchange=snapshot.exchange,
            account_label=snapshot.account_label,
            mode=snapshot.mode,
            checkpoint_seq=rules.checkpoint_seq,
            checkpoint_timestamp=checkpoint_time if rules.checkpoint_seq is not None else None,
            orders=orders,
            positions=positions,
            known_account=state.account,
            live_account=snapshot.account,
            coverage=snapshot.coverage,
            journal_problem=journal.problem,
            denied=rules.denied,
            changes=rules.changes,
            known_at=state.timestamp,
            known_at_exchange=known_at,
            intents=fates.verdicts,
            intents_omitted=journal.pending_omitted,
            contracts={symbol: contract for symbol, contract in contracts.items() if contract is not None},
        )
    )


def reconciled_state(state: SystemState, plan: Plan, *, adopted: Collection[str], now_ns: int) -> SystemState:
    """The state that is true after `plan`: `adopted` are the keys of the orphan orders that join it.

    What is unknown stays as it was known; stale orders leave; positions and account follow the exchange where it was read.
    """
    orders = _orders_after(plan, adopted)
    taken = {record.id for record in state.positions}
    positions: list[PositionState] = []
    for verdict in plan.positions:
        positions += _positions_after(verdict, state.positions, taken, plan.made_at)
        taken.update(record.id for record in positions[-1:])
    return msgspec.structs.replace(
        state,
        timestamp=now_ns,
        account=_account_after(state.account, plan.live_account),
        positions=tuple(positions),
        open_orders=tuple(orders),
    )


def with_open_order(state: SystemState, order: ExchangeOrder | None, now_ns: int) -> SystemState | None:
    """The state with one order more; None when it is not open, of an unstated amount, or its id is another's."""
    if order is None or order.status not in OPEN_STATUSES:
        return None
    record = order_state(order, now_ns)
    if record is None or any(known.id == record.id for known in state.open_orders):
        return None
    return msgspec.structs.replace(state, open_orders=(*state.open_orders, record))


def _orders_after(plan: Plan, adopted: Collection[str]) -> list[OrderState]:
    """What each verdict leaves. A state holds an id once, while some exchanges number each symbol from the start.

    A record whose new id is another's keeps its old one; an adopted order without a free id stays out.
    """
    after = [(verdict.known, _order_after(verdict, adopted, plan)) for verdict in plan.orders]
    chosen = [record for _, record in after]
    uses = Counter(_id_of(record) for record in chosen)
    renamed = [
        number for number, (old, new) in enumerate(after) if new is not None and (old is None or old.id != new.id)
    ]
    while clashing := [number for number in renamed if uses[_id_of(chosen[number])] > 1]:
        number = clashing[0]
        renamed.remove(number)
        uses[_id_of(chosen[number])] -= 1
        chosen[number] = after[number][0]
        uses[_id_of(chosen[number])] += 1
    return [record for record in chosen if record is not None]


def _id_of(record: OrderState | None) -> str | None:
    return None if record is None else record.id


def _order_after(verdict: OrderVerdict, adopted: Collection[str], plan: Plan) -> OrderState | None:
    if verdict.known is None:
        return order_state(verdict.live, plan.made_at) if verdict.live is not None and verdict.key in adopted else None
    if verdict.is_stale:
        return None
    if verdict.kind in (OrderVerdictKind.DRIFTED, OrderVerdictKind.MATCHED) and verdict.live is not None:
        return _updated(verdict.known, verdict.live, fired=_has_fired(verdict.known, verdict.live, plan.coverage))
    return verdict.known


def _has_fired(known: OrderState, live: ExchangeOrder, coverage: Coverage) -> bool:
    """Whether a conditional order became the one that its trigger placed: it would be asked for in the wrong place else."""
    if known.order_type not in CONDITIONAL_TYPES or live.order_type not in (OrderType.LIMIT, OrderType.MARKET):
        return False
    moved = Namespaces(coverage).likely(known.order_type) is Namespace.CONDITIONAL
    return live.namespace is Namespace.NORMAL and (moved or known.id != live.id)


def _updated(known: OrderState, live: ExchangeOrder, *, fired: bool) -> OrderState:
    return msgspec.structs.replace(
        known,
        id=live.id or known.id,
        client_order_id=live.client_order_id or known.client_order_id,
        side=live.side,
        order_type=live.order_type if fired else known.order_type,
        quantity=known.quantity if live.amount is None else live.amount,
        filled_quantity=known.filled_quantity if live.filled is None else live.filled,
        price=live.price if live.price is not None else (live.trigger_price or known.price),
        status=live.status if live.status in OPEN_STATUSES else known.status,
    )


def order_state(order: ExchangeOrder, now_ns: int) -> OrderState | None:
    """A live order as a record of the state; None when the exchange does not say its amount."""
    if order.amount is None:
        return None
    return OrderState(
        id=order.id,
        client_order_id=order.client_order_id,
        symbol=order.symbol,
        side=order.side,
        order_type=order.order_type,
        quantity=order.amount,
        filled_quantity=order.filled if order.filled is not None else order.amount * 0,
        price=order.price if order.price is not None else order.trigger_price,
        status=order.status,
        created_at=order.created_at if order.created_at is not None else now_ns,
    )


def _positions_after(
    verdict: PositionVerdict, before: Sequence[PositionState], taken: Collection[str], now_ns: int
) -> list[PositionState]:
    """The records of one leg; several that the bot kept stay several as long as the exchange does not contradict them."""
    known, live = verdict.known, verdict.live
    kept = [
        record
        for record in before
        if known is not None and record.quantity and (record.symbol, record.side) == (known.symbol, known.side)
    ]
    split = verdict.kind is PositionVerdictKind.MATCHED and len(kept) > 1
    if verdict.kind is PositionVerdictKind.UNKNOWN or split:
        return kept
    if live is None:
        return []
    same_side = known is not None and known.side is live.side
    return [_position_state(live, known if same_side else None, taken, now_ns)]


def _position_state(
    live: ExchangePosition, known: PositionState | None, taken: Collection[str], now_ns: int
) -> PositionState:
    zero = live.contracts * 0
    return PositionState(
        id=known.id if known else (live.id if live.id and live.id not in taken else f"{live.symbol}:{live.side.leg}"),
        symbol=live.symbol,
        side=live.side,
        quantity=live.contracts,
        entry_price=entry_kept(known, live),
        unrealized_pnl=live.unrealized_pnl
        if live.unrealized_pnl is not None
        else (known.unrealized_pnl if known else zero),
        opened_at=known.opened_at if known else (live.updated_at or now_ns),
    )


def _account_after(known: AccountState, live: ExchangeAccount | None) -> AccountState:
    if live is None:
        return known
    told = {name: getattr(live, name) for name in AccountState.__struct_fields__}
    return msgspec.structs.replace(known, **{name: value for name, value in told.items() if value is not None})
