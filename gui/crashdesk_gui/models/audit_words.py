"""What a text filter of the audit log looks into: every entry as it is shown, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crashdesk.audit import AuditEntry
from crashdesk_gui.audit_log import KINDS, NO_ENTRIES, AuditLog
from crashdesk_gui.models.activity import kind_name, order_name, outcome_word, said_action
from crashdesk_gui.models.ranking import containing
from crashdesk_gui.phrases import said

_FEW = 500
"""So many entries are put into words at once; more take long enough to be worth a worker."""
_SLICE = 500


class AuditWords:
    """The words of one log, made once an entry: a log that goes on from it costs only what was appended.

    Made anew for another language. `learn` may run in a worker while `containing` is asked; nobody waits for the other.
    """

    def __init__(self) -> None:
        self._known: tuple[AuditLog, list[bytes]] = (NO_ENTRIES, [])

    def at_hand(self, log: AuditLog) -> bool:
        """Whether `containing` has its answer at once."""
        return len(log) - len(self._kept(log)) <= _FEW

    def learn(self, log: AuditLog, pause: Callable[[], object] = lambda: None) -> list[bytes]:
        """Put a log into words; `pause` is called now and then, and may raise to end it."""
        texts = list(self._kept(log))
        for entry in log.read(len(texts)):
            texts.append(_words(entry))
            if len(texts) % _SLICE == 0:
                pause()
        self._known = log, texts
        return texts

    def containing(self, log: AuditLog, text: str) -> NDArray[np.bool_]:
        """Which entries contain `text` (case folded); none as long as the words are not `at_hand`."""
        if not self.at_hand(log):
            return np.zeros(len(log), dtype=np.bool_)
        known, texts = self._known
        found = containing(texts if known is log else self.learn(log), text)
        found |= _coded([kind_name(kind) for kind in KINDS], text)[log.kinds]
        if log.names:
            found |= _coded([outcome_word(name) for name in log.names], text)[log.outcomes]
            found |= _coded([said_action(name) for name in log.names], text)[log.actions]
        return found

    def _kept(self, log: AuditLog) -> list[bytes]:
        """What is known of the log already: all of the older log that it goes on from."""
        older, texts = self._known
        return texts if log.continues(older) else []


def _words(entry: AuditEntry) -> bytes:
    words = (entry.who, said(entry.text), entry.order_key, order_name(entry), entry.plan_id)
    return "\0".join(words).casefold().encode()


def _coded(words: list[str], text: str) -> NDArray[np.bool_]:
    return np.array([text in word.casefold() for word in words], dtype=np.bool_)
