"""What was found out about the files of a store holds until there is reason to read them again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from orphan_incident import DeskClock, store_before_the_crash

from crashdesk.inspection import StoreView
from crashdesk_gui.checked_files import CheckedFiles, Flaw
from crashdesk_gui.checkpoint_rows import FileCheck

NOW = 1_763_781_128_000_000_000


def test_a_file_that_was_passed_over_is_read_again_when_it_no_longer_is(tmp_path: Path) -> None:
    """Not a byte of it changed: it could not be read for a while, as on a disk that was away."""
    with StoreView(store_before_the_crash(tmp_path / "store", NOW), clock=DeskClock(NOW)) as view:
        infos = view.checkpoints()
        newest, place = infos[-1].seq, len(infos) - 1
        files = CheckedFiles()
        files.follow(np.array([info.seq for info in infos], dtype=np.int64))

        def read_pending() -> list[int]:
            places = files.pending(100).tolist()
            for each in places:
                files.check(view, each, infos.__getitem__)
            return sorted(places)

        assert read_pending() == list(range(len(infos)))
        assert (files.problems, files.checks[place]) == ({}, FileCheck.INTACT)

        flaw = Flaw("it cannot be read: Input/output error")
        assert files.pass_over({newest: flaw})
        assert not files.pass_over({newest: flaw}), "that is no news"
        files.forget()
        assert read_pending() == list(range(len(infos)))
        assert files.problems == {newest: flaw.reason}, "whatever reading its bytes says"
        assert files.checks[place] != FileCheck.INTACT

        files.pass_over({})
        assert read_pending() == [place]
        assert (files.problems, files.checks[place]) == ({}, FileCheck.INTACT)
