"""The whole incident without a window, checked against the exchange's own ledger."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec

from crashdesk.demo.endpoint import BOT_KEY
from crashdesk.demo.incident import Incident, Say, stage_incident
from crashdesk.demo.setting import Setting
from crashdesk.demo.venue import LedgerOrder, LedgerReport, Namespace
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, OrderVerdictKind, Plan
from crashdesk.reconcile.stop_cover import by_urgency
from crashdesk.state import OrderState, Side, SystemState

WHO = "demonstration"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One statement about the recovery, and whether the ledger bears it out."""

    name: str
    holds: bool
    detail: str


class DemoReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the headless demonstration found; counts come from the ledger, verdicts from the plan.

    `stops` says of each position that stood on the exchange how its stops cover it, by symbol and side.
    """

    seed: int
    ok: bool
    checkpoints: int
    verdicts: dict[str, int]
    stops: dict[str, str]
    own_orphans: int
    cancelled: int
    saved_checkpoint: int | None
    bot_restarted: str
    checks: tuple[Check, ...]


def run_headless(directory: Path, *, seed: int, hours: float, say: Say, setting: Setting | None = None) -> DemoReport:
    """Stage the incident, recover as an operator who approves what is proposed, start the bot again, and check everything.

    Raises CrashdeskError when a step cannot be taken.
    """
    with (
        stage_incident(directory, seed=seed, hours=hours, live=False, say=say, setting=setting) as incident,
        StoreView(directory, clock=incident.clock) as view,
    ):
        before = incident.ledger()
        exchange = incident.open_exchange()
        try:
            recovery = OperatorRecovery(view, exchange, who=WHO, clock=incident.clock)
            comparison = recovery.compare()
            plan = comparison.plan
            say(f"compared {plan.compared}, orphan orders: {len(plan.orphans)}")
            decisions = [
                Decision(order_key=verdict.key, action=Action.CANCEL, who=WHO)
                for verdict in plan.orphans
                if verdict.preselected
            ]
            report = recovery.execute(comparison, decisions, plan_id=plan.id)
        finally:
            exchange.close()
        for outcome in report.execution.outcomes:
            say(f"{outcome.order_key}: {outcome.text}")
        after = incident.ledger()
        news = incident.restart_bot(once=True)
        restarted = view.latest()
        truth = incident.ledger()
        checks = (
            *_checks(incident, comparison.state, before, after),
            _changes_explained(plan, before),
            *_state_checks("recovered state", report.state, after),
            *_state_checks("restarted bot", restarted.state if restarted else None, truth),
        )
        return DemoReport(
            seed=seed,
            ok=all(check.holds for check in checks) and not report.problem,
            checkpoints=len(view.checkpoints()),
            verdicts=_counted(plan),
            stops={
                f"{each.symbol} {each.side.leg}": judged.value
                for judged, each in by_urgency((report.final or plan).positions)
            },
            own_orphans=len(_own_orphans(comparison.state, before)),
            cancelled=sum(outcome.sent for outcome in report.execution.outcomes),
            saved_checkpoint=report.saved.seq if report.saved else None,
            bot_restarted=news.recovered,
            checks=checks,
        )


def _counted(plan: Plan) -> dict[str, int]:
    return {kind.value: len(plan.of_kind(kind)) for kind in OrderVerdictKind if plan.of_kind(kind)}


def _own_orphans(state: SystemState, ledger: LedgerReport) -> list[LedgerOrder]:
    """By the ledger: placed with the bot's key, resting, and not in the checkpoint."""
    known = {order.id for order in state.open_orders}
    return [order for order in ledger.open_orders if order.placed_by == BOT_KEY and order.id not in known]


def _checks(incident: Incident, state: SystemState, before: LedgerReport, after: LedgerReport) -> list[Check]:
    happened = incident.happened
    orphans = _own_orphans(state, before)
    still = [order.id for order in orphans if (now := after.order(order.id, order.namespace)) is None or now.is_open]
    others = [order for order in before.open_orders if order.placed_by != BOT_KEY]
    touched = [order.id for order in others if after.order(order.id, order.namespace) != order]
    known = {order.id for order in state.open_orders}
    gone = [
        order.id
        for order in before.open_orders
        if order.id in known and (now := after.order(order.id, order.namespace)) is not None and now.cancelled_by
    ]
    manual = after.order(happened.manual_order)
    stop = after.order(happened.protective_stop, Namespace.CONDITIONAL)
    in_flight = [order for order in before.orders if order.client_order_id == happened.in_flight]
    accounted = bool(in_flight) and (in_flight[0] in orphans or not in_flight[0].is_open)
    return [
        Check(
            name="every own orphan is cancelled",
            holds=not still,
            detail=f"{len(orphans)}, still open: {still}",
        ),
        Check(
            name="the order in flight at the crash is accounted for",
            holds=accounted,
            detail=f"{happened.in_flight}: before the recovery {in_flight[0].status.value if in_flight else 'not there'}",
        ),
        Check(
            name="the manual order is untouched",
            holds=manual is not None and manual.is_open,
            detail=happened.manual_order,
        ),
        Check(
            name="the protective stop is untouched",
            holds=stop is not None and stop.is_open,
            detail=happened.protective_stop,
        ),
        Check(name="no order of others was touched", holds=not touched, detail=f"{len(others)}, touched: {touched}"),
        Check(name="no order that the bot knew was cancelled", holds=not gone, detail=f"cancelled: {gone}"),
    ]


def _changes_explained(plan: Plan, ledger: LedgerReport) -> Check:
    """What the bot knew was one moment, so only what filled since can have changed a position."""
    by_hand = {order.symbol for order in ledger.orders if order.placed_by != BOT_KEY and order.filled_contracts}
    differing = [
        f"{each.symbol} {each.side.leg}"
        for each in plan.positions
        if each.symbol not in by_hand and (each.fills is None or each.fills.amount != each.change)
    ]
    return Check(
        name="every change of a position is what filled since",
        holds=not differing,
        detail=f"{len(plan.positions)}, differing: {differing}",
    )


def _state_checks(label: str, state: SystemState | None, ledger: LedgerReport) -> list[Check]:
    if state is None:
        return [Check(name=f"{label}: there is one", holds=False, detail="no state")]
    mine = {order.id: order for order in ledger.open_orders if order.placed_by == BOT_KEY}
    differing = [
        order_id
        for order_id in mine.keys() | {order.id for order in state.open_orders}
        if not _same_order(next((o for o in state.open_orders if o.id == order_id), None), mine.get(order_id))
    ]
    held = {(p.symbol, p.side): (p.quantity, p.entry_price) for p in state.positions}
    real = {
        (p.symbol, Side.BUY if p.side == "long" else Side.SELL): (p.contracts, p.entry_price) for p in ledger.positions
    }
    money = (state.account.balance, state.account.equity)
    return [
        Check(
            name=f"{label}: orders equal the exchange's",
            holds=not differing,
            detail=f"{len(mine)}, differing: {differing}",
        ),
        Check(
            name=f"{label}: positions equal the exchange's",
            holds=held.keys() == real.keys() and all(_close(held[leg], real[leg]) for leg in held),
            detail=f"{len(real)} legs",
        ),
        Check(
            name=f"{label}: account equals the exchange's",
            holds=_close(money, (ledger.balance, ledger.equity)),
            detail=f"balance {money[0]}, equity {money[1]}",
        ),
    ]


def _same_order(state: OrderState | None, ledger: LedgerOrder | None) -> bool:
    return (
        state is not None
        and ledger is not None
        and state.client_order_id == ledger.client_order_id
        and state.symbol == ledger.symbol
        and state.side.value == ledger.side
        and state.quantity == ledger.contracts
        and state.filled_quantity == ledger.filled_contracts
        and state.price == ledger.price
    )


def _close(mine: tuple[Decimal, Decimal], theirs: tuple[Decimal, Decimal]) -> bool:
    """Equal to the eighth decimal, which is what the exchange's API tells."""
    return all(abs(a - b) <= Decimal("1e-8") for a, b in zip(mine, theirs, strict=True))
