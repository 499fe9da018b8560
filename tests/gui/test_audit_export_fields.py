"""The desk and the terminal export the audit log alike: the same fields under the same names, exactly the same values."""

from __future__ import annotations

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.audit_export import audit_csv, audit_json
from crashdesk_gui.audit_log import AuditLog
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.audit_table import AuditModel
from crashdesk_gui.models.export import csv_text, json_text

EXACT = "0.000000000000000000123456789012345678901234567890"
ENTRIES = [
    AuditEntry(seq=1, at=1_763_781_128_123_456_789, kind=AuditKind.RECOVERY, who="grid", text="the bot started"),
    AuditEntry(
        seq=2,
        at=2**63 - 1,
        kind=AuditKind.OUTCOME,
        who="ops",
        text='gone, "for good";\nreally',
        order_key="normal:BTC/USDT:USDT:8001",
        plan_id="p1",
        data={"action": "cancel", "outcome": "cancelled", "filled": EXACT, "sent": "true", "plan": "{}", "odd": "订单"},
        hash="ab" * 32,
    ),
]


def test_the_terminal_exports_what_the_desk_exports(ui: UiContext) -> None:
    model = AuditModel(ui.display)
    model.set_source(AuditLog.of(ENTRIES))
    assert audit_csv(ENTRIES) == csv_text(model, ENTRIES)
    assert audit_json(ENTRIES) == json_text(model, ENTRIES)
