"""Reading an exchange again by itself, as soon as the orders that were too new to judge are old enough."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from crashdesk import CheckpointInfo
from crashdesk.clock import Clock
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.too_new import read_again_at
from crashdesk_gui.desk_words import last_reading
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import is_current, is_of_last_known
from crashdesk_gui.views.status_line import ExchangeLine

MOST_IN_A_ROW = 3
"""A bot that places orders all the time always has one that is too new; then the operator reads when he wants to."""
_MS = 1_000_000
_LONGEST_MS = 60_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TooNew:
    """`count` orders were too new to judge. The desk reads again by itself `at` that moment, UNIX nanoseconds; None: it does not,
    and the operator's next reading settles it.
    """

    count: int
    at: int | None


@dataclass(slots=True)
class _Followed:
    """One store: the plan that was read again, how often in a row, whether that goes on now; and the comparison after which a
    recovery was reported.
    """

    session: StoreSession
    reported: Comparison | None = None
    answered: str = ""
    in_a_row: int = 0
    reading: bool = False
    told: TooNew | None = None


class ReadingAgain(QObject):
    """One timer for all stores. `busy` says whether a job is in the way, `in_hand` whether the operator has the plan in hand.

    Signals: `changed(StoreSession)` when something else is to be told of a store.
    """

    changed = Signal(object)

    def __init__(
        self,
        clock: Clock,
        *,
        busy: Callable[[StoreSession], bool],
        in_hand: Callable[[StoreSession], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._busy = busy
        self._in_hand = in_hand
        self._followed: dict[str, _Followed] = {}
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_time)

    def follow(self, session: StoreSession) -> None:
        """Take care of this store until `forget` or `close`."""
        self._followed[session.key] = _Followed(session)
        session.comparison_changed.connect(lambda _found: self._on_comparison(session))
        session.report_ready.connect(lambda _report: self._on_report(session))
        for signal in (session.busy_changed, session.decisions_changed, session.report_ready, session.exchange_changed):
            signal.connect(self.look_again)

    def forget(self, session: StoreSession) -> None:
        """Leave a store that is being closed."""
        self._followed.pop(session.key, None)
        self.look_again()

    def close(self) -> None:
        """Read nothing any more."""
        self._followed.clear()
        self._timer.stop()

    def of(self, session: StoreSession) -> TooNew | None:
        """What is to be told of a store now; None when no order was too new at its last reading."""
        followed, plan = self._followed.get(session.key), last_reading(session)
        if followed is None or plan is None or not plan.too_new:
            return None
        return TooNew(len(plan.too_new), read_again_at(plan, 0) if followed.reading else self._due(followed))

    def told_in(self, line: ExchangeLine | None, session: StoreSession) -> ExchangeLine | None:
        """The line about the exchange of a store, with what is to be told of it here."""
        told = self.of(session)
        return line if line is None or told is None else replace(line, too_new=told.count, again_at=told.at)

    def look_again(self, *_news: object) -> None:
        """Something has changed that may be in the way, or not any more."""
        for followed in tuple(self._followed.values()):
            told = self.of(followed.session)
            if told != followed.told:
                followed.told = told
                self.changed.emit(followed.session)
        self._arm()

    def _on_comparison(self, session: StoreSession) -> None:
        followed = self._followed.get(session.key)
        if followed is None:
            return
        if not followed.reading:
            followed.in_a_row = 0
        followed.reading = False
        self.look_again()

    def _on_report(self, session: StoreSession) -> None:
        followed = self._followed.get(session.key)
        if followed is not None:
            followed.reported = session.comparison

    def _due(self, followed: _Followed) -> int | None:
        """When to read this store again; None where the operator does, or where nothing was too new."""
        session = followed.session
        comparison = session.comparison
        if comparison is None or session.exchange is None or session.comparing_error is not None:
            return None
        if comparison is followed.reported or last_reading(session) is not comparison.plan:
            # The report of a recovery stays until the operator reads on.
            return None
        if comparison.plan.id == followed.answered or followed.in_a_row >= MOST_IN_A_ROW:
            return None
        at = read_again_at(comparison.plan, 0)
        return None if at is None or self._in_hand(session) else at

    def _waiting(self) -> list[tuple[int, _Followed]]:
        """When each store is due that no job keeps from it, the next one first."""
        free = [each for each in self._followed.values() if not self._busy(each.session)]
        dues = [(due, each) for each in free if (due := self._due(each)) is not None]
        return sorted(dues, key=lambda waiting: waiting[0])

    def _arm(self) -> None:
        waiting = self._waiting()
        if waiting:
            left = math.ceil((waiting[0][0] - self._clock.now_ns()) / _MS)
            # Whatever becomes of the clock meanwhile, it is asked again.
            self._timer.start(min(max(0, left), _LONGEST_MS))
        else:
            self._timer.stop()

    def _on_time(self) -> None:
        now = self._clock.now_ns()
        for due, followed in self._waiting():
            if due <= now:
                self._read(followed)
        self.look_again()

    def _read(self, followed: _Followed) -> None:
        session, comparison = followed.session, followed.session.comparison
        if comparison is None:
            return
        followed.answered = comparison.plan.id
        followed.in_a_row += 1
        followed.reading = True
        count = len(comparison.plan.too_new)
        counted = "1 order was" if count == 1 else f"{count} orders were"
        _log.info("The desk reads the exchange of %s again, because %s too new to judge.", session.view.name, counted)
        session.compare(_compared_before(session, comparison))


def _compared_before(session: StoreSession, comparison: Comparison) -> CheckpointInfo | None:
    """The checkpoint to compare once more; None for the last known state, which a bot that runs carries on."""
    overview = session.overview
    presence = overview.presence if overview is not None else None
    at_work = presence is not None and presence.running
    if overview is None or at_work or not is_current(comparison, overview) or is_of_last_known(comparison, overview):
        return None
    return comparison.checkpoint
