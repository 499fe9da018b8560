"""What the store's writer may delete: it knows its files, reads the newest again, and looks for pins before it deletes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from itertools import islice

from crashdesk.errors import CheckpointNotFound, CodecError, CrashdeskError, StorageError
from crashdesk.storage.catalogue import Catalogue, Entry
from crashdesk.storage.directory import StoreDirectory, marker
from crashdesk.storage.names import PIN_SUFFIX, CheckpointInfo, parse_name, sequence_in
from crashdesk.storage.readback import Content, ReadBack
from crashdesk.storage.retention import MOST_PER_PASS, VERIFIED_NEWER, deletable, deletion_candidates


class Pruning:
    """Used by the one writer, under the store's mutex. `report` hears of files that do not read back."""

    def __init__(self, directory: StoreDirectory, report: Callable[[str], None]) -> None:
        self._directory = directory
        self._files = directory.files
        self._report = report
        self._catalogue = Catalogue()
        self._read_back = ReadBack(directory)
        self._unconfirmed: set[int] = set()
        self._complained: set[int] = set()

    def take_stock(self) -> int:
        """Learn what is in the directory and sweep unfinished files; returns the highest number that any file carries.

        Done once: as long as the lock is held nobody else adds or deletes checkpoints. Raises OSError.
        """
        names = self._files.list_directory(self._directory.checkpoints)
        for name in names:
            if name.startswith(".") and name.endswith(".tmp"):
                with contextlib.suppress(FileNotFoundError):  # it was a pin that is in place by now
                    self._files.remove(self._directory.checkpoints / name)
        # The names sort as their numbers do.
        entries = {name: Entry(*parsed) for name in sorted(names) if (parsed := parse_name(name)) is not None}
        marked = (name.removesuffix(PIN_SUFFIX) for name in names if name.endswith(PIN_SUFFIX))
        self._catalogue = Catalogue(entries.values(), [entries[name] for name in marked if name in entries])
        others = [name for name in names if name not in entries]
        with contextlib.suppress(FileNotFoundError):
            others += self._files.list_directory(self._directory.corrupt)
        newest = next(self._catalogue.newest(), None)
        return max([newest.seq if newest else 0, *(sequence_in(name) or 0 for name in others)])

    def wrote(self, entry: Entry, content: Content) -> None:
        """A checkpoint that stands in its place."""
        self._catalogue.add(entry)
        self._read_back.wrote(entry.seq, content)

    def distrust(self, entry: Entry) -> None:
        """A checkpoint whose name may not be on the device: it can be read, and it does not count."""
        self._unconfirmed.add(entry.seq)

    def decoded(self, info: CheckpointInfo, data: bytes) -> None:
        """A checkpoint whose content was found right."""
        self._read_back.decoded(info.seq, data)

    def set_pinned(self, info: CheckpointInfo, pinned: bool) -> None:
        """A pin that this process set or released."""
        self._catalogue.set_pinned(_entry(info), pinned)

    def forget(self, info: CheckpointInfo) -> None:
        """A checkpoint that is not in its place any more."""
        self._catalogue.remove(_entry(info))
        self._read_back.forget(info.seq)

    def prune(self, *, max_count: int, max_age_hours: float, now_ns: int) -> list[CheckpointInfo]:
        """Delete what may go; returns what was deleted. Raises StorageError, OSError."""

        def candidates() -> list[Entry]:
            return deletion_candidates(self._catalogue, max_count=max_count, max_age_hours=max_age_hours, now_ns=now_ns)

        # Where there is nothing to delete, the disk is not asked for anything.
        if not candidates():
            return []
        self._ask_for_pins(max_count)
        if not (chosen := candidates()):
            return []
        verified = [info.seq for info in self.verify_newest(again=True)]
        doomed = [self._info(entry) for entry in deletable(chosen, verified)]
        return [info for info in doomed if self._delete(info)]

    def verify_newest(self, *, again: bool) -> tuple[CheckpointInfo, ...]:
        """The newest two that are good on the disk, newest first; `again` reads those, too, that were found good before.

        Raises StorageError when the store vanished.
        """
        valid: list[CheckpointInfo] = []
        for entry in list(islice(self._catalogue.newest(), MOST_PER_PASS)):
            if len(valid) == VERIFIED_NEWER:
                break
            if entry.seq in self._unconfirmed:
                continue
            info = self._info(entry)
            try:
                if again or not self._read_back.verified(entry.seq):
                    self._read_back.check(info)
            except (CodecError, StorageError) as error:
                self._complain(info, error)
            else:
                valid.append(info)
        return tuple(valid)

    def _complain(self, info: CheckpointInfo, error: CrashdeskError) -> None:
        self._directory.require_presence()
        if isinstance(error, CheckpointNotFound):
            self.forget(info)
        if info.seq not in self._complained:
            self._complained.add(info.seq)
            self._report(
                f"checkpoint {info.seq} does not read back: {error}. It does not count as a good copy; older ones are kept "
                "until two newer ones are good"
            )

    def _ask_for_pins(self, max_count: int) -> None:
        # Other processes pin and release without the lock; these decide how many there are to keep.
        kept = min(max(max_count, VERIFIED_NEWER), MOST_PER_PASS)
        asked = {*islice(self._catalogue.newest(), kept), *islice(self._catalogue.pinned, MOST_PER_PASS)}
        for entry in asked:
            self._catalogue.set_pinned(entry, self._files.exists(marker(self._info(entry).path)))

    def _delete(self, info: CheckpointInfo) -> bool:
        if self._files.exists(marker(info.path)):
            self.set_pinned(info, True)
            return False
        try:
            self._files.remove(info.path)
        except FileNotFoundError:
            self.forget(info)
            return False
        self.forget(info)
        return True

    def _info(self, entry: Entry) -> CheckpointInfo:
        return CheckpointInfo(
            seq=entry.seq,
            timestamp=entry.timestamp,
            directory=self._directory.checkpoints,
            pinned=entry in self._catalogue.pinned,
        )


def _entry(info: CheckpointInfo) -> Entry:
    return Entry(info.seq, info.timestamp)
