"""The demonstration's keys: worthless anywhere but on the embedded exchange."""

from __future__ import annotations

from crashdesk.config import StoreManifest
from crashdesk.exchange.connect import ExchangeCredentials

BOT_KEY = "demo-bot"
BOT_SECRET = "demo-bot-secret"


def demo_credentials(manifest: StoreManifest) -> ExchangeCredentials | None:
    """The keys of the embedded exchange for a store of the demonstration; None for any other store."""
    if not manifest.endpoint:
        return None
    return ExchangeCredentials(values={"apiKey": BOT_KEY, "secret": BOT_SECRET})
