"""Two that execute one plan at the same moment send one request an order."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from interrupted_recovery import DECISIONS, FIRST, Place

from crashdesk.errors import PlanChanged, StoreLocked
from crashdesk.exchange.records import OrderRef
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport


@pytest.mark.usefixtures("impatient")
@pytest.mark.scenario(34)
@pytest.mark.parametrize("same_desk", [True, False], ids=["a double click", "two operators"])
def test_two_that_execute_at_the_same_moment_send_one_request(place: Place, same_desk: bool) -> None:
    other = place.recovery if same_desk else place.operator("lee")
    plans = [(place.recovery, place.recovery.compare())]
    plans.append((other, plans[0][1] if same_desk else other.compare()))
    within, go_on = threading.Event(), threading.Event()

    def hold(ref: OrderRef) -> None:
        within.set()
        assert go_on.wait(10)

    place.exchange.on_cancel = hold
    reports: list[RecoveryReport] = []

    def run(recovery: OperatorRecovery, comparison: Any) -> None:
        reports.append(recovery.execute(comparison, [DECISIONS[0]], plan_id=comparison.plan.id))

    first = threading.Thread(target=run, args=plans[0])
    first.start()
    assert within.wait(10)
    with pytest.raises(StoreLocked):
        run(*plans[1])
    go_on.set()
    first.join(10)
    with pytest.raises(PlanChanged):
        run(*plans[1])
    assert [report.saved is not None for report in reports] == [True]
    assert place.cancels(FIRST.key) == 1


_SECOND_PROCESS = """
import sys, json
sys.path[:0] = json.loads(sys.argv[3])
from interrupted_recovery import second_operator
second_operator(sys.argv[1], sys.argv[2])
"""


@pytest.mark.scenario(34)
def test_an_operator_in_another_process_is_kept_out_while_and_after_this_one_executes(
    place: Place, tmp_path: Path
) -> None:
    sent = tmp_path / "requests.json"
    paths = json.dumps([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    arguments = [sys.executable, "-c", _SECOND_PROCESS, str(place.directory), str(sent), paths]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None

        def say() -> None:
            assert other.stdin is not None
            other.stdin.write("go\n")
            other.stdin.flush()

        def hear() -> str:
            assert other.stdout is not None
            return other.stdout.readline().strip()

        watchdog = threading.Timer(60, other.kill)
        watchdog.start()
        try:
            assert hear() == "compared"
            heard: list[str] = []

            def meanwhile(ref: OrderRef) -> None:
                say()
                heard.append(hear())

            place.exchange.on_cancel = meanwhile
            comparison = place.recovery.compare()
            report = place.recovery.execute(comparison, [DECISIONS[0]], plan_id=comparison.plan.id)
            assert report.saved is not None
            assert hear() == ""
            say()
            heard.append(hear())
            other.wait(30)
        finally:
            watchdog.cancel()
            with contextlib.suppress(OSError):
                other.kill()
    assert heard == ["StoreLocked", "PlanChanged"]
    assert [name for name, _ in json.loads(sent.read_text("utf-8"))] == ["list"]
    assert place.cancels(FIRST.key) == 1
