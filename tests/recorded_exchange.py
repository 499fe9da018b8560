"""Exchanges whose answers stand in tests/exchange_answers: real ccxt clients, the whole request path, no network."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from crashdesk.clock import SystemClock
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings

ANSWERS = Path(__file__).parent / "exchange_answers"
KEYS = {
    "apiKey": "k-12345", "secret": "c2VjcmV0c2VjcmV0", "password": "p-12345", "uid": "17",
    "walletAddress": "0x" + "1" * 40, "privateKey": "0x" + "1" * 64,
}  # fmt: skip

ACCOUNT_KINDS = [
    {"ask": "GET /api/v3/account/settings", "body": {"code": "40085", "msg": "classic account", "data": None}},
]
"""What ccxt asks for first, to learn which kind of account it is."""


class Recorded(HTTPAdapter):
    """Answers from a file, the first that fits, in place of the network; what fits none is refused."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[str] = []

    def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
        parts = urlsplit(request.url)
        ask = f"{request.method} {parts.path}"
        self.asked.append(ask)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        text = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        if text.startswith("{"):
            given |= {name: str(value) for name, value in json.loads(text).items()}
        for answer in self.answers:
            if ask.startswith(answer["ask"]) and answer.get("with", {}).items() <= given.items():
                return self.reply(request, 200, answer["body"])
        return self.reply(request, 404, {"error": f"nothing is recorded for {ask} {unquote(parts.query)}"})

    @staticmethod
    def reply(request: Any, status: int, body: Any) -> requests.Response:
        reply = requests.Response()
        reply.status_code, reply.reason, reply.request, reply.url = status, "as recorded", request, request.url
        reply.headers["Content-Type"] = "application/json"
        reply.raw = io.BytesIO(json.dumps(body).encode())
        return reply


def unified_market(told: dict[str, Any]) -> dict[str, Any]:
    base, _, rest = told["symbol"].partition("/")
    quote, _, settle = rest.partition(":")
    contract = bool(settle)
    names = {
        "base": base,
        "quote": quote,
        "settle": settle or None,
        "baseId": base,
        "quoteId": quote,
        "settleId": settle or None,
    }
    kind = {"type": "swap" if contract else "spot", "spot": not contract, "swap": contract, "contract": contract}
    return {
        **names, **kind, "future": False, "option": False, "margin": False, "active": True, "limits": {}, "info": {},
        "linear": contract or None, "inverse": False if contract else None, "contractSize": None,
        "precision": {"amount": told.get("amount", "1"), "price": told.get("price", "0.1")}, **told,
    }  # fmt: skip


@contextmanager
def opened(
    exchange: str,
    *,
    answers: list[dict[str, Any]] | None = None,
    adapter: Recorded | None = None,
    markets: list[dict[str, Any]] | None = None,
    market_type: str = "",
) -> Iterator[tuple[CcxtExchange, Recorded]]:
    file = ANSWERS / f"{exchange}.json"
    recorded = json.loads(file.read_text()) if file.exists() else {"market_type": "swap"}
    listed = recorded["markets"] if markets is None else markets
    adapter = adapter or Recorded(recorded["answers"] if answers is None else answers)

    def prepare(client: Any) -> None:
        client.set_markets([unified_market(market) for market in listed])
        client.enableRateLimit = False
        client.session.mount("https://", adapter)

    found = CcxtExchange(
        ExchangeSettings(exchange=exchange, account="main", market_type=market_type or recorded["market_type"]),
        ExchangeCredentials(values=KEYS),
        clock=SystemClock(),
        prepare=prepare,
    )
    try:
        yield found, adapter
    finally:
        found.close()
