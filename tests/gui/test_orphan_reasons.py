"""Why an order is an orphan can be read in the table without touching anything; the evidence begins with the whole of it."""

import ast
import inspect
from collections.abc import Callable, Iterator
from string import Formatter
from types import ModuleType

from desk_operator import DeskOperator
from orphan_incident import live
from PySide6.QtWidgets import QApplication, QLabel

from crashdesk.reconcile import ownership
from crashdesk.reconcile.evidence import seen_open
from crashdesk.reconcile.records import (
    Action,
    Evidence,
    OrderVerdict,
    OrderVerdictKind,
    Outcome,
    OutcomeKind,
    Source,
    fact,
)
from crashdesk_gui.context import UiContext
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models import orphan_reasons
from crashdesk_gui.models.orphans import OrphanRow, OrphanTable
from crashdesk_gui.models.plan_words import PlanWords, evidence_text
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.widgets.table import RecordTableView

ORPHANS = "Orphan orders, grouped by verdict"
VALUES = {"prefix": "btc-grid-", "client_id": ""}


def at_default_size(onlooker: DeskOperator) -> RecordTableView:
    for _ in range(2):
        onlooker.desk.window.resize(1280, 800)
        QApplication.processEvents()
        onlooker.go_to("orphans")
    return onlooker.table(ORPHANS)


def room_for(table: RecordTableView) -> Callable[[str], bool]:
    columns = table.record_model().columns
    place = next(place for place, column in enumerate(columns) if column.id == "why")
    assert not table.isColumnHidden(place)
    width = table.columnWidth(place) - 16
    return lambda text: table.metrics_of(columns[place]).horizontalAdvance(text) <= width


def test_every_reason_is_whole_at_the_default_size(onlooker: DeskOperator) -> None:
    table = at_default_size(onlooker)
    fits = room_for(table)
    column = next(column for column in table.record_model().columns if column.id == "why")
    rows = table.record_model().records()
    assert rows
    assert [text for row in rows if not fits(text := column.text(row))] == []
    # What the cell leaves out, such as amount and price, its tooltip has, and a search finds.
    assert all(len(column.tooltip(row)) > len(column.text(row)) for row in rows)
    languages = Languages(QApplication.instance(), Language.CHINESE)
    try:
        chinese = [say() for say in orphan_reasons.PHRASES]
    finally:
        languages.close()
    english = [say() for say in orphan_reasons.PHRASES]
    assert not set(chinese) & set(english)
    for text in (*chinese, *english):
        assert fits(text.format(**VALUES)), text


def sentences_of(module: ModuleType) -> list[tuple[Source, str]]:
    """Every sentence that a module makes a fact of, with whom it comes from."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    facts = [call.args for call in calls if isinstance(call.func, ast.Name) and call.func.id == "fact"]
    return [(Source[args[0].attr], ast.literal_eval(args[1])) for args in facts]


HOWS = (
    "it closes the open long position of 0.25 BTC/USDT:USDT; covers 0.25 of it",
    "it triggers against the open short position of 2 ETH/USDT:USDT; covers 2 of it",
    "it is marked reduce-only",
    "it may close either leg of BTC/USDT:USDT, the exchange does not say which",
    "cancelling it may cancel order 17, which protects",
    "it is a conditional order, and the positions could not be read",
)
PREFIX = fact(Source.RULE, "Its client order id starts with the bot's own prefix {prefix}.", prefix="grid-")
AROUND = (
    fact(Source.CHECKPOINT, "Unknown to checkpoint {seq}.", seq=4),
    seen_open(live("9", 0), 1, None),
    fact(
        Source.EXCHANGE,
        "It is one of a group of which one cancels the other ({group}); with it: {ids}.",
        group="g",
        ids="8",
    ),
)


def reasons() -> Iterator[tuple[OrderVerdict, Evidence]]:
    """A verdict for each reason that the core can give, and that reason among other facts."""
    for source, template in sentences_of(ownership):
        values = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(template) if name}
        reason = fact(source, template, **values)
        running = template.startswith("The bot is running")
        kind = OrderVerdictKind.UNKNOWN if running or "Too young" in template else OrderVerdictKind.FOREIGN
        facts = (*AROUND, PREFIX, reason) if running else (*AROUND, reason, PREFIX)
        yield OrderVerdict(kind=kind, known=None, live=live("9", 0), facts=facts), reason
    for how in HOWS:
        reason = fact(Source.RULE, "It protects: {how}.", how=how)
        facts = (*AROUND, PREFIX, reason)
        kind = OrderVerdictKind.OWN_ORPHAN
        yield OrderVerdict(kind=kind, known=None, live=live("9", 0), facts=facts, protective=True, protects=how), reason


def test_the_evidence_begins_with_what_the_cell_says_and_has_the_whole_sentence_once(ui: UiContext, qtbot) -> None:
    words = PlanWords(ui.display)
    table = OrphanTable(words)
    panel = EvidencePanel(ui, words, table.why_in_full)
    qtbot.addWidget(panel)
    why = next(column for column in table.columns if column.id == "why")
    told = []
    for verdict, reason in reasons():
        row = OrphanRow(key=reason.text, verdict=verdict)
        panel.show_row(row, None, "")
        assert why.tooltip(row) == evidence_text(reason)
        assert why.text(row) == orphan_reasons.short_reason(reason) != ""
        assert panel.reason == (why.tooltip(row) if reason.source is Source.RULE else why.text(row))
        assert [label.text() for label in panel.findChildren(QLabel)].count(evidence_text(reason)) == 1
        told.append(why.text(row))
    assert len(set(told)) >= len(orphan_reasons.PHRASES)


def test_what_kept_an_order_from_being_cancelled_stands_before_why_it_is_an_orphan(ui: UiContext, qtbot) -> None:
    words = PlanWords(ui.display)
    table = OrphanTable(words)
    panel = EvidencePanel(ui, words, table.why_in_full)
    qtbot.addWidget(panel)
    verdict, reason = next(reasons())
    refused = Outcome(order_key=verdict.key, action=Action.CANCEL, kind=OutcomeKind.REFUSED, text="refused: busy", at=1)
    panel.show_row(OrphanRow(key=verdict.key, verdict=verdict, before=refused), None, "")
    assert panel.reason.startswith("! Came back")
    assert evidence_text(reason) in [label.text() for label in panel.findChildren(QLabel)]


def test_each_short_reason_stands_for_a_sentence_that_the_comparison_says() -> None:
    said = {template for _, template in sentences_of(ownership)}
    assert set(orphan_reasons.SHORT) == said
