"""What a text filter looks into at orphan orders: written once an order, a few at a time while nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from crashdesk.reconcile.records import OrderVerdict, Outcome
from crashdesk_gui.format import GROUP_SEPARATOR
from crashdesk_gui.models.orphans import OrphanRow, OrphanTable
from crashdesk_gui.models.plan_words import PlanWords

_ROWS_A_TURN = 40
_PAUSE_MS = 10
_ROWS_IN_A_HURRY = 200
_AT_ONCE = 400
"""So few rows are written when somebody asks for them."""
_CHANGING = frozenset({"decision", "age"})
"""The decision is asked of the row itself; nobody looks for an order by how old it is."""


class _Written(msgspec.Struct, frozen=True, gc=False):
    verdict: OrderVerdict
    before: Outcome | None
    text: str

    def is_of(self, row: OrphanRow) -> bool:
        """Whether the row still says this."""
        return self.verdict is row.verdict and self.before is row.before


class OrphanSearch(QObject):
    """Finds text in the rows of an `OrphanTable`. To write ten thousand of them takes as long as thirty frames of the screen.

    Signals: `completed()` when all rows of many are written. Until then (`busy`) a row is found by what it said before, and not
    at all when it is new.
    """

    completed = Signal()

    def __init__(self, table: OrphanTable, words: PlanWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(column for column in table.columns if column.id not in _CHANGING)
        self._decision = next(column for column in table.columns if column.id == "decision")
        self._in_full = table.why_in_full
        self._written: dict[str, _Written] = {}
        self._rows: Sequence[OrphanRow] = ()
        self._left: Iterator[OrphanRow] = iter(())
        self._turns = QTimer(self)
        self._turns.timeout.connect(self._write_some)
        self._a_turn = _ROWS_A_TURN
        self.busy = False
        words.display.changed.connect(self._begin_anew)

    def prepare(self, rows: Sequence[OrphanRow]) -> None:
        """Write what is in these rows, little by little, and forget all others."""
        self._rows = rows
        self._written = {row.key: self._written[row.key] for row in rows if row.key in self._written}
        self._left = iter(rows)
        self.busy = len(rows) > _AT_ONCE
        self._a_turn = _ROWS_A_TURN
        self._turns.start(_PAUSE_MS)

    def hurry(self) -> None:
        """Somebody waits for what is left: write it in all turns of the window."""
        if self._turns.isActive():
            self._a_turn = _ROWS_IN_A_HURRY
            self._turns.start(0)

    def finds(self, wanted: str) -> Callable[[OrphanRow], bool]:
        """Whether a row has the case folded text `wanted` in a cell; a number is found without the gaps that it is shown with."""
        wanted = wanted.replace(GROUP_SEPARATOR, "")
        decision = self._decision.text
        return lambda row: wanted in self._text(row) or wanted in decision(row).casefold()

    def _text(self, row: OrphanRow) -> str:
        known = self._written.get(row.key)
        if known is not None and (self.busy or known.is_of(row)):
            return known.text
        return "" if self.busy else self._write(row)

    def _write(self, row: OrphanRow) -> str:
        texts = [*(column.text(row) for column in self._columns), self._in_full(row)]
        text = "\n".join(texts).replace(GROUP_SEPARATOR, "").casefold()
        self._written[row.key] = _Written(row.verdict, row.before, text)
        return text

    def _begin_anew(self) -> None:
        self._written.clear()
        self.prepare(self._rows)

    def _write_some(self) -> None:
        rows = list(islice(self._left, self._a_turn))
        for row in rows:
            known = self._written.get(row.key)
            if known is None or not known.is_of(row):
                self._write(row)
        if not rows:
            self._turns.stop()
            if self.busy:
                self.busy = False
                self.completed.emit()
