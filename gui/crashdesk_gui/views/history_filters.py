"""Which checkpoints the history shows: by text, cause, integrity and time; and the export of what is shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QMenu, QWidget

from crashdesk.storage.journal_records import Cause
from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import CSV, JSON
from crashdesk_gui.models.checkpoints import CheckpointFilter, CheckpointModel, CheckpointTexts, checkpoint_filter
from crashdesk_gui.theme import Status
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.text import ButtonKind, push_button

_HOUR = 3_600_000_000_000
_CHOICES = ("cause", "integrity", "time")


class HistoryFilters(FilterBar):
    """Signals: `changed()`, `export_wanted(FileKind)`."""

    export_wanted = Signal(object)

    def __init__(self, ui: UiContext, texts: CheckpointTexts, parent: QWidget | None = None) -> None:
        super().__init__(ui, QCoreApplication.translate("HistoryFilters", "Filter checkpoints"), parent=parent)
        self._context = ui
        self._texts = texts
        causes = [(texts.cause(cause), cause) for cause in Cause if cause is not Cause.START_RECOVERED]
        self.add_choice("cause", self.tr("Cause"), [(self.tr("All causes"), None), *causes])
        states = (
            (Status.OK, self.tr("intact")),
            (Status.BAD, self.tr("damaged")),
            (Status.UNKNOWN, self.tr("not read yet")),
            (Status.DIFFERS, self.tr("newer version")),
        )
        words = [(f"{status.glyph} {word}", status) for status, word in states]
        self.add_choice("integrity", self.tr("Integrity"), [(self.tr("Any integrity"), None), *words])
        spans = (
            (self.tr("Last hour"), 1),
            (self.tr("Last 6 hours"), 6),
            (self.tr("Last 24 hours"), 24),
            (self.tr("Last 7 days"), 168),
        )
        times = self.add_choice("time", self.tr("Time"), [(self.tr("All times"), None), *spans])
        times.setToolTip(self.tr("Counted back from the newest checkpoint"))
        self._add_export()

    def _add_export(self) -> None:
        button = push_button(self._context, self.tr("Export"), kind=ButtonKind.QUIET, icon="export")
        menu = QMenu(button)
        for kind in (CSV, JSON):
            words = self.tr("Shown rows as {0}…").format(kind.title)
            menu.addAction(words, partial(self.export_wanted.emit, kind))
        button.setMenu(menu)
        self.add_widget(button)

    def remembered(self) -> str:
        """The filter as text for the settings; empty when it hides nothing."""
        if not self.active():
            return ""
        places = [self._combos[each].currentIndex() for each in _CHOICES]
        return "|".join([*map(str, places), self.text()])

    def restore(self, remembered: str) -> None:
        """Take up a remembered filter; what is damaged filters nothing. Emits `changed` as if the operator had chosen it."""
        *places, text = remembered.split("|", len(_CHOICES)) if remembered.count("|") >= len(_CHOICES) else [""]
        self.clear()
        self.set_text(text)
        for choice, place in zip(_CHOICES, places, strict=False):
            if place.isdecimal() and int(place) < self._combos[choice].count():
                self._combos[choice].setCurrentIndex(int(place))

    @property
    def follows_newest(self) -> bool:
        """Whether what is shown depends on which checkpoint is the newest."""
        return self.choice("time") is not None

    def predicate(self, newest: int) -> CheckpointFilter | None:
        """Which rows to keep; `newest` is the timestamp that the time is counted back from."""
        hours = self.choice("time")
        return checkpoint_filter(
            text=self.text(),
            cause=self.choice("cause"),
            integrity=self.choice("integrity"),
            since=newest - hours * _HOUR if isinstance(hours, int) else None,
            texts=self._texts,
            ui=self._context,
        )

    def count(self, model: CheckpointModel, total: int) -> None:
        """Say how many of all are shown."""
        shown, number = model.shown_count(), self._context.display.count
        everything = self.tr("%n checkpoint(s)", "", total)
        self.set_count(everything if shown == total else self.tr("{0} of {1}").format(number(shown), number(total)))
