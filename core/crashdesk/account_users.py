"""Who else uses the account of a store that an operator looks at."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crashdesk.account_lock import (
    AccountLock,
    AccountPrefixes,
    claim_of,
    conflict,
    default_directory,
    hold_account,
    prefixes_of,
)
from crashdesk.clock import Clock
from crashdesk.errors import StorageError
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import StoreView
from crashdesk.storage.lock import DESK

PURPOSE = DESK


_log = logging.getLogger("crashdesk")


class OtherUsers(msgspec.Struct, frozen=True, kw_only=True):
    """The client order id prefixes on the account, and why orders cannot be told apart; empty when they can."""

    prefixes: AccountPrefixes = AccountPrefixes()
    problem: str = ""


class AccountUsers:
    """The account of a store, as its operator uses it."""

    def __init__(self, view: StoreView, exchange: Exchange, directory: Path | None, clock: Clock) -> None:
        """`directory` is that of the account locks, None for the user's own."""
        self._view = view
        self._exchange = exchange
        self._directory = directory
        self._clock = clock

    def look(self) -> OtherUsers:
        """Who else uses it now, or did."""
        view = self._view
        claim = claim_of(view.manifest, self._exchange, view.directory, PURPOSE)
        if claim is None:
            return OtherUsers()
        try:
            users = AccountLock(claim, self._directory or default_directory(), self._clock).users()
        except StorageError as error:
            return OtherUsers(problem=str(error))
        others = tuple(user for user in users if user.store != claim.store)
        return OtherUsers(prefixes=prefixes_of(claim, users), problem=conflict(claim, others))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """No other bot uses the account in the same way meanwhile, as far as that can be told. Raises AccountInUse."""
        view = self._view
        claim = claim_of(view.manifest, self._exchange, view.directory, PURPOSE)
        lock = hold_account(claim, self._directory, self._clock, lambda error: _log.error("%s", error))
        try:
            yield
        finally:
            if lock is not None:
                lock.release()
