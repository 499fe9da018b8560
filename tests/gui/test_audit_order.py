"""The orders of an audit log: each new entry finds its place, as if all had been put in order at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk_gui.audit_log import ORDERED, AuditLog, order_name

told = st.text("aB7ü", max_size=3) | st.text("x", min_size=46, max_size=50)
entries = st.lists(st.tuples(told, told, told), max_size=40)


def log_of(fields: list[tuple[str, str, str]], first: int) -> AuditLog:
    return AuditLog.of(
        AuditEntry(
            seq=seq,
            at=seq,
            kind=AuditKind.DECISION,
            who="ops",
            text=text,
            order_key=order,
            plan_id=plan,
            data={},
            hash="",
        )
        for seq, (text, order, plan) in enumerate(fields, first)
    )


@given(before=entries, after=entries)
def test_entries_that_are_appended_find_their_places(
    before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    older = log_of(before, 1)
    older.put_in_order()
    log = AuditLog.joined([older, log_of(after, len(before) + 1)], complete=True)
    log.put_in_order(older)
    for field, value in zip(ORDERED, (lambda entry: entry.text, order_name, lambda entry: entry.plan_id), strict=True):
        keys = [value(entry).casefold().encode()[:48] for entry in log]
        assert log.order_by(field).tolist() == sorted(range(len(log)), key=keys.__getitem__)
