"""A scale of time never lies: where the time since the last checkpoint is shortened, no moment is marked in it but now."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from positions_desk import charted_session, show
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone, mix
from crashdesk_gui.views.chart_axes import TimeAxis
from crashdesk_gui.views.chart_items import Outlines, paint_gaps
from crashdesk_gui.views.history_strip import scale_of
from crashdesk_gui.views.positions_page import PositionsPage
from crashdesk_gui.widgets.time_scale import TimeScale
from crashdesk_gui.widgets.timeline import Events, Ticks, TimelineStrip
from crashdesk_gui.widgets.timeline_marks import Mark

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture: 2025-11-22 03:12:08 UTC."""


def strip_of(ui: UiContext, times: list[int], *, events: list[int] | None = None, width: int = 1020) -> TimelineStrip:
    strip = TimelineStrip(ui)
    strip.resize(width, strip.sizeHint().height())
    moments = np.array(times, dtype=np.int64)
    ticks = Ticks(moments, np.arange(1, len(times) + 1), np.full(len(times), Mark.PERIODIC, dtype=np.uint8))
    done = np.array(events or [], dtype=np.int64)
    scale = scale_of(moments, NOW, MINUTE)
    strip.set_data(ticks, [(times[-1], NOW)], Events(done, np.zeros(len(done), dtype=np.bool_)), scale)
    return strip


def test_a_tail_that_would_push_the_history_aside_is_shortened_to_a_fifth() -> None:
    scale = scale_of([NOW - 10 * HOUR, NOW - 5 * HOUR], NOW, MINUTE)
    assert scale.fold == NOW - 5 * HOUR
    assert scale.share_of(NOW - 10 * HOUR) == 0
    assert scale.share_of(NOW - 5 * HOUR) == pytest.approx(0.8)
    assert scale.share_of(NOW) == 1


def test_a_short_tail_is_on_the_scale_of_the_history() -> None:
    scale = scale_of([NOW - 10 * HOUR, NOW - HOUR], NOW, MINUTE)
    assert scale.fold is None
    assert scale.share_of(NOW - HOUR) == pytest.approx(0.9)


def test_a_tail_is_never_shortened_while_a_checkpoint_may_still_come() -> None:
    young = [NOW - 5 * MINUTE, NOW - 3 * MINUTE]
    assert scale_of(young, NOW, MINUTE).fold is None


def test_a_single_checkpoint_and_a_clock_that_went_back_need_no_fold() -> None:
    alone = scale_of([NOW - 5 * HOUR], NOW, MINUTE)
    assert (alone.start, alone.end, alone.fold) == (NOW - 5 * HOUR, NOW, None)
    ahead = scale_of([NOW, NOW + HOUR], NOW, MINUTE)
    assert (ahead.end, ahead.fold) == (NOW + HOUR, None)


def test_every_place_stands_for_the_moment_that_stands_there() -> None:
    scale = TimeScale(start=0, end=100 * HOUR, fold=8 * HOUR, tail=0.2)
    for share in (0.0, 0.3, 0.8, 0.9, 1.0):
        assert scale.share_of(scale.moment_of(share)) == pytest.approx(share)


def test_no_moment_is_marked_in_a_shortened_tail_and_its_edge_says_when_now_is(ui: UiContext) -> None:
    strip = strip_of(ui, [NOW - 17 * MINUTE, NOW - 14 * MINUTE])
    edge = strip.x_of(NOW - 14 * MINUTE)
    labels = strip.labels()
    assert [label.text for label in labels if label.x > edge] == ["now 03:12"]
    assert labels[-1].x == round(strip.x_of(NOW)) == strip.width() - 16
    assert [label.text for label in labels[:-1]] == ["02:56", "02:57", "02:58"]


def test_now_is_said_with_its_day_when_that_is_another_one(ui: UiContext) -> None:
    strip = strip_of(ui, [NOW - 50 * HOUR, NOW - 40 * HOUR])
    assert strip.labels()[-1].text == "now 11-22 03:12"


def test_a_scale_that_is_not_shortened_is_marked_up_to_now(ui: UiContext) -> None:
    strip = strip_of(ui, [NOW - 60 * MINUTE, NOW - 10 * MINUTE])
    assert [label.text for label in strip.labels()] == ["02:15", "02:30", "02:45", "03:00"]


@pytest.mark.parametrize("width", [270, 420, 1020])
def test_words_of_the_scale_never_touch(ui: UiContext, width: int) -> None:
    for back in (14 * MINUTE, 40 * HOUR, 400 * HOUR):
        labels = strip_of(ui, [NOW - back - 3 * MINUTE, NOW - back], width=width).labels()
        places = [QRectF(label.left, 0, label.width, 10) for label in labels if label.text]
        assert all(one.right() < other.left() for one, other in pairwise(places))
        assert places[0].left() >= 0
        assert places[-1].right() <= width


def test_what_was_decided_since_is_marked_where_it_was_decided(ui: UiContext) -> None:
    strip = strip_of(ui, [NOW - 17 * MINUTE, NOW - 14 * MINUTE], events=[NOW - 7 * MINUTE, NOW])
    middle = (strip.x_of(NOW - 14 * MINUTE) + strip.x_of(NOW)) / 2
    assert strip.x_of(NOW - 7 * MINUTE) == pytest.approx(middle)
    assert "03:12:08" in strip.tip_at(strip.x_of(NOW), 6)
    assert "03:05:08" in strip.tip_at(middle, 6)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> PositionsPage:
    return show(ui, session, tmp_path, qtbot)


def axis_of(page: PositionsPage) -> TimeAxis:
    page.grab()
    return next(item for item in page.charts.canvas.scene().items() if isinstance(item, TimeAxis))


def test_charts_that_end_before_now_say_behind_a_break_when_that_is(page: PositionsPage) -> None:
    axis = axis_of(page)
    *ticks, now = axis.labels()
    assert page.charts.visible_range[1] < NOW
    assert now.text == "now 03:12"
    assert now.x > axis.size().width(), "beside the lines, where the exchange is marked"
    assert max(label.x for label in ticks) < now.left
    page.board.choose_range(HOUR)
    assert page.charts.visible_range[1] > NOW
    assert "now 03:12" not in [label.text for label in axis_of(page).labels()]


def test_a_view_of_the_past_says_nothing_of_now(page: PositionsPage) -> None:
    page.charts.set_range(NOW - 20 * MINUTE, NOW - 16 * MINUTE)
    assert all("now" not in label.text for label in axis_of(page).labels())


def test_a_band_that_goes_on_beyond_the_view_has_no_end_at_its_edge(ui: UiContext) -> None:
    edge = mix(ui.theme.color(Tone.DANGER), QColor(ui.theme.base), 0.6)

    def edges(gap: tuple[float, float]) -> set[int]:
        picture = QImage(120, 40, QImage.Format.Format_RGB32)
        painter = QPainter(picture)
        paint_gaps(Outlines(QRectF(0, 0, 100, 40), gaps=(gap,)), ui.theme, painter)
        painter.end()
        return {x for x in range(120) for y in range(40) if picture.pixelColor(x, y) == edge}

    assert edges((40.0, 80.0)) == {40, 80}
    assert edges((40.0, 100.0)) == {40}
    assert edges((0.0, 80.0)) == {80}
