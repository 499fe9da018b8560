"""How large a dialog may be: what is larger than its window could leave a screen that the window just fits."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

_AROUND = QSize(32, 32)
"""So much of the window stays in sight around it, in pixels."""


def fitting(dialog: QDialog, wanted: QSize) -> QSize:
    """`wanted`, or as much of it as the window behind the dialog has room for."""
    parent = dialog.parentWidget()
    return wanted if parent is None else wanted.boundedTo(parent.window().size() - _AROUND)
