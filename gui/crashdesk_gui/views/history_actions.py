"""What an operator can do with checkpoints from the history: verify, pin, export, show, copy. Nothing here changes a state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crashdesk import CheckpointInfo, StateStore, SystemState
from crashdesk.checksum import crc32, second_crc32
from crashdesk.codec import decode, stored_crc
from crashdesk.errors import CheckpointNotFound, CodecError, NewerVersion
from crashdesk.inspection import StoreView
from crashdesk.storage.lock import DESK
from crashdesk_gui.errors import explain, newer_version
from crashdesk_gui.exporting import JSON, AskPath, Exporter, FileKind, ask_save_path, reveal
from crashdesk_gui.jobs import Progress
from crashdesk_gui.joined_words import labelled, listed_apart
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.phrases import said
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone

_CRC_BYTES = 4


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying one file told: the checksum in it, computed by two implementations, and the first thing wrong."""

    info: CheckpointInfo
    stored: int | None = None
    first: int | None = None
    second: int | None = None
    problem: str = ""
    gone: bool = False
    newer: bool = False


def verify_bytes(info: CheckpointInfo, data: bytes) -> Verification:
    """Check a file's bytes by both checksums and by decoding it completely."""
    try:
        stored = stored_crc(data)
    except CodecError as error:
        return Verification(info=info, problem=str(error))
    first, second = crc32(data[:-_CRC_BYTES]), second_crc32(data[:-_CRC_BYTES])
    problem, newer = "", False
    try:
        decode(data)
    except CodecError as error:
        problem, newer = str(error), isinstance(error, NewerVersion)
    if not problem and not stored == first == second:
        problem = f"the checksums disagree: {stored:08X} in the file, {first:08X} and {second:08X} computed"
    return Verification(info=info, stored=stored, first=first, second=second, problem=problem, newer=newer)


def verify_checkpoints(view: StoreView, infos: Sequence[CheckpointInfo], progress: Progress) -> list[Verification]:
    """Verify files one after the other. Raises JobCancelled, StorageError."""
    found = []
    for number, info in enumerate(infos):
        progress.raise_if_cancelled()
        progress.report(number, len(infos), info.name)
        try:
            found.append(verify_bytes(info, view.store.read_bytes(info)))
        except CheckpointNotFound as error:
            found.append(Verification(info=info, problem=str(error), gone=True))
    return found


def pin_checkpoints(view: StoreView, infos: Sequence[CheckpointInfo], pinned: bool) -> None:
    """Pin or release checkpoints; the view's own store only reads. Needs no lock, so it works while a bot runs.

    Raises StorageError.
    """
    with StateStore(view.directory, purpose=DESK, clock=view.clock) as store:
        for info in infos:
            store.set_pinned(info, pinned)


def state_json(state: SystemState) -> bytes:
    """A whole state for other programs; decimals as strings, strategy data as base64."""
    return msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n"


class CheckpointActions(QObject):
    """The verbs of the history page on one session.

    Signals: `said(text, tone)` for the page's banner.
    """

    said = Signal(str, object)

    def __init__(
        self,
        parent: QWidget,
        *,
        ask: AskPath = ask_save_path,
        show_file: Callable[[Path], bool] = reveal,
    ) -> None:
        super().__init__(parent)
        self._session: StoreSession | None = None
        self._show_file = show_file
        self.exporter = Exporter(parent, on_saved=self._saved, on_failed=self.failed, ask=ask)

    def set_session(self, session: StoreSession | None) -> None:
        """Work on this store from now on."""
        self._session = session

    def verify(self, infos: Sequence[CheckpointInfo]) -> None:
        """Check the files in the background by both checksums."""
        session = self._session
        if session is None or not infos:
            return
        view, chosen = session.view, tuple(infos)
        session.watcher.run(
            lambda progress: verify_checkpoints(view, chosen, progress),
            title=self.tr("Verifying %n checkpoint(s)", "", len(chosen)),
            on_done=self._verified,
            on_failed=lambda error: self.failed(self.tr("Verifying"), error),
            owner=self,
        )

    def set_pinned(self, infos: Sequence[CheckpointInfo], pinned: bool) -> None:
        """Keep checkpoints for ever, or no longer."""
        session = self._session
        if session is None or not infos:
            return
        view, chosen = session.view, tuple(infos)
        session.watcher.run(
            lambda _progress: pin_checkpoints(view, chosen, pinned),
            title=self.tr("Pinning %n checkpoint(s)", "", len(chosen)),
            on_done=lambda _none: session.refresh(),
            on_failed=lambda error: self.failed(self.tr("Pinning"), error),
            owner=self,
        )

    def export_state(self, info: CheckpointInfo) -> None:
        """Save one checkpoint's state as JSON."""
        session = self._session
        if session is not None:
            store = session.view.store
            self.exporter.save(session.watcher, JSON, f"checkpoint-{info.seq}", lambda: state_json(store.load(info)))

    def export_table(self, kind: FileKind, name: str, model: TableModel[Any]) -> None:
        """Save the shown rows of a table."""
        if self._session is not None:
            self.exporter.save_table(self._session.watcher, kind, name, model)

    def reveal(self, info: CheckpointInfo) -> None:
        """Show the file in the system's file manager."""
        self.reveal_path(info.path)

    def reveal_path(self, path: Path) -> None:
        """Show any file of the store; says where it is when no file manager can be opened."""
        if not self._show_file(path):
            self.said.emit(self.tr("No file manager could be opened. The file is {0}").format(path), Tone.WARNING)

    def failed(self, what: str, error: Exception) -> None:
        """Say what failed, what it means and what to do."""
        told = explain(error)
        self.said.emit(labelled(what, f"{told.title} {told.advice}"), Tone.DANGER)

    def _saved(self, path: Path) -> None:
        self.said.emit(self.tr("Saved as {0}").format(path), Tone.OK)

    def _verified(self, results: list[Verification]) -> None:
        bad = [each for each in results if each.problem and not each.gone and not each.newer]
        newer = [each for each in results if each.newer]
        gone = [each for each in results if each.gone]
        if bad:
            text = self.tr("%n checkpoint(s) failed the check", "", len(bad))
            reasons = listed_apart(labelled(str(each.info.seq), said(each.problem)) for each in bad[:3])
            more = " …" if len(bad) > 3 else ""
            self.said.emit(f"{text}. {reasons}{more}", Tone.DANGER)
        elif newer:
            words = self.tr("%n checkpoint(s) cannot be checked here.", "", len(newer))
            self.said.emit(f"{words} {newer_version()}", Tone.WARNING)
        elif len(results) == 1 and not gone:
            crc = f"{results[0].stored:08X}"
            words = self.tr("Checkpoint {0} is intact: CRC-32 {1} by both implementations, every record readable.")
            self.said.emit(words.format(results[0].info.seq, crc), Tone.OK)
        elif gone:
            words = self.tr(
                "%n checkpoint(s) are gone; retention may have removed them. All others are intact.", "", len(gone)
            )
            self.said.emit(words, Tone.WARNING)
        else:
            words = self.tr("%n checkpoint(s) are intact by both checksum implementations.", "", len(results))
            self.said.emit(words, Tone.OK)
