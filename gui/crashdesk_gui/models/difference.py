"""What differs between two states, or between a state and the exchange, as lines of a table."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

import msgspec
from PySide6.QtCore import QObject

from crashdesk import OrderStatus, OrderType, Side, SystemState
from crashdesk.difference import Change, DifferenceRow, difference
from crashdesk.difference import Section as Part
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import (
    Evidence,
    OrderVerdict,
    OrderVerdictKind,
    Plan,
    PositionVerdict,
    PositionVerdictKind,
)
from crashdesk.state import AccountState
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.amounts import ContractOf, amount_words, contracts_of
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.record_fields import Fields, Record, fields_of
from crashdesk_gui.models.table import Column, RecordTableModel, Section
from crashdesk_gui.phrases import said
from crashdesk_gui.theme import Tone

_PRICES = ("price", "trigger_price")
_AMOUNTS = frozenset({*_PRICES, "quantity", "filled_quantity", "entry_price"})


class LineKind(enum.Enum):
    """What became of a record: it was added, removed or changed, or nobody can tell."""

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
        """The colour of sign and word: neither is an order that nobody knew all right, nor one that filled an error."""
        return {
            LineKind.ADDED: Tone.ACCENT,
            LineKind.REMOVED: Tone.MUTED,
            LineKind.CHANGED: Tone.WARNING,
            LineKind.UNKNOWN: Tone.UNKNOWN,
        }[self]


class Origin(enum.Enum):
    """By what a record came to be another between two checkpoints, where a recovery saved the second one."""

    JOURNAL = "journal"
    RECOVERY = "recovery"


class RecordRef(msgspec.Struct, frozen=True, kw_only=True):
    """The record that lines are about: `key` its id, `why` on what evidence, a line each, a comparison with the exchange says so.

    `ref` tells apart what shares an id on the exchange; `origin` is None where only one thing can have changed it.
    """

    part: Part
    kind: LineKind
    key: str
    symbol: str = ""
    why: str = ""
    ref: str = ""
    origin: Origin | None = None


class DifferenceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a record that differs, as exact texts; `old` or `new` is empty where there is no such record."""

    record: RecordRef
    field: str
    old: str = ""
    new: str = ""


def state_lines(old: SystemState, new: SystemState, origin: Origin | None = None) -> tuple[DifferenceLine, ...]:
    """What became of the older state."""
    before, after = _records(old), _records(new)
    lines: list[DifferenceLine] = []
    for row in difference(old, new):
        record = RecordRef(
            part=row.section, kind=LineKind(row.change.value), key=row.key, symbol=row.symbol, origin=origin
        )
        if row.change is not Change.CHANGED:
            lines += _whole(record, row, before, after)
        elif row.section is Part.ORDERS and row.field == "price":
            key = (row.section, row.key)
            lines += _prices(record, fields_of(before[key]), fields_of(after[key]))
        else:
            lines.append(DifferenceLine(record=record, field=row.field, old=row.old, new=row.new))
    return tuple(lines)


def exchange_lines(plan: Plan, words: Callable[[Evidence], str] = lambda each: each.text) -> tuple[DifferenceLine, ...]:
    """What the exchange says other than the checkpoint; what was not read is unknown, never removed.

    `words` puts a piece of evidence into the operator's language.
    """
    lines = list(_account_lines(plan))
    for position in plan.positions:
        lines += _position_lines(position, "\n".join(words(each) for each in position.evidence))
    for order in plan.orders:
        lines += _order_lines(order, "\n".join(words(each) for each in order.evidence))
    return tuple(lines)


class DifferenceTexts(QObject):
    """Words, columns and headings of a difference. `contract_of` says what its amounts count."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._words = PlanWords(ui.display, self)
        self.contract_of: ContractOf = contracts_of(None)

    def kind(self, kind: LineKind) -> str:
        """Sign and word."""
        word = {
            LineKind.ADDED: self.tr("added"),
            LineKind.REMOVED: self.tr("gone"),
            LineKind.CHANGED: self.tr("changed"),
            LineKind.UNKNOWN: self.tr("unknown"),
        }[kind]
        return f"{kind.glyph} {word}"

    def part(self, part: Part) -> str:
        """What a record is."""
        return {
            Part.ACCOUNT: self.tr("account"),
            Part.POSITIONS: self.tr("position"),
            Part.ORDERS: self.tr("order"),
            Part.STRATEGIES: self.tr("strategy"),
        }[part]

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
            "trigger_price": self.tr("trigger price"),
            "status": self.tr("status"),
            "opened_at": self.tr("opened"),
            "created_at": self.tr("created"),
            "order_type": self.tr("type"),
            "client_order_id": self.tr("client order id"),
            "state_data": self.tr("data"),
        }.get(name, name)

    def name(self, record: RecordRef) -> str:
        """What a record is, and which."""
        return f"{self.part(record.part)} {record_name(record)}".rstrip()

    def sections(self, lines: Iterable[DifferenceLine]) -> list[Section]:
        """A heading per record, in the order of the lines; an order's id, which may be long, is the heading's note."""
        return [
            Section(
                id=record,
                title=f"{self.kind(record.kind)}  {self.part(record.part)} {_short_name(record)}".rstrip(),
                note=self._note(record),
                tone=record.kind.tone,
                counted=False,
            )
            for record in dict.fromkeys(line.record for line in lines)
        ]

    def _note(self, record: RecordRef) -> str:
        key = record.key if record.part is Part.ORDERS and record.symbol else ""
        return " · ".join(text for text in (self.origin(record.origin), key) if text)

    def origin(self, origin: Origin | None) -> str:
        """By what a record came to be another."""
        if origin is None:
            return ""
        return self.tr("by the journal") if origin is Origin.JOURNAL else self.tr("by the recovery")

    def model(self, parent: QObject | None = None) -> RecordTableModel[DifferenceLine]:
        """A model of lines; give it the `sections` of the lines before the lines."""
        return RecordTableModel(
            self._columns(),
            key=lambda line: (line.record, line.field),
            section_of=lambda line: line.record,
            parent=parent,
        )

    def shown(self, line: DifferenceLine, text: str) -> str:
        """A value as the operator reads it; exact."""
        if not text or line.record.part is Part.STRATEGIES:
            return text
        words, display = self._words, self._ui.display
        side = words.position_side if line.record.part is Part.POSITIONS else words.order_side
        contract = self.contract_of(line.record.symbol)
        readers: dict[str, Callable[[str], str]] = {
            "quantity": lambda each: amount_words(display, Decimal(each), contract),
            "filled_quantity": lambda each: amount_words(display, Decimal(each), contract),
            "side": lambda each: side(Side(each)),
            "order_type": lambda each: words.order_type(OrderType(each)),
            "status": lambda each: words.order_status(OrderStatus(each)),
            "opened_at": lambda each: display.time(int(each)),
            "created_at": lambda each: display.time(int(each)),
            "client_order_id": str,
            "symbol": str,
        }
        reader = readers.get(line.field)
        return display.decimal(Decimal(text)) if reader is None else reader(text)

    def _columns(self) -> tuple[Column[DifferenceLine], ...]:
        return (
            Column(
                id="record",
                title=self.tr("Record"),
                text=lambda line: record_name(line.record),
                export=lambda line: " ".join((line.record.part.value, line.record.symbol, line.record.key)),
                visible=False,
                width=160,
            ),
            Column(
                id="kind",
                title=self.tr("What"),
                text=lambda line: self.kind(line.record.kind),
                export=lambda line: line.record.kind.value,
                tone=lambda line: line.record.kind.tone,
                visible=False,
                width=88,
            ),
            Column(
                id="field",
                title=self.tr("Field"),
                text=lambda line: self.field(line.field),
                export=lambda line: line.field,
                tone=lambda _line: Tone.MUTED,
                width=104,
            ),
            self._value("old", self.tr("Old"), lambda line: line.old),
            self._value("new", self.tr("→ New"), lambda line: line.new),
        )

    def _value(self, column: str, title: str, value: Callable[[DifferenceLine], str]) -> Column[DifferenceLine]:
        return Column(
            id=column,
            title=title,
            text=lambda line: self.shown(line, value(line)),
            export=value,
            tone=lambda line: Tone.MUTED if line.old == line.new else Tone.TEXT,
            tooltip=lambda line: self.shown(line, value(line)),
            numeric=True,
            stretch=True,
            wrap=True,
        )


def record_name(record: RecordRef) -> str:
    """The symbol, with the id where the symbol alone would not tell."""
    if record.part is Part.ACCOUNT:
        return ""
    if record.part is Part.POSITIONS and record.symbol:
        return record.symbol
    return f"{record.symbol} {record.key}".strip()


def _short_name(record: RecordRef) -> str:
    return record.symbol if record.part is Part.ORDERS and record.symbol else record_name(record)


def count_kinds(lines: Iterable[DifferenceLine]) -> dict[LineKind, int]:
    """How many records each kind concerns."""
    kinds = [record.kind for record in {line.record for line in lines}]
    return {kind: kinds.count(kind) for kind in LineKind}


def _records(state: SystemState) -> dict[tuple[Part, str], Record]:
    found: dict[tuple[Part, str], Record] = {(Part.POSITIONS, each.id): each for each in state.positions}
    found |= {(Part.ORDERS, each.id): each for each in state.open_orders}
    found |= {(Part.STRATEGIES, each.name): each for each in state.strategy_states or ()}
    return found


def _prices(record: RecordRef, old: Fields, new: Fields) -> list[DifferenceLine]:
    """A price that changed, by what it is before and after; an order that got another type may have had the other one."""
    before, after = dict(old), dict(new)
    return [
        DifferenceLine(record=record, field=name, old=before.get(name, ""), new=after.get(name, ""))
        for name in _PRICES
        if before.get(name) != after.get(name)
    ]


def _whole(
    record: RecordRef,
    row: DifferenceRow,
    before: dict[tuple[Part, str], Record],
    after: dict[tuple[Part, str], Record],
) -> list[DifferenceLine]:
    key = (row.section, row.key)
    return _sided(record, old=before[key]) if row.change is Change.REMOVED else _sided(record, new=after[key])


def _sided(record: RecordRef, *, old: Record | None = None, new: Record | None = None) -> list[DifferenceLine]:
    """Every telling field of a record that is on one side, or on both without a rule which of them differ."""
    left, right = dict(fields_of(old)), dict(fields_of(new))
    names = dict.fromkeys((*left, *right))
    return [
        DifferenceLine(record=record, field=name, old=left.get(name, ""), new=right.get(name, "")) for name in names
    ]


def _differing(record: RecordRef, old: Record, new: Record) -> list[DifferenceLine]:
    told = dict(fields_of(new))
    lines = []
    for name, text in fields_of(old):
        if name not in told or told[name] == text:
            continue
        if name in _AMOUNTS and Decimal(text) == Decimal(told[name]):
            continue
        lines.append(DifferenceLine(record=record, field=name, old=text, new=told[name]))
    return lines


def _account_lines(plan: Plan) -> Iterator[DifferenceLine]:
    if plan.live_account is None:
        why = "\n".join(said(gap.reason) for gap in plan.coverage.gaps() if gap.scope.kind is ScopeKind.ACCOUNT)
        record = RecordRef(part=Part.ACCOUNT, kind=LineKind.UNKNOWN, key="account", why=why)
        yield from _sided(record, old=plan.known_account)
        return
    record = RecordRef(part=Part.ACCOUNT, kind=LineKind.CHANGED, key="account")
    for name in AccountState.__struct_fields__:
        known, live = getattr(plan.known_account, name), getattr(plan.live_account, name)
        if live is not None and live != known:
            yield DifferenceLine(record=record, field=name, old=str(known), new=str(live))


def _position_lines(verdict: PositionVerdict, why: str) -> list[DifferenceLine]:
    if verdict.kind is PositionVerdictKind.MATCHED:
        return []
    kind = {
        PositionVerdictKind.OPENED_WHILE_DOWN: LineKind.ADDED,
        PositionVerdictKind.CLOSED_WHILE_DOWN: LineKind.REMOVED,
        PositionVerdictKind.UNKNOWN: LineKind.UNKNOWN,
    }.get(verdict.kind, LineKind.CHANGED)
    ref = f"{verdict.symbol}:{verdict.side.value}"
    key = verdict.known.id if verdict.known else ref
    record = RecordRef(part=Part.POSITIONS, kind=kind, key=key, symbol=verdict.symbol, why=why, ref=ref)
    return _lines_of(record, verdict.known, verdict.live)


def _order_lines(verdict: OrderVerdict, why: str) -> list[DifferenceLine]:
    if verdict.kind is OrderVerdictKind.MATCHED:
        return []
    shown = verdict.live or verdict.known
    assert shown is not None
    if verdict.known is None:
        kind = LineKind.ADDED
    else:
        kind = {
            OrderVerdictKind.DRIFTED: LineKind.CHANGED,
            OrderVerdictKind.FILLED_WHILE_DOWN: LineKind.REMOVED,
            OrderVerdictKind.CLOSED_WHILE_DOWN: LineKind.REMOVED,
        }.get(verdict.kind, LineKind.UNKNOWN)
    record = RecordRef(part=Part.ORDERS, kind=kind, key=shown.id, symbol=shown.symbol, why=why, ref=verdict.key)
    return _lines_of(record, verdict.known, verdict.live)


def _lines_of(record: RecordRef, known: Record | None, live: Record | None) -> list[DifferenceLine]:
    if record.kind is LineKind.CHANGED and known is not None and live is not None:
        return _differing(record, known, live) or _sided(record, old=known, new=live)
    return _sided(record, old=known, new=live)
