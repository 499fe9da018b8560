"""The changes behind a checkpoint as a table, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject

from crashdesk import OrderState, PositionState, StrategyState
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import decode_account, decode_order, decode_position, decode_strategy
from crashdesk.difference import Section as Part
from crashdesk.looking_back import JournalledChange, LookedBack, RecoveredFrom
from crashdesk.state import AccountState
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.amounts import ContractOf, amount_words, contracts_of
from crashdesk_gui.models.checkpoints import iso_time
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.theme import Tone

_GONE = {ChangeKind.ORDER_GONE: Part.ORDERS, ChangeKind.POSITION_GONE: Part.POSITIONS}


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One change: what it is about, by id and symbol, and the record as it is from then on; None when it is gone."""

    number: int
    at: int
    part: Part
    key: str
    symbol: str = ""
    record: AccountState | OrderState | PositionState | StrategyState | None = None


def change_lines(changes: Iterable[JournalledChange]) -> tuple[ChangeLine, ...]:
    """A line each. Raises CodecError, UnicodeDecodeError for a record that cannot be read."""
    symbols: dict[tuple[Part, str], str] = {}
    lines = []
    for each in changes:
        part, key, record = _content(each.change)
        if isinstance(record, OrderState | PositionState):
            symbols[part, key] = record.symbol
        symbol = symbols.get((part, key), "")
        lines.append(ChangeLine(number=each.number, at=each.at, part=part, key=key, symbol=symbol, record=record))
    return tuple(lines)


def _content(
    change: Change,
) -> tuple[Part, str, AccountState | OrderState | PositionState | StrategyState | None]:
    match change.kind:
        case ChangeKind.ORDER:
            order = decode_order(change.body)
            return Part.ORDERS, order.id, order
        case ChangeKind.POSITION:
            position = decode_position(change.body)
            return Part.POSITIONS, position.id, position
        case ChangeKind.ACCOUNT:
            return Part.ACCOUNT, "account", decode_account(change.body)
        case ChangeKind.STRATEGY:
            strategy = decode_strategy(change.body)
            return Part.STRATEGIES, strategy.name, strategy
        case kind:
            return _GONE[kind], change.body.decode(), None


class ChangeTexts(QObject):
    """Words and columns of changes. `contract_of` says what their amounts count."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._words = PlanWords(ui.display, self)
        self.contract_of: ContractOf = contracts_of(None)

    def what(self, line: ChangeLine) -> str:
        """What the change is about."""
        return {
            Part.ACCOUNT: self.tr("account"),
            Part.POSITIONS: self.tr("position"),
            Part.ORDERS: self.tr("order"),
            Part.STRATEGIES: self.tr("strategy"),
        }[line.part]

    def name(self, line: ChangeLine) -> str:
        """What the change is about, and which."""
        which = f"{line.symbol} {line.key}".strip() if line.part is not Part.ACCOUNT else ""
        return f"{self.what(line)} {which}".rstrip()

    def content(self, line: ChangeLine) -> str:
        """The record as it is from then on."""
        number, record = self._ui.display.decimal, line.record
        match record:
            case OrderState():
                return self.tr("{0} {1} at {2}, {3} filled, {4}").format(
                    self._words.order_side(record.side),
                    amount_words(self._ui.display, record.quantity, self.contract_of(record.symbol)),
                    self._words.price(record),
                    number(record.filled_quantity),
                    self._words.order_status(record.status),
                )
            case PositionState():
                return self.tr("{0} {1} at {2}").format(
                    self._words.position_side(record.side),
                    amount_words(self._ui.display, record.quantity, self.contract_of(record.symbol)),
                    number(record.entry_price),
                )
            case AccountState():
                return self.tr("equity {0}, balance {1}").format(number(record.equity), number(record.balance))
            case StrategyState():
                return self.tr("%n byte(s)", "", len(record.state_data))
            case _:
                return self.tr("closed") if line.part is Part.POSITIONS else self.tr("no longer open")

    def model(self, parent: QObject | None = None) -> RecordTableModel[ChangeLine]:
        """A model of lines, in the order of the journal."""
        display = self._ui.display
        columns: tuple[Column[ChangeLine], ...] = (
            Column(
                id="number",
                title=self.tr("No."),
                text=lambda line: display.count(line.number),
                sort=lambda line: line.number,
                export=lambda line: line.number,
                numeric=True,
                visible=False,
                width=68,
            ),
            Column(
                id="time",
                title=self.tr("Time"),
                text=lambda line: display.clock(line.at),
                sort=lambda line: (line.at, line.number),
                export=lambda line: iso_time(line.at),
                tooltip=lambda line: display.time(line.at, millis=True),
                width=68,
            ),
            Column(
                id="what",
                title=self.tr("What"),
                text=self.what,
                export=lambda line: line.part.value,
                tone=lambda _line: Tone.MUTED,
                visible=False,
                width=64,
            ),
            Column(
                id="record",
                title=self.tr("Record"),
                text=lambda line: line.symbol or ("" if line.part is Part.ACCOUNT else line.key),
                export=lambda line: " ".join(each for each in (line.symbol, line.key) if each),
                tooltip=lambda line: line.key,
                width=112,
            ),
            Column(id="content", title=self.tr("Since then"), text=self.content, tooltip=self.content, stretch=True),
        )
        return RecordTableModel(columns, key=lambda line: line.number, parent=parent)

    def after(self, looked: LookedBack) -> str:
        """What came after the checkpoint, and which recovery started from it."""
        if looked.recovered is not None:
            return self._taken(looked, looked.recovered)
        if not looked.kept:
            return self.tr(
                "The journal keeps the changes behind the newest two checkpoints, and those that a recovery started from. It "
                "keeps none of this one."
            )
        if not looked.changes:
            return self.tr("Nothing was journalled after this checkpoint.")
        text = self.tr("%n change(s) came after this checkpoint, the last at {0}.", "", len(looked.changes))
        return text.format(self._ui.display.time(looked.changes[-1].at))

    def _taken(self, looked: LookedBack, recovered: RecoveredFrom) -> str:
        """What of it a recovery started from."""
        time = self._ui.display.time
        began = time(recovered.at)
        if not looked.kept and recovered.changes:
            text = self.tr(
                "%n change(s) came after this checkpoint, and the recovery of {0} took all of it into account. The journal keeps "
                "nothing of it any more.",
                "",
                recovered.changes,
            )
            return text.format(began)
        if not looked.changes:
            text = self.tr("Nothing was journalled after this checkpoint. The recovery of {0} started from it alone.")
            return text.format(began)
        if not looked.count:
            text = self.tr(
                "%n change(s) came after this checkpoint. The recovery of {0} started from the checkpoint alone.",
                "",
                len(looked.changes),
            )
            return text.format(began)
        text = self.tr(
            "%n change(s) came after this checkpoint, the last at {0}. The recovery of {1} took all of it into account.",
            "",
            looked.count,
        )
        return text.format(time(looked.until), began)

    def origin(self, looked: LookedBack) -> str:
        """The recovery that saved the checkpoint, and what it started from; empty for none that is told."""
        made = looked.made_by
        if made is None:
            return ""
        if not made.changes:
            return self.tr("Saved by a recovery from checkpoint {0}.").format(made.seq)
        text = self.tr("Saved by a recovery from checkpoint {0} and %n change(s) after it.", "", made.changes)
        return text.format(made.seq)
