"""Which exchange's API the embedded exchange speaks, and what every dialect must answer."""

import re
from enum import StrEnum
from typing import Protocol

from crashdesk.demo.venue.faults import FaultKind
from crashdesk.demo.venue.records import HeldRequest
from crashdesk.demo.venue.server import Reply, Request

_LONGEST_OKX_ID = 32


class Dialect(StrEnum):
    """The exchange whose API is spoken; `ccxt_id` is the client that understands it."""

    BINANCE = "binance"
    OKX = "okx"

    @property
    def ccxt_id(self) -> str:
        """The id of ccxt's client."""
        return {Dialect.BINANCE: "binanceusdm", Dialect.OKX: "okx"}[self]

    def client_order_id(self, wanted: str) -> str:
        """`wanted` in the form that the exchange accepts, prefixes of it included: OKX takes letters and digits only."""
        if self is Dialect.BINANCE:
            return wanted
        return re.sub(r"[^A-Za-z0-9]", "", wanted)[:_LONGEST_OKX_ID]


class Api(Protocol):
    """A dialect over one simulation. Not thread-safe: its owner serialises the calls."""

    def answer(self, request: Request, clock_shift_ms: int = 0) -> Reply:
        """Process one request, with the exchange's clock shifted for it alone."""

    def revoke(self, api_key: str) -> None:
        """Refuse this key from now on."""

    def failure(self, kind: FaultKind) -> Reply:
        """The exchange's own words for a fault that it answers in words."""

    def summary(self, request: Request) -> HeldRequest:
        """What a request is about."""
