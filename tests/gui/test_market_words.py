"""The kind of market is a word of the operator's language, wherever a scope is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from crashdesk.exchange.records import Scope, ScopeKind
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.phrases import said, scope_words


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    languages = Languages(qapp, Language.CHINESE)
    yield
    languages.close()


@pytest.mark.parametrize(("market", "word"), [("swap", "永续"), ("spot", "现货"), ("future", "交割")])
def test_a_scope_is_named_without_an_english_word(chinese: None, market: str, word: str) -> None:
    scope = Scope(kind=ScopeKind.CONDITIONAL_ORDERS, market_type=market)
    assert scope_words(scope) == f"条件订单 · {word} · 所有交易对"
    assert said(scope.label()) == scope_words(scope), "in a sentence of the core as well"


def test_a_kind_of_market_that_is_not_known_keeps_its_name(chinese: None) -> None:
    scope = Scope(kind=ScopeKind.ORDERS, market_type="option", symbol="BTC/USD:BTC")
    assert scope_words(scope) == "订单 · option · BTC/USD:BTC"
