"""What one checkpoint holds: account, positions, orders, strategies, and the file itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from crashdesk.errors import CheckpointNotFound
from crashdesk.inspection import FileDetails
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain, newer_version
from crashdesk_gui.models.amounts import ContractOf
from crashdesk_gui.models.checkpoints import CAUSE_TONES, PIN_MARK, CheckpointTexts
from crashdesk_gui.models.records import StateTables
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.session import CheckpointRow
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.history_summary import CheckpointSummary
from crashdesk_gui.widgets.page_stack import PageStack
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.status import Chip, StatusChip
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, icon_button, push_button

translate = QCoreApplication.translate


class CheckpointDetails(Panel):
    """The panel beside the table.

    Signals: `recover_wanted()`, `exchange_wanted()` (compare with the exchange), `pin_toggled(bool)`, `verify_wanted()`,
    `export_wanted(position of the menu)`, `reveal_wanted()`, `changes_wanted()`: all about the checkpoint that is shown.
    """

    recover_wanted = Signal()
    exchange_wanted = Signal()
    pin_toggled = Signal(bool)
    verify_wanted = Signal()
    export_wanted = Signal(object)
    reveal_wanted = Signal()
    changes_wanted = Signal()

    def __init__(self, ui: UiContext, texts: CheckpointTexts, parent: QWidget | None = None) -> None:
        super().__init__(ui, flush=True, parent=parent)
        self._ui = ui
        self._texts = texts
        self._row: CheckpointRow | None = None
        self._details: FileDetails | None = None
        self._tables = StateTables(ui, self)
        self.positions = self._tables.positions(self)
        self.orders = self._tables.orders(self)
        self.strategies = self._tables.strategies(self)
        self._heading = TextLabel(ui, style=TextStyle.TITLE)
        self._when = TextLabel(ui, tone=Tone.MUTED, wrap=True, selectable=True)
        self._integrity = StatusChip(ui, Status.UNKNOWN, "")
        self._cause = Chip(ui)
        pinned = self.tr("pinned")
        self._pinned = Chip(ui, f"{PIN_MARK} {pinned}", Tone.ACCENT)
        self._pin = icon_button(ui, "pin", self.tr("Keep for ever (pin)"), self._toggle_pin)
        self._pin_shown = False
        self._part = 0
        self._reading = False
        self._hindrance = ""
        self._last_known: int | None = None
        self._export = icon_button(ui, "export", self.tr("Export…"), self._offer_export)
        self._tabs = QTabBar()
        self._stack = PageStack()
        self._summary = CheckpointSummary(ui)
        self._summary.setObjectName("checkpoint-summary")
        self._summary.changes_wanted.connect(self.changes_wanted)
        self._views: list[RecordTableView] = []
        self._recover = push_button(
            ui, self.tr("Recover from this…"), self.recover_wanted.emit, kind=ButtonKind.PRIMARY, icon="recovery"
        )
        self._recover_older = push_button(
            ui, self.tr("Recover from this…"), self.recover_wanted.emit, kind=ButtonKind.QUIET, icon="recovery"
        )
        self._recover_older.hide()
        self._older = TextLabel(ui, tone=Tone.WARNING, wrap=True)
        self._older.setContentsMargins(5, 0, 5, 0)
        self._older.hide()
        self._against = push_button(ui, self.tr("Against the exchange"), self.exchange_wanted.emit, icon="compare")
        self._build()
        ui.display.ticked.connect(self._show_when)
        ui.display.changed.connect(self._show_again)

    def _build(self) -> None:
        self.add(self._make_head())
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._tabs.setAccessibleName(self.tr("Parts of the checkpoint"))
        self._tabs.addTab(self.tr("Summary"))
        self._stack.addWidget(self._summary)
        for model, name, words in (
            (self.positions, "checkpoint-positions", self.tr("Positions of the checkpoint")),
            (self.orders, "checkpoint-orders", self.tr("Orders of the checkpoint")),
            (self.strategies, "checkpoint-strategies", self.tr("Strategies of the checkpoint")),
        ):
            view = RecordTableView(self._ui, model, name, accessible_name=words)
            self._views.append(view)
            self._stack.addWidget(view)
            self._tabs.addTab("")
        self._tabs.currentChanged.connect(self._on_tab)
        self.add(self._tabs)
        self.add(self._stack, 1)
        # What is scrolled ends at a line, not in the middle of the warning.
        foot = QFrame()
        foot.setObjectName("panelFoot")
        column = QVBoxLayout(foot)
        column.setContentsMargins(10, 8, 10, 11)
        column.setSpacing(6)
        column.addWidget(self._older)
        row = QHBoxLayout()
        column.addLayout(row)
        # Both buttons have to fit side by side in the narrowest window.
        row.setSpacing(6)
        row.addWidget(self._recover)
        row.addWidget(self._recover_older)
        row.addWidget(self._against)
        row.addStretch(1)
        self.add(foot)

    def _make_head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(15, 11, 8, 4)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self._heading, 1)
        top.addWidget(self._pin)
        top.addWidget(icon_button(self._ui, "verify", self.tr("Verify the file"), self.verify_wanted.emit))
        top.addWidget(self._export)
        top.addWidget(icon_button(self._ui, "folder", self.tr("Show in the file manager"), self.reveal_wanted.emit))
        column.addLayout(top)
        column.addWidget(self._when)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for chip in (self._integrity, self._cause, self._pinned):
            chips.addWidget(chip)
        chips.addStretch(1)
        column.addLayout(chips)
        return head

    def set_store(self, store: str) -> None:
        """Whose arrangement of columns to use."""
        for view in self._views:
            view.set_store(store)

    def set_contracts(self, contract_of: ContractOf) -> None:
        """Say what the amounts of a symbol count from now on."""
        self._tables.contract_of = contract_of
        for view in self._views:
            view.record_model().refresh_texts()
            view.fit_columns()

    @property
    def row(self) -> CheckpointRow | None:
        """The checkpoint that is shown."""
        return self._row

    @property
    def details(self) -> FileDetails | None:
        """What was read of it, None until then."""
        return self._details

    def take_focus(self) -> None:
        """Put the keyboard on the parts of the checkpoint."""
        self._tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def part(self) -> int:
        """Which part of a checkpoint is looked at, from the left; it stays when another checkpoint is shown."""
        return self._part

    def show_part(self, part: int) -> None:
        """Look at a part, as soon as it was read."""
        self._part = part
        self._show_state_tables(self._details)

    def hinder_recovery(self, why: str) -> None:
        """Offer no recovery for this reason, which concerns every checkpoint; empty: there is none."""
        if why != self._hindrance:
            self._hindrance = why
            if self._row is not None:
                self._offer_recovery(self._row)

    def set_last_known(self, seq: int | None) -> None:
        """Which checkpoint the last known state rests on, None for none: a recovery from any other one is no usual step."""
        self._last_known = seq
        if self._row is not None:
            self._offer_recovery(self._row)

    def _offer_recovery(self, row: CheckpointRow) -> None:
        damaged = newer_version() if row.newer else self.tr("A corrupt checkpoint cannot be recovered from")
        why = damaged if row.problem else self._hindrance
        older = self._last_known is not None and row.info.seq != self._last_known
        words = self.tr("This is not the last known state: that is checkpoint {0}.").format(self._last_known)
        self._older.setText(f"{Status.DIFFERS.glyph} {words}" if older else "")
        self._older.setVisible(older)
        for button in (self._recover, self._recover_older):
            button.setEnabled(not why)
            button.setToolTip(why or (words if older else ""))
            button.setAccessibleDescription(why or (words if older else ""))
        self._recover.setVisible(not older)
        self._recover_older.setVisible(older)

    def show_row(self, row: CheckpointRow) -> None:
        """Show what the list knows of a checkpoint; the rest comes with `show_details`."""
        another = self._row is None or self._row.info.seq != row.info.seq
        self._row = row
        self._heading.setText(self._texts.title(row))
        self.setAccessibleName(self._texts.title(row))
        self._integrity.set_status(*self._texts.integrity(row))
        self._cause.set_chip(self._texts.cause(row.cause), CAUSE_TONES.get(row.cause, Tone.UNKNOWN))
        self._pinned.setVisible(row.info.pinned)
        pin = self.tr("Keep no longer (unpin)") if row.info.pinned else self.tr("Keep for ever (pin)")
        self._pin.setToolTip(pin)
        self._pin.setAccessibleName(pin)
        if row.info.pinned is not self._pin_shown:
            self._pin_shown = row.info.pinned
            self._ui.icons.bind(self._pin, "pin", Tone.ACCENT if row.info.pinned else Tone.MUTED)
        self._offer_recovery(row)
        self._against.setEnabled(not row.problem)
        self._show_when()
        if another:
            self._details = None
            self._summary.show_reading()
            self._show_state_tables(None)

    def show_details(self, details: FileDetails) -> None:
        """Show what was read, if it is still the checkpoint that is wanted."""
        if self._row is None or details.info.seq != self._row.info.seq:
            return
        self._details = details
        self._summary.show_details(details)
        self._show_state_tables(details)

    def show_after(self, seq: int, text: str, *, listed: bool) -> None:
        """Say what came after checkpoint `seq`, if it is still the one that is wanted; `listed` offers the changes."""
        if self._row is not None and self._row.info.seq == seq:
            self._summary.show_after(text, listed=listed)

    def show_failure(self, error: Exception) -> None:
        """Say why it could not be read."""
        if isinstance(error, CheckpointNotFound):
            self._summary.show_problem(
                translate("HistoryPage", "This checkpoint is gone."),
                translate("HistoryPage", "Retention may have removed it. Newer ones are not affected."),
            )
        else:
            told = explain(error)
            self._summary.show_problem(told.title, f"{told.meaning} {told.advice}")

    def _on_tab(self, part: int) -> None:
        self._stack.setCurrentIndex(part)
        if not self._reading:
            self._part = part

    def _show_state_tables(self, details: FileDetails | None) -> None:
        # A part that cannot be shown yet is left by itself; the operator has not left it.
        self._reading = True
        self._fill_state_tables(details)
        self._tabs.setCurrentIndex(self._part if details is not None and details.state is not None else 0)
        self._reading = False

    def _fill_state_tables(self, details: FileDetails | None) -> None:
        state = details.state if details is not None else None
        self.positions.set_records(state.positions if state else ())
        self.orders.set_records(state.open_orders if state else ())
        strategies = (state.strategy_states or ()) if state else ()
        self.strategies.set_records(strategies)
        if state is not None:
            for view in self._views:
                view.fit_columns()
        titles = (self.tr("Positions"), self.tr("Orders"), self.tr("Strategies"))
        models: tuple[TableModel[Any], ...] = (self.positions, self.orders, self.strategies)
        for position, (title, model) in enumerate(zip(titles, models, strict=True)):
            count = f"  {self._ui.display.count(len(model.records()))}" if state else ""
            self._tabs.setTabText(position + 1, f"{title}{count}")
            self._tabs.setTabEnabled(position + 1, state is not None)

    def _show_when(self) -> None:
        if self._row is not None:
            at = self._row.info.timestamp
            text = f"{self._ui.display.time(at, millis=True)} · {self._ui.display.age(at)}"
            if self._when.text() != text:
                self._when.setText(text)

    def _show_again(self) -> None:
        self._show_when()
        if self._details is not None:
            self._summary.show_details(self._details)

    def _toggle_pin(self) -> None:
        if self._row is not None:
            self.pin_toggled.emit(not self._row.info.pinned)

    def _offer_export(self) -> None:
        self.export_wanted.emit(self._export.mapToGlobal(self._export.rect().bottomLeft()))
