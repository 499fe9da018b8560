"""What a text filter looks into at orphan orders: written once an order, a few at a time while nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import msgspec
from PySide6.QtCore import QObject, QTimer

from crashdesk.reconcile.records import OrderVerdict, Outcome
from crashdesk_gui.format import GROUP_SEPARATOR
from crashdesk_gui.models.orphans import OrphanRow, OrphanTable
from crashdesk_gui.models.plan_words import PlanWords

_ROWS_A_TURN = 40
_PAUSE_MS = 10
_CHANGING = frozenset({"decision", "age"})
"""The decision is asked of the row itself; nobody looks for an order by how old it is."""


class _Written(msgspec.Struct, frozen=True, gc=False):
    verdict: OrderVerdict
    before: Outcome | None
    text: str


class OrphanSearch(QObject):
    """Finds text in the rows of an `OrphanTable`. To write ten thousand of them takes as long as thirty frames of the screen."""

    def __init__(self, table: OrphanTable, words: PlanWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(column for column in table.columns if column.id not in _CHANGING)
        self._decision = next(column for column in table.columns if column.id == "decision")
        self._in_full = table.why_in_full
        self._written: dict[str, _Written] = {}
        self._decisions: dict[object, str] = {}
        self._left: Iterator[OrphanRow] = iter(())
        self._turns = QTimer(self, interval=_PAUSE_MS)
        self._turns.timeout.connect(self._write_some)
        words.display.changed.connect(self._forget)

    def prepare(self, rows: Iterable[OrphanRow]) -> None:
        """Write what is in these rows, little by little, and forget all others."""
        rows = list(rows)
        self._written = {row.key: self._written[row.key] for row in rows if row.key in self._written}
        self._left = iter(rows)
        self._turns.start()

    def finds(self, wanted: str) -> Callable[[OrphanRow], bool]:
        """Whether a row has the case folded text `wanted` in a cell; a number is found without the gaps that it is shown with."""
        wanted = wanted.replace(GROUP_SEPARATOR, "")
        return lambda row: wanted in self._text(row) or wanted in self._decided(row)

    def _text(self, row: OrphanRow) -> str:
        known = self._written.get(row.key)
        if known is None or known.verdict is not row.verdict or known.before is not row.before:
            texts = [*(column.text(row) for column in self._columns), self._in_full(row)]
            cells = "\n".join(texts).replace(GROUP_SEPARATOR, "")
            known = self._written[row.key] = _Written(row.verdict, row.before, cells.casefold())
        return known.text

    def _decided(self, row: OrphanRow) -> str:
        verdict, decision, outcome = row.verdict, row.decision, row.outcome
        told = (outcome and outcome.kind, decision and decision.action, verdict.dismissed, verdict.left_alone)
        if told not in self._decisions:
            self._decisions[told] = self._decision.text(row).casefold()
        return self._decisions[told]

    def _forget(self) -> None:
        self._written.clear()

    def _write_some(self) -> None:
        rows = list(islice(self._left, _ROWS_A_TURN))
        for row in rows:
            self._text(row)
        if not rows:
            self._turns.stop()
