"""Client order ids that ccxt or an exchange changes (Gate's all begin with "t-") name the bot's orders all the same."""

import pytest
import strategies as make
from recorded_exchange import opened
from recovery_builders import BTC, LATER, SECOND, ExchangeInMemory, intent, journal, leg, live
from strategies import T0, ManualClock

from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.exchange.records import ExchangeOrder, LookupStatus, Namespace, OrderRef
from crashdesk.reconcile.records import IntentVerdictKind, OrderVerdictKind, Plan
from crashdesk.state import OrderState
from crashdesk.storage.journal_records import JournalView


def plan_on(
    exchange: str, known: tuple[OrderState, ...], told: JournalView, *orders: ExchangeOrder, prefix: str = ""
) -> Plan:
    account = ExchangeInMemory(*orders, positions=[leg()])
    account.id = exchange
    plan, _ = compare(
        make.state(open_orders=known),
        journal=told,
        exchange=account,
        manifest=StoreManifest(bot="grid", exchange=exchange, client_order_id_prefix=prefix),
        checkpoint_seq=7,
        clock=ManualClock(LATER),
    )
    return plan


@pytest.mark.parametrize("name", ["grid-17", "t-grid-17"])
def test_an_order_is_known_by_the_bots_name_and_by_the_exchanges(name: str) -> None:
    plan = plan_on("gate", (make.order(client_order_id=name),), journal(), live(client_order_id="t-grid-17"))

    assert [each.kind for each in plan.orders] == [OrderVerdictKind.MATCHED]


@pytest.mark.parametrize("name", ["grid-9", "t-grid-9"])
def test_an_order_that_the_bot_was_about_to_send_is_its_own(name: str) -> None:
    order = live(id="9", client_order_id="t-grid-9", created_at=T0 + 2 * SECOND)
    plan = plan_on("gate", (), journal(intent(client_order_id=name)), order)

    assert [each.kind for each in plan.orders] == [OrderVerdictKind.OWN_ORPHAN]
    assert not [each for each in plan.intents if each.kind is not IntentVerdictKind.LIVE]


@pytest.mark.parametrize(
    ("name", "kind"), [("t-grid-9", OrderVerdictKind.OWN_ORPHAN), ("t-hand-9", OrderVerdictKind.FOREIGN)]
)
def test_the_bots_prefix_is_looked_for_behind_the_exchanges(name: str, kind: OrderVerdictKind) -> None:
    order = live(id="9", client_order_id=name, created_at=T0 + 2 * SECOND)
    plan = plan_on("gate", (), journal(intent(client_order_id="grid-9")), order, prefix="grid-")

    assert [each.kind for each in plan.orders] == [kind]


def test_capitals_that_the_exchange_took_away_make_no_other_order() -> None:
    order = live(id="9", client_order_id="grid-9b", created_at=T0 + 2 * SECOND)
    stranger = live(id="10", client_order_id="grid-10", created_at=T0 + 3 * SECOND)
    plan = plan_on(
        "bingx",
        (make.order(client_order_id="Grid-17"),),
        journal(intent(client_order_id="Grid-9B")),
        *(live(), order, stranger),
        prefix="Grid-",
    )

    kinds = {each.key.rpartition(":")[2]: each.kind for each in plan.orders}
    assert kinds["8389765"] is OrderVerdictKind.MATCHED
    assert kinds["9"] is OrderVerdictKind.OWN_ORPHAN
    assert kinds["10"] is not OrderVerdictKind.FOREIGN


def test_where_nothing_changes_them_other_names_are_other_orders() -> None:
    plan = plan_on(
        "binanceusdm", (make.order(client_order_id="grid-17"),), journal(), live(client_order_id="t-grid-17")
    )

    assert [each.kind for each in plan.orders] == [OrderVerdictKind.AMBIGUOUS]


@pytest.mark.parametrize("name", ["bot-7", "t-bot-7"])
def test_an_order_is_found_by_either_name(name: str) -> None:
    ref = OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="", client_order_id=name)
    markets = [{"id": "BTC_USDT", "symbol": BTC, "contractSize": "0.0001", "settleId": "usdt"}]
    with opened("gate", markets=markets) as (found, _):
        lookup = found.read_order(ref)

    assert lookup.order is not None
    assert (lookup.status, lookup.order.id) == (LookupStatus.FOUND, "15675394")
