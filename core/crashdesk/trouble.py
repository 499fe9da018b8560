"""Why an exchange could not be asked or refused, as a kind: what it means and what to do differs for each."""

from __future__ import annotations

from enum import Enum

import msgspec


class TroubleKind(Enum):
    """What is wrong between this machine and an exchange."""

    KEY = "key"
    """The exchange does not know the key."""
    KEY_OR_ADDRESS = "key or address"
    """The exchange refuses the key without saying whether it is unknown, without a right, or used from elsewhere."""
    SECRET = "secret"
    PASSPHRASE = "passphrase"
    ADDRESS = "address"
    """The key works from listed addresses only, and this machine's is none of them."""
    EXPIRED = "expired"
    PERMISSION = "permission"
    ENVIRONMENT = "environment"
    """A sandbox's key at the live exchange, or the reverse."""
    ACCOUNT_TYPE = "account type"
    """The account is of another type than the one that was asked for: unified, portfolio margin, classic."""
    SUSPENDED = "suspended"
    """The account itself, or what it may do, is blocked by the exchange."""
    REGION = "region"
    CLOCK = "clock"
    LIMITED = "limited"
    BANNED = "banned"
    """The address is shut out for a time, whatever it asks."""
    MAINTENANCE = "maintenance"
    UNAVAILABLE = "unavailable"
    """The exchange, or what stands before it, answers that it cannot serve the request now."""
    NAME = "name"
    """The exchange's address cannot be resolved."""
    PROXY = "proxy"
    INSECURE = "insecure"
    """There is no connection that could be trusted."""
    NETWORK = "network"
    NO_ANSWER = "no answer"
    """A request was under way when its time was up."""
    NOT_SENT = "not sent"
    """A request waited behind others until its time was up."""
    NOT_UNDERSTOOD = "not understood"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    """The exchange refuses a request for a reason of the request's own."""


OF_THIS_MACHINE = frozenset(
    {TroubleKind.NAME, TroubleKind.PROXY, TroubleKind.INSECURE, TroubleKind.NETWORK, TroubleKind.NOT_SENT}
)
"""Kinds of which not the exchange speaks, but this machine."""

OF_THE_KEY = frozenset(
    {
        TroubleKind.KEY,
        TroubleKind.KEY_OR_ADDRESS,
        TroubleKind.SECRET,
        TroubleKind.PASSPHRASE,
        TroubleKind.ADDRESS,
        TroubleKind.EXPIRED,
        TroubleKind.PERMISSION,
        TroubleKind.ENVIRONMENT,
    }
)
"""Kinds that asking once more with the same key does not mend."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, and the exchange's (or this machine's) own `words`, without secrets.

    `until` is when it is over, UNIX nanoseconds, where the exchange says it. `refused_connection` is True where the machine at
    the address answered that nothing listens there.
    """

    kind: TroubleKind
    words: str = ""
    until: int | None = None
    refused_connection: bool = False
