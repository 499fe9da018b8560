"""Saving the charts as pictures and as exact values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPicture
from PySide6.QtWidgets import QMenu, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import CSV, JSON, PNG, SVG, AskPath, Exporter, FileKind, png_bytes, svg_bytes
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.models.chart_export import chart_csv, chart_json
from crashdesk_gui.models.chart_units import units_of
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_board import ChartBoard
from crashdesk_gui.views.picture_words import PictureComposer
from crashdesk_gui.widgets.banner import Banner


class PositionsSaving(QObject):
    """Saves what a board shows, and tells in a banner how it went. The work is done in the store's watcher thread."""

    def __init__(
        self,
        ui: UiContext,
        board: ChartBoard,
        banner: Banner,
        session: Callable[[], StoreSession | None],
        page: QWidget,
        ask: AskPath,
    ) -> None:
        super().__init__(page)
        self._ui = ui
        self._board = board
        self._banner = banner
        self._session = session
        self._words = PictureComposer(ui, self)
        self._exporter = Exporter(page, on_saved=self._saved, on_failed=self._failed, ask=ask)

    def menu(self, parent: QWidget) -> QMenu:
        """Every format."""
        menu = QMenu(parent)
        menu.addAction(self.tr("Picture as PNG…"), partial(self.save_picture, PNG))
        menu.addAction(self.tr("Picture as SVG…"), partial(self.save_picture, SVG))
        menu.addAction(self.tr("Values of this range as CSV…"), partial(self.save_values, CSV))
        menu.addAction(self.tr("Values of this range as JSON…"), partial(self.save_values, JSON))
        return menu

    def save_picture(self, kind: FileKind) -> None:
        """Save the charts over the time that is shown, every lane of them, in a size that is always the same."""
        from crashdesk_gui.views.chart_picture import ChartPicture

        session, charts = self._session(), self._board.charts
        if session is None or not self._anything(self._board.lanes):
            return
        words = self._words.words(session, charts.scene, self._board.moment_words)
        ChartPicture(charts.scene, words, charts, partial(self._save_recorded, session, kind, words.title))

    def _save_recorded(self, session: StoreSession, kind: FileKind, title: str, picture: QPicture, size: QSize) -> None:
        ground = QColor(self._ui.theme.base)

        def draw(painter: QPainter, _area: QRectF) -> None:
            # A recording grows and shrinks with the resolution of what it is played into; a picture of the charts does not.
            device = painter.device()
            painter.scale(picture.logicalDpiX() / device.logicalDpiX(), picture.logicalDpiY() / device.logicalDpiY())
            picture.play(painter)

        def content() -> bytes:
            return png_bytes(draw, size, ground) if kind is PNG else svg_bytes(draw, size, ground, title)

        if session is self._session():
            self._exporter.save(session.watcher, kind, f"{session.view.name}-positions", content)

    def save_values(self, kind: FileKind = CSV) -> None:
        """Save the exact values of the shown curves between the edges of the charts."""
        session = self._session()
        if session is None or not self._anything(self._board.recorded):
            return
        start, end = self._board.charts.visible_range
        curves = self._board.recorded
        write = chart_json if kind is JSON else chart_csv
        unit = units_of(session.comparison.snapshot if session.comparison is not None else None)
        self._exporter.save(
            session.watcher, kind, f"{session.view.name}-positions", lambda: write(curves, start, end, unit)
        )

    def _anything(self, shown: Sequence[object]) -> bool:
        if not shown:
            self._banner.show_message(self.tr("No curve is shown, so there is nothing to save."), Tone.WARNING)
        return bool(shown)

    def _saved(self, path: object) -> None:
        self._banner.show_message(self.tr("Saved as {0}").format(path), Tone.OK)

    def _failed(self, what: str, error: Exception) -> None:
        told = explain(error)
        self._banner.show_message(labelled(what, f"{told.title} {told.advice}"), Tone.DANGER)
