"""The six pages of the desk. Their modules are imported here and nowhere else at start, when they are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.pages import PageSpec

if TYPE_CHECKING:
    from crashdesk_gui.views.activity_page import ActivityPage
    from crashdesk_gui.views.history_page import HistoryPage
    from crashdesk_gui.views.orphans_page import OrphansPage
    from crashdesk_gui.views.overview_page import OverviewPage
    from crashdesk_gui.views.positions_page import PositionsPage
    from crashdesk_gui.views.recovery_page import RecoveryPage

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Pages:
    """Every page, typed, in the order of the tabs."""

    overview: OverviewPage
    history: HistoryPage
    positions: PositionsPage
    orphans: OrphansPage
    recovery: RecoveryPage
    activity: ActivityPage

    def specs(self) -> Iterator[PageSpec]:
        """The tabs."""
        titles = (
            ("overview", translate("Desk", "Overview"), self.overview),
            ("history", translate("Desk", "History"), self.history),
            ("positions", translate("Desk", "Positions"), self.positions),
            ("orphans", translate("Desk", "Orphan orders"), self.orphans),
            ("recovery", translate("Desk", "Recovery"), self.recovery),
            ("activity", translate("Desk", "Activity"), self.activity),
        )
        for page_id, title, widget in titles:
            yield PageSpec(id=page_id, title=title, icon=page_id, widget=widget)

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store on every page."""
        for page in (self.overview, self.history, self.positions, self.orphans, self.recovery, self.activity):
            page.set_session(session)


def make_pages(ui: UiContext, log: LogFeed) -> Pages:
    """Every page, without a store."""
    from crashdesk_gui.views.activity_page import ActivityPage
    from crashdesk_gui.views.history_page import HistoryPage
    from crashdesk_gui.views.orphans_page import OrphansPage
    from crashdesk_gui.views.overview_page import OverviewPage
    from crashdesk_gui.views.positions_page import PositionsPage
    from crashdesk_gui.views.recovery_page import RecoveryPage

    return Pages(
        OverviewPage(ui), HistoryPage(ui), PositionsPage(ui), OrphansPage(ui), RecoveryPage(ui), ActivityPage(ui, log)
    )
