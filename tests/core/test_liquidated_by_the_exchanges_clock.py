"""How a position ended is asked of the exchange's own clock: a bot's clock that was wrong hides no liquidation."""

from __future__ import annotations

from decimal import Decimal

import pytest
import strategies as make
from recovery_builders import BTC, LATER, SECOND, ExchangeInMemory, only_position
from strategies import ManualClock

from crashdesk.compare import compare
from crashdesk.exchange.records import Liquidation, LiquidationsReading, ScopeStatus
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk.storage.journal_records import JournalQuestion, JournalView

AHEAD = 300 * SECOND
KNOWN_AT = LATER - 120 * SECOND
"""By the exchange's clock."""


class NothingNoted:
    def symbols(self) -> frozenset[str]:
        return frozenset()

    def view(self, question: JournalQuestion) -> JournalView:
        return JournalView()


class Liquidated(ExchangeInMemory):
    """Closed the position itself a minute after it was known; our clock is `offset` behind its."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self._offset = offset

    def clock_offset_ns(self) -> int | None:
        return self._offset

    def read_liquidations(self, symbol: str, since_ns: int) -> LiquidationsReading:
        one = Liquidation(symbol=BTC, at=KNOWN_AT + 60 * SECOND, contracts=Decimal("0.25"), price=Decimal(30000))
        told = (one,) if one.at >= since_ns else ()
        return LiquidationsReading(symbol=symbol, status=ScopeStatus.READ, liquidations=told, read_at=LATER)


def compared(state_at: int, offset: int) -> Plan:
    known = make.state(timestamp=state_at, open_orders=())
    plan, _ = compare(
        known,
        journal=NothingNoted(),
        exchange=Liquidated(offset),
        manifest=None,
        checkpoint_seq=1,
        clock=ManualClock(LATER - offset),
    )
    return plan


@pytest.mark.parametrize(
    ("state_at", "offset"),
    [(KNOWN_AT, 0), (KNOWN_AT + AHEAD, -AHEAD), (KNOWN_AT - AHEAD, AHEAD), (KNOWN_AT + AHEAD, 0)],
    ids=["right", "ahead", "behind", "ahead, and set back since"],
)
def test_a_liquidation_is_told_whatever_our_clock_says(state_at: int, offset: int) -> None:
    verdict = only_position(compared(state_at, offset))
    assert verdict.kind is PositionVerdictKind.CLOSED_WHILE_DOWN
    words = "\n".join(item.text for item in verdict.evidence)
    assert "Liquidated: the exchange reports a liquidation order of 0.25" in words
    assert "no liquidation since" not in words
