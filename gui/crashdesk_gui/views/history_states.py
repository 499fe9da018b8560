"""What the history says where there is no checkpoint to show, or not one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.context import UiContext
from crashdesk_gui.overview import Overview
from crashdesk_gui.views.ago_words import counted
from crashdesk_gui.widgets.empty import EmptyState

translate = QCoreApplication.translate


def nothing_open(ui: UiContext) -> EmptyState:
    """No store is open."""
    text = translate("HistoryPage", "Open a store to see its checkpoints.")
    return EmptyState(ui, translate("HistoryPage", "No store is open"), text, icon="history")


def no_checkpoints(ui: UiContext, overview: Overview) -> EmptyState:
    """A store without a checkpoint."""
    text = translate(
        "HistoryPage", "The bot writes its first one a moment after it starts. It will appear here by itself."
    )
    if overview.corrupt:
        text = counted(
            len(overview.corrupt),
            translate(
                "HistoryPage",
                "1 damaged file was moved aside, and none is left. The reason is in the store's corrupt directory.",
            ),
            translate(
                "HistoryPage",
                "{0} damaged files were moved aside, and none is left. The reasons are in the store's corrupt directory.",
            ),
        )
    return EmptyState(ui, translate("HistoryPage", "There is no checkpoint yet"), text, icon="history")


def selection_hint(ui: UiContext, count: int, gone: Sequence[int]) -> EmptyState:
    """So many are selected that nothing can be shown of them, or none: then `gone` are those that were."""
    if count:
        one, many = (
            translate("HistoryPage", "1 checkpoint is selected"),
            translate("HistoryPage", "{0} checkpoints are selected"),
        )
        title = counted(count, one, many)
        text = translate("HistoryPage", "Select two to see their difference, or one to see what it holds.")
    elif gone:
        title = translate("HistoryPage", "Checkpoint {0} is gone").format(gone[0])
        text = translate("HistoryPage", "Retention removed it. Select another one.")
    else:
        title = translate("HistoryPage", "No checkpoint is selected")
        text = translate("HistoryPage", "Select one to see what it holds, two to see their difference.")
    return EmptyState(ui, title, text, icon="history")
