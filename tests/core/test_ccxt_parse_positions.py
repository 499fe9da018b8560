"""ccxt's unified positions become ours: legs, contracts and contract size."""

from decimal import Decimal
from typing import Any

import pytest
from ccxt_records import BTC

from crashdesk.exchange.ccxt_parse import Unreadable, parse_position
from crashdesk.state import Side


def position(info: dict[str, Any] | None = None, **fields: Any) -> Any:
    raw = {"symbol": BTC, "contracts": "3", "contractSize": "0.01", "side": "long", "info": info or {}, **fields}
    return parse_position(raw)


def test_a_position_keeps_contracts_and_contract_size_apart() -> None:
    parsed = position(entryPrice="64000.10000000", markPrice="64000", unrealizedPnl="-0.001", liquidationPrice="0")

    assert (parsed.contracts, parsed.contract_size) == (3, Decimal("0.01"))
    assert str(parsed.entry_price) == "64000.10000000"
    assert parsed.unrealized_pnl == Decimal("-0.001")
    assert (parsed.liquidation_price, parsed.hedged, parsed.id) == (None, None, "")


@pytest.mark.scenario(57)
@pytest.mark.parametrize("contracts", ["0", "0.000", 0])
def test_a_flat_position_is_none(contracts: object) -> None:
    assert position(contracts=contracts) is None


@pytest.mark.scenario(40)
@pytest.mark.parametrize("fields", [{"contracts": None}, {"symbol": None}, {"side": None}])
def test_a_position_without_quantity_symbol_or_side_is_unreadable_and_never_flat(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        position(**fields)


@pytest.mark.parametrize(
    ("info", "fields", "side", "hedged"),
    [
        ({"positionSide": "BOTH"}, {"hedged": False}, Side.BUY, False),
        ({"positionSide": "SHORT"}, {"side": "short", "hedged": True}, Side.SELL, True),
        ({"positionSide": "SHORT"}, {"side": None, "hedged": None}, Side.SELL, True),
        ({"positionSide": "BOTH", "positionAmt": "-3"}, {"side": None, "hedged": None}, Side.SELL, False),
        ({}, {"side": "short"}, Side.SELL, None),
        ({}, {"side": None, "contracts": "-3"}, Side.SELL, None),
    ],
)
def test_the_leg_of_a_position(info: dict[str, Any], fields: dict[str, Any], side: Side, hedged: bool | None) -> None:
    parsed = position(info, **fields)

    assert (parsed.side, parsed.hedged, parsed.contracts) == (side, hedged, 3)
