"""A second start finds the first desk; whatever stands in its way, the operator gets a window and is told."""

import json
import os
import select
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from crashdesk_gui.single_instance import ANY_STORE, Answer, Meeting, Request, ask, meeting_directory

STORE = "/data/bots/btc-mm"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes there need no directory")


@pytest.fixture
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a short path, as sockets need, for this user alone."""
    path = tmp_path_factory.mktemp("m")
    path.chmod(0o700)
    return path


class Asked:
    """Remembers what was asked for."""

    def __init__(self, shown: bool = True) -> None:
        self.requests: list[Request] = []
        self._shown = shown

    def __call__(self, request: Request) -> bool:
        self.requests.append(request)
        return self._shown


@pytest.fixture
def meeting(qtbot: QtBot, directory: Path) -> Iterator[Callable[[Asked], Meeting]]:
    made: list[Meeting] = []

    def make(asked: Asked) -> Meeting:
        made.append(Meeting(directory, asked))
        return made[-1]

    yield make
    for each in made:
        each.close()
        each.deleteLater()


_ASK = """
import json, sys
from pathlib import Path
from crashdesk_gui.single_instance import ask
for line in sys.stdin:
    directory, key, token = json.loads(line)
    print(ask(Path(directory), key, {"XDG_ACTIVATION_TOKEN": token}).name, flush=True)
"""


class AnotherStart:
    """Asks in a process of its own, as a second start does, while this one goes on answering."""

    def __init__(self, qtbot: QtBot, process: subprocess.Popen[str], directory: Path) -> None:
        self._qtbot = qtbot
        self._process = process
        self._directory = directory

    def asks(self, key: str, token: str = "") -> Answer:
        asking, told = self._process.stdin, self._process.stdout
        assert asking is not None
        assert told is not None
        asking.write(json.dumps([str(self._directory), key, token]) + "\n")
        asking.flush()
        self._qtbot.waitUntil(lambda: bool(select.select([told], [], [], 0)[0]), timeout=10_000)
        return Answer[told.readline().strip()]


@pytest.fixture(scope="module")
def asking_process() -> Iterator[subprocess.Popen[str]]:
    """One for all: it keeps nothing from one question to the next, and to start one takes half a second."""
    with subprocess.Popen(
        [sys.executable, "-c", _ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.fixture
def another_start(qtbot: QtBot, asking_process: subprocess.Popen[str], directory: Path) -> AnotherStart:
    return AnotherStart(qtbot, asking_process, directory)


def test_the_desk_that_has_the_store_is_asked_to_show_it(
    another_start: AnotherStart, meeting: Callable[[Asked], Meeting]
) -> None:
    asked = Asked()
    assert meeting(asked).claim(STORE)
    assert another_start.asks(STORE, "t-1") is Answer.SHOWN
    assert asked.requests == [Request(store=STORE, activation="t-1")]
    assert another_start.asks("/data/bots/other") is Answer.NOBODY
    assert another_start.asks(ANY_STORE) is Answer.NOBODY


def test_a_desk_that_closed_the_store_is_not_taken_for_one_that_has_it(
    another_start: AnotherStart, meeting: Callable[[Asked], Meeting]
) -> None:
    first = meeting(Asked())
    first.claim(STORE)
    first.release(STORE)
    assert another_start.asks(STORE) is Answer.NOBODY
    assert meeting(Asked()).claim(STORE)
    refusing = Asked(shown=False)
    meeting(refusing).claim("/b")
    assert another_start.asks("/b") is Answer.NOBODY
    assert len(refusing.requests) == 1


def test_only_one_desk_answers_for_a_store(qtbot: QtBot, directory: Path, meeting: Callable[[Asked], Meeting]) -> None:
    first, second = meeting(Asked()), meeting(Asked())
    assert first.claim(STORE)
    assert not second.claim(STORE)
    first.close()
    assert second.claim(STORE)


def test_a_socket_that_a_crash_left_behind_is_taken_over(
    another_start: AnotherStart, directory: Path, meeting: Callable[[Asked], Meeting]
) -> None:
    probe = meeting(Asked())
    probe.claim(STORE)
    (path,) = directory.glob("*.sock")
    probe.close()
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    assert path.exists()
    assert another_start.asks(STORE) is Answer.NOBODY
    asked = Asked()
    assert meeting(asked).claim(STORE)
    assert another_start.asks(STORE) is Answer.SHOWN


def test_a_desk_that_hangs_is_told_from_none(directory: Path, meeting: Callable[[Asked], Meeting]) -> None:
    asked = Asked()
    meeting(asked).claim(STORE)
    # This thread runs no event loop now, as a desk that hangs.
    assert ask(directory, STORE, {}, timeout_ms=50) is Answer.SILENT
    assert asked.requests == []


def test_what_is_no_request_is_ignored(
    qtbot: QtBot, directory: Path, another_start: AnotherStart, meeting: Callable[[Asked], Meeting]
) -> None:
    asked = Asked()
    meeting(asked).claim(STORE)
    (path,) = directory.glob("*.sock")
    for words in (b"\n", b"hello\n", b'{"store": 5}\n', b"x" * 100_000):
        line = QLocalSocket()
        line.connectToServer(str(path))
        assert line.waitForConnected(1000)
        line.write(words)
        line.flush()
        qtbot.waitUntil(lambda line=line: line.state() is QLocalSocket.LocalSocketState.UnconnectedState, timeout=3000)
    assert asked.requests == []
    assert another_start.asks(STORE, "a b") is Answer.SHOWN
    assert asked.requests == [Request(store=STORE)]


def test_the_meeting_place_is_for_its_user_alone(directory: Path) -> None:
    runtime, temporary = directory / "r", directory / "t"
    for path in (runtime, temporary):
        path.mkdir()
    environ = {"XDG_RUNTIME_DIR": str(runtime)}
    found = meeting_directory(environ, "linux", temporary)
    assert found == runtime / "crashdesk"
    assert stat.S_IMODE(found.stat().st_mode) == 0o700
    own = temporary / f"crashdesk-{os.getuid()}"
    found.chmod(0o755)
    assert meeting_directory(environ, "linux", temporary) == own, "others could come in: not used"
    assert meeting_directory({}, "linux", temporary) == own
    own.rmdir()
    own.symlink_to(directory)
    assert meeting_directory({}, "linux", temporary) is None, "somebody put a link there"
    own.unlink()
    assert meeting_directory({"XDG_RUNTIME_DIR": "relative"}, "linux", temporary) == own
    assert meeting_directory({}, "linux", directory / "x" / "y") is None
    deep = directory / ("d" * 100)
    deep.mkdir()
    assert meeting_directory({}, "linux", deep) is None, "no socket fits there"


def test_where_desks_cannot_meet_each_is_by_itself() -> None:
    assert ask(None, STORE, {}) is Answer.NOBODY
    alone = Meeting(None, Asked())
    assert alone.claim(STORE)
    alone.close()


_DESK = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from crashdesk_gui.app import run

def ready(desk):
    print("ready", len(desk.sessions), desk.window.banner.text, flush=True)
    desk.window.setWindowTitle("x")
    timer = QTimer(desk, interval=20)
    def look():
        if "--stay" not in sys.argv:
            desk.window.close()
        elif (Path.home() / "stop").exists():
            timer.stop()
            print("shown", Path(desk.session.key).name, flush=True)
            desk.window.close()
    timer.timeout.connect(look)
    timer.start()

paths = [Path(each) for each in sys.argv[1:] if not each.startswith("--")]
sys.exit(run(paths, new_window="--new-window" in sys.argv, on_ready=ready))
"""


def test_a_second_start_brings_up_the_first_window(tmp_path: Path) -> None:
    from orphan_incident import store_before_the_crash

    home = tmp_path / "home"
    runtime = tmp_path / "r"
    for path in (home, runtime):
        path.mkdir()
    stores = [store_before_the_crash(tmp_path / name, 1_763_781_128_000_000_000) for name in ("one", "two", "three")]
    environ = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_STATE_HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    runtime.chmod(0o700)

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", _DESK, *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    command = [sys.executable, "-c", _DESK, str(stores[0]), str(stores[1]), "--stay"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline().startswith("ready 2")
            for arguments in ([str(stores[0])], []):
                second = start(*arguments)
                assert second.returncode == 0, second.stderr
                assert "brought to the front" in second.stdout
            other = start(str(stores[0]), str(stores[2]))
            assert other.stdout.startswith("ready 1"), "the store that nobody shows gets a window"
            again = start(str(stores[1]), "--new-window")
            assert "is open in another window of Crashdesk too" in again.stdout
            (home / "stop").touch()
            assert first.stdout.read().strip() == "shown one"
            assert first.wait(20) == 0
        finally:
            first.kill()
