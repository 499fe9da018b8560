"""Both themes can be read, and the application follows the choice."""

import itertools
import re

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from crashdesk.resources import resource_path
from crashdesk_gui.context import UiContext
from crashdesk_gui.icons import Icons
from crashdesk_gui.theme import DARK, LIGHT, Status, Theme, ThemeManager, ThemeMode, Tone


def luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_tone_can_be_read_on_every_ground(theme: Theme) -> None:
    grounds = (theme.window, theme.base, theme.raised, theme.hover, theme.selection)
    weak = [
        (tone.value, ground, round(contrast(theme.color(tone), QColor(ground)), 2))
        for tone, ground in itertools.product(Tone, grounds)
        if contrast(theme.color(tone), QColor(ground)) < 4.5
    ]
    assert not weak


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_text_on_fills_and_tints_can_be_read(theme: Theme) -> None:
    for fill in (theme.accent_fill, theme.danger_fill):
        assert contrast(QColor(theme.on_accent), QColor(fill)) >= 4.5
    assert contrast(QColor(theme.base), QColor(theme.warning)) >= 4.5
    for tone in Tone:
        assert contrast(theme.color(tone), theme.tint(tone)) >= 4.5, tone


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_chart_lines_stand_out_from_the_ground_and_differ(theme: Theme) -> None:
    assert len(set(theme.series)) == len(theme.series)
    assert all(contrast(QColor(colour), QColor(theme.base)) >= 3 for colour in theme.series)


def test_a_status_has_a_glyph_of_its_own() -> None:
    assert len({status.glyph for status in Status}) == len(Status)


def test_the_choice_takes_effect_at_once(qapp: QApplication, themes: ThemeManager) -> None:
    seen: list[Theme] = []
    themes.changed.connect(seen.append)
    themes.set_mode(ThemeMode.DARK)
    assert seen == [DARK]
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    themes.set_mode(ThemeMode.DARK)
    assert seen == [DARK], "the same choice again changes nothing"
    themes.set_mode(ThemeMode.LIGHT)


def icon_names() -> list[str]:
    return sorted(path.stem for path in resource_path("icons").glob("*.svg"))


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_draws_something(themes: ThemeManager, name: str) -> None:
    picture = Icons(themes).pixmap(name, 16, ratio=2).toImage()
    assert (picture.width(), picture.height()) == (32, 32)
    assert any(picture.pixelColor(x, y).alpha() > 0 for x in range(32) for y in range(32))


def test_strokes_take_the_colour_of_their_tone(themes: ThemeManager) -> None:
    own_colours = ("crashdesk", "arrow-light", "arrow-dark", "mark-checked")
    for name in set(icon_names()) - set(own_colours):
        source = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
        assert not re.search("#[0-9a-fA-F]{3}", source), name
    image = Icons(themes).pixmap("plus", 24, Tone.DANGER).toImage()
    assert image.pixelColor(12, 12) == themes.theme.color(Tone.DANGER)


def test_a_bound_icon_follows_the_theme_and_ends_with_its_button(ui: UiContext) -> None:
    button = QPushButton()
    ui.icons.bind(button, "plus", Tone.DANGER)
    ui.themes.set_mode(ThemeMode.DARK)
    assert button.icon().pixmap(24, 24).toImage().pixelColor(12, 12) == DARK.color(Tone.DANGER)
    button.deleteLater()
    del button
    QApplication.sendPostedEvents()
    ui.themes.set_mode(ThemeMode.LIGHT)
