"""Connecting an account: which exchange, live or sandbox, where its keys are, and a read that proves it works."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from crashdesk.config import AccountMode, StoreManifest
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.records import ScopeStatus
from crashdesk_gui.connection import MARKET_TYPES, Connection, ExchangeAccess, FirstRead, first_read
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.jobs import Job, JobRunner, Progress
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.key_form import KeyForm
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button

_SETTLE_MS = 250


class ConnectDialog(QDialog):
    """Asks for an account and its keys; no secret is ever shown.

    `lookups` and `reads` run the blocking parts and outlive the dialog. Signals: `chosen(Connection, ExchangeCredentials)`
    when the operator connects; nothing was sent to the exchange by then but the reads of a test.
    """

    chosen = Signal(object, object)

    def __init__(
        self,
        ui: UiContext,
        store: StoreManifest,
        connection: Connection,
        access: ExchangeAccess,
        *,
        lookups: JobRunner,
        reads: JobRunner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ui = ui
        self._store = store
        self._access = access
        self._lookups = lookups
        self._reads = reads
        self._ids: frozenset[str] = frozenset()
        self._asked = ""
        self._tested_once = False
        self._job: Job | None = None
        self.setWindowTitle(self.tr("Connect an exchange"))
        self.setMinimumWidth(560)
        self.exchange = QLineEdit(connection.exchange)
        self.market = QComboBox()
        self.account = QLineEdit(connection.account)
        self.sandbox = QRadioButton(self.tr("Sandbox: play money"))
        self.live = QRadioButton(self.tr("LIVE account: real money"))
        self.keys = KeyForm(ui, access, connection.source)
        self._outcome = Panel(ui)
        self._outcome_lines = TextLabel(ui, wrap=True, selectable=True)
        self._mode_banner = Banner(ui)
        self._problem = Banner(ui)
        self.test = push_button(ui, self.tr("Test"), self._test, icon="verify", tip=self.tr("Reads the account once"))
        self.connect_button = push_button(ui, self.tr("Connect"), self._connect_account, kind=ButtonKind.PRIMARY)
        self._cancel = push_button(ui, self.tr("Cancel"), self.reject)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._build(connection)
        self._follow()
        self._show_mode()
        self._load_ids()
        self._ask_requirements()

    # Building

    def _build(self, connection: Connection) -> None:
        self.exchange.setPlaceholderText(self.tr("Type a few letters: binanceusdm, bybit, okx…"))
        self.exchange.setAccessibleName(self.tr("Exchange"))
        self.account.setPlaceholderText(self.tr("A name of your own, such as main"))
        self.account.setAccessibleName(self.tr("Account"))
        self.market.setAccessibleName(self.tr("Market type"))
        titles = {
            "swap": self.tr("swap (perpetual contracts)"),
            "spot": self.tr("spot"),
            "future": self.tr("future (contracts that expire)"),
        }
        for market_type in MARKET_TYPES:
            self.market.addItem(titles[market_type], market_type)
        self.market.setCurrentIndex(max(self.market.findData(connection.market_type), 0))
        modes = QButtonGroup(self)
        modes.addButton(self.sandbox)
        modes.addButton(self.live)
        (self.live if connection.mode is AccountMode.LIVE else self.sandbox).setChecked(True)
        self._outcome.add(self._outcome_lines)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(TextLabel(self._ui, self.tr("Connect an exchange"), TextStyle.TITLE))
        promise = self.tr(
            "Connecting only reads. Orders are cancelled only by a recovery that you approve order by order."
        )
        layout.addWidget(TextLabel(self._ui, promise, tone=Tone.MUTED, wrap=True))
        layout.addLayout(self._account_grid())
        for part in (self._mode_banner, self.keys, self._problem, self._outcome):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addLayout(self._foot())

    def _account_grid(self) -> QGridLayout:
        modes = QHBoxLayout()
        modes.setSpacing(24)
        modes.addWidget(self.sandbox)
        modes.addWidget(self.live)
        modes.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        rows = (
            (self.tr("Exchange"), self.exchange),
            (self.tr("Market type"), self.market),
            (self.tr("Account"), self.account),
        )
        for row, (title, field) in enumerate(rows):
            grid.addWidget(TextLabel(self._ui, title, tone=Tone.MUTED), row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(TextLabel(self._ui, self.tr("Money"), tone=Tone.MUTED), len(rows), 0)
        grid.addLayout(modes, len(rows), 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.test)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self.connect_button)
        self.connect_button.setDefault(True)
        return foot

    def _follow(self) -> None:
        self._settle.timeout.connect(self._ask_requirements)
        self.exchange.textChanged.connect(lambda _text: self._settle.start())
        for signal in (self.exchange.textChanged, self.account.textChanged, self.market.currentIndexChanged):
            signal.connect(self._forget_result)
        self.live.toggled.connect(self._show_mode)
        self.keys.changed.connect(self._forget_result)

    # What is chosen

    def connection(self) -> Connection:
        """What the fields say."""
        return Connection(
            exchange=self.exchange.text().strip(),
            market_type=str(self.market.currentData()),
            account=self.account.text().strip(),
            mode=AccountMode.LIVE if self.live.isChecked() else AccountMode.SANDBOX,
            source=self.keys.source,
        )

    def result_text(self) -> str:
        """What the last test said; empty when none was made since the fields changed."""
        return self._outcome_lines.text() if self._tested_once else ""

    # The exchange's name and what it asks for

    def _load_ids(self) -> None:
        self._lookups.run(
            lambda _progress: self._access.ids(),
            title=self.tr("Loading the list of exchanges"),
            on_done=self._take_ids,
            on_failed=self._fail,
            owner=self,
        )

    def _take_ids(self, ids: Sequence[str]) -> None:
        self._ids = frozenset(ids)
        completer = QCompleter(list(ids), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.exchange.setCompleter(completer)
        self._ask_requirements()

    def _ask_requirements(self) -> None:
        """Ask what the exchange wants as soon as its name is a known one."""
        wanted = self.exchange.text().strip()
        if wanted not in self._ids:
            self._asked = ""
            self.keys.set_requirements(wanted, None)
            unknown = bool(self._ids and wanted)
            if unknown:
                self._problem.show_message(
                    self.tr("ccxt knows no exchange {0}.").format(wanted), Tone.WARNING, closable=False
                )
            self._weigh()
            return
        self._problem.hide()
        if wanted == self._asked:
            return
        self._asked = wanted
        self._lookups.run(
            lambda _progress: (wanted, tuple(self._access.required(wanted))),
            title=self.tr("Asking what {0} needs").format(wanted),
            on_done=self._take_requirements,
            on_failed=self._fail,
            owner=self,
        )

    def _take_requirements(self, answer: tuple[str, tuple[str, ...]]) -> None:
        exchange, names = answer
        if exchange == self.exchange.text().strip():
            self.keys.set_requirements(exchange, names)
            self._weigh()

    def _show_mode(self) -> None:
        if self.live.isChecked():
            text = self.tr("LIVE: this is real money. What you approve in a recovery is sent to the real exchange.")
            self._mode_banner.show_message(text, Tone.WARNING, closable=False)
        else:
            text = self.tr(
                "Sandbox: the exchange's own test system. The keys must be made there; no real money is touched."
            )
            self._mode_banner.show_message(text, Tone.MUTED, closable=False)
        self._forget_result()

    def _forget_result(self, *_changes: object) -> None:
        """A test says nothing about fields that were changed after it."""
        self._tested_once = False
        self._outcome_lines.set_tone(Tone.MUTED)
        self._outcome_lines.setText(self.tr("Not tested yet. A test reads the account once and changes nothing."))
        self._weigh()

    def _weigh(self) -> None:
        ready = self.keys.complete and self._job is None
        self.test.setEnabled(ready)
        self.connect_button.setEnabled(ready)

    # Testing and connecting

    def _test(self) -> None:
        connection, typed = self.connection(), self.keys.typed()

        def work(_progress: Progress) -> FirstRead:
            credentials = self._access.credentials(connection, typed)
            return first_read(self._access, connection.manifest(self._store), credentials)

        self._begin(self.tr("Reading the account…"))
        self._job = self._reads.run(
            work, title=self.tr("Testing the connection"), on_done=self._tested, on_failed=self._fail, owner=self
        )
        self._weigh()

    def _connect_account(self) -> None:
        connection, typed, keep = self.connection(), self.keys.typed(), self.keys.keep

        def work(_progress: Progress) -> tuple[Connection, ExchangeCredentials]:
            credentials = self._access.credentials(connection, typed)
            if keep:
                self._access.to_keyring(connection.exchange, connection.account, credentials)
            return connection, credentials

        self._begin(self.tr("Fetching the keys…"))
        self._job = self._lookups.run(
            work, title=self.tr("Fetching the keys"), on_done=self._chosen, on_failed=self._fail, owner=self
        )
        self._weigh()

    def _begin(self, text: str) -> None:
        self._problem.hide()
        self._outcome_lines.set_tone(Tone.MUTED)
        self._outcome_lines.setText(text)

    def _tested(self, read: FirstRead) -> None:
        self._job = None
        good = all(reading.status is ScopeStatus.READ for reading in read.readings)
        self._outcome_lines.set_tone(Tone.OK if good else Tone.TEXT)
        self._outcome_lines.setText("\n".join(self._report(read)))
        self._tested_once = True
        self._weigh()

    def _report(self, read: FirstRead) -> list[str]:
        display = self._ui.display
        lines = []
        if read.account is not None:
            equity = display.decimal(read.account.equity)
            lines.append(
                self.tr("{0} Account read: equity {1} {2}").format(Status.OK.glyph, equity, read.account.currency)
            )
        for reading in read.readings:
            if reading.status is ScopeStatus.READ:
                text = self.tr("{0} {1}: {2}").format(
                    Status.OK.glyph, reading.scope.label(), display.count(reading.count)
                )
            else:
                reason = reading.reason or reading.status.value
                text = self.tr("{0} {1}: not read. {2}").format(Status.UNKNOWN.glyph, reading.scope.label(), reason)
            lines.append(text)
        return lines

    def _chosen(self, answer: tuple[Connection, ExchangeCredentials]) -> None:
        self._job = None
        self.chosen.emit(*answer)
        self.accept()

    def _fail(self, error: Exception) -> None:
        self._job = None
        told = explain(error)
        self._forget_result()
        self._problem.show_message(told.line, Tone.DANGER)
