"""The audit log as the desk holds it: columns and lines of JSON, of which an entry is made when it is looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk_gui.packed_rows import PackedRows
from crashdesk_gui.records_on_demand import RecordsOnDemand
from crashdesk_gui.series import Integers

KINDS: tuple[AuditKind, ...] = tuple(AuditKind)
"""What the codes in `AuditLog.kinds` mean."""
_CODES = {kind: code for code, kind in enumerate(KINDS)}
FIELDS = ("text", "order", "plan_id", "who", "order_key")
"""The fields of an entry in `AuditLog.texts`, with zeros between them; `order` is its `order_name`."""
ORDERED = FIELDS[:3]
"""Those of them that a table is ordered by."""
_LONGEST_TEXT = 48
_FEW = 200
"""So many entries find their places in a known order one by one; more are put in order with all the others."""
_decode = msgspec.json.Decoder(AuditEntry).decode


class _Columns(NamedTuple):
    seqs: Integers
    times: Integers
    kinds: NDArray[np.uint8]
    who: NDArray[np.uint32]
    actions: NDArray[np.uint32]
    outcomes: NDArray[np.uint32]
    texts: PackedRows
    bodies: PackedRows


def _coded(codes: dict[str, int], names: Iterable[str]) -> NDArray[np.uint32]:
    return np.array([codes.setdefault(name, len(codes)) for name in names], dtype=np.uint32)


def order_name(entry: AuditEntry) -> str:
    """The order that an entry is about, as symbol and id."""
    _namespace, _colon, rest = entry.order_key.partition(":")
    symbol, _colon, order = rest.rpartition(":")
    return f"{symbol} {order}".strip() if rest else entry.order_key


def _texts(entry: AuditEntry) -> bytes:
    return "\0".join((entry.text, order_name(entry), entry.plan_id, entry.who, entry.order_key)).casefold().encode()


Orders = tuple[NDArray[np.int32], ...]


def _ordered(texts: PackedRows) -> Orders:
    """The places in ascending order of each field, as far as its first 48 bytes tell; of equal ones the first comes first."""
    if not len(texts):
        return (np.array([], dtype=np.int32),) * len(ORDERED)
    fields = zip(*(_keys(text) for text in texts), strict=True)
    columns = (np.array(field, dtype=f"S{_LONGEST_TEXT}") for field in fields)
    return tuple(np.argsort(column, kind="stable").astype(np.int32) for column in columns)


def _grown(orders: Orders, texts: PackedRows) -> Orders:
    """The orders of texts of which only the last are not in them yet."""
    known = len(orders[0])
    more = [_keys(text) for text in texts.read(known)]
    found = []
    for field, order in enumerate(orders):
        keys = [each[field] for each in more]
        later = sorted(range(len(keys)), key=keys.__getitem__)
        places = [bisect_right(order, keys[each], key=partial(_key, texts, field)) for each in later]
        found.append(np.insert(order, places, np.array(later, dtype=np.int32) + known))
    return tuple(found)


def _key(texts: PackedRows, field: int, place: int) -> bytes:
    return _keys(texts[place])[field]


def _keys(text: bytes) -> list[bytes]:
    return [field[:_LONGEST_TEXT] for field in text.split(b"\0", len(ORDERED))[: len(ORDERED)]]


class AuditLog(RecordsOnDemand[AuditEntry]):
    """Audit entries, oldest first. Immutable.

    Attributes: `seqs` and `times` (UNIX nanoseconds) int64; `kinds`, `who`, `actions` and `outcomes` are codes, see `KINDS` and
    `names`; `texts` hold per entry what it is ordered and found by, case folded UTF-8: see `FIELDS`. `complete` says whether
    it is the whole log, or only its newest entries so far.
    """

    def __init__(self, columns: _Columns, names: tuple[str, ...], *, complete: bool = True) -> None:
        super().__init__()
        self._columns = columns
        self.seqs: Integers = columns.seqs
        self.times: Integers = columns.times
        self.kinds = columns.kinds
        self.who = columns.who
        self.actions = columns.actions
        self.outcomes = columns.outcomes
        self.texts = columns.texts
        self.names = names
        self.complete = complete
        self._orders: Orders | None = None

    @classmethod
    def of_pairs(
        cls, pairs: Sequence[tuple[AuditEntry, bytes]], *, names: tuple[str, ...] = (), complete: bool = True
    ) -> AuditLog:
        """From entries in order with their JSON; `names` are those of the log that they will be joined with."""
        codes = {name: code for code, name in enumerate(names)}
        columns = _Columns(
            seqs=np.array([entry.seq for entry, _body in pairs], dtype=np.int64),
            times=np.array([entry.at for entry, _body in pairs], dtype=np.int64),
            kinds=np.array([_CODES[entry.kind] for entry, _body in pairs], dtype=np.uint8),
            who=_coded(codes, (entry.who for entry, _body in pairs)),
            actions=_coded(codes, (entry.data.get("action", "") for entry, _body in pairs)),
            outcomes=_coded(codes, (entry.data.get("outcome", "") for entry, _body in pairs)),
            texts=PackedRows.of(_texts(entry) for entry, _body in pairs),
            bodies=PackedRows.of((body for _entry, body in pairs), dense=True),
        )
        return cls(columns, tuple(codes), complete=complete)

    @classmethod
    def of(cls, entries: Iterable[AuditEntry]) -> AuditLog:
        """From records in order."""
        return cls.of_pairs([(entry, msgspec.json.encode(entry)) for entry in entries])

    @classmethod
    def whole(cls, entries: Sequence[AuditEntry]) -> AuditLog:
        """The log itself where it is one, otherwise made from records."""
        return entries if isinstance(entries, AuditLog) else cls.of(entries)

    @classmethod
    def joined(cls, parts: Sequence[AuditLog], *, complete: bool) -> AuditLog:
        """Logs after one another, each made with the names of the one before, or with those of the last."""
        each = [part._columns for part in parts]
        columns = _Columns(
            seqs=np.concatenate([one.seqs for one in each]),
            times=np.concatenate([one.times for one in each]),
            kinds=np.concatenate([one.kinds for one in each]),
            who=np.concatenate([one.who for one in each]),
            actions=np.concatenate([one.actions for one in each]),
            outcomes=np.concatenate([one.outcomes for one in each]),
            texts=PackedRows.joined([one.texts for one in each]),
            bodies=PackedRows.joined([one.bodies for one in each]),
        )
        return cls(columns, max((part.names for part in parts), key=len), complete=complete)

    def put_in_order(self, older: AuditLog | None = None) -> None:
        """Find the orders that a table may ask for, of many entries in a worker; quickly where it continues an `older` log."""
        known = older._orders if older is not None and self.continues(older) else None
        near = known is not None and len(self) - len(known[0]) <= _FEW
        self._orders = _grown(known, self.texts) if known is not None and near else _ordered(self.texts)

    def order_by(self, field: str) -> NDArray[np.int64]:
        """The places in ascending order of one of the fields that are `ORDERED`."""
        if self._orders is None:
            self.put_in_order()
        assert self._orders is not None
        return self._orders[ORDERED.index(field)].astype(np.int64)

    def __len__(self) -> int:
        return len(self.seqs)

    def make(self, position: int) -> AuditEntry:
        """An entry, made anew."""
        return _decode(self._columns.bodies[position])

    def __iter__(self) -> Iterator[AuditEntry]:
        return self.read(0)

    def read(self, start: int) -> Iterator[AuditEntry]:
        """The entries from a position on, of which none is kept."""
        return (_decode(body) for body in self._columns.bodies.read(start))

    def continues(self, older: AuditLog) -> bool:
        """Whether the entries of `older` are the first of this log."""
        count = len(older)
        same = np.array_equal(self.seqs[:count], older.seqs) and np.array_equal(self.times[:count], older.times)
        return self is older or (count <= len(self) and same)

    def position(self, seq: int) -> int:
        """Where an entry stands, -1 where there is none."""
        position = int(np.searchsorted(self.seqs, seq))
        return position if position < len(self.seqs) and self.seqs[position] == seq else -1

    def places_of(self, *kinds: AuditKind) -> Integers:
        """Where the entries of these kinds stand, in order."""
        return np.flatnonzero(np.isin(self.kinds, [_CODES[kind] for kind in kinds]))


NO_ENTRIES = AuditLog.of(())


def entries_of(entries: Sequence[AuditEntry], *kinds: AuditKind, newest_first: bool = False) -> Iterator[AuditEntry]:
    """The entries of these kinds, of a log without making a record of any other."""
    if isinstance(entries, AuditLog):
        places = entries.places_of(*kinds)
        return (entries[int(place)] for place in (places[::-1] if newest_first else places))
    wanted = reversed(entries) if newest_first else iter(entries)
    return (entry for entry in wanted if entry.kind in kinds)
