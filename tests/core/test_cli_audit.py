"""`crashdesk audit`: who decided what and what came of it, exactly; what was changed or cannot be read is said."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from command_line import STATE, Run, content, make_store
from journal_builders import opened
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.audit_export import FIELDS
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.store import StateStore

EXACT = "0.000000000000000000123456789012345678901234567890"


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    """A store whose log holds a start, and a decision with its outcome a minute later."""
    store, clock = make_store(tmp_path / "store", STATE), ManualClock()
    journal = Journal(store, clock)
    journal.append(AuditKind.RECOVERY, "the bot started: there was no checkpoint to restore", who="grid")
    clock.sleep(60)
    order = "normal:BTC/USDT:USDT:8001"
    decided = {"action": "cancel", "evidence": f"exchange: Open on the exchange: buy {EXACT} at 1, 0 filled."}
    journal.append(AuditKind.DECISION, "cancel it", who="ops", order_key=order, plan_id="p1", data=decided)
    done = {"action": "cancel", "outcome": "cancelled", "filled": EXACT, "odd": "one"}
    journal.append(AuditKind.OUTCOME, "it is gone", who="ops", order_key=order, plan_id="p1", data=done)
    journal.close()
    return store


def test_every_entry_is_told_with_its_evidence_the_newest_last(run: Run, logged: Path) -> None:
    code, out, err = run("audit", logged)
    _, start, decision, outcome, _, chain = out.splitlines()
    assert (code, err, chain) == (0, "", "✓ 3 entries in an unbroken chain")
    assert start.split()[:6] == ["1", "2023-11-14", "22:13:20.000", "grid", "start", "-"]
    assert decision.split()[3:7] == ["ops", "decision", "cancel", "-"]
    assert f"BTC/USDT:USDT 8001  cancel it. Open on the exchange: buy {EXACT} at 1, 0 filled." in decision
    assert outcome.split()[3:7] == ["ops", "outcome", "cancel", "cancelled"]


def test_other_programs_get_every_field_exactly(run: Run, logged: Path) -> None:
    *_, told = json.loads(run("audit", logged, "--json")[1])
    assert tuple(told) == FIELDS
    assert (told["at"], told["filled"], told["other"]) == ("2023-11-14T22:14:20.000000000Z", EXACT, {"odd": "one"})
    rows = list(csv.DictReader(io.StringIO(run("audit", logged, "--csv")[1])))
    assert (rows[2]["filled"], rows[2]["other"], rows[2]["mode"]) == (EXACT, '{"odd": "one"}', "")
    assert [row["seq"] for row in rows] == ["1", "2", "3"]


def test_a_log_whose_end_was_lost_is_not_called_whole(run: Run, tmp_path: Path) -> None:
    journal, _ = opened(make_store(tmp_path / "running", STATE))
    journal.append(AuditKind.DECISION, "cancel it", who="ops")
    store = Path(shutil.copytree(tmp_path / "running", tmp_path / "after the crash"))
    journal.close()
    (store / f"{JOURNAL_NAME}-wal").unlink()
    (store / f"{JOURNAL_NAME}-shm").unlink()
    code, out, _ = run("audit", store)
    assert (code, "The audit log is not to be relied on" in out) == (1, True)
    assert "journal.sqlite-wal) was deleted or cut off" in " ".join(out.split())
    assert "journal.sqlite-wal) was deleted or cut off" in " ".join(run("list", store)[1].split())


@pytest.mark.parametrize(
    ("option", "value", "kept"),
    [
        ("--since", "2023-11-14T22:14:00", [2, 3]),
        ("--since", "2023-11-14T23:14:20+01:00", [2, 3]),
        ("--since", "2023-11-15", []),
        ("--order", "8001", [2, 3]),
        ("--order", "normal:BTC/USDT:USDT:8001", [2, 3]),
        ("--order", "800", []),
    ],
)
def test_what_is_asked_for_is_shown_and_the_whole_chain_is_checked(
    run: Run, logged: Path, option: str, value: str, kept: list[int]
) -> None:
    assert [each["seq"] for each in json.loads(run("audit", logged, option, value, "--json")[1])] == kept
    assert f"✓ 3 entries in an unbroken chain; {len(kept)} of them shown" in run("audit", logged, option, value)[1]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "UPDATE audit SET body = replace(body, 'cancel it', 'leave it') WHERE seq = 2",
            "the chain is broken at entry 2",
        ),
        ("DELETE FROM audit WHERE seq = 2", "entry 3 is out of sequence"),
        ("DELETE FROM audit WHERE seq = 3", "the newest 1 entries are gone"),
    ],
)
def test_a_log_that_somebody_changed_is_printed_and_not_trusted(
    run: Run, logged: Path, statement: str, why: str
) -> None:
    with sqlite3.connect(logged / JOURNAL_NAME) as database:
        if statement.startswith("UPDATE"):
            (body,) = database.execute("SELECT body FROM audit WHERE seq = 2").fetchone()
            database.execute("UPDATE audit SET body = ? WHERE seq = 2", (body.replace(b"cancel it", b"leave it"),))
        else:
            database.execute(statement)
    database.close()
    code, out, _ = run("audit", logged)
    assert (code, why in out, "unbroken" in out) == (1, True, False)
    assert out.splitlines()[-1] == f"Next: crashdesk verify {logged}"
    code, out, err = run("audit", logged, "--json")
    assert (code, why in err, isinstance(json.loads(out), list)) == (1, True, True)


def test_it_is_read_while_the_bot_runs_and_nothing_is_written(run: Run, logged: Path) -> None:
    with StateStore(logged, purpose="grid") as bot:
        bot.acquire()
        before = content(logged)
        assert run("audit", logged)[0] == 0
        assert content(logged) == before


def test_a_log_that_cannot_be_read_is_no_empty_one(run: Run, logged: Path) -> None:
    journal = logged / JOURNAL_NAME
    journal.write_bytes(b"\0" * 4096)
    code, out, err = run("audit", logged)
    assert (code, out) == (1, "")
    assert "What it means: The audit log cannot be read, so who decided what is not known." in err
    assert err.splitlines()[-1] == f"  Next: crashdesk verify {logged}"
    journal.unlink()
    code, _, err = run("audit", logged)
    assert (code, "journal.sqlite is missing, and the audit log with it" in err) == (1, True)
