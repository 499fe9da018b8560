"""Labels beside each other on one base line, also where one of them has several lines or letters of another font."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

_GAP = 8


def level(first: QLabel, second: QLabel) -> None:
    """Give the one whose letters stand higher so much room above that both, from one top on, have the same base line."""
    difference = _ascent(first) - _ascent(second)
    first.setContentsMargins(0, max(-difference, 0), 0, 0)
    second.setContentsMargins(0, max(difference, 0), 0, 0)


def at_first_line(sign: QLabel, text: QLabel) -> QVBoxLayout:
    """The sign level with the text's first line; both in the middle of a row that is higher, as beside a button."""
    if sign.text():
        level(sign, text)
    else:
        _level_picture(sign, text)
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


def _level_picture(sign: QLabel, text: QLabel) -> None:
    line = max(text.fontMetrics().height(), sign.sizeHint().height())
    above = (line - text.fontMetrics().height()) // 2
    sign.setFixedHeight(line)
    text.setContentsMargins(0, above, 0, above)


def _ascent(label: QLabel) -> int:
    """Pixels above the base line: more than the label's font says where another one has to lend its letters."""
    layout = QTextLayout(label.text().partition("\n")[0], label.font())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return round(line.ascent()) if line.isValid() else label.fontMetrics().ascent()
