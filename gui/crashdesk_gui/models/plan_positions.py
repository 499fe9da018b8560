"""The positions of a plan: each leg as it was known, as it is now, and the verdict."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QObject

from crashdesk.contracts import plain
from crashdesk.reconcile.position_fills import fill_evidence
from crashdesk.reconcile.records import PositionVerdict, PositionVerdictKind
from crashdesk.reconcile.stop_cover import judge_stops
from crashdesk.state import Side
from crashdesk_gui.models.columns import Field
from crashdesk_gui.models.plan_words import PlanWords, marked, side_glyph, side_tone
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.theme import Status, Tone

_SYMBOL_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("symbol", lambda each: each.symbol),
    Field("side", lambda each: each.side.leg),
)
_KNOWN_POSITION_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("known_side", lambda each: each.known.side.leg if each.known else None),
    Field("known_quantity", lambda each: each.known.quantity if each.known else None),
    Field("known_entry_price", lambda each: each.known.entry_price if each.known else None),
)


def _coins(verdict: PositionVerdict) -> Decimal | None:
    quantity = verdict.live.contracts if verdict.live else None
    return quantity if verdict.contract is None else verdict.contract.coins(quantity)


def _judged(verdict: PositionVerdict) -> str | None:
    judged = judge_stops(verdict)
    return judged.value if judged is not None else None


_LIVE_POSITION_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("quantity", lambda each: each.live.contracts if each.live else None),
    Field("quantity_unit", lambda each: "contracts" if each.contract else each.symbol.partition("/")[0]),
    Field("quantity_coins", _coins),
    Field("contract_unit", lambda each: each.contract.unit or None if each.contract else None),
    Field("entry_price", lambda each: each.live.entry_price if each.live else None),
    Field("unrealized_pnl", lambda each: each.live.unrealized_pnl if each.live else None),
)
_STOP_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("stops", _judged),
    Field("stops_cover", lambda each: each.stops.covered if each.stops else None),
    Field("stops_all_told", lambda each: each.stops.all_told if each.stops else None),
)


_FILL_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("filled_since", lambda each: each.fills.amount if each.fills else None),
    Field("filled_orders", lambda each: each.fills.orders if each.fills else None),
    Field("fills_all_told", lambda each: each.fills.all_told if each.fills else None),
)


def _fills_status(verdict: PositionVerdict) -> Status | None:
    """Whether what filled since is the change; None where there is nothing to say."""
    fills, change = verdict.fills, verdict.change
    if fills is None or change is None or (verdict.kind is PositionVerdictKind.MATCHED and not fills.orders):
        return None
    if fills.amount == change:
        return Status.OK
    return Status.DIFFERS if fills.all_told else Status.UNKNOWN


class PlanPositions(QObject):
    """Builds the model; `parent` owns it."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        self._display = words.display

    def model(self) -> RecordTableModel[PositionVerdict]:
        """The table's model."""
        columns = [*self._sides(), *self._changes(), *self._prices()]
        return RecordTableModel(columns, key=lambda each: (each.symbol, each.side), parent=self.parent())

    def _sides(self) -> list[Column[PositionVerdict]]:
        words = self._words
        return [
            Column(
                id="verdict",
                title=self.tr("Verdict"),
                text=lambda each: marked(words.position_verdict(each)),
                tone=lambda each: words.position_verdict(each)[0].tone,
                export=lambda each: each.kind.value,
                width=140,
            ),
            Column(
                id="symbol",
                title=self.tr("Symbol"),
                text=lambda each: each.symbol,
                fields=_SYMBOL_FIELDS,
                width=116,
                stretch=True,
                wrap=True,
                whole=True,
            ),
            Column(
                id="known",
                title=self.tr("Known"),
                text=self._known_quantity,
                tone=lambda each: side_tone(each.known.side) if each.known else None,
                sort=lambda each: each.known.quantity if each.known else None,
                export=lambda each: each.known.quantity if each.known else None,
                tooltip=lambda each: (
                    words.leg(each.known.side, each.known.quantity, each.contract) if each.known else ""
                ),
                fields=_KNOWN_POSITION_FIELDS,
                numeric=True,
                wrap=True,
                width=84,
            ),
            Column(
                id="live",
                title=self.tr("Exchange"),
                text=self._live_quantity,
                tone=self._live_tone,
                sort=lambda each: each.live.contracts if each.live else None,
                export=lambda each: each.live.contracts if each.live else None,
                tooltip=lambda each: words.leg(each.live.side, each.live.contracts, each.contract) if each.live else "",
                fields=_LIVE_POSITION_FIELDS,
                numeric=True,
                strong=lambda each: each.kind is not PositionVerdictKind.MATCHED,
                wrap=True,
                width=84,
            ),
        ]

    def _changes(self) -> list[Column[PositionVerdict]]:
        return [
            Column(
                id="change",
                title=self.tr("Change"),
                text=self._change,
                sort=lambda each: each.change,
                export=lambda each: each.change,
                numeric=True,
                tooltip=lambda _each: self.tr("Exchange less known; long above zero, short below"),
                width=76,
            ),
            Column(
                id="fills",
                title=self.tr("Filled since"),
                text=self._filled,
                tone=self._fills_tone,
                tooltip=self._fills_told,
                sort=lambda each: each.fills.amount if each.fills else None,
                fields=_FILL_FIELDS,
                numeric=True,
                width=88,
            ),
            Column(
                id="stops",
                title=self.tr("Stops"),
                text=self._words.stops_short,
                tooltip=self._stops,
                tone=self._stops_tone,
                fields=_STOP_FIELDS,
                wrap=True,
                whole=True,
                width=112,
            ),
        ]

    def _prices(self) -> list[Column[PositionVerdict]]:
        number = self._display.decimal
        return [
            Column(
                id="entry",
                title=self.tr("Entry price"),
                text=self._entry,
                tooltip=self._entry,
                fields=(),
                numeric=True,
                width=112,
                stretch=True,
                wrap=True,
            ),
            Column(
                id="contract_size",
                title=self.tr("Contract size"),
                text=lambda each: number(each.contract_size),
                sort=lambda each: each.contract_size,
                export=lambda each: each.contract_size,
                numeric=True,
                tooltip=lambda _each: self.tr("What one contract stands for; shown, never applied"),
                width=88,
            ),
        ]

    def _known_quantity(self, each: PositionVerdict) -> str:
        known = each.known
        return self._display.decimal(None) if known is None else self._leg(known.side, known.quantity, each)

    def _leg(self, side: Side, quantity: Decimal, each: PositionVerdict) -> str:
        return f"{side_glyph(side)} {self._words.amount(quantity, each.contract)}"

    def _change(self, each: PositionVerdict) -> str:
        change = None if each.change is None else plain(each.change)
        return ("+" if change and change > 0 else "") + self._words.amount(change, each.contract)

    def _filled(self, each: PositionVerdict) -> str:
        """`✓ +0.02` where it is the change; nothing where nothing filled and nothing changed."""
        status = _fills_status(each)
        if status is None or each.fills is None:
            return self._display.decimal(None)
        if status is Status.UNKNOWN and not each.fills.amount:
            return f"{status.glyph} " + self.tr("unknown")
        amount = self._display.decimal(each.fills.amount, sign=bool(each.fills.amount))
        return f"{status.glyph} {amount}"

    def _fills_tone(self, each: PositionVerdict) -> Tone:
        status = _fills_status(each)
        return Tone.MUTED if status is None else status.tone

    def _fills_told(self, each: PositionVerdict) -> str:
        return "\n".join(self._words.evidence(item) for item in fill_evidence(each))

    def _stops(self, each: PositionVerdict) -> str:
        stops = self._words.stops(each)
        return marked(stops) if stops else self._display.decimal(None)

    def _stops_tone(self, each: PositionVerdict) -> Tone:
        stops = self._words.stops(each)
        return stops[0].tone if stops and stops[0] is not Status.OK else Tone.TEXT

    def _live_quantity(self, each: PositionVerdict) -> str:
        if each.kind is PositionVerdictKind.UNKNOWN:
            return self.tr("not read")
        live = each.live
        return (
            self._words.amount(Decimal(0), each.contract)
            if live is None
            else self._leg(live.side, live.contracts, each)
        )

    def _live_tone(self, each: PositionVerdict) -> Tone | None:
        return side_tone(each.live.side) if each.live and each.kind is not PositionVerdictKind.UNKNOWN else None

    def _entry(self, each: PositionVerdict) -> str:
        now = self._entry_now(each)
        if each.known is None:
            return now
        known = self._words.exact(each.known.entry_price)
        return known if now == known else f"{known} → {now}"

    def _entry_now(self, each: PositionVerdict) -> str:
        if each.kind is PositionVerdictKind.UNKNOWN:
            return self.tr("not read")
        if each.live is not None and each.live.entry_price is None:
            return self.tr("not told")
        return self._words.exact(each.live.entry_price if each.live else None)
