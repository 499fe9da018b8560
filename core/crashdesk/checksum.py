"""CRC-32 twice: zlib's on the hot path, crcmod's as the independent second implementation."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache


def crc32(data: bytes, start: int = 0) -> int:
    """CRC-32/ISO-HDLC of `data`, continued from `start`."""
    return zlib.crc32(data, start)


@cache
def _crcmod_crc32() -> Callable[[bytes], int]:
    from crcmod.predefined import mkPredefinedCrcFun

    function: Callable[[bytes], int] = mkPredefinedCrcFun("crc-32")
    return function


def second_crc32(data: bytes) -> int:
    """The same polynomial by code that shares nothing with zlib; about 13 times slower."""
    return _crcmod_crc32()(data)
