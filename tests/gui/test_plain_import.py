"""What PySide does to Python's import is undone: it costs a desk 50 MB and every exchange's first connection its time."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import builtins, linecache
standard = builtins.__import__
import crashdesk_gui.app
import crashdesk.exchange.connect
crashdesk.exchange.connect.required_credentials("binanceusdm")
print(builtins.__import__ is standard, sum(name.endswith(("binance.py", "app.py")) for name in linecache.cache))
"""


def test_no_module_is_read_a_second_time_for_qt() -> None:
    told = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split() == ["True", "0"]
