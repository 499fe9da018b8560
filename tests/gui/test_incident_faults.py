"""The incident at the real desk, with everything that can go wrong: what the operator sees, and what the ledger says is true."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_operator import DeskOperator
from loopback_incident import BOT, OPEN_ORDERS, ORDER, LoopbackIncident

from crashdesk.demo.venue import FaultKind, LedgerStatus, Namespace
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action
from crashdesk.state import Side
from crashdesk.storage.files import LocalFiles

MANY = 10_000
EXECUTE = "Cancel 2 orders and recover"
ORPHANS, OUTCOMES = "Orphan orders, grouped by verdict", "Outcomes"


def hold_the_first_cancel(incident: LoopbackIncident, operator: DeskOperator) -> None:
    """Execute, and stand still at the moment when the exchange has cancelled the first order and nobody knows it yet."""
    incident.fail(FaultKind.HOLD, method="DELETE", path=ORDER)
    operator.to_execution()
    operator.execute(EXECUTE)
    operator.wait_until(lambda: incident.venue.wait_until_held(0) is not None)


def go_on(incident: LoopbackIncident, operator: DeskOperator) -> None:
    """Let the first reply go, and wait for what comes of the rest."""
    with operator.ending():
        incident.venue.release()


def test_the_network_dies_during_cancelling(operator: DeskOperator, incident: LoopbackIncident) -> None:
    hold_the_first_cancel(incident, operator)
    incident.fail(FaultKind.RESET_BEFORE, times=MANY)
    go_on(incident, operator)

    assert "✕ Not finished; nothing was saved" in operator.words
    assert "The exchange could not be read again, so nothing was saved" in operator.words
    assert "it could not be read again" in operator.row(OUTCOMES, "buy 0.03")
    assert "not touched: it could not be read again" in operator.row(OUTCOMES, "sell 0.04")
    assert "What became of 2 order(s) is unknown." in operator.words
    assert "2 unknown" in operator.words
    assert "not done" not in operator.words
    assert "could not be carried out" not in operator.words
    operator.go_to("orphans")
    assert "What became of 2 order(s) is unknown." in operator.words
    assert operator.can_press("Resume the recovery")
    operator.go_to("overview")
    operator.wait_for_words("Decisions carried out: 0 of 2. The result of 1 of them is unknown.")
    operator.go_to("recovery")
    assert incident.status(incident.first) is LedgerStatus.CANCELLED
    assert incident.status(incident.second) is LedgerStatus.OPEN
    assert len(incident.checkpoint_files) == 4

    incident.venue.clear_faults()
    with operator.ending():
        operator.press("Resume the recovery")
    assert "Recovered to checkpoint 5, but stops do not cover every position" in operator.words
    assert "2 cancelled" in operator.words, "the one that was never asked for is read again and goes too"
    assert "✓ cancelled" in operator.row(OUTCOMES, "buy 0.03")
    assert "✓ cancelled" in operator.row(OUTCOMES, "sell 0.04")
    assert not [line for line in operator.rows(OUTCOMES) if "NetworkError" in line]
    operator.press("Compare again")
    operator.wait_until_idle()
    operator.go_to("orphans")
    assert not [line for line in operator.rows(ORPHANS) if "grid-4" in line or "grid-5" in line]
    assert incident.cancel_requests == 2


def test_an_order_fills_between_review_and_confirmation(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.to_execution()
    incident.fill(incident.first)
    operator.execute_to_the_end(EXECUTE)

    assert "59 520" in operator.asked[0].replace("\u202f", " ")
    assert "! already filled" in operator.row(OUTCOMES, "buy 0.03")
    assert "already filled, 0.03 of 0.03" in operator.row(OUTCOMES, "buy 0.03")
    assert "✓ cancelled" in operator.row(OUTCOMES, "sell 0.04")
    assert "1 cancelled · 1 closed before" in operator.words
    assert incident.status(incident.first) is LedgerStatus.FILLED
    assert incident.cancelled_ids == {incident.second}
    assert incident.cancel_requests == 1
    position = incident.venue.ledger().positions[0]
    saved = incident.saved_state().positions[0]
    assert (saved.side, saved.quantity) == (Side.BUY, position.quantity)


def test_the_store_vanishes_while_it_is_open_and_comes_back(operator: DeskOperator, incident: LoopbackIncident) -> None:
    elsewhere = incident.directory.with_name("elsewhere")
    operator.to_execution()
    assert operator.can_press(EXECUTE)
    shutil.move(incident.directory, elsewhere)
    operator.look_again()
    operator.wait_for_words("has vanished: it was deleted, moved away or is not mounted")
    assert "Nothing can be recorded until it is back" in operator.words
    assert "so nothing could be recorded or saved" in operator.words
    assert not operator.can_press(EXECUTE)
    assert "Ready to cancel" not in operator.words
    operator.go_to("overview")
    assert operator.sentence == "The store cannot be read. Nothing can be recovered until it is back."
    assert "✕ cannot be read now" in operator.words
    assert "intact" not in operator.words
    assert not operator.can_press("Go to the recovery")
    operator.go_to("recovery")
    assert not incident.directory.exists()

    shutil.move(elsewhere, incident.directory)
    operator.look_again()
    operator.wait_until(lambda: operator.can_press(EXECUTE))
    assert "vanished" not in operator.words
    operator.execute_to_the_end(EXECUTE)
    assert "! Recovered to checkpoint 5" in operator.words
    assert incident.cancelled_ids == {incident.first, incident.second}


def test_a_store_that_vanished_unnoticed_is_not_recovered_into_an_empty_directory(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    operator.to_execution()
    with operator.not_looking():
        shutil.move(incident.directory, incident.directory.with_name("elsewhere"))
        operator.execute_to_the_end(EXECUTE)
        assert "Recovering: " in operator.words
        assert "has vanished" in operator.words
    assert incident.cancel_requests == 0
    assert not incident.directory.exists()


def test_the_store_vanishes_in_mid_plan(operator: DeskOperator, incident: LoopbackIncident) -> None:
    hold_the_first_cancel(incident, operator)
    shutil.rmtree(incident.directory)
    go_on(incident, operator)

    assert "! Stopped before the end; nothing was saved" in operator.words
    assert "The store vanished or its journal was replaced while the recovery ran" in operator.words
    assert "what was done stands in this report alone" in operator.words
    assert "✓ cancelled" in operator.row(OUTCOMES, "buy 0.03")
    assert incident.cancelled_ids == {incident.first}
    assert incident.cancel_requests == 1
    assert not incident.directory.exists()


def test_a_second_desk_has_recovered_meanwhile(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.to_execution()
    with operator.not_looking():
        other = StoreView(incident.directory, clock=incident.clock)
        recovery = OperatorRecovery(other, incident.open_exchange(), who="lee", clock=incident.clock)
        comparison = recovery.compare()
        assert recovery.execute(comparison, [], plan_id=comparison.plan.id).saved is not None
        other.close()
        operator.execute_to_the_end(EXECUTE)
        assert "Checkpoint 5 is newer than the comparison" in operator.words
        assert "Nothing was executed: what was approved is not what would have been done now." in operator.words
    assert incident.cancel_requests == 0
    assert len(incident.checkpoint_files) == 5

    operator.look_again()
    operator.press("Decide")
    operator.press("Compare again")
    operator.wait_until_idle()
    assert operator.session.comparison.plan.checkpoint_seq == 5


def test_a_corrupt_newest_checkpoint(sit_down: Callable[..., DeskOperator], incident: LoopbackIncident) -> None:
    newest = incident.directory / "checkpoints" / incident.checkpoint_files[-1]
    damaged = bytearray(newest.read_bytes())
    damaged[40] ^= 0xFF
    newest.write_bytes(damaged)
    operator = sit_down()
    operator.open(incident.directory)

    assert "intact; 1 newer is damaged" in operator.words
    assert "is newer than the last intact checkpoint and cannot be used: the checksum does not fit" in operator.words
    operator.go_to("history")
    assert "✕" in operator.rows("Checkpoints")[0]
    operator.to_execution()
    operator.execute_to_the_end(EXECUTE)
    assert "! Recovered to checkpoint 5" in operator.words
    assert incident.cancelled_ids == {incident.first, incident.second}
    assert {order.id for order in incident.saved_state().open_orders} == {incident.kept}
    assert newest.read_bytes() == damaged


def test_the_key_is_revoked_in_mid_plan(operator: DeskOperator, incident: LoopbackIncident) -> None:
    hold_the_first_cancel(incident, operator)
    incident.venue.revoke(BOT.api_key)
    go_on(incident, operator)

    assert "✕ Not finished; nothing was saved" in operator.words
    assert "Invalid API-key, IP, or permissions for action" in operator.words
    assert "it could not be read again" in operator.row(OUTCOMES, "buy 0.03")
    assert incident.cancelled_ids == {incident.first}
    operator.go_to("overview")
    assert operator.sentence == "A recovery was begun and not finished."
    operator.press("Compare with the exchange")
    operator.wait_until_idle()
    operator.wait_for_words("Check on the exchange's site that the key still exists")
    assert "! reading again failed" in operator.words


def test_the_disk_is_full_at_the_save(
    operator: DeskOperator, incident: LoopbackIncident, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = LocalFiles.create

    def full(self: LocalFiles, path: Path) -> int:
        if path.parent.name == "checkpoints":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return original(self, path)

    operator.to_execution()
    with monkeypatch.context() as patched:
        patched.setattr(LocalFiles, "create", full)
        operator.execute_to_the_end(EXECUTE)
    assert "✕ Not finished; nothing was saved" in operator.words
    assert "No space left on device" in operator.words
    assert "2 cancelled" in operator.words
    operator.go_to("overview")
    operator.wait_for_words("Decisions carried out: 2 of 2.")
    operator.go_to("recovery")
    assert len(incident.checkpoint_files) == 4

    with operator.ending():
        operator.press("Resume the recovery")
    assert "! Recovered to checkpoint 5" in operator.words
    assert incident.cancel_requests == 2
    assert {order.id for order in incident.saved_state().open_orders} == {incident.kept}


def test_a_clock_that_is_a_minute_off(sit_down: Callable[..., DeskOperator], incident: LoopbackIncident) -> None:
    incident.clock.ahead_s = -60
    operator = sit_down()
    operator.desk.open_store(incident.directory)
    operator.wait_for_words("Set the clock by a time service")
    operator.wait_until_idle()
    assert "The exchange does not accept this machine's time." in operator.words
    assert "Every signed request from this machine is refused, the bot's as well." in operator.words
    operator.go_to("orphans")
    assert "No orphan orders" not in operator.words

    incident.clock.ahead_s = 0
    operator.press("Compare again")
    operator.wait_until_idle()
    assert "2 orders are proposed for cancelling: execute the recovery." in operator.sentence


def test_a_slow_comparison_can_be_cancelled(operator: DeskOperator, incident: LoopbackIncident) -> None:
    before = operator.session.comparison
    incident.fail(FaultKind.HOLD, method="GET", path=OPEN_ORDERS, seconds=10)
    operator.go_to("overview")
    operator.press("Compare again")
    operator.wait_until(lambda: incident.venue.wait_until_held(0) is not None)
    operator.wait_until(lambda: "reading open orders" in operator.words)
    asked = incident.venue.request_count("GET", "/fapi/v1/openAlgoOrders")
    operator.press("Cancel the running job")
    assert "Stopping…" in operator.words
    incident.venue.release()
    operator.wait_until(lambda: not operator.session.busy)

    assert operator.session.comparison is before
    assert "could not be read" not in operator.words
    assert "2 orders need your decision." in operator.sentence
    assert operator.can_press("Compare again")
    assert incident.venue.request_count("GET", "/fapi/v1/openAlgoOrders") <= asked + 1


def test_the_desk_is_closed_in_mid_plan_and_opened_again(
    sit_down: Callable[..., DeskOperator], operator: DeskOperator, incident: LoopbackIncident
) -> None:
    hold_the_first_cancel(incident, operator)
    with operator.answering(accept=False):
        operator.desk.window.close()
    assert operator.desk.window.isVisible()
    with operator.answering(accept=True):
        operator.desk.window.close()
    assert not operator.desk.window.isVisible()
    assert "Stop the recovery and close?" in operator.asked[-1]
    # Closing waits for the order that is under way.
    threading.Timer(0.2, incident.venue.release).start()
    operator.close()
    assert incident.cancelled_ids == {incident.first}

    again = sit_down()
    again.open(incident.directory)
    resume_and_check(again, incident)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_second_desk_is_at_work_and_is_killed_in_mid_plan(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.to_execution()
    incident.fail(FaultKind.HOLD, method="DELETE", path=ORDER)
    with other_desk(incident) as process:
        operator.wait_until(lambda: incident.venue.wait_until_held(0) is not None)
        operator.look_again()
        assert f"The store is held by the recovery desk (process {process.pid} on" in operator.words
        assert not operator.can_press(EXECUTE)
        process.kill()
        process.wait()
    incident.venue.release()
    operator.look_again()
    operator.go_to("overview")
    assert operator.sentence.startswith("A recovery was begun and not finished.")
    operator.press("Resume the recovery")
    resume_and_check(operator, incident)


def resume_and_check(operator: DeskOperator, incident: LoopbackIncident) -> None:
    """Resume what was interrupted after the exchange had cancelled the first order."""
    operator.go_to("recovery")
    assert "was not finished. Decisions carried out: " in operator.words
    with operator.ending():
        operator.press("Resume the recovery")
    assert "! Recovered to checkpoint 5" in operator.words
    assert incident.cancelled_ids == {incident.first, incident.second}
    assert incident.cancel_requests == 2
    assert {order.id for order in incident.saved_state().open_orders} == {incident.kept}


_OTHER_DESK = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from crashdesk.demo.clock import VenueClock
from crashdesk.demo.venue import VenueControl
from crashdesk_gui.app import run

def ready(desk):
    def execute():
        session = desk.session
        if session is not None and session.comparison is not None and not session.busy:
            timer.stop()
            session.execute()
    timer = QTimer(desk, interval=20)
    timer.timeout.connect(execute)
    timer.start()

store, url, token = sys.argv[1:]
sys.exit(run([Path(store)], clock=VenueClock(VenueControl(url, token)), on_ready=ready, remember=False))
"""


@contextlib.contextmanager
def other_desk(incident: LoopbackIncident) -> Iterator[subprocess.Popen[bytes]]:
    """A desk in a process of its own that opens the store and executes at once what is proposed."""
    home = incident.directory.with_name("home")
    home.mkdir()
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    arguments = [str(incident.directory), incident.venue.url, incident.venue.token]
    process = subprocess.Popen(
        [sys.executable, "-c", _OTHER_DESK, *arguments],
        env={**environ, "XDG_RUNTIME_DIR": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_refusing_in_the_dialog_changes_nothing(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.to_execution()
    files = incident.checkpoint_files
    with operator.answering(accept=False):
        operator.press(EXECUTE)
    assert len(operator.asked) == 1
    assert not operator.session.busy
    assert (incident.cancel_requests, incident.checkpoint_files) == (0, files)
    assert operator.can_press(EXECUTE)


def test_what_protects_a_position_wants_the_count_typed(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.go_to("orphans")
    operator.decide(incident.stop, Action.CANCEL)
    operator.decide(incident.first, None)
    operator.decide(incident.second, None)
    operator.to_execution()
    operator.execute_to_the_end("Cancel 1 order and recover", typed="1")
    assert "After this: no stop. BTC/USDT:USDT ▲ long 0.27 stands unprotected." in operator.asked[0]
    assert incident.status(incident.stop, Namespace.CONDITIONAL) is LedgerStatus.CANCELLED
    assert incident.status(incident.first) is LedgerStatus.OPEN
