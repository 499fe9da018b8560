"""A sign and its text stand on one base line, however high their row is and however many lines the text has."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.first_line import at_first_line
from crashdesk_gui.widgets.text import TextLabel, TextStyle


def base_line(label: QLabel) -> int:
    """Of the first line, in the coordinates of the label's parent."""
    return label.y() + label.contentsMargins().top() + label.fontMetrics().ascent()


@pytest.mark.parametrize("style", [TextStyle.BODY, TextStyle.TITLE, TextStyle.MONO])
@pytest.mark.parametrize("text", ["short", "many words " * 12])
@pytest.mark.parametrize("height", [20, 90])
def test_a_sign_stands_at_the_first_line(ui: UiContext, qtbot, style: TextStyle, text: str, height: int) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    sign, words = TextLabel(ui, "!"), TextLabel(ui, text, style, wrap=True)
    row.setLayout(at_first_line(sign, words))
    row.resize(300, height)
    row.show()
    assert base_line(sign) == base_line(words)


def test_a_label_and_its_value_share_a_base_line(ui: UiContext, qtbot) -> None:
    grid = DetailGrid(ui)
    qtbot.addWidget(grid)
    grid.set_details([Detail("Order id", "4810225004", mono=True), Detail("Type", "limit")])
    grid.show()
    labels = {each.text(): each for each in grid.findChildren(QLabel)}
    assert base_line(labels["Order id"]) == base_line(labels["4810225004"])
    assert base_line(labels["Type"]) == base_line(labels["limit"])
