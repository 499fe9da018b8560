"""How an open order that an exchange tells of is written down in tests/expected_orders.py."""

from typing import Any


def order(order_id: str, side: str, kind: str, created_ms: int, **more: Any) -> dict[str, Any]:
    namespace = more.pop("namespace", "normal")
    base = {
        "id": order_id,
        "namespace": namespace,
        "side": side,
        "order_type": kind,
        "status": "open",
        "known_market": True,
    }
    return {**base, "created_at": created_ms * 1_000_000, **more}


def updated(milliseconds: int) -> int:
    return milliseconds * 1_000_000


T0, T1, T2, T60 = 1767225600000, 1767225601000, 1767225602000, 1767225660000
BTC = "BTC/USDT:USDT"
PARTLY = "partially_filled"
