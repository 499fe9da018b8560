"""Authorised requests of the OKX dialect: headers, signature, time, parameters."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import parse_qsl

import msgspec

from crashdesk.demo.venue.okx.errors import OkxError, OkxErrorKind
from crashdesk.demo.venue.orders import Account
from crashdesk.demo.venue.records import Credentials
from crashdesk.demo.venue.server import Request

Params = dict[str, str]

_WINDOW_MS = 30_000
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


class Access(Enum):
    """What a request needs."""

    PUBLIC = "public"
    READ = "read"
    TRADE = "trade"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One authorised request. `items` are the objects of a body, one where it is no list."""

    params: Params
    items: tuple[Params, ...] = ()
    now_ms: int
    account: Account | None = None
    api_key: str = ""

    @property
    def owner(self) -> Account:
        """The account; every signed request has one."""
        assert self.account is not None
        return self.account


def read_items(body: str) -> tuple[Params, ...]:
    """The objects of a body, their values as text; empty texts count as absent. Raises OkxError 50000 or 50002."""
    if not body:
        raise OkxError(OkxErrorKind.BODY_EMPTY)
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise OkxError(OkxErrorKind.JSON_SYNTAX) from None
    rows = found if isinstance(found, list) else [found]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise OkxError(OkxErrorKind.JSON_SYNTAX)
    return tuple({name: _as_text(value) for name, value in row.items()} for row in rows)


def read_query(query: str) -> Params:
    """The parameters in an address."""
    return dict(parse_qsl(query, keep_blank_values=True))


def authenticate(request: Request, known: Mapping[str, Credentials], access: Access, now_ms: int) -> Credentials:
    """Whose request this is. Raises OkxError 50103 to 50113 or 50120 as the real headers would."""
    api_key = _header(request, "key", OkxErrorKind.NO_KEY)
    passphrase = _header(request, "passphrase", OkxErrorKind.NO_PASSPHRASE)
    sign = _header(request, "sign", OkxErrorKind.NO_SIGN)
    timestamp = _header(request, "timestamp", OkxErrorKind.NO_TIMESTAMP)
    if abs(now_ms - _milliseconds(timestamp)) > _WINDOW_MS:
        raise OkxError(OkxErrorKind.EXPIRED)
    credentials = known.get(api_key)
    if credentials is None:
        raise OkxError(OkxErrorKind.BAD_KEY)
    target = f"{request.path}?{request.query}" if request.query else request.path
    signed = f"{timestamp}{request.method}{target}{request.body}".encode()
    expected = base64.b64encode(hmac.new(credentials.secret.encode(), signed, hashlib.sha256).digest())
    if not hmac.compare_digest(expected, sign.encode()):
        raise OkxError(OkxErrorKind.BAD_SIGN)
    if not hmac.compare_digest(credentials.passphrase.encode(), passphrase.encode()):
        raise OkxError(OkxErrorKind.BAD_PASSPHRASE)
    if access is Access.TRADE and not credentials.can_trade:
        raise OkxError(OkxErrorKind.PERMISSION)
    return credentials


def _header(request: Request, name: str, missing: OkxErrorKind) -> str:
    found = request.headers.get(f"ok-access-{name}", "")
    if not found:
        raise OkxError(missing)
    return found


def _milliseconds(timestamp: str) -> int:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise OkxError(OkxErrorKind.BAD_TIMESTAMP)
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        raise OkxError(OkxErrorKind.BAD_TIMESTAMP) from None
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000 + 0.5)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
