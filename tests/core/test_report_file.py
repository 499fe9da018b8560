"""A report's file: where it goes is settled before anything is sent, and what cannot be written then is said, no more."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from strategies import T0

from crashdesk.errors import StorageError
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_file import report_target, write_report


@pytest.fixture
def report(tmp_path: Path) -> RecoveryReport:
    with StoreView(store_before_the_crash(tmp_path / "store", T0), clock=DeskClock(T0)) as view:
        recovery = OperatorRecovery(view, exchange_after_the_crash(T0), who="ops", clock=DeskClock(T0))
        comparison = recovery.compare()
        return recovery.execute(comparison, [], plan_id=comparison.plan.id)


@pytest.mark.parametrize("name", ["reports", "reports.md"])
def test_a_directory_that_vanished_meanwhile_stays_the_place_and_that_is_said(
    tmp_path: Path, report: RecoveryReport, name: str
) -> None:
    directory = tmp_path / name
    directory.mkdir()
    target = report_target(directory)
    directory.rmdir()
    with pytest.raises(StorageError, match=r"could not be written to .*: No such file or directory"):
        write_report(report, target)
    assert not directory.exists()


def test_a_directory_that_came_meanwhile_in_the_place_of_the_file_takes_no_report(
    tmp_path: Path, report: RecoveryReport
) -> None:
    place = tmp_path / "incident.md"
    target = report_target(place)
    place.mkdir()
    with pytest.raises(StorageError, match=r"could not be written to .*incident\.md"):
        write_report(report, target)
    assert list(place.iterdir()) == []
    assert [each.name for each in tmp_path.iterdir() if each.name != "store"] == ["incident.md"]


def test_a_report_that_names_a_file_whose_name_is_no_text_is_written(tmp_path: Path, report: RecoveryReport) -> None:
    told = msgspec.structs.replace(report, problem="the state could not be saved in /bots/gr\udcffid")
    assert "/bots/gr\\udcffid" in write_report(told, report_target(tmp_path / "incident.md")).read_text(
        encoding="utf-8"
    )
