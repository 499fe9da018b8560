"""What the field for a note says before anything is typed can be read whole at the least size, and at length as its tip."""

from __future__ import annotations

import pytest
from desk_operator import DeskOperator
from PySide6.QtWidgets import QApplication, QLineEdit

from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.views.main_window import LEAST_SIZE


@pytest.mark.parametrize("everything", [False, True])
def test_the_hint_of_a_note_is_not_cut(onlooker: DeskOperator, everything: bool) -> None:
    onlooker.go_to("orphans")
    onlooker.desk.window.resize(LEAST_SIZE)
    table = onlooker.table("Orphan orders, grouped by verdict")
    looked_at = 0
    for key in [order.key for order in table.record_model().shown_records()]:
        table.select_key(key)
        if everything:
            table.selectAll()
        for _ in range(3):
            QApplication.processEvents()
        panel = onlooker.desk.window.findChild(EvidencePanel)
        field = next(each for each in panel.findChildren(QLineEdit) if each.placeholderText())
        assert field.isVisible()
        assert field.fontMetrics().horizontalAdvance(field.placeholderText()) <= field.width() - 16
        assert "for whoever looks next" in field.toolTip()
        looked_at += 1
    assert looked_at > 3
