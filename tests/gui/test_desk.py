"""The composition root: opening stores, the ways between the pages, a whole incident by its buttons, and leaving."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel

from crashdesk.errors import ExchangeUnavailable
from crashdesk.exchange.records import CancelAnswer, OrderRef
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action
from crashdesk_gui.app import display_problem
from crashdesk_gui.connection import ExchangeAccess
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.desk_words import health, store_entries
from crashdesk_gui.dialogs.confirm import Confirmation
from crashdesk_gui.theme import Status
from crashdesk_gui.views.main_window import FIRST_SIZE
from crashdesk_gui.widgets.status import Chip

NOW = 1_763_781_128_000_000_000
RECOVERED = "Recovered. 1 position has no stop. Stops cover only a part of 1 position."


class Setting:
    """What a desk of these tests is given, to change before and to look at after."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.exchange = exchange_after_the_crash(NOW)
        self.clock = DeskClock(NOW)
        self.connects = True
        self.restarted = 0
        self.asked: list[Confirmation] = []
        self.leave = False

    def restart(self) -> None:
        self.restarted += 1

    def confirm(self, _ui: UiContext, question: Confirmation, _parent: object) -> bool:
        self.asked.append(question)
        return self.leave


@pytest.fixture
def ui(window_ui: UiContext) -> UiContext:
    """What these tests open are windows."""
    return window_ui


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(store_before_the_crash(tmp_path / "store", NOW))


@pytest.fixture
def make(ui: UiContext, setting: Setting, qtbot) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def desk() -> Desk:
        each = Desk(
            ui,
            who="ops",
            clock=setting.clock,
            open_exchange=(lambda _manifest: setting.exchange) if setting.connects else None,
            restart_bot=setting.restart,
            access=ExchangeAccess(
                clock=setting.clock, catalogue=tuple, environ={}, from_keyring=lambda _exchange, _account: None
            ),
            ask_path=lambda _parent, _title: str(setting.directory),
            confirm=setting.confirm,
        )
        desks.append(each)
        each.window.resize(FIRST_SIZE)
        each.window.show()
        return each

    yield desk
    setting.leave = True
    for each in desks:
        each.window.close()
        each.close()
        each.window.deleteLater()
        each.deleteLater()
    # Living widgets would be dressed again by the next test's theme, all of them.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def opened(make: Callable[[], Desk], setting: Setting, qtbot) -> Desk:
    desk = make()
    desk.open_store(setting.directory)
    qtbot.waitUntil(lambda: desk.session is not None and desk.session.comparison is not None)
    qtbot.waitUntil(lambda: not desk.session.busy)
    return desk


def words(desk: Desk) -> str:
    labels = [label.text() for label in desk.window.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*labels, *(chip.text for chip in desk.window.findChildren(Chip) if chip.isVisible())])


def test_first_start_offers_two_ways_and_the_first_opens_a_store(
    make: Callable[[], Desk], setting: Setting, qtbot
) -> None:
    desk = make()
    assert "Welcome to Crashdesk" in words(desk)
    desk.window.open_store_requested.emit()
    qtbot.waitUntil(lambda: desk.pages.overview.sentence.startswith("The bot stopped"))
    assert desk.window.windowTitle() == "btc-grid — Crashdesk"
    assert desk.ui.settings.recent_stores() == [str(setting.directory.resolve())]


def test_an_opened_store_connects_and_compares_by_itself(opened: Desk) -> None:
    assert opened.pages.overview.sentence == "The bot stopped 14 minutes ago. 3 orders need your decision."
    shown = words(opened)
    assert "binanceusdm · read just now · 4 of 4 scopes" in shown
    assert "LIVE" in shown


def test_after_a_recovery_in_a_terminal_nothing_older_is_told_of_positions_and_stops(
    opened: Desk, setting: Setting, qtbot
) -> None:
    session = opened.session
    assert session is not None
    setting.clock.sleep(5)
    with StoreView(setting.directory, clock=setting.clock) as view:
        elsewhere = OperatorRecovery(view, setting.exchange, who="kim", clock=setting.clock)
        comparison = elsewhere.compare()
        elsewhere.execute(comparison, (), plan_id=comparison.plan.id)
    session.refresh()
    qtbot.waitUntil(lambda: opened.pages.overview.sentence == "The state is recovered and saved.")
    assert "how positions and stops stand since is not known" in words(opened)
    session.compare()
    still_open = "Recovered. 3 orphan orders still need your decision. 1 position has no stop."
    qtbot.waitUntil(lambda: opened.pages.overview.sentence.startswith(still_open))
    assert health(opened.situation(session), opened.ui.display) == (Status.DIFFERS, "recovered, 3 orders open")
    assert "ETH/USDT:USDT" in " ".join(opened.pages.overview.notices.texts())


def test_a_recovered_store_that_nobody_compared_says_so(make: Callable[[], Desk], setting: Setting, qtbot) -> None:
    setting.connects = False
    with StoreView(setting.directory, clock=setting.clock) as view:
        elsewhere = OperatorRecovery(view, setting.exchange, who="kim", clock=setting.clock)
        comparison = elsewhere.compare()
        elsewhere.execute(comparison, (), plan_id=comparison.plan.id)
    desk = make()
    desk.open_store(setting.directory)
    qtbot.waitUntil(lambda: desk.pages.overview.sentence == "The state is recovered and saved.")
    assert "not compared since the recovery" in words(desk)
    assert "what has happened there since is not known" in words(desk)


def test_what_is_no_store_is_explained_and_not_remembered(make: Callable[[], Desk], tmp_path: Path, qtbot) -> None:
    desk = make()
    desk.open_store(tmp_path / "nothing")
    qtbot.waitUntil(lambda: not desk.window.banner.isHidden())
    assert "Open the directory in which the bot keeps its checkpoints" in desk.window.banner.text
    assert desk.sessions == ()
    assert desk.ui.settings.recent_stores() == []


def test_a_failed_comparison_is_shown_with_its_meaning_and_a_good_one_clears_it(
    opened: Desk, setting: Setting, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable() -> int:
        raise ExchangeUnavailable("binanceusdm did not answer within 20 s")

    with monkeypatch.context() as patched:
        patched.setattr(setting.exchange, "clock_offset_ns", unreachable)
        opened.window.refresh_requested.emit()
        qtbot.waitUntil(lambda: "did not answer within 20 s" in opened.window.banner.text)
        assert "go on filling without the bot" in opened.window.banner.text
        assert "could not be read" in words(opened)
    qtbot.waitUntil(lambda: not opened.session.busy)
    opened.window.refresh_requested.emit()
    qtbot.waitUntil(lambda: opened.session.comparing_error is None and not opened.session.busy)
    assert opened.window.banner.isHidden()
    assert "could not be read" not in words(opened)


def test_history_and_positions_follow_each_other(opened: Desk) -> None:
    history, positions = opened.pages.history, opened.pages.positions
    info = opened.session.overview.rows[1].info
    positions.checkpoint_selected.emit(info)
    assert history.table.current_record().info.seq == info.seq

    opened.pages.history.recover_wanted.emit(info)
    assert opened.window.current_page() == "recovery"


def test_the_page_is_remembered_per_store(opened: Desk, setting: Setting, tmp_path: Path, qtbot) -> None:
    first = opened.session.key
    opened.window.show_page("activity")
    second = opened.add_view(StoreView(store_before_the_crash(tmp_path / "other", NOW), clock=setting.clock))
    opened.window.show_page("history")
    qtbot.waitUntil(lambda: second.comparison is not None and not second.busy)
    opened.window.store_selected.emit(first)
    assert opened.window.current_page() == "activity"
    opened.window.store_selected.emit(second.key)
    assert opened.window.current_page() == "history"


def test_the_whole_incident_by_the_primary_button(opened: Desk, setting: Setting, qtbot) -> None:
    overview, session = opened.pages.overview, opened.session
    overview.primary.click()
    assert opened.window.current_page() == "orphans"
    undecided = [each for each in session.comparison.plan.orphans if session.taken.get(each.key) is None]
    session.decide(undecided, Action.LEAVE, "looked at")

    opened.window.show_page("overview")
    overview.primary.click()
    assert opened.window.current_page() == "recovery"
    session.execute()
    qtbot.waitUntil(lambda: session.report is not None and not session.busy)
    opened.window.show_page("overview")
    qtbot.waitUntil(lambda: overview.sentence == RECOVERED)
    assert set(setting.exchange.cancelled) == {"9001", "9002"}

    overview.primary.click()
    qtbot.waitUntil(lambda: setting.restarted == 1)
    qtbot.waitUntil(lambda: "The bot runs again" in opened.window.banner.text)
    qtbot.waitUntil(lambda: not session.busy)
    assert session.comparison.checkpoint.seq == session.report.saved.seq if session.report else True
    assert all(position.kind.value == "matched" for position in session.comparison.plan.positions)


def test_the_age_of_the_exchange_reads_the_same_in_the_card_and_at_the_bottom(
    opened: Desk, setting: Setting, qtbot
) -> None:
    undecided = [each for each in opened.session.comparison.plan.orphans if opened.session.taken.get(each.key) is None]
    opened.session.decide(undecided, Action.LEAVE, "looked at")
    setting.clock.sleep(90)
    opened.session.execute()
    qtbot.waitUntil(lambda: opened.session.report is not None and not opened.session.busy)
    opened.window.show_page("overview")
    qtbot.waitUntil(lambda: opened.pages.overview.sentence == RECOVERED)
    ages = re.findall(
        r"(just now|in \d+ min)",
        "\n".join(line for line in words(opened).replace("\u00a0", " ").split("\n") if "scopes" in line),
    )
    assert len(ages) == 2
    assert len(set(ages)) == 1, "the status line tells of the reading before the recovery"


def test_stores_of_the_same_name_are_told_apart(opened: Desk, setting: Setting, tmp_path: Path, qtbot) -> None:
    second = opened.add_view(StoreView(store_before_the_crash(tmp_path / "other" / "store", NOW), clock=setting.clock))
    qtbot.waitUntil(lambda: second.comparison is not None and not second.busy)

    def called() -> list[str]:
        entries = store_entries(opened.sessions, opened.situation, lambda _: None, opened.ui.display)
        return [entry.called for entry in entries]

    assert called() == [f"btc-grid ({tmp_path.name})", "btc-grid (other)"]
    opened.select_store(second.key)
    assert opened.window.windowTitle() == "btc-grid (other) — Crashdesk"
    opened.window.close_store_requested.emit(second.key)
    assert called() == ["btc-grid"]


def test_reading_again_without_an_exchange_asks_for_one(make: Callable[[], Desk], setting: Setting, qtbot) -> None:
    setting.connects = False
    desk = make()
    desk.open_store(setting.directory)
    qtbot.waitUntil(lambda: desk.session is not None and desk.session.overview is not None)
    qtbot.waitUntil(lambda: not desk.connecting.lookups.busy)
    assert "No exchange connected" in words(desk)
    assert desk.window.banner.isHidden()

    desk.window.refresh_requested.emit()
    dialog = desk.connecting.dialog
    assert dialog.exchange.text() == "binanceusdm"
    dialog.reject()
    assert desk.connecting.dialog is None
    qtbot.waitUntil(lambda: not desk.connecting.lookups.busy)


def test_closing_a_store_leaves_its_files_alone(opened: Desk, setting: Setting) -> None:
    before = sorted(path.name for path in (setting.directory / "checkpoints").iterdir())
    opened.window.close_store_requested.emit(opened.session.key)
    assert opened.session is None
    assert setting.exchange.closed
    assert opened.ui.settings.recent_stores() == []
    assert sorted(path.name for path in (setting.directory / "checkpoints").iterdir()) == before
    assert "Welcome to Crashdesk" in words(opened)


def test_verifying_tells_the_result(opened: Desk, setting: Setting, qtbot) -> None:
    newest = max((setting.directory / "checkpoints").glob("*.zqck"))
    opened.window.verify_requested.emit()
    qtbot.waitUntil(lambda: "All 4 checkpoints are intact" in opened.window.banner.text)
    newest.write_bytes(newest.read_bytes()[:-1] + b"\0")
    opened.window.verify_requested.emit()
    qtbot.waitUntil(lambda: "3 of 4 checkpoints are intact" in opened.window.banner.text)


def test_leaving_during_a_recovery_asks_first(opened: Desk, setting: Setting, qtbot) -> None:
    cancelling, gate = threading.Event(), threading.Event()
    original = setting.exchange.cancel_order

    def slow(ref: OrderRef) -> CancelAnswer:
        cancelling.set()
        gate.wait(10)
        return original(ref)

    setting.exchange.cancel_order = slow
    opened.session.execute()
    qtbot.waitUntil(cancelling.is_set)
    opened.window.close()
    assert opened.window.isVisible()
    assert setting.asked[0].items[0].cells[0] == "btc-grid"

    gate.set()
    qtbot.waitUntil(lambda: opened.session.report is not None)
    opened.window.close()
    assert not opened.window.isVisible()
    assert len(setting.asked) == 1


@pytest.mark.parametrize(
    ("environ", "platform", "word"),
    [
        ({}, "linux", "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":7919"}, "linux", "nothing answers on the display :7919"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", ""),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", ""),
        ({}, "darwin", ""),
        ({}, "win32", ""),
    ],
)
def test_a_missing_display_is_told_before_qt_ends_the_process(
    environ: dict[str, str], platform: str, word: str
) -> None:
    problem = display_problem(environ, platform)
    assert word in problem
    assert bool(word) == bool(problem)
    if word:
        assert "--headless" in problem
        assert "--screenshots" in problem


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a display can be missing")
def test_without_a_display_the_program_says_so_and_ends_with_1(setting: Setting) -> None:
    unset = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environ = {name: value for name, value in os.environ.items() if name not in unset}
    ended = subprocess.run(
        [sys.executable, "-m", "crashdesk_gui", str(setting.directory)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "--headless" in ended.stderr
    assert "Traceback" not in ended.stderr


_RUN_AND_LEAVE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from crashdesk_gui.app import run
from crashdesk_gui.views.main_window import FIRST_SIZE

def ready(desk):
    def leave():
        if desk.session.overview is not None:
            print(desk.pages.overview.sentence)
            desk.window.close()
    timer = QTimer(desk, interval=20)
    timer.timeout.connect(leave)
    timer.start()

sys.exit(run([Path(sys.argv[1])], theme="dark", on_ready=ready))
"""


def test_the_application_opens_a_store_and_ends_cleanly(setting: Setting, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    ended = subprocess.run(
        [sys.executable, "-c", _RUN_AND_LEAVE, str(setting.directory)],
        env={**environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("The bot stopped")
    assert "Traceback" not in ended.stderr
