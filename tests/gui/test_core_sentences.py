"""The core's sentences in Chinese: none of those that can reach the screen stays English, and values stay as they are."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parents[1]))
from core_sentences import sentences
from translations import CHINESE, evidence_templates, messages

from crashdesk.errors import StorageError
from crashdesk_gui import phrases
from crashdesk_gui.errors import explain
from crashdesk_gui.format import GROUP_SEPARATOR
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.phrases import CONTEXT, TEMPLATES, said

_ENGLISH_WORD = re.compile(r"[A-Za-z][a-z']{2,}")
_PLACE = re.compile(r"\{(\w+)\}")
_OWN_WORDS = {"kind": "conditional orders", "where": "all symbols", "gaps": "orders · X7 · X7/X8 (X9)"}
_SAMPLES = ("7", "'7'", "A7/B7", "orders")

NOT_ON_THE_SCREEN = {
    r"cli\w*\.py|repair\.py|report\w*\.py": "the terminal's, and the report that is exported in English",
    r"demo/(simul|headless|bot_process|start_request|venue/)": "what simulation, exchange and sample bot say in the terminal",
    r"difference\.py": "the terminal's; the desk takes a record apart into its fields",
    r"demo/transport\.py": "misuse of the demonstration's exchange",
    r"reconcile/words\.py": "the terminal's; the desk has words of its own for verdicts, in plan_words",
    r"reconcile/stop_(cover|owners)\.py": "the terminal's; the desk has words of its own, in plan_words and stop_lines",
    r"exchange/diagnosis\.py": "patterns that an exchange's words are looked for with",
    r"exchange/ccxt_pages\.py:1\d$": "names of an enumeration",
    r"trouble\.py": "names of kinds; what is said of them is in trouble_words",
    r"trouble_words\.py:18\d$": "the terminal's lines; the desk has headings of its own",
    r"live\.py": "misuse of the library, which a bot's programmer sees",
}
"""Modules, or lines of them, that speak to somebody else than the operator of the desk, and to whom."""

NEVER_ALONE = {
    "inside together()": "misuse of the library",
    "wait for itself": "misuse of the library",
    "the recovery manager is closed": "misuse of the library",
    "to arm a dead man's switch on": "misuse of the library",
    "is armed already; disarm it": "misuse of the library",
    "a dead man's switch of": "a setting of the library",
    "it must be a whole number": "a setting of the library",
    "it must be a number above 0": "a setting of the library",
    "not the name of a credential": "a setting of the library",
    "set sandbox=True": "a setting of the library",
    r"CcxtExchange\(": "a representation for programmers",
    "and no JSON with it": "an exchange's answer, as ccxt would quote it",
    "answered about order": "for the log",
    "without an id": "a key, never shown",
    r"without id $": "a key, never shown",
    r"records\.py:\d+: not done$": "the name of a kind",
    "unsupported file format": "looked for in SQLite's words",
    r"action=\?": "SQL",
    "Application Support": "a directory",
    "The journal beside this file is in use": "written into a file beside the journal",
    r"\d: unattended policy$": "who decided, in the log of a bot without an operator",
    r"\.reason\.txt": "a file's name",
    # Parts of sentences that other functions put together; these are looked at in _PUT_TOGETHER.
    "nothing says which account": "begins a sentence",
    "or have an operator recover the store": "ends a sentence",
    "since nobody confirmed that it is this account": "ends a sentence",
    "refreshed again": "follows `dead man's switch`",
    "covers something else now": "follows `dead man's switch`",
    "has fired: it could not be refreshed": "follows `dead man's switch`",
    r"\d: could not be refreshed:": "follows `dead man's switch`",
    "could not be disarmed": "follows `dead man's switch`",
    r"\d: dead man's switch $": "begins a sentence",
    "which is not known here": "follows `order 1 of BTC/USDT`",
    r"\d: the connection to the exchange was closed$": "follows what was asked",
    r"\d: nothing was sent within": "follows what was asked",
    r"the answer was lost \(": "begins a sentence",
    r"knows no such open order \(": "begins a sentence",
    "a cancel was intended before; ": "begins a sentence",
    r"execute_order\.py:\d+: .*because it is $": "begins a sentence",
    r"execute_order\.py:\d+:  \(read again ": "follows what became of the order",
    r"settling\.py:\d+: .*already ": "follows a note",
    r"settling\.py:\d+: .*had filled$": "follows `cancelled`",
    r"settling\.py:\d+: , whether a part had filled is not told$": "follows `cancelled`",
    r"order_prices\.py:\d+: at the market$": "follows an amount",
    r"reconcile/orders\.py:\d+: .*carries the client order id": "begins a sentence",
    "could not be read by itself": "ends a sentence",
    "; the exchange could not be compared": "ends a sentence",
    "Intents and decisions before now may not be known": "ends a sentence",
    "could be kept, then": "begins a sentence",
    r"restored\.py:\d+: .*changes after it$": "ends a sentence",
}
"""Texts that reach nobody, or not alone, and why."""

_UNCERTAIN = (
    "Intents and decisions before now may not be known: orders without the bot's prefix cannot be told apart, and until an "
    "operator has looked at every order none is cancelled unattended"
)
_PUT_TOGETHER = (
    "the exchange has never heard of any open order of the last known state, and none of its positions is held: the account that "
    "was opened may be another one than the store's; look whether the keys are those of the right account, or have an operator "
    "recover the store. Nothing was cancelled, the state is as it was",
    "the exchange has never heard of any open order of the last known state, and none of its positions is held: the account that "
    "was opened may be another one than the store's; look whether the keys are those of the right account. Nothing was sent or "
    "saved, since nobody confirmed that it is this account",
    "every position of the last known state is gone, and no trades that this account tells add up to the closing of one: the "
    "account that was opened may be another one than the store's; look whether the keys are those of the right account, or have "
    "an operator recover the store. Nothing was cancelled, the state is as it was",
    "the bot started: restored checkpoint 41 and 12 changes after it",
    "nothing says which account the store belongs to, so whether its state is of the live account of binanceusdm that was opened "
    "cannot be told: give RecoveryManager a StoreManifest with exchange, account and mode; or have an operator recover the "
    "store. Nothing was compared, the state is as it was",
    "the store belongs to a live account (its store.toml says so), and the sandbox account of okx was opened. Nothing was "
    "compared: open the live account, or correct `mode` in store.toml",
    "the store belongs to the account 'X1' (its audit log says so) and 'X2' was opened. Nothing was compared: open 'X1', or use "
    "another store for the account that was opened",
    "dead man's switch armed: 60 s after the bot's last sign the exchange cancels the orders of BTC/USDT:USDT, but not "
    "protective stops",
    "dead man's switch refreshed again: 60 s after the bot's last sign the exchange cancels all orders of the account, "
    "protective stops too",
    "dead man's switch could not be disarmed: disarming the dead man's switch: the exchange could not be reached; check this "
    "machine's network and the exchange's status page, then read it again",
    "order 17 of BTC/USDT came without a side; look at it on the exchange itself",
    "order 17 of BTC/USDT has the status 'X', which is not known here; look at it on the exchange itself",
    "reading orders · swap · all symbols: the connection to the exchange was closed",
    "reading conditional orders · swap · BTC/USDT: nothing was sent within 20 s, because earlier requests are still under way; "
    "try again",
    "a cancel was intended before; already filled, 2 of 2 (read again 0.4 s later)",
    "a cancel was intended before; cancelled, 1 of 2 had filled (read again 0.4 s later)",
    "order 17 carries the client order id 'X-1', and order 18 could not be read by itself",
    "the exchange could not be read again, so nothing was saved: orders · swap · all symbols (the exchange could not be "
    "reached; check this machine's network and the exchange's status page, then read it again); positions · swap · BTC/USDT "
    "(not read again). Resume the recovery once it answers",
    "nothing was saved: a checkpoint cannot be written: 28 (/X); check the disk, its free space and permissions. What was done "
    "on the exchange stays done; resume the recovery",
    f"the journal's log (journal.sqlite-wal) was deleted or cut off: what was committed last is lost. {_UNCERTAIN}",
    f"the journal was damaged (journal.sqlite is empty: it was cut off) and moved to corrupt/; a new one was begun with what "
    f"could be kept (not kept: all of it). {_UNCERTAIN}",
    "cancelling buy 0.03 BTC/USDT:USDT at 59520: waiting 3 s for the exchange's limit",
    "the store /X is in use by the recovery desk (process 7 on X1); stop it first, or look at the store without writing",
    "none of the 3 checkpoints in /X is usable; the newest (checkpoint-3.zqck): the checksum does not fit: the file says 00ff, "
    "its bytes give 11ff; it was damaged or cut off. Nothing was changed: restore a backup of the directory, or start the bot "
    "on a new one",
)


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    languages = Languages(qapp, Language.CHINESE)
    yield
    languages.close()


def test_every_sentence_of_the_core_that_can_reach_the_screen_has_a_template() -> None:
    """A new one that an operator can see needs a template; one that nobody sees belongs into a list above, with the reason."""
    evidence = evidence_templates()
    fits: dict[str, bool] = {}
    for sample in _SAMPLES:
        for place, own, renderings in sentences(sample):
            if renderings & evidence or _is_for_others(place, own):
                continue
            fits[f"{place}: {own}"] = fits.get(f"{place}: {own}", False) or all(_has_template(t) for t in renderings)
    assert len(fits) > 300, "the walk through the sources finds next to nothing any more"
    assert [text for text, fit in fits.items() if not fit] == []


def test_no_exception_outlives_its_sentence() -> None:
    found = list(sentences("7"))
    for pattern in NOT_ON_THE_SCREEN:
        assert any(re.match(pattern, each.place) for each in found), pattern
    texts = [f"{each.place}: {each.own}" for each in found]
    assert [part for part in NEVER_ALONE if not any(re.search(part, text) for text in texts)] == []


@pytest.mark.parametrize("text", _PUT_TOGETHER)
def test_a_sentence_that_several_functions_put_together_is_told_whole(chinese: None, text: str) -> None:
    told = said(text)
    assert english_left(told) == set(), told


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_a_rendered_template_is_taken_apart_and_told_without_an_english_word(chinese: None, chance: Random) -> None:
    for template in TEMPLATES:
        values = {name: _value(name, chance) for name in _PLACE.findall(template)}
        told = said(template.format(**values))
        assert english_left(told) == set(), told
        for name, value in values.items():
            assert name in _OWN_WORDS or value in told.replace(GROUP_SEPARATOR, ""), told


def test_no_template_translates_into_doubled_or_foreign_punctuation() -> None:
    for message in messages(CHINESE):
        if message.context != CONTEXT:
            continue
        told = message.translations[0]
        assert not re.search(r"。[.。]|[\u4e00-\u9fff][,;:?]|[\u4e00-\u9fff]\.(?!\w)", told), told
        # One space between Chinese and what is not; none beside Chinese punctuation.
        assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", _PLACE.sub("", told)), told
        assert not re.search(r"\s[，。；：？（）]|[，。；：？（]\s", told), told


def english_left(told: str) -> set[str]:
    """English words of a text in Chinese, without those that are the same in both; code and what is quoted is as it is."""
    told = re.sub(r"`[^`]*`|'[^']*'|[^\x00-\x7f]", " ", told)
    return set(_ENGLISH_WORD.findall(re.sub(r"\S*[/_.()\d-]\S*", " ", told))) - _SAME


_SAME = frozenset(
    {
        *(
            "ccxt",
            "Crashdesk",
            "Unicode",
            "UNIX",
            "decimal",
            "Decimal",
            "float",
            "side",
            "sell",
            "corrupted",
            "journal",
        ),
        *("RecoveryManager", "RecoveryConfig", "StoreManifest", "exchange", "account", "mode", "secret", "passphrase"),
        *(
            "binanceusdm",
            "okx",
            "spot",
            "swap",
            "websocket",
            "crashdesk",
            "chmod",
            "USDT",
            "USDC",
            "manager",
            "Recovery",
        ),
        *("Manager", "Store", "Manifest", "Config", "bytes", "repair"),
    }
)


def _is_for_others(place: str, own: str) -> bool:
    return any(re.match(pattern, place) for pattern in NOT_ON_THE_SCREEN) or any(
        re.search(part, f"{place}: {own}") for part in NEVER_ALONE
    )


def _has_template(text: str) -> bool:
    return (
        said(text) != text or QCoreApplication.translate(CONTEXT, text) != text or bool(phrases._taken_apart(text)[0])
    )


def _value(name: str, chance: Random) -> str:
    """What can stand in a place: anything that is no word of ours, or where only some of our words can, one of them."""
    strict = phrases._STRICT.get(name)
    number = chance.randrange(10 ** chance.randrange(1, 12))
    if name in _OWN_WORDS:
        return _OWN_WORDS[name]
    if strict == phrases._COUNT:
        return str(number)
    if strict == phrases._NUMBER:
        return f"{number}.{chance.randrange(1000)}"
    if strict == phrases._QUOTED:
        return f"'X{number}'"
    if name == "pair":
        return f"X{number}/USDT:USDT"
    free = (f"X{number}", f"X{number} Y{number}", f"/X {number}/{number}.zqck")
    return free[0] if strict is not None else chance.choice(free)


def test_a_name_stands_beside_chinese_with_one_space_and_a_word_of_ours_with_none(chinese: None) -> None:
    ending = "stop it first, or look at the store without writing"
    by_name = said(f"the store /X is in use by btc-mm (process 7 on host); {ending}")
    by_word = said(f"the store /X is in use by another process; {ending}")
    assert by_name.startswith("存储库 /X 正被 btc-mm（host 上的进程 7）使用")
    assert by_word.startswith("存储库 /X 正被另一个进程使用")


def test_the_name_of_a_setting_is_not_translated(chinese: None) -> None:
    told = said(
        "the store belongs to the account 'X1' (its store.toml says so) and 'X2' was opened. Nothing was compared: open 'X1', or "
        "correct `account` in store.toml"
    )
    assert told.startswith("存储库属于账户 'X1'（依据它的 store.toml）")
    assert told.endswith("更正 store.toml 中的 `account`")


def test_an_error_is_one_run_of_chinese_sentences(chinese: None) -> None:
    told = explain(StorageError("journal.sqlite is damaged: 28")).line
    assert told.startswith("journal.sqlite 已损坏：28。请检查磁盘")
    assert not re.search(r"。[.。 ]|\.$", told)
