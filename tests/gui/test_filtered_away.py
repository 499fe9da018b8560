"""A checkpoint that a filter takes out of the table is on the panel a moment longer: its buttons speak of it and of no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk_after_crash import desk_after_crash
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from crashdesk_gui.context import UiContext


def test_the_panel_shows_the_file_of_the_checkpoint_that_it_tells_of(
    window_ui: UiContext, qapp: QApplication, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda url: bool(shown.append(url)) or True))
    with desk_after_crash(window_ui, qapp, tmp_path / "store", qtbot) as desk:
        desk.window.show_page("history")
        page = desk.pages.history
        qtbot.waitUntil(lambda: page.details.isVisible() and not desk.session.watcher.busy)
        page.filters.set_text("no such checkpoint")
        qtbot.waitUntil(lambda: not page.model.shown_records())
        page.details.reveal_wanted.emit()
        page.details.recover_wanted.emit()
        assert [Path(each.toLocalFile()) for each in shown] == [tmp_path / "store" / "checkpoints"]
        assert desk.window.current_page() == "recovery"
