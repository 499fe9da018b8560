"""What `crashdesk show` tells of the changes behind a checkpoint: sentences and a listing for people, records for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from crashdesk.changes import Change, ChangeKind
from crashdesk.cli_table import Column, Listing, Row
from crashdesk.cli_text import counted
from crashdesk.codec import decode_account, decode_order, decode_position, decode_strategy
from crashdesk.errors import CodecError
from crashdesk.looking_back import JournalledChange, LookedBack
from crashdesk.order_prices import price_text
from crashdesk.report import utc_text
from crashdesk.state import AccountState, OrderState, PositionState, StrategyState, SystemState
from crashdesk.storage.names import CheckpointInfo

_Record = AccountState | OrderState | PositionState | StrategyState
_ABOUT: dict[ChangeKind, tuple[str, Callable[[bytes], _Record] | None]] = {
    ChangeKind.CLEAR: ("everything", None),
    ChangeKind.ORDER: ("order", decode_order),
    ChangeKind.ORDER_GONE: ("order", None),
    ChangeKind.POSITION: ("position", decode_position),
    ChangeKind.POSITION_GONE: ("position", None),
    ChangeKind.ACCOUNT: ("account", decode_account),
    ChangeKind.STRATEGY: ("strategy", decode_strategy),
}
_GONE = {ChangeKind.ORDER_GONE: "no longer open", ChangeKind.POSITION_GONE: "closed"}


def change_lines(looked: LookedBack) -> list[str]:
    """What came after a checkpoint, in sentences."""
    seq, recovered = looked.checkpoint.seq, looked.recovered
    if not looked.kept:
        lines = [f"What was journalled after checkpoint {seq} is not kept any more."]
    elif not looked.changes:
        lines = [f"Nothing was journalled after checkpoint {seq}."]
    else:
        count, last = counted(len(looked.changes), "change"), utc_text(looked.changes[-1].at)
        lines = [f"{count} came after checkpoint {seq}, the last of {last}."]
    if recovered is not None:
        who = "An operator's recovery" if recovered.by_hand else "The bot's recovery"
        taken = f" and {counted(recovered.changes, 'change')} after it" if recovered.changes else " alone"
        lines.append(f"{who} of {utc_text(recovered.at)} started from this checkpoint{taken}.")
    return lines


def change_listing(looked: LookedBack) -> Listing:
    """The changes one by one, with what was true from then on."""
    columns = (Column("NO.", right=True), Column("TIME (UTC)"), Column("WHAT"), Column("ID"), Column("FROM THEN ON"))
    rows = tuple(Row(_cells(each)) for each in looked.changes)
    return Listing(title=f"Changes after checkpoint {looked.checkpoint.seq}", columns=columns, rows=rows)


def shown_data(
    info: CheckpointInfo | None, state: SystemState | None, looked: LookedBack | None, problem: str = ""
) -> dict[str, Any]:
    """What is shown, for other programs; times are UNIX nanoseconds, amounts are text. `looked` is None where nothing is told.

    `state` is that of the checkpoint, or what its changes led to where the last known state was asked for.
    """
    named = None if info is None else {"seq": info.seq, "timestamp": info.timestamp, "file": info.name}
    after = None
    if looked is not None:
        recovered = None if looked.recovered is None else msgspec.to_builtins(looked.recovered)
        changes = [_data(each) for each in looked.changes]
        after = {"kept": looked.kept, "changes": changes, "recovered": recovered}
    return {"checkpoint": named, "problem": problem, "state": msgspec.to_builtins(state), "after": after}


def _cells(each: JournalledChange) -> tuple[str, ...]:
    what, key, record = _content(each.change)
    return str(each.number), _moment(each.at), what, key, _words(each.change.kind, record)


def _moment(at: int) -> str:
    """To the millisecond: several changes come in one second."""
    return f"{utc_text(at).removesuffix(' UTC')}.{at // 1_000_000 % 1000:03d}"


def _data(each: JournalledChange) -> dict[str, Any]:
    what, key, record = _content(each.change)
    kind = each.change.kind.name.lower()
    return {
        "number": each.number,
        "at": each.at,
        "kind": kind,
        "what": what,
        "id": key,
        "record": msgspec.to_builtins(record),
    }


def _content(change: Change) -> tuple[str, str, _Record | None]:
    """What a change is about, its id, and the record; None where it is gone or cannot be read."""
    what, decode = _ABOUT[change.kind]
    try:
        if decode is None:
            return what, change.body.decode(), None
        record = decode(change.body)
    except (CodecError, UnicodeDecodeError):
        return what, "", None
    match record:
        case OrderState() | PositionState():
            return what, record.id, record
        case StrategyState():
            return what, record.name, record
        case _:
            return what, "", record


def _words(kind: ChangeKind, record: _Record | None) -> str:
    match record:
        case OrderState():
            amount = f"{record.filled_quantity} of {record.quantity} filled"
            return f"{record.symbol} {record.side.value} at {price_text(record)}, {amount}, {record.status.value}"
        case PositionState():
            return f"{record.symbol} {record.side.leg} {record.quantity} at {record.entry_price}"
        case AccountState():
            return f"equity {record.equity}, balance {record.balance}"
        case StrategyState():
            return counted(len(record.state_data), "byte")
        case _:
            gone = "described anew" if kind is ChangeKind.CLEAR else "cannot be read"
            return _GONE.get(kind, gone)
