"""The columns of the audit log and of the application's log, and the feed that brings log records to the GUI thread."""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.config import AccountMode
from crashdesk.reconcile.records import Action, OutcomeKind
from crashdesk.restored import nothing_restored
from crashdesk_gui.audit_log import order_name
from crashdesk_gui.bridge import EventBridge
from crashdesk_gui.display import Display, Zone
from crashdesk_gui.models.checkpoints import iso_time
from crashdesk_gui.models.columns import Field
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.models.time_texts import short_time, time_title
from crashdesk_gui.phrases import account_name, said
from crashdesk_gui.theme import Status, Tone

translate = QCoreApplication.translate

MAX_LOG_LINES = 5000
_SETTLE_MS = 100
_COLUMNS = frozenset({"action", "outcome", "plan", "decisions"})


def kind_name(kind: AuditKind) -> str:
    """The kind of an entry in the operator's language."""
    return {
        AuditKind.CHECKPOINT: translate("Activity", "checkpoint"),
        AuditKind.RECOVERY: translate("Activity", "recovery"),
        AuditKind.PLAN: translate("Activity", "plan"),
        AuditKind.DECISION: translate("Activity", "decision"),
        AuditKind.INTENT: translate("Activity", "intent"),
        AuditKind.OUTCOME: translate("Activity", "outcome"),
        AuditKind.PROBLEM: translate("Activity", "problem"),
        AuditKind.SWITCH: translate("Activity", "dead man's switch"),
    }[kind]


def kind_of(entry: AuditEntry) -> str:
    """The kind of an entry as it is told: a start that found nothing to restore is no recovery, whatever the log files it as."""
    begun = entry.kind is AuditKind.RECOVERY and nothing_restored(entry.text)
    return translate("Activity", "start") if begun else kind_name(entry.kind)


def _besides() -> dict[str, str]:
    """What entries hold besides their columns: the name in the log, and the name in the operator's language."""
    return {
        "account": translate("Activity", "Account"),
        "amount": translate("Activity", "Amount"),
        "changes": translate("Activity", "Changes after it"),
        "checkpoint": translate("Activity", "Checkpoint"),
        "client_order_id": translate("Activity", "Client order id"),
        "after": translate("Activity", "Last change of the journal"),
        "evidence": translate("Activity", "Evidence then"),
        "exchange": translate("Activity", "Exchange"),
        "filled": translate("Activity", "Filled"),
        "mode": translate("Activity", "Account mode"),
        "newest_change": translate("Activity", "Last change of the journal"),
        "newest_seq": translate("Activity", "Newest checkpoint"),
        "price": translate("Activity", "Price"),
        "restored": translate("Activity", "Restored checkpoint"),
        "sent": translate("Activity", "Request sent"),
        "side": translate("Activity", "Side"),
        "symbol": translate("Activity", "Symbol"),
        "timestamp": translate("Activity", "State of, UNIX nanoseconds"),
        "trigger_price": translate("Activity", "Trigger price"),
        "verdict": translate("Activity", "Verdict then"),
    }


def fields_besides() -> tuple[Field[AuditEntry], ...]:
    """The same for a file: each under its name in the log, exactly as it was logged; under `other` what has no known name."""
    known = tuple(_besides())

    def logged(name: str) -> Field[AuditEntry]:
        return Field(name, lambda entry: entry.data.get(name))

    def other(entry: AuditEntry) -> dict[str, str] | None:
        rest = {name: value for name, value in sorted(entry.data.items()) if name not in _COLUMNS and name not in known}
        return rest or None

    return (*map(logged, known), Field("other", other))


def told_besides(entry: AuditEntry) -> list[tuple[str, str]]:
    """(name, value) of what an entry holds besides its columns, in the operator's language; a name we do not know as it is."""
    names = _besides()
    values = {
        AccountMode.LIVE.value: translate("Activity", "live"),
        AccountMode.SANDBOX.value: translate("Activity", "sandbox"),
        "true": translate("Activity", "yes"),
        "false": translate("Activity", "no"),
    }
    return [
        (names.get(name, name), account_name(value) if name == "account" else values.get(value, value))
        for name, value in sorted(entry.data.items())
        if name not in _COLUMNS and value
    ]


def action_name(entry: AuditEntry) -> str:
    """What was decided, in the operator's language; empty for an entry that is about no decision."""
    return said_action(entry.data.get("action", ""))


def said_action(action: str) -> str:
    """An action by its name in the audit log, in the operator's language."""
    names = {
        Action.CANCEL.value: translate("Activity", "cancel"),
        Action.ADOPT.value: translate("Activity", "adopt"),
        Action.LEAVE.value: translate("Activity", "leave"),
    }
    return names.get(action, action)


def outcome_name(entry: AuditEntry) -> str:
    """What became of it, with its glyph; empty for an entry without an outcome."""
    return outcome_word(entry.data.get("outcome", ""))


def outcome_word(outcome: str) -> str:
    """An outcome by its name in the audit log, with its glyph; empty for none."""
    names = {
        OutcomeKind.CANCELLED.value: translate("Activity", "cancelled"),
        OutcomeKind.ALREADY_CLOSED.value: translate("Activity", "already closed"),
        OutcomeKind.FILLED.value: translate("Activity", "filled"),
        OutcomeKind.CHANGED.value: translate("Activity", "changed, not touched"),
        OutcomeKind.REFUSED.value: translate("Activity", "refused"),
        OutcomeKind.UNKNOWN.value: translate("Activity", "unknown"),
        OutcomeKind.ADOPTED.value: translate("Activity", "adopted"),
        OutcomeKind.LEFT.value: translate("Activity", "left"),
        OutcomeKind.SKIPPED.value: translate("Activity", "skipped"),
        OutcomeKind.STILL_OPEN.value: translate("Activity", "still open"),
    }
    status = _status(outcome)
    return f"{status.glyph} {names.get(outcome, outcome)}" if status else ""


def outcome_status(entry: AuditEntry) -> Status | None:
    """How well it went; None for an entry without an outcome."""
    return _status(entry.data.get("outcome", ""))


def _status(outcome: str) -> Status | None:
    if not outcome:
        return None
    return {
        OutcomeKind.CHANGED.value: Status.DIFFERS,
        OutcomeKind.FILLED.value: Status.DIFFERS,
        OutcomeKind.SKIPPED.value: Status.DIFFERS,
        OutcomeKind.STILL_OPEN.value: Status.DIFFERS,
        OutcomeKind.REFUSED.value: Status.BAD,
        OutcomeKind.UNKNOWN.value: Status.UNKNOWN,
    }.get(outcome, Status.OK)


def audit_columns(display: Display) -> list[Column[AuditEntry]]:
    """The columns of the audit log."""
    return [
        Column[AuditEntry](
            id="seq", title=translate("Activity", "No."), text=lambda entry: display.count(entry.seq),
            sort=lambda entry: entry.seq, export=lambda entry: entry.seq, numeric=True, width=56,
            tone=lambda _entry: Tone.MUTED, visible=False,
        ),
        Column[AuditEntry](
            id="at", title=translate("Activity", "Time"), text=lambda entry: short_time(entry.at, display),
            sort=lambda entry: entry.at, export=lambda entry: iso_time(entry.at), width=116,
            tooltip=lambda entry: display.time(entry.at, millis=True),
        ),
        Column[AuditEntry](id="who", title=translate("Activity", "Who"), text=lambda entry: entry.who, width=56),
        Column[AuditEntry](
            id="kind", title=translate("Activity", "Kind"), text=kind_of,
            export=lambda entry: entry.kind.value, width=64, whole=True,
            tone=lambda entry: Tone.DANGER if entry.kind is AuditKind.PROBLEM else None,
        ),
        Column[AuditEntry](
            id="action", title=translate("Activity", "Decision"), text=action_name,
            export=lambda entry: entry.data.get("action", ""), width=64, whole=True,
        ),
        Column[AuditEntry](
            id="outcome", title=translate("Activity", "Outcome"), text=outcome_name,
            export=lambda entry: entry.data.get("outcome", ""), width=72, whole=True, tone=_outcome_tone,
        ),
        Column[AuditEntry](
            id="text", title=translate("Activity", "Evidence"), text=_said_in_short,
            export=lambda entry: entry.text, tooltip=lambda entry: said(entry.text), width=232, stretch=True,
        ),
        Column[AuditEntry](
            id="order", title=translate("Activity", "Order"), text=order_name,
            export=lambda entry: entry.order_key, width=96, tooltip=order_name,
        ),
        Column[AuditEntry](
            id="plan_id", title=translate("Activity", "Plan"), text=lambda entry: entry.plan_id, width=136, visible=False,
        ),
        Column[AuditEntry](
            id="hash", title=translate("Activity", "Hash"), text=lambda entry: entry.hash, width=136, visible=False,
        ),
    ]  # fmt: skip


def _said_in_short(entry: AuditEntry) -> str:
    """What was done, without the id of the order, which has a column of its own."""
    order = entry.order_key.rpartition(":")[2]
    text = said(entry.text)
    # In the brackets of whatever language is spoken.
    return re.sub(rf"\s?[(（][^()（）]*(?<!\w){re.escape(order)}[)）]", "", text, count=1) if order else text


def _outcome_tone(entry: AuditEntry) -> Tone | None:
    status = outcome_status(entry)
    return status.tone if status else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One record of the application's log; `at` in UNIX nanoseconds, `level` Python's number."""

    number: int
    at: int
    level: int
    logger: str
    text: str


def level_status(level: int) -> Status | None:
    """The status of a log level; None for what is merely told."""
    if level >= logging.ERROR:
        return Status.BAD
    return Status.DIFFERS if level >= logging.WARNING else None


def log_columns(display: Display) -> list[Column[LogLine]]:
    """The columns of the application's log."""
    return [
        Column[LogLine](
            id="at", title=translate("Activity", "Time"), text=lambda line: _clock(line, display),
            sort=lambda line: line.number, export=lambda line: iso_time(line.at), width=84,
            tooltip=lambda line: display.time(line.at, millis=True),
        ),
        Column[LogLine](
            id="level", title=translate("Activity", "Level"), text=_level_text,
            sort=lambda line: line.level, export=lambda line: logging.getLevelName(line.level).lower(), width=80,
            tone=_level_tone,
        ),
        Column[LogLine](
            id="text", title=translate("Activity", "Message"), text=lambda line: line.text.partition("\n")[0],
            export=lambda line: line.text, tooltip=lambda line: line.text, width=160, stretch=True, wrap=True,
        ),
        Column[LogLine](
            id="logger", title=translate("Activity", "Source"), text=lambda line: line.logger, width=152, visible=False,
            tone=lambda _line: Tone.MUTED,
        ),
    ]  # fmt: skip


def _clock(line: LogLine, display: Display) -> str:
    """The time of day, without a zone that is UTC: the column's title names it."""
    text = display.clock(line.at)
    return text.removesuffix(" UTC") if display.zone is Zone.UTC else text


class LogModel(RecordTableModel[LogLine]):
    """The application's log as a table."""

    def __init__(self, display: Display, parent: QObject | None = None) -> None:
        super().__init__(log_columns(display), key=lambda line: line.number, parent=parent)
        self._display = display

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = super().headerData(section, orientation, role)
        if value is not None and role == Qt.ItemDataRole.DisplayRole and self.columns[section].id == "at":
            return time_title(value, self._display)
        return value


def _level_text(line: LogLine) -> str:
    status = level_status(line.level)
    name = logging.getLevelName(line.level).lower()
    return f"{status.glyph} {name}" if status else name


def _level_tone(line: LogLine) -> Tone | None:
    status = level_status(line.level)
    return status.tone if status else Tone.MUTED


class LogFeed(QObject):
    """The application's log, the newest `MAX_LOG_LINES` records, on the GUI thread.

    Signals: `changed()`, soon after records came.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: deque[LogLine] = deque(maxlen=MAX_LOG_LINES)
        self._bridge = EventBridge(coalesce_ms=_SETTLE_MS, parent=self)
        self._bridge.received.connect(self._take)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self.changed)
        self._handler = _Handler(self._bridge)
        self._logger: logging.Logger | None = None

    @property
    def lines(self) -> Sequence[LogLine]:
        """The records, oldest first."""
        return tuple(self._lines)

    def listen(self, logger: logging.Logger) -> None:
        """Take what this logger and those below it say."""
        self._logger = logger
        logger.addHandler(self._handler)

    def close(self) -> None:
        """Listen no more."""
        if self._logger is not None:
            self._logger.removeHandler(self._handler)
        self._bridge.close()

    def _take(self, line: LogLine) -> None:
        self._lines.append(line)
        self._settle.start()


class _Handler(logging.Handler):
    """Makes a line of each record in the thread that logs, and posts it."""

    def __init__(self, bridge: EventBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._number = 0
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        # The base class holds the handler's lock around emit, so the numbers are in order.
        self._number += 1
        line = LogLine(
            number=self._number,
            at=round(record.created * 1_000_000) * 1000,
            level=record.levelno,
            logger=record.name,
            text=self.format(record),
        )
        self._bridge.post(line)
