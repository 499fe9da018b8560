"""A store whose last checkpoint is damaged, and the history page that shows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel
from strategies import ManualClock, account, order, position, state

from crashdesk import CheckpointInfo, StateStore, StoreManifest, StrategyState, SystemState
from crashdesk.config import write_manifest
from crashdesk.inspection import StoreView
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.history_page import HistoryPage

MINUTE = 60_000_000_000
NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture."""


def state_at(number: int, at: int) -> SystemState:
    return state(
        at,
        account=account(equity=Decimal("10000.10") + number),
        positions=(position(quantity=Decimal("0.250") + Decimal(number) / 1000),),
        open_orders=tuple(
            order(id=str(100 + number + each), client_order_id=f"bot-{number + each}") for each in range(3)
        ),
        strategy_states=(StrategyState(name="grid", state_data=bytes([number])),),
    )


def look_again(session: StoreSession, qtbot) -> None:
    """Let the session read the store; a wish while it reads something else would be dropped."""
    qtbot.waitUntil(lambda: not session.watcher.busy)
    with qtbot.waitSignal(session.overview_changed):
        session.refresh()


class Incident:
    """Five checkpoints a minute apart, an outage of an hour before the last two, the newest one damaged."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = ManualClock(NOW)
        directory.mkdir()
        write_manifest(directory, StoreManifest(bot="btc-mm", client_order_id_prefix="bot-"), LocalFiles())
        self.journal = Journal(directory, self.clock)
        self.infos: list[CheckpointInfo] = []
        times = [NOW - minutes * MINUTE for minutes in (80, 79, 78, 18, 17)]
        for number, at in enumerate(times):
            self.add(number, at, Cause.TRADE if number == 1 else Cause.PERIODIC)
        damaged = bytearray(self.infos[-1].path.read_bytes())
        damaged[100] ^= 0xFF
        self.infos[-1].path.write_bytes(damaged)

    def add(self, number: int, at: int, cause: Cause) -> CheckpointInfo:
        with StateStore(self.directory, clock=self.clock) as store:
            info = store.save(state_at(number, at))
        self.journal.commit(causes=[(info.seq, cause)])
        self.infos.append(info)
        return info


@contextmanager
def happened(directory: Path) -> Iterator[Incident]:
    """The incident, its journal open."""
    each = Incident(directory)
    yield each
    each.journal.close()


@contextmanager
def opened(incident: Incident) -> Iterator[StoreSession]:
    """A session of the incident's store, which has read nothing yet."""
    clock = ManualClock(NOW)
    each = StoreSession(StoreView(incident.directory, clock=clock), who="operator", clock=clock)
    yield each
    each.close()


class Answers:
    """Answers the file dialogs, and remembers what was to be shown in a file manager."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.saved: list[Path] = []
        self.shown: list[Path] = []

    def ask(self, _parent: object, _title: str, suggested: str, _filters: str) -> str:
        self.saved.append(self.directory / suggested)
        return str(self.saved[-1])

    def reveal(self, path: Path) -> bool:
        self.shown.append(path)
        return False


@contextmanager
def shown(ui: UiContext, session: StoreSession, answers: Answers, qtbot) -> Iterator[HistoryPage]:
    """The page, once it has read the store and tells of the checkpoint that it selected."""
    each = HistoryPage(ui, ask_path=answers.ask, show_file=answers.reveal)
    qtbot.addWidget(each)
    each.resize(1080, 700)
    each.show()
    each.set_session(session)
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: each.details.details is not None)
    yield each
    each.set_session(None)  # as the desk does before it closes a session


def seqs(page: HistoryPage) -> list[int]:
    return [row.info.seq for row in page.model.shown_records()]


def select(page: HistoryPage, *numbers: int) -> None:
    page.table.selectionModel().clearSelection()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for number in numbers:
        page.table.selectionModel().select(page.model.index(page.model.row_of(number), 0), flags)


def cell(page: HistoryPage, seq: int, column: str) -> str:
    position = next(number for number, each in enumerate(page.model.columns) if each.id == column)
    return page.model.index(page.model.row_of(seq), position).data()
