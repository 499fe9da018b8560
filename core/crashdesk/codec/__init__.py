"""ZQCK bytes to SystemState and back; ``resources/format.md`` is the specification.

A record's bytes do not depend on its neighbours, so `encode_order` and `encode_position` can be kept per record and
joined by `assemble` without encoding anything again; `decode_with_records` gives them back as they stand in the file.
"""

from crashdesk.codec.layout import (
    MAGIC,
    VERSION_PLAIN,
    VERSION_STRATEGIES,
    FileHeader,
    intact_file,
    read_header,
    stored_crc,
)
from crashdesk.codec.read import (
    decode,
    decode_account,
    decode_order,
    decode_position,
    decode_strategy,
    decode_with_records,
)
from crashdesk.codec.summary import StateSummary, summarise, summary_of
from crashdesk.codec.write import (
    EncodedState,
    assemble,
    encode,
    encode_account,
    encode_chunks,
    encode_order,
    encode_position,
    encode_strategy,
)

__all__ = [
    "MAGIC",
    "VERSION_PLAIN",
    "VERSION_STRATEGIES",
    "EncodedState",
    "FileHeader",
    "StateSummary",
    "assemble",
    "decode",
    "decode_account",
    "decode_order",
    "decode_position",
    "decode_strategy",
    "decode_with_records",
    "encode",
    "encode_account",
    "encode_chunks",
    "encode_order",
    "encode_position",
    "encode_strategy",
    "intact_file",
    "read_header",
    "stored_crc",
    "summarise",
    "summary_of",
]
