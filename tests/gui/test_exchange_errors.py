"""An exchange that refuses, as the desk tells it: three answers in the operator's language, its own words as a quotation."""

import re

import pytest
from PySide6.QtWidgets import QApplication

from crashdesk.errors import AccountInUse, ExchangeError, MalformedJournal, WrongAccount
from crashdesk.exchange.trouble_error import error_of
from crashdesk.trouble import Trouble, TroubleKind
from crashdesk.trouble_words import trouble_line
from crashdesk_gui.errors import explain
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.phrases import said

QUOTED = "Invalid OK-ACCESS-KEY. (50111)"
_LATIN = re.compile(r"[A-Za-z]{3,}")
_NAMES = {"ccxt", "VPN", "DNS", "secret", "passphrase"}


@pytest.mark.parametrize("kind", list(TroubleKind), ids=lambda kind: kind.name.lower())
def test_every_trouble_is_told_in_both_languages(qapp: QApplication, kind: TroubleKind) -> None:
    trouble = Trouble(kind=kind, words=QUOTED, until=1_767_225_600_000_000_000)
    error = error_of(trouble, "the account could not be read")
    languages = Languages(qapp, Language.ENGLISH)
    english = explain(error)
    languages.speak(Language.CHINESE)
    chinese, line = explain(error), said(str(error))
    without = said(trouble_line(Trouble(kind=kind)))
    languages.close()

    for told in (english, chinese):
        assert all((told.title, told.meaning, told.advice))
        assert f"{QUOTED}" in told.details
        assert "2026-01-01 00:00:00 UTC" in told.details
        assert QUOTED not in f"{told.title}{told.meaning}{told.advice}"
    assert "try again" not in f"{english.title} {english.meaning} {english.advice}".lower()
    texts = (chinese.title, chinese.meaning, chinese.advice, line.replace(QUOTED, ""), without)
    assert {word for text in texts for word in _LATIN.findall(text)} <= _NAMES
    assert line.startswith("无法读取账户：")
    assert QUOTED in line


@pytest.mark.parametrize(
    "error",
    [WrongAccount("x"), AccountInUse("x"), MalformedJournal("x"), ExchangeError("x")],
    ids=lambda e: type(e).__name__,
)
def test_nothing_is_answered_with_try_again_that_trying_does_not_mend(error: Exception) -> None:
    told = explain(error)
    assert "try again" not in f"{told.meaning} {told.advice}".lower()


def test_a_refused_cancellation_says_what_to_mend_and_not_to_decide_anew(qapp: QApplication) -> None:
    text = f"refused: {trouble_line(Trouble(kind=TroubleKind.PERMISSION, words=QUOTED))}; it is still open"
    languages = Languages(qapp, Language.CHINESE)
    chinese = said(text)
    languages.close()
    assert chinese.startswith(f"被拒绝：该密钥无权执行所请求的操作（{QUOTED}）；")
    assert chinese.endswith("；它仍在挂单")
