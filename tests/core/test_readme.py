"""What the README shows runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from crashdesk import cli

README = Path(__file__).resolve().parents[2] / "README.md"


def embedded_example() -> str:
    return re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[0]


def test_the_example_is_short_and_the_second_run_knows_the_first_ones_order(tmp_path: Path) -> None:
    example = embedded_example()
    assert len(example.strip().splitlines()) <= 32
    runs = [
        subprocess.run(
            [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
        )
        for _ in range(2)
    ]
    assert "recovery: no_checkpoint, 0 open orders known" in runs[0].stdout
    assert "recovery: success, 1 open orders known" in runs[1].stdout
    assert not runs[1].stderr


def test_the_verdict_table_names_every_verdict() -> None:
    from crashdesk.reconcile.records import OrderVerdictKind

    text = README.read_text("utf-8")
    assert [kind.value for kind in OrderVerdictKind if f"`{kind.value}`" not in text] == []


@pytest.mark.parametrize("command", ["list", "show", "verify", "settle", "recover", "audit", "demo", "desk"])
def test_every_command_that_the_readme_names_exists(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["crashdesk", command, "--help"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert f"crashdesk {command} " in capsys.readouterr().out
    assert command in README.read_text("utf-8")


def test_the_command_line_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crashdesk.cli", "--version"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.startswith("crashdesk ")) == (0, True), done.stderr
