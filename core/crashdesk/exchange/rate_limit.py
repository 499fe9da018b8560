"""How long an exchange that refused a request for its limit wants to be left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crashdesk.exchange.ccxt_outcomes import class_names
from crashdesk.exchange.ccxt_worker import Reply, Work

UNTOLD_PAUSE_S = 10.0
"""What is waited where the exchange does not say how long."""

_LIMIT_CLASSES = frozenset({"RateLimitExceeded", "DDoSProtection"})
_LEAST_PAUSE_S = 1.0


def limit_pause_s(error: BaseException, headers: object) -> float | None:
    """The pause that a refusal asks for, in seconds, from its answer's `headers`; None for any other failure."""
    if not class_names(error) & _LIMIT_CLASSES:
        return None
    told = headers.get("Retry-After") if isinstance(headers, Mapping) else None
    try:
        return max(_LEAST_PAUSE_S, float(told)) if told is not None else UNTOLD_PAUSE_S
    except ValueError:
        return UNTOLD_PAUSE_S


class LimitWatch:
    """Passes work on to a client and remembers the longest pause that an answer asked for, None for none."""

    def __init__(self, ask: Callable[[str, Work], Reply]) -> None:
        self._ask = ask
        self.pause_s: float | None = None

    def ask(self, label: str, work: Work) -> Reply:
        """Run `work` and wait for it, as the `ask` that this was made with."""

        def watched(client: Any) -> Any:
            try:
                return work(client)
            except Exception as error:
                pause = limit_pause_s(error, getattr(client, "last_response_headers", None))
                if pause is not None:
                    self.pause_s = max(pause, self.pause_s or 0.0)
                raise

        return self._ask(label, watched)
