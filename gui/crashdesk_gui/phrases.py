"""What the core says in finished English sentences, in the operator's language.

The core writes its words into records that outlive the desk, always in English. A sentence that fits one of the templates
here and in the `*_sentences` modules is shown translated, with its values; any other, such as the words of an exchange, is
shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from crashdesk.exchange.records import Scope
from crashdesk.storage.quarantine import SkippedCheckpoint
from crashdesk.trouble_words import ANSWERS, Answers
from crashdesk_gui import check_sentences, exchange_sentences, order_sentences, recovery_sentences, store_sentences
from crashdesk_gui.format import decimal_text

CONTEXT = "Core"
_DEMONSTRATION = QT_TRANSLATE_NOOP("Core", "demonstration")
_WORDS = (
    QT_TRANSLATE_NOOP("Core", "buy"),
    QT_TRANSLATE_NOOP("Core", "sell"),
    QT_TRANSLATE_NOOP("Core", "long"),
    QT_TRANSLATE_NOOP("Core", "short"),
    QT_TRANSLATE_NOOP("Core", "an order of"),
    QT_TRANSLATE_NOOP("Core", "market"),
    QT_TRANSLATE_NOOP("Core", "pending"),
    QT_TRANSLATE_NOOP("Core", "open"),
    QT_TRANSLATE_NOOP("Core", "partially filled"),
    QT_TRANSLATE_NOOP("Core", "partially_filled"),
    QT_TRANSLATE_NOOP("Core", "filled"),
    QT_TRANSLATE_NOOP("Core", "cancelled"),
    QT_TRANSLATE_NOOP("Core", "rejected"),
    QT_TRANSLATE_NOOP("Core", "expired"),
    QT_TRANSLATE_NOOP("Core", "no longer there"),
    QT_TRANSLATE_NOOP("Core", "an unstated amount"),
    QT_TRANSLATE_NOOP("Core", "an unstated price"),
    QT_TRANSLATE_NOOP("Core", "unstated"),
    QT_TRANSLATE_NOOP("Core", "step"),
    QT_TRANSLATE_NOOP("Core", "minimum amount"),
    QT_TRANSLATE_NOOP("Core", "minimum notional"),
    QT_TRANSLATE_NOOP("Core", "price"),
    QT_TRANSLATE_NOOP("Core", "trigger price"),
    QT_TRANSLATE_NOOP("Core", "amount"),
    QT_TRANSLATE_NOOP("Core", "side"),
    QT_TRANSLATE_NOOP("Core", "type"),
    QT_TRANSLATE_NOOP("Core", "status"),
    QT_TRANSLATE_NOOP("Core", "none"),
    QT_TRANSLATE_NOOP("Core", "read"),
    QT_TRANSLATE_NOOP("Core", "not supported"),
    QT_TRANSLATE_NOOP("Core", "failed"),
    QT_TRANSLATE_NOOP("Core", "truncated"),
    QT_TRANSLATE_NOOP("Core", "orders"),
    QT_TRANSLATE_NOOP("Core", "conditional orders"),
    QT_TRANSLATE_NOOP("Core", "positions"),
    QT_TRANSLATE_NOOP("Core", "account"),
    QT_TRANSLATE_NOOP("Core", "all symbols"),
    QT_TRANSLATE_NOOP("Core", "swap"),
    QT_TRANSLATE_NOOP("Core", "spot"),
    QT_TRANSLATE_NOOP("Core", "future"),
    QT_TRANSLATE_NOOP("Core", "no reason was given"),
    QT_TRANSLATE_NOOP("Core", "no reason was noted"),
    QT_TRANSLATE_NOOP("Core", "done"),
    QT_TRANSLATE_NOOP("Core", "checked"),
    QT_TRANSLATE_NOOP("Core", "indexed"),
    QT_TRANSLATE_NOOP("Core", "indexing checkpoints"),
    QT_TRANSLATE_NOOP("Core", "reading the exchange once more"),
    QT_TRANSLATE_NOOP("Core", "the recovery desk"),
    QT_TRANSLATE_NOOP("Core", "repair"),
    QT_TRANSLATE_NOOP("Core", "settling"),
    QT_TRANSLATE_NOOP("Core", "a script"),
    QT_TRANSLATE_NOOP("Core", "a bot"),
)
_AMOUNTS = (
    QT_TRANSLATE_NOOP("Core", "{contracts} contracts ({coins} {unit})"),
    QT_TRANSLATE_NOOP("Core", "{contracts} contract ({coins} {unit})"),
    QT_TRANSLATE_NOOP("Core", "{contracts} contracts"),
    QT_TRANSLATE_NOOP("Core", "{contracts} contract"),
    QT_TRANSLATE_NOOP("Core", "{contracts} contracts ({coins} {unit}) of {symbol}"),
    QT_TRANSLATE_NOOP("Core", "{contracts} contract ({coins} {unit}) of {symbol}"),
    QT_TRANSLATE_NOOP("Core", "{contracts} contracts of {symbol}"),
    QT_TRANSLATE_NOOP("Core", "{contracts} contract of {symbol}"),
    QT_TRANSLATE_NOOP("Core", "{amount} {pair}"),
    QT_TRANSLATE_NOOP("Core", "trig. {trigger}"),
    QT_TRANSLATE_NOOP("Core", "trig. {trigger} → {price}"),
)
_READING = (
    QT_TRANSLATE_NOOP("Core", "the exchange has conditional orders, and ccxt cannot list them"),
    QT_TRANSLATE_NOOP("Core", "the exchange lists open orders per symbol only, and no symbol is known here"),
    QT_TRANSLATE_NOOP("Core", "spot accounts have balances, not positions"),
    QT_TRANSLATE_NOOP("Core", "ccxt cannot list this exchange's positions"),
    QT_TRANSLATE_NOOP("Core", "listed per symbol only: symbols that are not known here were not read"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered something that is no list"),
    QT_TRANSLATE_NOOP("Core", "no symbol is known here, so no balance can be told as a position"),
    QT_TRANSLATE_NOOP("Core", "asking for order {id}"),
    QT_TRANSLATE_NOOP("Core", "nothing of the account could be read from {exchange}: {reason}"),
    QT_TRANSLATE_NOOP("Core", "the markets of {exchange} could not be loaded: {reason}"),
    QT_TRANSLATE_NOOP("Core", "the account could not be read: {reason}"),
    QT_TRANSLATE_NOOP("Core", "the dead man's switch could not be set: {reason}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{what}: no complete answer within {seconds} s; what the request did is unknown until it is read again",
    ),
    QT_TRANSLATE_NOOP("Core", "the simulated network is down"),
    QT_TRANSLATE_NOOP("Core", "there is no journal in this store"),
    QT_TRANSLATE_NOOP("Core", "there is no journal in this store: what happened after the checkpoint is not known"),
    QT_TRANSLATE_NOOP("Core", "{problem}: what happened after the checkpoint is not known"),
    QT_TRANSLATE_NOOP(
        "Core",
        "none of the checkpoints in {directory} is usable; the state comes from the journal alone, which is whole",
    ),
)
# Those with most words of their own first: a template that is only a frame around another must not win over it.
TEMPLATES = tuple(
    sorted(
        # Qt's stubs call a marked text an object.
        map(
            str,
            (
                *(*_WORDS, *_AMOUNTS, *_READING, *order_sentences.SENTENCES),
                *(*store_sentences.SENTENCES, *check_sentences.SENTENCES),
                *(*exchange_sentences.SENTENCES, *recovery_sentences.SENTENCES),
            ),
        ),
        key=lambda template: -len(re.sub(r"\{\w+\}", "", template)),
    )
)
_PLACE = re.compile(r"\{(\w+)\}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z0-9'/]")
_FRAME = re.compile(r"\\\{(\w+)\\\}")
# What these places hold has no space; any other could swallow half of a sentence that is put together.
_NUMBER = r"[0-9][0-9.]*"
_COUNT = r"[0-9]+"
_QUOTED = r"'[^']*'|\"[^\"]*\""
_KIND = r"orders|conditional orders|positions|account"
_STRICT = {
    **dict.fromkeys(("contracts", "coins", "amount", "trigger", "seconds"), _NUMBER),
    **dict.fromkeys(("byte", "count", "first", "last", "number", "version", "pid", "port"), _COUNT),
    **dict.fromkeys(("stored", "opened", "quoted"), _QUOTED),
    **dict.fromkeys(("exchange", "connected", "file", "log", "host", "market", "variable", "table"), r"\S+"),
    "key": r"(?:\S+:client )?\S+",
    "kind": _KIND,
    "where": r"all symbols|\S+",
    "gaps": rf"(?:{_KIND})\b.+",
    "unit": r"\w+",
    "symbol": r"(?!it$)\S+",
    "pair": r"[^\s/]+/\S+",
}
# Names of places that hold amounts and prices. Ids are numbers too, and are no amounts.
_AMOUNT_PLACES = frozenset(
    {
        *(
            "price",
            "trigger",
            "average",
            "entry",
            "amount",
            "quantity",
            "filled",
            "whole",
            "size",
            "total",
            "contracts",
        ),
        *("coins", "held", "stops", "profits", "least", "value", "change", "fills", "rest"),
    }
)
# What is somebody's own word, and is not translated even where it reads like one of ours.
_AS_IT_IS = frozenset(
    {
        *(
            "account",
            "directory",
            "store",
            "declaring",
            "path",
            "file",
            "log",
            "host",
            "exchange",
            "connected",
        ),
        *(
            "id",
            "ids",
            "key",
            "asked",
            "symbol",
            "names",
            "variable",
            "variant",
            "table",
            "command",
            "address",
            "setting",
        ),
    }
)
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def _expression(template: str) -> str:
    """What every text of the template matches, whole."""
    seen: set[str] = set()

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{_STRICT.get(name, '.+?')})"

    return _FRAME.sub(place, re.escape(template))


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """Made when a text may match it: to make them all takes a tenth of the desk's start."""
    return re.compile(expression, re.DOTALL)


def _landmark(template: str) -> str:
    """The longest run of the template's own words: looking for it is far quicker than matching."""
    return max(re.split(r"\{\w+\}", template), key=len)


def _first_word(template: str) -> str:
    """What every text of the template begins with; empty where it begins with a place."""
    opening = template.partition("{")[0]
    return opening.partition(" ")[0] if " " in opening else ""


# What an exchange's trouble is told with comes into the translations from the core itself.
_TROUBLE = str(QT_TRANSLATE_NOOP("Core", "{what} ({words}); {advice}"))
_TROUBLE_WITHOUT_WORDS = str(QT_TRANSLATE_NOOP("Core", "{what}; {advice}"))
_TROUBLE_WHILE = str(QT_TRANSLATE_NOOP("Core", "{doing}: {what} ({words}); {advice}"))
_TROUBLE_WHILE_WITHOUT_WORDS = str(QT_TRANSLATE_NOOP("Core", "{doing}: {what}; {advice}"))


def _trouble_expressions(answers: Answers) -> Iterator[tuple[str, str, str]]:
    """Its one line, with the original words and without: only these very clauses may be taken for one."""
    what, advice = (f"(?P<{name}>{re.escape(getattr(answers, name))})" for name in ("what", "advice"))
    doing = r"(?P<doing>[^:]+)"
    yield _TROUBLE, answers.advice, rf"{what} \((?P<words>.+)\); {advice}"
    yield _TROUBLE_WITHOUT_WORDS, answers.advice, f"{what}; {advice}"
    yield _TROUBLE_WHILE, answers.advice, rf"{doing}: {what} \((?P<words>.+)\); {advice}"
    yield _TROUBLE_WHILE_WITHOUT_WORDS, answers.advice, f"{doing}: {what}; {advice}"


_WHOLE = frozenset(
    (
        *(template for template in TEMPLATES if "{" not in template),
        *(text for answers in ANSWERS.values() for text in (answers.what, answers.meaning, answers.advice)),
    )
)


@cache
def _expressions() -> tuple[tuple[str, str, str], ...]:
    """(template, landmark, expression) of every template that has a place."""
    return (
        *(each for answers in ANSWERS.values() for each in _trouble_expressions(answers)),
        *((template, _landmark(template), _expression(template)) for template in TEMPLATES if "{" in template),
    )


@lru_cache(maxsize=256)
def _beginning_with(word: str) -> tuple[tuple[str, str, str], ...]:
    """Those of the templates that a text with this first word may have been made of."""
    return tuple(each for each in _expressions() if _first_word(each[0]) in ("", word))


def said(text: str) -> str:
    """A finished text of the core in the language that is spoken now; one that no template fits stays as it is."""
    template, values = _taken_apart(text)
    if not template:
        return text
    worded = {name: said_value(name, value) for name, value in values}
    return _filled(QCoreApplication.translate(CONTEXT, template), worded)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its values; what is Chinese stands beside what is not with one space, whichever of them is a value."""
    told = ""
    for number, part in enumerate(_parts(template)):
        piece = values[part] if number % 2 else part
        if piece and _CHINESE.match(piece[0]):
            gap = told[-1:] == " " and bool(_CHINESE.match(told[-2:-1]))
            told = told[:-1] if gap else f"{told} " if _LATIN.match(told[-1:]) else told
        elif told and piece and _LATIN.match(piece[0]) and _CHINESE.match(told[-1]):
            told += " "
        elif told and piece[:1] == " " and _CHINESE.match(told[-1]) and _CHINESE.match(piece[1:2]):
            piece = piece[1:]
        told += piece
    return told


@lru_cache(maxsize=1024)
def _parts(template: str) -> tuple[str, ...]:
    """A template's own words and the names of its places, by turns."""
    return tuple(_PLACE.split(template))


def account_name(label: str) -> str:
    """An account's label as it was given; only the demonstration's own is a word, in the language that is spoken now."""
    return QCoreApplication.translate(CONTEXT, label) if label == _DEMONSTRATION else label


def said_value(name: str, value: str) -> str:
    """What stands in one place of a template: an amount or a price grouped as tables group it, all else as `said`."""
    if name in _AS_IT_IS:
        return value
    if name in _AMOUNT_PLACES and _PLAIN_NUMBER.fullmatch(value):
        return decimal_text(Decimal(value), sign=value.startswith("+"))
    return said(value)


def scopes_explained() -> str:
    """What a scope is, for whoever meets the word first."""
    return QCoreApplication.translate(
        "Scopes", "Scopes: the parts of the account that were asked for: orders, conditional orders, positions, money."
    )


def scope_words(scope: Scope) -> str:
    """`conditional orders · swap · all symbols`."""
    variant = f" ({scope.variant})" if scope.variant else ""
    return f"{said(scope.kind.value)}{variant} · {said(scope.market_type)} · {scope.symbol or said('all symbols')}"


@lru_cache(maxsize=4096)
def _taken_apart(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The template that a text was made of, and its values; ("", ()) for one of no template."""
    if text in _WHOLE:
        return text, ()
    # Numbers, ids and symbols, which are most of what is asked for, have no space; every template with a place has one.
    if " " not in text:
        return "", ()
    for template, landmark, expression in _beginning_with(text.partition(" ")[0]):
        found = _compiled(expression).fullmatch(text) if landmark in text else None
        if found is not None:
            return template, tuple(found.groupdict().items())
    return "", ()


def passed_over(skipped: Iterable[SkippedCheckpoint]) -> list[str]:
    """A sentence for each newer checkpoint that could not be used."""
    words = QCoreApplication.translate("Core", "Checkpoint {0} was passed over: {1}.")
    return [words.format(item.info.seq, said(item.reason).rstrip(".")) for item in skipped]
