"""A long sequence whose records are made when somebody looks at them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")
_KEPT_RECORDS = 512
"""So many of those that were looked at are kept: a table asks for the same rows again and again."""


class RecordsOnDemand(Sequence[T]):
    """Records by position. Immutable; going through all of them keeps none."""

    def __init__(self) -> None:
        self._made: dict[int, T] = {}

    @abstractmethod
    def make(self, position: int) -> T:
        """The record at a position from 0 up to the length, made anew."""

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(index)
        made = self._made.get(position)
        if made is None:
            if len(self._made) >= _KEPT_RECORDS:
                self._made.clear()
            made = self._made[position] = self.make(position)
        return made

    def __iter__(self) -> Iterator[T]:
        return (self.make(position) for position in range(len(self)))

    def __reversed__(self) -> Iterator[T]:
        return (self.make(position) for position in range(len(self) - 1, -1, -1))
