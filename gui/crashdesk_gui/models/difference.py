"""What differs between two states, or between a state and the exchange, as lines of a table."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from PySide6.QtCore import QObject

from crashdesk import OrderState, PositionState, SystemState
from crashdesk.difference import Change, DifferenceRow, difference, in_words
from crashdesk.difference import Section as Part
from crashdesk.exchange.records import ExchangeOrder, ExchangePosition
from crashdesk.reconcile.records import Evidence, OrderVerdict, OrderVerdictKind, Plan, PositionVerdict, PositionVerdictKind
from crashdesk.state import AccountState
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.table import Column, RecordTableModel, Section
from crashdesk_gui.theme import Tone


class LineKind(enum.Enum):
    """What a line says: a record or a field was added, removed or changed, or nobody can tell."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    UNKNOWN = "unknown"

    @property
    def glyph(self) -> str:
        """The sign before the word."""
        return {"added": "+", "removed": "−", "changed": "~", "unknown": "?"}[self.value]

    @property
    def tone(self) -> Tone:
        """The colour of sign and word."""
        return {
            LineKind.ADDED: Tone.OK,
            LineKind.REMOVED: Tone.DANGER,
            LineKind.CHANGED: Tone.WARNING,
            LineKind.UNKNOWN: Tone.UNKNOWN,
        }[self]


class DifferenceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `key` is the record's id, `field` empty where the line is about the whole record; `why` tells on what
    evidence, for a comparison with the exchange; `ref` tells apart what shares an id there."""

    part: Part
    kind: LineKind
    key: str
    symbol: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    why: str = ""
    ref: str = ""


def state_lines(old: SystemState, new: SystemState) -> tuple[DifferenceLine, ...]:
    """What became of the older state."""
    return tuple(_line(row) for row in difference(old, new))


def exchange_lines(plan: Plan, words: Callable[[Evidence], str] = lambda each: each.text) -> tuple[DifferenceLine, ...]:
    """What the exchange says other than the checkpoint; what was not read is unknown, never removed.

    `words` puts a piece of evidence into the operator's language.
    """
    lines = list(_account_lines(plan))
    for position in plan.positions:
        lines += _position_lines(position, "; ".join(words(each) for each in position.evidence))
    for order in plan.orders:
        lines += _order_lines(order, "; ".join(words(each) for each in order.evidence))
    return tuple(lines)


class DifferenceTexts(QObject):
    """Words and columns of a difference."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui

    def kind(self, kind: LineKind) -> str:
        """Sign and word."""
        word = {
            LineKind.ADDED: self.tr("added"),
            LineKind.REMOVED: self.tr("removed"),
            LineKind.CHANGED: self.tr("changed"),
            LineKind.UNKNOWN: self.tr("unknown"),
        }[kind]
        return f"{kind.glyph} {word}"

    def field(self, name: str) -> str:
        """The field of a record in words."""
        return {
            "equity": self.tr("equity"),
            "balance": self.tr("balance"),
            "available": self.tr("available"),
            "margin_used": self.tr("margin used"),
            "unrealized_pnl": self.tr("unrealized PnL"),
            "side": self.tr("side"),
            "quantity": self.tr("quantity"),
            "filled_quantity": self.tr("filled"),
            "entry_price": self.tr("entry price"),
            "price": self.tr("price"),
            "status": self.tr("status"),
            "opened_at": self.tr("opened"),
            "created_at": self.tr("created"),
            "order_type": self.tr("type"),
            "client_order_id": self.tr("client order id"),
            "state_data": self.tr("data"),
        }.get(name, name)

    def sections(self) -> tuple[Section, ...]:
        """The parts of a state, in their order."""
        return (
            Section(id=Part.ACCOUNT, title=self.tr("Account")),
            Section(id=Part.POSITIONS, title=self.tr("Positions")),
            Section(id=Part.ORDERS, title=self.tr("Orders")),
            Section(id=Part.STRATEGIES, title=self.tr("Strategies")),
        )

    def model(self, parent: QObject | None = None) -> RecordTableModel[DifferenceLine]:
        """A model of lines under the headings of their parts."""
        return RecordTableModel(
            self._columns(),
            key=lambda line: (line.part, line.kind, line.key, line.field, line.ref),
            sections=self.sections(),
            section_of=lambda line: line.part,
            parent=parent,
        )

    def _columns(self) -> tuple[Column[DifferenceLine], ...]:
        return (
            Column(
                id="kind",
                title=self.tr("What"),
                text=lambda line: self.kind(line.kind),
                export=lambda line: line.kind.value,
                tone=lambda line: line.kind.tone,
                tooltip=lambda line: line.why,
                width=88,
            ),
            Column(
                id="record",
                title=self.tr("Record"),
                text=record_name,
                export=lambda line: line.key,
                tooltip=lambda line: "\n".join(part for part in (line.symbol, line.key, line.why) if part),
                width=152,
            ),
            Column(
                id="field",
                title=self.tr("Field"),
                text=lambda line: self.field(line.field) if line.field else "",
                export=lambda line: line.field,
                tone=lambda _line: Tone.MUTED,
                width=100,
            ),
            self._value("old", self.tr("Old"), lambda line: line.old),
            Column(
                id="arrow", title="", text=lambda line: "→" if line.old and line.new else "", width=28, export=None
            ),
            self._value("new", self.tr("New"), lambda line: line.new),
            Column(
                id="why", title=self.tr("Why"), text=lambda line: line.why, tooltip=lambda line: line.why, width=280
            ),
        )

    def _value(self, column: str, title: str, value: Any) -> Column[DifferenceLine]:
        return Column(
            id=column,
            title=title,
            text=lambda line: self._shown(line, value(line)),
            export=value,
            tooltip=value,
            numeric=True,
            width=132,
        )

    def _shown(self, line: DifferenceLine, text: str) -> str:
        if not line.field or not text:
            return text
        if line.field.endswith("_at"):
            return self._ui.display.time(int(text)) if text.lstrip("-").isdigit() else text
        try:
            return self._ui.display.decimal(Decimal(text))
        except InvalidOperation:
            return text


def record_name(line: DifferenceLine) -> str:
    """What the line is about: the symbol, with the id where the symbol alone would not tell."""
    if line.part is Part.ACCOUNT:
        return ""
    if line.part is Part.POSITIONS and line.symbol:
        return line.symbol
    return f"{line.symbol} {line.key}".strip()


def count_kinds(lines: Iterable[DifferenceLine]) -> dict[LineKind, int]:
    """How many records each kind concerns; several changed fields of one record count once."""
    seen = {(line.kind, line.part, line.key) for line in lines}
    return {kind: sum(1 for each in seen if each[0] is kind) for kind in LineKind}


def _line(row: DifferenceRow) -> DifferenceLine:
    kind = {Change.ADDED: LineKind.ADDED, Change.REMOVED: LineKind.REMOVED, Change.CHANGED: LineKind.CHANGED}
    return DifferenceLine(
        part=row.section,
        kind=kind[row.change],
        key=row.key,
        symbol=row.symbol,
        field=row.field,
        old=row.old,
        new=row.new,
    )


def _account_lines(plan: Plan) -> Iterator[DifferenceLine]:
    for name in AccountState.__struct_fields__:
        known = getattr(plan.known_account, name)
        live = getattr(plan.live_account, name) if plan.live_account is not None else None
        if live is None or live == known:
            continue
        yield DifferenceLine(
            part=Part.ACCOUNT, kind=LineKind.CHANGED, key="account", field=name, old=str(known), new=str(live)
        )
    if plan.live_account is None:
        yield DifferenceLine(
            part=Part.ACCOUNT,
            kind=LineKind.UNKNOWN,
            key="account",
            old=in_words(plan.known_account),
            why="; ".join(gap.reason for gap in plan.coverage.gaps() if gap.scope.kind.value == "account"),
        )


def _position_lines(verdict: PositionVerdict, why: str) -> list[DifferenceLine]:
    ref = f"{verdict.symbol}:{verdict.side.value}"
    base: dict[str, Any] = {"part": Part.POSITIONS, "symbol": verdict.symbol, "why": why, "ref": ref}
    base["key"] = verdict.known.id if verdict.known else ref
    old = in_words(verdict.known) if verdict.known else ""
    new = _position_words(verdict.live) if verdict.live else ""
    match verdict.kind:
        case PositionVerdictKind.MATCHED:
            return []
        case PositionVerdictKind.UNKNOWN:
            return [_made(base, LineKind.UNKNOWN, old=old, new=new)]
        case PositionVerdictKind.OPENED_WHILE_DOWN:
            return [_made(base, LineKind.ADDED, new=new)]
        case PositionVerdictKind.CLOSED_WHILE_DOWN:
            return [_made(base, LineKind.REMOVED, old=old)]
        case _:
            return _changed_position(base, verdict.known, verdict.live) or [
                _made(base, LineKind.CHANGED, old=old, new=new)
            ]


def _changed_position(
    base: dict[str, Any], known: PositionState | None, live: ExchangePosition | None
) -> list[DifferenceLine]:
    if known is None or live is None:
        return []
    pairs = (
        ("side", known.side.value, live.side.value),
        ("quantity", known.quantity, live.contracts),
        ("entry_price", known.entry_price, live.entry_price),
    )
    return _changed_fields(base, pairs)


def _order_lines(verdict: OrderVerdict, why: str) -> list[DifferenceLine]:
    known, live = verdict.known, verdict.live
    record = live or known
    assert record is not None
    base: dict[str, Any] = {"part": Part.ORDERS, "symbol": record.symbol, "key": record.id, "why": why, "ref": verdict.key}
    old = in_words(known) if known else ""
    if known is None:
        return [_made(base, LineKind.ADDED, new=_order_words(live) if live else "")]
    match verdict.kind:
        case OrderVerdictKind.MATCHED:
            return []
        case OrderVerdictKind.DRIFTED:
            return _drifted(base, known, live)
        case OrderVerdictKind.FILLED_WHILE_DOWN | OrderVerdictKind.CLOSED_WHILE_DOWN:
            return [_made(base, LineKind.REMOVED, old=old, new=_order_words(live) if live else "")]
        case _:
            return [_made(base, LineKind.UNKNOWN, old=old)]


def _drifted(base: dict[str, Any], known: OrderState, live: ExchangeOrder | None) -> list[DifferenceLine]:
    if live is None:
        return [_made(base, LineKind.CHANGED, old=in_words(known))]
    price = live.price if live.price is not None else live.trigger_price
    pairs = (
        ("side", known.side.value, live.side.value),
        ("quantity", known.quantity, live.amount),
        ("filled_quantity", known.filled_quantity, live.filled),
        ("price", known.price, price),
        ("status", known.status.value, live.status.value),
    )
    return _changed_fields(base, pairs) or [
        _made(base, LineKind.CHANGED, old=in_words(known), new=_order_words(live))
    ]


def _changed_fields(base: dict[str, Any], pairs: Iterable[tuple[str, object, object]]) -> list[DifferenceLine]:
    return [
        _made(base, LineKind.CHANGED, field=name, old="" if old is None else str(old), new=str(new))
        for name, old, new in pairs
        if new is not None and new != old
    ]


def _made(base: dict[str, Any], kind: LineKind, **values: str) -> DifferenceLine:
    return DifferenceLine(kind=kind, **(base | values))


def _position_words(position: ExchangePosition) -> str:
    word = "long" if position.side.value == "buy" else "short"
    entry = "" if position.entry_price is None else f" at {position.entry_price}"
    return f"{word} {position.contracts}{entry}"


def _order_words(order: ExchangeOrder) -> str:
    price = order.price if order.price is not None else order.trigger_price
    at = "market" if price is None else price
    amount = "?" if order.amount is None else order.amount
    filled = "" if order.filled is None else f", {order.filled} filled"
    return f"{order.side.value} {amount} at {at}{filled}"
