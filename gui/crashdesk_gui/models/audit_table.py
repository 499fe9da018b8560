"""The audit log's table: its order by any column, and which entries a filter keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk_gui.audit_log import KINDS, ORDERED, AuditLog
from crashdesk_gui.display import Display
from crashdesk_gui.models.activity import audit_columns, fields_besides, kind_name, outcome_word, said_action
from crashdesk_gui.models.audit_words import AuditWords
from crashdesk_gui.models.columns import Column, Field
from crashdesk_gui.models.long_table import LongTableModel
from crashdesk_gui.models.ranking import Ranking, rank_codes, rank_numbers
from crashdesk_gui.models.time_texts import time_title


class AuditModel(LongTableModel[AuditEntry]):
    """Audit entries by number."""

    def __init__(self, display: Display, parent: QObject | None = None) -> None:
        super().__init__(audit_columns(display), parent)
        self._display = display

    def key_of(self, record: AuditEntry) -> int:
        return record.seq

    def export_fields(self) -> tuple[Field[AuditEntry], ...]:
        """All that is shown of an entry in full, not only its columns."""
        return (*super().export_fields(), *fields_besides())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = super().headerData(section, orientation, role)
        if value is not None and role == Qt.ItemDataRole.DisplayRole and self.columns[section].id == "at":
            return time_title(value, self._display)
        return value

    def ranked(self, source: AuditLog, column: Column[AuditEntry]) -> Ranking:
        match column.id:
            case "at":
                ranking = rank_numbers(source.times)
            case "kind":
                ranking = rank_codes(source.kinds, [kind_name(kind) for kind in KINDS])
            case "who":
                ranking = rank_codes(source.who, source.names)
            case "action":
                ranking = rank_codes(source.actions, [said_action(name) for name in source.names])
            case "outcome":
                ranking = rank_codes(source.outcomes, [outcome_word(name) for name in source.names])
            case field if field in ORDERED:
                ranking = Ranking(source.order_by(field), source.seqs[:0])
            case _:
                ranking = rank_numbers(source.seqs)
        return ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries to keep. `text` (case folded) is looked for in their `words`; `since` is the earliest time."""

    words: AuditWords
    text: str = ""
    kind: AuditKind | None = None
    since: int | None = None

    def mask(self, log: AuditLog) -> NDArray[np.bool_]:
        """Which entries are kept."""
        kept = np.ones(len(log), dtype=np.bool_)
        if self.kind is not None:
            kept &= log.kinds == KINDS.index(self.kind)
        if self.since is not None:
            kept &= log.times >= self.since
        if self.text:
            kept &= self.words.containing(log, self.text)
        return kept
