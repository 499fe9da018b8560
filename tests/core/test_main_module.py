"""The package runs as a program: where scripts are not on the path, `python -m crashdesk` is what is left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_package_is_the_command(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "crashdesk", "list", str(tmp_path / "nowhere")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 2
    assert "nowhere" in told.stderr
    assert "Traceback" not in told.stderr
