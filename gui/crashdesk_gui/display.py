"""How values are shown in this session: zone, density, translated age words, the clock. Widgets follow `changed`."""

import time
from collections.abc import Callable
from datetime import UTC, tzinfo
from decimal import Decimal
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from crashdesk_gui import format as text_format


class Zone(Enum):
    """In which zone times are shown."""

    UTC = "utc"
    LOCAL = "local"


class Display(QObject):
    """The operator's choices of how to show things, with `format`'s functions bound to them.

    Signals: `changed()` when times or rows must be shown anew; `ticked()` once a second while `start_ticking()` holds,
    for labels that show an age.
    """

    changed = Signal()
    ticked = Signal()

    def __init__(
        self,
        *,
        zone: Zone = Zone.UTC,
        compact: bool = False,
        now: Callable[[], int] = time.time_ns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._zone = zone
        self._compact = compact
        self._now = now
        self._words = self._translated_words()
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.ticked)

    @property
    def zone(self) -> Zone:
        """The zone of every time shown."""
        return self._zone

    def set_zone(self, zone: Zone) -> None:
        """Show times in another zone from now on."""
        if zone is not self._zone:
            self._zone = zone
            self.changed.emit()

    @property
    def compact(self) -> bool:
        """Whether table rows are 22 instead of 28 pixels high."""
        return self._compact

    def set_compact(self, compact: bool) -> None:
        """Choose the row height."""
        if compact != self._compact:
            self._compact = compact
            self.changed.emit()

    def retranslate(self) -> None:
        """Take the words of ages in the language that is spoken now."""
        self._words = self._translated_words()

    @property
    def row_height(self) -> int:
        """The height of a table row in logical pixels."""
        return 22 if self._compact else 28

    def start_ticking(self) -> None:
        """Begin to emit `ticked`; a window calls it once."""
        self._timer.start()

    def now(self) -> int:
        """The clock of this session, UNIX ns."""
        return self._now()

    def decimal(self, value: Decimal | int | None, *, sign: bool = False) -> str:
        """See `format.decimal_text`."""
        return text_format.decimal_text(value, sign=sign)

    def count(self, value: int) -> str:
        """A count with grouped thousands."""
        return text_format.count_text(value)

    def size(self, size: int) -> str:
        """A file size; see `format.byte_size_text`."""
        return text_format.byte_size_text(size)

    def time(self, moment_ns: int | None, *, millis: bool = False, label: bool = True) -> str:
        """Date and time in the chosen zone, labelled; see `format.time_text`."""
        return text_format.time_text(moment_ns, zone=self.tzinfo, millis=millis, label=label)

    def clock(self, moment_ns: int | None) -> str:
        """Time of day in the chosen zone, labelled."""
        return text_format.clock_text(moment_ns, zone=self.tzinfo)

    def age(self, moment_ns: int | None) -> str:
        """`14 min ago`, by the session's clock."""
        return text_format.age_text(moment_ns, self._now(), words=self._words)

    def duration(self, duration_ns: int, *, fine: bool = False) -> str:
        """`2 h 05 min`; see `format.duration_text`."""
        return text_format.duration_text(duration_ns, fine=fine, words=self._words)

    @property
    def tzinfo(self) -> tzinfo | None:
        """The zone for `format`'s functions; None is the machine's."""
        return UTC if self._zone is Zone.UTC else None

    def zone_name(self) -> str:
        """`UTC`, or the machine's offset at this moment such as `+01:00`."""
        moment = text_format.moment_in(self._now(), self.tzinfo)
        return "UTC" if moment is None else text_format.zone_label(moment, self.tzinfo)

    def _translated_words(self) -> text_format.AgeWords:
        return text_format.AgeWords(
            seconds=self.tr("{0} s"),
            minutes=self.tr("{0} min"),
            hours=self.tr("{0} h {1} min"),
            days=self.tr("{0} d {1} h"),
            ago=self.tr("{0} ago"),
            ahead=self.tr("in {0}"),
            now=self.tr("just now"),
        )
