"""The exact points of the charts for other programs. Runs in a worker thread."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

import numpy as np

from crashdesk_gui.models.chart_data import Curve
from crashdesk_gui.models.checkpoints import iso_time

_FIELDS = ("time", "unix_ns", "checkpoint", "measure", "symbol", "side", "value")


def chart_csv(curves: Iterable[Curve], start: int, end: int) -> bytes:
    """The exact points between two moments, with the value that held at the start; one row per point."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_FIELDS)
    writer.writerows(_rows(curves, start, end))
    return buffer.getvalue().encode("utf-8")


def chart_json(curves: Iterable[Curve], start: int, end: int) -> bytes:
    """The same as a list of objects; values are text, because a JSON number would not keep every digit."""
    found = [dict(zip(_FIELDS, row, strict=True)) for row in _rows(curves, start, end)]
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _rows(curves: Iterable[Curve], start: int, end: int) -> Iterator[tuple[str, int, int, str, str, str, str]]:
    for curve in curves:
        side = curve.id.side.value if curve.id.side else ""
        first = max(int(np.searchsorted(curve.times, start, "right")) - 1, 0)
        for position in range(first, int(np.searchsorted(curve.times, end, "right"))):
            at, seq = int(curve.times[position]), int(curve.seqs[position])
            value = str(curve.exact(position))
            yield iso_time(at), at, seq, curve.id.measure.value, curve.id.symbol, side, value
