"""A sign before a text that may have several lines."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

_GAP = 8


def at_first_line(sign: QLabel, text: QLabel) -> QVBoxLayout:
    """The sign level with the text's first line; both in the middle of a row that is higher, as beside a button."""
    line = max(text.fontMetrics().height(), sign.sizeHint().height())
    above = (line - text.fontMetrics().height()) // 2
    sign.setFixedHeight(line)
    text.setContentsMargins(0, above, 0, above)
    pair = QHBoxLayout()
    pair.setSpacing(_GAP)
    pair.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    pair.addWidget(text, 1)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addStretch(1)
    column.addLayout(pair)
    column.addStretch(1)
    return column
