"""Where the marks of an axis stand, and what they say. Pure; exact decimals, because a tick is a value that is read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal

from crashdesk_gui.format import moment_in

_NS = 1_000_000_000
_DAY_S = 86_400
_MS = 1_000_000
_STEPS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
_STEPS_DAYS = (1, 2, 7, 14, 28, 91, 182, 364, 728, 1820, 3640)
_FACTORS = (1, 2, 5, 10)
_MOST_TICKS = 64


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A mark on the time axis, UNIX nanoseconds; a new day is `strong`."""

    at: int
    text: str
    strong: bool = False


def time_ticks(start: int, end: int, most: int, zone: tzinfo | None) -> list[TimeTick]:
    """At most about `most` round moments between two others, in a zone (None: the machine's); none out of the calendar."""
    wanted = (end - start) / _NS / max(most, 1)
    first = moment_in(start, zone)
    if first is None or moment_in(end, zone) is None:
        return []
    steps = (*(each * _MS for each in _STEPS_MS), *(each * _NS for each in _STEPS_S))
    step = next((each for each in steps if each >= wanted * _NS), None)
    if step is not None:
        return list(_clock_ticks(start, end, step, first, zone))
    days = next((each for each in _STEPS_DAYS if each * _DAY_S >= wanted), _STEPS_DAYS[-1])
    return list(_day_ticks(start, end, days, first, zone))


def value_ticks(low: float, high: float, most: int) -> list[Decimal]:
    """About `most` round values between two others, and at least two: one alone is no scale."""
    if not math.isfinite(low) or not math.isfinite(high) or high <= low:
        return []
    ticks: list[Decimal] = []
    wanted = max(most, 1)
    while len(ticks) < 2 and wanted <= _MOST_TICKS:
        ticks = _round_values(low, high, wanted)
        wanted *= 2
    return ticks


def _round_values(low: float, high: float, most: int) -> list[Decimal]:
    raw = (high - low) / most
    exponent = math.floor(math.log10(raw))
    factor = next(each for each in _FACTORS if each * 10.0**exponent >= raw * (1 - 1e-9))
    step = Decimal(factor).scaleb(exponent)
    first, last = math.ceil(low / float(step)), math.floor(high / float(step))
    # Dividing rounds: the outermost may lie beyond the ends by a hair.
    return [value for number in range(first, last + 1) if low <= (value := number * step) <= high]


def _clock_ticks(start: int, end: int, step: int, first: datetime, zone: tzinfo | None) -> Iterator[TimeTick]:
    offset = round((first.utcoffset() or timedelta()).total_seconds()) * _NS
    at = -(-(start + offset) // step) * step - offset
    while at <= end:
        moment = moment_in(at, zone)
        assert moment is not None
        midnight = moment.time() == time()
        yield TimeTick(at, moment.isoformat()[:10] if midnight else _clock(moment, at, step), midnight)
        at += step


def _clock(moment: datetime, at: int, step: int) -> str:
    """As exact as ticks so far apart need."""
    if step < _NS:
        return f"{moment:%H:%M:%S}.{at // _MS % 1000:03d}"
    return f"{moment:%H:%M:%S}" if step < 60 * _NS else f"{moment:%H:%M}"


def _day_ticks(start: int, end: int, days: int, first: datetime, zone: tzinfo | None) -> Iterator[TimeTick]:
    # Counted from a fixed day, so that the ticks stay where they are while one moves along.
    day = first.date() - timedelta(days=first.date().toordinal() % days)
    while True:
        midnight = datetime.combine(day, time(), tzinfo=zone)
        at = int(midnight.timestamp()) * _NS
        if at > end:
            return
        if at >= start:
            yield TimeTick(at, day.isoformat(), strong=True)
        day += timedelta(days=days)
