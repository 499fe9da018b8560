"""The command line: what it says, with which exit code, and that the demonstration needs no desk."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
import strategies as make
from command_line import Run, make_store


def test_list_shows_every_checkpoint_newest_first(run: Run, tmp_path: Path) -> None:
    directory = make_store(tmp_path / "store", *(make.state(timestamp=make.T0 + n * 10**9) for n in range(3)))
    code, out, _ = run("list", directory, "--limit", 2)
    rows = [line.split() for line in out.splitlines() if "✓ intact" in line]
    assert (code, [row[0] for row in rows]) == (0, ["3", "2"])
    assert rows[0][1:5] == ["2023-11-14", "22:13:22", "manual", "10250.50"]
    assert "3 checkpoints, 1 older not shown" in out
    assert "grid · binanceusdm" in out
    assert "not running" in out


def test_show_tells_the_whole_state_exactly_and_takes_nothing_for_markup(run: Run, store: Path) -> None:
    code, out, _ = run("show", store)
    assert code == 0
    for text in ("10250.50", "36500.1", "[bold]grid-1[/bold]", "version 2", "✓ intact", "Strategies"):
        assert text in out
    checkpoint = run("show", store, "--checkpoint", 1)[1]
    assert out.startswith(checkpoint)
    # The newest of them all is still no comparison, and no contract is a coin.
    caveats = out.removeprefix(checkpoint)
    assert "--dry-run" in caveats
    assert "contracts, not coins" in caveats


def test_verify_says_that_all_is_well_or_what_is_not(run: Run, store: Path) -> None:
    code, out, _ = run("verify", store)
    assert (code, out.splitlines()[-1][0]) == (0, "✓")
    (file,) = (store / "checkpoints").glob("*.zqck")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    code, out, _ = run("verify", store)
    assert (code, out.splitlines()[-1][0]) == (1, "✕")
    assert file.name in out


@pytest.mark.parametrize("seed", [3])
def test_the_headless_demonstration_prints_its_report_as_json(run: Run, seed: int, tmp_path: Path) -> None:
    code, out, err = run("demo", "--headless", "--json", "--hours", 1, "--seed", seed, "--store", tmp_path / "demo")
    report = json.loads(out)
    assert (code, report["ok"], report["seed"]) == (0, True, seed)
    assert all(check["holds"] for check in report["checks"])
    assert report["own_orphans"] == report["cancelled"] >= 1
    assert "killed while order" in err
    assert run("verify", tmp_path / "demo")[0] == 0
    assert msgspec.json.decode(out)["bot_restarted"] == "success"
