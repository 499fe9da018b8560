"""What failed is named in the banner, and goes on being named so in every language."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from orphan_incident import DeskClock, store_before_the_crash
from PySide6.QtWidgets import QWidget

from crashdesk.errors import StorageError
from crashdesk.inspection import StoreView
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.problem_banner import ProblemBanner
from crashdesk_gui.session import StoreSession
from crashdesk_gui.widgets.banner import Banner

NOW = 1_763_781_128_000_000_000


def test_the_work_that_failed_is_the_same_after_it_failed_again(tmp_path: Path, ui: UiContext, qtbot) -> None:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    session = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    banner, of_another_language, page = Banner(ui), Banner(ui), QWidget()
    for each in (banner, of_another_language, page):
        qtbot.addWidget(each)
    window = SimpleNamespace(banner=banner, current_page=lambda: "overview")
    pages = SimpleNamespace(is_made=lambda _name: False, page=lambda _name: page)
    problems = ProblemBanner(lambda: SimpleNamespace(window=window, pages=pages), page)
    session.failed.connect(lambda _title, error: problems.show_failed(error, session))
    session._on_look_failed(StorageError("the disk is gone"))
    told = banner.text
    # A look each second: the next one fails alike, which is no news.
    session._on_look_failed(StorageError("the disk is gone"))
    of_another_language.take_over(banner)
    assert told.startswith("The store cannot be read: ")
    assert of_another_language.text == told
    session.close()
