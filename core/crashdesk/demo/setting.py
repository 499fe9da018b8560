"""Where the demonstration plays: one of the exchanges that the embedded one speaks for, and how orders are named there."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from crashdesk.config import AccountMode, StoreManifest
from crashdesk.demo.endpoint import BOT_KEY, BOT_PASSPHRASE, BOT_SECRET
from crashdesk.demo.venue import Credentials, Dialect

CHECKPOINT_INTERVAL_MS = 5 * 60 * 1000
_NAMES = {Dialect.BINANCE: "Binance USD-M", Dialect.OKX: "OKX swaps"}
_ORDER_PATHS = {Dialect.BINANCE: "/fapi/v1/order", Dialect.OKX: "/api/v5/trade/batch-orders"}


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """The exchange of one demonstration, with its keys and the client order ids of those who trade there."""

    dialect: Dialect = Dialect.BINANCE

    @property
    def exchange(self) -> str:
        """The ccxt id."""
        return self.dialect.ccxt_id

    @property
    def name(self) -> str:
        """The exchange for people."""
        return _NAMES[self.dialect]

    @property
    def order_path(self) -> str:
        """Where orders are posted to."""
        return _ORDER_PATHS[self.dialect]

    @property
    def prefix(self) -> str:
        """How the sample bot's client order ids begin."""
        return self.dialect.client_order_id("cdmm-")

    @property
    def other_prefix(self) -> str:
        """How those of another bot on the account begin."""
        return self.dialect.client_order_id("arb7-")

    @property
    def bot(self) -> Credentials:
        """The sample bot's keys."""
        return self._credentials(BOT_KEY, BOT_SECRET, BOT_PASSPHRASE)

    @property
    def colleague(self) -> Credentials:
        """The keys of somebody who trades by hand on the same account."""
        return self._credentials("demo-colleague", "demo-colleague-secret", "demo-colleague-passphrase")

    def _credentials(self, key: str, secret: str, passphrase: str) -> Credentials:
        return Credentials(api_key=key, secret=secret, passphrase=passphrase if self.dialect is Dialect.OKX else "")

    def order_id(self, run: int, number: int) -> str:
        """The client order id of the `number`-th order of the sample bot's `run`-th run."""
        return self.dialect.client_order_id(f"{self.prefix}{run}-{number:06d}")

    def manifest(self, url: str) -> StoreManifest:
        """Whose store the demonstration's is."""
        return StoreManifest(
            bot="grid-mm",
            exchange=self.exchange,
            account="demonstration",
            market_type="swap",
            mode=AccountMode.SANDBOX,
            client_order_id_prefix=self.prefix,
            other_prefixes=(self.other_prefix,),
            checkpoint_interval_ms=CHECKPOINT_INTERVAL_MS,
            endpoint=url,
            demonstration=True,
        )


def setting_of(exchange: str) -> Setting:
    """The setting on an exchange named binance or okx; ValueError for another."""
    return Setting(dialect=Dialect(exchange))


def contracts(quantity: Decimal, contract_size: Decimal | None) -> Decimal:
    """Base units as the exchange counts them."""
    return quantity / contract_size if contract_size else quantity
