"""What the desk remembers between sessions, typed. A damaged value is dropped and reported, never an error."""

import hashlib
from enum import Enum
from typing import TypeVar

import msgspec
from PySide6.QtCore import QByteArray, QCoreApplication, QSettings

from crashdesk_gui.display import Zone
from crashdesk_gui.language import Language
from crashdesk_gui.theme import ThemeMode

translate = QCoreApplication.translate
MAX_RECENT_STORES = 12
_Choice = TypeVar("_Choice", bound=Enum)
_Value = TypeVar("_Value")
_Default = TypeVar("_Default")


class ColumnLayout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the operator arranged one table: ids in visual order, widths in pixels, hidden ids, sorted column.

    `kept` are those that he wants to see even where there is no room for all.
    """

    order: tuple[str, ...] = ()
    widths: dict[str, int] = {}
    hidden: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    sort: str | None = None
    descending: bool = False


class FilterChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a filter bar was set to: its text, and the place of each drop-down's option in order."""

    text: str = ""
    places: tuple[int, ...] = ()


class DeskSettings:
    """A typed face of QSettings. `store` arguments are the store's directory as text; "" is for what belongs to none."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings
        self._damaged_keys: list[str] = []
        self._status = settings.status()

    def problems(self) -> list[str]:
        """What was found damaged and ignored so far, and why nothing can be remembered, in the operator's words."""
        texts = {
            QSettings.Status.FormatError: translate(
                "Settings", "The settings file {0} is damaged; what cannot be read of it is ignored."
            ),
            QSettings.Status.AccessError: translate(
                "Settings", "The settings file {0} cannot be read or written; what you choose now is not remembered."
            ),
        }
        found = [texts[self._status].format(self._settings.fileName())] if self._status in texts else []
        damaged = translate("Settings", "The setting {0} was unreadable and is ignored; the desk uses its default.")
        return [*found, *(damaged.format(key) for key in self._damaged_keys)]

    def sync(self) -> None:
        """Write to the disk now; a failure is among the problems afterwards."""
        self._settings.sync()
        if self._status is QSettings.Status.NoError:
            self._status = self._settings.status()

    def theme_mode(self) -> ThemeMode:
        """The chosen theme; the system's by default."""
        return self._choice("look/theme", ThemeMode, ThemeMode.SYSTEM)

    def set_theme_mode(self, mode: ThemeMode) -> None:
        """Remember the chosen theme."""
        self._settings.setValue("look/theme", mode.value)

    def language(self) -> Language:
        """The chosen language; the system's by default."""
        return self._choice("look/language", Language, Language.SYSTEM)

    def set_language(self, language: Language) -> None:
        """Remember the chosen language."""
        self._settings.setValue("look/language", language.value)

    def zone(self) -> Zone:
        """The zone of times; UTC by default."""
        return self._choice("look/zone", Zone, Zone.UTC)

    def set_zone(self, zone: Zone) -> None:
        """Remember the zone of times."""
        self._settings.setValue("look/zone", zone.value)

    def compact(self) -> bool:
        """Whether rows are low."""
        return self._text("look/compact") == "true"

    def set_compact(self, compact: bool) -> None:
        """Remember whether rows are low."""
        self._settings.setValue("look/compact", "true" if compact else "false")

    def geometry(self) -> QByteArray:
        """The window's saved geometry, empty if there is none."""
        return self._bytes("window/geometry")

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember the window's geometry."""
        self._settings.setValue("window/geometry", geometry)

    def recent_stores(self) -> list[str]:
        """Directories of the stores opened last, newest first."""
        return self._json("stores/recent", list[str], [])[:MAX_RECENT_STORES]

    def add_recent_store(self, directory: str) -> None:
        """Put a store at the head of the recent ones."""
        others = [each for each in self.recent_stores() if each != directory]
        self._put_json("stores/recent", [directory, *others][:MAX_RECENT_STORES])

    def remove_recent_store(self, directory: str) -> None:
        """Forget a store."""
        self._put_json("stores/recent", [each for each in self.recent_stores() if each != directory])

    def page(self, store: str) -> str:
        """The id of the page that was open for the store; empty if none was."""
        return self._text(self._key(store, "page")) or ""

    def set_page(self, store: str, page: str) -> None:
        """Remember the open page."""
        self._settings.setValue(self._key(store, "page"), page)

    def columns(self, store: str, table: str) -> ColumnLayout | None:
        """How the table was arranged for the store, None if it never was."""
        return self._json(self._key(store, f"columns/{table}"), ColumnLayout, None)

    def set_columns(self, store: str, table: str, layout: ColumnLayout | None) -> None:
        """Remember how a table is arranged; None forgets it."""
        if layout is None:
            self._settings.remove(self._key(store, f"columns/{table}"))
        else:
            self._put_json(self._key(store, f"columns/{table}"), layout)

    def splitter(self, store: str, name: str) -> list[int]:
        """The sizes of a splitter's parts, empty if never moved."""
        sizes = self._json(self._key(store, f"splitter/{name}"), list[int], [])
        return sizes if all(0 <= size < 100_000 for size in sizes) else []

    def set_splitter(self, store: str, name: str, sizes: list[int]) -> None:
        """Remember the sizes of a splitter's parts."""
        self._put_json(self._key(store, f"splitter/{name}"), sizes)

    def filter(self, store: str, name: str) -> FilterChoice:
        """The filter of a page for the store; one that hides nothing if none was set."""
        return self._json(self._key(store, f"filter/{name}"), FilterChoice, FilterChoice())

    def set_filter(self, store: str, name: str, choice: FilterChoice) -> None:
        """Remember the filter of a page."""
        self._put_json(self._key(store, f"filter/{name}"), choice)

    def text(self, store: str, name: str) -> str:
        """A remembered choice of a page, such as a filter; empty if there is none."""
        return self._text(self._key(store, f"text/{name}")) or ""

    def set_text(self, store: str, name: str, value: str) -> None:
        """Remember a choice of a page."""
        self._settings.setValue(self._key(store, f"text/{name}"), value)

    @staticmethod
    def _key(store: str, name: str) -> str:
        group = hashlib.sha256(store.encode("utf-8", "surrogatepass")).hexdigest()[:16] if store else "desk"
        return f"store-{group}/{name}"

    def _text(self, key: str) -> str | None:
        value = self._settings.value(key)
        if value is None or isinstance(value, str):
            return value
        self._damaged(key)
        return None

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        if isinstance(value, QByteArray):
            return value
        if value is not None:
            self._damaged(key)
        return QByteArray()

    def _choice(self, key: str, kind: type[_Choice], default: _Choice) -> _Choice:
        text = self._text(key)
        if text is None:
            return default
        try:
            return kind(text)
        except ValueError:
            self._damaged(key)
            return default

    def _json(self, key: str, kind: type[_Value], default: _Default) -> _Value | _Default:
        text = self._text(key)
        if text is None:
            return default
        try:
            return msgspec.json.decode(text, type=kind)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            self._damaged(key)
            return default

    def _put_json(self, key: str, value: object) -> None:
        self._settings.setValue(key, msgspec.json.encode(value).decode("utf-8"))

    def _damaged(self, key: str) -> None:
        self._damaged_keys.append(key)
        self._settings.remove(key)
