"""The positions of a plan: each leg as it was known, as it is now, and the verdict."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QObject

from crashdesk.reconcile.records import PositionVerdict, PositionVerdictKind
from crashdesk.state import Side
from crashdesk_gui.models.columns import Field
from crashdesk_gui.models.plan_words import PlanWords, marked, side_glyph, side_tone
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.theme import Status, Tone


def signed_quantity(quantity: Decimal, side: Side) -> Decimal:
    """Long above zero, short below."""
    return quantity if side is Side.BUY else -quantity


def position_change(verdict: PositionVerdict) -> Decimal | None:
    """Exchange less known, long above zero; None when positions could not be read."""
    if verdict.kind is PositionVerdictKind.UNKNOWN:
        return None
    known = signed_quantity(verdict.known.quantity, verdict.known.side) if verdict.known else Decimal(0)
    live = signed_quantity(verdict.live.contracts, verdict.live.side) if verdict.live else Decimal(0)
    return live - known


_KNOWN_POSITION_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("known_side", lambda each: each.known.side.leg if each.known else None),
    Field("known_quantity", lambda each: each.known.quantity if each.known else None),
    Field("known_entry_price", lambda each: each.known.entry_price if each.known else None),
)


def _coins(verdict: PositionVerdict) -> Decimal | None:
    quantity = verdict.live.contracts if verdict.live else None
    return quantity if verdict.contract is None else verdict.contract.coins(quantity)


_LIVE_POSITION_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("quantity", lambda each: each.live.contracts if each.live else None),
    Field("quantity_unit", lambda each: "contracts" if each.contract else each.symbol.partition("/")[0]),
    Field("quantity_coins", _coins),
    Field("contract_unit", lambda each: each.contract.unit or None if each.contract else None),
    Field("entry_price", lambda each: each.live.entry_price if each.live else None),
    Field("unrealized_pnl", lambda each: each.live.unrealized_pnl if each.live else None),
)
_STOP_FIELDS: tuple[Field[PositionVerdict], ...] = (
    Field("stops_cover", lambda each: each.stops.covered if each.stops else None),
    Field("stops_all_told", lambda each: each.stops.all_told if each.stops else None),
)


class PlanPositions(QObject):
    """Builds the model; `parent` owns it."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        self._display = words.display

    def model(self) -> RecordTableModel[PositionVerdict]:
        """The table's model."""
        words, number = self._words, self._display.decimal
        columns: list[Column[PositionVerdict]] = [
            Column(
                id="verdict",
                title=self.tr("Verdict"),
                text=lambda each: marked(words.position_verdict(each.kind)),
                tone=lambda each: words.position_verdict(each.kind)[0].tone,
                export=lambda each: each.kind.value,
                width=140,
            ),
            Column(id="symbol", title=self.tr("Symbol"), text=lambda each: each.symbol, width=116, stretch=True),
            Column(
                id="side",
                title=self.tr("Side"),
                text=lambda each: words.position_side(each.side),
                tone=lambda each: side_tone(each.side),
                export=lambda each: each.side.leg,
                width=64,
            ),
            Column(
                id="known",
                title=self.tr("Known"),
                text=self._known_quantity,
                sort=lambda each: each.known.quantity if each.known else None,
                export=lambda each: each.known.quantity if each.known else None,
                fields=_KNOWN_POSITION_FIELDS,
                numeric=True,
                width=84,
            ),
            Column(
                id="live",
                title=self.tr("Exchange"),
                text=self._live_quantity,
                sort=lambda each: each.live.contracts if each.live else None,
                export=lambda each: each.live.contracts if each.live else None,
                fields=_LIVE_POSITION_FIELDS,
                numeric=True,
                strong=lambda each: each.kind is not PositionVerdictKind.MATCHED,
                width=84,
            ),
            Column(
                id="change",
                title=self.tr("Change"),
                text=self._change,
                sort=position_change,
                export=position_change,
                numeric=True,
                tooltip=lambda _each: self.tr("Exchange less known; long above zero, short below"),
                width=76,
            ),
            Column(
                id="stops",
                title=self.tr("Stops"),
                text=self._stops_short,
                tooltip=self._stops,
                tone=self._stops_tone,
                fields=_STOP_FIELDS,
                width=72,
            ),
            Column(
                id="entry",
                title=self.tr("Entry price"),
                text=self._entry,
                tooltip=self._entry,
                fields=(),
                numeric=True,
                width=112,
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
        return RecordTableModel(columns, key=lambda each: (each.symbol, each.side), parent=self.parent())

    def _known_quantity(self, each: PositionVerdict) -> str:
        if each.known is None:
            return self._display.decimal(None)
        text = self._words.amount(each.known.quantity, each.contract)
        return f"{side_glyph(each.known.side)} {text}" if each.known.side is not each.side else text

    def _change(self, each: PositionVerdict) -> str:
        change = position_change(each)
        return ("+" if change and change > 0 else "") + self._words.amount(change, each.contract)

    def _stops(self, each: PositionVerdict) -> str:
        stops = self._words.stops(each)
        return marked(stops) if stops else self._display.decimal(None)

    def _stops_short(self, each: PositionVerdict) -> str:
        """`! 20.98` where stops cover a part; the tooltip says it in a sentence."""
        stops = self._words.stops(each)
        if stops is None or each.stops is None:
            return self._display.decimal(None)
        if stops[0] is Status.OK and not each.stops.covered:
            return self._display.decimal(each.stops.covered)
        return f"{stops[0].glyph} {self._display.decimal(each.stops.covered)}"

    def _stops_tone(self, each: PositionVerdict) -> Tone:
        stops = self._words.stops(each)
        return stops[0].tone if stops and stops[0] is not Status.OK else Tone.MUTED

    def _live_quantity(self, each: PositionVerdict) -> str:
        if each.kind is PositionVerdictKind.UNKNOWN:
            return self.tr("not read")
        return self._words.amount(each.live.contracts if each.live else Decimal(0), each.contract)

    def _entry(self, each: PositionVerdict) -> str:
        number = self._words.exact
        known = each.known.entry_price if each.known else None
        live = each.live.entry_price if each.live else None
        if known is None or live is None or known == live:
            return number(live if live is not None else known)
        return f"{number(known)} → {number(live)}"
