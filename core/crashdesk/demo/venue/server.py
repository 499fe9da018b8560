"""A small HTTP/1.1 server on loopback that can also misbehave on purpose.

The standard library's server parses headers as mail and writes a reply in pieces; a demonstration that runs thousands
of requests in seconds, and faults that cut a reply in half, both want the bytes in their own hands.
"""

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import BinaryIO

import msgspec

_MAX_LINE = 65_536
_MAX_HEADERS = 100
_MAX_BODY = 1_000_000
_JOIN_SECONDS = 5.0
_HTML = "text/html"
# The two fields of SO_LINGER are shorter on Windows.
_ABORT = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request: `query` and `body` as they came, header names in lower case."""

    method: str
    path: str
    query: str = ""
    body: str = ""
    headers: dict[str, str] = {}


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One reply."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"

    def encode(self) -> bytes:
        """The bytes on the wire, in one piece: a reply in two writes costs a delayed acknowledgement of 40 ms."""
        head = (
            f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Unknown')}\r\n"
            f"Content-Type: {self.content_type}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What goes on the wire and what then happens to the connection."""

    payload: bytes = b""
    close: bool = False
    reset: bool = False


_REASONS = {status.value: status.phrase for status in HTTPStatus}


def html_reply(status: int) -> Reply:
    """An error page such as a proxy in front of an exchange sends."""
    reason = _REASONS[status]
    page = f"<html><head><title>{status} {reason}</title></head><body><h1>{status} {reason}</h1></body></html>"
    return Reply(status=status, body=page.encode(), content_type=_HTML)


NOT_FOUND = html_reply(404)

Respond = Callable[[Request], Delivery]


class LoopbackServer:
    """Serves 127.0.0.1 with one thread per connection until closed. `respond` is called from those threads."""

    def __init__(self, respond: Respond, port: int = 0) -> None:
        self._respond = respond
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name="embedded-exchange", daemon=True)
        self._acceptor.start()

    def close(self) -> None:
        """Stop listening, drop every connection and wait for the threads; a second call does nothing."""
        if self._closing.is_set():
            return
        self._closing.set()
        # accept() does not notice that its socket is closed elsewhere: a last connection wakes it.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._acceptor.join(_JOIN_SECONDS)
        self._listener.close()
        with self._lock:
            live = dict(self._connections)
        for connection, thread in live.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            if thread is not threading.current_thread():
                thread.join(_JOIN_SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._closing.is_set():
                connection.close()
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection,), name="exchange-client", daemon=True)
            thread.start()
            with self._lock:
                # Who closes waits for every thread, also for one that has nothing left to do but to end.
                alive = {each: serving for each, serving in self._connections.items() if serving.is_alive()}
                self._connections = alive | {connection: thread}

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as reader:
                self._converse(connection, reader)
        except OSError:
            pass  # A client that goes away, or the end of the server: both are ordinary.
        finally:
            connection.close()

    def _converse(self, connection: socket.socket, reader: BinaryIO) -> None:
        while not self._closing.is_set():
            try:
                request = read_request(reader)
            except ValueError:
                connection.sendall(html_reply(400).encode())
                return
            if request is None:
                return
            delivery = self._respond(request)
            if delivery.reset:
                # Lingering for zero seconds makes close() send a reset instead of an orderly end.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                return
            connection.sendall(delivery.payload)
            if delivery.close or request.headers.get("connection", "").lower() == "close":
                return


def read_request(reader: BinaryIO) -> Request | None:
    """The next request on a connection, None at its end. Raises ValueError when it is not HTTP."""
    line = reader.readline(_MAX_LINE)
    if not line.strip():
        return None
    method, target, _version = line.decode("latin-1").split()
    headers: dict[str, str] = {}
    for _ in range(_MAX_HEADERS):
        name, separator, value = reader.readline(_MAX_LINE).decode("latin-1").partition(":")
        if not separator:
            break
        headers[name.strip().lower()] = value.strip()
    else:
        raise ValueError("too many headers")
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= _MAX_BODY:
        raise ValueError("impossible body length")
    body = reader.read(length) if length else b""
    if len(body) < length:
        return None
    path, _, query = target.partition("?")
    return Request(method=method, path=path, query=query, body=body.decode("utf-8"), headers=headers)
