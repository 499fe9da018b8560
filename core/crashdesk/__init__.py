"""Crashdesk: checkpoints, crash recovery and reconciliation for trading bots."""

from crashdesk.config import AccountMode, RecoveryConfig, StoreManifest
from crashdesk.errors import CrashdeskError
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryResult, RecoveryStats, RecoveryStatus, SyncResult
from crashdesk.state import (
    AccountState,
    OrderState,
    OrderStatus,
    OrderType,
    PositionState,
    Side,
    StrategyState,
    SystemState,
)
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore

__all__ = [
    "AccountMode",
    "AccountState",
    "CheckpointInfo",
    "CrashdeskError",
    "LiveState",
    "OrderState",
    "OrderStatus",
    "OrderType",
    "PositionState",
    "RecoveryConfig",
    "RecoveryManager",
    "RecoveryResult",
    "RecoveryStats",
    "RecoveryStatus",
    "Side",
    "StateStore",
    "StoreManifest",
    "StrategyState",
    "SyncResult",
    "SystemState",
]
__version__ = "0.1.0"
