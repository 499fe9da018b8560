"""Both themes can be read, and the application follows the choice."""

import itertools
import re

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crashdesk.resources import resource_path
from crashdesk_gui.context import UiContext
from crashdesk_gui.icons import Icons
from crashdesk_gui.stylesheet import style_sheet
from crashdesk_gui.theme import DARK, LIGHT, Status, Theme, ThemeManager, ThemeMode, Tone, palette_of
from crashdesk_gui.widgets.facts import FactCard
from crashdesk_gui.widgets.text import TextLabel


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
def test_every_tone_can_be_read_on_every_tint(theme: Theme) -> None:
    weak = [
        (tone.value, ground.value)
        for tone, ground in itertools.product(Tone, Tone)
        if contrast(theme.color(tone), theme.tint(ground)) < 4.5
    ]
    assert not weak


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_what_cannot_be_chosen_now_can_still_be_read(theme: Theme) -> None:
    for ground in (theme.window, theme.base, theme.raised, theme.hover):
        assert contrast(QColor(theme.faded), QColor(ground)) >= 4.5, ground


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_palette_reads_in_every_state_of_a_widget(theme: Theme) -> None:
    palette, role = palette_of(theme), QPalette.ColorRole
    pairs = (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base),
        (role.ToolTipText, role.ToolTipBase),
        (role.Link, role.Base),
        (role.LinkVisited, role.Base),
        (role.BrightText, role.Window),
    )
    groups = (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled)
    weak = [
        (group.name, text.name)
        for group, (text, ground) in itertools.product(groups, pairs)
        if contrast(palette.color(group, text), palette.color(group, ground)) < 4.5
    ]
    assert not weak


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_rule_of_the_style_sheet_with_text_and_ground_reads(theme: Theme) -> None:
    rules = re.findall(r"\{([^{}]*)\}", style_sheet(theme))
    seen = 0
    for rule in rules:
        colours = dict(
            re.findall(r"(?<![-\w])(color|background|selection-color|selection-background-color):\s*(#\w{6})", rule)
        )
        for text, ground in (("color", "background"), ("selection-color", "selection-background-color")):
            if text in colours and ground in colours:
                seen += 1
                assert contrast(QColor(colours[text]), QColor(colours[ground])) >= 4.5, rule
    assert seen >= 4


def test_the_system_is_followed_while_the_desk_runs(qapp: QApplication) -> None:
    now = [Qt.ColorScheme.Light]
    manager = ThemeManager(qapp, ThemeMode.SYSTEM, scheme=lambda: now[0])
    seen: list[Theme] = []
    manager.changed.connect(seen.append)

    def system_changes(scheme: Qt.ColorScheme) -> None:
        now[0] = scheme
        qapp.styleHints().colorSchemeChanged.emit(scheme)

    system_changes(Qt.ColorScheme.Dark)
    assert seen == [DARK]
    manager.set_mode(ThemeMode.LIGHT)
    system_changes(Qt.ColorScheme.Dark)
    assert seen == [DARK, LIGHT], "a choice of the operator stands against the system's"
    manager.set_mode(ThemeMode.SYSTEM)
    assert manager.theme is DARK
    system_changes(Qt.ColorScheme.Light)
    manager.deleteLater()


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


@pytest.mark.parametrize("seen", [True, False])
def test_a_bound_icon_follows_the_theme_and_ends_with_its_button(ui: UiContext, qtbot, seen: bool) -> None:
    button = QPushButton()
    ui.icons.bind(button, "plus", Tone.DANGER)
    button.setVisible(seen)
    ui.themes.set_mode(ThemeMode.DARK)
    if not seen:
        # What nobody sees takes its turn.
        qtbot.waitUntil(lambda seen_later=button: stroke_of(seen_later) == DARK.color(Tone.DANGER))
    assert stroke_of(button) == DARK.color(Tone.DANGER)
    ui.themes.set_mode(ThemeMode.LIGHT)
    button.deleteLater()
    del button
    QApplication.sendPostedEvents()
    ui.themes.set_mode(ThemeMode.DARK)
    QApplication.processEvents()


def stroke_of(button: QPushButton) -> QColor:
    return button.icon().pixmap(24, 24).toImage().pixelColor(12, 12)


def test_a_label_in_a_card_wears_its_own_colour(ui: UiContext, qtbot) -> None:
    """A card is a button, and a label in a button takes the button's role."""
    card = FactCard(ui, "Last known state", link=True)
    qtbot.addWidget(card)
    card.set_fact("15 min ago", status=Status.OK, word="intact")
    card.show()
    (label,) = [each for each in card.findChildren(QLabel) if "intact" in each.text()]
    assert label.palette().color(label.foregroundRole()) == ui.theme.color(Tone.OK)


def test_what_is_shown_first_after_a_change_of_theme_wears_the_new_one(ui: UiContext, qtbot: QtBot) -> None:
    """A label that was made in a window under another theme: when it is shown at last, Qt gives it back its first colours."""
    ui.themes.set_mode(ThemeMode.DARK)
    window = QWidget()
    qtbot.addWidget(window)
    ui.themes.dress(window)
    layout = QVBoxLayout(window)
    later = QWidget()
    inside = QVBoxLayout(later)
    layout.addWidget(later)
    later.hide()
    window.show()
    label = TextLabel(ui, "made in the dark")
    inside.addWidget(label)
    ui.themes.set_mode(ThemeMode.LIGHT)
    later.show()
    qtbot.waitExposed(window)
    QCoreApplication.processEvents()
    assert label.palette().color(QPalette.ColorRole.WindowText) == ui.theme.color(Tone.TEXT)
