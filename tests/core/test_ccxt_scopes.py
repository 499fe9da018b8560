"""Which scopes an account has, derived from what real ccxt clients declare. No network."""

from typing import Any

import ccxt
import pytest

from crashdesk.exchange.ccxt_scopes import (
    ClientProfile,
    Paging,
    ReadStep,
    lookup_params,
    next_page,
    order_steps,
    position_steps,
    profile_of,
    truncation,
)
from crashdesk.exchange.records import Namespace, OrderRef, Scope, ScopeKind

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
        ("bitget", ["USDT", "USDC", "coin"]),
        ("gate", ["USDT", "BTC"]),
    ],
)
def test_families_that_one_read_leaves_out_are_scopes_of_their_own(exchange: str, variants: list[str]) -> None:
    wanted = profile(exchange)

    for kind in (NORMAL, CONDITIONAL):
        assert [variant for _, variant, _ in scopes(order_steps(wanted, []), kind)] == variants
    assert [step.scope.variant for step in position_steps(wanted)] == variants


@pytest.mark.parametrize("exchange", ["phemex", "deribit"])
def test_an_exchange_that_needs_a_symbol_has_one_scope_per_symbol(exchange: str) -> None:
    steps = order_steps(profile(exchange), {ETH, BTC})

    assert [symbol for symbol, _, _ in scopes(steps, NORMAL)] == [BTC, ETH]


def test_an_exchange_that_needs_a_symbol_and_gets_none_reads_nothing_and_says_so() -> None:
    (step,) = order_steps(profile("phemex"), [])

    assert "per symbol only" in step.unsupported


def test_hyperliquid_is_read_at_once_although_ccxt_declares_a_symbol() -> None:
    assert scopes(order_steps(profile("hyperliquid"), [BTC]), NORMAL) == [(None, "", {})]


def test_conditional_orders_that_ccxt_cannot_list_are_a_gap() -> None:
    steps = order_steps(profile("poloniex", "spot"), [])

    assert unsupported(steps) == [CONDITIONAL]


@pytest.mark.parametrize("exchange", ["paymium", "coinspot"])
def test_an_exchange_without_open_orders_in_ccxt_is_a_gap(exchange: str) -> None:
    assert unsupported(order_steps(profile(exchange, "spot"), [])) == [NORMAL]


def test_every_exchange_has_steps_and_each_step_a_reason_or_a_way() -> None:
    for exchange in ccxt.exchanges:
        for market_type in ("spot", "swap"):
            wanted = profile(exchange, market_type)
            steps = order_steps(wanted, [BTC])
            assert steps[0].scope.kind is NORMAL, exchange
            assert len({(step.scope) for step in steps}) == len(steps), exchange
            assert position_steps(wanted), exchange


def test_spot_accounts_have_no_positions() -> None:
    (step,) = position_steps(profile("binance", "spot"))

    assert step.unsupported == "spot accounts have balances, not positions"


def test_swaps_without_positions_in_ccxt_are_a_gap() -> None:
    (step,) = position_steps(profile("bitrue"))

    assert "cannot list" in step.unsupported


# Pages


STEP = ReadStep(scope=Scope(kind=NORMAL, market_type="swap"), limit=3, paging=Paging.AFTER_OLDEST_ID)


def test_the_next_page_starts_after_the_oldest_id_which_is_not_the_smallest_text() -> None:
    assert next_page(STEP, ["1001", "999", "1000"], {"999"}) == {"after": "999"}


@pytest.mark.parametrize(("ids", "fresh"), [(["5", "4"], {"5", "4"}), (["5", "4", "3"], set()), ([], set())])
def test_a_short_page_or_a_repeated_one_is_the_last(ids: list[str], fresh: set[str]) -> None:
    assert next_page(STEP, ids, fresh) is None


@pytest.mark.parametrize(
    ("limit", "guess", "count", "truncated"),
    [
        (100, True, 99, False),
        (100, True, 100, True),
        (100, True, 101, True),
        (None, True, 50, True),
        (None, True, 51, False),
        (None, False, 50, False),
        (None, True, 0, False),
    ],
)
def test_a_full_page_may_hide_more(limit: int | None, guess: bool, count: int, truncated: bool) -> None:
    step = ReadStep(scope=STEP.scope, limit=limit, guess_pages=guess)

    assert bool(truncation(step, count)) is truncated


def test_binance_sends_every_open_order_whatever_ccxt_declares() -> None:
    step = order_steps(profile("binanceusdm"), [])[0]

    assert truncation(step, 500) == ""


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
