"""A recovery that one operator began and another finishes: the log tells who decided, and who sent what."""

from __future__ import annotations

from pathlib import Path

import strategies as make
from recovery_builders import LATER, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import StoreManifest, write_manifest
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

ORPHANS = tuple(live(id=str(number), client_order_id=f"grid-{number}") for number in (21, 22))


def test_each_request_is_of_who_sent_it(tmp_path: Path) -> None:
    directory, clock = tmp_path / "store", ManualClock(LATER)
    with StateStore(directory, clock=ManualClock(T0)) as store:
        store.save(make.state(positions=(make.position(),)))
        manifest = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
        write_manifest(directory, manifest, LocalFiles())
        Journal(directory, ManualClock(T0)).close()
    exchange = ExchangeInMemory(live(), *ORPHANS, positions=[leg()])
    asked: list[bool] = []

    def after_the_first() -> bool:
        asked.append(True)
        return len(asked) > 1

    with StoreView(directory, clock=clock) as view:
        kim = OperatorRecovery(view, exchange, who="kim", clock=clock, account_locks=tmp_path / "locks")
        comparison = kim.compare()
        decisions = [Decision(order_key=order.key, action=Action.CANCEL, who="kim") for order in ORPHANS]
        kim.execute(comparison, decisions, plan_id=comparison.plan.id, stopped=after_the_first)
        lee = OperatorRecovery(view, exchange, who="lee", clock=clock, account_locks=tmp_path / "locks")
        interrupted = lee.interrupted()
        assert interrupted is not None
        assert lee.resume(interrupted).saved is not None
        entries = view.audit_entries()
    by_order = {
        order.id: [(entry.kind, entry.who) for entry in entries if entry.order_key == order.key] for order in ORPHANS
    }
    decided, carried_out = AuditKind.DECISION, (AuditKind.INTENT, AuditKind.OUTCOME)
    assert by_order == {
        "21": [(decided, "kim"), *((kind, "kim") for kind in carried_out)],
        "22": [(decided, "kim"), *((kind, "lee") for kind in carried_out)],
    }
