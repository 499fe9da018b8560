"""The checkpoint that a bot writes when it starts is called so wherever the desk names causes."""

from pathlib import Path

import msgspec
from orphan_incident import store_before_the_crash

from crashdesk import CheckpointInfo, StateStore
from crashdesk.audit import AuditKind
from crashdesk.clock import SystemClock
from crashdesk.inspection import StoreView
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk_gui.checkpoint_rows import CheckpointRow
from crashdesk_gui.models.checkpoints import CAUSE_TONES, CheckpointTexts
from crashdesk_gui.reading.store import StoreReader
from crashdesk_gui.views.history_strip import mark_of
from crashdesk_gui.widgets.timeline_marks import Mark

NOW = 1_763_781_128_000_000_000


def unheard(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


class Then:
    """A clock that stands at one moment."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now_ns(self) -> int:
        return self._now


def save_by_hand(directory: Path, at: int) -> CheckpointInfo:
    with StateStore(directory) as store:
        state = store.load_latest()
        assert state is not None
        info = store.save(msgspec.structs.replace(state, timestamp=at))
    journal = Journal(directory, SystemClock())
    journal.commit(causes=[(info.seq, Cause.MANUAL)])
    journal.close()
    return info


def test_the_history_tells_the_checkpoint_of_a_start_apart(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    store_before_the_crash(directory, NOW)
    with StoreView(directory) as view:
        reader = StoreReader(view, SystemClock())
        told = reader.look(unheard)
        assert told is not None
        at = told.overview.rows[-1].info.timestamp + 1_000_000_000
        seqs = [save_by_hand(directory, at).seq, save_by_hand(directory, at + 1).seq]
        told = reader.look(unheard)
        assert told is not None
        assert [row.cause for row in told.overview.rows[-2:]] == [Cause.MANUAL] * 2
        journal = Journal(directory, Then(at - 1))  # type: ignore[arg-type]
        journal.append(AuditKind.RECOVERY, "the bot started: restored checkpoint 1", who="grid")
        journal.close()
        told = reader.look(unheard)
        assert told is not None
        assert [(row.info.seq, row.cause) for row in told.overview.rows[-2:]] == [
            (seqs[0], Cause.START),
            (seqs[1], Cause.MANUAL),
        ]


def test_a_start_has_its_word_its_tone_and_its_mark(tmp_path: Path) -> None:
    texts = CheckpointTexts()
    assert texts.cause(Cause.START) == "start"
    assert set(CAUSE_TONES) == set(Cause)
    info = CheckpointInfo(seq=7, timestamp=1, directory=tmp_path)
    marks = [mark_of(CheckpointRow(info=info, summary=None, cause=cause)) for cause in Cause]
    assert marks[list(Cause).index(Cause.START)] is Mark.START
    assert len(set(marks)) == len(marks), "every cause has a mark of its own"
