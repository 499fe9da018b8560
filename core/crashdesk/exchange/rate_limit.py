"""How long an exchange that refused a request for its limit wants to be left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crashdesk.exchange.ccxt_trouble import trouble_of
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.redact import Redactor
from crashdesk.trouble import TroubleKind

UNTOLD_PAUSE_S = 10.0
"""What is waited where the exchange does not say how long."""

UNTOLD_BAN_S = 600.0
"""The same for an address that is shut out: each request before its end can prolong it."""

_LEAST_PAUSE_S = 1.0


def limit_pause_s(error: BaseException, headers: object) -> float | None:
    """The pause that a refusal asks for, in seconds, from its answer's `headers`; None for any other failure."""
    trouble = trouble_of(error, Redactor())
    if trouble is None or trouble.kind not in (TroubleKind.LIMITED, TroubleKind.BANNED):
        return None
    untold = UNTOLD_BAN_S if trouble.kind is TroubleKind.BANNED else UNTOLD_PAUSE_S
    told = headers.get("Retry-After") if isinstance(headers, Mapping) else None
    try:
        return max(_LEAST_PAUSE_S, float(told)) if told is not None else untold
    except ValueError:
        return untold


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
