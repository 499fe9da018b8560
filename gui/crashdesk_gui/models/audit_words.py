"""What a text filter of the audit log looks into: every entry as it is shown, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from crashdesk.audit import AuditEntry
from crashdesk_gui.audit_log import KINDS, NO_ENTRIES, AuditLog
from crashdesk_gui.format import GROUP_SEPARATOR
from crashdesk_gui.models.activity import kind_name, outcome_word, said_action
from crashdesk_gui.packed_rows import PackedRows
from crashdesk_gui.phrases import said

_FEW = 500
"""So many entries are put into words at once; more take long enough to be worth a worker."""
_SLICE = 500


class AuditWords:
    """The words of one log, made once an entry: a log that goes on from it costs only what was appended.

    Made anew for another language. `learn` may run in a worker while `containing` is asked; nobody waits for the other.
    """

    def __init__(self) -> None:
        self._known: tuple[AuditLog, PackedRows] = (NO_ENTRIES, PackedRows.of(()))

    def at_hand(self, log: AuditLog) -> bool:
        """Whether `containing` has its answer at once."""
        return len(log) - len(self._kept(log)) <= _FEW

    def learn(self, log: AuditLog, pause: Callable[[], object] = lambda: None) -> PackedRows:
        """Put a log into words; `pause` is called now and then, and may raise to end it."""
        kept = self._kept(log)
        words = PackedRows.joined([kept, PackedRows.of(_paused(log.read(len(kept)), pause))])
        self._known = log, words
        return words

    def containing(self, log: AuditLog, text: str) -> NDArray[np.bool_]:
        """Which entries contain `text` (case folded); none as long as the words are not `at_hand`."""
        if not self.at_hand(log):
            return np.zeros(len(log), dtype=np.bool_)
        known, words = self._known
        text = text.replace(GROUP_SEPARATOR, "")
        found = _coded([kind_name(kind) for kind in KINDS], text)[log.kinds]
        if log.names:
            found |= _coded([outcome_word(name) for name in log.names], text)[log.outcomes]
            found |= _coded([said_action(name) for name in log.names], text)[log.actions]
        found = log.texts.containing(text.encode(), found)
        return (words if known is log else self.learn(log)).containing(text.encode(), found)

    def _kept(self, log: AuditLog) -> PackedRows:
        """What is known of the log already: all of the older log that it goes on from."""
        older, words = self._known
        return words if log.continues(older) else PackedRows.of(())


def _paused(entries: Iterable[AuditEntry], pause: Callable[[], object]) -> Iterator[bytes]:
    for number, entry in enumerate(entries, 1):
        yield _words(entry)
        if number % _SLICE == 0:
            pause()


def _words(entry: AuditEntry) -> bytes:
    """What is shown and is not among the log's own texts; numbers are looked for without the gaps that they are shown with."""
    words = said(entry.text).replace(GROUP_SEPARATOR, "")
    return b"" if words == entry.text else words.casefold().encode()


def _coded(words: list[str], text: str) -> NDArray[np.bool_]:
    return np.array([text in word.casefold() for word in words], dtype=np.bool_)
