"""The sentences in which the core tells what an order protects, what became of it, and what was decided; see `phrases`."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

PROTECTION = (
    QT_TRANSLATE_NOOP("Core", "it closes {held}"),
    QT_TRANSLATE_NOOP("Core", "it is marked close-position"),
    QT_TRANSLATE_NOOP("Core", "it is reduce-only against {held}"),
    QT_TRANSLATE_NOOP("Core", "it is marked reduce-only"),
    QT_TRANSLATE_NOOP("Core", "it triggers against {held}"),
    QT_TRANSLATE_NOOP("Core", "cancelling it may cancel order {ids}, which protects"),
    QT_TRANSLATE_NOOP("Core", "it is a conditional order, and the positions could not be read"),
    QT_TRANSLATE_NOOP("Core", "it can only reduce a {side} position, and the positions could not be read"),
    QT_TRANSLATE_NOOP("Core", "it can only reduce {held}"),
    QT_TRANSLATE_NOOP("Core", "it may close either leg of {symbol}, the exchange does not say which"),
    QT_TRANSLATE_NOOP("Core", "the open {side} position of {size} {symbol}; covers {share}"),
    QT_TRANSLATE_NOOP("Core", "an unstated part of it"),
    QT_TRANSLATE_NOOP("Core", "all of it"),
    QT_TRANSLATE_NOOP("Core", "{size} of it"),
    QT_TRANSLATE_NOOP("Core", "left by {who}"),
)
"""What an order protects."""

OUTCOMES = (
    QT_TRANSLATE_NOOP("Core", "it cannot join the state: the exchange does not say its amount"),
    QT_TRANSLATE_NOOP(
        "Core", "it cannot join the state: another order there has the id {id}, and a checkpoint holds an id once"
    ),
    QT_TRANSLATE_NOOP("Core", "it joins the recovered state"),
    QT_TRANSLATE_NOOP("Core", "left as it is, and remembered"),
    QT_TRANSLATE_NOOP("Core", "not touched: it could not be read again ({reason}); compare again"),
    QT_TRANSLATE_NOOP(
        "Core",
        "not touched: the exchange no longer has it, and does not say whether it filled; compare the positions",
    ),
    QT_TRANSLATE_NOOP("Core", "not touched: it changed since it was shown ({changes}); compare again and decide anew"),
    QT_TRANSLATE_NOOP(
        "Core",
        "not touched: since it was shown a position was opened that it protects; compare again and decide anew",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "not touched: whether it protects a position by now could not be read ({reason}); compare again",
    ),
    QT_TRANSLATE_NOOP("Core", "it changed since it was shown ({changes}); compare again and decide anew"),
    QT_TRANSLATE_NOOP("Core", "refused: {reason}; it is still open: compare again and decide anew"),
    QT_TRANSLATE_NOOP("Core", "nothing was sent: {reason}; it is still open: compare again and decide anew"),
    QT_TRANSLATE_NOOP("Core", "refused: {reason}; it is still open"),
    QT_TRANSLATE_NOOP("Core", "nothing was sent: {reason}; it is still open"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{what} after {seconds} s: look at the exchange before you rely on it, and compare again",
    ),
    QT_TRANSLATE_NOOP("Core", "it is still open"),
    QT_TRANSLATE_NOOP("Core", "it could not be read again ({reason})"),
    QT_TRANSLATE_NOOP("Core", "{what} (read again {duration} later)"),
    QT_TRANSLATE_NOOP("Core", "already filled, {filled} of {whole}"),
    QT_TRANSLATE_NOOP("Core", "cancelled, {filled} of {whole} had filled"),
    QT_TRANSLATE_NOOP("Core", "cancelled, whether a part had filled is not told"),
    QT_TRANSLATE_NOOP("Core", "already {status}, {filled} of {whole} filled"),
    QT_TRANSLATE_NOOP("Core", "the answer was lost ({reason}); {what}"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered that it knows no such open order ({reason}); {what}"),
    QT_TRANSLATE_NOOP("Core", "refused ({reason}), because it is {what}"),
    QT_TRANSLATE_NOOP("Core", "not in the saved state after all: {how}"),
    QT_TRANSLATE_NOOP("Core", "stopped by the operator between two orders"),
    QT_TRANSLATE_NOOP("Core", "{why}; what was done is in the audit log, nothing was saved"),
)
"""What became of a decision."""

AUDIT = (
    QT_TRANSLATE_NOOP("Core", "the bot started: {what}"),
    QT_TRANSLATE_NOOP("Core", "there was no checkpoint to restore"),
    QT_TRANSLATE_NOOP("Core", "restored checkpoint {seq}"),
    QT_TRANSLATE_NOOP("Core", "restored checkpoint {seq} and {changes} changes after it"),
    QT_TRANSLATE_NOOP("Core", "restored the journal's state"),
    QT_TRANSLATE_NOOP("Core", "restored the journal's state and {changes} changes after it"),
    QT_TRANSLATE_NOOP("Core", "{what}; the exchange could not be compared: {problem}"),
    QT_TRANSLATE_NOOP("Core", "recovery from {compared}: {cancels} to cancel of {orphans} orphan orders"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq}"),
    QT_TRANSLATE_NOOP("Core", "no checkpoint"),
    QT_TRANSLATE_NOOP("Core", "1 journalled change"),
    QT_TRANSLATE_NOOP("Core", "{changes} journalled changes"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} and 1 journalled change"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} and {changes} journalled changes"),
    QT_TRANSLATE_NOOP("Core", "{changes} without a checkpoint"),
    QT_TRANSLATE_NOOP("Core", "about to save the reconciled state"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} was passed over: {reason}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the exchange does not tell the entry price of {legs}, and none is known: 0 is in the state in its place",
    ),
    QT_TRANSLATE_NOOP("Core", "recovered: checkpoint {seq} holds the reconciled state"),
    QT_TRANSLATE_NOOP("Core", "about to cancel {what}"),
    QT_TRANSLATE_NOOP("Core", "cancel {what} (order {id})"),
    QT_TRANSLATE_NOOP("Core", "cancel {what} (order {id}): {text}"),
    QT_TRANSLATE_NOOP("Core", "adopt {what} (order {id})"),
    QT_TRANSLATE_NOOP("Core", "adopt {what} (order {id}): {text}"),
    QT_TRANSLATE_NOOP("Core", "leave {what} (order {id})"),
    QT_TRANSLATE_NOOP("Core", "leave {what} (order {id}): {text}"),
    QT_TRANSLATE_NOOP("Core", "{what} (order {id})"),
    QT_TRANSLATE_NOOP("Core", "{what} (order {id}): {text}"),
    QT_TRANSLATE_NOOP("Core", "buy {what} at {price}"),
    QT_TRANSLATE_NOOP("Core", "sell {what} at {price}"),
    QT_TRANSLATE_NOOP("Core", "buy {what} at the market"),
    QT_TRANSLATE_NOOP("Core", "sell {what} at the market"),
    QT_TRANSLATE_NOOP("Core", "an order that is not on the exchange"),
    QT_TRANSLATE_NOOP("Core", "looked at every order and settled what was in doubt"),
    QT_TRANSLATE_NOOP("Core", "dead man's switch disarmed"),
    QT_TRANSLATE_NOOP("Core", "dead man's switch could not be refreshed: {problem}"),
    QT_TRANSLATE_NOOP("Core", "dead man's switch has fired: it could not be refreshed: {problem}"),
)
"""Entries of the audit log."""

SENTENCES = (*PROTECTION, *OUTCOMES, *AUDIT)
