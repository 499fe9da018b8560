"""Cards side by side: what stands under their answers is level, in whatever letters the answers are."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Status
from crashdesk_gui.widgets.facts import FactCard, FactRow


def test_a_number_beside_chinese_letters_keeps_the_line(ui: UiContext, qtbot: QtBot) -> None:
    cards = [FactCard(ui, title) for title in ("持仓", "孤立订单", "交易所")]
    for card, answer in zip(cards, ("两个不一致", "4", "binanceusdm"), strict=True):
        card.set_fact(answer, status=Status.OK, word="完好")
    row = FactRow(cards)
    qtbot.addWidget(row)
    row.resize(700, 160)
    row.show()
    tops = {label.y() for card in cards for label in card.findChildren(QLabel) if label.text() == "✓ 完好"}
    assert len(tops) == 1
