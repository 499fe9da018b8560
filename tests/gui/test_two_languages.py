"""The desk in both languages: nothing stays English in Chinese; every text has room at 1024 by 720, and at its least size."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

sys.path.insert(0, str(Path(__file__).parent))
from desk_tour import SIZE, clipped, desk_speaking, plain, shown_texts
from test_chinese_words import ASCII_AFTER_CHINESE

from crashdesk_gui.context import UiContext
from crashdesk_gui.language import Language
from crashdesk_gui.views.main_window import LEAST_SIZE

_SAME_IN_EVERY_LANGUAGE = {
    *(
        "Crashdesk",
        "English",
        "UTC",
        "CRC",
        "PnL",
        "CSV",
        "JSON",
        "PNG",
        "SVG",
        "HTML",
        "Markdown",
        "TSV",
        "MIT",
        "API",
    ),
    *("Ctrl", "Shift", "Esc", "Return", "Enter", "Alt", "Del", "Home", "End"),
    # Names of exchanges, symbols, accounts, bots, people and hosts, ids, and ccxt's terms.
    *(
        "binanceusdm",
        "Binanceusdm",
        "binance",
        "Binance",
        "USDS",
        "okx",
        "main",
        "ops",
        "swap",
        "spot",
        "future",
        "ccxt",
        "BTC",
        "USDT",
        "ETH",
        "SOL",
    ),
    *("Debian", "GNU", "bookworm", "Ubuntu", "Windows", "macOS", "offscreen", "SQLite"),
    *("numpy", "ZQCK", "zqck", "KiB", "MiB", "Qt", "PySide", "Python", "Linux", "msgspec", "pyqtgraph", "glibc"),
}
_WORD = re.compile(r"[A-Za-z][A-Za-z']{2,}")
_NAME_LIKE = re.compile(r"\S*[\d/_.:-]\S*")


@pytest.fixture
def ui(window_ui: UiContext) -> UiContext:
    """What these tests open are windows."""
    return window_ui


def foreign_words(text: str) -> set[str]:
    """English words of a text that is shown in Chinese; what has digits or punctuation in it is a name, not a word."""
    words = _NAME_LIKE.sub(" ", re.sub(r"[^\x00-\x7f]", " ", plain(text)))
    return set(_WORD.findall(words)) - _SAME_IN_EVERY_LANGUAGE


def english_texts(widget: QWidget) -> Iterator[str]:
    """What in `widget` is still English, but for the application log: it is so for whoever is asked for help with it."""
    for what, text in shown_texts(widget):
        if foreign_words(text) and what != "cell of 应用日志":
            yield f"{what}: {text!r} is English"


def ascii_punctuation(widget: QWidget) -> Iterator[str]:
    """Where a Chinese word is followed by a colon, comma or semicolon of another script."""
    for what, text in shown_texts(widget):
        if ASCII_AFTER_CHINESE.search(plain(text)) and what != "cell of 应用日志":
            yield f"{what}: {text!r} is punctuated as English is"


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
@pytest.mark.parametrize("size", [SIZE, LEAST_SIZE.toTuple()], ids=["small", "least"])
def test_every_text_fits_and_none_stays_english_in_chinese(
    ui: UiContext, qapp: QApplication, tmp_path: Path, qtbot, language: Language, size: tuple[int, int]
) -> None:
    problems: dict[str, str] = {}
    with desk_speaking(ui, qapp, language, tmp_path, qtbot, size) as tour:
        for stop, widget in tour.stops():
            for problem in clipped(widget):
                problems.setdefault(problem, stop)
            for problem in (*english_texts(widget), *ascii_punctuation(widget)) if language is Language.CHINESE else ():
                problems.setdefault(problem, stop)
    assert not problems, "\n".join(f"{stop}: {problem}" for problem, stop in problems.items())


def test_every_text_fits_at_twice_the_size(tmp_path: Path) -> None:
    screen = tmp_path / "screen.json"
    screen.write_text('{"screens": [{"name": "wide", "width": 2048, "height": 1440, "dpr": 1}]}', "utf-8")
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            __file__,
            "-k",
            # Where least room is; the larger window is laid out in the same way.
            "none_stays_english and least",
        ],
        env={**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-8000:]
