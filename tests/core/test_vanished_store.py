"""A store that is not there any more when its plan is executed: nothing is sent, and no other store is begun in its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from loopback_incident import LoopbackIncident

from crashdesk.errors import PlanChanged, StorageError
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision


@pytest.mark.parametrize("what_is_left", ["nothing", "an empty directory", "an older copy"])
def test_a_plan_of_a_vanished_store_is_refused_before_anything_is_sent(tmp_path: Path, what_is_left: str) -> None:
    with LoopbackIncident(tmp_path / "store") as incident, StoreView(incident.directory, clock=incident.clock) as view:
        recovery = OperatorRecovery(view, incident.open_exchange(), who="kim", clock=incident.clock)
        comparison = recovery.compare()
        decisions = [
            Decision(order_key=each.key, action=Action.CANCEL, who="kim")
            for each in comparison.plan.orphans
            if each.preselected
        ]
        shutil.move(incident.directory, tmp_path / "elsewhere")
        if what_is_left != "nothing":
            incident.directory.mkdir()
        if what_is_left == "an older copy":
            shutil.copytree(tmp_path / "elsewhere", incident.directory, dirs_exist_ok=True)
            sorted((incident.directory / "checkpoints").glob("*.zqck"))[-1].unlink()
        before = sorted(tmp_path.rglob("*"))

        with pytest.raises((StorageError, PlanChanged), match=r"has vanished|is gone"):
            recovery.execute(comparison, decisions, plan_id=comparison.plan.id)
        assert incident.cancel_requests == 0
        assert sorted(tmp_path.rglob("*")) == before
