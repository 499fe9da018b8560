"""One store, read for the desk: how it stands at once, what takes longer in slices, afterwards only what is new."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import msgspec

from crashdesk.audit import AuditKind
from crashdesk.clock import Clock
from crashdesk.errors import StorageError, StoreNewer
from crashdesk.inspection import StoreView
from crashdesk.recall import LastKnown
from crashdesk_gui.checked_files import Flaw
from crashdesk_gui.memory import give_back
from crashdesk_gui.overview import Overview
from crashdesk_gui.reading.audit import AuditReader
from crashdesk_gui.reading.checkpoints import CheckpointReader
from crashdesk_gui.reading.past import PastReader
from crashdesk_gui.reading.series import SeriesReader
from crashdesk_gui.reading.steps import StepsReader
from crashdesk_gui.series import Known, Series

Step = Callable[[int, int, str], None]

SMALL = 500
"""A store of no more checkpoints is read to the end at the first look."""
_SHOW_CHECKS_S = 3.0
_FILES_A_SLICE = 250


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a store; `series` is None while not all points were read. What did not change is the same object."""

    overview: Overview
    series: Series | None = None


class StoreReader:
    """Reads one store. Used by one thread at a time.

    `look` finds out how the store stands and what is new. While `unfinished`, each `go_on` reads a slice of the rest, so small
    that the window hardly notices.
    """

    def __init__(self, view: StoreView, clock: Clock) -> None:
        self._view = view
        self._clock = clock
        self._checkpoints = CheckpointReader(view)
        self._audit = AuditReader(view)
        self._points = SeriesReader(view)
        self._past = PastReader(view)
        self._steps = StepsReader(view)
        self._seen: object = None
        self._standing: dict[str, Any] = {}
        self._known: Known | None = None
        self._account_read = False
        self._told: Reading | None = None
        self._told_at = 0.0
        self._begun: Future[Reading | None] | None = None

    def begin(self) -> None:
        """Take the first look in a thread of its own, while the window is being made; the first `look` tells what it told."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="first-look")
        self._begun = pool.submit(self._look, lambda _done, _total, _text: None)
        pool.shutdown(wait=False)

    def forget(self) -> None:
        """Read every file again, whatever seemed unchanged."""
        self._seen = None
        self._checkpoints.forget_checks()

    @property
    def unfinished(self) -> bool:
        """Whether there is more to read than was read."""
        return self._seen is not None and not (self._figures_read and self._checkpoints.all_read)

    @property
    def _figures_read(self) -> bool:
        return self._account_read and not self._checkpoints.missing and self._audit.complete and self._points.complete

    def look(self, step: Step) -> Reading | None:
        """What is known now; None when nothing in the store changed since the last look. Raises StorageError."""
        begun, self._begun = self._begun, None
        if begun is not None:
            return begun.result()
        return self._look(step)

    def look_closer(self, step: Step) -> Reading | None:
        """As `look`, but the newest files are read again, even if nothing tells that they changed. Raises StorageError."""
        if self._begun is not None:
            return self.look(step)
        self._seen = None
        self._checkpoints.read_newest_again()
        return self._look(step)

    def _look(self, step: Step) -> Reading | None:
        presence = self._view.presence()
        seen = (self._view.fingerprint(), presence)
        if self._seen == (*seen, self._checkpoints.newest_files()):
            return None
        first = self._seen is None
        names = self._checkpoints.look(presence.bot_ended)
        self._audit.look(held=presence.running)
        # Before anything is read, so that what changes meanwhile is looked at once more.
        files = self._checkpoints.newest_files()
        self._standing = self._stand(presence, names)
        self._account_read = False
        self._seen = (*seen, files)
        if len(self._checkpoints.rows()) <= SMALL:
            while self.unfinished:
                self._read_more(step)
        elif first:
            self._checkpoints.read_files(_FILES_A_SLICE)
        return self._tell()

    def go_on(self, step: Step) -> Reading | None:
        """Read the next slice; what is known, when that is worth showing. Raises StorageError."""
        was = self._stage()
        self._read_more(step)
        if not self.unfinished:
            give_back()
        if self._stage() == was and time.monotonic() - self._told_at < _SHOW_CHECKS_S:
            return None
        return self._tell()

    def _stage(self) -> tuple[bool, ...]:
        return (
            self._account_read,
            not self._checkpoints.missing,
            self._audit.complete,
            self._points.complete,
            self._checkpoints.all_read,
        )

    def _read_more(self, step: Step) -> None:
        checkpoints = self._checkpoints
        if not self._account_read:
            checkpoints.read_account()
            self._account_read = True
            if not checkpoints.missing:
                self._points.look()
        elif checkpoints.missing:
            step(0, checkpoints.missing, "indexing checkpoints")
            if checkpoints.index_missing():
                self._points.forget()
            if not checkpoints.missing:
                self._points.look()
        elif not self._audit.complete:
            self._audit.read_older()
        elif not self._points.complete:
            self._points.read_some()
        else:
            checkpoints.read_files(_FILES_A_SLICE)

    def _stand(self, presence: object, names: list[str]) -> dict[str, Any]:
        view = self._view
        values: dict[str, Any] = {"corrupt": tuple(view.corrupt_files()), "presence": presence}
        values["last_sign_of_life"] = view.last_sign_of_life(names)
        try:
            last = view.latest(names)
        except StorageError as error:
            values |= {"latest_problem": str(error), "latest_newer": isinstance(error, StoreNewer)}
            self._known = None
        else:
            values |= _known(last) if last else {}
            self._known = Known.of(last, self._steps.look(last)) if last else None
            skipped = last.skipped if last else ()
            self._checkpoints.pass_over({item.info.seq: Flaw(item.reason, newer=item.newer) for item in skipped})
        values |= {"journal_problem": view.journal_problem(), "journal_newer": view.journal_newer}
        return values

    def _tell(self) -> Reading:
        self._told_at = time.monotonic()
        overview = Overview(
            rows=self._checkpoints.rows(),
            entries=self._audit.log,
            audit_problem=self._audit.problem,
            interrupted=self._audit.interrupted,
            read_at=self._clock.now_ns(),
            **self._standing,
        )
        account = self._checkpoints.account
        series = self._told.series if self._told is not None else None
        if account is not None and self._account_read and not self._checkpoints.missing and self._points.complete:
            self._past.look(len(self._audit.log.places_of(AuditKind.RECOVERY)))
            series = self._points.series(account, self._known, self._past.known)
        self._told = Reading(overview=overview, series=series)
        return self._told


def _known(last: LastKnown) -> dict[str, Any]:
    return {
        "latest": last.info,
        "known_changes": last.changes,
        "known_until": last.until,
        "known_orders": len(last.state.open_orders),
        "known_positions": len(last.state.positions),
        "known_problem": last.problem or last.notice,
        "skipped": tuple((item.info.name, item.reason) for item in last.skipped),
        "skipped_newer": frozenset(item.info.name for item in last.skipped if item.newer),
    }
