"""Which account of the chosen exchange: market type, label, and unmistakably sandbox or live."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QRadioButton, QWidget

from crashdesk.config import AccountMode
from crashdesk.exchange.catalogue import MARKET_TYPES
from crashdesk_gui.connection import Connection
from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.text import TextLabel


class AccountForm(QWidget):
    """Signals: `changed()` when any of it changed."""

    changed = Signal()

    def __init__(self, ui: UiContext, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._has_sandbox: bool | None = None
        self.market = QComboBox()
        self.account = QLineEdit(connection.account)
        self.sandbox = QRadioButton("◇ " + self.tr("Sandbox: play money"))
        self.live = QRadioButton("◆ " + self.tr("LIVE account: real money"))
        self._banner = Banner(ui)
        self._build(connection)
        self.set_market_types(MARKET_TYPES, connection.market_type)
        self.live.toggled.connect(self._show_mode)
        self.account.textChanged.connect(self.changed)
        self.market.currentIndexChanged.connect(self.changed)
        self._show_mode()

    @property
    def mode(self) -> AccountMode:
        """Live or sandbox."""
        return AccountMode.LIVE if self.live.isChecked() else AccountMode.SANDBOX

    @property
    def market_type(self) -> str:
        """ccxt's spot, swap or future."""
        return str(self.market.currentData())

    @property
    def possible(self) -> bool:
        """Whether the exchange has what is chosen, as far as that is known."""
        return self.mode is AccountMode.LIVE or self._has_sandbox is not False

    def set_market_types(self, offered: tuple[str, ...], wanted: str) -> None:
        """Offer these market types, with `wanted` chosen where it is among them."""
        titles = {
            "swap": self.tr("swap (perpetual contracts)"),
            "spot": self.tr("spot"),
            "future": self.tr("future (contracts that expire)"),
        }
        self.market.blockSignals(True)
        self.market.clear()
        for market_type in offered:
            self.market.addItem(titles[market_type], market_type)
        self.market.setCurrentIndex(max(self.market.findData(wanted), 0))
        self.market.blockSignals(False)
        self.changed.emit()

    def set_sandbox_offered(self, offered: bool | None) -> None:
        """Whether the exchange has a sandbox; None while it is not known."""
        self._has_sandbox = offered
        self._show_mode()

    def _build(self, connection: Connection) -> None:
        self.account.setPlaceholderText(self.tr("A name of your own, such as main"))
        self.account.setAccessibleName(self.tr("Account"))
        self.market.setAccessibleName(self.tr("Market type"))
        modes = QButtonGroup(self)
        modes.addButton(self.sandbox)
        modes.addButton(self.live)
        (self.live if connection.mode is AccountMode.LIVE else self.sandbox).setChecked(True)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.sandbox)
        row.addWidget(self.live)
        row.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(TextLabel(self._ui, self.tr("Money"), tone=Tone.MUTED), 0, 0)
        grid.addLayout(row, 0, 1)
        grid.addWidget(self._banner, 1, 0, 1, 2)
        grid.addWidget(TextLabel(self._ui, self.tr("Market type"), tone=Tone.MUTED), 2, 0)
        grid.addWidget(self.market, 2, 1)
        grid.addWidget(TextLabel(self._ui, self.tr("Account"), tone=Tone.MUTED), 3, 0)
        grid.addWidget(self.account, 3, 1)
        grid.setColumnStretch(1, 1)

    def _show_mode(self, *_toggled: object) -> None:
        if self.live.isChecked():
            text = self.tr("LIVE: this is real money. What you approve in a recovery is sent to the real exchange.")
            self._banner.show_message(text, Tone.WARNING, closable=False)
        elif self._has_sandbox is False:
            text = self.tr(
                "ccxt knows no sandbox of this exchange, and its live account is never used in place of one. Choose "
                "LIVE on purpose, or another exchange."
            )
            self._banner.show_message(text, Tone.DANGER, closable=False)
        else:
            text = self.tr(
                "Sandbox: the exchange's own test system. The keys must be made there; no real money is touched."
            )
            self._banner.show_message(text, Tone.MUTED, closable=False)
        self.changed.emit()
