"""Every item model of the desk, filled by a real incident, keeps Qt's rules."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident
from PySide6.QtCore import QAbstractItemModel, QObject

import crashdesk_gui
from crashdesk.exchange.catalogue import ExchangeEntry
from crashdesk_gui.dialogs.palette import CommandPalette
from crashdesk_gui.dialogs.shortcuts import ShortcutSheet
from crashdesk_gui.models.exchange_list import ExchangeListModel

PAGES = ("history", "positions", "orphans", "recovery", "activity", "overview")


def entry(exchange: str, name: str) -> ExchangeEntry:
    return ExchangeEntry(id=exchange, name=name, required=("apiKey",), market_types=("swap",), lists_orders=True)


def exchange_list(parent: QObject) -> ExchangeListModel:
    model = ExchangeListModel(parent)
    model.set_entries((entry("okx", "OKX"), entry("binance", "Binance")), "okx")
    return model


BUILDERS: dict[type[QAbstractItemModel], Callable[[QObject], QAbstractItemModel]] = {ExchangeListModel: exchange_list}
"""Makes a filled one of each kind that no page and no dialog of this test shows."""


def own_kinds() -> set[type[QAbstractItemModel]]:
    """The kinds of models that the package defines, those that only others derive from aside."""
    for module in pkgutil.walk_packages(crashdesk_gui.__path__, "crashdesk_gui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {kind for kind in derived(QAbstractItemModel) if own(kind) and not [*filter(own, kind.__subclasses__())]}


def derived(kind: type[QAbstractItemModel]) -> Iterator[type[QAbstractItemModel]]:
    for each in kind.__subclasses__():
        yield each
        yield from derived(each)


def own(kind: type) -> bool:
    return kind.__module__.startswith("crashdesk_gui.")


def test_every_model_keeps_qts_rules(operator: DeskOperator, incident: LoopbackIncident, qtmodeltester) -> None:
    window = operator.desk.window
    for page in PAGES:
        operator.go_to(page)
    operator.wait_until_idle()
    operator.go_to("history")
    operator.desk.pages.history.show_against_exchange()
    operator.to_execution()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    operator.go_to("activity")
    dialogs = [CommandPalette(window.ui, window.commands, window), ShortcutSheet(window.ui, window.commands, window)]
    built = [build(window) for build in BUILDERS.values()]

    models = [each for each in window.findChildren(QAbstractItemModel) if own(type(each))]
    assert own_kinds() <= {type(each) for each in models}, "show the new model here, or add a builder for it"
    assert len([each for each in models if each.rowCount()]) >= 10
    for model in models:
        qtmodeltester.check(model)
    assert all(each.rowCount() for each in built)
    for dialog in dialogs:
        dialog.deleteLater()
