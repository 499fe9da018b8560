"""The words over a lane: its line, and how long nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_scene import HeaderPart, Scene

_WORD_GAP = 16


@dataclass(frozen=True)
class CrashWords:
    """In which lane the words on the crash stand, how many pixels wide; over its lines only when no header has room."""

    lane: int
    width: int
    beside_header: bool


def crash_words(scene: Scene, width: float) -> CrashWords | None:
    """Where the words stand when a header is so wide: beside the first that leaves room, where they hide nothing."""
    crash, (first, last) = scene.crash, scene.view
    if crash is None or crash.end < first or crash.start > last:
        return None
    needed = QFontMetrics(scene.small_font).horizontalAdvance(crash.text)
    metrics = header_metrics(scene)
    for number, parts in enumerate(scene.headers):
        taken = sum(metrics[part.strong].horizontalAdvance(part.text) + _WORD_GAP for part in parts)
        if taken + needed <= width:
            return CrashWords(number, needed, beside_header=True)
    return CrashWords(0, needed, beside_header=False)


def crash_words_place(scene: Scene, words: CrashWords, header: QRectF) -> QRectF:
    """Where in their lane the words on the crash stand."""
    assert scene.crash is not None
    if words.beside_header:
        return QRectF(header.right() - words.width, header.top(), words.width, header.height())
    first, last = scene.view
    start = header.left() + (scene.crash.start - first) / (last - first) * header.width()
    right = min(start if start - words.width - 12 > header.left() else header.right(), header.right())
    height = QFontMetrics(scene.small_font).height()
    return QRectF(right - words.width - 6, header.bottom() + 1, words.width, height)


def paint_crash_words(scene: Scene, painter: QPainter, place: QRectF, *, over_lines: bool) -> None:
    """Write for how long there is no checkpoint; over lines on a ground that lets them be seen a little."""
    assert scene.crash is not None
    if over_lines:
        ground = QColor(scene.theme.base)
        ground.setAlpha(208)
        painter.fillRect(place.adjusted(-4, 0, 4, 0), ground)
    painter.setFont(scene.small_font)
    painter.setPen(scene.theme.color(Tone.DANGER))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, scene.crash.text)


def fitted(
    parts: tuple[HeaderPart, ...], metrics: Mapping[bool, QFontMetrics], width: float
) -> list[tuple[HeaderPart, str]]:
    """The words of a header that fit into so many pixels: shorter ones from the last part on, then fewer at the end."""
    texts = [part.text for part in parts]

    def taken() -> float:
        return sum(
            metrics[part.strong].horizontalAdvance(text) + _WORD_GAP for part, text in zip(parts, texts, strict=True)
        )

    # The shortest words of the exchange are shorter than it takes to be told in full what is known.
    for place in range(len(parts) - 1, -1, -1):
        for shorter in parts[place].shorter:
            if taken() - _WORD_GAP <= width:
                break
            texts[place] = shorter
    shown, x = [], 0.0
    for part, text in zip(parts, texts, strict=True):
        kept = _whole_words(text, metrics[part.strong], width - x)
        if kept:
            shown.append((part, kept))
        if kept != text:
            break
        x += metrics[part.strong].horizontalAdvance(kept) + _WORD_GAP
    return shown


def _whole_words(text: str, metrics: QFontMetrics, width: float) -> str:
    """As many words as fit, because a number that is cut off is another one; empty where there is no room."""
    kept, words = text, text.split(" ")
    while metrics.horizontalAdvance(kept) > width:
        if not words:
            return ""
        words.pop()
        kept = " ".join((*words, "…"))
    return kept


def paint_header(scene: Scene, painter: QPainter, rect: QRectF, words: Iterable[tuple[HeaderPart, str]]) -> None:
    """The line over a lane."""
    x, metrics = rect.left(), header_metrics(scene)
    for part, text in words:
        painter.setFont(scene.strong_font if part.strong else scene.font)
        painter.setPen(QColor(part.colour))
        ascent, descent = metrics[part.strong].ascent(), metrics[part.strong].descent()
        painter.drawText(QPointF(x, rect.top() + (rect.height() + ascent - descent) / 2), text)
        x += metrics[part.strong].horizontalAdvance(text) + _WORD_GAP


def header_metrics(scene: Scene) -> Mapping[bool, QFontMetrics]:
    """How wide words are that are strong, and that are not."""
    return {True: QFontMetrics(scene.strong_font), False: QFontMetrics(scene.font)}
