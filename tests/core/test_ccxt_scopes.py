"""Which scopes an account has, derived from what real ccxt clients declare. No network."""

from typing import Any

import ccxt
import pytest

from crashdesk.exchange.ccxt_pages import Pages, Paging, next_page, truncation
from crashdesk.exchange.ccxt_scopes import (
    ClientProfile,
    ReadStep,
    lookup_params,
    order_steps,
    position_steps,
    profile_of,
)
from crashdesk.exchange.records import Namespace, OrderRef, ScopeKind

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
NORMAL, CONDITIONAL = ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS


def profile(exchange: str, market_type: str = "swap") -> ClientProfile:
    client = getattr(ccxt, exchange)()
    try:
        return profile_of(client, market_type)
    finally:
        client.session.close()


def scopes(steps: tuple[ReadStep, ...], kind: ScopeKind) -> list[tuple[str | None, str, dict[str, Any]]]:
    return [(s.scope.symbol, s.scope.variant, s.params) for s in steps if s.scope.kind is kind and not s.unsupported]


def unsupported(steps: tuple[ReadStep, ...]) -> list[ScopeKind]:
    return [step.scope.kind for step in steps if step.unsupported]


def test_binance_futures_list_normal_and_conditional_orders_apart() -> None:
    steps = order_steps(profile("binanceusdm"), [BTC])

    assert scopes(steps, NORMAL) == [(None, "", {})]
    assert scopes(steps, CONDITIONAL) == [(None, "", {"trigger": True})]
    assert unsupported(steps) == []


def test_a_scope_that_does_not_exist_is_not_listed_as_missing() -> None:
    steps = order_steps(profile("binance", "spot"), [])

    assert scopes(steps, NORMAL) == [(None, "", {})]
    assert [step.scope.kind for step in steps] == [NORMAL]


def test_okx_lists_each_conditional_kind_by_itself() -> None:
    kinds = ["trigger", "conditional,oco", "move_order_stop", "iceberg", "twap"]

    found = scopes(order_steps(profile("okx"), []), CONDITIONAL)

    assert found == [(None, kind, {"trigger": True, "ordType": kind}) for kind in kinds]


@pytest.mark.parametrize(
    ("exchange", "variants"),
    [
        ("binance", ["linear", "inverse"]),
        ("bybit", ["linear USDT", "linear USDC", "inverse"]),
        ("gate", ["USDT", "BTC"]),
    ],
)
def test_families_that_one_read_leaves_out_are_scopes_of_their_own(exchange: str, variants: list[str]) -> None:
    wanted = profile(exchange)

    for kind in (NORMAL, CONDITIONAL):
        assert [variant for _, variant, _ in scopes(order_steps(wanted, []), kind)] == variants
    assert [step.scope.variant for step in position_steps(wanted)] == variants


def test_each_conditional_kind_of_each_family_is_a_scope_of_its_own() -> None:
    found = scopes(order_steps(profile("bitget"), []), CONDITIONAL)

    assert [variant for _, variant, _ in found] == [
        f"{kind} {family}"
        for kind in ("normal_plan", "track_plan", "profit_loss")
        for family in ("USDT", "USDC", "coin")
    ]


def test_deribit_is_read_per_currency_because_ccxt_asks_for_bitcoin_alone() -> None:
    found = scopes(order_steps(profile("deribit"), [BTC]), NORMAL)

    assert [params["currency"] for _, _, params in found] == ["BTC", "ETH", "USDC", "USDT", "EURR"]


@pytest.mark.scenario(42)
@pytest.mark.parametrize("exchange", ["phemex", "hashkey"])
def test_an_exchange_that_needs_a_symbol_has_one_scope_per_symbol(exchange: str) -> None:
    steps = order_steps(profile(exchange), {ETH, BTC})

    assert [symbol for symbol, _, _ in scopes(steps, NORMAL)] == [BTC, ETH]


@pytest.mark.scenario(42)
def test_an_exchange_that_needs_a_symbol_and_gets_none_reads_nothing_and_says_so() -> None:
    (step,) = order_steps(profile("phemex"), [])

    assert "per symbol only" in step.unsupported


def test_hyperliquid_is_read_at_once_although_ccxt_declares_a_symbol() -> None:
    assert scopes(order_steps(profile("hyperliquid"), [BTC]), NORMAL) == [(None, "", {})]


def test_conditional_orders_that_ccxt_cannot_list_are_a_gap() -> None:
    steps = order_steps(profile("htx", "spot"), [])

    assert unsupported(steps) == [CONDITIONAL]


def test_a_kind_that_ccxt_leaves_out_is_a_gap_beside_those_that_it_lists() -> None:
    steps = order_steps(profile("mexc"), [])

    assert [(step.scope.variant, bool(step.unsupported)) for step in steps if step.scope.kind is CONDITIONAL] == [
        ("", False),
        ("take-profit, stop-loss and trailing orders", True),
    ]


@pytest.mark.parametrize("exchange", ["paymium", "coinspot"])
def test_an_exchange_without_open_orders_in_ccxt_is_a_gap(exchange: str) -> None:
    assert unsupported(order_steps(profile(exchange, "spot"), [])) == [NORMAL]


def test_spot_accounts_have_no_positions() -> None:
    (step,) = position_steps(profile("binance", "spot"))

    assert step.unsupported == "spot accounts have balances, not positions"


def test_swaps_without_positions_in_ccxt_are_a_gap() -> None:
    (step,) = position_steps(profile("bitrue"))

    assert "cannot list" in step.unsupported


def test_positions_that_ccxt_leaves_out_are_a_gap_beside_those_that_it_lists() -> None:
    steps = position_steps(profile("coinbase"))

    assert [(step.scope.variant, bool(step.unsupported)) for step in steps] == [
        ("", False),
        ("international perpetuals", True),
    ]


def test_positions_are_read_once_per_settlement_currency_where_ccxt_asks_for_one_alone() -> None:
    assert [step.params for step in position_steps(profile("phemex"))] == [{"settle": "USDT"}, {"settle": "BTC"}]


# Pages


def pages(paging: Paging, cursor_path: tuple[str, ...] = ()) -> Pages:
    return Pages(size=3, size_param="limit", paging=paging, next_param="next", first=1, cursor_path=cursor_path)


def test_the_next_page_starts_after_the_oldest_id_which_is_not_the_smallest_text() -> None:
    found = next_page(pages(Paging.AFTER_OLDEST_ID), {"limit": 3}, ["1001", "999", "1000"], {"999"}, 3, None)

    assert found == {"limit": 3, "next": "999"}


def test_the_next_page_has_the_next_number() -> None:
    numbered = pages(Paging.PAGE_NUMBER)

    assert next_page(numbered, numbered.start, ["a", "b", "c"], {"c"}, 3, None) == {"limit": 3, "next": 2}


def test_the_next_page_begins_behind_everything_that_came() -> None:
    assert next_page(pages(Paging.OFFSET), {}, ["a", "b", "c"], {"c"}, 6, None) == {"next": 6}


@pytest.mark.parametrize(("cursor", "following"), [("abc", {"next": "abc"}), ("", None), (None, None)])
def test_the_next_page_has_the_cursor_of_the_answer_whatever_the_page_held(
    cursor: str | None, following: dict[str, Any] | None
) -> None:
    answer = {"result": {"cursor": cursor, "list": []}}

    assert next_page(pages(Paging.CURSOR, ("result", "cursor")), {}, ["a"], {"a"}, 1, answer) == following


@pytest.mark.parametrize(("ids", "fresh"), [(["5", "4"], {"5", "4"}), (["5", "4", "3"], set()), ([], set())])
@pytest.mark.parametrize("paging", [Paging.AFTER_OLDEST_ID, Paging.PAGE_NUMBER, Paging.OFFSET])
def test_a_short_page_or_a_repeated_one_is_the_last(paging: Paging, ids: list[str], fresh: set[str]) -> None:
    assert next_page(pages(paging), {}, ids, fresh, len(ids), None) is None


@pytest.mark.scenario(39)
@pytest.mark.parametrize(
    ("limit", "certain", "count", "truncated"),
    [
        (100, True, 99, False),
        (100, True, 100, True),
        (100, True, 101, True),
        (100, True, 50, False),
        (100, False, 50, True),
        (None, False, 50, True),
        (None, False, 51, False),
        (None, True, 50, False),
        (None, False, 0, False),
    ],
)
def test_a_full_page_may_hide_more(limit: int | None, certain: bool, count: int, truncated: bool) -> None:
    assert bool(truncation(limit, count, certain=certain)) is truncated


def test_binance_sends_every_open_order_whatever_ccxt_declares() -> None:
    step = order_steps(profile("binanceusdm"), [])[0]

    assert (step.limit, step.certain, step.pages) == (None, True, None)


# Single orders


def test_an_order_is_asked_for_in_its_namespace() -> None:
    wanted = profile("binanceusdm")

    assert lookup_params(wanted, OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="1")) == {}
    assert lookup_params(wanted, OrderRef(symbol=BTC, namespace=Namespace.CONDITIONAL, id="1")) == {"trigger": True}


def test_an_empty_id_goes_only_to_an_exchange_that_takes_the_client_id() -> None:
    ref = OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="", client_order_id="bot-1")

    assert lookup_params(profile("binanceusdm"), ref) == {"clientOrderId": "bot-1"}
    assert lookup_params(profile("krakenfutures"), ref) is None
    assert lookup_params(profile("binanceusdm"), OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="")) is None
