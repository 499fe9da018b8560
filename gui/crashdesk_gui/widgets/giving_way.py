"""Which columns of a table hide while it is too narrow for all of them."""

from collections.abc import Mapping, Sequence


def without_room(widths: Mapping[str, int], giving_way: Sequence[str], room: int) -> dict[str, int]:
    """The columns that go, with their widths: those of `giving_way`, first to last, until the rest fits into `room` pixels.

    `widths` are those of all columns by id; the last column never goes.
    """
    gone: dict[str, int] = {}
    too_wide = sum(widths.values())
    for column_id in giving_way:
        if too_wide > room and column_id in widths and len(gone) < len(widths) - 1:
            gone[column_id] = widths[column_id]
            too_wide -= widths[column_id]
    return gone
