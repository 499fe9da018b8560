"""An operator who looks elsewhere is told what matters, once, and never what they did themselves."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from orphan_incident import store_before_the_crash
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from crashdesk.clock import SystemClock
from crashdesk.inspection import StoreView
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.watching import Watching
from crashdesk_gui.desk import Desk
from crashdesk_gui.display import Display
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.notice_words import health_sentence, notice_words, together
from crashdesk_gui.notifications import (
    REPEAT_NS,
    Notice,
    NoticeKind,
    Seen,
    Work,
    in_front,
    look,
    news,
    sort,
    still_so,
    wanted,
)
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Status
from crashdesk_gui.tray import Tray, badged_icon, worst_status
from crashdesk_gui.views.sidebar import StoreEntry

NOW = 1_763_781_128_000_000_000
RUNNING, STOPPED = Seen(standing=Standing.RUNNING), Seen(standing=Standing.STOPPED, stopped_at=NOW)


def kinds(before: Seen, after: Seen) -> list[NoticeKind]:
    return [notice.kind for notice in news("/a", before, after)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Standing.RUNNING, Standing.STOPPED, True),
        (Standing.RUNNING, Standing.CORRUPT, True),
        (Standing.RUNNING, Standing.INTERRUPTED, True),
        (Standing.RUNNING, Standing.RECOVERED, True),
        (Standing.RUNNING, Standing.RUNNING, False),
        (Standing.RUNNING, Standing.RECOVERING, False),
        (Standing.RUNNING, None, False),
        (Standing.RECOVERING, Standing.STOPPED, False),
        (None, Standing.STOPPED, False),
        (Standing.STOPPED, Standing.CORRUPT, False),
    ],
)
def test_a_bot_that_was_seen_running_and_runs_no_more_has_stopped(
    before: Standing | None, after: Standing | None, told: bool
) -> None:
    assert (NoticeKind.BOT_STOPPED in kinds(Seen(standing=before), Seen(standing=after))) is told


def test_orders_that_appeared_are_counted_once_and_never_again() -> None:
    first = msgspec.structs.replace(STOPPED, orphans=frozenset("abc"))
    assert news("/a", STOPPED, first) == (Notice(kind=NoticeKind.ORPHANS, store="/a", count=3),)
    assert news("/a", first, first) == ()
    more = msgspec.structs.replace(first, orphans=first.orphans | {"d"})
    assert news("/a", first, more)[0].count == 1
    # A comparison that finds fewer, and then the same again.
    again = look(more, Situation(standing=Standing.STOPPED), None)
    assert again.orphans == more.orphans


def test_a_recovery_that_ended_is_told_with_whether_it_saved() -> None:
    for saved in (True, False):
        for left in (0, 2):
            after = msgspec.structs.replace(STOPPED, report="plan-1", saved=saved, left=left)
            told = Notice(kind=NoticeKind.RECOVERY_ENDED, store="/a", saved=saved, count=left)
            assert news("/a", STOPPED, after) == (told,)
        assert news("/a", after, after) == ()


@pytest.mark.parametrize(
    ("kind", "active", "shown", "tell"),
    [
        (NoticeKind.BOT_STOPPED, False, "/a", True),
        (NoticeKind.BOT_STOPPED, True, "/a", False),
        (NoticeKind.BOT_STOPPED, True, "/other", True),
        (NoticeKind.ORPHANS, True, "/a", False),
        (NoticeKind.ORPHANS, False, "/a", True),
        (NoticeKind.RECOVERY_ENDED, True, "/other", False),
        (NoticeKind.RECOVERY_ENDED, False, "/a", True),
        (NoticeKind.FAILED, True, "/other", False),
        (NoticeKind.FAILED, False, "/a", True),
    ],
)
def test_what_stands_before_the_operator_is_not_told(kind: NoticeKind, active: bool, shown: str, tell: bool) -> None:
    assert wanted(Notice(kind=kind, store="/a"), active=active, shown=shown, told={}, now=NOW) is tell


def test_a_bot_that_starts_and_stops_all_the_time_is_told_once_a_while() -> None:
    stopped = Notice(kind=NoticeKind.BOT_STOPPED, store="/a")
    told = {sort(stopped): NOW}

    def tell(notice: Notice, later: int) -> bool:
        return wanted(notice, active=False, shown="", told=told, now=NOW + later)

    assert not tell(stopped, REPEAT_NS - 1)
    assert tell(stopped, REPEAT_NS)
    assert tell(msgspec.structs.replace(stopped, store="/b"), 1), "another store is other news"
    assert not still_so(stopped, RUNNING), "and one that only restarted is not told at all"
    assert still_so(stopped, STOPPED)


def test_every_notice_has_words_of_its_own(ui: UiContext) -> None:
    notices = [
        Notice(kind=NoticeKind.BOT_STOPPED, store="/a", at=NOW),
        Notice(kind=NoticeKind.BOT_STOPPED, store="/a"),
        Notice(kind=NoticeKind.ORPHANS, store="/a", count=3),
        Notice(kind=NoticeKind.RECOVERY_ENDED, store="/a", saved=True),
        Notice(kind=NoticeKind.RECOVERY_ENDED, store="/a", saved=True, count=2),
        Notice(kind=NoticeKind.RECOVERY_ENDED, store="/a"),
        Notice(kind=NoticeKind.FAILED, store="/a", error=OSError("the network is gone")),
    ]
    words = [notice_words(notice, "btc-mm", ui.display) for notice in notices]
    assert len(set(words)) == len(words)
    assert all(title.startswith("btc-mm") and text and "{" not in title + text for title, text in words)
    assert "2025-11-22 03:12:08" in words[0][1]
    title, text = together(notices[2:4], {"/a": "btc-mm"}, ui.display)
    assert title.startswith("2 ")
    assert text.count("\n") == 1


def entry(name: str, status: Status, health: str = "stopped") -> StoreEntry:
    return StoreEntry(id=f"/{name}", name=name, status=status, health=health)


def test_the_tray_says_how_all_stores_stand_in_a_sentence() -> None:
    good, bad = entry("good", Status.OK, "running"), entry("btc-mm", Status.DIFFERS)
    assert health_sentence([]) == "Crashdesk: no store is open."
    assert "nothing needs attention" in health_sentence([good, entry("new", Status.UNKNOWN)])
    assert health_sentence([good, bad]) == "Crashdesk: btc-mm needs attention (stopped)."
    assert "btc-mm, x" in health_sentence([good, bad, entry("x", Status.BAD)])
    assert worst_status([good]) is None
    assert worst_status([good, bad]) is Status.DIFFERS
    assert worst_status([bad, entry("x", Status.BAD)]) is Status.BAD


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
def test_the_tray_marks_what_needs_attention_and_leads_to_it(ui: UiContext, qtbot: QtBot) -> None:
    entries = [entry("btc-mm", Status.OK, "running"), entry("a & b", Status.DIFFERS)]
    tray = Tray(ui, lambda: entries, available=lambda: True)
    assert "a & b needs attention" in tray.tooltip
    tray.fill_menu()
    texts = [action.text() for action in tray.menu.actions() if action.text()]
    assert texts == ["Open Crashdesk", "✓ btc-mm — running", "! a && b — stopped", "Quit"]
    with qtbot.waitSignal(tray.store_chosen) as chosen:
        tray.menu.actions()[2].trigger()
    assert chosen.args == ["/btc-mm"]
    entries[1] = entry("a & b", Status.OK, "running")
    tray.update()
    assert "nothing needs attention" in tray.tooltip
    plain, marked = (badged_icon(ui, badge).pixmap(22, 22).toImage() for badge in (None, Status.BAD))
    assert plain.pixelColor(16, 16) != marked.pixelColor(16, 16)
    tray.close()
    assert not QSystemTrayIcon.isSystemTrayAvailable(), "offscreen there is none, and nothing is shown"
    assert not Tray(ui, lambda: entries).show_message("x", "y")


class Desktop:
    """Stands for the desktop: whether the window is in front, and what was delivered."""

    def __init__(self) -> None:
        self.active = False
        self.delivered: list[tuple[str, str]] = []

    def deliver(self, title: str, text: str) -> None:
        self.delivered.append((title, text))


@pytest.fixture
def watched(
    ui: UiContext, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[tuple[Desk, Watching, StoreSession, Desktop]]:
    clock = SystemClock()
    own = UiContext(ui.themes, ui.icons, Display(now=clock.now_ns), ui.settings)
    desktop = Desktop()
    languages = Languages(qapp)
    desk = Desk(own, who="operator", clock=clock, remember=False, languages=languages)
    watching = Watching(desk, active=lambda: desktop.active, deliver=desktop.deliver, settle_ms=20)
    session = desk.add_view(StoreView(store_before_the_crash(tmp_path / "btc-mm", clock.now_ns()), clock=clock))
    qtbot.waitUntil(lambda: session.overview is not None, timeout=10_000)
    yield desk, watching, session, desktop
    watching.close()
    desk.close()
    desk.window.close()
    desk.window.deleteLater()
    languages.close()
    own.display.deleteLater()
    desk.deleteLater()


def test_news_of_a_store_reach_the_operator_once(
    watched: tuple[Desk, Watching, StoreSession, Desktop], qtbot: QtBot
) -> None:
    _desk, watching, session, desktop = watched
    qtbot.wait(60)
    assert desktop.delivered == [], "what was so when the store was opened is no news"
    session.overview_error = OSError("gone")
    with qtbot.waitSignal(watching.told, timeout=3000):
        session.failed.emit("Reading the store", session.overview_error)
        session.failed.emit("Reading the store", session.overview_error)
    assert len(desktop.delivered) == 1
    assert "The store cannot be read" in desktop.delivered[0][1]
    desktop.active = True
    session.failed.emit("Recovering", OSError("refused"))
    qtbot.wait(60)
    assert len(desktop.delivered) == 1, "who looks at the window sees it there"


def test_an_operator_who_wants_no_notices_gets_none_at_the_next_start_either(
    watched: tuple[Desk, Watching, StoreSession, Desktop], qtbot: QtBot
) -> None:
    desk, watching, session, desktop = watched
    action = desk.window.commands.action("notify")
    assert action.isChecked()
    assert action in next(menu for menu in desk.window.menuBar().actions() if "View" in menu.text()).menu().actions()
    action.trigger()
    session.failed.emit("Recovering", OSError("refused"))
    qtbot.wait(60)
    assert desktop.delivered == []
    assert not watching.enabled
    assert desk.ui.settings.text("", "notify") == "off"


def test_coming_from_a_notice_shows_its_store(
    watched: tuple[Desk, Watching, StoreSession, Desktop], qtbot: QtBot, tmp_path: Path
) -> None:
    desk, watching, session, _desktop = watched
    clock = SystemClock()
    other = desk.add_view(StoreView(store_before_the_crash(tmp_path / "eth", clock.now_ns()), clock=clock))
    assert desk.session is other
    with qtbot.waitSignal(watching.told, timeout=3000):
        session.failed.emit("Recovering", OSError("refused"))
    watching.come()
    assert desk.session is session
    assert desk.window.isVisible()


def test_the_choice_is_in_the_window_of_another_language_too(
    watched: tuple[Desk, Watching, StoreSession, Desktop], qtbot: QtBot
) -> None:
    desk, watching, _session, _desktop = watched
    older = desk.window
    watching.set_enabled(False)
    desk.speaking.speak(Language.CHINESE)
    qtbot.waitUntil(lambda: desk.window is not older, timeout=3000)
    action = desk.window.commands.action("notify")
    assert not action.isChecked()
    action.trigger()
    assert watching.enabled
    desk.speaking.speak(Language.ENGLISH)


# Notices over the page, where the desktop shows none


def test_a_notice_is_over_when_what_it_says_is(ui: UiContext) -> None:
    orphans = Notice(kind=NoticeKind.ORPHANS, store="/a", count=1)
    assert still_so(orphans, msgspec.structs.replace(STOPPED, deciding=1))
    assert not still_so(orphans, Seen(standing=Standing.RECOVERED))
    unread = Notice(kind=NoticeKind.FAILED, store="/a", work=Work.READING)
    assert still_so(unread, msgspec.structs.replace(STOPPED, failing=True))
    assert not still_so(unread, STOPPED)
    assert not still_so(Notice(kind=NoticeKind.FAILED, store="/a"), Seen(standing=Standing.RECOVERED))


def test_the_page_that_shows_it_needs_no_notice_over_it() -> None:
    orphans, failed = (Notice(kind=kind, store="/a") for kind in (NoticeKind.ORPHANS, NoticeKind.FAILED))
    assert in_front(orphans, shown="/a", page="orphans")
    assert in_front(orphans, shown="/a", page="overview")
    assert not in_front(orphans, shown="/a", page="history")
    assert not in_front(orphans, shown="/b", page="orphans")
    assert not in_front(failed, shown="/a", page="overview"), "a failure passes; only its own words tell of it"


def test_a_failure_over_the_page_leads_to_its_words_and_goes_with_them(
    watched: tuple[Desk, Watching, StoreSession, Desktop], qtbot: QtBot, tmp_path: Path
) -> None:
    desk, watching, session, _desktop = watched
    clock = SystemClock()
    desk.window.show()
    desk.add_view(StoreView(store_before_the_crash(tmp_path / "eth", clock.now_ns()), clock=clock))
    watching._deliver = lambda _title, _text: watching._in_window(watching._told_last)
    banner = desk.window.banner
    with qtbot.waitSignal(watching.told, timeout=3000):
        session.comparing_error = OSError("the network is gone")
        session.failed.emit("Comparing with the exchange", session.comparing_error)
    assert "The comparison failed" in banner.text
    banner._button.click()
    assert (desk.session, desk.window.current_page()) == (session, "overview")
    assert banner.isVisible()
    assert "network is gone. " in banner.text
    session.comparing_error = None
    session.comparison_changed.emit(None)
    assert not banner.isVisible()
