"""Text of numbers, times and ages: exact, labelled, never rounded."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk_gui import format as text

SECOND = 1_000_000_000
finite = st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e30"), max_value=Decimal("1e30"))


def ungrouped(shown: str) -> str:
    return shown.replace(text.GROUP_SEPARATOR, "").replace(text.MINUS, "-")


@given(finite)
def test_a_decimal_keeps_every_digit(value: Decimal) -> None:
    back = Decimal(ungrouped(text.decimal_text(value)))
    assert back == value
    assert back.is_signed() == value.is_signed()
    if value.adjusted() > -30:
        assert back.as_tuple().digits[-1:] == value.as_tuple().digits[-1:], "a trailing zero was lost"


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_decimal_has_a_short_text(value: Decimal) -> None:
    assert 0 < len(text.decimal_text(value)) < 160


@given(st.integers(min_value=0, max_value=10**24))
def test_groups_are_of_three_digits(value: int) -> None:
    first, *others = text.count_text(value).split(text.GROUP_SEPARATOR)
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in others)


@pytest.mark.parametrize(
    ("value", "sign", "shown"),
    [
        ("1234567.8900", False, "1 234 567.8900"),
        ("-0.5", False, "−0.5"),
        ("0.5", True, "+0.5"),
        ("0", True, "0"),
        ("-1000", True, "−1 000"),
        ("1E+3", False, "1 000"),
        ("1E+999999", False, "1E+999999"),
    ],
)
def test_decimals_as_the_operator_reads_them(value: str, sign: bool, shown: str) -> None:
    assert text.decimal_text(Decimal(value), sign=sign).replace(text.GROUP_SEPARATOR, " ") == shown


def test_no_value_is_a_dash_and_not_a_zero() -> None:
    assert text.decimal_text(None) == text.time_text(None) == text.age_text(None, 0) == "—"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "just now"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (2 * 3600 + 5 * 60 + 59, "2 h 05 min ago"),
        (47 * 3600, "47 h 00 min ago"),
        (3 * 86400 + 4 * 3600, "3 d 04 h ago"),
        (-5, "in 5 s"),
    ],
)
def test_ages(seconds: int, shown: str) -> None:
    now = 1_763_781_128 * SECOND
    assert text.age_text(now - seconds * SECOND, now) == shown


def test_a_fine_duration_shows_tenths_and_is_cut() -> None:
    assert text.duration_text(499_999_999, fine=True) == "0.4 s"
    assert text.duration_text(99_999_999, fine=True) == "< 0.1 s"
    assert text.duration_text(12 * SECOND, fine=True) == "12 s"


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_every_time_names_its_zone(moment: int) -> None:
    shown = text.time_text(moment)
    assert shown.endswith((" UTC", " ns"))
    if shown.endswith("UTC"):
        parsed = datetime.strptime(shown, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
        assert parsed == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment // SECOND)


def test_another_zone_shows_its_offset() -> None:
    moment = 1_763_781_128 * SECOND + 412_900_000
    assert text.time_text(moment, zone=timezone(timedelta(hours=5, minutes=30))) == "2025-11-22 08:42:08 +05:30"
    assert text.time_text(moment, zone=timezone(timedelta(hours=-3)), millis=True) == "2025-11-22 00:12:08.412 -03:00"
    assert text.clock_text(moment) == "03:12:08 UTC"


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (5 * 2**30, "5.0 GiB")]
)
def test_sizes(size: int, shown: str) -> None:
    assert text.byte_size_text(size) == shown
