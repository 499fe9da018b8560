"""What is saved of the charts: exact values, and pictures that do not depend on the window."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from positions_desk import (
    BTC,
    MINUTE,
    NOW,
    charted_session,
    comparison,
    show,
    uncheck_all,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import JSON, PNG, SVG, FileKind
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.positions_page import PositionsPage


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> PositionsPage:
    return show(ui, session, tmp_path, qtbot)


def test_exports(page: PositionsPage, tmp_path: Path, qtbot) -> None:
    page.saving.save_values()
    page.saving.save_values(JSON)
    page.saving.save_picture(PNG)
    page.saving.save_picture(SVG)
    files = {each: tmp_path / f"store-positions.{each}" for each in ("csv", "json", "png", "svg")}
    qtbot.waitUntil(lambda: all(each.exists() and each.stat().st_size for each in files.values()))
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    btc = [row["value"] for row in rows if row["symbol"] == BTC]
    assert btc[:2] == ["0.1000000000000000001", "0.2000000000000000002"]
    assert [row["value"] for row in rows if row["measure"] == "equity"][-1] == "10005.10"
    assert json.loads(files["json"].read_text())[0]["value"] == btc[0]
    assert {row["unit"] for row in rows} == {""}
    assert QImage(str(files["png"])).width() == 2400
    assert ET.parse(files["svg"]).getroot().tag.endswith("svg")


def test_saved_values_say_what_they_count_once_the_exchange_told(
    page: PositionsPage, session: StoreSession, tmp_path: Path, qtbot
) -> None:
    session.comparison = comparison(session)
    page.saving.save_values()
    path = tmp_path / "store-positions.csv"
    qtbot.waitUntil(lambda: path.exists() and bool(path.stat().st_size))
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert {(row["measure"], row["unit"]) for row in rows} == {
        ("quantity", "contract"),
        ("equity", "USDT"),
        ("unrealized_pnl", "USDT"),
    }


def test_without_a_curve_nothing_is_saved_and_that_is_said(page: PositionsPage, tmp_path: Path) -> None:
    uncheck_all(page)
    for save in (partial(page.saving.save_picture, PNG), page.saving.save_values):
        page.banner.hide()
        save()
        assert page.banner.isVisible()
    assert not list(tmp_path.glob("store-positions*"))


def saved(page: PositionsPage, path: Path, kind: FileKind, qtbot) -> bytes:
    path.unlink(missing_ok=True)
    page.saving.save_picture(kind)
    qtbot.waitUntil(lambda: path.exists() and bool(path.stat().st_size))
    qtbot.waitUntil(lambda: not page._session.watcher.busy)
    return path.read_bytes()


def test_a_picture_tells_whose_it_is_of_which_time_and_what_its_signs_mean(
    page: PositionsPage, session: StoreSession, tmp_path: Path, qtbot
) -> None:
    path = tmp_path / "store-positions.svg"
    before = "".join(ET.fromstring(saved(page, path, SVG, qtbot)).itertext())
    assert "exchange" not in before
    session.comparison = comparison(session)
    session.comparison_changed.emit(session.comparison)
    svg = saved(page, path, SVG, qtbot)
    words = "".join(ET.fromstring(svg).itertext())
    start, end = page.charts.visible_range
    display = page.ui.display
    for told in (
        "store: positions",
        f"{display.time(start, label=False)} – {display.time(end)}",
        f"{display.time(NOW - 15 * MINUTE)} · checkpoint 6",
        "▲ long 0.6000000000000000006",
        "✓ exchange now ▼ short 3 contracts",
        "no checkpoint: nothing is known",
        f"the exchange, read {display.time(NOW)}",
        "differs from what is known last",
        "UTC",
    ):
        assert told in words, told
    # On a machine without this font it is not to fall back to one with serifs.
    assert set(re.findall(rb'font-family="[^"]*?(?:, sans-serif)?"', svg)) == set(
        re.findall(rb'font-family="[^"]*, sans-serif"', svg)
    )


@pytest.mark.parametrize("kind", [PNG, SVG])
def test_a_picture_is_the_same_whatever_the_size_of_the_window(
    page: PositionsPage, tmp_path: Path, kind: FileKind, qtbot
) -> None:
    path = tmp_path / f"store-positions.{kind.suffix}"
    before = saved(page, path, kind, qtbot)
    page.resize(700, 500)
    qtbot.waitUntil(lambda: page.charts.complete)
    assert saved(page, path, kind, qtbot) == before


def test_a_picture_holds_the_crosshair_whose_values_it_shows(page: PositionsPage, tmp_path: Path, qtbot) -> None:
    path = tmp_path / "store-positions.png"
    without = saved(page, path, PNG, qtbot)
    qtbot.keyClick(page.charts, Qt.Key.Key_Home)
    page.select_checkpoint(99)
    assert saved(page, path, PNG, qtbot) != without
    image = QImage(str(path))
    crosshair = QColor(page.ui.theme.crosshair)
    lane = range(image.height() // 8, image.height() // 4)
    assert any(image.pixelColor(x, y) == crosshair for x in range(0, 400) for y in lane)
