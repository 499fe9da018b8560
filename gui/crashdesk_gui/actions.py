"""Commands as data: menus, buttons, the command palette and the shortcut sheet all read the same list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from crashdesk.reconcile.records import Action
from crashdesk_gui.icons import Icons

DECISION_KEYS: Mapping[Action | None, str] = MappingProxyType(
    {Action.CANCEL: "Alt+C", Action.ADOPT: "Alt+A", Action.LEAVE: "Alt+L", None: "Alt+U"}
)
"""What decides on the selected orphan orders in their table; None takes a decision back. No letter decides alone, since who means
to type a note must not decide."""


def native_keys(keys: str) -> str:
    """A shortcut as this system writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """One command. `title` and `tip` are already translated; `id` is stable and never shown."""

    id: str
    title: str
    tip: str = ""
    icon: str = ""
    shortcut: str = ""
    group: str = ""
    checkable: bool = False
    palette: bool = True


class ActionSet(QObject):
    """The commands of one window, by id and in the order they were added."""

    def __init__(self, window: QWidget, icons: Icons) -> None:
        super().__init__(window)
        self._window = window
        self._icons = icons
        self._specs: dict[str, ActionSpec] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, spec: ActionSpec, slot: Callable[[], object] | None = None) -> QAction:
        """Create the action of a spec, live in the whole window; `slot` is called without arguments.

        Raises ValueError for an id that is taken.
        """
        if spec.id in self._specs:
            raise ValueError(f"there is an action {spec.id!r} already")
        action = QAction(spec.title, self._window)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        action.setStatusTip("")
        if spec.icon:
            self._icons.bind(action, spec.icon)
        if slot is not None:
            action.triggered.connect(lambda _checked=False: slot())
        self._window.addAction(action)
        self._specs[spec.id] = spec
        self._actions[spec.id] = action
        self.explain(spec.id, "")
        return action

    def action(self, action_id: str) -> QAction:
        """The action of an id; raises KeyError."""
        return self._actions[action_id]

    def spec(self, action_id: str) -> ActionSpec:
        """The spec of an id; raises KeyError."""
        return self._specs[action_id]

    def all(self) -> tuple[tuple[ActionSpec, QAction], ...]:
        """Every command with its action, in the order they were added."""
        return tuple((spec, self._actions[action_id]) for action_id, spec in self._specs.items())

    def explain(self, action_id: str, reason: str) -> None:
        """Say in the tip why a command cannot be given now; an empty reason brings back what it does."""
        spec, action = self._specs[action_id], self._actions[action_id]
        tip = spec.tip or spec.title
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(reason or (f"{tip} ({keys})" if spec.shortcut else tip))

    def set_enabled(self, enabled: bool, *action_ids: str) -> None:
        """Enable or disable several actions."""
        for action_id in action_ids:
            self._actions[action_id].setEnabled(enabled)
