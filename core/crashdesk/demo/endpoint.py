"""The demonstration's keys: worthless anywhere but on the embedded exchange."""

from __future__ import annotations

from crashdesk.exchange.connect import ExchangeCredentials

BOT_KEY = "demo-bot"
BOT_SECRET = "demo-bot-secret"


def demo_credentials() -> ExchangeCredentials:
    """The keys with which the demonstration's operator reads and cancels: the bot's."""
    return ExchangeCredentials(values={"apiKey": BOT_KEY, "secret": BOT_SECRET})
