"""Many short texts in few buffers: a hundred thousand of them cost little more than what they hold."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

import numpy as np
from numpy.typing import NDArray

# No text in UTF-8 holds this byte.
_BETWEEN = b"\xff"
_PLAIN_ROWS, _DENSE_ROWS = 1_000, 32
_FASTEST = 1


class PackedRows(Sequence[bytes]):
    """Texts in UTF-8 by position. Immutable.

    `dense` ones are compressed, in small blocks: for what is kept in case somebody looks at it. Going through all of them, or
    through neighbours, unpacks each block once.
    """

    __slots__ = ("_blocks", "_dense", "_starts", "_unpacked")

    def __init__(self, blocks: Sequence[bytes], counts: Sequence[int], *, dense: bool) -> None:
        self._blocks = tuple(blocks)
        self._starts: NDArray[np.int64] = np.cumsum([0, *counts])
        self._dense = dense
        self._unpacked: tuple[int, list[bytes]] = (-1, [])

    @classmethod
    def of(cls, rows: Iterable[bytes], *, dense: bool = False) -> PackedRows:
        """Of these texts in their order."""
        blocks: list[bytes] = []
        counts: list[int] = []
        left = iter(rows)
        while block := list(islice(left, _DENSE_ROWS if dense else _PLAIN_ROWS)):
            joined = _BETWEEN.join(block)
            blocks.append(zlib.compress(joined, _FASTEST) if dense else joined)
            counts.append(len(block))
        return cls(blocks, counts, dense=dense)

    @classmethod
    def joined(cls, parts: Sequence[PackedRows]) -> PackedRows:
        """Several after one another, all dense or none."""
        dense = parts[0]._dense
        blocks: list[bytes] = []
        counts: list[int] = []
        for part in parts:
            sizes = np.diff(part._starts).tolist()
            if blocks and sizes and counts[-1] + sizes[0] <= (_DENSE_ROWS if dense else _PLAIN_ROWS):
                # What is appended one by one fills up the last block.
                last = cls([blocks.pop()], [counts.pop()], dense=dense)
                grown = cls.of([*last, *part._block(0)], dense=dense)
                blocks.extend(grown._blocks)
                counts.extend(np.diff(grown._starts).tolist())
                blocks.extend(part._blocks[1:])
                counts.extend(sizes[1:])
            else:
                blocks.extend(part._blocks)
                counts.extend(sizes)
        return cls(blocks, counts, dense=dense)

    def __len__(self) -> int:
        return int(self._starts[-1])

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(index)
        number = int(np.searchsorted(self._starts, position, side="right")) - 1
        return self._block(number)[position - int(self._starts[number])]

    def __iter__(self) -> Iterator[bytes]:
        return self.read(0)

    def read(self, start: int) -> Iterator[bytes]:
        """The texts from a position on."""
        first = int(np.searchsorted(self._starts, start, side="right")) - 1
        for number in range(first, len(self._blocks)):
            yield from self._block(number)[max(start - int(self._starts[number]), 0) :]

    def containing(self, text: bytes, besides: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Which of them contain a text, or are among `besides`: those are not looked into."""
        found = np.zeros(len(self), dtype=np.bool_) if besides is None else besides.copy()
        for number, start in enumerate(self._starts[:-1].tolist()):
            stop = int(self._starts[number + 1])
            if found[start:stop].all():
                continue
            block = self._joined(number)
            if text in block:
                found[start + _rows_with(text, block)] = True
        return found

    def _joined(self, number: int) -> bytes:
        block = self._blocks[number]
        return zlib.decompress(block) if self._dense else block

    def _block(self, number: int) -> list[bytes]:
        last, rows = self._unpacked
        if last != number:
            rows = self._joined(number).split(_BETWEEN)
            # One assignment: other threads see either this block or the one before.
            self._unpacked = number, rows
        return rows


def _rows_with(text: bytes, block: bytes) -> NDArray[np.int64]:
    """Which rows of a block contain a text: looked for in all of it at once, since most texts are short and many rows have it."""
    letters = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(letters == _BETWEEN[0])
    if not text:
        return np.arange(len(ends) + 1)
    at = np.flatnonzero(letters[: len(letters) - len(text) + 1] == text[0])
    for place, letter in enumerate(text[1:], 1):
        at = at[letters[at + place] == letter]
    return np.searchsorted(ends, at)
