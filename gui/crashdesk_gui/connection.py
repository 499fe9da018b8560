"""Which account of which exchange a store is connected to, where its keys are, and a first read that changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from crashdesk.clock import Clock
from crashdesk.config import AccountMode, StoreManifest
from crashdesk.connections import open_exchange
from crashdesk.errors import ConfigError
from crashdesk.exchange.connect import (
    ExchangeCredentials,
    credentials_from_environment,
    credentials_from_keyring,
    exchange_ids,
    required_credentials,
    save_to_keyring,
    variable_name,
)
from crashdesk.exchange.protocol import Exchange
from crashdesk.exchange.records import ExchangeAccount, ScopeReading

MARKET_TYPES = ("swap", "spot", "future")


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
    ids: Callable[[], Sequence[str]] = exchange_ids
    required: Callable[[str], Sequence[str]] = required_credentials
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    from_keyring: Callable[[str, str], ExchangeCredentials | None] = credentials_from_keyring
    to_keyring: Callable[[str, str, ExchangeCredentials], None] = save_to_keyring
    opener: Callable[[StoreManifest, ExchangeCredentials, Clock], Exchange] | None = None

    def open(self, manifest: StoreManifest, credentials: ExchangeCredentials) -> Exchange:
        """The exchange of a manifest; nothing happens on the network yet. Raises ConfigError."""
        if self.opener is not None:
            return self.opener(manifest, credentials, self.clock)
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
    """What a test read brought: the counts, the money, and what could be read at all."""

    positions: int
    orders: int
    account: ExchangeAccount | None
    readings: tuple[ScopeReading, ...]


def first_read(access: ExchangeAccess, manifest: StoreManifest, credentials: ExchangeCredentials) -> FirstRead:
    """Open the account, read it once, close it again; sends nothing but reads. Raises ExchangeError or ConfigError."""
    exchange = access.open(manifest, credentials)
    try:
        account = exchange.read_account()
        positions = exchange.read_positions(())
        orders = exchange.read_open_orders(sorted({position.symbol for position in positions.positions}))
    finally:
        exchange.close()
    return FirstRead(
        positions=len(positions.positions),
        orders=len(orders.orders),
        account=account.account,
        readings=account.coverage.readings + positions.coverage.readings + orders.coverage.readings,
    )
