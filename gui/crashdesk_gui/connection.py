"""Which account of which exchange a store is connected to, where its keys are, and a first read that changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from crashdesk.clock import Clock
from crashdesk.config import AccountMode, StoreManifest
from crashdesk.errors import ConfigError
from crashdesk.exchange.catalogue import ExchangeEntry, Prospect, exchange_catalogue, prospect
from crashdesk.exchange.connect import (
    ExchangeCredentials,
    credentials_from_environment,
    credentials_from_keyring,
    keyring_problem,
    required_credentials,
    save_to_keyring,
    variable_name,
)
from crashdesk.exchange.permissions import NOT_TOLD, KeyPermissions, TellsPermissions
from crashdesk.exchange.protocol import Exchange
from crashdesk.exchange.records import ExchangeAccount, ScopeReading, ScopeStatus
from crashdesk.trouble import Trouble, TroubleKind


class KeySource(Enum):
    """Where the keys come from."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    TYPED = "typed"


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator chose, without any secret: it is remembered per store."""

    exchange: str
    market_type: str = "swap"
    account: str = ""
    mode: AccountMode = AccountMode.LIVE
    source: KeySource = KeySource.ENVIRONMENT

    def manifest(self, store: StoreManifest) -> StoreManifest:
        """The store's manifest with this account in it, in memory only."""
        return msgspec.structs.replace(
            store,
            exchange=self.exchange,
            market_type=self.market_type,
            account=self.account,
            mode=self.mode,
            endpoint="",
        )


def connection_of(manifest: StoreManifest) -> Connection:
    """The connection that a store's manifest proposes."""
    return Connection(
        exchange=manifest.exchange, market_type=manifest.market_type, account=manifest.account, mode=manifest.mode
    )


def differs_from_store(connection: Connection, store: StoreManifest) -> bool:
    """Whether a store that names its account names another one; such a store is not compared with this connection."""
    if not store.exchange:
        return False
    named = not store.account or store.account == connection.account
    return (store.exchange, store.mode) != (connection.exchange, connection.mode) or not named


def connection_text(connection: Connection) -> str:
    """The connection as a setting."""
    return msgspec.json.encode(connection).decode()


def connection_from(text: str) -> Connection | None:
    """The connection of a setting; None for a damaged or empty one."""
    try:
        return msgspec.json.decode(text, type=Connection)
    except (msgspec.DecodeError, UnicodeError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeAccess:
    """The ways to exchanges and keys. All of them may block, so they are called in jobs."""

    clock: Clock
    catalogue: Callable[[], Sequence[ExchangeEntry]] = exchange_catalogue
    prospect: Callable[[str, str], Prospect] = prospect
    required: Callable[[str], Sequence[str]] = required_credentials
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    from_keyring: Callable[[str, str], ExchangeCredentials | None] = credentials_from_keyring
    keyring_problem: Callable[[], str] = keyring_problem
    to_keyring: Callable[[str, str, ExchangeCredentials], None] = save_to_keyring
    opener: Callable[[StoreManifest, ExchangeCredentials, Clock], Exchange] | None = None

    def open(self, manifest: StoreManifest, credentials: ExchangeCredentials) -> Exchange:
        """The exchange of a manifest; nothing happens on the network yet. Raises ConfigError."""
        if self.opener is not None:
            return self.opener(manifest, credentials, self.clock)
        # With what it imports; the start of the desk does not wait for it.
        from crashdesk.connections import open_exchange

        return open_exchange(manifest, credentials=credentials, clock=self.clock)

    def missing_variables(self, exchange: str, names: Sequence[str]) -> list[str]:
        """The environment variables that would have to be set for these credentials and are not."""
        variables = [variable_name(exchange, name) for name in names]
        return [variable for variable in variables if not self.environ.get(variable, "").strip()]

    def find(self, manifest: StoreManifest) -> ExchangeCredentials:
        """The keys of a manifest's account, from the environment or else the keyring. Raises ConfigError."""
        found = credentials_from_environment(manifest.exchange, self.environ)
        found = found or self.from_keyring(manifest.exchange, manifest.account)
        if found is None:
            raise ConfigError(f"no keys for {manifest.exchange} in the environment or the system keyring")
        return found

    def credentials(self, connection: Connection, typed: Mapping[str, str]) -> ExchangeCredentials:
        """The keys from where the connection says. Raises ConfigError that says where they were looked for."""
        if connection.source is KeySource.TYPED:
            return ExchangeCredentials(values=dict(typed))
        if not self.required(connection.exchange):
            return ExchangeCredentials(values={})
        if connection.source is KeySource.ENVIRONMENT:
            found = credentials_from_environment(connection.exchange, self.environ)
            where = ", ".join(self.missing_variables(connection.exchange, self.required(connection.exchange)))
            problem = f"the keys of {connection.exchange} are not in the environment: set {where}"
        else:
            found = self.from_keyring(connection.exchange, connection.account)
            problem = (
                f"the system keyring holds no keys for {connection.exchange}, account {connection.account!r}; "
                "type them once and keep them there"
            )
        if found is None:
            raise ConfigError(problem)
        return found


class FirstRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a test read brought: the counts, the money, what the key may do, and what could be read at all.

    `trouble`, or `told` where it is of no known kind, says why the account's money could not be read; `account` is None then.
    """

    positions: int = 0
    orders: int = 0
    account: ExchangeAccount | None = None
    readings: tuple[ScopeReading, ...] = ()
    permissions: KeyPermissions = KeyPermissions(reason=NOT_TOLD)
    clock_offset_ns: int | None = None
    trouble: Trouble | None = None
    told: str = ""

    @property
    def usable(self) -> bool:
        """Whether anything of the account could be read."""
        return any(reading.status is ScopeStatus.READ for reading in self.readings)


def first_read(access: ExchangeAccess, manifest: StoreManifest, credentials: ExchangeCredentials) -> FirstRead:
    """Open the account, read it once, close it again; sends nothing but reads. Raises ExchangeError or ConfigError.

    Keys that are refused are not sent again: some exchanges lock an address out that tries too often.
    """
    exchange = access.open(manifest, credentials)
    try:
        offset = exchange.clock_offset_ns()
        account = exchange.read_account()
        told = " ".join(reading.reason for reading in account.coverage.readings)
        trouble = next((reading.trouble for reading in account.coverage.readings if reading.trouble), None)
        # A key that may see orders and not the money is of use all the same.
        sees_orders = trouble is not None and trouble.kind is TroubleKind.PERMISSION
        if account.account is None and not sees_orders:
            return FirstRead(readings=account.coverage.readings, trouble=trouble, told=told, clock_offset_ns=offset)
        permissions = permissions_of(exchange)
        positions = exchange.read_positions(())
        orders = exchange.read_open_orders(sorted({position.symbol for position in positions.positions}))
    finally:
        exchange.close()
    return FirstRead(
        positions=len(positions.positions),
        orders=len(orders.orders),
        account=account.account,
        readings=account.coverage.readings + positions.coverage.readings + orders.coverage.readings,
        permissions=permissions,
        clock_offset_ns=offset,
        trouble=trouble,
        told=told,
    )


def permissions_of(exchange: Exchange) -> KeyPermissions:
    """What the key of an opened exchange may do; it blocks until the exchange answered."""
    return exchange.read_permissions() if isinstance(exchange, TellsPermissions) else KeyPermissions(reason=NOT_TOLD)
