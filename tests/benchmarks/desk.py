"""The desk at the scale of real desks: how fast it starts, sorts, filters and draws, how much memory, how long a hold.

``python tests/benchmarks/desk.py [--checkpoints N] [--orders N] [--points N] [--hours H] [--only PART] [--json]``. Each part runs
in a process of its own, without a screen. A hold is a time in which the window's own thread did not return to its event loop:
"all" is what the clock says, with all that it waited for; "own" the thread's processor time, which counts on a busy machine;
"process" that of every thread: more than "own" where it waited for the interpreter's lock.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from desk_setting import Measures, offscreen

PARTS = ("start", "scale", "orphans", "incident", "days")
_STARTS = 3
_MARK = "measured: "


def main() -> None:
    """Measure every part, or be one."""
    options = _options()
    offscreen()
    if options.be:
        print(_MARK + json.dumps(_measure(options)))
        return
    # As an installed desk is.
    for name in ("core/crashdesk", "gui/crashdesk_gui"):
        compileall.compile_dir(Path(__file__).parents[2] / name, quiet=1)
    with tempfile.TemporaryDirectory(prefix="crashdesk-desk-") as directory:
        found = _run_parts(options, Path(directory))
    if options.json:
        print(json.dumps(found, indent=1))
        return
    _print_table(found)
    _print_holds(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", type=int, default=100_000)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--hours", type=float, default=24, help="how long the bot of the incident trades")
    parser.add_argument("--store", type=Path, help="a large store that is there already; it is written to")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; may be given again")
    parser.add_argument("--json", action="store_true", help="every number, for a program")
    parser.add_argument("--be", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--began", type=float, default=0.0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> Measures:
    if options.be == "start":
        from desk_start import measure as start

        return start(options.store, options.began)
    # Before anything else of Qt, as in the program.
    import crashdesk_gui  # noqa: F401

    if options.be == "scale":
        from desk_scale import measure as scale

        return scale(options.store)
    if options.be == "orphans":
        from desk_orphans import measure as orphans

        return orphans(options.orders)
    if options.be == "days":
        from desk_days import measure as days

        return days()
    from desk_incident import measure as incident

    return incident(options.hours)


def _run_parts(options: argparse.Namespace, directory: Path) -> dict[str, Any]:
    parts = options.only or PARTS
    store = options.store
    if store is None and {"start", "scale"} & set(parts):
        from big_store import build

        store = directory / "store"
        build(store, checkpoints=options.checkpoints, points=options.points)
    found: dict[str, Any] = {}
    for part in parts:
        arguments = ["--orders", str(options.orders), "--hours", str(options.hours)]
        if part in ("start", "scale"):
            arguments += ["--store", str(store)]
        runs = [_be(part, arguments, directory) for _ in range(_STARTS if part == "start" else 1)]
        # The first start warms the disk's cache.
        found[part] = min(runs, key=lambda run: run.get("useful_ms", 0)) if "error" not in runs[-1] else runs[-1]
    return found


def _be(part: str, arguments: list[str], directory: Path) -> Measures:
    environment = os.environ | {"XDG_CONFIG_HOME": str(directory), "XDG_STATE_HOME": str(directory)}
    began = time.monotonic()
    command = [sys.executable, __file__, "--be", part, "--began", repr(began), *arguments]
    told = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    for line in told.stdout.splitlines():
        if line.startswith(_MARK):
            return json.loads(line.removeprefix(_MARK))
    sys.stderr.write(told.stderr)
    return {"error": (told.stderr.strip().splitlines() or [f"ended with {told.returncode}"])[-1]}


def _print_table(found: dict[str, Any]) -> None:
    rows: list[tuple[str, str, str]] = []

    def add(words: str, wanted: str, part: str, name: str, unit: str = "ms") -> None:
        value = found.get(part, {}).get(name)
        if isinstance(value, list) and len(value) == 4:
            measured = f"{value[0]:.1f} {unit}, 95 % {value[1]:.1f} (own {value[2]:.1f}, 95 % {value[3]:.1f})"
            rows.append((words, wanted, measured))
        elif isinstance(value, list):
            rows.append((words, wanted, f"{value[0]:,.0f} {unit} (own {value[1]:,.0f})"))
        elif value is not None:
            rows.append((words, wanted, f"{value:,.0f} {unit}"))

    add("start to the first useful window", "≤ 1000 ms", "start", "useful_ms")
    add("start to the first useful window, processor time", "", "start", "useful_cpu_ms")
    add("start until every page is made", "", "start", "pages_ms")
    add("start until every point is read", "", "start", "complete_ms")
    for page in ("history", "activity"):
        add(f"{page}: rows", "", "scale", f"{page}_rows", "rows")
        add(f"{page}: sort, slowest column", "≤ 100 ms", "scale", f"{page}_sort_ms")
        add(f"{page}: filter, with 80 ms for typing", "≤ 180 ms", "scale", f"{page}_filter_ms")
    add("points in the charts", "", "scale", "points", "points")
    for name, words in (
        ("whole", "all of it"),
        ("day", "a day"),
        ("all_whole", "every curve"),
        ("all_day", "every curve, a day"),
    ):
        add(f"chart frame while panning, {words}", "≤ 16 ms", "scale", f"frame_{name}_ms")
    add("orphans: compare and show", "", "orphans", "compare_and_show_ms")
    add("orphans: sort, slowest column", "≤ 100 ms", "orphans", "sort_ms")
    add("orphans: filter, with 80 ms for typing", "≤ 180 ms", "orphans", "filter_ms")
    add("orphans: decide all", "≤ 45 ms", "orphans", "decide_all_ms")
    add("orphans: decide one", "≤ 20 ms", "orphans", "decide_one_ms")
    for name, words in (
        ("a_look", "a look at the store"),
        ("compare", "a comparison"),
        ("pages", "all pages in turn"),
        ("language", "another language and back"),
        ("theme", "another theme and back"),
    ):
        add(f"days: memory kept by {words}", "≤ 1 KB" if name == "a_look" else "", "days", f"{name}_kb", "KB")
    for part in PARTS:
        if "error" in found.get(part, {}):
            rows.append((f"{part}: failed", "", found[part]["error"]))
        add(f"{part}: memory at the end", "≤ 400 MB", part, "rss_mb", "MB")
        add(f"{part}: memory at most", "≤ 400 MB", part, "peak_mb", "MB")
        holds = found.get(part, {}).get("holds")
        if holds:
            longest = max(hold["wall_ms"] for hold in holds)
            rows.append((f"{part}: longest hold", "≤ 50 ms", f"own {holds[0]['own_ms']:.0f} ms, all {longest:.0f} ms"))
    widths = [max(len(row[column]) for row in [*rows, ("", "wanted", "")]) for column in range(2)]
    print(f"{'':<{widths[0]}}  {'wanted':<{widths[1]}}  measured")
    for words, wanted, measured in rows:
        print(f"{words:<{widths[0]}}  {wanted:<{widths[1]}}  {measured}")


def _print_holds(found: dict[str, Any]) -> None:
    for part, measures in found.items():
        for hold in measures.get("holds", ()):
            print(
                f"\n{part}: {hold['action']}: {hold['wall_ms']} ms, own {hold['own_ms']} ms, process {hold['process_ms']} ms"
            )
            for stack in hold["stacks"]:
                print(f"    {stack}")


if __name__ == "__main__":
    main()
