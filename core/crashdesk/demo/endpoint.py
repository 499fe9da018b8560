"""The demonstration's keys: worthless anywhere but on the embedded exchange."""

from __future__ import annotations

from crashdesk.exchange.connect import ExchangeCredentials

BOT_KEY = "demo-bot"
BOT_SECRET = "demo-bot-secret"
BOT_PASSPHRASE = "demo-bot-passphrase"
"""Asked for by exchanges whose keys have one, as OKX's do."""


def demo_credentials(exchange: str = "binanceusdm") -> ExchangeCredentials:
    """The keys with which the demonstration's operator reads and cancels: the bot's. `exchange` is a ccxt id."""
    values = {"apiKey": BOT_KEY, "secret": BOT_SECRET}
    if exchange == "okx":
        values["password"] = BOT_PASSPHRASE
    return ExchangeCredentials(values=values)
