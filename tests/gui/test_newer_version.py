"""What a newer version of Crashdesk wrote is never called damaged, and nothing is offered that would touch it."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

import pytest
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident

from crashdesk.config import MANIFEST_NAME
from crashdesk.errors import ConfigError, StoreNewer
from crashdesk.inspection import StoreView
from crashdesk.storage.database import DatabaseNewer
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore
from crashdesk_gui.errors import explain
from crashdesk_gui.situation import Standing, Step, judge

SAID = "Written by a newer version of Crashdesk. Use that version to read it."


def make_newer(path: Path) -> None:
    """Give a checkpoint a format version that does not exist yet, with a checksum that fits."""
    data = bytearray(path.read_bytes())
    data[4] = 9
    path.write_bytes(bytes(data[:-4]) + zlib.crc32(data[:-4]).to_bytes(4, "little"))


def make_database_newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
        connection.execute(f"PRAGMA application_id={int.from_bytes(b'ZQ' + bytes([0, 99]))}")
    connection.close()


def checkpoints(incident: LoopbackIncident) -> list[Path]:
    return [incident.directory / "checkpoints" / name for name in incident.checkpoint_files]


def kept(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.suffix not in ("", ".sqlite") or path.is_dir())


def test_a_newer_checkpoint_is_named_as_such_everywhere(incident: LoopbackIncident, operator: DeskOperator) -> None:
    newest = checkpoints(incident)[-1]
    seq = int(newest.name.split("-")[1])
    make_newer(newest)
    operator.go_to("history")
    operator.wait_until(lambda: any("! newer version" in row for row in operator.rows("Checkpoints")))
    operator.table("Checkpoints").select_key(seq)
    operator.wait_until(lambda: "! Written by a newer version of Crashdesk" in operator.words)
    assert "It is not damaged" in operator.words
    assert "Recovery passes over" not in operator.words
    assert not operator.can_press("Recover from this…")

    operator.go_to("overview")
    assert f"No. {seq} is of a newer version of Crashdesk" in operator.words
    operator.wait_until(lambda: SAID in operator.words)
    assert "damaged" not in operator.words

    operator.desk.window.refresh_requested.emit()
    operator.wait_until(lambda: operator.session.comparison is not None and bool(operator.session.comparison.skipped))
    operator.wait_until_idle()
    operator.go_to("recovery")
    while operator.desk.pages.recovery.step > 0:
        operator.press("Back")
    assert f"Newer, and not usable: {seq}: {SAID}" in operator.words
    operator.table("Checkpoints to recover from").select_key(newest.name)
    assert f"Checkpoint {seq} cannot be used\n{SAID}" in operator.words
    assert any("! newer version" in row for row in operator.rows("Checkpoints to recover from"))
    assert newest.exists()
    assert not list((incident.directory / "corrupt").iterdir())


def test_a_store_of_nothing_but_newer_checkpoints_is_not_distrusted(
    incident: LoopbackIncident, operator: DeskOperator
) -> None:
    (incident.directory / "journal.sqlite").unlink()
    for path in checkpoints(incident):
        make_newer(path)
    with pytest.raises(StoreNewer) as caught, StateStore(incident.directory, read_only=True) as store:
        store.load_latest()
    assert "backup" not in explain(caught.value).advice
    operator.go_to("overview")
    operator.desk.session.recheck()
    operator.wait_until(lambda: "This store was written by a newer version of Crashdesk." in operator.words)
    assert "Not readable here" in operator.words
    assert "Use the version of Crashdesk that wrote it" in operator.words
    assert "trusted" not in operator.words
    situation = judge(operator.session.overview, connected=True)
    assert (situation.standing, situation.step) == (Standing.NEWER, Step.NONE)
    operator.go_to("recovery")
    while operator.desk.pages.recovery.step > 0:
        operator.press("Back")
    operator.wait_until(lambda: SAID in operator.words)
    assert all(path.exists() for path in checkpoints(incident))
    assert not list((incident.directory / "corrupt").iterdir())


def test_a_newer_journal_leaves_the_recovery_to_the_version_that_wrote_it(
    incident: LoopbackIncident, operator: DeskOperator
) -> None:
    make_database_newer(incident.directory / "journal.sqlite")
    operator.go_to("overview")
    operator.desk.session.recheck()
    operator.wait_until(lambda: "This store was written by a newer version of Crashdesk." in operator.words)
    operator.wait_until(lambda: "The journal was written by a newer version of Crashdesk." in operator.words)
    assert "damaged." not in operator.words
    assert "need your decision" not in operator.words, "nothing can be decided here"
    operator.go_to("recovery")
    assert operator.desk.pages.recovery._gate.hindrance(operator.session).endswith("Recover with that version.")
    assert (incident.directory / "journal.sqlite").exists()
    assert not list((incident.directory / "corrupt").iterdir())


def test_newer_databases_and_manifests_are_explained_by_what_to_do(incident: LoopbackIncident) -> None:
    make_database_newer(incident.directory / "journal.sqlite")
    with pytest.raises(DatabaseNewer) as journal:
        Journal(incident.directory, incident.clock, read_only=True)
    manifest = incident.directory / MANIFEST_NAME
    manifest.write_text("version = 99\n")
    with pytest.raises(ConfigError) as store:
        StoreView(incident.directory)
    for caught in (journal, store):
        told = explain(caught.value)
        assert "It is not damaged" in told.meaning
        assert "Use the version of Crashdesk that wrote it" in told.advice


def test_a_damaged_version_is_damage_and_no_newer_version(incident: LoopbackIncident) -> None:
    newest = checkpoints(incident)[-1]
    data = bytearray(newest.read_bytes())
    data[4] = 9
    newest.write_bytes(data)
    with StoreView(incident.directory, clock=incident.clock) as view:
        details = view.details(view.checkpoints()[-1])
    assert not details.newer
    assert "checksum" in details.problem
