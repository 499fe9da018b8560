"""What is written around the charts of a picture: whose they are, of which time, and what their signs mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject

from crashdesk import Side
from crashdesk_gui.connect_words import account_words
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.chart_scene import Scene


class Sign(Enum):
    """What a legend explains."""

    LONG = "long"
    SHORT = "short"
    UNKNOWN = "unknown"
    MOMENT = "moment"
    EXCHANGE = "exchange"
    DIFFERS = "differs"


@dataclass(frozen=True)
class PictureWords:
    """What is written around the charts of a picture: four facts over them, and what their signs mean under them.

    The sign of a moment is left out by whoever draws the charts and finds that there is none.
    """

    title: str
    span: str
    account: str
    moment: str
    legend: tuple[tuple[Sign, str], ...]


class PictureComposer(QObject):
    """Composes the words of a picture."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui

    def words(self, session: StoreSession, scene: Scene, moment: tuple[str, str]) -> PictureWords:
        """Those of what a scene shows of a store, whose values are of a moment."""
        display, manifest = self._ui.display, session.view.manifest
        start, end = (display.time(at, label=last) for at, last in zip(scene.view, (False, True), strict=True))
        return PictureWords(
            title=self.tr("{0}: positions").format(session.view.name),
            span=f"{start} – {end}",
            account=account_words(manifest.exchange, manifest.account, manifest.mode) if manifest else "",
            moment=" · ".join(moment),
            legend=tuple((sign, text) for sign, text in self._legend(scene) if text),
        )

    def _legend(self, scene: Scene) -> tuple[tuple[Sign, str], ...]:
        curves = {curve.id for lane in scene.lanes for curve in lane} | set(scene.marks)
        sides = {curve.side for curve in curves}
        spans = [tuple(each) for each in scene.gaps.tolist()]
        spans += [(scene.crash.start, scene.crash.end)] if scene.crash is not None else []
        unknown = any(start < scene.view[1] and end > scene.view[0] for start, end in spans)
        read = self.tr("the exchange, read {0}").format(self._ui.display.time(scene.marked_at))
        differs = any(not mark.same for mark in scene.marks.values())
        return (
            (Sign.LONG, self.tr("long") if Side.BUY in sides else ""),
            (Sign.SHORT, self.tr("short") if Side.SELL in sides else ""),
            (Sign.UNKNOWN, self.tr("no checkpoint: nothing is known") if unknown else ""),
            (Sign.MOMENT, self.tr("a value that held only for a moment")),
            (Sign.EXCHANGE, read if scene.marks else ""),
            (Sign.DIFFERS, self.tr("differs from what is known last") if differs else ""),
        )
