"""A state's positions, orders and strategies as tables."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from crashdesk import OrderState, PositionState, Side, StrategyState
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.amounts import ContractOf, amount_words, contracts_of
from crashdesk_gui.models.checkpoints import iso_time
from crashdesk_gui.models.plan_words import PlanWords, side_tone
from crashdesk_gui.models.table import Column, RecordTableModel

T = TypeVar("T")
HEX_BYTES = 64
"""How much of a strategy's data is shown; the rest is counted."""


class StateTables(QObject):
    """The tables that a state is shown in. `contract_of` says what its amounts count: set it, then refresh the texts."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._words = PlanWords(ui.display, self)
        self.contract_of: ContractOf = contracts_of(None)

    def positions(self, parent: QObject | None = None) -> RecordTableModel[PositionState]:
        """A model of a state's positions."""
        columns: tuple[Column[PositionState], ...] = (
            self._plain("symbol", self.tr("Symbol"), lambda p: p.symbol, 136),
            self._side(self._words.position_side),
            self._quantity("quantity", self.tr("Quantity"), lambda p: p.quantity),
            self._amount("entry_price", self.tr("Entry price"), lambda p: p.entry_price),
            self._amount("unrealized_pnl", self.tr("Unrealized PnL"), lambda p: p.unrealized_pnl, sign=True, width=112),
            self._time("opened_at", self.tr("Opened"), lambda p: p.opened_at),
            self._plain("id", self.tr("Id"), lambda p: p.id, 160),
        )
        return RecordTableModel(columns, key=lambda record: record.id, parent=parent)

    def orders(self, parent: QObject | None = None) -> RecordTableModel[OrderState]:
        """A model of a state's open orders."""
        columns: tuple[Column[OrderState], ...] = (
            self._plain("symbol", self.tr("Symbol"), lambda o: o.symbol, 136),
            self._side(self._words.order_side),
            Column[OrderState](
                id="type",
                title=self.tr("Type"),
                text=lambda o: self._words.order_type(o.order_type),
                export=lambda o: o.order_type.value,
                width=80,
            ),
            Column[OrderState](
                id="price",
                title=self.tr("Price"),
                # What the order waits for is no price that it would trade at.
                text=lambda o: self._ui.display.decimal(None) if o.price is None else self._words.price(o),
                sort=lambda o: o.price,
                export=lambda o: o.price,
                numeric=True,
                width=88,
            ),
            self._quantity("quantity", self.tr("Quantity"), lambda o: o.quantity),
            self._quantity("filled", self.tr("Filled"), lambda o: o.filled_quantity),
            Column[OrderState](
                id="status",
                title=self.tr("Status"),
                text=lambda o: self._words.order_status(o.status),
                export=lambda o: o.status.value,
                width=104,
            ),
            self._time("created_at", self.tr("Created"), lambda o: o.created_at),
            self._plain("client_order_id", self.tr("Client order id"), lambda o: o.client_order_id, 144),
            self._plain("id", self.tr("Id"), lambda o: o.id, 120),
        )
        return RecordTableModel(columns, key=lambda record: record.id, parent=parent)

    def strategies(self, parent: QObject | None = None) -> RecordTableModel[StrategyState]:
        """A model of what the strategies left, as bytes."""
        columns: tuple[Column[StrategyState], ...] = (
            self._plain("name", self.tr("Strategy"), lambda s: s.name, 128),
            Column[StrategyState](
                id="bytes",
                title=self.tr("Bytes"),
                text=lambda s: self._ui.display.count(len(s.state_data)),
                sort=lambda s: len(s.state_data),
                export=lambda s: len(s.state_data),
                numeric=True,
                width=72,
            ),
            Column[StrategyState](
                id="data",
                title=self.tr("Data (hexadecimal)"),
                text=lambda s: hex_text(s.state_data),
                export=lambda s: s.state_data.hex(),
                tooltip=lambda s: hex_text(s.state_data, 256),
                stretch=True,
            ),
        )
        return RecordTableModel(columns, key=lambda record: record.name, parent=parent)

    def _plain(self, column: str, title: str, value: Callable[[T], str], width: int) -> Column[T]:
        return Column(id=column, title=title, text=value, tooltip=value, width=width)

    def _side(self, words: Callable[[Side], str]) -> Column[Any]:
        return Column(
            id="side",
            title=self.tr("Side"),
            text=lambda record: words(record.side),
            export=lambda record: record.side.value,
            tone=lambda record: side_tone(record.side),
            width=72,
        )

    def _amount(
        self, column: str, title: str, value: Callable[[T], Decimal | None], *, sign: bool = False, width: int = 88
    ) -> Column[T]:
        return Column(
            id=column,
            title=title,
            text=lambda record: self._ui.display.decimal(value(record), sign=sign),
            sort=value,
            export=value,
            numeric=True,
            width=width,
        )

    def _quantity(self, column: str, title: str, value: Callable[[Any], Decimal]) -> Column[Any]:
        """An amount, which may count contracts."""

        def words(record: Any) -> str:
            return amount_words(self._ui.display, value(record), self.contract_of(record.symbol))

        return Column(
            id=column, title=title, text=words, sort=value, export=value, tooltip=words, numeric=True, width=88
        )

    def _time(self, column: str, title: str, value: Callable[[T], int]) -> Column[T]:
        return Column(
            id=column,
            title=title,
            text=lambda record: self._ui.display.time(value(record)),
            sort=value,
            export=lambda record: iso_time(value(record)),
            width=168,
        )


def hex_text(data: bytes, limit: int = HEX_BYTES) -> str:
    """The first bytes in groups of four; an ellipsis where there are more."""
    return data[:limit].hex(" ", -4) + (" …" if len(data) > limit else "")
