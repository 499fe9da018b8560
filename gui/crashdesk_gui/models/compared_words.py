"""What a comparison found, in one line: what has moved since the state was known, and whether that is all of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crashdesk.reconcile.denied import denies_orders
from crashdesk.reconcile.records import Plan
from crashdesk_gui.joined_words import listed
from crashdesk_gui.theme import Tone


class ComparedWords(QObject):
    """Words the headline of a comparison."""

    def headline(self, plan: Plan) -> tuple[str, Tone]:
        """Positions and known orders that are others now, and orphan orders to decide on; a gap in the reading comes first."""
        if plan.denied:
            return self._denied(plan), Tone.DANGER
        found = listed(self._found(plan))
        if not plan.coverage.complete:
            if not found:
                return self.tr("! Not everything was read; nothing changed in what was"), Tone.WARNING
            return self.tr("! Not everything was read; in what was: {0}").format(found), Tone.WARNING
        if found:
            return found, Tone.TEXT
        if plan.untold_orders or plan.untold_intents:
            return self.tr("? Everything was read, but what became of some orders cannot be told"), Tone.TEXT
        return self.tr("✓ The exchange agrees with what was known"), Tone.TEXT

    def _denied(self, plan: Plan) -> str:
        if denies_orders(plan):
            return self.tr("✕ This may be another account: it knows nothing of what the store knows")
        return self.tr("✕ This may be another account: no position that the store knows is there")

    def _found(self, plan: Plan) -> list[str]:
        moved = sum(each.differs for each in plan.positions)
        changed = len(plan.changed_orders) - plan.untold_orders
        waiting = len(plan.needs_decision)
        found = []
        if moved:
            found.append(self.tr("%n position(s) changed", "", moved))
        if changed:
            found.append(self.tr("%n known order(s) changed or over", "", changed))
        if waiting:
            found.append(self.tr("%n orphan order(s) to decide on", "", waiting))
        return found
