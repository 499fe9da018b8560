"""The exact points of the charts for other programs. Runs in a worker thread."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

import numpy as np

from crashdesk_gui.models.chart_data import Curve
from crashdesk_gui.models.chart_units import Unit, UnitOf
from crashdesk_gui.models.checkpoints import iso_time

_FIELDS = ("time", "unix_ns", "checkpoint", "measure", "symbol", "side", "value", "unit")


def chart_csv(curves: Iterable[Curve], start: int, end: int, unit_of: UnitOf) -> bytes:
    """The exact points between two moments, with the value that held at the start; one row per point."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_FIELDS)
    writer.writerows(_rows(curves, start, end, unit_of))
    return buffer.getvalue().encode("utf-8")


def chart_json(curves: Iterable[Curve], start: int, end: int, unit_of: UnitOf) -> bytes:
    """The same as a list of objects; values are text, because a JSON number would not keep every digit."""
    found = [dict(zip(_FIELDS, row, strict=True)) for row in _rows(curves, start, end, unit_of)]
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def unit_text(unit: Unit) -> str:
    """A unit for other programs: `BTC`, `contract`, `contract of 0.01 BTC`; empty where it is not known."""
    contract = unit.contract
    if contract is None:
        return unit.coin
    return "contract" if contract.size is None else f"contract of {contract.size} {contract.unit}"


def _rows(
    curves: Iterable[Curve], start: int, end: int, unit_of: UnitOf
) -> Iterator[tuple[str, int, int, str, str, str, str, str]]:
    for curve in curves:
        side, unit = curve.id.side.value if curve.id.side else "", unit_text(unit_of(curve.id))
        first = max(int(np.searchsorted(curve.times, start, "right")) - 1, 0)
        for position in range(first, int(np.searchsorted(curve.times, end, "right"))):
            at, seq = int(curve.times[position]), int(curve.seqs[position])
            value = str(curve.exact(position))
            yield iso_time(at), at, seq, curve.id.measure.value, curve.id.symbol, side, value, unit
