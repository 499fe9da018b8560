"""The operator's hands on the orphan orders: keys, buttons, ticks, notes and the menu; nothing moves while it is locked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from crashdesk.reconcile.records import Action
from crashdesk_gui.actions import DECISION_KEYS, native_keys
from crashdesk_gui.controllers.recovery_gate import RecoveryGate, executed, is_outdated
from crashdesk_gui.models.orphans import OrphanRow, OrphanTable, can_adopt
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.widgets.table import RecordTableView

_DECISION_OF = {QKeySequence(keys): action for action, keys in DECISION_KEYS.items()}


class OrphanDeciding(QObject):
    """Turns what is done to the table and to the evidence into decisions of the session."""

    def __init__(
        self, gate: RecoveryGate, model: OrphanTable, table: RecordTableView, evidence: EvidencePanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._gate = gate
        self._model = model
        self._table = table
        self._evidence = evidence
        self._session: StoreSession | None = None
        model.check_wanted.connect(self._take_checks)
        table.context_menu_wanted.connect(self._show_menu)
        table.installEventFilter(self)
        evidence.decided.connect(self._decide)
        evidence.note_typed.connect(self._type_note)
        evidence.note_changed.connect(self._change_note)

    def set_session(self, session: StoreSession | None) -> None:
        """Decide on another store's orders."""
        self._session = session

    @property
    def locked(self) -> bool:
        """Whether nothing may be decided now."""
        session = self._session
        if session is None or session.busy or executed(session):
            return True
        return bool(self._gate.undecidable(session)) or is_outdated(session)

    def propose(self) -> None:
        """Go back to what the desk proposes."""
        if self._session is not None and not self.locked:
            self._session.propose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that decide, while the table has the keyboard."""
        if watched is self._table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            pressed = QKeySequence(event.keyCombination())
            if pressed in _DECISION_OF:
                self._decide(_DECISION_OF[pressed])
                return True
        return super().eventFilter(watched, event)

    def _decide(self, action: Action | None) -> None:
        if self._session is None or self.locked:
            return
        chosen = [row.verdict for row in self._table.selected_records()]
        if action is Action.ADOPT:
            chosen = [verdict for verdict in chosen if can_adopt(verdict)]
        note = self._evidence.note if action is not None else ""
        if chosen:
            self._session.decide(chosen, action, note)

    def _type_note(self, note: str) -> None:
        """Keep each letter: the next row, page or language may be one click away."""
        row = self._table.current_record()
        if self._session is not None and row is not None:
            self._session.write_note(row.key, note, tell=False)

    def _change_note(self, note: str) -> None:
        row = self._table.current_record()
        if self._session is None or self.locked or row is None:
            return
        if row.decision is not None and row.decision.note != note:
            self._session.write_note(row.key, note)

    def _take_checks(self, rows: Sequence[OrphanRow], wanted: bool) -> None:
        """A tick cancels an order; to take it away leaves the order undecided."""
        if self._session is not None and not self.locked:
            # What is to be cancelled already keeps its note.
            changing = [row.verdict for row in rows if self._model.is_checked(row) is not wanted]
            self._session.decide(changing, Action.CANCEL if wanted else None)

    def _show_menu(self, record: OrphanRow, position: QPoint) -> None:
        menu = QMenu(self._table)
        locked = self.locked
        texts = (
            (Action.CANCEL, self.tr("Cancel")),
            (Action.ADOPT, self.tr("Adopt into the recovered state")),
            (Action.LEAVE, self.tr("Leave, and remember")),
            (None, self.tr("Clear decision")),
        )
        for action, text in texts:
            keys = native_keys(DECISION_KEYS[action])
            item = menu.addAction(f"{text}\t{keys}", partial(self._decide, action))
            item.setEnabled(not locked and (action is not Action.ADOPT or can_adopt(record.verdict)))
        menu.addSeparator()
        menu.addAction(self.tr("Copy rows"), self._table.copy_selection)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)
