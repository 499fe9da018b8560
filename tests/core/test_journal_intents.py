"""What a comparison asks a journal of weeks: the intents that matter, and not the others."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import strategies as make
from recovery_builders import BTC, SECOND, intent
from strategies import T0, ManualClock

from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_order
from crashdesk.storage import journal_intents
from crashdesk.storage.database import DatabaseDamaged
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Intent, IntentAction, JournalQuestion, JournalView

ETH = "ETH/USDT:USDT"
CANCEL = IntentAction.CANCEL


def written(directory: Path, *intents: Intent) -> Journal:
    journal = Journal(directory, ManualClock(T0))
    journal.commit(intents=intents)
    return journal


def asking(**changes: object) -> JournalQuestion:
    fields: dict[str, object] = {"since": T0 + 3600 * SECOND, "until": T0 + 7200 * SECOND}
    return JournalQuestion(**(fields | changes))  # type: ignore[arg-type]


def names(view: JournalView) -> list[str]:
    return [each.client_order_id or each.order_id for each in view.intents]


def pending(view: JournalView) -> list[str]:
    return [each.client_order_id for each in view.pending]


def test_only_intents_that_name_an_order_in_question_are_read(tmp_path: Path) -> None:
    journal = written(
        tmp_path,
        intent(client_order_id="grid-1"),
        intent(client_order_id="grid-2", at=T0 - SECOND),
        intent(client_order_id="grid-2", action=CANCEL, order_id="2"),
        intent(client_order_id="", action=CANCEL, order_id="3"),
        intent(client_order_id="", action=CANCEL, order_id="4"),
        intent(client_order_id="grid-5", action=CANCEL, order_id="5", symbol=ETH),
    )
    asked = asking(client_order_ids=frozenset({"grid-2"}), order_ids=frozenset({"3", "5"}))
    view = journal.view(asked)
    assert [(each.action, each.client_order_id, each.order_id) for each in view.intents] == [
        (IntentAction.CREATE, "grid-2", ""),
        (CANCEL, "grid-2", "2"),
        (CANCEL, "", "3"),
    ]
    # An exchange that tells no client order id leaves only the order's own.
    assert names(journal.view(msgspec.structs.replace(asked, unnamed=True)))[-1] == "grid-5"
    assert (view.first_at, journal.symbols()) == (T0 - SECOND, {BTC, ETH})
    assert journal.view(asking()).intents == ()


def test_pending_are_the_recent_creations_that_nothing_resolves(tmp_path: Path) -> None:
    now = T0 + 3600 * SECOND
    journal = written(
        tmp_path,
        intent(client_order_id="grid-old", at=now - 1),
        *(intent(client_order_id=f"grid-{n}", at=now + n) for n in range(6)),
        intent(client_order_id="grid-0", at=now + 50),
        intent(client_order_id="grid-4", at=now + 60, action=CANCEL, order_id="4"),
        intent(client_order_id="", at=now + 70),
        intent(client_order_id="grid-late", at=T0 + 7201 * SECOND),
    )
    asked = asking(resolved=frozenset({(BTC, "grid-1"), (ETH, "grid-2")}))
    view = journal.view(asked)
    assert (pending(view), view.pending_omitted) == (["grid-2", "grid-3", "grid-4", "grid-5", "grid-0"], 0)
    few = journal.view(msgspec.structs.replace(asked, most_pending=2))
    assert (pending(few), few.pending_omitted) == (["grid-5", "grid-0"], 3)


def test_an_order_that_the_bot_wrote_down_as_placed_is_resolved(tmp_path: Path) -> None:
    clock = ManualClock(T0 + 3600 * SECOND)
    journal = Journal(tmp_path, clock)
    placed = make.order(client_order_id="grid-1")
    sent = [intent(client_order_id=f"grid-{n}", at=clock.now_ns()) for n in (1, 2)]
    journal.commit(changes=[Change(ChangeKind.ORDER, encode_order(placed))], intents=sent)
    journal.commit(changes=[Change(ChangeKind.ORDER_GONE, placed.id.encode())])
    assert pending(journal.view(asking())) == ["grid-2"]


def test_the_answer_is_the_same_however_many_rows_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [intent(client_order_id=f"grid-{n}", order_id=str(n), at=T0 + n) for n in range(40)]
    cancels = [intent(client_order_id="", action=CANCEL, order_id=str(n), at=T0 + n) for n in range(40)]
    journal = written(tmp_path, *sent, *cancels)
    ids = frozenset(f"grid-{n}" for n in range(0, 40, 3))
    asked = asking(client_order_ids=ids, order_ids=frozenset({"7", "39"}), since=T0 + 10, until=T0 + 30)
    whole = journal.view(asked)
    monkeypatch.setattr(journal_intents, "_AT_ONCE", 3)
    monkeypatch.setattr(journal_intents, "_SLICE", 4)
    assert journal.view(asked) == whole
    assert (len(whole.intents), len(whole.pending)) == (len(ids) + 2, 21)


def test_a_damaged_intent_that_is_asked_for_is_an_error_and_not_absent(tmp_path: Path) -> None:
    journal = written(tmp_path, intent(client_order_id="grid-1"))
    journal._connection.execute("UPDATE intents SET quantity='9'")
    with pytest.raises(DatabaseDamaged):
        journal.view(asking(client_order_ids=frozenset({"grid-1"})))
