"""Watches the open stores and tells an operator who looks elsewhere what happened to them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from crashdesk_gui.actions import ActionSpec
from crashdesk_gui.controllers.problem_banner import work_of
from crashdesk_gui.desk import Desk
from crashdesk_gui.desk_words import store_entries
from crashdesk_gui.errors import ended
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.notice_words import failure_words, together
from crashdesk_gui.notifications import Notice, NoticeKind, Seen, in_front, look, news, page_of, sort, still_so, wanted
from crashdesk_gui.notifier import DesktopNotifier
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.tray import Tray
from crashdesk_gui.views.main_window import MainWindow
from crashdesk_gui.views.sidebar import StoreEntry
from crashdesk_gui.widgets.banner import Words

SETTLE_MS = 3000
"""News of this time are told together, and what is over by its end is not told."""
_SETTING = "notify"
_OFF = "off"

Deliver = Callable[[str, str], object]
"""Brings (title, text) to the operator."""


class Watching(QObject):
    """Turns what sessions report into notices. `deliver` replaces the tray and the desktop's notifications.

    Signals: `told(title, text)` after something was delivered.
    """

    told = Signal(str, str)

    def __init__(
        self,
        desk: Desk,
        *,
        active: Callable[[], bool] | None = None,
        deliver: Deliver | None = None,
        settle_ms: int = SETTLE_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._active = active or self._window_active
        self._deliver = deliver or self._to_desktop
        self._seen: dict[str, Seen] = {}
        self._told: dict[Hashable, int] = {}
        self._waiting: list[Notice] = []
        self._newest: Notice | None = None
        self._told_last: tuple[Notice, ...] = ()
        self._in_banner: tuple[Words | None, tuple[Notice, ...]] = (None, ())
        self._settle = QTimer(self, singleShot=True, interval=settle_ms)
        self._settle.timeout.connect(self._tell)
        self._notifier = DesktopNotifier(self)
        self._notifier.chosen.connect(self.come)
        self.tray = Tray(desk.ui, self.entries, self)
        self.tray.opened.connect(self.come)
        self.tray.store_chosen.connect(self.come)
        self.tray.quit_wanted.connect(self._quit)
        for session in desk.sessions:
            self._follow(session)
        desk.store_opened.connect(self._follow)
        desk.window_changed.connect(self._add_command)
        self._add_command(desk.window)

    @property
    def enabled(self) -> bool:
        """Whether the operator wants to be told."""
        return self._desk.ui.settings.text("", _SETTING) != _OFF

    def set_enabled(self, enabled: bool) -> None:
        """Tell, or do not tell, from now on and at later starts."""
        self._desk.ui.settings.set_text("", _SETTING, "on" if enabled else _OFF)

    def entries(self) -> list[StoreEntry]:
        """Every open store with its health, in the order of the sidebar."""
        desk = self._desk
        return store_entries(desk.sessions, desk.situation, desk.connecting.live, desk.ui.display)

    def come(self, store: str = "") -> None:
        """Bring the window to the front, with a store, by default the one of the newest notice."""
        newest, self._newest = self._newest, None
        if store:
            self._show_store(store)
        elif newest is not None:
            self._show(newest)
        come_to_front(self._desk.window)

    def _show_store(self, store: str) -> bool:
        there = any(session.key == store for session in self._desk.sessions)
        if there:
            self._desk.select_store(store)
        return there

    def _show(self, notice: Notice) -> None:
        """Go to where it is told; a failure is told over its page in full."""
        if not self._show_store(notice.store):
            return
        window = self._desk.window
        window.show_page(page_of(notice))
        if notice.kind is NoticeKind.FAILED and still_so(notice, self._seen.get(notice.store, Seen())):

            def words() -> str:
                return " ".join(failure_words(notice))

            self._in_banner = (words, (notice,))
            window.banner.show_message(words, Tone.DANGER)

    def _quit(self) -> None:
        # As closing the window does: it asks first while a recovery is under way.
        self._desk.window.close()

    def close(self) -> None:
        """Tell nothing more."""
        self._settle.stop()
        self._waiting.clear()
        self.tray.close()

    def _follow(self, session: StoreSession) -> None:
        # The session is named by its key: when it is thrown away it can be asked nothing.
        key = session.key
        for signal in (session.overview_changed, session.comparison_changed, session.report_ready):
            signal.connect(lambda _found, session=session: self._look(session))
        session.busy_changed.connect(self.tray.update)
        session.failed.connect(lambda _what, error: self._on_failed(key, error))
        session.destroyed.connect(partial(self._forget, key))
        self._look(session)

    def _forget(self, key: str, _gone: object = None) -> None:
        self._seen.pop(key, None)
        self._waiting = [notice for notice in self._waiting if notice.store != key]

    def _look(self, session: StoreSession) -> None:
        before = self._seen.get(session.key, Seen())
        failing = session.comparing_error is not None or session.overview_error is not None
        after = look(before, self._desk.situation(session), session.report, failing=failing)
        self._seen[session.key] = after
        for notice in news(session.key, before, after):
            self._note(notice)
        self._withdraw()
        self.tray.update()

    def _on_failed(self, key: str, error: Exception) -> None:
        for session in self._desk.sessions:
            if session.key == key:
                self._look(session)
                self._note(Notice(kind=NoticeKind.FAILED, store=key, work=work_of(error, session), error=error))
        self.tray.update()

    def _note(self, notice: Notice) -> None:
        session = self._desk.session
        now = self._desk.ui.display.now()
        shown = session.key if session else ""
        if not wanted(notice, active=self._active(), shown=shown, told=self._told, now=now):
            return
        self._told[sort(notice)] = now
        self._waiting.append(notice)
        if not self._settle.isActive():
            self._settle.start()

    def _tell(self) -> None:
        notices = [each for each in self._waiting if still_so(each, self._seen.get(each.store, Seen()))]
        self._waiting = []
        if not notices or not self.enabled:
            return
        self._newest = notices[-1]
        title, text = self._words(notices)
        self._told_last = tuple(notices)
        self._deliver(title, text)
        self.told.emit(title, text)

    def _to_desktop(self, title: str, text: str) -> None:
        QApplication.alert(self._desk.window)
        notices = self._told_last
        if not self.tray.show_message(title, text):
            self._notifier.post(title, text, lambda: self._in_window(notices))

    def _words(self, notices: Sequence[Notice]) -> tuple[str, str]:
        names = {entry.id: entry.called for entry in self.entries()}
        return together(notices, names, self._desk.ui.display)

    def _in_window(self, notices: Sequence[Notice]) -> None:
        """Where nothing else brings it to the operator: over the page, unless the page says it itself."""
        left = self._untold(notices)
        if not left:
            return

        def words() -> str:
            title, text = self._words(left)
            return labelled(title, text) if left[-1].kind is NoticeKind.FAILED and len(left) == 1 else ended(title)

        self._in_banner = (words, left)
        self._desk.window.banner.show_message(
            words, _tone(left), button=lambda: self.tr("Show"), slot=self._from_banner
        )

    def _untold(self, notices: Sequence[Notice]) -> tuple[Notice, ...]:
        """Those that are still so, and that the page in front does not say."""
        session = self._desk.session
        shown, page = session.key if session else "", self._desk.window.current_page()
        return tuple(
            each
            for each in notices
            if still_so(each, self._seen.get(each.store, Seen())) and not in_front(each, shown=shown, page=page)
        )

    def _withdraw(self, _page: object = None) -> None:
        """Take a notice back that is not so any more, or that the page says now."""
        words, notices = self._in_banner
        banner = self._desk.window.banner
        if words is not None and banner.says(words) and not self._untold(notices):
            banner.hide()
            self._in_banner = (None, ())

    def _from_banner(self) -> None:
        _words, notices = self._in_banner
        self._desk.window.banner.hide()
        self._newest = notices[-1] if notices else self._newest
        self.come()

    def _window_active(self) -> bool:
        # A dialog of ours in front counts: the operator is at the desk.
        return QApplication.activeWindow() is not None

    def _add_command(self, window: MainWindow) -> None:
        window.page_shown.connect(self._withdraw)
        spec = ActionSpec(
            id="notify",
            title=self.tr("Notify me"),
            tip=self.tr("Tell me when a bot stops, orders need a decision or a recovery ends while I look elsewhere"),
            group=self.tr("View"),
            checkable=True,
        )
        action = window.commands.add(spec)
        action.setChecked(self.enabled)
        action.toggled.connect(self.set_enabled)
        window.add_view_command("notify")


def come_to_front(window: MainWindow) -> None:
    """Show the window before all others, as far as the desktop allows; otherwise its entry in the task bar asks for attention."""
    if window.isMinimized():
        window.showNormal()
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)


def _tone(notices: Sequence[Notice]) -> Tone:
    """A success is no warning."""
    saved = all(each.kind is NoticeKind.RECOVERY_ENDED and each.saved for each in notices)
    return Tone.OK if saved else Tone.WARNING
