"""The exchanges that a search finds, best first."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt

from crashdesk.exchange.catalogue import ExchangeEntry

ROW_HEIGHT = 26
_CHINESE_NAMES = {
    "binance": "币安",
    "okx": "欧易 欧意",
    "myokx": "欧易 欧意",
    "htx": "火币",
    "huobi": "火币",
    "gate": "芝麻开门",
    "kucoin": "库币",
    "mexc": "抹茶",
}
"""What exchanges are called in Chinese, whatever the desk speaks; by how their ids begin."""
_Index = QModelIndex | QPersistentModelIndex


def matches(entries: Sequence[ExchangeEntry], text: str, proposed: str) -> tuple[ExchangeEntry, ...]:
    """The exchanges whose id or name holds every word of `text`: exact ones first, then beginnings, then the others.

    Without a text all of them, the proposed one first. Wide letters, as a Chinese keyboard types them, count as usual ones.
    """
    wanted = unicodedata.normalize("NFKC", text).strip().casefold()
    words = wanted.split()

    def rank(entry: ExchangeEntry) -> tuple[int, str]:
        names = (entry.id.casefold(), entry.name.casefold())
        if not wanted:
            return (0 if entry.id == proposed else 1, entry.id)
        if wanted in names:
            return (0, entry.id)
        return (1 if any(name.startswith(wanted) for name in names) else 2, entry.id)

    found = [entry for entry in entries if all(word in _names_of(entry) for word in words)]
    return tuple(sorted(found, key=rank))


def _names_of(entry: ExchangeEntry) -> str:
    chinese = (name for beginning, name in _CHINESE_NAMES.items() if entry.id.startswith(beginning))
    return " ".join((entry.id, entry.name.casefold(), *chinese))


class ExchangeListModel(QAbstractListModel):
    """Shows entries by name and id, and what is particular about them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ExchangeEntry, ...] = ()
        self._proposed = ""

    def set_entries(self, entries: Sequence[ExchangeEntry], proposed: str) -> None:
        """Show these, in this order; `proposed` is the id that the store names."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self._proposed = proposed
        self.endResetModel()

    def entry(self, row: int) -> ExchangeEntry | None:
        """The entry in a row; None beyond the last."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def row_of(self, exchange_id: str) -> int:
        """The row of an exchange, -1 when it is not shown."""
        return next((row for row, entry in enumerate(self._entries) if entry.id == exchange_id), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._line(entry)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return " · ".join(filter(None, (entry.name, entry.id, self._remark(entry))))
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, ROW_HEIGHT)
        return None

    def _line(self, entry: ExchangeEntry) -> str:
        mark = "★ " if entry.id == self._proposed else "! " if not entry.lists_orders else ""
        name = entry.name if entry.name.casefold() == entry.id else f"{entry.name} · {entry.id}"
        return f"{mark}{name}"

    def _remark(self, entry: ExchangeEntry) -> str:
        if not entry.lists_orders:
            return self.tr("its open orders cannot be listed")
        return self.tr("proposed by the store") if entry.id == self._proposed else ""
