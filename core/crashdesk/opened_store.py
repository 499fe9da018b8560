"""A bot's store, opened for writing: its lock, the account's, the journal, and whose store it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from crashdesk.account_lock import AccountLock, AccountPrefixes, claim_of, hold_account
from crashdesk.audit import AuditKind
from crashdesk.belonging import Belonging, audit_data, of_exchange, recorded, require_same_store
from crashdesk.clock import Clock
from crashdesk.config import StoreManifest, read_manifest, write_manifest
from crashdesk.errors import CrashdeskError, StorageError
from crashdesk.exchange.protocol import Exchange
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import FileSystem
from crashdesk.storage.journal import Journal
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.network_disk import network_warning
from crashdesk.storage.store import StateStore
from crashdesk.storage.writer import open_journal


class OpenedStore(msgspec.Struct, frozen=True, kw_only=True):
    """What a manager holds. `existing` are the checkpoints that there were, `belongs` the account as the audit log knows it.

    `account` is None where nobody can tell who else uses the account.
    """

    store: StateStore
    journal: Journal
    manifest: StoreManifest | None
    existing: tuple[CheckpointInfo, ...]
    account: AccountLock | None
    belongs: Belonging | None

    def prefixes(self) -> AccountPrefixes:
        """The client order id prefixes on the account, as far as anybody can tell. Raises StorageError."""
        return self.account.prefixes() if self.account is not None else AccountPrefixes()

    def close(self) -> None:
        """Give everything back."""
        self.journal.close()
        if self.account is not None:
            self.account.release()
        self.store.close()


def open_store(
    directory: Path,
    *,
    given: StoreManifest | None,
    exchange: Exchange | None,
    account_locks: Path | None,
    files: FileSystem,
    clock: Clock,
    report: Callable[[CrashdeskError], None],
) -> OpenedStore:
    """Take the store's lock and the account's, and open the journal; `given` is written into the store.

    Raises StoreLocked, AccountInUse, WrongAccount when the store is another account's than `given` says, ConfigError,
    StorageError.
    """
    bot = given.bot if given else "a bot"
    store = StateStore(directory, purpose=bot, files=files, clock=clock, on_problem=report)
    store.acquire()
    with contextlib.ExitStack() as undo:
        undo.callback(store.close)
        before = read_manifest(directory, files)
        if given is not None:
            require_same_store(before, given, directory)
        manifest = given or before
        account = hold_account(claim_of(manifest, exchange, directory, bot), account_locks, clock, report)
        if account is not None:
            undo.callback(account.release)
        if given is not None:
            write_manifest(directory, given, files)
        existing = tuple(store.list_checkpoints())
        journal, problem = open_journal(directory, clock, files, expected=bool(existing))
        undo.callback(journal.close)
        if problem:
            report(StorageError(problem))
        if warning := network_warning(directory):
            report(StorageError(warning))
        belongs = _belonging(journal, exchange, fresh=not existing, report=report) if manifest is None else None
        undo.pop_all()
    return OpenedStore(
        store=store, journal=journal, manifest=manifest, existing=existing, account=account, belongs=belongs
    )


def _belonging(
    journal: Journal, exchange: Exchange | None, *, fresh: bool, report: Callable[[CrashdeskError], None]
) -> Belonging | None:
    """Whose store it is by its audit log; a new store is from now on that of the exchange that it is opened with."""
    if exchange is None:
        return None
    try:
        known = recorded(journal.entries())
        if known is None and fresh and not journal.last_change:
            known = of_exchange(exchange)
            journal.append(
                AuditKind.RECOVERY,
                f"a new store for the {known.mode.value} account {known.account} of {known.exchange}",
                who="bot",
                data=audit_data(known),
            )
    except DatabaseUnusable as error:
        report(error)
        return None
    return known
