"""A day's work on a very large store: pages, sorting, filtering, the charts, a new checkpoint, with the heartbeat recorded."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from desk_setting import FRAMES, WARM_UP_FRAMES, Measures, Took, a_desk, frames_of, holds_of, memory_mb, slowest, timed
from heartbeat import Heartbeat, Script, Steps, Wait
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit

from crashdesk import StateStore
from crashdesk.clock import SystemClock
from crashdesk.inspection import StoreView
from crashdesk_gui.desk import Desk
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.charts import ChartStack
from crashdesk_gui.widgets.table import RecordTableView

_PAGES = ("overview", "history", "positions", "orphans", "recovery", "activity")


def measure(store: Path) -> Measures:
    """Open the store in a desk and work with it."""
    clock = SystemClock()
    with a_desk(clock) as desk:
        heart = Heartbeat()
        found: Measures = {}
        try:
            Script(heart).run(_work(desk, store, clock, found))
        finally:
            heart.stop()
        now, most = memory_mb()
        return found | {"holds": holds_of(heart), "rss_mb": now, "peak_mb": most}


def _work(desk: Desk, store: Path, clock: SystemClock, found: Measures) -> Steps:
    yield Wait("opening the store", lambda: True)
    session = desk.add_view(StoreView(store, clock=clock))
    yield Wait("opening the store", lambda: session.overview is not None and session.series is not None)
    yield _idle("opening the store", session)
    for page in _PAGES:
        yield from _show(desk, page)
    yield from _tables(desk, found)
    yield from _charts(desk, found)
    for page in _PAGES:
        yield from _show(desk, page)
    yield from _new_checkpoint(desk, session, store)


def _tables(desk: Desk, found: Measures) -> Steps:
    for page, widget in (("history", desk.pages.history), ("activity", desk.pages.activity)):
        yield from _show(desk, page)
        view = max(widget.findChildren(RecordTableView), key=lambda each: each.record_model().shown_count())
        model = view.record_model()
        sorting: list[Took] = []
        for column in range(model.columnCount()):
            for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
                action = f"{page}: sorting by {model.columns[column].id}"
                yield Wait(action, lambda: True)
                sorting.append(timed(lambda column=column, order=order, view=view: view.sort_by(column, order)))
                yield from _pause(action)
        found[f"{page}_rows"] = model.shown_count()
        found[f"{page}_sort_ms"] = slowest(sorting)
        fields = [each for each in widget.findChildren(QLineEdit) if each.isVisible()]
        filtering: list[float] = []
        for text in ("1", "17", "trade", ""):
            yield Wait(f"{page}: filtering", lambda: True)
            before: list[float] = []
            changed = model.layoutChanged, model.modelReset, model.rowsRemoved, model.rowsInserted
            note = lambda *_, before=before: before.append(time.perf_counter())  # noqa: E731
            for signal in changed:
                signal.connect(note)
            began = time.perf_counter()
            fields[0].setText(text)
            yield from _pause(f"{page}: filtering", 60)
            for signal in changed:
                signal.disconnect(note)
            if before:
                filtering.append((before[-1] - began) * 1000)
        found[f"{page}_filter_ms"] = max(filtering, default=0.0)
        yield Wait(f"{page}: the last row", lambda: True)
        view.scrollToBottom()
        yield from _pause(f"{page}: the last row")


def _charts(desk: Desk, found: Measures) -> Steps:
    page = desk.pages.positions
    yield from _show(desk, "positions")
    yield Wait("the charts", lambda: page.showing_content and page.charts.complete)
    board = page.board
    assert board.data is not None
    found["points"] = sum(len(curve) for curve in board.data.curves)
    shown = page.picker.shown()
    for words, curves in (("", shown), ("all_", {curve.id for curve in board.data.curves})):
        yield Wait(f"showing {len(curves)} curves", lambda: True)
        board.show_curves(curves)
        yield from _pause(f"showing {len(curves)} curves")
        for share, name in ((None, "whole"), (24 * 3_600_000_000_000, "day")):
            yield Wait(f"panning, {words}{name}", lambda: True)
            board.choose_range(share)
            yield from _pause(f"panning, {words}{name}")
            if share is None:
                board.charts.zoom(0.7)
            frames: list[Took] = []
            for number in range(WARM_UP_FRAMES + FRAMES):
                yield Wait(f"panning, {words}{name}", lambda: True)
                frames.append(_frame(board.charts, -0.001 if number % 200 < 100 else 0.001))
            found[f"frame_{words}{name}_ms"] = frames_of(frames[WARM_UP_FRAMES:])
    for last in (False, True):
        yield Wait("crosshair to the end", lambda: True)
        board.charts.ended.emit(last)
        yield from _pause("crosshair to the end")
    for _ in range(20):
        yield Wait("stepping with the keys", lambda: True)
        board.charts.stepped.emit(-1)


def _frame(charts: ChartStack, share: float) -> Took:
    canvas = charts.canvas
    assert canvas is not None

    def move_and_paint() -> None:
        charts.move_by(share)
        canvas.fit()
        # The scene tells the view what to draw anew, and the view its window.
        QCoreApplication.sendPostedEvents()

    return timed(move_and_paint)


def _new_checkpoint(desk: Desk, session: StoreSession, store: Path) -> Steps:
    """What the bot saves while somebody looks: another process, whose memory is not the desk's."""
    for page in ("history", "positions"):
        yield from _show(desk, page)
        yield from _saved(desk, session, store, f"a new checkpoint, on {page}")
    yield from _show(desk, "history")
    view = desk.pages.history.table
    view.sort_by([column.id for column in view.record_model().columns].index("change"), Qt.SortOrder.AscendingOrder)
    desk.pages.history.filters.set_text("17")
    yield from _pause("a filter and an order", 60)
    yield from _saved(desk, session, store, "a new checkpoint, filtered and sorted")


def _saved(desk: Desk, session: StoreSession, store: Path, action: str) -> Steps:
    yield Wait(action, lambda: True)
    before = len(session.overview.rows) if session.overview else 0
    desk.restarting.runner.run(
        lambda _progress: subprocess.run([sys.executable, __file__, str(store)], check=True), title="saving"
    )
    yield Wait(action, lambda: session.overview is not None and len(session.overview.rows) > before)
    yield from _pause(action, 200)


def _save(store: Path) -> None:
    with StateStore(store) as writing:
        state = writing.load_latest()
        writing.save(
            type(state)(
                **{name: getattr(state, name) for name in state.__struct_fields__} | {"timestamp": time.time_ns()}
            )
        )


def _show(desk: Desk, page: str) -> Steps:
    yield Wait(f"page {page}", lambda: True)
    desk.window.show_page(page)
    yield from _pause(f"page {page}")


def _idle(action: str, session: StoreSession) -> Wait:
    return Wait(action, lambda: not session.busy and not session.watcher.busy)


def _pause(action: str, polls: int = 30) -> Steps:
    left = iter(range(polls))
    yield Wait(action, lambda: next(left, None) is None)


if __name__ == "__main__":
    _save(Path(sys.argv[1]))
