"""Counted nouns are never shown as `3 checkpoint(s)`."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from crashdesk.resources import resource_path
from crashdesk_gui.language import install_language

SOURCES = Path(__file__).resolve().parents[2] / "gui" / "crashdesk_gui"


@pytest.fixture
def english(qapp: QApplication):
    translator = install_language(qapp)
    assert translator is not None
    yield
    qapp.removeTranslator(translator)


def test_every_counted_text_has_its_two_forms() -> None:
    tree = ElementTree.parse(resource_path("i18n", "crashdesk_en.ts"))
    known = {message.findtext("source"): message for message in tree.iter("message")}
    used = {
        text
        for path in SOURCES.rglob("*.py")
        for text in re.findall(r'"((?:[^"\\\n])*%n[^"\n]*)"', path.read_text("utf-8"))
    }
    assert used
    assert used <= known.keys(), (
        "run pyside6-lupdate -pluralonly and pyside6-lrelease on resources/i18n/crashdesk_en.ts"
    )
    for source in used:
        forms = [form.text or "" for form in known[source].iter("numerusform")]
        assert len(forms) == 2
        assert all("(s)" not in form and "%n" in form for form in forms)


@pytest.mark.usefixtures("english")
def test_one_and_many() -> None:
    shown = [QCoreApplication.translate("HistoryFilters", "%n checkpoint(s)", "", count) for count in (1, 2)]
    assert shown == ["1 checkpoint", "2 checkpoints"]
