"""Which plans the operator has looked at, and which he has in hand, so that they must not change before his eyes."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.reconcile.records import Action
from crashdesk_gui.desk_frame import Frame
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.recovery_path import Step


class PlansSeen:
    """Keeps count by the ids of plans. `frame` and `shown` tell which window and which store are in front at that moment."""

    def __init__(self, frame: Callable[[], Frame], shown: Callable[[], StoreSession | None]) -> None:
        self._frame = frame
        self._shown = shown
        self._taken_up: set[str] = set()
        self.reviewed: set[str] = set()
        """The plans whose orphan orders, with what is proposed for each, were on the screen."""

    def note(self) -> None:
        """Look at what is in front of the operator now."""
        session = self._shown()
        if session is None or session.comparison is None:
            return
        plan, frame = session.comparison.plan, self._frame()
        if self._recovers(frame):
            self._taken_up.add(plan.id)
        if frame.window.current_page() == "orphans" or self._executes(frame):
            self.reviewed.add(plan.id)
            frame.pages.overview.set_reviewed(frozenset(self.reviewed))

    def in_hand(self, session: StoreSession) -> bool:
        """Whether the operator has begun to decide on the plan of this store, or has gone on with it in the recovery."""
        comparison = session.comparison
        if comparison is None:
            return False
        before_his_eyes = session is self._shown() and self._recovers(self._frame())
        return before_his_eyes or comparison.plan.id in self._taken_up or has_decided(session)

    def _executes(self, frame: Frame) -> bool:
        """Whether the recovery has come to what it will do, where each order stands by its name."""
        return frame.pages.is_made("recovery") and frame.pages.recovery.step is Step.EXECUTE

    def _recovers(self, frame: Frame) -> bool:
        if frame.window.current_page() != "recovery" or not frame.pages.is_made("recovery"):
            return False
        page = frame.pages.recovery
        return page.showing_content and page.step in (Step.DECIDE, Step.EXECUTE)


def has_decided(session: StoreSession) -> bool:
    """Whether anything is decided otherwise than it was proposed, or noted."""
    proposed = {key for key, each in session.orphans.items() if each.preselected and not session.read_only}
    taken = session.taken
    as_proposed = taken.keys() == proposed and all(each.action is Action.CANCEL for each in taken.values())
    noted = session.decision_count.lost_notes > 0 or any(each.note for each in taken.values())
    return noted or not as_proposed
