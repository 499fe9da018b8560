"""The six pages of the desk: each is made when it is first needed, and the rest while nothing else is to be done."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.pages import PageSpec
from crashdesk_gui.widgets.page_state import PageState

if TYPE_CHECKING:
    from crashdesk_gui.views.activity_page import ActivityPage
    from crashdesk_gui.views.history_page import HistoryPage
    from crashdesk_gui.views.history_side import HistorySide
    from crashdesk_gui.views.orphans_page import OrphansPage
    from crashdesk_gui.views.overview_page import OverviewPage
    from crashdesk_gui.views.positions_page import PositionsPage
    from crashdesk_gui.views.recovery_page import RecoveryPage

    Page = OverviewPage | HistoryPage | PositionsPage | OrphansPage | RecoveryPage | ActivityPage

translate = QCoreApplication.translate

_PAUSE_MS = 40
"""Between the making of two pages that nobody asked for yet, the window gets its turns."""
_AFTER_A_TURN_MS = 150


class Pages(QObject):
    """Every page, typed, in the order of the tabs; asking for one makes it."""

    IDS = ("overview", "history", "positions", "orphans", "recovery", "activity")

    def __init__(self, ui: UiContext, log: LogFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._log = log
        self._session: StoreSession | None = None
        self._made: dict[str, Page] = {}
        self._states: dict[str, PageState] = {}
        self._bare: dict[str, Page] = {}
        self._history_side: HistorySide | None = None
        self._wishes: dict[str, list[Callable[[], object]]] = {}
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._make_next)

    @property
    def overview(self) -> OverviewPage:
        """The situation in one sentence."""
        return cast("OverviewPage", self.page("overview"))

    @property
    def history(self) -> HistoryPage:
        """The checkpoints."""
        return cast("HistoryPage", self.page("history"))

    @property
    def positions(self) -> PositionsPage:
        """The charts."""
        return cast("PositionsPage", self.page("positions"))

    @property
    def orphans(self) -> OrphansPage:
        """The orders that nobody knows."""
        return cast("OrphansPage", self.page("orphans"))

    @property
    def recovery(self) -> RecoveryPage:
        """The assistant."""
        return cast("RecoveryPage", self.page("recovery"))

    @property
    def activity(self) -> ActivityPage:
        """The logs."""
        return cast("ActivityPage", self.page("activity"))

    def page(self, page_id: str) -> Page:
        """The page of this id, made now if it was not before."""
        page = self._made.get(page_id)
        if page is None:
            self.put_off()
            bare = self._bare.pop(page_id, None)
            page = self._made[page_id] = self._make(page_id) if bare is None else bare
            page.set_session(self._session)
            for wish in self._wishes.pop(page_id, ()):
                wish()
            page.restore(self._states.pop(page_id, None))
        return page

    def states(self) -> dict[str, PageState]:
        """What the operator has in hand on each page."""
        return self._states | {page_id: page.state() for page_id, page in self._made.items()}

    def restore(self, states: dict[str, PageState]) -> None:
        """Put into the operator's hand what was in it on other pages of the same store."""
        self._states = {page_id: state for page_id, state in states.items() if page_id not in self._made}
        for page_id in states.keys() & self._made.keys():
            self._made[page_id].restore(states[page_id])

    def is_made(self, page_id: str) -> bool:
        """Whether the page was needed before."""
        return page_id in self._made

    def when_made(self, page_id: str, wish: Callable[[], object]) -> None:
        """Call `wish` once the page is there: at once, or when somebody needs it."""
        if page_id in self._made:
            wish()
        else:
            self._wishes.setdefault(page_id, []).append(wish)

    def make_the_rest(self) -> None:
        """Make what nobody asked for yet, as soon as the page in front has something to say and nothing else is done.

        A page takes three turns: its modules are imported, it is made, and it is taken into the window, which dresses everything
        in it; the largest is made in two. No thread may import them: PySide does not survive it that one defines its types beside
        the window's.
        """
        self._pause.start(_PAUSE_MS)

    def put_off(self) -> None:
        """The operator turned to a page: what nobody asked for comes once that is painted."""
        if self._pause.isActive():
            self._pause.start(_AFTER_A_TURN_MS)

    def make_no_more(self) -> None:
        """Make only what is asked for: the window goes, and with it what was made for it and not yet taken in."""
        self._pause.stop()
        for bare in self._bare.values():
            bare.deleteLater()
        self._bare.clear()
        if self._history_side is not None:
            self._history_side.deleteLater()
            self._history_side = None

    def specs(self) -> Iterator[PageSpec]:
        """The tabs."""
        titles = (
            translate("Desk", "Overview"),
            translate("Desk", "History"),
            translate("Desk", "Positions"),
            translate("Desk", "Orphan orders"),
            translate("Desk", "Recovery"),
            translate("Desk", "Activity"),
        )
        for page_id, title in zip(self.IDS, titles, strict=True):
            yield PageSpec(id=page_id, title=title, icon=page_id, make=partial(self.page, page_id))

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store on every page."""
        self._session = session
        self._states = {}
        for page in self._made.values():
            page.restore(None)
            page.set_session(session)

    def _make_next(self) -> None:
        missing = [page_id for page_id in self.IDS if page_id not in self._made]
        if missing and self._at_rest():
            page_id, module = missing[0], _module(missing[0])
            if module not in sys.modules:
                importlib.import_module(module)
            elif page_id in self._bare:
                self.page(page_id)
            elif page_id == "history" and self._history_side is None:
                self._history_side = _make_history_side(self._ui)
            else:
                self._bare[page_id] = self._make(page_id)
        if missing:
            self._pause.start(_PAUSE_MS)

    def _at_rest(self) -> bool:
        """Whether the store has been read, or cannot be: before, the page in front needs every turn."""
        session = self._session
        return session is None or session.overview is not None or session.overview_error is not None

    def _make(self, page_id: str) -> Page:
        """A page without a store. Its modules are imported here and nowhere else at start."""
        match page_id:
            case "overview":
                from crashdesk_gui.views.overview_page import OverviewPage

                return OverviewPage(self._ui)
            case "history":
                from crashdesk_gui.views.history_page import HistoryPage

                side, self._history_side = self._history_side, None
                return HistoryPage(self._ui, side=side)
            case "positions":
                from crashdesk_gui.views.positions_page import PositionsPage

                return PositionsPage(self._ui)
            case "orphans":
                from crashdesk_gui.views.orphans_page import OrphansPage

                return OrphansPage(self._ui)
            case "recovery":
                from crashdesk_gui.views.recovery_page import RecoveryPage

                return RecoveryPage(self._ui)
            case _:
                from crashdesk_gui.views.activity_page import ActivityPage

                return ActivityPage(self._ui, self._log)


def _module(page_id: str) -> str:
    return f"crashdesk_gui.views.{page_id}_page"


def _make_history_side(ui: UiContext) -> HistorySide:
    from crashdesk_gui.views.history_side import HistorySide

    return HistorySide(ui)
