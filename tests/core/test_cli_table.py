"""Tables in a terminal of eighty columns, and in a pipe: nothing is cut, and no value is torn apart."""

from __future__ import annotations

import io
from decimal import Decimal

import msgspec
import strategies as make
from hypothesis import given
from hypothesis import strategies as st
from recovery_builders import live, plan_of, snapshot
from rich.cells import cell_len
from rich.console import Console

from crashdesk.cli_table import Column, Listing, Row, lines_of, print_listing, say
from crashdesk.cli_text import checkpoint_listing, order_note, plan_listings, state_listings
from crashdesk.codec import encode
from crashdesk.inspection import FileDetails
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import CheckpointInfo

words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(
    st.lists(st.tuples(words, words, words, st.text(max_size=120)), max_size=6),
    st.integers(20, 120),
)
def test_whatever_the_width_every_value_is_there_in_one_piece(
    rows: list[tuple[str, str, str, str]], width: int
) -> None:
    listing = Listing(
        columns=(Column("one"), Column("two", right=True), Column("three")),
        rows=tuple(Row(row[:3], row[3]) for row in rows),
    )
    lines = lines_of(listing, width)
    text = "\n".join((*lines.headings, *lines.body))
    assert all(cell in text for row in rows for cell in row[:3])
    widest = max((cell_len(word) for line in lines.body for word in line.split()), default=0)
    assert all(cell_len(line) <= max(width, widest + 4, 24) for line in lines.body)
    piped = lines_of(listing, None)
    assert (len(piped.headings), len(piped.body)) == (1, len(rows))


def test_what_does_not_fit_beside_goes_below_and_stays_in_its_column() -> None:
    listing = Listing(
        columns=(Column("id"), Column("amount", right=True), Column("client id")),
        rows=(Row(("8389765", "0.5", "x-" + "a" * 30), "why it is so"), Row(("1", "12.75", "short"))),
    )
    lines = lines_of(listing, 40)
    assert lines.headings == ("id       amount", "  client id")
    assert lines.body == (
        "8389765     0.5",
        "  x-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "    why it is so",
        "1         12.75",
        "  short",
    )


def test_a_client_order_id_cannot_steer_the_terminal() -> None:
    listing = Listing(columns=(Column("client id"),), rows=(Row(("grid\x1b[2J\n7",), "a\x07b"),))
    assert lines_of(listing, 80).body == ("grid�[2J 7", "    a�b")


def incident() -> list[Listing]:
    state = make.state(positions=(), open_orders=())
    strange = live(id="4810225111", client_order_id="web_8f31c2d07a", symbol="OLD-PERP", known_market=False)
    own = live(id="4810225110", client_order_id="grid-1-000110")
    return plan_listings(plan_of(state, snapshot(orders=(own, strange))))


def test_the_orders_of_an_incident_fit_eighty_columns_a_line_each_with_the_proof_below() -> None:
    groups = [each for each in incident() if each.title.startswith("Orders: ")]
    assert [each.title for each in groups] == ["Orders: ours, unknown to the bot", "Orders: not ours"]
    body: list[str] = []
    for orders in groups:
        lines = lines_of(orders, 80)
        assert len(lines.headings) == 1
        assert all(cell_len(line) <= 80 for line in lines.body)
        body += lines.body
    text = " ".join(" ".join(body).split())
    assert "proposed for cancellation; what is not filled of it is worth 364.5 USDT." in text
    assert "starts with the bot's own prefix grid-." in text
    assert "the exchange does not list this market any more" in text


def test_a_store_fits_eighty_columns_and_a_damaged_file_says_why_below() -> None:
    state = make.state()
    details = FileDetails(
        info=CheckpointInfo(seq=1000, timestamp=make.T0, directory=None),
        size=len(encode(state)), version=1, crc=0, problem="", state=state,
    )  # fmt: skip
    broken = msgspec.structs.replace(details, state=None, problem="the checksum does not fit")
    listing = checkpoint_listing(
        [(details.info, details, ""), (details.info, broken, broken.problem)], {1000: Cause.PERIODIC}
    )
    for each in (listing, *state_listings(state, {})):
        lines = lines_of(each, 80)
        assert len(lines.headings) <= 1
        assert all(cell_len(line) <= 80 for line in lines.body)
    assert lines_of(listing, 80).body[-1] == "    the checksum does not fit"


def test_a_matched_order_has_nothing_to_be_said_of_it() -> None:
    state = make.state(positions=(), open_orders=(make.order(),))
    (verdict,) = plan_of(state, snapshot(orders=(live(amount=Decimal("0.010")),))).orders
    assert order_note(verdict) == ""


def test_a_pipe_gets_a_line_a_row_and_whole_sentences_however_long() -> None:
    said = io.StringIO()
    console = Console(file=said, soft_wrap=True, width=80)
    listing = Listing(columns=(Column("order"),), rows=(Row(("1",), "why " * 100),))
    print_listing(console, listing)
    say(console, "because " * 100)
    assert [len(line.split()) for line in said.getvalue().splitlines()] == [2, 101, 100]
    terminal = io.StringIO()
    say(Console(file=terminal, soft_wrap=True, width=80, force_terminal=True), "because " * 100)
    assert all(line.split() == ["because"] * len(line.split()) for line in terminal.getvalue().splitlines())
    assert len(terminal.getvalue().splitlines()) > 5
