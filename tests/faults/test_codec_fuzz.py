"""Whatever the bytes of a checkpoint: a state that is exactly those bytes, or one of our errors, in bounded memory.

``pytest --fuzz N`` tries N times as many cases.
"""

from __future__ import annotations

import contextlib
import random
import struct
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import strategies as make
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crashdesk.codec import (
    assemble,
    decode,
    decode_account,
    decode_order,
    decode_position,
    decode_strategy,
    decode_with_records,
    encode,
    encode_account,
    encode_order,
    encode_position,
    encode_strategy,
    summarise,
    summary_of,
)
from crashdesk.errors import ChecksumMismatch, CodecError, MalformedCheckpoint
from crashdesk.state import OrderStatus, OrderType, Side, StrategyState, SystemState

AMOUNTS = ("0", "-0.0", "1E-7", "1E+27", "12345678901234567890.123456789", "-3", "0.000001", "100")

RECORD_CODECS: list[tuple[Callable[[bytes], Any], Callable[[Any], bytes]]] = [
    (decode_account, encode_account),
    (decode_position, encode_position),
    (decode_order, encode_order),
    (decode_strategy, encode_strategy),
]


def varied_state() -> SystemState:
    """Every enum value, orders with and without price, texts of every width, an amount of each notation."""
    texts = ("plain", "", "注文-7", "🚨 é", "a\0b", "x" * 130, "é" * 140)
    kinds = list(OrderType)
    statuses = list(OrderStatus)
    return make.state(
        positions=tuple(
            make.position(
                id=f"p{number}",
                symbol=texts[number],
                side=list(Side)[number % 2],
                quantity=Decimal(AMOUNTS[number]).copy_abs(),
                entry_price=Decimal(AMOUNTS[number]),
                opened_at=(-1) ** number * 2**62,
            )
            for number in range(len(texts))
        ),
        open_orders=tuple(
            make.order(
                id=f"{texts[number % 7]}{number}",
                client_order_id=texts[(number + 1) % 7],
                symbol=texts[number % 3],
                side=list(Side)[number % 2],
                order_type=kinds[number],
                quantity=Decimal(AMOUNTS[number]),
                filled_quantity=Decimal(AMOUNTS[(number + 3) % 8]),
                price=None if number % 3 == 0 else Decimal(AMOUNTS[(number + 5) % 8]),
                status=statuses[number % 7],
            )
            for number in range(len(kinds))
        ),
        strategy_states=(
            StrategyState(name="grid", state_data=bytes(range(256))),
            StrategyState(name="戦略", state_data=b""),
        ),
    )


STATE = varied_state()
FILE = encode(STATE)
WITHOUT_STRATEGIES = encode(make.state(account=STATE.account, positions=STATE.positions, open_orders=STATE.open_orders))


@pytest.fixture
def times(request: pytest.FixtureRequest) -> int:
    """How many times as many cases as usual."""
    return int(request.config.getoption("--fuzz", default=1))


def sealed(body: bytes) -> bytes:
    """A file of `body`, its checksum right."""
    return body + struct.pack("<I", zlib.crc32(body))


def check(data: bytes) -> bool:
    """Whether the file is taken; what is taken must be exactly what it says, by every way to read it."""
    try:
        state = decode(data)
    except CodecError:
        with pytest.raises(CodecError):
            decode_with_records(data)
        with contextlib.suppress(CodecError):
            summarise(data)
        return False
    # A version 2 file without strategies means what version 1 says with fewer bytes.
    if data[4] == 2 and state.strategy_states is None:
        data = sealed(data[:4] + b"\x01" + data[5:-8])
    assert encode(state) == data
    same, kept = decode_with_records(data)
    assert repr(same) == repr(state)
    assert (
        b"".join(
            assemble(
                timestamp=kept.timestamp,
                account=kept.account,
                positions=kept.positions,
                orders=kept.orders,
                strategies=kept.strategies,
            )
        )
        == data
    )
    assert repr(summarise(data)) == repr(summary_of(state))
    return True


def check_record(raw: bytes) -> None:
    for read, write in RECORD_CODECS:
        try:
            record = read(raw)
        except MalformedCheckpoint:
            continue
        assert write(record) == raw


def mutated(body: bytes, chance: random.Random) -> bytes:
    """`body` after one to three changes at random places: overwritten, inserted, cut out, doubled, swapped."""
    changed = bytearray(body)
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(changed))
        end = min(len(changed), start + chance.choice((0, 1, 1, 1, 2, 4, 8, 20)))
        other = chance.randrange(len(changed))
        piece = bytes(changed[start:end])
        new = chance.choice(
            (
                chance.randbytes(end - start),
                chance.randbytes(chance.randint(0, 4)),
                chance.choice(
                    (b"", b"\0", b"\x01", b"\xff", b"\x01\x00", b"-", b"E+", b"NaN", b"\xff" * 4, b"\xed\xa0")
                ),
                piece + piece,
                bytes(changed[other : other + len(piece)]),
            )
        )
        changed[start:end] = new
    return bytes(changed)


def fields(body: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each place in `body` that reads like a short field with its length."""
    for start in range(len(body) - 2):
        size = body[start] | body[start + 1] << 8
        if 0 < size < 24 and start + 2 + size <= len(body):
            yield start, start + 2 + size


@pytest.mark.scenario(60, 61)
@pytest.mark.parametrize("data", [FILE, WITHOUT_STRATEGIES], ids=["version 2", "version 1"])
def test_every_flipped_bit_and_every_cut_is_refused(data: bytes) -> None:
    damaged = bytearray(data)
    for bit in range(len(data) * 8):
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CodecError):
            (decode, decode_with_records, summarise)[bit % 3](bytes(damaged))
        damaged[bit // 8] ^= 1 << bit % 8
    for size in range(len(data)):
        with pytest.raises(CodecError):
            (decode, decode_with_records, summarise)[size % 3](data[:size])


@pytest.mark.parametrize("data", [FILE, WITHOUT_STRATEGIES], ids=["version 2", "version 1"])
def test_every_cut_is_refused_though_the_checksum_is_right(data: bytes) -> None:
    for size in range(len(data) - 4):
        with pytest.raises(CodecError) as refused:
            decode(sealed(data[:size]))
        assert not isinstance(refused.value, ChecksumMismatch)


@pytest.mark.parametrize("data", [FILE, WITHOUT_STRATEGIES], ids=["version 2", "version 1"])
def test_random_changes_under_a_right_checksum(data: bytes, times: int) -> None:
    chance = random.Random(20)
    taken = sum(check(sealed(mutated(data[:-4], chance))) for _ in range(1000 * times))
    # Were all refused (or none), the changes would test nothing.
    assert 0 < taken < 1000 * times


def test_fields_swapped_under_a_right_checksum(times: int) -> None:
    chance = random.Random(21)
    body = FILE[:-4]
    places = list(fields(body))
    for _ in range(800 * times):
        (a, b), (c, d) = sorted(chance.sample(places, 2))
        if b <= c:
            check(sealed(body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]))


def test_any_u16_set_to_the_highest_length() -> None:
    body = FILE[:-4]
    for at in range(16, len(body) - 1, 3):
        check(sealed(body[:at] + b"\xff\xff" + body[at + 2 :]))


def test_any_u32_set_to_a_huge_count_takes_no_memory() -> None:
    body = FILE[:-4]
    tracemalloc.start()
    try:
        for at in range(16, len(body) - 3, 5):
            data = sealed(body[:at] + struct.pack("<I", (0xFFFFFFFF, len(body))[at % 2]) + body[at + 4 :])
            for read in (decode, summarise):
                with contextlib.suppress(CodecError):
                    read(data)
        assert tracemalloc.get_traced_memory()[1] < 40 * len(FILE) + 100_000
    finally:
        tracemalloc.stop()


def test_a_large_file_is_read_in_a_small_multiple_of_its_size() -> None:
    orders = tuple(
        make.order(id=str(number), quantity=Decimal(number), price=Decimal(-number)) for number in range(3000)
    )
    whole = encode(make.state(open_orders=orders))
    # The last order's last byte is gone: the most that can be built before the refusal.
    for data in (whole, sealed(whole[:-5])):
        tracemalloc.start()
        try:
            try:
                decode_with_records(data)
            except MalformedCheckpoint:
                assert data is not whole
            assert tracemalloc.get_traced_memory()[1] < 15 * len(data)
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("version", [1, 2])
def test_garbage_behind_a_valid_header(version: int, times: int) -> None:
    head = b"ZQCK" + struct.pack("<Iq", version, make.T0)
    bytes_like_fields = st.lists(
        st.binary(max_size=12)
        | make.texts.map(lambda text: struct.pack("<H", len(text.encode())) + text.encode())
        | st.sampled_from(AMOUNTS).map(lambda text: struct.pack("<H", len(text)) + text.encode())
        | st.integers(0, 3).map(lambda number: struct.pack("<I", number))
        | make.instants.map(lambda number: struct.pack("<q", number)),
        max_size=30,
    ).map(b"".join)

    @settings(max_examples=80 * times, deadline=None, phases=(Phase.generate, Phase.shrink))
    @given(st.binary(max_size=200) | bytes_like_fields, st.booleans())
    def run(garbage: bytes, after_the_account: bool) -> None:
        check(sealed(head + encode_account(STATE.account) * after_the_account + garbage))

    run()


def test_random_changes_to_single_records(times: int) -> None:
    _, kept = decode_with_records(FILE)
    records = [kept.account, *kept.positions, *kept.orders, *kept.strategies]
    for raw in records:
        check_record(raw)
        for size in range(len(raw)):
            check_record(raw[:size])
    chance = random.Random(22)
    for _ in range(2500 * times):
        check_record(mutated(chance.choice(records), chance))


def test_garbage_as_a_single_record(times: int) -> None:
    @settings(max_examples=80 * times, deadline=None)
    @given(st.binary(max_size=120))
    def run(raw: bytes) -> None:
        check_record(raw)

    run()


def test_every_valid_state_is_read_the_same_by_every_way(times: int) -> None:
    @settings(max_examples=40 * times, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(make.states)
    def run(state: SystemState) -> None:
        data = encode(state)
        assert check(data)
        assert summarise(data) == summary_of(state)
        read, kept = decode_with_records(data)
        assert [repr(decode_position(raw)) for raw in kept.positions] == [repr(record) for record in read.positions]
        assert [repr(decode_order(raw)) for raw in kept.orders] == [repr(record) for record in read.open_orders]
        assert repr(decode_account(kept.account)) == repr(state.account)
        assert [decode_strategy(raw) for raw in kept.strategies] == list(read.strategy_states or ())

    run()
