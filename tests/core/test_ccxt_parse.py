"""ccxt's unified orders become ours: exact, with None where the exchange does not say. Pure, no network."""

from typing import Any

import pytest
from ccxt_records import BTC, order

from crashdesk.exchange.ccxt_parse import Unreadable, parse_order
from crashdesk.exchange.records import Namespace
from crashdesk.state import Side


def test_amounts_keep_every_digit() -> None:
    parsed = order(price="60000.12345678901234567", amount="12345678901.12345678", filled="0.300")

    assert str(parsed.price) == "60000.12345678901234567"
    assert str(parsed.amount) == "12345678901.12345678"
    assert str(parsed.filled) == "0.300"
    assert parsed.created_at == 1767225600123 * 1_000_000


@pytest.mark.scenario(47)
def test_what_the_exchange_does_not_say_stays_none() -> None:
    parsed = order(amount=None, filled=None, price=None, timestamp=None, average="0", lastUpdateTimestamp=None)

    assert (parsed.amount, parsed.filled, parsed.remaining, parsed.price) == (None, None, None, None)
    assert (parsed.average, parsed.created_at, parsed.updated_at) == (None, None, None)
    assert (parsed.reduce_only, parsed.close_position, parsed.position_side) == (None, None, "")


@pytest.mark.parametrize("text", ["nan", "Infinity", "12,5", "", None, True])
def test_what_is_no_number_is_none(text: object) -> None:
    assert order(filled=text).filled is None


@pytest.mark.scenario(21)
def test_ids_are_text_and_a_missing_client_id_is_empty() -> None:
    parsed = order(id=4810225001, clientOrderId=77)

    assert (parsed.id, parsed.client_order_id) == ("4810225001", "77")
    assert order(clientOrderId=None).client_order_id == ""


def test_a_conditional_order_of_okx_has_its_own_client_id() -> None:
    parsed = order(Namespace.CONDITIONAL, {"ordType": "trigger", "algoClOrdId": "bot-7"}, type="trigger")

    assert parsed.client_order_id == "bot-7"


@pytest.mark.parametrize("missing", [{"id": None}, {"id": ""}, {"symbol": None}, {"side": None}, {"status": None}])
def test_an_order_that_lacks_what_identifies_it_is_unreadable(missing: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="look at it on the exchange"):
        order(**missing)


@pytest.mark.parametrize("nothing", ["0", "-", "web", "app", "api"])
def test_a_word_for_no_client_id_is_no_client_id(nothing: str) -> None:
    assert order(clientOrderId=nothing).client_order_id == ""


def test_an_order_of_a_market_that_is_not_listed_is_kept_under_the_exchange_s_name_for_it() -> None:
    raw = {"id": "7", "symbol": None, "side": "buy", "status": "open", "info": {"instId": "OLD-USDT-SWAP"}}

    gone = parse_order(raw, Namespace.NORMAL, markets={BTC})
    listed = parse_order({**raw, "symbol": BTC}, Namespace.NORMAL, markets={BTC})

    assert (gone.symbol, gone.known_market) == ("OLD-USDT-SWAP", False)
    assert (listed.symbol, listed.known_market) == (BTC, True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (1767225600123, 1767225600123 * 10**6),
        ("1767225600123", 1767225600123 * 10**6),
        (1767225600, 1767225600 * 10**9),
        ("1767225600.5", 17672256005 * 10**8),
        (1767225600123456, 1767225600123456 * 10**3),
        (1767225600123456789, 1767225600123456789),
        ("2026-01-01T00:00:00.123Z", 1767225600123 * 10**6),
        ("2026-01-01T01:00:00.123+01:00", 1767225600123 * 10**6),
        ("2026-01-01T00:00:00", 1767225600 * 10**9),
        ("yesterday", None),
        ("", None),
        (0, None),
        (-5, None),
        (10**25, None),
        ("1960-01-01T00:00:00Z", None),
        (True, None),
    ],
)
def test_times_come_in_any_unit_and_what_is_no_time_is_none(told: object, expected: int | None) -> None:
    assert order(timestamp=told).created_at == expected


@pytest.mark.parametrize(("listed", "told"), [("-1", ""), ("0", ""), ("77", "77"), (77, "77")])
def test_orders_of_which_one_cancels_the_other_share_a_group(listed: object, told: str) -> None:
    assert order(info={"orderListId": listed}).group_id == told


@pytest.mark.parametrize(
    ("leg", "side", "reduces"), [("long", "sell", True), ("short", "buy", True), ("long", "buy", None)]
)
def test_an_order_against_its_own_leg_can_only_reduce_it(leg: str, side: str, reduces: bool | None) -> None:
    assert order(info={"positionSide": leg.upper()}, side=side).reduce_only is reduces


@pytest.mark.parametrize(
    ("leg", "does", "side"),
    [
        ("long", "open", Side.BUY),
        ("long", "close", Side.SELL),
        ("short", "open", Side.SELL),
        ("short", "close", Side.BUY),
    ],
)
def test_the_direction_follows_from_what_an_order_does_to_its_leg(leg: str, does: str, side: Side) -> None:
    assert order(info={"posSide": leg, "tradeSide": does}, side="buy").side is side
