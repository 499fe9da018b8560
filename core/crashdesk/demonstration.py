"""What became of the demonstration to which a store belongs, where its exchange does not answer as it did. Pure."""

from __future__ import annotations

from enum import Enum

from crashdesk.config import StoreManifest
from crashdesk.errors import ExchangeError
from crashdesk.trouble import TroubleKind


class Demonstration(Enum):
    """Why a demonstration's exchange cannot be asked."""

    ENDED = "ended"
    TRADING = "trading"
    """Its bot was not killed yet: it trades its day, and the exchange's time runs ahead."""


def demonstration_state(manifest: StoreManifest | None, error: BaseException) -> Demonstration | None:
    """What `error` of a store's exchange says of its demonstration; None for any other store, and for any other error.

    The embedded exchange lives on this machine: that nothing listens there any more says that the demonstration is over. Its
    time runs ahead to now while the bot trades its day, so that another time says that the bot was not killed yet.
    """
    if manifest is None or not manifest.demonstration or not isinstance(error, ExchangeError) or error.trouble is None:
        return None
    if error.trouble.refused_connection:
        return Demonstration.ENDED
    return Demonstration.TRADING if error.trouble.kind is TroubleKind.CLOCK else None
