"""Every error that Crashdesk raises on purpose.

CrashdeskError
├── StateError                    a record that contradicts itself
├── CodecError                    bytes that are no valid checkpoint
│   ├── NotACheckpoint            the magic is missing
│   ├── NewerVersion              written by a newer version of Crashdesk
│   ├── ChecksumMismatch          the CRC does not fit the bytes
│   └── MalformedCheckpoint       the CRC fits, the content cannot be
├── StorageError                  the disk or the directory said no
│   ├── NotAStore                 the directory holds no store
│   ├── StoreVanished             the directory was there when it was opened, and is not any more
│   ├── StoreLocked               another process is the writer
│   ├── AccountInUse              another bot uses the same account in the same way
│   ├── StoreCorrupted            checkpoints exist and none is valid
│   │   └── StoreNewer            the newest of them was written by a newer version of Crashdesk
│   ├── StoreDegraded             an fsync failed; the last save is not durable
│   ├── DiskFull                  there is no room to start
│   ├── CheckpointNotFound        no such checkpoint (any more)
│   └── MalformedJournal          what a journal holds is not what was written
├── ConfigError                   a setting that cannot be
│   ├── ManifestNewer             a store.toml of a newer version of Crashdesk
│   └── KeyringUnusable           the system's keyring is absent, locked, or refuses
├── ExchangeError                 the exchange could not be asked, or said no
│   ├── ExchangeUnavailable       network, timeout, maintenance
│   ├── ExchangeRefused           keys, permissions, bad request
│   ├── ExchangeUnsupported       the exchange (or ccxt for it) cannot do that
│   └── WrongAccount              it is not the store's exchange or account
├── RecoveryError                 a recovery that must not go on
│   ├── PlanChanged               the plan shown is not the one to execute
│   └── OperationCancelled        the operator stopped it between two steps
└── DemoError                     the embedded exchange or the sample bot failed
"""

from __future__ import annotations

from crashdesk.trouble import Trouble


class CrashdeskError(Exception):
    """The root of the tree; its text says what happened and what to do."""


class StateError(CrashdeskError):
    """A record contradicts itself (negative quantity, duplicate id, a decimal that is not finite)."""


class CodecError(CrashdeskError):
    """The bytes are not a valid checkpoint."""


class NotACheckpoint(CodecError):
    """The bytes do not start with the ZQCK magic."""


class NewerVersion(CodecError):
    """The file was written by a newer version of Crashdesk; it is not damaged."""


class ChecksumMismatch(CodecError):
    """The stored CRC-32 does not fit the bytes before it."""


class MalformedCheckpoint(CodecError):
    """The CRC fits, but the content breaks the format."""


class StorageError(CrashdeskError):
    """A file operation failed; nothing that was acknowledged is lost."""


class NotAStore(StorageError):
    """The directory is not a Crashdesk store."""


class StoreVanished(StorageError):
    """The store's directory was deleted, moved away or unmounted after it was opened."""


class StoreLocked(StorageError):
    """Another process (or another object in this one) is the store's one writer."""


class AccountInUse(StorageError):
    """A bot of another store uses the same account under the same client order id prefix, or one of the two wants to be alone."""


class StoreCorrupted(StorageError):
    """Checkpoint files exist and none of them is valid."""


class StoreNewer(StoreCorrupted):
    """Checkpoint files exist, none can be used here, and a newer version of Crashdesk wrote the newest of them."""


class StoreDegraded(StorageError):
    """An fsync failed: the operating system may have dropped data that it had accepted."""


class DiskFull(StorageError):
    """There is no room on the disk to start: nothing could be recorded. What was stored is as it was."""


class CheckpointNotFound(StorageError):
    """The checkpoint does not exist, or not any more."""


class MalformedJournal(StorageError):
    """An entry of a journal fails its check: it was damaged after it was written."""


class ConfigError(CrashdeskError):
    """A setting is missing, of the wrong type, or impossible."""


class ManifestNewer(ConfigError):
    """A store's ``store.toml`` was written by a newer version of Crashdesk; it is not damaged."""


class KeyringUnusable(ConfigError):
    """The system's keyring can neither give keys nor keep them now; `reason` is why, in one clause."""

    def __init__(self, text: str = "", reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason


class ExchangeError(CrashdeskError):
    """The exchange could not be asked, or it said no; `trouble` is what is wrong, None where the text alone says it."""

    def __init__(self, text: str = "", trouble: Trouble | None = None) -> None:
        super().__init__(text)
        self.trouble = trouble


class ExchangeUnavailable(ExchangeError):
    """Network trouble, a timeout, a rate limit or maintenance: worth trying again."""


class ExchangeRefused(ExchangeError):
    """Wrong keys, missing permission, or a request that the exchange rejects: trying again changes nothing."""


class ExchangeUnsupported(ExchangeError):
    """The exchange, or ccxt for it, does not offer this."""


class WrongAccount(ExchangeError):
    """The exchange or account that was opened is not the one that the store belongs to."""


class RecoveryError(CrashdeskError):
    """A recovery must not go on."""


class PlanChanged(RecoveryError):
    """The plan to execute is not the one that was shown, or was executed before."""


class OperationCancelled(RecoveryError):
    """Someone stopped the operation between two steps; the audit log says how far it came."""


class DemoError(CrashdeskError):
    """The demonstration could not go on."""
