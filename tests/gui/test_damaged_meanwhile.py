"""A checkpoint that is damaged while the desk has the store open is called damaged everywhere, and never silently passed over."""

from __future__ import annotations

import os
from pathlib import Path

from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident


def flip(incident: LoopbackIncident, *, unnoticed: bool = False) -> Path:
    """Change a byte of the newest checkpoint in place; `unnoticed` sets the time of the change back."""
    path = incident.directory / "checkpoints" / incident.checkpoint_files[-1]
    told = path.stat()
    with path.open("r+b") as file:
        file.seek(told.st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    if unnoticed:
        os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    return path


def seq_of(path: Path) -> int:
    return int(path.name.split("-")[1])


def test_the_desk_sees_by_itself_that_the_newest_checkpoint_was_damaged(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    operator.go_to("history")
    damaged = seq_of(flip(incident, unnoticed=True))
    operator.wait_until(lambda: any("✕ damaged" in row for row in operator.rows("Checkpoints")))
    assert operator.row("Checkpoints", "✕ damaged").startswith(str(damaged))
    operator.table("Checkpoints").select_key(damaged)
    operator.wait_until(lambda: not operator.can_press("Recover from this…"))

    operator.go_to("overview")
    assert "✓ intact" not in operator.words
    assert f"No. {damaged - 1}" in operator.words
    assert "1 newer is damaged" in operator.words
    assert f"No. {damaged} is damaged: " in operator.words


def test_what_a_comparison_passed_over_is_named_until_the_report(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    damaged = seq_of(flip(incident))
    operator.go_to("overview")
    operator.desk.window.refresh_requested.emit()
    operator.wait_until(lambda: operator.session.comparison is not None and bool(operator.session.comparison.skipped))
    operator.wait_until_idle()
    assert f"against checkpoint {damaged - 1}" in operator.words
    assert f"No. {damaged - 1}" in operator.words

    operator.go_to("recovery")
    while operator.desk.pages.recovery.step > 0:
        operator.press("Back")
    assert f"Newer, and not usable: {damaged}: " in operator.words
    operator.press("Compare with the exchange")
    operator.wait_until_idle()
    assert f"Checkpoint {damaged} was passed over: " in operator.words
    operator.to_execution()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    assert f"Checkpoint {damaged} was passed over: " in operator.words
    texts = [entry.text for entry in operator.session.view.audit_entries()]
    assert any(text.startswith(f"checkpoint {damaged} was passed over: ") for text in texts)
