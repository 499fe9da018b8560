"""``crashdesk show``: the last known state, or one checkpoint and what came after it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from crashdesk.cli_changes import change_lines, change_listing, shown_data
from crashdesk.cli_next import typed
from crashdesk.cli_table import Listing, print_listing, say
from crashdesk.cli_text import facts_listing, last_known_lines, skipped_lines, state_listings
from crashdesk.contracts import Contract
from crashdesk.errors import NotAStore, StorageError
from crashdesk.inspection import FileDetails, StoreView
from crashdesk.looking_back import LookedBack, look_back
from crashdesk.report import utc_text
from crashdesk.state import SystemState
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal_audit import last_plan
from crashdesk.storage.names import CheckpointInfo


def show_last_known(console: Console, directory: Path, *, as_json: bool) -> bool:
    """Print the last known state; whether it could be read whole. Raises NotAStore for a store without any, StorageError."""
    with StoreView(directory) as view:
        found = view.latest()
        if found is None:
            raise NotAStore(f"{directory} has no checkpoint yet")
        if as_json:
            looked, unread = _looked_back(view, found.info)
            problem = " ".join(text for text in (found.problem, found.notice, unread) if text)
            _print_json(shown_data(found.info, found.state, looked, problem))
            return True
        for line in (*skipped_lines(found.skipped), *last_known_lines(found)):
            say(console, line)
        told = _told_contracts(view)
        if found.info is None or found.changes:
            _print_listings(console, state_listings(found.state, told.contracts))
            whole = True
        else:
            whole = _print_checkpoint(console, view, found.info, told)
        console.print()
        for line in _caveats(found.state, told, directory):
            say(console, line)
        return whole


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the exchange told of its contracts when an operator last recovered, at `made_at`; nothing before that."""

    contracts: dict[str, Contract] = {}
    made_at: int | None = None


def _told_contracts(view: StoreView) -> _Told:
    """As the newest plan in the audit log has it; a log that cannot be read tells nothing."""
    try:
        plan = view.ask_journal(last_plan, None)
        return _Told() if plan is None else msgspec.json.decode(plan, type=_Told)
    except (DatabaseUnusable, ValueError):
        return _Told()


def _caveats(state: SystemState, told: _Told, directory: Path) -> list[str]:
    """What a reader must not take from these numbers."""
    caveats = [f"This is as it was known. What is true now: {typed('recover', directory, '--dry-run')}"]
    symbols = {position.symbol for position in state.positions} | {order.symbol for order in state.open_orders}
    described = {symbol for symbol in symbols if symbol in told.contracts and told.contracts[symbol].size is not None}
    if described and told.made_at is not None:
        caveats.append(
            f"What a contract stands for is as the exchange told at the recovery of {utc_text(told.made_at)}."
        )
    if any(":" in symbol for symbol in symbols - described):
        which = "Quantities without a unit" if described else "Quantities"
        caveats.append(
            f"{which} of swaps and futures are as the exchange counts them: on many exchanges contracts, not coins."
        )
    return caveats


def show_checkpoint(console: Console, directory: Path, seq: int, *, as_json: bool) -> bool:
    """Print one checkpoint and what came after it; whether it is intact. Raises CheckpointNotFound, StorageError."""
    with StoreView(directory) as view:
        info = view.store.find(seq)
        if not as_json:
            return _print_checkpoint(console, view, info, _told_contracts(view))
        details = view.details(info)
        looked, unread = _looked_back(view, info)
        _print_json(shown_data(info, details.state, looked, details.problem or unread))
        return not details.problem


def _print_checkpoint(console: Console, view: StoreView, info: CheckpointInfo, told: _Told) -> bool:
    details = view.details(info)
    print_listing(console, facts_listing(_facts(info, details)))
    _print_listings(console, state_listings(details.state, told.contracts) if details.state else [])
    console.print()
    looked, unread = _looked_back(view, info)
    for line in [f"! {unread}"] if looked is None else change_lines(looked):
        say(console, line)
    if looked is not None and looked.changes:
        _print_listings(console, [change_listing(looked)])
    return not details.problem


def _facts(info: CheckpointInfo, details: FileDetails) -> tuple[tuple[str, str], ...]:
    return (
        ("file", info.name),
        ("time", utc_text(info.timestamp)),
        ("format", f"version {details.version}, {details.size} bytes, CRC {details.crc or 0:08x}"),
        ("integrity", "✓ intact" if not details.problem else f"{'!' if details.newer else '✕'} {details.problem}"),
    )


def _looked_back(view: StoreView, info: CheckpointInfo | None) -> tuple[LookedBack | None, str]:
    """What came after a checkpoint, or why that is not known: a journal that cannot be read hides no checkpoint."""
    if info is None:
        return None, ""
    try:
        return look_back(view, info), ""
    except StorageError as error:
        return None, f"what came after checkpoint {info.seq} is not known: {error}"


def _print_listings(console: Console, listings: list[Listing]) -> None:
    for listing in listings:
        console.print()
        print_listing(console, listing)


def _print_json(data: dict[str, Any]) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(data)).decode() + "\n")
