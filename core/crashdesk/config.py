"""Settings: how a bot checkpoints, and whose store a directory is."""

from __future__ import annotations

import enum
import os
from pathlib import Path

import msgspec

from crashdesk.errors import ConfigError, ManifestNewer, StorageError
from crashdesk.storage.files import FileSystem, write_small_file

MANIFEST_NAME = "store.toml"
MANIFEST_VERSION = 1


class RecoveryConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What a bot wants of its RecoveryManager.

    `checkpoint_interval_ms` is the time between periodic checkpoints, `max_checkpoint_age_hours` the age beyond which
    they are deleted. `cancel_orphan_orders` lets the unattended recovery cancel what is provably the bot's own.
    """

    checkpoint_dir: str | os.PathLike[str] = "./checkpoints"
    checkpoint_interval_ms: int = 60_000
    checkpoint_on_trade: bool = True
    max_checkpoints: int = 10
    max_checkpoint_age_hours: float = 24
    auto_recover: bool = True
    sync_with_exchange: bool = True
    cancel_orphan_orders: bool = True

    def __post_init__(self) -> None:
        for name in ("checkpoint_interval_ms", "max_checkpoints"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise ConfigError(f"{name} is {value!r}; it must be a whole number of at least 1")
        hours = self.max_checkpoint_age_hours
        if type(hours) not in (int, float) or not hours > 0:
            raise ConfigError(f"max_checkpoint_age_hours is {hours!r}; it must be a number above 0")


class AccountMode(enum.Enum):
    """Whether money is at stake."""

    LIVE = "live"
    SANDBOX = "sandbox"


class StoreManifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """``store.toml``: whose store this is.

    `exchange` is a ccxt id; `market_type` ccxt's spot, swap or future. `client_order_id_prefix` marks the bot's own orders, where
    it uses one; `exclusive_account` declares that nobody and nothing else trades on the account.
    `other_prefixes` are those of other bots on the same account. `endpoint` is a loopback address: that of an
    exchange embedded on this machine. `demonstration` marks the store that the demonstration made for itself.
    """

    bot: str
    exchange: str = ""
    account: str = ""
    market_type: str = "swap"
    mode: AccountMode = AccountMode.LIVE
    client_order_id_prefix: str = ""
    exclusive_account: bool = False
    other_prefixes: tuple[str, ...] = ()
    checkpoint_interval_ms: int = 60_000
    endpoint: str = ""
    demonstration: bool = False
    version: int = MANIFEST_VERSION


class _Version(msgspec.Struct, frozen=True):
    version: int = MANIFEST_VERSION


def read_manifest(directory: Path, files: FileSystem) -> StoreManifest | None:
    """The store's manifest; None when it has none.

    Raises ConfigError when it is damaged or of a newer version, StorageError when it cannot be read.
    """
    path = directory / MANIFEST_NAME
    try:
        text = files.read(path, 1 << 20)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        # Asked first and alone: a newer manifest may differ in everything else.
        version = msgspec.toml.decode(text, type=_Version).version
        if version > MANIFEST_VERSION:
            raise ManifestNewer(
                f"{path} was written by a newer version of Crashdesk; update Crashdesk to open this store"
            )
        return msgspec.toml.decode(text, type=StoreManifest)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors; tomllib has more of them
        raise ConfigError(f"{path} is not as it should be: {error}; correct it with a text editor") from None


def manifest_text(manifest: StoreManifest) -> str:
    """The TOML of a manifest. Raises ConfigError for a text that is no valid Unicode."""
    lines = []
    for key, value in msgspec.to_builtins(manifest).items():
        if isinstance(value, bool):
            text = "true" if value else "false"
        elif isinstance(value, int):
            text = str(value)
        else:
            # TOML's basic strings and arrays of them are written as JSON writes them, but for the DEL character.
            try:
                text = msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
            except UnicodeEncodeError as error:
                raise ConfigError(f"{key} {value!r} is no valid Unicode text: {error.reason}") from None
        lines.append(f"{key} = {text}")
    return "\n".join(lines) + "\n"


def write_manifest(directory: Path, manifest: StoreManifest, files: FileSystem) -> None:
    """Put ``store.toml`` in place. Raises ConfigError as `manifest_text`, StorageError."""
    path = directory / MANIFEST_NAME
    try:
        write_small_file(files, path, manifest_text(manifest).encode())
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
