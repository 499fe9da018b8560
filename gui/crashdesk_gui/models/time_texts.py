"""The times of many records as the desk shows them: short in a column, and all at once for a filter that looks into them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from crashdesk_gui import format as text_format
from crashdesk_gui.checkpoint_rows import CheckpointRows
from crashdesk_gui.display import Display, Zone
from crashdesk_gui.packed_rows import PackedRows
from crashdesk_gui.series import Integers

_QUARTER_NS = 900_000_000_000
"""Offsets change at full quarters of an hour only."""
_ROWS = 5_000


def short_time(moment_ns: int, display: Display) -> str:
    """Date and time without a year that is this one, and without a zone that is UTC: for a column whose title names it."""
    text = display.time(moment_ns, label=display.zone is not Zone.UTC)
    year = display.time(display.now(), label=False)[:5]
    return text.removeprefix(year)


def time_title(title: str, display: Display) -> str:
    """The title of a column of short times."""
    return f"{title} · {display.zone_name()}" if display.zone is Zone.UTC else title


def searched_texts(rows: CheckpointRows, zone: tzinfo | None, first: int = 0) -> PackedRows:
    """Per row from the first on the file's name and the time in a zone (None: the machine's), case folded."""
    return PackedRows.of(chain.from_iterable(_searched(rows, zone, start) for start in range(first, len(rows), _ROWS)))


def still_there(seqs: Integers, times: Integers, rows: CheckpointRows) -> NDArray[np.bool_] | None:
    """Which of older rows are the first of the rows now; None where others come before or between them."""
    known = int(np.searchsorted(rows.seqs, seqs[-1], side="right")) if len(seqs) else 0
    kept = np.isin(seqs, rows.seqs[:known], assume_unique=True)
    return kept if np.array_equal(times[kept], rows.times[:known]) else None


def _searched(rows: CheckpointRows, zone: tzinfo | None, start: int) -> list[bytes]:
    names, times = rows.name_letters(start, start + _ROWS), time_letters(rows.times[start : start + _ROWS], zone)
    between = np.full((len(times), 1), ord(" "), dtype=np.uint8)
    letters = np.concatenate((names, between, times), axis=1)
    return letters.view(f"S{letters.shape[1]}").ravel().tolist()


def time_letters(times: NDArray[np.int64], zone: tzinfo | None) -> NDArray[np.uint8]:
    """UNIX nanoseconds as `2026-11-22 03:12:08 +01:00`, a row of ASCII each, filled up with zeros; case folded."""
    offsets, labels = _offsets(times, zone)
    local = (times + offsets).view("datetime64[ns]").astype("datetime64[s]")
    texts = np.datetime_as_string(local).astype("S19").view(np.uint8).reshape(-1, 19).copy()
    texts[:, 10] = ord(" ")
    return np.concatenate((texts, np.full((len(texts), 1), ord(" "), dtype=np.uint8), labels), axis=1)


def _offsets(times: NDArray[np.int64], zone: tzinfo | None) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    if zone is UTC:
        return np.zeros(len(times), dtype=np.int64), _letters(["utc"])[np.zeros(len(times), dtype=np.int64)]
    quarters, which = np.unique(times // _QUARTER_NS, return_inverse=True)
    moments = [text_format.moment_in(int(each) * _QUARTER_NS, zone) for each in quarters]
    labels = _letters([text_format.zone_label(each, zone) if each is not None else "" for each in moments])
    return np.array([_offset(each) for each in moments], dtype=np.int64)[which], labels[which]


def _offset(moment: datetime | None) -> int:
    offset = moment.utcoffset() if moment is not None else None
    return 0 if offset is None else round(offset.total_seconds()) * 1_000_000_000


def _letters(texts: list[str]) -> NDArray[np.uint8]:
    return np.array([text.encode() for text in texts], dtype="S6").view(np.uint8).reshape(-1, 6)
