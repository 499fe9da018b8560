"""Asking for a directory."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget

AskDirectory = Callable[[QWidget, str], str]
"""Asks for a directory: (parent, title) -> path, empty when declined."""


def ask_directory(parent: QWidget, title: str) -> str:
    """Ask with the system's dialog."""
    return QFileDialog.getExistingDirectory(parent, title)
