"""Head and foot of the panels that stand beside the history: a title with buttons, and the line that is selected in words."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crashdesk_gui.widgets.text import TextLabel


def side_head(heading: TextLabel, note: TextLabel, *buttons: QWidget) -> tuple[QWidget, QVBoxLayout]:
    """The head, and the column in which more may stand under the note."""
    head = QWidget()
    column = QVBoxLayout(head)
    column.setContentsMargins(15, 11, 8, 11)
    column.setSpacing(6)
    top = QHBoxLayout()
    top.setSpacing(4)
    top.addWidget(heading, 1)
    for button in buttons:
        top.addWidget(button)
    column.addLayout(top)
    column.addWidget(note)
    return head, column


def side_foot(which: TextLabel, words: TextLabel) -> QFrame:
    """The foot, hidden until a line is selected."""
    foot = QFrame()
    foot.setObjectName("panelFoot")
    column = QVBoxLayout(foot)
    column.setContentsMargins(15, 9, 15, 12)
    column.setSpacing(4)
    column.addWidget(which)
    column.addWidget(words)
    foot.hide()
    return foot
