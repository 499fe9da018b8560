"""Text of numbers, times and ages as the operator reads them. Pure: no Qt, no clock of its own.

Decimals are never rounded. Times always carry their zone. Text meant for other programs (CSV, clipboard of
tables) uses `str(value)` instead: the grouping here is for eyes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

NO_VALUE = "—"
GROUP_SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_NS_PER_SECOND = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_PLAIN_EXPONENT = 40


@dataclass(frozen=True, slots=True)
class AgeWords:
    """The words of ages, replaceable by a translation. `{0}` and `{1}` are numbers, in `ago` and `ahead` a duration."""

    seconds: str = "{0} s"
    minutes: str = "{0} min"
    hours: str = "{0} h {1} min"
    days: str = "{0} d {1} h"
    ago: str = "{0} ago"
    ahead: str = "in {0}"
    now: str = "just now"


ENGLISH = AgeWords()


def decimal_text(value: Decimal | int | None, *, sign: bool = False) -> str:
    """The exact decimal, its integer digits grouped by threes: `−12 345.678`.

    `sign=True` marks positive values with `+`, for differences. None gives a dash. Every digit is kept, trailing
    zeros too; only beyond forty zeros of padding is the scientific form used.
    """
    if value is None:
        return NO_VALUE
    number = Decimal(value)
    if not number.is_finite():
        return str(number)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and (
        exponent > _LONGEST_PLAIN_EXPONENT or number.adjusted() < -_LONGEST_PLAIN_EXPONENT
    ):
        plain = str(number)
    else:
        plain = format(number, "f")
    digits = plain.removeprefix("-")
    whole, point, fraction = digits.partition(".")
    grouped = _grouped(whole) if whole.isdigit() else whole
    prefix = MINUS if plain.startswith("-") else "+" if sign and number > 0 else ""
    return f"{prefix}{grouped}{point}{fraction}"


def count_text(value: int) -> str:
    """A count with grouped thousands: `12 345`."""
    return decimal_text(value)


def byte_size_text(size: int) -> str:
    """A file size in binary units, one decimal from KiB on: `512 B`, `1.4 KiB`. Show the exact count as a tooltip."""
    if size < 1024:
        return f"{size} B"
    units = ("KiB", "MiB", "GiB", "TiB")
    scaled, unit = size / 1024, 0
    while scaled >= 1023.95 and unit < len(units) - 1:
        scaled, unit = scaled / 1024, unit + 1
    return f"{scaled:.1f} {units[unit]}"


def duration_text(duration_ns: int, *, fine: bool = False, words: AgeWords = ENGLISH) -> str:
    """The length of a time span in its two largest units, cut, never rounded up: `14 min`, `2 h 05 min`, `3 d 04 h`.

    `fine=True` shows tenths below ten seconds: `0.4 s`, and what is less than one as `< 0.1 s`. A negative span reads as its
    length.
    """
    span = abs(duration_ns)
    seconds = span // _NS_PER_SECOND
    if fine and seconds < 10:
        tenths = span * 10 // _NS_PER_SECOND
        return words.seconds.format(f"{tenths // 10}.{tenths % 10}" if tenths else "< 0.1")
    if seconds < 60:
        return words.seconds.format(seconds)
    minutes = seconds // 60
    if minutes < 60:
        return words.minutes.format(minutes)
    hours = minutes // 60
    if hours < 48:
        return words.hours.format(hours, f"{minutes % 60:02d}")
    return words.days.format(count_text(hours // 24), f"{hours % 24:02d}")


def age_text(moment_ns: int | None, now_ns: int, *, words: AgeWords = ENGLISH) -> str:
    """How long ago a moment was: `14 min ago`; `in 5 s` for a clock ahead of ours; a dash for None."""
    if moment_ns is None:
        return NO_VALUE
    age = now_ns - moment_ns
    if 0 <= age < _NS_PER_SECOND:
        return words.now
    return (words.ago if age > 0 else words.ahead).format(duration_text(age, words=words))


def time_text(moment_ns: int | None, *, zone: tzinfo | None = UTC, millis: bool = False, label: bool = True) -> str:
    """Date and time with its zone: `2026-11-22 03:12:08 UTC`, `2026-11-22 04:12:08 +01:00`.

    `zone=None` means the machine's local zone. `label=False` leaves the zone out, for a column whose title names it.
    A moment that no calendar holds is shown as its nanoseconds.
    """
    if moment_ns is None:
        return NO_VALUE
    moment = moment_in(moment_ns, zone)
    if moment is None:
        return f"{moment_ns} ns"
    text = moment.strftime("%Y-%m-%d %H:%M:%S")
    if millis:
        text += f".{moment.microsecond // 1000:03d}"
    return f"{text} {zone_label(moment, zone)}" if label else text


def clock_text(moment_ns: int | None, *, zone: tzinfo | None = UTC) -> str:
    """Time of day with its zone: `03:12:08 UTC`; for a moment whose day is known from its surroundings."""
    moment = None if moment_ns is None else moment_in(moment_ns, zone)
    if moment is None:
        return time_text(moment_ns)
    return f"{moment.strftime('%H:%M:%S')} {zone_label(moment, zone)}"


def moment_in(moment_ns: int, zone: tzinfo | None) -> datetime | None:
    """The moment as a datetime of the zone (None: the machine's), microseconds cut; None where no calendar holds it."""
    try:
        moment = _EPOCH + timedelta(microseconds=moment_ns // 1000)
        return moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return None


def zone_label(moment: datetime, zone: tzinfo | None) -> str:
    """`UTC`, or the offset that held at that moment: `+01:00`."""
    if zone is UTC:
        return "UTC"
    offset = moment.utcoffset() or timedelta()
    minutes = round(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _grouped(digits: str) -> str:
    head = len(digits) % 3
    parts = ([digits[:head]] if head else []) + [digits[i : i + 3] for i in range(head, len(digits), 3)]
    return GROUP_SEPARATOR.join(parts)
