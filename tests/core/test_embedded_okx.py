"""The embedded exchange's OKX dialect, through the unmodified ccxt client over loopback."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ccxt
import pytest
from embedded_clients import Connect, ids, opened_clients, status_of
from okx_builders import BOT, BTC, ETH, SOL, START_NS, conditional, new_client, okx_venue, pending, rest

from crashdesk.demo.venue import EmbeddedExchange, LedgerStatus, Namespace

KINDS = ("trigger", "conditional", "oco", "move_order_stop", "iceberg", "twap")


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    with okx_venue() as running:
        yield running


@pytest.fixture
def connect(venue: EmbeddedExchange) -> Iterator[Connect]:
    with opened_clients(venue, new_client, BOT) as open_client:
        yield open_client


# Reading


def test_swaps_count_in_contracts_and_spot_is_listed_without_being_traded(bot: Any) -> None:
    markets = bot.load_markets()

    assert {symbol: Decimal(markets[symbol]["contractSize"]) for symbol in (BTC, ETH, SOL)} == {
        BTC: Decimal("0.01"),
        ETH: Decimal("0.1"),
        SOL: 1,
    }
    assert markets[BTC]["id"] == "BTC-USDT-SWAP"
    assert (markets[BTC]["precision"], markets[BTC]["limits"]["amount"]["min"]) == (
        {"amount": "0.01", "price": "0.1"},
        "0.01",
    )
    assert markets["BTC/USDT"]["spot"] is True
    assert markets["BTC/USDT"]["active"] is False
    with pytest.raises(ccxt.ExchangeError, match='"sCode":"51022"'):
        bot.create_order("BTC/USDT", "limit", "buy", "0.01", "60000")


def test_prices_agree_across_endpoints(venue: EmbeddedExchange, bot: Any) -> None:
    venue.advance(600)

    assert bot.fetch_time() == START_NS // 1_000_000 + 600_000
    assert Decimal(bot.fetch_ticker(ETH)["last"]) == venue.price(ETH)
    for symbol in (BTC, ETH, SOL):
        assert Decimal(bot.fetch_tickers()[symbol]["last"]) == venue.price(symbol)
        assert Decimal(bot.fetch_mark_prices()[symbol]["markPrice"]) == venue.price(symbol)


def test_money_and_positions_are_what_the_ledger_says(venue: EmbeddedExchange, bot: Any) -> None:
    bot.create_order(BTC, "market", "sell", "25.5")
    rest(bot, "50000", "10")
    venue.push_price(BTC, Decimal("63000"))

    truth = venue.ledger()
    (position,), (leg,) = bot.fetch_positions(), truth.positions
    assert (leg.quantity, leg.contracts) == (Decimal("0.255"), Decimal("25.5"))
    assert (position["side"], position["hedged"]) == ("short", False)
    assert (Decimal(position["contracts"]), Decimal(position["contractSize"])) == (leg.contracts, Decimal("0.01"))
    assert Decimal(position["entryPrice"]) == leg.entry_price
    assert Decimal(position["unrealizedPnl"]) == leg.unrealized_pnl
    usdt = bot.fetch_balance()["USDT"]
    assert (Decimal(usdt["total"]), Decimal(usdt["free"])) == (truth.equity, truth.available)
    (trade,) = bot.fetch_my_trades(BTC)
    assert (Decimal(trade["amount"]), Decimal(trade["fee"]["cost"])) == (Decimal("25.5"), truth.fees_paid)


def test_an_order_is_found_by_both_ids_while_it_is_open_and_two_hours_after(venue: EmbeddedExchange, bot: Any) -> None:
    order_id = rest(bot, amount="3", clientOrderId="cd1")
    assert str(int(float(order_id))) != order_id, "ids are longer than a float can hold"
    found = bot.fetch_order(order_id, BTC)
    assert found == bot.fetch_order("", BTC, {"clientOrderId": "cd1"})
    assert (found["clientOrderId"], found["status"], found["amount"]) == ("cd1", "open", "3")
    assert venue.ledger().open_orders[0].quantity == Decimal("0.03")

    cancelled = bot.cancel_order(order_id, BTC)
    assert (cancelled["id"], cancelled["status"]) == (order_id, None), "the answer does not say what became of it"
    venue.advance(7200)
    assert bot.fetch_order(order_id, BTC)["status"] == "canceled"
    assert ids(bot.fetch_canceled_orders(BTC)) == [order_id]
    venue.advance(1)
    with pytest.raises(ccxt.OrderNotFound, match="51603"):
        bot.fetch_order(order_id, BTC)
    assert bot.fetch_canceled_orders(BTC) == []


def test_an_order_that_filled_is_not_forgotten(venue: EmbeddedExchange, bot: Any) -> None:
    order_id = rest(bot, "63000", "2")
    venue.push_price(BTC, Decimal("62990"))
    venue.advance(86_400)

    order = bot.fetch_order(order_id, BTC)
    assert (order["status"], Decimal(order["filled"]), order["average"]) == ("closed", 2, "63000")
    assert ids(bot.fetch_closed_orders(BTC)) == [order_id]
    assert sum(Decimal(trade["amount"]) for trade in bot.fetch_order_trades(order_id, BTC)) == 2


def test_open_orders_come_in_pages_of_a_hundred_that_ccxt_does_not_follow(bot: Any) -> None:
    made = [rest(bot, str(50_000 + number)) for number in range(130)]

    first = bot.fetch_open_orders(None, None, 1000)
    assert sorted(ids(first)) == made[30:]
    assert len(bot.fetch_open_orders(None, None, None, {"paginate": True})) == 100
    assert sorted(ids(bot.fetch_open_orders(None, None, None, {"after": made[30]}))) == made[:30]


def test_an_amended_order_keeps_its_id(venue: EmbeddedExchange, bot: Any) -> None:
    order_id = rest(bot, "60000", "3")
    venue.advance(5)
    bot.edit_order(order_id, BTC, "limit", "buy", "5", "61000")

    (order,) = bot.fetch_open_orders()
    assert (order["id"], order["amount"], order["price"]) == (order_id, "5", "61000")
    assert order["lastUpdateTimestamp"] == START_NS // 1_000_000 + 5000
    venue.push_price(BTC, Decimal("60500"))
    assert bot.fetch_order(order_id, BTC)["status"] == "closed"
    other = rest(bot, "50000", "2")
    bot.edit_order(other, BTC, "limit", "buy", "2", "60600")
    assert Decimal(bot.fetch_order(other, BTC)["average"]) == Decimal("60500.1"), "at the new price it trades at once"
    with pytest.raises(ccxt.ExchangeError, match="51510"):
        bot.edit_order(other, BTC, "limit", "buy", "2", "50000")


# Conditional orders


def test_every_conditional_kind_is_listed_by_itself(bot: Any) -> None:
    bot.create_order(BTC, "market", "buy", "4")
    made = {
        "trigger": conditional(bot, "buy", triggerPrice="66000"),
        "conditional": conditional(bot, "sell", stopLossPrice="60000", reduceOnly=True),
        "oco": conditional(bot, "sell", stopLossPrice="61000", takeProfitPrice="67000", reduceOnly=True),
        "move_order_stop": conditional(bot, "sell", trailingPercent="5", reduceOnly=True),
    }

    assert {kind: pending(bot, kind) for kind in KINDS} == {
        **{kind: [order_id] for kind, order_id in made.items()},
        "iceberg": [],
        "twap": [],
    }
    assert pending(bot, "conditional,oco") == [made["oco"], made["conditional"]]
    assert bot.fetch_open_orders() == [], "conditional orders have lists of their own"
    with pytest.raises(ccxt.BadRequest, match="51000"):
        pending(bot, "trigger,oco")
    with pytest.raises(ccxt.BadRequest, match="50014"):
        bot.privateGetTradeOrdersAlgoPending()


@pytest.mark.parametrize(("price", "fired_at"), [("67000", "66999.9"), ("60500", "60999.9")])
def test_an_oco_fires_once_on_either_side(venue: EmbeddedExchange, bot: Any, price: str, fired_at: str) -> None:
    bot.create_order(BTC, "market", "buy", "1")
    params = {"stopLossPrice": "61000", "takeProfitPrice": "67000", "reduceOnly": True}
    order_id = conditional(bot, "sell", **params)
    venue.push_price(BTC, Decimal(price))

    ended = bot.fetch_order(order_id, BTC, {"trigger": True})
    child = ended["info"]["ordId"]
    assert (ended["status"], venue.ledger().positions) == ("closed", ())
    assert Decimal(bot.fetch_order(child, BTC)["average"]) == Decimal(fired_at)
    assert bot.fetch_order(child, BTC)["info"]["algoId"] == order_id
    venue.push_price(BTC, Decimal("60000"))
    venue.push_price(BTC, Decimal("68000"))
    assert venue.ledger().fill_count == 2
    assert pending(bot, "oco") == []


def test_triggers_fire_from_the_side_the_price_comes_from(venue: EmbeddedExchange, bot: Any) -> None:
    dip = conditional(bot, "buy", triggerPrice="63000")
    breakout = conditional(bot, "buy", "limit", "65900", triggerPrice="66000")
    trailing = conditional(bot, "sell", trailingAmount="500")
    assert venue.ledger().positions == ()

    venue.push_price(BTC, Decimal("66000"))
    assert pending(bot, "trigger") == [dip]
    (resting,) = bot.fetch_open_orders()
    assert (resting["price"], resting["id"]) == ("65900", breakout), "ccxt shows the id of the order that it came from"
    venue.push_price(BTC, Decimal("65501"))
    assert pending(bot, "move_order_stop") == [trailing]
    venue.push_price(BTC, Decimal("65500"))
    assert pending(bot, "move_order_stop") == []
    venue.push_price(BTC, Decimal("63000"))
    assert status_of(venue, dip, Namespace.CONDITIONAL) is LedgerStatus.TRIGGERED


def test_a_stop_may_close_whatever_there_is(venue: EmbeddedExchange, bot: Any) -> None:
    bot.create_order(BTC, "market", "buy", "7")
    stop = conditional(bot, "sell", stopLossPrice="62000", closeFraction="1", reduceOnly=True)
    (listed,) = bot.fetch_open_orders(None, None, None, {"trigger": True, "ordType": "conditional"})
    assert (listed["amount"], listed["info"]["closeFraction"], listed["reduceOnly"]) == (None, "1", True)
    bot.create_order(BTC, "market", "buy", "3")
    venue.push_price(BTC, Decimal("61000"))

    assert venue.ledger().positions == ()
    assert status_of(venue, stop, Namespace.CONDITIONAL) is LedgerStatus.TRIGGERED


def test_a_conditional_order_is_cancelled_by_its_own_endpoint_only(venue: EmbeddedExchange, bot: Any) -> None:
    order_id = conditional(bot, "buy", triggerPrice="66000", algoClOrdId="cdstop")
    with pytest.raises(ccxt.OrderNotFound, match="51400"):
        bot.cancel_order(order_id, BTC)
    assert bot.fetch_order("", BTC, {"trigger": True, "clientOrderId": "cdstop"})["id"] == order_id
    answer = bot.cancel_order(order_id, BTC, {"trigger": True})
    assert (answer["id"], answer["status"]) == (order_id, None)
    assert status_of(venue, order_id, Namespace.CONDITIONAL) is LedgerStatus.CANCELLED


# Modes and the dead man's switch


def test_hedge_legs_live_side_by_side(venue: EmbeddedExchange, bot: Any) -> None:
    bot.set_position_mode(True)
    assert bot.fetch_position_mode()["hedged"] is True
    bot.create_order(BTC, "market", "buy", "20", None, {"hedged": True})
    bot.create_order(BTC, "market", "sell", "10", None, {"hedged": True})
    bot.create_order(BTC, "market", "sell", "5", None, {"hedged": True, "reduceOnly": True})

    legs = {(leg["side"], leg["hedged"]): Decimal(leg["contracts"]) for leg in bot.fetch_positions()}
    assert legs == {("long", True): 15, ("short", True): 10}
    assert {leg.side: leg.contracts for leg in venue.ledger().positions} == {"long": 15, "short": 10}
    with pytest.raises(ccxt.BadRequest, match="posSide"):
        bot.create_order(BTC, "market", "sell", "1")
    with pytest.raises(ccxt.ExchangeError, match="59000"):
        bot.set_position_mode(False)


def test_the_dead_mans_switch_cancels_everything_unless_it_is_armed_anew(venue: EmbeddedExchange, bot: Any) -> None:
    def place() -> None:
        rest(bot)
        conditional(bot, "buy", triggerPrice="69000")

    place()
    bot.cancel_all_orders_after(30_000)
    venue.advance(29)
    bot.cancel_all_orders_after(30_000)
    venue.advance(29.9)
    assert len(venue.ledger().open_orders) == 2
    venue.advance(0.1)
    gone = venue.ledger()
    assert gone.open_orders == ()
    assert [order.updated_at for order in gone.closed_orders] == [START_NS + 59_000_000_000] * 2
    place()
    bot.cancel_all_orders_after(30_000)
    bot.cancel_all_orders_after(0)
    venue.advance(300)
    assert len(venue.ledger().open_orders) == 2
    with pytest.raises(ccxt.BadRequest, match="timeOut"):
        bot.cancel_all_orders_after(5_000)
