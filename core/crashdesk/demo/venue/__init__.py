"""The embedded exchange: a stateful HTTP server on loopback that speaks Binance's USD-M futures API, or OKX's."""

from crashdesk.demo.venue.control import VenueControl, VenueOperations
from crashdesk.demo.venue.dialect import Dialect
from crashdesk.demo.venue.exchange import EmbeddedExchange
from crashdesk.demo.venue.faults import Fault, FaultKind
from crashdesk.demo.venue.market import MARKETS, STEP_SECONDS, MarketSpec
from crashdesk.demo.venue.process import VenueProcess, spawn_venue
from crashdesk.demo.venue.records import (
    Credentials,
    HeldRequest,
    LedgerOrder,
    LedgerPosition,
    LedgerReport,
    LedgerStatus,
    Namespace,
    VenueError,
)

__all__ = [
    "MARKETS",
    "STEP_SECONDS",
    "Credentials",
    "Dialect",
    "EmbeddedExchange",
    "Fault",
    "FaultKind",
    "HeldRequest",
    "LedgerOrder",
    "LedgerPosition",
    "LedgerReport",
    "LedgerStatus",
    "MarketSpec",
    "Namespace",
    "VenueControl",
    "VenueError",
    "VenueOperations",
    "VenueProcess",
    "spawn_venue",
]
