"""Reports of recoveries of one small incident, and their sections."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from orphan_incident import DeskClock, ExchangeInMemory, store_before_the_crash
from strategies import T0

from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision


def recover(
    directory: Path,
    exchange: ExchangeInMemory,
    choices: Mapping[str, tuple[Action, str]],
    *,
    clock: DeskClock | None = None,
) -> RecoveryReport:
    """A recovery by hand that decides on the orders named by id, each with its note."""
    clock = clock or DeskClock(T0)
    store_before_the_crash(directory, T0)
    with StoreView(directory, clock=clock) as view:
        recovery = OperatorRecovery(view, exchange, who="ops", clock=clock)
        comparison = recovery.compare()
        decisions = [
            Decision(
                order_key=verdict.key, action=choices[verdict.live.id][0], who="ops", note=choices[verdict.live.id][1]
            )
            for verdict in comparison.plan.orphans
            if verdict.live is not None and verdict.live.id in choices
        ]
        return recovery.execute(comparison, decisions, plan_id=comparison.plan.id)


def section(markdown: str, title: str) -> str:
    """The text under one heading."""
    return markdown.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data
