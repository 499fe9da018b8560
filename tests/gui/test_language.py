"""The texts of the desk: complete in both languages, up to date, and changed while the desk runs."""

import ast
import re
import shutil
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from desk_after_crash import desk_after_crash, speak
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialog
from translations import CHINESE, ENGLISH, GUI, evidence_templates, messages, unfinished, update

from crashdesk.demo.setting import setting_of
from crashdesk.errors import ExchangeUnavailable
from crashdesk.reconcile.records import Action
from crashdesk.trouble import Trouble, TroubleKind
from crashdesk_gui.connect_words import account_words
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.watching import Watching
from crashdesk_gui.desk import Desk
from crashdesk_gui.language import Language, Languages, spoken
from crashdesk_gui.phrases import said

REFRESH = "run `python tests/translations.py`, translate what it names, and run it again"
_PLACES = re.compile(r"\{\w*\}|%n|…$|&&|\n")


@pytest.mark.parametrize("path", [CHINESE, ENGLISH])
def test_every_source_text_is_translated(path: Path, tmp_path: Path) -> None:
    fresh = tmp_path / path.name
    shutil.copy(path, fresh)
    update(fresh, plurals_only=path == ENGLISH)
    assert unfinished(fresh) == [], REFRESH
    assert fresh.read_text("utf-8") == path.read_text("utf-8"), REFRESH


@pytest.mark.parametrize("path", [CHINESE, ENGLISH])
def test_the_compiled_file_says_what_the_text_file_says(path: Path) -> None:
    translator = QTranslator()
    assert translator.load(str(path.with_suffix(".qm")))
    for message in messages(path):
        counts = (1, 2)[: len(message.translations)] if message.plural else (-1,)
        for count, wanted in zip(counts, message.translations, strict=True):
            assert translator.translate(message.context, message.source, message.comment, count) == wanted, REFRESH


def test_a_translation_keeps_every_place_and_ellipsis_of_its_source() -> None:
    for message in messages(CHINESE):
        for translation in message.translations:
            assert sorted(_PLACES.findall(translation)) == sorted(_PLACES.findall(message.source)), message.source
            assert ("(&" in translation) == ("&" in message.source.replace("&&", "")), message.source


def test_one_and_many_in_english(qapp: QApplication) -> None:
    plurals = [message for message in messages(ENGLISH) if message.plural]
    assert plurals
    for message in plurals:
        assert len(message.translations) == 2
        assert all("(s)" not in form and "%n" in form for form in message.translations)
    languages = Languages(qapp)
    shown = [QCoreApplication.translate("HistoryFilters", "%n checkpoint(s)", "", count) for count in (1, 2)]
    languages.close()
    assert shown == ["1 checkpoint", "2 checkpoints"]


# What the code says of its texts

_SHOWS = {
    *("setText", "setToolTip", "setStatusTip", "setWhatsThis", "setTitle", "setWindowTitle", "setPlaceholderText"),
    *(
        "setAccessibleName",
        "setAccessibleDescription",
        "addAction",
        "addMenu",
        "addTab",
        "setTabText",
        "setHeaderLabels",
    ),
    *("setInformativeText", "setDetailedText", "setTabToolTip", "show_message", "say", "show_loading", "setTabText"),
    *("QLabel", "QPushButton", "QAction", "QMenu", "QGroupBox", "QCheckBox", "QRadioButton", "QToolButton"),
    *("TextLabel", "push_button", "icon_button", "Panel", "Chip", "EmptyState", "ErrorState", "LoadingState", "Choice"),
}
_SHOWN_KEYWORDS = {
    "title",
    "tip",
    "tooltip",
    "text",
    "placeholder",
    "accessible_name",
    "accept",
    "decline",
    "word",
    "note",
}


@cache
def _calls_and_f_strings() -> list[tuple[str, ast.Call | ast.JoinedStr]]:
    return [
        (f"{path.relative_to(GUI)}:{node.lineno}", node)
        for path in sorted(GUI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call | ast.JoinedStr)
    ]


def _calls() -> Iterator[tuple[str, ast.Call]]:
    yield from ((place, node) for place, node in _calls_and_f_strings() if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _has_words(node: ast.AST) -> bool:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return any(re.search(r"[A-Za-z]{2}", re.sub(r"<[^>]*>|https?\S+", "", text)) for text in texts)


def test_no_visible_text_escapes_translation() -> None:
    # A job's id, an icon's name and the like are positional too: words have a capital letter or a space.
    escaped = []
    for place, call in _calls():
        shown = [argument for argument in call.args if _name(call) in _SHOWS]
        shown += [each.value for each in call.keywords if each.arg in _SHOWN_KEYWORDS]
        for argument in shown:
            if _has_words(argument) and re.search(r"[A-Z ]", ast.unparse(argument).strip("\"'f")):
                escaped.append(f"{place}: {ast.unparse(argument)}")
    allowed = {"'Crashdesk'", "'CRC-32'", "f'{name} — Crashdesk'"}
    assert [each for each in escaped if each.partition(": ")[2] not in allowed] == []


def test_a_text_to_translate_is_a_literal_outside_of_any_f_string() -> None:
    """Else it is not found by lupdate, and stays English without a word."""
    faults = []
    for place, call in _calls():
        if _name(call) in ("tr", "translate"):
            text = call.args[0] if _name(call) == "tr" else call.args[1]
            if not isinstance(text, ast.Constant) and not place.startswith(("phrases.py", "models/plan_words.py")):
                faults.append(f"{place}: {ast.unparse(call)}")
    for place, node in _calls_and_f_strings():
        if isinstance(node, ast.JoinedStr):
            calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
            faults += [place for each in calls if _name(each) in ("tr", "translate")]
    assert faults == []


def test_what_counts_with_qts_plurals_is_said_by_an_object() -> None:
    """A free `translate` with a number is not found as a plural: it would say "2 order(s)"."""
    counting = [
        place
        for place, call in _calls()
        if _name(call) == "translate" and any("%n" in ast.unparse(each) for each in call.args)
    ]
    assert counting == []


# What the core says


def test_every_template_of_evidence_is_found_and_translated(desk: Desk) -> None:
    translated = {message.source for message in messages(CHINESE) if message.context == "Evidence"}
    assert evidence_templates() <= translated, REFRESH
    plan = desk.session.comparison.plan
    used = {fact.template for verdict in (*plan.orders, *plan.positions, *plan.intents) for fact in verdict.evidence}
    assert used
    assert used <= translated


def test_finished_sentences_of_the_core_are_told_in_chinese(qapp: QApplication) -> None:
    text = "the answer was lost (timed out); cancelled, 1.5 of 3 had filled (read again 0.4 s later)"
    assert said(text) == text
    languages = Languages(qapp, Language.CHINESE)
    chinese, unknown = said(text), said('binance {"code":-1021}')
    languages.close()
    assert chinese == "答复丢失（timed out）；已撤单，其中 1.5 / 3 已成交（0.4 s 后重新读取）"
    assert unknown == 'binance {"code":-1021}'


def test_the_demonstrations_account_is_named_in_chinese_and_no_account_of_the_operator(qapp: QApplication) -> None:
    label = setting_of("binance").manifest("http://127.0.0.1:1").account
    languages = Languages(qapp, Language.CHINESE)
    shown = account_words("binanceusdm", label, None), account_words("binanceusdm", "open", None)
    languages.close()
    assert shown == ("binanceusdm · 演示", "binanceusdm · open")


# Changing it


@pytest.mark.parametrize(
    ("system", "language"),
    [
        ("zh_CN", Language.CHINESE),
        ("zh_SG", Language.CHINESE),
        ("de_DE", Language.ENGLISH),
        ("en_GB", Language.ENGLISH),
    ],
)
def test_the_system_decides_unless_the_operator_did(system: str, language: Language) -> None:
    assert spoken(Language.SYSTEM, QLocale(system)) is language
    assert spoken(Language.ENGLISH, QLocale(system)) is Language.ENGLISH


@pytest.fixture
def ui(window_ui: UiContext) -> UiContext:
    """What these tests open are windows."""
    return window_ui


@pytest.fixture
def desk(ui: UiContext, qapp: QApplication, tmp_path: Path, qtbot) -> Iterator[Desk]:
    with desk_after_crash(ui, qapp, tmp_path / "store", qtbot) as each:
        yield each


def test_the_language_changes_while_the_desk_runs_and_the_operator_stays_where_he_was(desk: Desk, qtbot) -> None:
    first, session = desk.window, desk.session
    desk.window.resize(1100, 740)
    desk.window.show_page("history")
    chosen = session.overview.rows[2].info.seq
    desk.pages.history.select_checkpoint(chosen)
    speak(desk, qtbot, Language.CHINESE)
    assert desk.session is session
    assert desk.window is not first
    assert desk.window.isVisible()
    assert (desk.window.width(), desk.window.height()) == (1100, 740)
    assert desk.window.current_page() == "history"
    assert desk.pages.history.table.current_record().info.seq == chosen
    assert desk.ui.settings.language() is Language.CHINESE
    assert desk.pages.overview.sentence.startswith("机器人已停止（14 分钟前）")
    assert desk.ui.display.duration(90_000_000_000) == "1 分钟"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    speak(desk, qtbot, Language.ENGLISH)
    assert desk.pages.overview.sentence.startswith("The bot stopped 14 minutes ago")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_a_running_recovery_goes_on_through_a_change_of_language(desk: Desk, qtbot) -> None:
    cancelling, gate = threading.Event(), threading.Event()
    original = desk.exchange.cancel_order

    def slow(ref: object) -> object:
        cancelling.set()
        gate.wait(10)
        return original(ref)

    undecided = [each for each in desk.session.comparison.plan.orphans if desk.session.taken.get(each.key) is None]
    desk.session.decide(undecided, Action.LEAVE, "looked at")
    desk.exchange.cancel_order = slow
    desk.session.execute()
    qtbot.waitUntil(cancelling.is_set)
    speak(desk, qtbot, Language.CHINESE)
    assert desk.session.busy
    gate.set()
    qtbot.waitUntil(lambda: desk.session.report is not None and not desk.session.busy)
    assert desk.session.report.saved is not None
    desk.window.show_page("overview")
    qtbot.waitUntil(lambda: desk.pages.overview.sentence == "已恢复。1 个持仓没有止损。1 个持仓只有部分被止损覆盖。")


def test_what_the_banner_says_is_said_again_in_the_other_language(
    desk: Desk, qtbot, caplog: pytest.LogCaptureFixture
) -> None:
    session = desk.session
    desk.window.show_page("activity")
    session.comparing_error = ExchangeUnavailable("no answer", Trouble(kind=TroubleKind.NETWORK))
    session.failed.emit("Comparing with the exchange", session.comparing_error)
    assert desk.window.banner.text.startswith("The comparison failed: The exchange could not be reached.")
    speak(desk, qtbot, Language.CHINESE)
    session.failed.emit("正在与交易所对比", session.comparing_error)
    assert "Comparing btc-grid with its exchange failed with ExchangeUnavailable: no answer." in caplog.messages
    assert not any("交易所" in each for each in caplog.messages), "the log is for whoever it is sent to"
    assert desk.window.banner.isVisible()
    assert desk.window.banner.text.startswith("与交易所对比失败：无法连接交易所。")
    assert not re.search(r"[A-Za-z]", desk.window.banner.text)
    speak(desk, qtbot, Language.ENGLISH)
    assert desk.window.banner.text.startswith("The comparison failed: The exchange could not be reached.")
    desk.window.banner.hide()
    speak(desk, qtbot, Language.CHINESE)
    assert desk.window.banner.isHidden(), "what was dismissed does not come back"


def test_a_failure_told_while_the_operator_was_away_is_told_in_the_language_of_the_moment(desk: Desk, qtbot) -> None:
    watching = Watching(desk, active=lambda: False, settle_ms=10)
    watching._deliver = lambda _title, _text: watching._in_window(watching._told_last)
    desk.window.show_page("activity")
    with qtbot.waitSignal(watching.told, timeout=3000):
        pass  # the orphan orders of the comparison are news first
    with qtbot.waitSignal(watching.told, timeout=3000):
        desk.session.comparing_error = ExchangeUnavailable("no answer", Trouble(kind=TroubleKind.NETWORK))
        desk.session.failed.emit("Comparing with the exchange", desk.session.comparing_error)
    banner = desk.window.banner
    assert "The comparison failed: The exchange could not be reached." in banner.text
    speak(desk, qtbot, Language.CHINESE)
    assert "与交易所对比失败：无法连接交易所。" in desk.window.banner.text.replace(": ", "：")
    assert "Comparing" not in desk.window.banner.text
    desk.window.banner._button.click()
    assert "Comparing" not in desk.window.banner.text
    speak(desk, qtbot, Language.ENGLISH)
    assert desk.window.banner.text.startswith("The comparison failed: The exchange could not be reached. What ")
    watching.close()


def test_the_log_calls_a_job_that_failed_by_no_word_of_the_desk_s_language(
    desk: Desk, qtbot, caplog: pytest.LogCaptureFixture
) -> None:
    def read_the_disk(_progress: object) -> None:
        raise OSError("the disk is gone")

    job = desk.session.watcher.run(read_the_disk, title="正在读取存储库")
    qtbot.waitUntil(lambda: job.ended and any("failed" in each for each in caplog.messages))
    (line,) = [each for each in caplog.messages if "failed" in each]
    assert "read_the_disk" in line
    assert line.isascii()


def test_a_page_that_says_it_in_the_other_language_takes_the_banner_back(desk: Desk, qtbot) -> None:
    session = desk.session
    desk.window.show_page("activity")
    session.comparison = None
    session.comparing_error = ExchangeUnavailable("x", Trouble(kind=TroubleKind.NETWORK))
    session.failed.emit("Comparing with the exchange", session.comparing_error)
    session.comparison_changed.emit(None)
    assert desk.window.banner.isVisible()
    speak(desk, qtbot, Language.CHINESE)
    assert desk.window.banner.isVisible()
    desk.window.show_page("orphans")
    qtbot.waitUntil(desk.window.banner.isHidden)
    desk.window.show_page("activity")
    assert desk.window.banner.isVisible(), "a page that does not say it has the banner again"
    desk.window.banner.hide()
    desk.window.show_page("overview")
    assert desk.window.banner.isHidden(), "what was dismissed does not come back"


def test_while_a_dialog_is_open_the_language_stays(desk: Desk, qtbot) -> None:
    dialog = QDialog(desk.window)
    dialog.open()
    desk.window.language_requested.emit(Language.CHINESE)
    assert "Close it first" in desk.window.banner.text
    assert desk.ui.settings.language() is Language.SYSTEM
    assert desk.window.commands.action("language-en").isChecked()
    dialog.close()
    dialog.deleteLater()


def test_missing_texts_leave_english_and_a_word_in_the_log(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = tmp_path / "crashdesk_zh_CN.qm"
    damaged.write_bytes(b"no texts")
    monkeypatch.setattr("crashdesk_gui.language.resource_path", lambda *_parts: damaged)
    languages = Languages(qapp, Language.CHINESE)
    assert QCoreApplication.translate("Desk", "Overview") == "Overview"
    assert "install the package again" in caplog.text
    languages.close()
