"""A trouble with an exchange as our typed error."""

from __future__ import annotations

from crashdesk.errors import ExchangeError, ExchangeRefused, ExchangeUnavailable, ExchangeUnsupported
from crashdesk.trouble import Trouble, TroubleKind
from crashdesk.trouble_words import trouble_line

_UNAVAILABLE = frozenset(
    {
        TroubleKind.LIMITED,
        TroubleKind.BANNED,
        TroubleKind.MAINTENANCE,
        TroubleKind.UNAVAILABLE,
        TroubleKind.NAME,
        TroubleKind.PROXY,
        TroubleKind.INSECURE,
        TroubleKind.NETWORK,
        TroubleKind.NO_ANSWER,
        TroubleKind.NOT_SENT,
        TroubleKind.NOT_UNDERSTOOD,
    }
)


def error_of(trouble: Trouble, doing: str) -> ExchangeError:
    """The typed error for a trouble while `doing` something."""
    kind: type[ExchangeError] = ExchangeUnavailable if trouble.kind in _UNAVAILABLE else ExchangeRefused
    if trouble.kind is TroubleKind.UNSUPPORTED:
        kind = ExchangeUnsupported
    return kind(f"{doing}: {trouble_line(trouble)}", trouble)
