"""From a store's manifest to an opened exchange."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from crashdesk.clock import Clock
from crashdesk.config import AccountMode, StoreManifest
from crashdesk.errors import ConfigError
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import (
    ExchangeCredentials,
    ExchangeSettings,
    credentials_from_environment,
    credentials_from_keyring,
    required_credentials,
    variable_name,
)

_NO_EXCHANGE = "the store does not say which exchange it belongs to: set `exchange` in its store.toml"


def find_credentials(manifest: StoreManifest, environ: Mapping[str, str]) -> ExchangeCredentials:
    """The account's keys from the environment, else from the system keyring.

    Raises ConfigError that names the variables to set when there are none.
    """
    found = credentials_from_environment(manifest.exchange, environ)
    if found is None:
        found = credentials_from_keyring(manifest.exchange, manifest.account)
    if found is None:
        names = ", ".join(variable_name(manifest.exchange, name) for name in required_credentials(manifest.exchange))
        raise ConfigError(
            f"no keys for {manifest.exchange}: set {names} in the environment, or connect the account in the desk, which "
            "can keep them in the system keyring"
        )
    return found


def open_store_exchange(manifest: StoreManifest, environ: Mapping[str, str], *, clock: Clock) -> CcxtExchange:
    """The exchange of a store, with its keys from the environment or the keyring; the demonstration has its own.

    Raises ConfigError when there are none or when the manifest names no exchange; ExchangeUnsupported for an unknown one.
    """
    if manifest.endpoint:
        from crashdesk.demo.endpoint import demo_credentials

        return open_exchange(manifest, credentials=demo_credentials(manifest.exchange), clock=clock)
    if not manifest.exchange:
        raise ConfigError(_NO_EXCHANGE)
    return open_exchange(manifest, credentials=find_credentials(manifest, environ), clock=clock)


def open_exchange(
    manifest: StoreManifest, *, credentials: ExchangeCredentials, clock: Clock, deadline_s: float = 20
) -> CcxtExchange:
    """The exchange that the manifest names; nothing happens on the network yet.

    Raises ConfigError when the manifest names none, or an endpoint that is not this machine.
    """
    if not manifest.exchange:
        raise ConfigError(_NO_EXCHANGE)
    if not manifest.endpoint:
        settings = ExchangeSettings(
            exchange=manifest.exchange,
            account=manifest.account,
            market_type=manifest.market_type,
            sandbox=manifest.mode is AccountMode.SANDBOX,
            deadline_s=deadline_s,
        )
        return CcxtExchange(settings, credentials, clock=clock)
    return _open_demonstration(manifest, credentials, clock, deadline_s)


def _open_demonstration(
    manifest: StoreManifest, credentials: ExchangeCredentials, clock: Clock, deadline_s: float
) -> CcxtExchange:
    from crashdesk.demo.transport import demo_client_options, mount_loopback

    endpoint = manifest.endpoint
    _require_loopback(endpoint)

    def prepare(client: Any) -> None:
        mount_loopback(client, endpoint, now_ns=clock.now_ns)

    settings = ExchangeSettings(
        exchange=manifest.exchange,
        account=manifest.account,
        market_type=manifest.market_type,
        deadline_s=deadline_s,
        options=demo_client_options(),
        embedded=True,
    )
    return CcxtExchange(settings, credentials, clock=clock, prepare=prepare)


def _require_loopback(endpoint: str) -> None:
    host = urlsplit(endpoint).hostname or ""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ConfigError(
            f"store.toml leads to {host or endpoint!r}; `endpoint` is only for an exchange on this machine"
        )
