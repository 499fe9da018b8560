"""What an operator has in hand on a page, so that a page that takes its place can give it back.

Tables and scrolled columns are known by their object names; a page adds what is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

import msgspec
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, QTimer, SignalInstance
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QWidget

from crashdesk_gui.widgets.page_stack import PageStack
from crashdesk_gui.widgets.table import RecordTableView

_PATIENCE_MS = 3000
"""What a page shows may come from a worker. After so long, what has not come is not waited for: the operator has gone on."""


class ViewState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a table or a column is scrolled, in pixels; the keys of a table's selected rows and of the current one."""

    across: int = 0
    down: int = 0
    selected: tuple[Hashable, ...] = ()
    current: Hashable = None


class PageState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in hand on one page: by name what is scrolled and selected; `own` is a frozen record of the page itself."""

    views: dict[str, ViewState] = {}
    own: msgspec.Struct | None = None


def views_of(page: QWidget) -> dict[str, ViewState]:
    """How every named table and column of a page stands; what is not made yet, as it is to stand then."""
    views: dict[str, ViewState] = {}
    for stack in page.findChildren(PageStack):
        views |= stack.awaited
    return views | {each.objectName(): _view_state(each) for each in _named(page)}


def restore_views(page: QWidget, views: dict[str, ViewState]) -> None:
    """Let the page's tables and columns stand so again, at once or as soon as they show what was selected.

    Those that are not made yet: a stack remembers how they stood for whoever makes them.
    """
    for stack in page.findChildren(PageStack):
        stack.awaited = views
    for each in _named(page):
        state = views.get(each.objectName())
        if state is not None:
            _restore(each, state)


def forget_awaited(page: QWidget) -> None:
    """Let what is made later on the page begin anew: it is to show something else."""
    for stack in page.findChildren(PageStack):
        stack.awaited = {}


def _named(page: QWidget) -> list[QAbstractScrollArea]:
    return [each for each in page.findChildren(QAbstractScrollArea) if each.objectName()]


def _view_state(view: QAbstractScrollArea) -> ViewState:
    across, down = view.horizontalScrollBar().value(), view.verticalScrollBar().value()
    if not isinstance(view, RecordTableView):
        return ViewState(across=across, down=down)
    record = view.current_record()
    current = None if record is None else view.record_model().key_of(record)
    return ViewState(across=across, down=down, selected=tuple(view.selected_keys()), current=current)


def _restore(view: QAbstractScrollArea, state: ViewState) -> None:
    if isinstance(view, RecordTableView) and not _select(view, state):
        _try_again(view, view.record_model().updated, lambda: _select(view, state))
    else:
        _scroll(view, state)


def _select(view: RecordTableView, state: ViewState) -> bool:
    """Whether something of what was selected is shown, or nothing was."""
    model = view.record_model()
    rows = model.rows_of(state.selected)
    if not rows:
        return not state.selected
    selection = QItemSelection()
    for first, last in _runs(rows):
        selection.select(model.index(first, 0), model.index(last, len(model.columns) - 1))
    current = model.row_of(state.current)
    flags = QItemSelectionModel.SelectionFlag
    view.select_key(model.key_of(model.record_at(rows[0])) if current < 0 else state.current)
    view.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
    _scroll(view, state)
    return True


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of rows that follow each other."""
    first = last = rows[0]
    for row in rows[1:]:
        if row != last + 1:
            yield first, last
            first = row
        last = row
    yield first, last


def _scroll(view: QAbstractScrollArea, state: ViewState) -> None:
    if isinstance(view, RecordTableView):
        view.executeDelayedItemsLayout()
    _move(view, view.horizontalScrollBar, state.across)
    _move(view, view.verticalScrollBar, state.down)


def _move(view: QAbstractScrollArea, bar: Callable[[], QScrollBar], value: int) -> None:
    def move() -> bool:
        # Asked for each time: Qt makes the bar, and its Python half may be gone while it is still there.
        bar().setValue(value)
        return bar().value() == value

    if not move():
        _try_again(view, bar().rangeChanged, move)


def _try_again(owner: QObject, news: SignalInstance, work: Callable[[], bool]) -> None:
    """Do the work at every news until it is done, for a while: what is shown may come from a worker."""
    patience = QTimer(owner, singleShot=True, interval=_PATIENCE_MS)

    def attempt(*_news: object) -> None:
        if work():
            patience.timeout.emit()

    def end() -> None:
        patience.stop()
        QObject.disconnect(link)
        patience.deleteLater()

    link = news.connect(attempt)
    patience.timeout.connect(end)
    patience.start()
