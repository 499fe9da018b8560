"""What a recovery saves, or leaves, without having read it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import Plan, PositionVerdictKind

_ORDERS = frozenset({ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS})


class UnreadWords(QObject):
    """Tells what becomes of the parts of the account that could not be read, a sentence for each."""

    def told(self, plan: Plan) -> list[str]:
        """Empty where everything was read."""
        unread = {each.scope.kind for each in plan.coverage.gaps()}
        told = []
        if ScopeKind.POSITIONS in unread:
            told.append(self._positions(plan))
        if unread & _ORDERS:
            told.append(self.tr("Open orders could not all be read: there may be more orphan orders."))
        if ScopeKind.ACCOUNT in unread:
            told.append(
                self.tr(
                    "The account's money could not be read. If the read at the end fails too, it is saved as last known."
                )
            )
        return told

    def _positions(self, plan: Plan) -> str:
        kept = sum(each.kind is PositionVerdictKind.UNKNOWN for each in plan.positions)
        if not kept:
            return self.tr(
                "Positions could not all be read. If the read at the end fails too, the saved state may lack some."
            )
        return self.tr(
            "Positions could not be read. If the read at the end fails too, saved as last known, and not as they are: "
            "%n position(s).",
            "",
            kept,
        )


def orders_unread(plan: Plan) -> bool:
    """Whether there may be open orders that the plan does not know, since not all were read."""
    return any(each.scope.kind in _ORDERS for each in plan.coverage.gaps())


def orders_or_positions_unread(plan: Plan) -> bool:
    """Whether the plan may be wrong about an order or a position, since it was not read."""
    return any(each.scope.kind is not ScopeKind.ACCOUNT for each in plan.coverage.gaps())
