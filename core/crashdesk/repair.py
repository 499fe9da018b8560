"""Putting a store in order as far as nothing is lost by it: what is damaged is moved aside, never deleted."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path

from crashdesk.audit import AuditKind
from crashdesk.clock import Clock, SystemClock
from crashdesk.codec import summarise
from crashdesk.errors import CodecError, NewerVersion, StorageError
from crashdesk.exchange.protocol import Step, unheard
from crashdesk.inspection import StoreView
from crashdesk.storage.database import DatabaseDamaged, DatabaseUnusable
from crashdesk.storage.files import FileSystem, LocalFiles
from crashdesk.storage.history import HISTORY_NAME, HistoryIndex
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, NO_JOURNAL, nothing_known_after
from crashdesk.storage.lock import REPAIR, SETTLING
from crashdesk.storage.quarantine import SkippedCheckpoint, move_aside
from crashdesk.storage.store import CORRUPT, StateStore
from crashdesk.storage.writer import open_journal
from crashdesk.verification import too_open


def repair_store(
    directory: Path, *, clock: Clock | None = None, files: FileSystem | None = None, step: Step = unheard
) -> list[str]:
    """Repair what can be without losing anything; returns what was done, a sentence each.

    What interrupted saves left behind goes; damaged checkpoints go to ``corrupt/`` as long as a valid one stays; a damaged
    journal is replaced by what can be kept of it; the browsing index is brought up to date; the permissions are the owner's.
    Takes the store's lock: raises StoreLocked while a bot runs, NotAStore, StorageError.
    """
    clock, files = clock or SystemClock(), files or LocalFiles()
    with (
        StoreView(directory, clock=clock) as view,
        StateStore(directory, purpose=REPAIR, files=files, clock=clock) as store,
    ):
        left = view.leftovers()
        store.acquire()
        done = [f"removed {name}, which an interrupted save had left" for name in left]
        done += _move_damaged(store, directory / CORRUPT, files, step)
        journal, doubt = open_journal(directory, clock, files, expected=bool(store.list_checkpoints()))
        journal.close()
        if doubt:
            done.append(doubt)
        done += _bring_history_up_to_date(view, step)
        done += _close_permissions(directory)
    return done


def open_doubts(directory: Path, *, clock: Clock | None = None) -> list[str]:
    """What the journal may lack, as long as no operator has settled it. Raises NotAStore, DatabaseUnusable."""
    with StoreView(directory, clock=clock) as view:
        if not (directory / JOURNAL_NAME).exists():
            return [nothing_known_after(NO_JOURNAL)] if view.checkpoints() else []
        with contextlib.closing(Journal(directory, view.clock, read_only=True)) as journal:
            return journal.open_doubts()


def settle_doubts(directory: Path, *, who: str, clock: Clock | None = None, files: FileSystem | None = None) -> None:
    """Note that an operator has looked at every order of the account: what was in doubt is decided.

    Takes the store's lock: raises StoreLocked while a bot runs, NotAStore, StorageError.
    """
    clock, files = clock or SystemClock(), files or LocalFiles()
    with (
        StoreView(directory, clock=clock),
        StateStore(directory, purpose=SETTLING, files=files, clock=clock) as store,
    ):
        store.acquire()
        journal, _ = open_journal(directory, clock, files, expected=bool(store.list_checkpoints()))
        with contextlib.closing(journal):
            journal.append(AuditKind.DECISION, "looked at every order and settled what was in doubt", who=who)
            journal.settle()


def _move_damaged(store: StateStore, corrupt: Path, files: FileSystem, step: Step) -> Iterator[str]:
    checkpoints = store.list_checkpoints()
    damaged: list[SkippedCheckpoint] = []
    for number, info in enumerate(checkpoints):
        step(number, len(checkpoints), info.name)
        with contextlib.suppress(NewerVersion, StorageError):  # says nothing of what it holds
            try:
                store.load(info)
            except NewerVersion:
                raise
            except CodecError as error:
                damaged.append(SkippedCheckpoint(info=info, reason=str(error), damaged=True))
    if len(damaged) == len(checkpoints):
        return
    for item in damaged:
        moved = move_aside(files, item, corrupt)
        yield f"moved {item.info.name} to {CORRUPT}/: {item.reason}" if moved.moved_to else moved.reason


def _bring_history_up_to_date(view: StoreView, step: Step) -> Iterator[str]:
    checkpoints = view.checkpoints()
    try:
        HistoryIndex(view.directory, read_only=True).close()
    except DatabaseDamaged as error:
        yield f"moved {HISTORY_NAME} to {CORRUPT}/ and rebuilt it from the files that are kept: {error}"
    except DatabaseUnusable:
        pass  # there is none yet, or a newer version's
    index = view.history(step)
    for item in index.differences(checkpoints):
        # Each by itself: what the history tells of pruned checkpoints is nowhere else.
        with contextlib.suppress(CodecError, StorageError):  # verify names a file that cannot be read
            data = view.store.read_bytes(view.store.find(item.seq))
            index.add([(item.seq, summarise(data), len(data))])
            yield f"corrected {HISTORY_NAME}: {item.text}"


def _close_permissions(directory: Path) -> Iterator[str]:
    for path, mode in list(too_open(directory)):
        try:
            path.chmod(stat.S_IMODE(mode) & 0o700)
        except OSError as error:
            yield f"the permissions of {path.name} cannot be changed: {error.strerror or error}"
        else:
            yield f"others may not read {path.name} any more"
