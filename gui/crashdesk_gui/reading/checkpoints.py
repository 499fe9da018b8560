"""The checkpoints of a store: their files, their figures, why they were made and whether they are intact."""

from __future__ import annotations

import time
from collections.abc import Mapping
from operator import attrgetter

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from crashdesk.inspection import StoreView
from crashdesk.storage.bot_starts import BotRuns, Saves, bot_runs, told_by_runs
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal_columns import cause_columns
from crashdesk_gui.checked_files import CheckedFiles, Flaw
from crashdesk_gui.checkpoint_rows import CAUSES, CheckpointRows, Listing
from crashdesk_gui.series import AccountSeries, Integers

# By value: an enumeration's hash is computed in Python, a hundred thousand times here.
_CODES = {cause.value: code for code, cause in enumerate(CAUSES) if cause is not None}
_SLICE = 5_000
_NEWEST = 500
"""So many are complete at the first look, however many there are."""
_CHECKED_AT_ONCE = 250
_AGAIN_NEWEST, _AGAIN_OTHERS = 200, 800
_WATCHED = 8
"""So many of the newest files are looked at each time: a recovery would start from one of them."""
# A bot notes the cause before it writes the file: so far back nothing of it is still on its way.
_CAUSES_AGAIN = 1_000
_BEYOND_ANY = (1 << 63) - 1


class CheckpointReader:
    """Knows the checkpoints as they were at the last look. Used by one thread at a time."""

    def __init__(self, view: StoreView) -> None:
        self._view = view
        self._directory = view.store.directory / "checkpoints"
        self._listing = Listing(self._directory)
        self._account = AccountSeries.empty()
        self._partial = False
        self._cause_seqs: Integers = np.array([], dtype=np.int64)
        self._cause_codes: NDArray[np.uint8] = np.array([], dtype=np.uint8)
        self._runs = BotRuns()
        self._checked = CheckedFiles()
        self._undecodable: set[int] = set()
        self._missing: list[int] = []
        self._rows: CheckpointRows | None = None

    @property
    def account(self) -> AccountSeries | None:
        """The figures of all checkpoints, None while only the newest are known."""
        return None if self._partial else self._account

    def look(self, ended: int | None = None) -> list[str]:
        """List the files and read what the journal says of them; returns the names. `ended` is when the bot gave the store back
        in order. Raises StorageError.
        """
        names = self._view.checkpoint_names()
        listing = Listing(self._directory, names)
        if not listing.same(self._listing):
            self._listing = listing
            self._checked.follow(listing.seqs)
            self._rows = None
        self._read_causes(ended)
        if not len(self._account) and len(listing.seqs) > _NEWEST:
            page = self._view.history_as_it_is().page(limit=_NEWEST)
            self._account, self._partial = AccountSeries.of(reversed(page)), True
            self._rows = None
        for place in self._checked.again(_AGAIN_NEWEST, _AGAIN_OTHERS) if self.all_read else ():
            self._check(int(place))
        return names

    def newest_files(self) -> tuple[tuple[int, int, int], ...]:
        """Changes when one of the newest files is written to in place, which changes no directory."""
        count = len(self._listing.seqs)
        found = []
        for place in range(max(count - _WATCHED, 0), count):
            try:
                told = self._listing.info(place).path.stat()
            except OSError:
                continue
            found.append((told.st_mtime_ns, told.st_ctime_ns, told.st_size))
        return tuple(found)

    def read_newest_again(self) -> None:
        """Read the newest files again, even if nothing tells that they changed."""
        self._checked.read_again(_WATCHED)

    def pass_over(self, flaws: Mapping[int, Flaw]) -> None:
        """These checkpoints (by number) cannot be used, as who tried to found."""
        if self._checked.pass_over(flaws):
            self._rows = None

    def forget_checks(self) -> None:
        """Read every file again."""
        self._checked.forget()
        self._undecodable.clear()

    def rows(self) -> CheckpointRows:
        """The lines of the history; the same object as before while nothing changed."""
        if self._rows is None:
            self._checked.checks.flags.writeable = False
            self._account.make_exact()
            self._rows = CheckpointRows(
                self._listing,
                causes=self._causes(),
                checks=self._checked.checks,
                problems=self._checked.problems,
                account=self._account,
            )
        return self._rows

    # The figures

    def read_account(self) -> None:
        """Read what the index tells beyond what is known. Raises DatabaseUnusable."""
        account = AccountSeries.empty() if self._partial else self._account
        index = self._view.history_as_it_is()
        while True:
            after = int(account.seqs[-1]) if len(account) else 0
            more = AccountSeries.of_columns(index.summary_columns(after=after, limit=_SLICE))
            if not len(more):
                break
            account = account.appended(more) if len(account) else more
            time.sleep(0)
        if self._partial or len(account) != len(self._account):
            self._account, self._partial, self._rows = account, False, None
        there = np.isin(self._listing.seqs, account.seqs, assume_unique=True)
        self._missing = [seq for seq in self._listing.seqs[~there].tolist() if seq not in self._undecodable]

    @property
    def missing(self) -> int:
        """How many checkpoints the index lacks."""
        return len(self._missing)

    def index_missing(self) -> bool:
        """Index some of the checkpoints that the index lacks; tells whether an older one was among them, which changes what
        is known of later ones. Raises StorageError.
        """
        places = np.searchsorted(self._listing.seqs, self._missing[: 2 * _CHECKED_AT_ONCE])
        infos = [self._listing.info(int(place)) for place in places]
        looked_at = self._view.index_some(infos)
        del self._missing[:looked_at]
        before = len(self._account)
        newest = int(self._account.seqs[-1]) if before else 0
        more = AccountSeries.of_columns(self._view.history_as_it_is().summary_columns(after=newest, limit=_BEYOND_ANY))
        tried = [info.seq for info in infos[:looked_at]]
        among = bool(tried) and tried[0] < newest
        if among:
            self._account = AccountSeries.of_columns(self._view.history_as_it_is().summary_columns(limit=_BEYOND_ANY))
        elif len(more):
            self._account = self._account.appended(more) if before else more
        known = np.isin(tried, self._account.seqs)
        self._undecodable.update(seq for seq, there in zip(tried, known, strict=True) if not there)
        self._rows = None
        return among and len(self._account) > before

    # The files

    @property
    def all_read(self) -> bool:
        """Whether every file was read."""
        return not len(self._checked.pending(1))

    def read_files(self, limit: int = _CHECKED_AT_ONCE) -> None:
        """Read some of the files that were not read yet, the newest first."""
        for place in self._checked.pending(limit):
            self._check(int(place))

    def _check(self, place: int) -> None:
        if self._checked.check(self._view, place, self._listing.info):
            self._rows = None

    # Why they were made

    def _read_causes(self, ended: int | None) -> None:
        after = int(self._cause_seqs[-1]) - _CAUSES_AGAIN if len(self._cause_seqs) else 0
        try:
            found = self._view.ask_journal(lambda rows: cause_columns(rows, after=after, until=_BEYOND_ANY), None)
            runs = structs.replace(self._view.ask_journal(bot_runs, BotRuns()), ended=ended)
        except DatabaseUnusable:
            return
        if runs != self._runs:
            self._runs, self._rows = runs, None
        if found is None or not len(found.seqs):
            return
        seqs = np.frombuffer(found.seqs, dtype=np.int64)
        values = map(attrgetter("_value_"), found.causes)
        codes = np.fromiter(map(_CODES.__getitem__, values), dtype=np.uint8, count=len(seqs))
        order = np.argsort(seqs)
        kept = np.searchsorted(self._cause_seqs, after, side="right") if len(self._cause_seqs) else 0
        seqs = np.concatenate((self._cause_seqs[:kept], seqs[order]))
        codes = np.concatenate((self._cause_codes[:kept], codes[order]))
        if not (np.array_equal(seqs, self._cause_seqs) and np.array_equal(codes, self._cause_codes)):
            self._cause_seqs, self._cause_codes, self._rows = seqs, codes, None

    def _causes(self) -> NDArray[np.uint8]:
        seqs, times = self._listing.seqs, self._listing.times
        found = np.zeros(len(seqs), dtype=np.uint8)
        places = np.searchsorted(self._cause_seqs, seqs)
        known = places < len(self._cause_seqs)
        known[known] = self._cause_seqs[places[known]] == seqs[known]
        found[known] = self._cause_codes[places[known]]
        order = None if np.all(times[:-1] <= times[1:]) else np.argsort(times, kind="stable")
        if order is not None:
            seqs, times, found = seqs[order], times[order], found[order]
        codes = found.data
        saves = Saves(times=times.data, seqs=seqs.data, cause=lambda place: CAUSES[codes[place]])
        for place, cause in told_by_runs(saves, self._runs).items():
            found[place] = _CODES[cause.value]
        return found if order is None else found[np.argsort(order)]
