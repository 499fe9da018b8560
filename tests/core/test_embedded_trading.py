"""Trading on the embedded exchange: fills, positions of both modes, and money that adds up."""

import random
from decimal import Decimal
from typing import Any

import ccxt
import pytest
from binance_builders import BOT, BTC, CREDENTIALS, ETH, SOL, START_NS, fill_order
from embedded_clients import Connect, ids

from crashdesk.demo.venue import EmbeddedExchange, LedgerStatus


def test_resting_orders_fill_when_the_price_reaches_them(venue: EmbeddedExchange, bot: Any) -> None:
    near, far, never = (bot.create_order(BTC, "limit", "buy", "0.01", price)["id"] for price in (63900, 63800, 63000))
    venue.push_price(BTC, Decimal("63800.1"))
    assert ids(bot.fetch_open_orders(BTC)) == [far, never]
    venue.push_price(BTC, Decimal("63800"))
    assert ids(bot.fetch_open_orders(BTC)) == [never]

    trades = bot.fetch_my_trades(BTC)
    assert {trade["order"] for trade in trades} == {near, far}
    assert all(trade["takerOrMaker"] == "maker" for trade in trades)
    assert sum(Decimal(trade["fee"]["cost"]) for trade in trades) == Decimal("0.02") * 63850 * Decimal("0.0002")
    assert Decimal(bot.fetch_order(near, BTC)["average"]) == 63900


def test_some_orders_fill_in_two_pieces(venue: EmbeddedExchange, bot: Any) -> None:
    for level in range(40):
        bot.create_order(SOL, "limit", "buy", "10", str(150 - Decimal(level + 1) / 50))
    seen_partial = set()
    for _ in range(2000):
        venue.advance(5)
        partial = [o for o in venue.ledger().open_orders if o.status is LedgerStatus.PARTIALLY_FILLED]
        seen_partial.update(order.id for order in partial)
        if len(seen_partial) >= 3 and not partial:
            break

    assert len(seen_partial) >= 3
    for order_id in seen_partial:
        pieces = bot.fetch_my_trades(SOL, None, None, {"orderId": order_id})
        assert len(pieces) == 2
        assert sum(Decimal(piece["amount"]) for piece in pieces) == 10
        assert bot.fetch_order(order_id, SOL)["status"] == "closed"


def test_money_adds_up_to_the_last_digit_after_a_day_of_trading(venue: EmbeddedExchange, bot: Any) -> None:
    dice = random.Random(3)
    bot.load_markets()
    for round_number in range(60):
        venue.advance(1440)
        symbol, side = dice.choice((BTC, ETH, SOL)), dice.choice(("buy", "sell"))
        notional = Decimal(dice.randint(200, 20_000))
        price = venue.price(symbol)
        amount = bot.amount_to_precision(symbol, str(notional / price))
        if round_number % 2:
            bot.create_order(symbol, "market", side, amount)
        else:
            away = Decimal("0.998") if side == "buy" else Decimal("1.002")
            bot.create_order(symbol, "limit", side, amount, bot.price_to_precision(symbol, str(price * away)))

    truth = venue.ledger()
    trades = [trade for symbol in (BTC, ETH, SOL) for trade in bot.fetch_my_trades(symbol)]
    held = {symbol: Decimal(0) for symbol in (BTC, ETH, SOL)}
    cash = truth.starting_balance
    for trade in trades:
        sign = 1 if trade["side"] == "buy" else -1
        held[trade["symbol"]] += sign * Decimal(trade["amount"])
        cash -= sign * Decimal(trade["price"]) * Decimal(trade["amount"]) + Decimal(trade["fee"]["cost"])
    assert len(trades) == truth.fill_count > 40
    realized = sum(Decimal(trade["info"]["realizedPnl"]) for trade in trades)
    fees = sum(Decimal(trade["fee"]["cost"]) for trade in trades)
    assert (truth.realized_pnl, truth.fees_paid) == (realized, fees)
    assert truth.balance == truth.starting_balance + realized - fees
    assert truth.equity == cash + sum(held[symbol] * venue.price(symbol) for symbol in held)
    positions = {position["symbol"]: position for position in bot.fetch_positions()}
    for symbol, quantity in held.items():
        assert Decimal(positions[symbol]["contracts"]) == abs(quantity)
        assert positions[symbol]["side"] == ("long" if quantity > 0 else "short")
    assert sum(Decimal(row["unrealizedPnl"]) for row in positions.values()) == truth.unrealized_pnl


def test_one_way_position_nets_and_flips(venue: EmbeddedExchange, bot: Any) -> None:
    venue.push_price(BTC, Decimal("60000.1"))
    fill_order(venue, bot, "sell", "0.3")
    venue.advance(4)
    venue.push_price(BTC, Decimal("58999.9"))
    fill_order(venue, bot, "buy", "0.5")

    (position,) = bot.fetch_positions()
    assert (position["side"], Decimal(position["contracts"])) == ("long", Decimal("0.2"))
    assert (Decimal(position["entryPrice"]), position["hedged"]) == (Decimal("59000"), False)
    truth = venue.ledger()
    assert truth.realized_pnl == Decimal("0.3") * 1000
    assert truth.positions[0].opened_at == START_NS + 4_000_000_000
    fill_order(venue, bot, "sell", "0.2")
    assert bot.fetch_positions() == []


def test_hedge_legs_live_side_by_side(connect: Connect) -> None:
    with EmbeddedExchange(start_ns=START_NS, credentials=CREDENTIALS, hedge_mode=True) as venue:
        bot = connect(BOT, venue)
        assert bot.fetch_position_mode()["hedged"] is True
        bot.create_order(BTC, "market", "buy", "0.2", None, {"hedged": True})
        bot.create_order(BTC, "market", "sell", "0.1", None, {"hedged": True})
        legs = {row["side"]: Decimal(row["contracts"]) for row in bot.fetch_positions() if row["hedged"]}
        assert legs == {"long": Decimal("0.2"), "short": Decimal("0.1")}

        bot.create_order(BTC, "market", "sell", "0.15", None, {"hedged": True, "reduceOnly": True})
        assert {p.position_side: p.quantity for p in venue.ledger().positions} == {
            "LONG": Decimal("0.05"),
            "SHORT": Decimal("0.1"),
        }
        with pytest.raises(ccxt.InvalidOrder, match="-2022"):
            bot.create_order(BTC, "market", "sell", "0.06", None, {"positionSide": "LONG"})
        with pytest.raises(ccxt.OperationRejected, match="-4061"):
            bot.create_order(BTC, "market", "sell", "0.01")


def test_position_mode_changes_only_on_an_empty_account(bot: Any) -> None:
    bot.set_position_mode(True)
    assert bot.fetch_position_mode()["hedged"] is True
    with pytest.raises(ccxt.OperationRejected, match="-4059"):
        bot.set_position_mode(True)
    bot.set_position_mode(False)
    order = bot.create_order(BTC, "limit", "buy", "0.01", "63000")
    with pytest.raises(ccxt.OperationRejected, match="-4067"):
        bot.set_position_mode(True)
    bot.cancel_order(order["id"], BTC)
    bot.create_order(BTC, "market", "buy", "0.01")
    with pytest.raises(ccxt.OperationRejected, match="-4068"):
        bot.set_position_mode(True)


def test_immediate_or_cancel_never_rests(bot: Any) -> None:
    missed = bot.create_order(BTC, "limit", "buy", "0.01", "63000", {"timeInForce": "IOC"})
    taken = bot.create_order(BTC, "limit", "buy", "0.01", "65000", {"timeInForce": "IOC"})
    assert (missed["status"], missed["filled"]) == ("expired", "0")
    assert (taken["status"], Decimal(taken["average"])) == ("closed", Decimal("64000.1"))
    assert bot.fetch_open_orders() == []


def test_who_asks_for_liquidations_hears_that_there_were_none(bot: Any) -> None:
    assert bot.fetch_my_liquidations("BTC/USDT:USDT") == []
