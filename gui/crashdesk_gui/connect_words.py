"""What connecting an account has to say: what a key may do, what is wrong with it, what will be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QCoreApplication

from crashdesk.config import AccountMode, StoreManifest
from crashdesk.exchange.catalogue import Prospect
from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.exchange.records import Scope, ScopeKind, ScopeReading, ScopeStatus
from crashdesk.trouble import OF_THIS_MACHINE, Trouble, TroubleKind
from crashdesk_gui.connection import Connection, FirstRead
from crashdesk_gui.display import Display
from crashdesk_gui.errors import explain_trouble
from crashdesk_gui.joined_words import listed
from crashdesk_gui.phrases import account_name, said, scope_words
from crashdesk_gui.theme import Status, Tone

translate = QCoreApplication.translate

CLOCK_TOLERANCE_NS = 1_000_000_000
"""Beyond this difference some exchanges refuse signed requests."""

# Kinds that a wrong choice between live and sandbox explains.
_OF_THE_SIDE = (TroubleKind.KEY, TroubleKind.KEY_OR_ADDRESS, TroubleKind.ENVIRONMENT)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: glyph and words together, and the tone that goes with them."""

    status: Status
    text: str

    @property
    def shown(self) -> str:
        """Glyph and words."""
        return f"{self.status.glyph} {self.text}"

    @property
    def tone(self) -> Tone:
        """The colour that goes with it."""
        return Tone.TEXT if self.status is Status.OK else self.status.tone


def mode_word(mode: AccountMode) -> str:
    """LIVE or sandbox, with the shape that belongs to it."""
    if mode is AccountMode.LIVE:
        return "◆\N{NO-BREAK SPACE}" + translate("Connect", "LIVE")
    return "◇\N{NO-BREAK SPACE}" + translate("Connect", "sandbox")


def account_words(exchange: str, account: str, mode: AccountMode | None) -> str:
    """An account in one line: exchange, label, and its mode where that is known."""
    return " · ".join(filter(None, (exchange, account_name(account), mode_word(mode) if mode else "")))


def other_account_words(connection: Connection, store: StoreManifest) -> str:
    """That a store belongs to another account than the one chosen."""
    text = translate(
        "Connect",
        "This store belongs to {0}, and you chose {1}. The desk will not compare them, so that no order of another "
        "account is touched. If the store really moved, change its store.toml.",
    )
    return text.format(
        account_words(store.exchange, store.account, store.mode),
        account_words(connection.exchange, connection.account, connection.mode),
    )


def expected_lines(prospect: Prospect) -> list[Line]:
    """What will be read of an account, told before it is."""
    scopes = prospect.scopes
    readable = _grouped([each.scope for each in scopes if not each.unsupported])
    kinds = listed(_with_variants(kind, variants) for kind, variants in readable.items())
    lines = [Line(Status.OK, translate("Connect", "Will be read: {0}.").format(kinds))] if kinds else []
    if any(each.per_symbol for each in scopes):
        text = translate(
            "Connect",
            "This exchange lists open orders per symbol only. Orders of symbols that the bot never knew stay unseen.",
        )
        lines.append(Line(Status.DIFFERS, text))
    for each in scopes:
        if each.unsupported:
            text = translate("Connect", "Cannot be read, and counts as unknown: {0}. {1}.")
            what = _with_variants(said(each.scope.kind.value), [each.scope.variant] if each.scope.variant else [])
            lines.append(Line(Status.UNKNOWN, text.format(what, _sentence(said(each.unsupported)))))
    return lines


def result_lines(read: FirstRead, display: Display) -> list[Line]:
    """What a test found."""
    lines = []
    if read.account is not None:
        text = translate("Connect", "The account was read: equity {0} {1}.")
        lines.append(Line(Status.OK, text.format(display.decimal(read.account.equity), read.account.currency)))
    lines += permission_lines(read.permissions)
    lines += _reading_lines(read.readings, display)
    if read.clock_offset_ns is not None and abs(read.clock_offset_ns) > CLOCK_TOLERANCE_NS:
        lines.append(Line(Status.DIFFERS, clock_words(read.clock_offset_ns, display)))
    return lines


def permission_lines(found: KeyPermissions) -> list[Line]:
    """What a key may do, right by right; the unknown is named."""
    if found.can_read is None and found.can_trade is None and found.can_withdraw is None:
        text = translate(
            "Connect",
            "What this key may do is not known: {0}. Look it up at the exchange, and make sure that it cannot withdraw.",
        )
        return [Line(Status.UNKNOWN, text.format(_clause(said(found.reason))))]
    return [_trade_line(found), _withdraw_line(found), *_bound_lines(found)]


def _trade_line(found: KeyPermissions) -> Line:
    if found.can_trade:
        return Line(Status.OK, translate("Connect", "The key may read, and cancel orders."))
    if found.can_trade is False:
        text = translate(
            "Connect",
            "The key can only read. You can review, adopt and leave orders with it; you cannot cancel any.",
        )
        return Line(Status.DIFFERS, text)
    text = translate("Connect", "Whether the key may cancel orders is not known: {0}.")
    return Line(Status.UNKNOWN, text.format(_clause(said(found.reason))))


def _withdraw_line(found: KeyPermissions) -> Line:
    if found.can_withdraw:
        text = translate(
            "Connect",
            "The key may withdraw money. Do not use such a key here: make one that can trade and cannot withdraw.",
        )
        return Line(Status.BAD, text)
    if found.can_withdraw is False:
        return Line(Status.OK, translate("Connect", "The key cannot withdraw money."))
    return Line(Status.UNKNOWN, translate("Connect", "Whether the key may withdraw money is not known. Make sure."))


def _bound_lines(found: KeyPermissions) -> list[Line]:
    if found.bound is None:
        return []
    if found.bound:
        return [Line(Status.OK, translate("Connect", "The key works from listed addresses only."))]
    return [Line(Status.DIFFERS, translate("Connect", "The key works from any address. Bind it to this machine's."))]


def _reading_lines(readings: Sequence[ScopeReading], display: Display) -> list[Line]:
    counts: dict[ScopeKind, int] = {}
    for each in readings:
        if each.status is ScopeStatus.READ and each.scope.kind is not ScopeKind.ACCOUNT:
            counts[each.scope.kind] = counts.get(each.scope.kind, 0) + each.count
    counted = listed(f"{said(kind.value)} ({display.count(count)})" for kind, count in counts.items())
    lines = [Line(Status.OK, translate("Connect", "Read: {0}.").format(counted))] if counted else []
    for each in readings:
        if each.status is not ScopeStatus.READ:
            text = translate("Connect", "Not read, and counts as unknown: {0}. {1}.")
            reason = _sentence(said(each.reason or each.status.value))
            lines.append(Line(Status.UNKNOWN, text.format(scope_words(each.scope), reason)))
    return lines


def trouble_words(read: FirstRead, connection: Connection, display: Display) -> str:
    """Why the account could not be read, what to do, and the exchange's own words."""
    trouble = read.trouble
    if trouble is None:
        told = [translate("Connect", "The account could not be read.")]
        if read.told:
            told.append(translate("Connect", "The exchange's words: {0}").format(read.told))
        return "\n".join(told)
    explained = explain_trouble(msgspec.structs.replace(trouble, words=""))
    advice = [explained.title, explained.advice]
    if trouble.kind in _OF_THE_SIDE:
        advice.append(_chosen_side(connection.mode))
    if trouble.kind is TroubleKind.CLOCK and read.clock_offset_ns is not None:
        advice.append(clock_words(read.clock_offset_ns, display))
    return "\n".join(filter(None, (" ".join(advice), explained.details, _own_words(trouble))))


def keyring_words(reason: str, *, keeping: bool) -> str:
    """That the system's keyring gave no keys, or, when they were typed, could not keep them."""
    if keeping:
        text = translate(
            "Connect",
            "The account was read, but its keys could not be kept: the system keyring cannot be used ({0}). To connect for this "
            "run only, do not keep them.",
        )
    else:
        text = translate(
            "Connect",
            "The system keyring cannot be used ({0}). Nothing was sent. You can also choose another source of the keys.",
        )
    return text.format(said(reason))


def _own_words(trouble: Trouble) -> str:
    if not trouble.words:
        return ""
    if trouble.kind in OF_THIS_MACHINE:
        return translate("Connect", "This machine's words: {0}").format(trouble.words)
    return translate("Connect", "The exchange's words: {0}").format(trouble.words)


def clock_words(offset_ns: int, display: Display) -> str:
    """How far this machine's clock is from the exchange's."""
    if offset_ns > 0:
        text = translate("Connect", "This machine's clock is {0} behind the exchange's.")
    else:
        text = translate("Connect", "This machine's clock is {0} ahead of the exchange's.")
    return text.format(display.duration(abs(offset_ns), fine=True))


def _chosen_side(mode: AccountMode) -> str:
    if mode is AccountMode.LIVE:
        return translate("Connect", "You chose LIVE; a key of the sandbox is not known there.")
    return translate("Connect", "You chose the sandbox; a key of the live account is not known there.")


def _grouped(scopes: Sequence[Scope]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for scope in scopes:
        found.setdefault(said(scope.kind.value), []).extend(filter(None, [scope.variant]))
    return found


def _with_variants(kind: str, variants: Sequence[str]) -> str:
    return f"{kind} ({'; '.join(variants)})" if variants else kind


def _sentence(text: str) -> str:
    text = text.rstrip(".")
    return text[:1].upper() + text[1:]


def _clause(text: str) -> str:
    return text.rstrip(".")
