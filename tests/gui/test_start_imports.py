"""What the way to the first window imports: what is only needed later comes later, beside the window or when it is asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from orphan_incident import store_before_the_crash

NOW = 1_763_781_128_000_000_000
LATER = {
    "ccxt": "a second and more: when an account is opened, in a thread of its own",
    "pyqtgraph": "the charts, when their page is made",
    "crashdesk_gui.views.chart_canvas": "brings pyqtgraph",
    "crashdesk_gui.views.orphans_page": "a page that is not in front",
    "crashdesk_gui.views.recovery_page": "a page that is not in front",
    "keyring": "asks the desktop's secret service, when keys are looked for",
    "crcmod": "the second checksum, when a file is verified",
    "crashdesk.demo.venue": "the embedded exchange, for the demonstration alone",
    "crashdesk.demo.incident": "for the demonstration alone",
    "crashdesk.cli_recover": "the recovery in a terminal",
    "asyncio": "nothing of ours needs it",
    "multiprocessing": "nothing of ours needs it",
    "requests": "comes with ccxt",
    "cryptography": "comes with ccxt",
    "http.client": "comes with ccxt",
    "ssl": "comes with ccxt",
    "scipy": "pyqtgraph would take it where it is installed",
    "matplotlib": "pyqtgraph would take it where it is installed",
}
"""What must not be imported before the first window is there, and when it is needed."""

_START = """
import json, sys, threading
from pathlib import Path

class Asked:
    names = []
    def find_spec(self, name, path=None, target=None):
        # What another thread brings meanwhile does not keep the window waiting.
        if threading.current_thread() is threading.main_thread():
            self.names.append(name)

sys.meta_path.insert(0, Asked())
import crashdesk.cli
from crashdesk_gui.app import run

def shown(desk):
    assert desk.window.isVisible()
    sys.stdout.write(json.dumps(Asked.names))
    desk.window.close()
    raise SystemExit(0)

run([Path(sys.argv[1])], on_ready=shown, new_window=True, remember=False)
"""


@pytest.fixture(scope="module")
def asked_for(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The modules that were looked for on the way from the command line to the window with a store."""
    home = tmp_path_factory.mktemp("home")
    store = store_before_the_crash(home / "store", NOW)
    places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "LOCALAPPDATA"), str(home))
    done = subprocess.run(
        [sys.executable, "-c", _START, str(store)],
        env={**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return frozenset(json.loads(done.stdout))


def test_what_is_needed_later_is_not_waited_for(asked_for: frozenset[str]) -> None:
    assert "crashdesk_gui.views.overview_page" in asked_for
    assert {name: why for name, why in LATER.items() if name in asked_for} == {}
