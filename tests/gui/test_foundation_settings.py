"""What the desk remembers; damage is reported and never stops it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from crashdesk_gui.display import Zone
from crashdesk_gui.language import Language
from crashdesk_gui.settings import MAX_RECENT_STORES, ColumnLayout, DeskSettings, FilterChoice
from crashdesk_gui.theme import ThemeMode


def reopened(path: Path) -> DeskSettings:
    return DeskSettings(QSettings(str(path), QSettings.Format.IniFormat))


def test_everything_comes_back_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "desk.ini"
    layout = ColumnLayout(order=("b", "a"), widths={"a": 90}, hidden=("c",), sort="b", descending=True)
    before = reopened(path)
    before.set_theme_mode(ThemeMode.DARK)
    before.set_zone(Zone.LOCAL)
    before.set_compact(True)
    before.set_geometry(QByteArray(b"\x00\x01geometry"))
    before.add_recent_store("/bots/币")
    before.set_page("/bots/币", "orphans")
    before.set_columns("/bots/币", "orders", layout)
    before.set_splitter("/bots/币", "evidence", [300, 120])
    before.set_text("/bots/币", "curves", "BTC, ETH")
    before.set_filter("/bots/币", "orphans", FilterChoice(text="stop", places=(2, 0)))
    before.set_language(Language.CHINESE)
    before.sync()
    after = reopened(path)
    assert after.theme_mode() is ThemeMode.DARK
    assert after.zone() is Zone.LOCAL
    assert after.compact()
    assert after.geometry() == QByteArray(b"\x00\x01geometry")
    assert after.recent_stores() == ["/bots/币"]
    assert after.page("/bots/币") == "orphans"
    assert after.columns("/bots/币", "orders") == layout
    assert after.splitter("/bots/币", "evidence") == [300, 120]
    assert after.text("/bots/币", "curves") == "BTC, ETH"
    assert after.filter("/bots/币", "orphans") == FilterChoice(text="stop", places=(2, 0))
    assert after.filter("/bots/other", "orphans") == FilterChoice()
    assert after.language() is Language.CHINESE
    assert after.columns("/bots/other", "orders") is None
    assert after.problems() == []


def test_a_fresh_start_has_defaults_and_no_problems(settings: DeskSettings) -> None:
    assert (settings.theme_mode(), settings.zone(), settings.compact()) == (ThemeMode.SYSTEM, Zone.UTC, False)
    assert (settings.recent_stores(), settings.page("/s"), settings.geometry().size()) == ([], "", 0)
    assert settings.problems() == []


READERS: dict[str, Callable[[DeskSettings], object]] = {
    "look/theme": DeskSettings.theme_mode,
    "look/zone": DeskSettings.zone,
    "look/language": DeskSettings.language,
    "stores/recent": DeskSettings.recent_stores,
    "store-desk/columns/orders": lambda each: each.columns("", "orders"),
    "store-desk/splitter/main": lambda each: each.splitter("", "main"),
    "store-desk/filter/orders": lambda each: each.filter("", "orders"),
}


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("damage", ["{", "[1, 2", '{"order": 5}', "purple", '["a", 3]', '"'])
def test_a_damaged_value_is_its_default_and_is_reported_once(
    settings: DeskSettings, tmp_path: Path, key: str, damage: str
) -> None:
    fresh = READERS[key](settings)
    raw = QSettings(str(tmp_path / "desk.ini"), QSettings.Format.IniFormat)
    raw.setValue(key, damage)
    raw.sync()
    damaged = reopened(tmp_path / "desk.ini")
    assert READERS[key](damaged) == fresh
    assert READERS[key](damaged) == fresh
    (problem,) = damaged.problems()
    assert key in problem


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_file_at_all_can_be_opened(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.ini"
    path.write_bytes(content)
    desk = reopened(path)
    for read in READERS.values():
        read(desk)
    desk.geometry()
    desk.page("/s")


def test_recent_stores_are_few_and_newest_first(settings: DeskSettings) -> None:
    for number in range(MAX_RECENT_STORES + 5):
        settings.add_recent_store(f"/bots/{number}")
    settings.add_recent_store("/bots/10")
    recent = settings.recent_stores()
    assert len(recent) == MAX_RECENT_STORES
    assert recent[:2] == ["/bots/10", f"/bots/{MAX_RECENT_STORES + 4}"]
    settings.remove_recent_store("/bots/10")
    assert "/bots/10" not in settings.recent_stores()


def test_a_damaged_file_is_ignored_and_told(tmp_path: Path) -> None:
    path = tmp_path / "desk.ini"
    path.write_bytes(b"[look\ntheme=\n\x00\xff=]=")
    damaged = reopened(path)
    for read in READERS.values():
        read(damaged)
    assert any(str(path) in problem and "damaged" in problem for problem in damaged.problems())


def test_a_file_that_cannot_be_written_is_told_and_the_desk_goes_on(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where the directory should be", "utf-8")
    settings = reopened(taken / "desk.ini")
    settings.set_theme_mode(ThemeMode.DARK)
    settings.sync()
    assert settings.theme_mode() is ThemeMode.DARK
    assert any("not remembered" in problem for problem in settings.problems())


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, QByteArray(b"x"), True, 3.5])
def test_values_of_other_types_are_ignored_and_told(tmp_path: Path, value: object) -> None:
    path = tmp_path / "desk.ini"
    raw = QSettings(str(path), QSettings.Format.IniFormat)
    for key in READERS:
        raw.setValue(key, value)
    raw.sync()
    settings = reopened(path)
    fresh = reopened(tmp_path / "none.ini")
    for read in READERS.values():
        assert read(settings) == read(fresh)
    assert len(settings.problems()) == len(READERS)
