"""What an operator reads when an exchange refuses or cannot be reached: what happened, what it means, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from crashdesk.trouble import Trouble, TroubleKind


class Answers(msgspec.Struct, frozen=True):
    """`what` happened and the `advice` what to do as clauses, the `meaning` for the money in sentences."""

    what: str
    meaning: str
    advice: str


_WITHOUT_KEY = "Nothing can be read or cancelled with it. Orders that rest on the exchange stay and go on filling."
_FROM_HERE = "Nothing can be read or cancelled from here. Orders that rest on the exchange stay and go on filling."
_NOTHING_LEFT = "No request left this machine, so nothing was changed. Orders that rest on the exchange go on filling."
_UNKNOWN = "What the exchange holds now is not known. Orders that rest there go on filling without the bot."

ANSWERS: Mapping[TroubleKind, Answers] = {
    TroubleKind.KEY: Answers(
        "the exchange does not know this key",
        _WITHOUT_KEY,
        "look on the exchange's site whether the key was deleted; make one that can trade and cannot withdraw, and "
        "connect it here and in the bot",
    ),
    TroubleKind.KEY_OR_ADDRESS: Answers(
        "the exchange refuses this key and does not say why",
        _WITHOUT_KEY,
        "check on the exchange's site that the key still exists, that it may read and trade this market, and that this "
        "machine's address is on its list; a sandbox's key is refused by the live exchange, and the reverse",
    ),
    TroubleKind.SECRET: Answers(
        "the secret does not belong to this key",
        _WITHOUT_KEY,
        "enter the secret again, whole; it is shown only once, so make a new key if it is lost",
    ),
    TroubleKind.PASSPHRASE: Answers(
        "the passphrase of this key is wrong or missing",
        _WITHOUT_KEY,
        "enter the passphrase that was chosen when the key was made; make a new key if it is lost",
    ),
    TroubleKind.ADDRESS: Answers(
        "this key may not be used from this machine's address",
        _FROM_HERE,
        "add this machine's public address to the key's list on the exchange's site, or work from a machine that is on it",
    ),
    TroubleKind.EXPIRED: Answers(
        "this key has expired",
        _WITHOUT_KEY,
        "make a new key on the exchange's site that can trade and cannot withdraw, and connect it here and in the bot",
    ),
    TroubleKind.PERMISSION: Answers(
        "this key may not do what was asked",
        "What it may not read counts as unknown, and it cancels nothing that it may not trade. Orders stay as they were.",
        "give the key the right to read and to trade this market on the exchange's site, never to withdraw; or connect "
        "another key",
    ),
    TroubleKind.ENVIRONMENT: Answers(
        "this key belongs to the other side of sandbox and live",
        "Nothing was read or changed on either side. What the account holds is not known.",
        "choose the side that the key was made for, or connect a key of this one",
    ),
    TroubleKind.ACCOUNT_TYPE: Answers(
        "the account is of another type than was asked for, such as unified or portfolio margin",
        "Its orders and positions are in a part that was not read: they count as unknown, not as none.",
        "look up the account's mode on the exchange's site, and connect it under the exchange id and market type that fit",
    ),
    TroubleKind.SUSPENDED: Answers(
        "the exchange has blocked this account or what it may do",
        "Orders may not be placed or cancelled through a key. What becomes of those that rest there is the exchange's "
        "decision.",
        "look at the account on the exchange's site and ask its support; manage open positions there",
    ),
    TroubleKind.REGION: Answers(
        "the exchange does not serve the place that this request came from",
        _FROM_HERE,
        "check whether a VPN or a proxy leads through another country; else work from a machine in a place that it serves",
    ),
    TroubleKind.CLOCK: Answers(
        "the exchange does not accept this machine's time",
        "Every signed request from this machine is refused, the bot's as well. Nothing can be read or cancelled; orders "
        "that rest on the exchange go on filling.",
        "set the clock by a time service, then read the exchange again; if it is right, another program uses the same key: "
        "give each one of its own",
    ),
    TroubleKind.LIMITED: Answers(
        "the exchange was asked too often",
        "What was not answered is unknown; nothing was changed by it. Orders that rest on the exchange go on filling.",
        "wait a minute before the next request, and slow down what else uses this key or address",
    ),
    TroubleKind.BANNED: Answers(
        "the exchange shuts this machine's address out for a time",
        "No program at this address can read, place or cancel until it is over, the bot included. Orders that rest on the "
        "exchange go on filling.",
        "stop all that sends requests from here, because each can prolong it; act on the exchange's own site meanwhile",
    ),
    TroubleKind.MAINTENANCE: Answers(
        "the exchange is down for maintenance",
        "Nothing can be read, placed or cancelled. Orders rest there as a rule, and can fill the moment it opens again.",
        "see on its status page when it opens, be there, and read the exchange then before the bot trades",
    ),
    TroubleKind.UNAVAILABLE: Answers(
        "the exchange cannot serve requests at this moment",
        _UNKNOWN,
        "look at the exchange's status page, wait a minute, then read it again",
    ),
    TroubleKind.NAME: Answers(
        "the exchange's address cannot be resolved",
        _NOTHING_LEFT,
        "check this machine's network and its name servers (DNS), then read the exchange again",
    ),
    TroubleKind.PROXY: Answers(
        "the proxy between this machine and the exchange lets nothing through",
        _NOTHING_LEFT,
        "check the proxy's address and login, or go without it, then read the exchange again",
    ),
    TroubleKind.INSECURE: Answers(
        "no secure connection to the exchange could be made",
        _NOTHING_LEFT,
        "check this machine's clock and certificates, and whether something in the network reads the traffic; use no key "
        "until that is clear",
    ),
    TroubleKind.NETWORK: Answers(
        "the exchange could not be reached",
        _UNKNOWN,
        "check this machine's network and the exchange's status page, then read it again",
    ),
    TroubleKind.NO_ANSWER: Answers(
        "the exchange did not answer in time",
        "What the request did is unknown until it is read again: it may have been carried out. Orders that rest there go "
        "on filling.",
        "read the exchange again before anything else is decided; if it stays silent, look at its status page",
    ),
    TroubleKind.NOT_SENT: Answers(
        "the request waited behind others until its time was up",
        "It was not sent, so it changed nothing.",
        "wait until what is under way has ended, then ask for it again",
    ),
    TroubleKind.NOT_UNDERSTOOD: Answers(
        "what came back is no answer of the exchange",
        "Nothing was concluded from it: what the exchange holds counts as unknown, not as none.",
        "check whether a login page, a proxy or another address answers in the exchange's place, and whether ccxt is up to "
        "date",
    ),
    TroubleKind.UNSUPPORTED: Answers(
        "the exchange, or ccxt for it, does not offer this",
        "This part of the account cannot be seen from here. What is in it counts as unknown, not as empty.",
        "look at it on the exchange's own site, or choose another market type",
    ),
    TroubleKind.REFUSED: Answers(
        "the exchange refuses this request",
        "It did not do what was asked, and nothing was concluded from that.",
        "read its own words, and look at the account on its site: asking the same once more changes nothing",
    ),
}
"""The three answers to each kind, in English."""


def answers_to(trouble: Trouble) -> Answers:
    """The three answers to a trouble."""
    return ANSWERS[trouble.kind]


def trouble_line(trouble: Trouble) -> str:
    """What happened, the words that were said, and what to do, in one line."""
    found = answers_to(trouble)
    quoted = f" ({trouble.words})" if trouble.words else ""
    return f"{found.what}{quoted}; {found.advice}"


def trouble_lines(trouble: Trouble) -> list[str]:
    """What it means, what to do, and the original words, a line each, to stand below what happened."""
    found = answers_to(trouble)
    lines = [f"What it means: {found.meaning}", f"What to do: {_sentence(found.advice)}"]
    if trouble.until is not None:
        lines.append(f"It says that this ends at {until_text(trouble.until)}.")
    if trouble.words:
        lines.append(f"Original words: {trouble.words}")
    return lines


def until_text(until: int) -> str:
    """When it is over, as the operator's clock in UTC shows it."""
    return f"{datetime.fromtimestamp(until // 1_000_000_000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."
