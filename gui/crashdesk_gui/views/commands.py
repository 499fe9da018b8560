"""The window's own commands and menus, as data."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QMenuBar

from crashdesk_gui.actions import ActionSet, ActionSpec
from crashdesk_gui.language import Language

translate = QCoreApplication.translate
SEPARATOR = ""
_FILE = ("open", "connect", "demo", SEPARATOR, "quit")
_VIEW = (SEPARATOR, "next", "find", "palette", SEPARATOR, "zone", "compact")
_STORE = ("refresh", "verify", SEPARATOR, "show-in-files", "close-store")
_HELP = ("shortcuts", "about")


def window_commands() -> tuple[ActionSpec, ...]:
    """Every command that the window has by itself, in the order of the command palette."""
    return (*_file_commands(), *_store_commands(), *_view_commands(), *_help_commands())


def _file_commands() -> tuple[ActionSpec, ...]:
    group = translate("Commands", "File")
    return (
        ActionSpec(
            id="open",
            title=translate("Commands", "Open a store…"),
            icon="open",
            shortcut="Ctrl+O",
            group=group,
            tip=translate("Commands", "Open the directory where a bot keeps its checkpoints"),
        ),
        ActionSpec(
            id="connect",
            title=translate("Commands", "Connect an exchange…"),
            icon="connect",
            group=group,
            tip=translate("Commands", "Choose the exchange of this store and where its keys are"),
        ),
        ActionSpec(
            id="demo",
            title=translate("Commands", "Try the demonstration"),
            icon="play",
            group=group,
            tip=translate("Commands", "Handle an incident on an embedded exchange, without an account"),
        ),
        ActionSpec(id="quit", title=translate("Commands", "Quit"), shortcut="Ctrl+Q", group=group),
    )


def _store_commands() -> tuple[ActionSpec, ...]:
    group = translate("Commands", "Store")
    return (
        ActionSpec(
            id="refresh",
            title=translate("Commands", "Compare with the exchange"),
            icon="refresh",
            shortcut="F5",
            group=group,
            tip=translate(
                "Commands", "Read the exchange again and compare it with what is known; this changes nothing"
            ),
        ),
        ActionSpec(
            id="verify",
            title=translate("Commands", "Verify all checkpoints"),
            icon="verify",
            group=group,
            tip=translate("Commands", "Read every checkpoint and check its CRC in two ways"),
        ),
        ActionSpec(
            id="show-in-files",
            title=translate("Commands", "Show in the file manager"),
            icon="folder",
            group=group,
        ),
        ActionSpec(
            id="close-store",
            title=translate("Commands", "Remove from the list"),
            icon="cross",
            group=group,
            tip=translate("Commands", "Take the store out of the list; its files stay as they are"),
        ),
    )


def _view_commands() -> tuple[ActionSpec, ...]:
    group = translate("Commands", "View")
    return (
        ActionSpec(
            id="next",
            title=translate("Commands", "The page's next step"),
            icon="chevron-right",
            shortcut="Ctrl+Return",
            group=group,
            tip=translate(
                "Commands", "Go to the button that stands out on the page, and press it unless it acts at once"
            ),
        ),
        ActionSpec(
            id="find", title=translate("Commands", "Filter this page"), icon="filter", shortcut="Ctrl+F", group=group
        ),
        ActionSpec(
            id="palette",
            title=translate("Commands", "Command palette…"),
            icon="command",
            shortcut="Ctrl+K",
            group=group,
            palette=False,
        ),
        ActionSpec(id="zone", title=translate("Commands", "Times in local time"), group=group, checkable=True),
        ActionSpec(id="compact", title=translate("Commands", "Compact rows"), group=group, checkable=True),
    )


def _help_commands() -> tuple[ActionSpec, ...]:
    group = translate("Commands", "Help")
    return (
        ActionSpec(
            id="shortcuts",
            title=translate("Commands", "Keyboard shortcuts"),
            icon="keyboard",
            shortcut="F1",
            group=group,
        ),
        ActionSpec(id="about", title=translate("Commands", "About Crashdesk"), icon="info", group=group),
    )


def theme_commands() -> tuple[ActionSpec, ...]:
    """The three choices of a theme; their ids end in the mode's value."""
    group = translate("Commands", "Theme")
    return (
        ActionSpec(id="theme-system", title=translate("Commands", "Follow the system"), group=group, checkable=True),
        ActionSpec(id="theme-light", title=translate("Commands", "Light"), group=group, checkable=True),
        ActionSpec(id="theme-dark", title=translate("Commands", "Dark"), group=group, checkable=True),
    )


def language_commands() -> tuple[ActionSpec, ...]:
    """The choices of a language; their ids end in the choice's value, their names read the same in every language."""
    group = translate("Commands", "Language")
    return tuple(
        ActionSpec(
            id=f"language-{language.value}",
            title=language.own_name or translate("Commands", "Follow the system", "language"),
            tip=translate("Commands", "Show the desk in this language from now on"),
            group=group,
            checkable=True,
        )
        for language in Language
    )


def add_window_commands(actions: ActionSet, slots: Mapping[str, Callable[[], object]]) -> None:
    """Create every command; raises KeyError for one without a slot."""
    for spec in (*window_commands(), *theme_commands(), *language_commands()):
        actions.add(spec, slots[spec.id])


class Menus:
    """The menu bar and its menus, the `parts`; `pages` and `recent` are filled by the window."""

    def __init__(self, actions: ActionSet) -> None:
        # All made here: those that Qt makes, PySide lets end with any neighbour of theirs in the order of Tab.
        self.bar = QMenuBar()
        self.file = QMenu(translate("Commands", "&File"), self.bar)
        self.view = QMenu(translate("Commands", "&View"), self.bar)
        self.store = QMenu(translate("Commands", "&Store"), self.bar)
        self.help = QMenu(translate("Commands", "&Help"), self.bar)
        self.parts = (self.bar, self.file, self.view, self.store, self.help)
        for menu in self.parts[1:]:
            self.bar.addMenu(menu)
        for menu in (self.file, self.store):
            menu.setToolTipsVisible(True)
        self.recent = QMenu(translate("Commands", "Recent stores"), self.file)
        theme = QMenu(translate("Commands", "Theme"), self.view)
        _fill(self.file, actions, _FILE)
        self.file.insertMenu(actions.action("connect"), self.recent)
        _fill(self.view, actions, _VIEW)
        self._first_of_view = self.view.actions()[0]
        self.view.addSeparator()
        self.view.addMenu(theme)
        _fill(theme, actions, [spec.id for spec in theme_commands()])
        language = QMenu(translate("Commands", "Language"), self.view)
        self.view.addMenu(language)
        _fill(language, actions, [spec.id for spec in language_commands()])
        _fill(self.store, actions, _STORE)
        _fill(self.help, actions, _HELP)

    def add_page(self, actions: ActionSet, action_id: str) -> None:
        """Put a page's command above the rest of the view menu."""
        self.view.insertAction(self._first_of_view, actions.action(action_id))

    def add_to_view(self, actions: ActionSet, action_id: str) -> None:
        """Put a command at the end of the view menu."""
        self.view.addAction(actions.action(action_id))


def _fill(menu: QMenu, actions: ActionSet, ids: Iterable[str]) -> None:
    for action_id in ids:
        if action_id == SEPARATOR:
            menu.addSeparator()
        else:
            menu.addAction(actions.action(action_id))
