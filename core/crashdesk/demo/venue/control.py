"""Steering the embedded exchange from the demonstration and the tests, in the same process or from another one."""

import hmac
from decimal import Decimal
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from crashdesk.demo.venue.faults import Fault
from crashdesk.demo.venue.records import HeldRequest, LedgerReport, VenueError
from crashdesk.demo.venue.server import Reply, Request
from crashdesk.errors import DemoError

CONTROL_PREFIX = "/control/"
_TOKEN_HEADER = "x-control-token"
_SECONDS_TO_ANSWER = 30.0


class VenueOperations(Protocol):
    """What can be done to an embedded exchange, wherever it runs. Times are UNIX nanoseconds of exchange time."""

    def now_ns(self) -> int:
        """Exchange time."""

    def advance(self, seconds: float) -> int:
        """Move exchange time on; prices step and orders match on the way. Returns the new time."""

    def follow_real_time(self) -> None:
        """From now on exchange time runs with the wall clock; prices step and orders match with it."""

    def price(self, symbol: str) -> Decimal:
        """Last and mark price of a unified symbol. Raises VenueError when it is not traded."""

    def push_price(self, symbol: str, price: Decimal) -> None:
        """Move a market through every level to `price`, filling what it crosses; the path goes on from there."""

    def ledger(self, account: str = "main") -> LedgerReport:
        """The truth about one account. Raises VenueError when there is no such account."""

    def add_fault(self, fault: Fault) -> None:
        """Script one more fault."""

    def clear_faults(self) -> None:
        """Forget the faults that did not strike yet."""

    def wait_until_held(self, timeout: float) -> HeldRequest | None:
        """The oldest request whose reply is held; waits for one, None after `timeout` seconds."""

    def release(self) -> None:
        """Let every held reply go."""

    def request_count(self, method: str, path: str, *, received: bool = False) -> int:
        """How many requests of exactly that method and path were processed, or received (those lost to a fault too)."""


class ControlOperation(StrEnum):
    """Name of an operation on the wire."""

    NOW = "now"
    ADVANCE = "advance"
    FOLLOW = "follow"
    PRICE = "price"
    PUSH = "push"
    LEDGER = "ledger"
    ADD_FAULT = "add_fault"
    CLEAR_FAULTS = "clear_faults"
    WAIT_HELD = "wait_held"
    RELEASE = "release"
    COUNT = "count"


class ControlCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Arguments of an operation; each uses its own ones."""

    seconds: float = 0.0
    symbol: str = ""
    price: Decimal = Decimal(0)
    account: str = "main"
    fault: Fault | None = None
    method: str = ""
    path: str = ""
    received: bool = False


class ControlFailure(msgspec.Struct, frozen=True):
    """Why an operation failed."""

    message: str


_CALL_DECODER = msgspec.json.Decoder(ControlCall)


def serve_control(venue: VenueOperations, token: str, request: Request) -> Reply:
    """Carry out one control request for a client in another process."""
    if not hmac.compare_digest(request.headers.get(_TOKEN_HEADER, "").encode(), token.encode()):
        return _failure(403, "The control token is missing or wrong.")
    try:
        operation = ControlOperation(request.path.removeprefix(CONTROL_PREFIX))
        call = _CALL_DECODER.decode(request.body or "{}")
        return Reply(body=msgspec.json.encode(_carry_out(venue, operation, call)))
    except (ValueError, msgspec.DecodeError) as error:
        return _failure(400, f"This is not a control request: {error}")
    except DemoError as error:
        return _failure(409, str(error))


def _failure(status: int, message: str) -> Reply:
    return Reply(status=status, body=msgspec.json.encode(ControlFailure(message)))


def _carry_out(venue: VenueOperations, operation: ControlOperation, call: ControlCall) -> object:
    answer: object = None
    match operation:
        case ControlOperation.NOW:
            answer = venue.now_ns()
        case ControlOperation.ADVANCE:
            answer = venue.advance(call.seconds)
        case ControlOperation.FOLLOW:
            venue.follow_real_time()
        case ControlOperation.PRICE:
            answer = venue.price(call.symbol)
        case ControlOperation.PUSH:
            venue.push_price(call.symbol, call.price)
        case ControlOperation.LEDGER:
            answer = venue.ledger(call.account)
        case ControlOperation.ADD_FAULT:
            if call.fault is None:
                raise VenueError("No fault was given to add.")
            venue.add_fault(call.fault)
        case ControlOperation.CLEAR_FAULTS:
            venue.clear_faults()
        case ControlOperation.WAIT_HELD:
            answer = venue.wait_until_held(call.seconds)
        case ControlOperation.RELEASE:
            venue.release()
        case ControlOperation.COUNT:
            answer = venue.request_count(call.method, call.path, received=call.received)
    return answer


Answer = TypeVar("Answer")


class VenueControl:
    """The operations of VenueOperations on an exchange in another process. Every call may raise VenueError."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.hostname is None or parts.port is None:
            raise VenueError(f"{url!r} is not the address of an embedded exchange; expected http://127.0.0.1:PORT.")
        self.url = url
        self._host, self._port, self._token = parts.hostname, parts.port, token

    def __repr__(self) -> str:
        return f"VenueControl({self.url!r})"

    def now_ns(self) -> int:
        """Exchange time, UNIX nanoseconds."""
        return self._ask(ControlOperation.NOW, ControlCall(), int)

    def advance(self, seconds: float) -> int:
        """Move exchange time on, with all that happens on the way; return the new time in nanoseconds."""
        return self._ask(ControlOperation.ADVANCE, ControlCall(seconds=seconds), int)

    def follow_real_time(self) -> None:
        """From now on exchange time runs with the wall clock."""
        self._tell(ControlOperation.FOLLOW, ControlCall())

    def price(self, symbol: str) -> Decimal:
        """Last and mark price of a unified symbol."""
        return self._ask(ControlOperation.PRICE, ControlCall(symbol=symbol), Decimal)

    def push_price(self, symbol: str, price: Decimal) -> None:
        """Move a market through every level to `price`, filling all that it crosses."""
        self._tell(ControlOperation.PUSH, ControlCall(symbol=symbol, price=price))

    def ledger(self, account: str = "main") -> LedgerReport:
        """The truth about one account."""
        return self._ask(ControlOperation.LEDGER, ControlCall(account=account), LedgerReport)

    def add_fault(self, fault: Fault) -> None:
        """Script one more fault."""
        self._tell(ControlOperation.ADD_FAULT, ControlCall(fault=fault))

    def clear_faults(self) -> None:
        """Forget the faults that did not strike yet."""
        self._tell(ControlOperation.CLEAR_FAULTS, ControlCall())

    def wait_until_held(self, timeout: float) -> HeldRequest | None:
        """The oldest request whose reply is held; waits for one, None after `timeout` seconds."""
        body = self._send(ControlOperation.WAIT_HELD, ControlCall(seconds=timeout), timeout + _SECONDS_TO_ANSWER)
        return msgspec.json.decode(body, type=HeldRequest | None)

    def release(self) -> None:
        """Let every held reply go."""
        self._tell(ControlOperation.RELEASE, ControlCall())

    def request_count(self, method: str, path: str, *, received: bool = False) -> int:
        """How many requests of exactly that method and path were processed, or received."""
        return self._ask(ControlOperation.COUNT, ControlCall(method=method, path=path, received=received), int)

    def _ask(self, operation: ControlOperation, call: ControlCall, answer: type[Answer]) -> Answer:
        return msgspec.json.decode(self._send(operation, call), type=answer)

    def _tell(self, operation: ControlOperation, call: ControlCall) -> None:
        self._send(operation, call)

    def _send(self, operation: ControlOperation, call: ControlCall, timeout: float = _SECONDS_TO_ANSWER) -> bytes:
        connection = HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            connection.request(
                "POST", CONTROL_PREFIX + operation, body=msgspec.json.encode(call), headers={_TOKEN_HEADER: self._token}
            )
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            raise VenueError(
                f"The embedded exchange at {self.url} does not answer: {error}. Start it again."
            ) from error
        finally:
            connection.close()
        if response.status != 200:
            raise VenueError(msgspec.json.decode(body, type=ControlFailure).message)
        return body
