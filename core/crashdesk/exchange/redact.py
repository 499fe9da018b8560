"""Keeping secrets out of every message and log record."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

REMOVED = "[removed]"
SHORTEST_SECRET = 4
"""Shorter values are not searched for by themselves: they would match anything."""

LOGGERS_THAT_TELL = (
    "ccxt",
    "ccxt.base.exchange",
    "requests",
    "urllib3",
    "urllib3.connectionpool",
    "urllib3.util.retry",
)
"""At DEBUG these print headers and signed addresses."""

# A signed address carries its secrets in the query; nothing in there helps an operator.
_QUERY = re.compile(r"(https?://[^\s?\"'<>]+|(?<![\w.])/[\w./-]+)\?[^\s\"'<>]*")
_AUTHORIZATION = re.compile(r"(?i)(authorization[\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic|token)\s+)?[^\s\"',}]+")
_NAMED = re.compile(
    r"(?i)([\"']?(?:[\w-]*(?:api[-_]?key|access[-_]?key|private[-_]?key|api[-_]?sign|access[-_]?sign|bapi[-_]?sign|"
    r"signature|passphrase|password|secret|listenkey|token)|(?<![\w-])sign|(?<![\w-])uid|wallet_?address)"
    r"[\"']?\s*[:=]\s*)(b?\"[^\"]*\"|b?'[^']*'|[^\s&,;}\])\"']+)"
)


class Redactor:
    """Removes an account's secrets, signatures and authentication headers from text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {
            form
            for secret in secrets
            if len(secret) >= SHORTEST_SECRET
            for form in (secret, quote(secret, safe=""), quote_plus(secret))
        }
        # The longest first: one secret may contain another.
        self._secrets = tuple(sorted(forms, key=len, reverse=True))

    def __repr__(self) -> str:
        return "Redactor()"

    def __call__(self, text: str) -> str:
        """`text` without anything that could sign or identify a request."""
        for secret in self._secrets:
            text = text.replace(secret, REMOVED)
        text = _QUERY.sub(r"\1", text)
        text = _AUTHORIZATION.sub(rf"\1{REMOVED}", text)
        return _NAMED.sub(rf"\1{REMOVED}", text)


class RedactingFilter(logging.Filter):
    """Rewrites log records so that no handler behind it sees a secret."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the message, its arguments and the traceback; every record passes."""
        record.msg, record.args = self._redact(record.getMessage()), None
        if record.exc_info:
            record.exc_text = self._redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        return True


class LogGuard:
    """Keeps the libraries below from writing secrets to the log while an exchange is open."""

    def __init__(self, redact: Redactor, own: logging.Logger) -> None:
        self._filter = RedactingFilter(redact)
        self._loggers = (own, *(logging.getLogger(name) for name in LOGGERS_THAT_TELL))

    def raise_up(self) -> None:
        """Silence the libraries below WARNING, and redact what they and we say from there on."""
        own, *libraries = self._loggers
        own.addFilter(self._filter)
        for logger in libraries:
            # An application that set its root logger to DEBUG did not ask for signed addresses in its log file.
            logger.setLevel(max(logger.level, logging.WARNING))
            logger.addFilter(self._filter)

    def take_down(self) -> None:
        """Stop redacting; the levels stay, because another exchange may be open."""
        for logger in self._loggers:
            logger.removeFilter(self._filter)
