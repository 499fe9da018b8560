"""Whether a file on the disk is what was written: by its checksum, so that the trading loop is not held up by decoding."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import msgspec

from crashdesk.codec import decode, stored_crc
from crashdesk.errors import ChecksumMismatch
from crashdesk.storage.directory import StoreDirectory
from crashdesk.storage.names import CheckpointInfo


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a good file is recognised by: its size in bytes and the CRC-32 that its last four bytes hold."""

    size: int
    crc: int


class NotedChunks:
    """Passes the pieces of a file on and notes what the whole of it will be recognised by."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._size = 0
        self._tail = b""

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._size += len(chunk)
            self._tail = bytes(chunk[-4:]) if len(chunk) >= 4 else (self._tail + chunk)[-4:]
            yield chunk

    @property
    def content(self) -> Content:
        """Of the pieces that were passed on so far."""
        return Content(size=self._size, crc=int.from_bytes(self._tail, "little"))


class ReadBack:
    """Remembers what each good file of this run is recognised by, and which of them were read again and found to be so."""

    def __init__(self, directory: StoreDirectory) -> None:
        self._directory = directory
        self._known: dict[int, Content] = {}
        self._verified: set[int] = set()

    def wrote(self, seq: int, content: Content) -> None:
        """A file that this run wrote from records it had encoded."""
        self._known[seq] = content

    def decoded(self, seq: int, data: bytes) -> None:
        """A file whose bytes were decoded and found right."""
        self._known[seq] = Content(size=len(data), crc=stored_crc(data))

    def forget(self, seq: int) -> None:
        """A file that is gone."""
        self._known.pop(seq, None)
        self._verified.discard(seq)

    def verified(self, seq: int) -> bool:
        """Whether the file was read again in this run and found good the last time."""
        return seq in self._verified

    def check(self, info: CheckpointInfo) -> None:
        """Read a file again. One that this run neither wrote nor decoded is decoded, once.

        Raises CodecError for a file that is not good, StorageError for one that cannot be read.
        """
        self._verified.discard(info.seq)
        known = self._known.get(info.seq)
        if known is None:
            data = self._directory.read_bytes(info)
            decode(data)
            self.decoded(info.seq, data)
        else:
            _compare(self._directory.pieces(info), known)
        self._verified.add(info.seq)


def _compare(pieces: Iterator[bytes], known: Content) -> None:
    size = crc = 0
    stored = b""
    for piece in pieces:
        body = max(known.size - 4 - size, 0)
        # A slice of bytes would be a copy, made while no other thread runs.
        crc = zlib.crc32(memoryview(piece)[:body], crc)
        stored = (stored + piece[body:])[-4:]
        size += len(piece)
    if size != known.size:
        raise ChecksumMismatch(f"the file is {size} bytes long; {known.size} were written")
    found = int.from_bytes(stored, "little")
    if not found == crc == known.crc:
        raise ChecksumMismatch(
            f"the checksum does not fit: the file says {found:08x}, its bytes give {crc:08x}, {known.crc:08x} was written"
        )
