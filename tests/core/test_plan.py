"""Properties of every plan: what it may never claim, never preselect, never lose, and never depend on."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
import strategies as make
from hypothesis import assume, given
from hypothesis import strategies as st
from recovery_builders import BTC, LATER, SECOND, coverage, intent, journal, leg, live, plan_of, rules, snapshot
from strategies import T0

from crashdesk.codec import decode, encode
from crashdesk.exchange.records import ExchangeSnapshot, LookupStatus, Namespace, OrderLookup, ScopeKind, ScopeStatus
from crashdesk.reconcile.intents import intents_to_look_up
from crashdesk.reconcile.orders import orders_to_look_up
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import IntentVerdictKind, OrderVerdictKind, Plan, PositionVerdictKind
from crashdesk.reconcile.rules import Rules
from crashdesk.state import OPEN_STATUSES, OrderStatus, OrderType, Side, SystemState
from crashdesk.storage.journal_records import Dismissal, IntentAction, JournalView

Kind = OrderVerdictKind
ETH = "ETH/USDT:USDT"
# Few values each, so that the two sides meet, collide and contradict each other often.
ids = st.sampled_from(["1", "2", "3"])
client_ids = st.sampled_from(["", "grid-1", "grid-2", "grid-b-3", "web_9"])
symbols = st.sampled_from([BTC, ETH])
sides = st.sampled_from(Side)
amounts = st.sampled_from(["0.010", "0.004", "1"]).map(Decimal)
maybe_amounts = st.none() | amounts
ages = st.sampled_from([T0 - SECOND, T0 + SECOND, LATER - SECOND])
known_orders = st.lists(
    st.builds(
        make.order,
        id=ids | st.just(""),
        client_order_id=client_ids,
        symbol=symbols,
        side=sides,
        order_type=st.sampled_from([OrderType.LIMIT, OrderType.STOP, OrderType.OTHER]),
        filled_quantity=st.sampled_from([Decimal(0), Decimal("0.004")]),
        price=st.none() | st.just(Decimal(100)),
        status=st.sampled_from(sorted(OPEN_STATUSES, key=lambda status: status.value)),
        created_at=ages,
    ),
    max_size=4,
    unique_by=lambda order: order.id,
)
live_orders = st.lists(
    st.builds(
        live,
        id=ids,
        client_order_id=client_ids,
        symbol=symbols,
        namespace=st.sampled_from(Namespace),
        side=sides,
        order_type=st.sampled_from([OrderType.LIMIT, OrderType.STOP]),
        status=st.sampled_from([OrderStatus.OPEN, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED, OrderStatus.FILLED]),
        amount=maybe_amounts,
        filled=maybe_amounts,
        price=st.none() | st.just(Decimal(100)) | st.just(Decimal(101)),
        created_at=st.none() | ages,
        updated_at=st.none() | st.integers(1, 2),
        reduce_only=st.none() | st.booleans(),
        position_side=st.sampled_from(["", "long", "both"]),
        group_id=st.sampled_from(["", "", "oco"]),
    ),
    max_size=5,
)
known_positions = st.lists(
    st.builds(make.position, id=ids, symbol=symbols, side=sides, quantity=amounts | st.just(Decimal(0))),
    max_size=3,
    unique_by=lambda position: position.id,
)
live_positions = st.lists(
    st.builds(
        leg,
        id=st.sampled_from(["", "1", "2"]),
        symbol=symbols,
        side=sides,
        contracts=amounts | st.just(Decimal(0)),
        entry_price=st.none() | st.just(Decimal(100)),
        hedged=st.none() | st.booleans(),
    ),
    max_size=3,
)
pending_intents = st.lists(
    st.builds(
        intent,
        at=st.sampled_from([T0, T0 + SECOND, LATER - SECOND]),
        symbol=symbols,
        client_order_id=client_ids,
        order_type=st.sampled_from(["limit", "stop", ""]),
    ),
    max_size=3,
)
journals = st.builds(
    lambda intents, dismissals, problem, pending: msgspec.structs.replace(
        journal(*intents, dismissals=tuple(dismissals), problem=problem),
        pending=tuple(msgspec.structs.replace(each, seq=number) for number, each in enumerate(pending, 1)),
    ),
    st.lists(
        st.builds(
            intent,
            action=st.sampled_from(IntentAction),
            symbol=symbols,
            client_order_id=client_ids,
            order_id=ids | st.just(""),
        ),
        max_size=3,
    ),
    st.lists(
        st.builds(lambda order: Dismissal(order_key=order.key, at=T0, who="op", note=""), st.builds(live, id=ids)),
        max_size=1,
    ),
    st.sampled_from(["", "", "journal.sqlite is damaged"]),
    pending_intents,
)
judging = st.builds(
    rules,
    client_order_id_prefix=st.sampled_from(["", "grid-"]),
    exclusive_account=st.booleans(),
    other_prefixes=st.sampled_from([(), ("grid-b-",)]),
)
coverages = st.builds(coverage, st.sets(st.sampled_from(ScopeKind), max_size=2), st.sampled_from(list(ScopeStatus)[1:]))


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One situation, with an answer to each targeted read that it asks for."""

    state: SystemState
    journal: JournalView
    exchange: ExchangeSnapshot
    rules: Rules

    def plan(self) -> Plan:
        return plan_of(self.state, self.exchange, with_journal=self.journal, by=self.rules)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    state = make.state(
        open_orders=tuple(draw(known_orders)), positions=tuple(draw(known_positions)), strategy_states=None
    )
    exchange = snapshot(
        orders=tuple(draw(live_orders)), positions=tuple(draw(live_positions)), coverage=draw(coverages)
    )
    answers = []
    written = draw(journals)
    for ref in [*orders_to_look_up(state, exchange), *intents_to_look_up(state, written, exchange)]:
        status = draw(st.sampled_from(LookupStatus))
        # Asked for by client order id, the exchange may name an order that a list shows, too.
        place = (ref.symbol, ref.namespace)
        listed = {order.id for order in exchange.orders if (order.symbol, order.namespace) == place}
        answered = live(
            id=ref.id or draw(st.sampled_from(["7", *sorted(listed - {order.id for order in state.open_orders})])),
            client_order_id=ref.client_order_id,
            symbol=ref.symbol,
            namespace=ref.namespace,
            status=draw(st.sampled_from(OrderStatus)),
        )
        answers.append(OrderLookup(ref=ref, status=status, order=answered if status is LookupStatus.FOUND else None))
    return Case(
        state=state,
        journal=written,
        exchange=msgspec.structs.replace(exchange, lookups=tuple(answers)),
        rules=draw(judging),
    )


@pytest.mark.scenario(73)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_records_come_changes_no_verdict_and_not_the_plans_identity(
    case: Case, chance: object
) -> None:
    def shuffled(records: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(chance.sample(records, len(records)))  # type: ignore[attr-defined]

    turned = msgspec.structs.replace(
        case,
        state=msgspec.structs.replace(case.state, open_orders=shuffled(case.state.open_orders)),
        exchange=msgspec.structs.replace(
            case.exchange,
            orders=shuffled(case.exchange.orders),
            positions=shuffled(case.exchange.positions),
            lookups=shuffled(case.exchange.lookups),
        ),
        journal=msgspec.structs.replace(case.journal, pending=shuffled(case.journal.pending)),
    )
    assert turned.plan() == case.plan()
    assert turned.plan().id == case.plan().id


@pytest.mark.scenario(74)
@given(cases())
def test_only_an_own_orphan_that_protects_nothing_and_was_not_left_alone_is_preselected(case: Case) -> None:
    for verdict in case.plan().orders:
        if verdict.preselected:
            assert verdict.kind is Kind.OWN_ORPHAN
            assert verdict.is_orphan
            assert not verdict.protective
            assert not verdict.dismissed
            assert verdict.live is not None
            assert verdict.live.status in OPEN_STATUSES
            assert not verdict.live.reduce_only
            assert not verdict.live.close_position
            assert verdict.live.created_at is None or case.rules.now_ns - verdict.live.created_at >= case.rules.grace_ns
            assert verdict.key not in {dismissal.order_key for dismissal in case.journal.dismissals}


@given(cases())
def test_an_intent_never_arrived_only_where_its_scope_was_read_and_everybody_denied_it(case: Case) -> None:
    plan = case.plan()
    orphans = {verdict.key for verdict in plan.orphans}
    known = {(order.symbol, order.client_order_id) for order in case.state.open_orders}
    places = [(verdict.intent.symbol, verdict.intent.client_order_id) for verdict in plan.intents]
    assert len(places) == len(set(places))
    assert not known & set(places)
    for verdict in plan.intents:
        name = (verdict.intent.symbol, verdict.intent.client_order_id)
        answers = [
            lookup
            for lookup in case.exchange.lookups
            if (lookup.ref.symbol, lookup.ref.client_order_id) == name and not lookup.ref.id
        ]
        if verdict.kind is IntentVerdictKind.NEVER_ARRIVED:
            assert case.exchange.coverage.covers(ScopeKind.ORDERS, verdict.intent.symbol) or verdict.intent.order_type
            assert {lookup.status for lookup in answers} == {LookupStatus.ABSENT}
            assert LATER - verdict.intent.at >= case.rules.grace_ns
        if verdict.kind is IntentVerdictKind.LIVE:
            assert verdict.live is not None
            listed = {order.key for order in case.exchange.orders}
            told = {each.live.key for each in plan.orders if each.live is not None}
            assert verdict.live.key in orphans | listed | told


@given(cases())
def test_a_scope_that_was_not_read_supports_no_claim(case: Case) -> None:
    plan = case.plan()
    listed = {order.key for order in case.exchange.orders}
    for verdict in plan.orders:
        if verdict.known is None or (verdict.live is not None and verdict.live.key in listed):
            continue
        conditional = verdict.known.order_type is OrderType.STOP
        kind = ScopeKind.CONDITIONAL_ORDERS if conditional else ScopeKind.ORDERS
        if not case.exchange.coverage.covers(kind, verdict.known.symbol):
            assert verdict.kind in (Kind.UNKNOWN, Kind.AMBIGUOUS)
            assert not verdict.is_stale
    if not case.exchange.coverage.covers(ScopeKind.POSITIONS, BTC):
        assert {verdict.kind for verdict in plan.positions} <= {PositionVerdictKind.UNKNOWN}


@given(cases())
def test_every_record_is_in_exactly_one_verdict(case: Case) -> None:
    plan = case.plan()
    known = [verdict.known for verdict in plan.orders if verdict.known is not None]
    assert sorted(map(repr, known)) == sorted(map(repr, case.state.open_orders))
    told = [verdict.live.key for verdict in plan.orders if verdict.live is not None]
    assert len(told) == len(set(told))
    resting = {order.key for order in case.exchange.orders if order.status in OPEN_STATUSES}
    orphans = [verdict.key for verdict in plan.orphans]
    assert len(orphans) == len(set(orphans))
    # One listed both as open and as over is told as the record that had come further.
    assert resting - set(told) <= {order.key for order in case.exchange.orders if order.status not in OPEN_STATUSES}
    legs = {(leg.symbol, leg.side) for leg in case.exchange.positions if leg.contracts}
    assert [v for v in plan.positions if v.live is not None and (v.symbol, v.side) not in legs] == []
    assert {(v.symbol, v.side) for v in plan.positions if v.live is not None} == legs


@pytest.mark.scenario(71)
@given(cases())
def test_recovering_twice_changes_nothing_and_what_comes_out_can_be_saved(case: Case) -> None:
    listed = case.exchange.orders
    # An exchange that lists one number as a stop that waits and as an order that filled contradicts itself.
    assume(len({(each.symbol, each.id) for each in listed}) == len({each.key for each in listed}))
    once = reconciled_state(case.state, case.plan(), adopted=(), now_ns=LATER)
    assert decode(encode(once)) == once
    again = msgspec.structs.replace(case, state=msgspec.structs.replace(once, timestamp=case.state.timestamp))
    twice = reconciled_state(again.state, again.plan(), adopted=(), now_ns=LATER)
    assert twice.positions == once.positions
    assert twice.account == once.account
    assert {repr(order) for order in twice.open_orders} == {repr(order) for order in once.open_orders}


@given(cases())
def test_nothing_that_could_not_be_proved_leaves_or_enters_the_state(case: Case) -> None:
    plan = case.plan()
    after = reconciled_state(case.state, plan, adopted=(), now_ns=LATER)
    unknown = plan.of_kind(Kind.UNKNOWN, Kind.AMBIGUOUS)
    assert {repr(v.known) for v in unknown if v.known is not None} <= {repr(order) for order in after.open_orders}
    assert len(after.open_orders) == sum(v.known is not None and not v.is_stale for v in plan.orders)
