"""Saving the tables of a page as CSV or JSON: the button that offers it, and what came of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import CSV, JSON, AskPath, Exporter, FileKind, ask_save_path
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import ButtonKind, push_button


class TableExports(QObject):
    """Exports what the tables of `page` show: their rows as filtered and sorted, every column, values exact.

    Signals: `said(text, Tone)` with what came of it.
    """

    said = Signal(str, object)

    def __init__(self, ui: UiContext, page: QWidget, *, ask: AskPath = ask_save_path) -> None:
        super().__init__(page)
        self._ui = ui
        self._session: StoreSession | None = None
        self._exporter = Exporter(page, on_saved=self._saved, on_failed=self._failed, ask=ask)

    def set_session(self, session: StoreSession | None) -> None:
        """Export from this store's tables from now on."""
        self._session = session

    @property
    def runner(self) -> JobRunner | None:
        """What else is saved of this store is made here too; None without a store."""
        return self._session.watcher if self._session is not None else None

    def button(self, model: TableModel[Any], name: str, title: str) -> QPushButton:
        """A button that offers both formats; `name` becomes part of the file's name, `title` says which table it is."""
        button = push_button(self._ui, self.tr("Export"), kind=ButtonKind.QUIET, icon="export")
        button.setAccessibleName(self.tr("Export: {0}").format(title))
        menu = QMenu(button)
        menu.setAccessibleName(button.accessibleName())
        for kind in (CSV, JSON):
            menu.addAction(self.tr("Shown rows as {0}…").format(kind.title), partial(self.export, kind, name, model))
        button.setMenu(menu)
        return button

    def export(self, kind: FileKind, name: str, model: TableModel[Any]) -> None:
        """Ask where to, and save the shown rows."""
        if self._session is not None:
            self._exporter.save_table(self._session.watcher, kind, f"{self._session.view.name}-{name}", model)

    def _saved(self, path: Path) -> None:
        self.said.emit(self.tr("Saved as {0}").format(path), Tone.OK)

    def _failed(self, what: str, error: Exception) -> None:
        told = explain(error)
        self.said.emit(labelled(what, f"{told.title} {told.advice}"), Tone.DANGER)
