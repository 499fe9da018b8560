"""Bots of several stores on one account: who uses it, by which client order id prefix, and that no two use the same.

Only bots of one user on one machine (or of whoever shares the directory of these locks) see each other.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from crashdesk.clock import Clock
from crashdesk.config import AccountMode, StoreManifest
from crashdesk.errors import AccountInUse, CrashdeskError, StorageError
from crashdesk.exchange.protocol import Exchange
from crashdesk.storage.files import FileSystem, HeldLock, LocalFiles, write_small_file

VARIABLE = "CRASHDESK_STATE_DIR"
"""The environment variable that names another directory for the locks."""

_GUARD = "GUARD"
_GUARD_S = 5.0
# Whoever looks who uses the account holds a lock for an instant.
_LOCK_S = 1.0


class AccountClaim(msgspec.Struct, frozen=True, kw_only=True):
    """Which account somebody is about to use, and how: `prefix` marks his orders, `exclusive` says that he wants to be alone.

    `store` is the absolute path of his store, `purpose` how he is called in messages.
    """

    exchange: str
    account: str
    mode: AccountMode
    prefix: str
    exclusive: bool
    store: str
    purpose: str


class AccountUser(msgspec.Struct, frozen=True, kw_only=True):
    """Who uses an account (`active`), or used it last under his prefix; `since` is UNIX nanoseconds."""

    prefix: str
    exclusive: bool
    store: str
    purpose: str
    pid: int
    host: str
    since: int
    active: bool = False


class AccountPrefixes(msgspec.Struct, frozen=True, kw_only=True):
    """Client order id prefixes on an account: those of `others`, and the `former` ones of the store itself."""

    others: frozenset[str] = frozenset()
    former: frozenset[str] = frozenset()


def prefixes_of(claim: AccountClaim, users: Sequence[AccountUser]) -> AccountPrefixes:
    """Whose prefixes are whose, as `claim` sees it."""
    return AccountPrefixes(
        others=frozenset(user.prefix for user in users if user.prefix and user.store != claim.store),
        former=frozenset(user.prefix for user in users if user.prefix and user.store == claim.store) - {claim.prefix},
    )


def claim_of(
    manifest: StoreManifest | None, exchange: Exchange | None, store: Path, purpose: str
) -> AccountClaim | None:
    """The claim of a store; None where nothing says which exchange it uses, and for the demonstration, which has its own."""
    if manifest is not None and manifest.endpoint:
        return None
    name = (manifest.exchange if manifest else "") or (exchange.id if exchange else "")
    if not name:
        return None
    mode = manifest.mode if manifest else exchange.mode if exchange else AccountMode.LIVE
    return AccountClaim(
        exchange=name,
        account=(manifest.account if manifest else "") or (exchange.account_label if exchange else ""),
        mode=mode,
        prefix=manifest.client_order_id_prefix if manifest else "",
        exclusive=manifest.exclusive_account if manifest else False,
        store=str(store.resolve()),
        purpose=purpose,
    )


def default_directory(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The directory of the locks: that of CRASHDESK_STATE_DIR, else the user's own for programs' state.

    Raises StorageError when there is no home directory.
    """
    if environ.get(VARIABLE):
        return Path(environ[VARIABLE])
    try:
        home = Path.home()
    except RuntimeError:
        raise StorageError(f"there is no home directory; name a directory for the locks in {VARIABLE}") from None
    if platform == "win32":
        base = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        named = environ.get("XDG_STATE_HOME", "")
        base = Path(named) if named.startswith("/") else home / ".local" / "state"
    return base / "crashdesk"


def conflict(claim: AccountClaim, users: Sequence[AccountUser]) -> str:
    """Why `claim` must not use the account now; empty when it may."""
    for user in users:
        if not user.active:
            continue
        who = f"{user.purpose} of the store {user.store} (process {user.pid} on {user.host})"
        account = f"the {claim.mode.value} account {claim.account or 'without a label'} of {claim.exchange}"
        if user.prefix == claim.prefix:
            shared = (
                f"with the same client order id prefix {claim.prefix!r}"
                if claim.prefix
                else "and neither names a client order id prefix"
            )
            return (
                f"{account} is in use by {who}, {shared}: each would take the other's orders for orphans. Stop it first, or give "
                "each bot a client_order_id_prefix of its own; if these are two accounts, give each its own `account` label"
            )
        if claim.exclusive or user.exclusive:
            declaring = claim.store if claim.exclusive else user.store
            return (
                f"{account} is in use by {who}, and the store {declaring} declares that nothing else trades there "
                "(exclusive_account): orders of one would be cancelled as orphans of the other. Stop it first, or take the "
                "declaration out of that store.toml"
            )
    return ""


class AccountLock:
    """A claim on an account, kept until `release` or the end of the process."""

    def __init__(self, claim: AccountClaim, directory: Path, clock: Clock, files: FileSystem | None = None) -> None:
        self._claim = claim
        self._clock = clock
        self._files = files or LocalFiles()
        label = re.sub(r"[^A-Za-z0-9]", "_", claim.exchange)
        account = _digest(claim.exchange, claim.account, claim.mode.value)
        self._directory = directory / "accounts" / f"{label}-{claim.mode.value}-{account}"
        self._held: HeldLock | None = None

    def acquire(self) -> None:
        """Take the account. Raises AccountInUse, naming who uses it; StorageError when the locks cannot be written or read."""
        claim = self._claim
        with self._guarded():
            others = self._users()
            reason = conflict(claim, others)
            if reason:
                raise AccountInUse(reason)
            name = _digest(claim.prefix)
            lock = self._files.lock(self._directory / f"{name}.lock", _LOCK_S)
            user = AccountUser(
                prefix=claim.prefix,
                exclusive=claim.exclusive,
                store=claim.store,
                purpose=claim.purpose,
                pid=os.getpid(),
                host=socket.gethostname(),
                since=self._clock.now_ns(),
            )
            try:
                write_small_file(self._files, self._directory / f"{name}.json", msgspec.json.encode(user))
            except OSError:
                lock.release()
                raise
            self._held = lock

    def release(self) -> None:
        """Give the account back; without effect when it is not held."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def prefixes(self) -> AccountPrefixes:
        """Under which prefixes the account is or was used. Raises StorageError."""
        return prefixes_of(self._claim, self.users())

    def others(self) -> tuple[AccountUser, ...]:
        """Who else uses or used the account; not who used it from the same store. Raises StorageError."""
        return tuple(user for user in self.users() if user.store != self._claim.store)

    def users(self) -> tuple[AccountUser, ...]:
        """Who uses or used the account, each under his prefix. Raises StorageError."""
        try:
            if not self._directory.is_dir():
                return ()  # nobody ever claimed it, and who only looks leaves nothing behind
        except OSError as error:
            raise _untold(self._directory, error) from error
        with self._guarded():
            return self._users()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Nobody else looks or claims meanwhile. Raises StorageError."""
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            guard = self._files.lock(self._directory / _GUARD, _GUARD_S)
            try:
                yield
            finally:
                guard.release()
        except OSError as error:
            raise _untold(self._directory, error) from error

    def _users(self) -> tuple[AccountUser, ...]:
        users = []
        for name in sorted(self._files.list_directory(self._directory)):
            if not name.endswith(".json") or name.startswith("."):
                continue
            try:
                user = msgspec.json.decode(self._files.read(self._directory / name, 1 << 16), type=AccountUser)
            except msgspec.DecodeError as error:
                raise OSError(f"{name} is damaged ({error}); delete it when no bot runs") from None
            users.append(msgspec.structs.replace(user, active=self._is_held(self._directory / f"{name[:-5]}.lock")))
        return tuple(users)

    def _is_held(self, path: Path) -> bool:
        try:
            self._files.lock(path, 0).release()
        except TimeoutError:
            return True
        return False


def hold_account(
    claim: AccountClaim | None, directory: Path | None, clock: Clock, report: Callable[[CrashdeskError], None]
) -> AccountLock | None:
    """The account's lock, held; None where there is nothing to claim or, which is reported, the locks are out of reach.

    Raises AccountInUse.
    """
    if claim is None:
        return None
    try:
        lock = AccountLock(claim, directory or default_directory(), clock)
        lock.acquire()
    except AccountInUse:
        raise
    except StorageError as error:
        # A bot must come back after a crash on a machine whose home is read-only, too.
        report(error)
        return None
    return lock


def _untold(directory: Path, error: OSError) -> StorageError:
    reason = error.strerror or str(error) or "it is held by another process"
    return StorageError(
        f"whether another bot uses the account cannot be told: {directory}: {reason}. Make it writable, or name another "
        f"directory in {VARIABLE}"
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:16]
