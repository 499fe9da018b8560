"""A known order whose market was delisted or renamed is not cancelled as one that the bot does not know."""

from __future__ import annotations

import pytest
import strategies as make
from recovery_builders import BTC, live, market, plan_of, snapshot

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind
from crashdesk.state import Side

OLD, NEW = "MATIC/USDT:USDT", "POL/USDT:USDT"
KNOWN = make.order(symbol=OLD)


def stranger(order: ExchangeOrder, *listed: str) -> OrderVerdict:
    state = make.state(open_orders=(KNOWN,), positions=())
    plan = plan_of(state, snapshot(orders=(order,), markets=tuple(market(symbol=each) for each in (BTC, *listed))))
    (verdict,) = plan.orphans
    return verdict


@pytest.mark.parametrize(
    "order",
    [
        live(symbol="MATICUSDT", known_market=False),
        live(symbol=NEW),
        live(symbol=NEW, id="another"),
        live(symbol="MATICUSDT", known_market=False, client_order_id=""),
    ],
    ids=["delisted", "renamed", "renamed and numbered anew", "delisted, without a client order id"],
)
def test_it_is_said_and_not_proposed(order: ExchangeOrder) -> None:
    verdict = stranger(order, *([NEW] if order.known_market else []))
    assert (verdict.kind, verdict.preselected) == (OrderVerdictKind.AMBIGUOUS, False)
    assert f"The state knows order {KNOWN.id} of {OLD}" in "\n".join(item.text for item in verdict.evidence)


@pytest.mark.parametrize(
    ("order", "listed"),
    [
        (live(symbol=NEW), (OLD, NEW)),
        (live(symbol=NEW, client_order_id="grid-99"), (NEW,)),
        (live(symbol=NEW, side=Side.SELL), (NEW,)),
        (live(symbol=NEW, id="another", client_order_id="grid-99"), (NEW,)),
    ],
    ids=["both markets are there", "another client order id", "another side", "other names"],
)
def test_what_is_another_order_stays_an_orphan(order: ExchangeOrder, listed: tuple[str, ...]) -> None:
    verdict = stranger(order, *listed)
    assert (verdict.kind, verdict.preselected) == (OrderVerdictKind.OWN_ORPHAN, True)
