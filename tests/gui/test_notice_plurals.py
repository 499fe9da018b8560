"""A notice counts in plain words, in both languages: one order, two orders, never "order(s)"."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from crashdesk_gui.context import UiContext
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.notice_words import health_sentence, notice_words, together
from crashdesk_gui.notifications import Notice, NoticeKind
from crashdesk_gui.theme import Status
from crashdesk_gui.views.sidebar import StoreEntry

LATIN = re.compile("[A-Za-z]+")
NAMES = {"a": "grid", "b": "arb"}


@pytest.fixture
def languages(qapp: QApplication) -> Iterator[Languages]:
    each = Languages(qapp, Language.ENGLISH)
    yield each
    each.close()


def entry(name: str, status: Status) -> StoreEntry:
    return StoreEntry(id=name, name=name, status=status, health="ok")


def said(ui: UiContext) -> list[str]:
    orphans = [Notice(kind=NoticeKind.ORPHANS, store="a", count=count) for count in (1, 2)]
    stopped = Notice(kind=NoticeKind.BOT_STOPPED, store="b")
    good, bad = entry("grid", Status.OK), entry("arb", Status.BAD)
    return [
        *(notice_words(each, "grid", ui.display)[0] for each in orphans),
        together([*orphans, stopped], NAMES, ui.display)[0],
        health_sentence([good]),
        health_sentence([good, good]),
        health_sentence([bad, bad]),
    ]


def test_what_is_counted_is_said_in_plain_words(ui: UiContext, languages: Languages) -> None:
    assert said(ui) == [
        "grid: 1 order needs your decision",
        "grid: 2 orders need your decision",
        "3 things need your attention",
        "Crashdesk: 1 store, nothing needs attention.",
        "Crashdesk: 2 stores, nothing needs attention.",
        "Crashdesk: 2 stores need attention: arb, arb.",
    ]


def test_nothing_of_it_stays_english_in_chinese(ui: UiContext, qapp: QApplication) -> None:
    chinese = Languages(qapp, Language.CHINESE)
    try:
        left = {word for text in said(ui) for word in LATIN.findall(text)}
    finally:
        chinese.close()
    assert left == {"grid", "arb", "Crashdesk"}
