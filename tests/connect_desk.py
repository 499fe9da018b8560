"""What the tests of the connect dialog share: exchanges to choose among, and fakes behind what it asks."""

import threading
from collections.abc import Sequence

from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash
from PySide6.QtWidgets import QLabel

from crashdesk.config import StoreManifest
from crashdesk.exchange.catalogue import ExchangeEntry, ExpectedScope, Prospect
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.records import Scope, ScopeKind
from crashdesk_gui.connection import ExchangeAccess
from crashdesk_gui.views.connect_dialog import ConnectDialog

NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture."""
NAMELESS = StoreManifest(bot="grid")
SWAPS = ("swap", "spot")
ENTRIES = (
    ExchangeEntry(id="binance", name="Binance", required=("apiKey", "secret"), market_types=SWAPS, lists_orders=True),
    ExchangeEntry(
        id="binanceusdm",
        name="Binance USDS-M",
        required=("apiKey", "secret"),
        market_types=("swap",),
        lists_orders=True,
    ),
    ExchangeEntry(
        id="coinspot", name="CoinSpot", required=("apiKey", "secret"), market_types=SWAPS, lists_orders=False
    ),
    ExchangeEntry(id="kraken", name="Kraken", required=("apiKey", "secret"), market_types=("spot",), lists_orders=True),
    ExchangeEntry(
        id="okx", name="OKX", required=("apiKey", "secret", "password"), market_types=SWAPS, lists_orders=True
    ),
)
NEEDS = {entry.id: entry.required for entry in ENTRIES}


class Access:
    """The fakes behind an ExchangeAccess, to look at afterwards."""

    def __init__(self) -> None:
        self.exchange = exchange_after_the_crash(NOW)
        self.opened: list[tuple[StoreManifest, ExchangeCredentials]] = []
        self.ring: dict[tuple[str, str], ExchangeCredentials] = {}
        self.environ: dict[str, str] = {}
        self.problem: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.no_keyring = ""

    def prospect(self, exchange: str, market_type: str) -> Prospect:
        kinds = (ScopeKind.ACCOUNT, ScopeKind.POSITIONS, ScopeKind.ORDERS)
        scopes = [ExpectedScope(scope=Scope(kind=kind, market_type=market_type)) for kind in kinds]
        if exchange == "coinspot":
            scopes[-1] = ExpectedScope(
                scope=scopes[-1].scope, unsupported="ccxt cannot list this exchange's open orders"
            )
        return Prospect(exchange=exchange, market_type=market_type, sandbox=exchange != "kraken", scopes=tuple(scopes))

    def required(self, exchange: str) -> Sequence[str]:
        return NEEDS[exchange]

    def open(self, manifest: StoreManifest, credentials: ExchangeCredentials, _clock: object) -> ExchangeInMemory:
        self.gate.wait(10)
        if self.problem is not None:
            raise self.problem
        self.opened.append((manifest, credentials))
        return self.exchange

    def from_ring(self, exchange: str, account: str) -> ExchangeCredentials | None:
        return self.ring.get((exchange, account))

    def keep(self, exchange: str, account: str, credentials: ExchangeCredentials) -> None:
        self.ring[exchange, account] = credentials

    def made(self) -> ExchangeAccess:
        return ExchangeAccess(
            clock=DeskClock(NOW),
            catalogue=lambda: ENTRIES,
            prospect=self.prospect,
            keyring_problem=lambda: self.no_keyring,
            required=self.required,
            environ=self.environ,
            from_keyring=self.from_ring,
            to_keyring=self.keep,
            opener=self.open,
        )


def words(dialog: ConnectDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def type_keys(dialog: ConnectDialog, **values: str) -> None:
    for name, value in values.items():
        dialog.keys.fields[name].setText(value)
