"""One desk per store and user: a second start finds the first one and has it show the store.

Each open store has a local socket of its own in a directory that only its user can enter; that directory is what says who
asks. One more socket stands for a start without a store. A desk that cannot be asked is never waited for in silence: the
answer says so, and a desk of its own is opened.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANY_STORE = ""
"""The key of a start without a store."""
ANSWER_MS = 3000
"""How long a start waits for the desk that it found."""
_CONNECT_MS = 500
_MAX_REQUEST = 8192
# The shortest limit of any system on the path of a socket, with its closing zero.
_MAX_SOCKET_PATH = 103
_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")
_log = logging.getLogger(__name__)


class Answer(Enum):
    """What became of asking another desk."""

    SHOWN = "shown"
    NOBODY = "nobody"
    SILENT = "silent"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Please show this store, "" for whatever is open. `activation` is the desktop's permission to come to the front."""

    store: str
    activation: str = ""


class _Reply(msgspec.Struct, frozen=True, kw_only=True):
    shown: bool


def meeting_directory(environ: Mapping[str, str], platform: str, temporary: Path) -> Path | None:
    """The directory of the sockets, made if need be; None where there is none that only this user can enter.

    It is the session's runtime directory, or one of our own in the directory for temporary files.
    """
    if platform == "win32":
        return temporary / "crashdesk"
    user = os.getuid()
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or "/nonexistent")
    for path in (runtime / "crashdesk", temporary / f"crashdesk-{user}"):
        if len(os.fsencode(path)) + 1 + len(_file_name(ANY_STORE)) <= _MAX_SOCKET_PATH and _own_directory(path, user):
            return path
    return None


def _own_directory(path: Path, user: int) -> bool:
    try:
        if path.is_absolute() and path.parent.is_dir():
            path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
    except OSError:
        return False
    # Someone else may have made it first, or put a link there.
    return stat.S_ISDIR(found.st_mode) and found.st_uid == user and stat.S_IMODE(found.st_mode) & 0o077 == 0


def default_directory() -> Path | None:
    """The directory of this user's sockets on this machine."""
    return meeting_directory(os.environ, sys.platform, Path(tempfile.gettempdir()))


def store_key(directory: Path) -> str:
    """How a store is known between desks: its real path."""
    return str(directory.resolve())


def ask(directory: Path | None, key: str, environ: Mapping[str, str], timeout_ms: int = ANSWER_MS) -> Answer:
    """Ask the desk that has the store `key` to show it; waits `timeout_ms` for the answer at most."""
    if directory is None:
        return Answer.NOBODY
    line = QLocalSocket()
    line.connectToServer(_address(directory, key))
    if not line.waitForConnected(_CONNECT_MS):
        return Answer.NOBODY
    token = environ.get("XDG_ACTIVATION_TOKEN") or environ.get("DESKTOP_STARTUP_ID") or ""
    line.write(msgspec.json.encode(Request(store=key, activation=token if _TOKEN.fullmatch(token) else "")) + b"\n")
    line.flush()
    while not line.canReadLine():
        if not line.waitForReadyRead(timeout_ms):
            line.abort()
            return Answer.SILENT
    try:
        reply = msgspec.json.decode(bytes(line.readLine().data()), type=_Reply)
    except (msgspec.MsgspecError, UnicodeError):
        return Answer.SILENT
    return Answer.SHOWN if reply.shown else Answer.NOBODY


class Meeting(QObject):
    """Answers other starts of the desk. `show` brings the window up with the store of a request, and says whether it could."""

    def __init__(self, directory: Path | None, show: Callable[[Request], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._directory = directory
        self._show = show
        self._servers: dict[str, QLocalServer] = {}

    def claim(self, key: str) -> bool:
        """Answer for a store from now on; False where another desk of this user does."""
        if self._directory is None or key in self._servers:
            return True
        try:
            # Between finding a socket dead and taking its place, nobody else may do the same.
            with FileLock(self._directory / "desk.lock", timeout=2):
                return self._listen(self._directory, key)
        except (OSError, Timeout) as error:
            _log.warning("another start of the desk will not find this one: %s", error)
            return True

    def release(self, key: str) -> None:
        """Answer for a store no more."""
        server = self._servers.pop(key, None)
        if server is not None:
            server.close()
            server.deleteLater()

    def close(self) -> None:
        """Answer nobody any more."""
        for key in list(self._servers):
            self.release(key)

    def _listen(self, directory: Path, key: str) -> bool:
        address = _address(directory, key)
        probe = QLocalSocket()
        probe.connectToServer(address)
        if probe.waitForConnected(_CONNECT_MS):
            probe.abort()
            return False
        QLocalServer.removeServer(address)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        if not server.listen(address):
            _log.warning("another start of the desk will not find this one: %s", server.errorString())
            server.deleteLater()
            return True
        self._servers[key] = server
        server.newConnection.connect(self._welcome)
        return True

    def _welcome(self) -> None:
        server = self.sender()
        assert isinstance(server, QLocalServer)
        while (line := server.nextPendingConnection()) is not None:
            line.readyRead.connect(self._answer)
            line.disconnected.connect(line.deleteLater)

    def _answer(self) -> None:
        line = self.sender()
        assert isinstance(line, QLocalSocket)
        if not line.canReadLine():
            if line.bytesAvailable() > _MAX_REQUEST:
                line.abort()
            return
        try:
            request = msgspec.json.decode(bytes(line.readLine(_MAX_REQUEST).data()), type=Request)
        except (msgspec.MsgspecError, UnicodeError):
            _log.warning("something that is no desk spoke to this one and was ignored")
            line.abort()
            return
        if not _TOKEN.fullmatch(request.activation):
            request = msgspec.structs.replace(request, activation="")
        line.write(msgspec.json.encode(_Reply(shown=self._show(request))) + b"\n")
        line.flush()
        line.disconnectFromServer()


def _address(directory: Path, key: str) -> str:
    name = _file_name(key)
    if sys.platform == "win32":
        # Names of pipes are one space for all users of the machine.
        user = hashlib.sha256(str(Path.home()).encode()).hexdigest()[:12]
        return f"crashdesk-{user}-{name}"
    return str(directory / name)


def _file_name(key: str) -> str:
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}.sock"
