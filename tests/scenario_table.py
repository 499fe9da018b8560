"""The incidents that a recovery has to get right, and the tests that prove each of them.

`python tests/scenario_table.py` writes resources/scenarios.md anew; with `--check` it exits with 1 when the file is not current.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent
TARGET = TESTS.parent / "resources" / "scenarios.md"
MARKER = "scenario"
"""The pytest marker whose arguments are scenario numbers."""


class Scenario(NamedTuple):
    """What happened, and what the comparison or the execution must make of it."""

    number: int
    title: str
    expected: str


GROUPS: tuple[tuple[str, tuple[Scenario, ...]], ...] = (
    (
        "Orders",
        (
            Scenario(1, "Filled after the last checkpoint", "filled_while_down, with its fills"),
            Scenario(2, "Filled in part and still open", "drifted: filled"),
            Scenario(3, "Filled in part, then cancelled", "closed_while_down, with the part that filled"),
            Scenario(4, "Cancelled by hand", "closed_while_down"),
            Scenario(5, "Expired", "closed_while_down"),
            Scenario(6, "Placed after the last checkpoint", "own_orphan, or matched where the journal knows it"),
            Scenario(
                7, "Submission timed out, and the exchange had accepted it", "own_orphan; the intent's fate is live"
            ),
            Scenario(
                8, "Submission timed out and never arrived", "the intent's fate is never_arrived, after the grace"
            ),
            Scenario(9, "Cancellation timed out after it had succeeded", "cancelled, proved by reading, one request"),
            Scenario(10, "Cancellation timed out and the order filled", "filled, proved by reading, one request"),
            Scenario(11, "Quantity or price amended", "drifted: amount, price"),
            Scenario(12, "Replaced under a new id, the old one reported cancelled", "drifted: id; one order, not two"),
            Scenario(13, "Missing, and younger than the grace period", "unknown: too young to judge"),
            Scenario(14, "Missing from the list, found by a read of its own", "the verdict of its own read"),
            Scenario(15, "Missing from the list, and the read of its own fails", "unknown, never stale"),
            Scenario(16, "Not found at first, found later", "missing_unproven, then the verdict of what was found"),
        ),
    ),
    (
        "Orphans",
        (
            Scenario(17, "Carries the bot's own prefix", "own_orphan, preselected"),
            Scenario(18, "Placed by hand", "foreign, never preselected"),
            Scenario(19, "Carries another bot's prefix", "foreign, never preselected"),
            Scenario(20, "Has no client order id", "ambiguous unless the journal or a declaration proves it"),
            Scenario(21, "Id told as a number here and as text there", "one order: ids are always text"),
            Scenario(22, "Client order id used a second time", "two orders, or ambiguous while that is open"),
            Scenario(23, "Orphan that has filled in part", "own_orphan over what remains"),
            Scenario(24, "Reduce-only stop that protects a position", "marked protective, never preselected"),
            Scenario(25, "Conditional order that only a second endpoint lists", "found in a scope of its own"),
            Scenario(
                26, "One of two orders of which one cancels the other", "marked with its sibling, protective together"
            ),
        ),
    ),
    (
        "Approval",
        (
            Scenario(27, "Filled before the approval", "not touched: filled"),
            Scenario(28, "Filled further since it was shown", "not touched: to be decided anew"),
            Scenario(29, "Price changed since it was shown", "not touched: to be decided anew"),
            Scenario(30, "New orders appear during the review", "not touched; shown after the execution"),
            Scenario(31, "Cancellation accepted, and the order stays open", "unknown, loudly"),
            Scenario(32, "The exchange answers that it knows no such order", "settled by reading"),
            Scenario(33, "Half of a batch is refused", "each order has its own outcome, the rest goes on"),
            Scenario(34, "Executed twice, or by two operators", "one request an order"),
            Scenario(35, "Crash in mid-batch", "resumed by reading first, nothing is sent twice"),
            Scenario(36, "Rate limit in mid-batch", "waited for and shown, then the batch goes on"),
        ),
    ),
    (
        "Fetch",
        (
            Scenario(37, "The same order on two pages", "one order"),
            Scenario(38, "An order moves between pages while they are read", "not lost and not twice"),
            Scenario(39, "A page that is exactly full", "the next one is read, or the scope is truncated"),
            Scenario(40, "An empty list that was an error", "the scope failed, nothing is called closed or flat"),
            Scenario(41, "One symbol of several fails", "that symbol is a gap, the others are read"),
            Scenario(42, "Open orders can only be read per symbol", "read per symbol, and the coverage says so"),
            Scenario(43, "Symbol no longer listed", "its orders are unknown, never stale"),
            Scenario(44, "Clocks that disagree", "ages by exchange time; a refused request is a gap"),
            Scenario(45, "Key without permission", "a gap that says what to check; nothing was cancelled"),
            Scenario(46, "The network dies between orders and positions", "orders judged, positions unknown"),
            Scenario(47, "Status, filled or price missing from an answer", "not guessed and not taken for a change"),
        ),
    ),
    (
        "Positions",
        (
            Scenario(48, "Side turned", "side_flipped: one closed, one opened"),
            Scenario(49, "Hedge legs whose sum is zero", "each leg compared and kept by itself"),
            Scenario(50, "Account switched between one-way and hedge mode", "named; no leg is taken for another"),
            Scenario(51, "Contract size other than 1", "compared in contracts, the size shown"),
            Scenario(52, "Inverse contract", "compared in contracts of the quote currency"),
            Scenario(53, "Remainder below the step or the least notional", "named as dust"),
            Scenario(54, "Difference of one step, and of less", "a step is a difference, less is none"),
            Scenario(55, "Same quantity, another entry price", "matched, the entry price shown"),
            Scenario(56, "Closed or liquidated while down", "closed_while_down, told apart where the exchange tells"),
            Scenario(57, "Row with quantity zero", "no position"),
            Scenario(58, "Symbol renamed", "said on both names, never silently merged"),
            Scenario(59, "Fee taken in the base asset on a spot account", "compared with the balance, the fee named"),
        ),
    ),
    (
        "Checkpoints",
        (
            Scenario(60, "Truncated", "refused, the one before is used"),
            Scenario(61, "One bit flipped", "refused, the one before is used"),
            Scenario(62, "Nothing but zeros", "refused, the one before is used"),
            Scenario(63, "Newest damaged, previous one good", "the previous one and the journal, said in the result"),
            Scenario(64, "All damaged", "corrupted: nothing restored as empty, nothing sent"),
            Scenario(65, "Written by a newer version", "passed over and left alone"),
            Scenario(
                66,
                "Of another account, exchange or test network",
                "refused before anything is read; where nobody knows, nothing is proposed",
            ),
            Scenario(67, "Dated in the future", "the sequence decides; the date is no proof"),
            Scenario(68, "Disk full during a save", "reported; what was acknowledged stays"),
            Scenario(69, "Killed at any step of a write", "what was acknowledged comes back, whole and in order"),
            Scenario(
                70,
                "Two processes, one account",
                "the second is refused on a store, and on an account under the same prefix, and told who holds it",
            ),
        ),
    ),
    (
        "Invariants",
        (
            Scenario(71, "Recovered twice", "the second time changes nothing"),
            Scenario(72, "Everything declined", "nothing but reads is sent"),
            Scenario(73, "Answers in another order", "the same verdicts and the same plan"),
            Scenario(74, "Foreign, ambiguous and unknown orders", "never cancelled unasked"),
            Scenario(75, "Ten thousand orders in the desk", "shown without keeping the operator waiting"),
        ),
    ),
)


def scenarios() -> tuple[Scenario, ...]:
    """All of them, by number."""
    return tuple(scenario for _, group in GROUPS for scenario in group)


def marked_tests(directory: Path = TESTS) -> dict[int, list[str]]:
    """The tests that name each scenario, as `core/test_x.py::test_y`, found without running anything of theirs."""
    found: dict[int, list[str]] = {}
    for path in sorted(directory.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        # Most files name none, and to parse them all takes a second.
        for function in ast.parse(text).body if f"{MARKER}(" in text else ():
            if isinstance(function, ast.FunctionDef):
                for number in _numbers(function):
                    found.setdefault(number, []).append(f"{path.relative_to(directory).as_posix()}::{function.name}")
    return found


def _numbers(function: ast.FunctionDef) -> list[int]:
    return [
        argument.value
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == MARKER
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int)
    ]


def rendered(tests: dict[int, list[str]]) -> str:
    """The whole document."""
    lines = [
        "# Scenarios",
        "",
        "What can have happened while a bot was down, what Crashdesk makes of it, and the tests that prove it. Words in",
        "the second column are those of the verdicts and outcomes. The file is written by `python tests/scenario_table.py`.",
        "",
    ]
    for title, group in GROUPS:
        lines += [f"## {title}", "", "| | Scenario | Verdict or behaviour | Tests |", "| ---: | --- | --- | --- |"]
        for scenario in group:
            proofs = "<br>".join(f"`{test}`" for test in tests.get(scenario.number, ())) or "**no test yet**"
            lines.append(f"| {scenario.number} | {scenario.title} | {scenario.expected} | {proofs} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the document, or with `--check` only say whether it is current."""
    text = rendered(marked_tests())
    if "--check" not in arguments:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is not current: run python tests/scenario_table.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
