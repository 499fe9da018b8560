"""What both directions share: codes, fixed parts, the header, the checksum."""

from __future__ import annotations

import decimal
import struct

import msgspec

from crashdesk.checksum import crc32
from crashdesk.errors import ChecksumMismatch, MalformedCheckpoint, NewerVersion, NotACheckpoint
from crashdesk.state import OrderStatus, OrderType, Side

MAGIC = b"ZQCK"
VERSION_PLAIN = 1
VERSION_STRATEGIES = 2

HEADER = struct.Struct("<4sIq")
U16 = struct.Struct("<H")
U32 = struct.Struct("<I")
I64 = struct.Struct("<q")

SIDES = (Side.BUY, Side.SELL)
STATUSES = tuple(OrderStatus)
ORDER_TYPE_CODES = {kind: 255 if kind is OrderType.OTHER else code for code, kind in enumerate(OrderType)}
ORDER_TYPES = {code: kind for kind, code in ORDER_TYPE_CODES.items()}

# The text of an amount must not depend on the bot's decimal context, which may ask for a small e.
canonical = decimal.Context(capitals=1).to_sci_string


class FileHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What the first 16 bytes of a checkpoint say."""

    version: int
    timestamp: int


def read_header(data: bytes) -> FileHeader:
    """Version and timestamp from the first 16 bytes, unchecked.

    Raises NotACheckpoint, NewerVersion or MalformedCheckpoint.
    """
    if data[:4] != MAGIC:
        raise NotACheckpoint(
            f"this is no checkpoint: it starts with {bytes(data[:4])!r} instead of {MAGIC!r}"
            if data
            else "this is no checkpoint: the file is empty"
        )
    if len(data) < HEADER.size:
        raise MalformedCheckpoint(f"the file ends after {len(data)} bytes, inside its header")
    _, version, timestamp = HEADER.unpack_from(data)
    if version == 0:
        raise MalformedCheckpoint("its format version is 0, which never was")
    if version not in (VERSION_PLAIN, VERSION_STRATEGIES):
        raise NewerVersion(
            f"written by a newer version of Crashdesk (format version {version}, this one reads 1 and 2): "
            "update Crashdesk to read it"
        )
    return FileHeader(version=version, timestamp=timestamp)


def stored_crc(data: bytes) -> int:
    """The CRC-32 that the last four bytes hold. Raises MalformedCheckpoint when there are none."""
    if len(data) < HEADER.size + 4:
        raise MalformedCheckpoint(f"the file ends after {len(data)} bytes, before its checksum")
    return int(U32.unpack_from(data, len(data) - 4)[0])


def intact_file(data: bytes) -> tuple[FileHeader, bytes]:
    """The header, and everything before the checksum.

    A version that this program does not know is a newer one only where the checksum fits, which every version keeps; otherwise
    it is damage. Raises NotACheckpoint, NewerVersion, MalformedCheckpoint or ChecksumMismatch.
    """
    try:
        header = read_header(data)
    except NewerVersion:
        _intact_body(data)
        raise
    return header, _intact_body(data)


def _intact_body(data: bytes) -> bytes:
    stored, body = stored_crc(data), bytes(data[:-4])
    computed = crc32(body)
    if stored != computed:
        raise ChecksumMismatch(
            f"the checksum does not fit: the file says {stored:08x}, its bytes give {computed:08x}; "
            "it was damaged or cut off"
        )
    return body
