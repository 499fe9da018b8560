"""What the overview says of a situation: the sentence, the line under it, the button of the next step, the five facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from crashdesk.contracts import plain, quote_of
from crashdesk.exchange.protocol import Exchange
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind, Plan, PositionVerdictKind
from crashdesk.storage.names import sequence_in
from crashdesk_gui.display import Display
from crashdesk_gui.errors import newer_version, told_together
from crashdesk_gui.phrases import account_name, said
from crashdesk_gui.session import Overview
from crashdesk_gui.situation import Situation, Standing, Step
from crashdesk_gui.theme import Status
from crashdesk_gui.views.ago_words import ago, counted, kept_together

translate = QCoreApplication.translate

_ORDER_SCOPES = (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS)
_SYMBOLS_SHOWN = 3
_DAMAGED_NAMED = 2
_DAY_NS = 86_400_000_000_000


@dataclass(frozen=True, slots=True)
class Fact:
    """What one card says."""

    answer: str
    status: Status | None = None
    word: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """The button of the next step."""

    text: str
    icon: str


def headline(situation: Situation, display: Display) -> str:
    """The page's sentence in large type."""
    return told_together(_standing_sentence(situation, display), _finding_sentence(situation, display)).strip()


def _standing_sentence(situation: Situation, display: Display) -> str:
    words = {
        Standing.CORRUPT: translate("Overview", "No checkpoint of this store can be trusted."),
        Standing.NEWER: translate("Overview", "This store was written by a newer version of Crashdesk."),
        Standing.INTERRUPTED: translate("Overview", "A recovery was begun and not finished."),
        Standing.RECOVERED: translate("Overview", "The state is recovered and saved."),
        Standing.EMPTY: translate("Overview", "There is no checkpoint in this store yet."),
        Standing.RECOVERING: translate("Overview", "A recovery is under way."),
        Standing.RUNNING: translate("Overview", "The bot is running."),
    }
    if situation.standing in words:
        return words[situation.standing]
    if situation.stopped_at is None:
        return translate("Overview", "The bot is not running.")
    return translate("Overview", "The bot stopped {0}.").format(ago(display, situation.stopped_at))


def _finding_sentence(situation: Situation, display: Display) -> str:
    plan = situation.plan
    silent = situation.standing in (Standing.RECOVERING, Standing.NEWER)
    if plan is None or silent or (situation.settled and not situation.deciding):
        return ""
    if situation.standing is Standing.RUNNING:
        return _running_sentence(situation, plan, display)
    flipped = sum(each.kind is PositionVerdictKind.SIDE_FLIPPED for each in situation.differing)
    told = [
        counted(
            flipped,
            translate("Overview", "1 position changed sides."),
            translate("Overview", "{0} positions changed sides."),
        )
        if flipped
        else "",
        counted(
            len(situation.deciding),
            translate("Overview", "1 order needs your decision."),
            translate("Overview", "{0} orders need your decision."),
        )
        if situation.deciding
        else "",
    ]
    if any(told):
        return told_together(*(each for each in told if each))
    return _whole_sentence(situation, plan)


def _whole_sentence(situation: Situation, plan: Plan) -> str:
    """Whether all of it is as it was known; a doubt comes before that."""
    if not plan.coverage.complete:
        return translate("Overview", "Not everything could be read from the exchange.")
    if plan.untold_intents:
        return counted(
            plan.untold_intents,
            translate("Overview", "1 order may or may not have arrived at the exchange."),
            translate("Overview", "{0} orders may or may not have arrived at the exchange."),
        )
    if plan.journal_problem:
        return translate("Overview", "The journal is in doubt: something may be missing from what is known.")
    if situation.differs:
        return translate("Overview", "Its last known state differs from the exchange.")
    return translate("Overview", "Its last known state matches the exchange.")


def _running_sentence(situation: Situation, plan: Plan, display: Display) -> str:
    """A bot that runs trades on: what was compared was so at that moment."""
    if situation.clean:
        return translate("Overview", "Its state matched the exchange {0}.").format(ago(display, plan.made_at))
    read = plan.coverage.covers_all(ScopeKind.POSITIONS)
    if situation.differing or situation.unread or not read:
        return ""
    return translate("Overview", "Its positions matched the exchange {0}.").format(ago(display, plan.made_at))


def explanation(situation: Situation, *, busy: bool) -> str:
    """The muted line under the sentence: what the next step is for."""
    if busy:
        return translate("Overview", "Working; the line at the bottom says what is being read.")
    if situation.step is Step.COMPARE and situation.outdated:
        return translate(
            "Overview",
            "The comparison is out of date: the store knows more since. Compare again; reading changes nothing.",
        )
    if situation.step is Step.COMPARE and situation.plan is not None:
        return translate(
            "Overview",
            "Part of the account could not be read; what is in it is unknown. Read it again before you decide.",
        )
    words = {
        Step.CONNECT: translate(
            "Overview",
            "What has happened on the exchange since is not known. Connect the account to compare; reading changes nothing.",
        ),
        Step.COMPARE: translate(
            "Overview",
            "What has happened on the exchange since is not known. Comparing only reads; it changes nothing.",
        ),
        Step.REVIEW: translate(
            "Overview",
            "Look at each order and its evidence, and decide: cancel, adopt or leave. "
            "Nothing is sent before you confirm the last step.",
        ),
        Step.RECOVER: translate(
            "Overview",
            "The plan is ready. The recovery saves the true state as a new checkpoint, from which the bot's next start goes on.",
        ),
        Step.RESUME: translate(
            "Overview",
            "What was done stays done. Resuming first reads what became of the rest, and sends nothing twice.",
        ),
        Step.RESTART: translate("Overview", "The bot's next start restores this state.")
        if situation.plan is not None
        else translate(
            "Overview",
            "The bot's next start restores this state. How positions and stops stand since is not known: compare first.",
        ),
    }
    if situation.standing is Standing.NEWER:
        return translate(
            "Overview",
            "It need not be damaged, and nothing was changed. Use the version of Crashdesk that wrote it, or update this one.",
        )
    if situation.standing is Standing.RUNNING:
        return translate(
            "Overview", "It holds the store, so you can look and compare; a recovery needs the bot stopped."
        )
    return words.get(situation.step, "")


def offer(step: Step) -> Offer | None:
    """The button of a step, None for no step."""
    offers = {
        Step.CONNECT: Offer(translate("Overview", "Connect the exchange…"), "connect"),
        Step.COMPARE: Offer(translate("Overview", "Compare with the exchange"), "compare"),
        Step.REVIEW: Offer(translate("Overview", "Review the orphan orders"), "orphans"),
        Step.RECOVER: Offer(translate("Overview", "Go to the recovery"), "recovery"),
        Step.RESUME: Offer(translate("Overview", "Resume the recovery"), "recovery"),
        Step.RESTART: Offer(translate("Overview", "Start the bot again"), "play"),
    }
    return offers.get(step)


def known_fact(overview: Overview, display: Display) -> Fact:
    """The last known state: its age, whether it is intact, and what it was put together from."""
    known_at = overview.known_at
    if known_at is None:
        return _nothing_known(overview)
    note = _put_together(overview, display)
    if overview.latest is None:
        return Fact(display.age(known_at), Status.DIFFERS, translate("Overview", "from the journal alone"), note)
    if overview.known_problem:
        return Fact(display.age(known_at), Status.DIFFERS, translate("Overview", "something may be missing"), note)
    if overview.skipped:
        return Fact(display.age(known_at), Status.DIFFERS, _skipped_word(overview), note)
    return Fact(display.age(known_at), Status.OK, translate("Overview", "intact"), note)


def _nothing_known(overview: Overview) -> Fact:
    if overview.latest_newer:
        word = translate("Overview", "newer version")
        return Fact(translate("Overview", "Not readable here"), Status.DIFFERS, word, newer_version())
    if overview.latest_problem:
        word = translate("Overview", "damaged")
        return Fact(translate("Overview", "None valid"), Status.BAD, word, said(overview.latest_problem))
    return Fact(translate("Overview", "None yet"), Status.UNKNOWN, translate("Overview", "nothing saved"))


def _skipped_word(overview: Overview) -> str:
    damaged = len(overview.skipped) - len(overview.skipped_newer)
    if not damaged:
        return translate("Overview", "intact; a later one cannot be read here")
    return counted(
        damaged,
        translate("Overview", "intact; 1 newer is damaged"),
        translate("Overview", "intact; {0} newer are damaged"),
    )


def _put_together(overview: Overview, display: Display) -> str:
    """`No. 41, 03:10:00 UTC`, and under it `+ 12 changes until 03:11:58`."""
    lines = []
    if overview.latest is not None:
        at = overview.latest.timestamp
        time = display.clock(at) if 0 <= display.now() - at < _DAY_NS else display.time(at)
        lines.append(translate("Overview", "No. {0}, {1}").format(overview.latest.seq, time))
    if overview.known_changes:
        changes = counted(
            overview.known_changes, translate("Overview", "1 change until"), translate("Overview", "{0} changes until")
        )
        until = display.clock(overview.known_until) if lines else display.time(overview.known_until)
        lines.append(f"{'+ ' if lines else ''}{changes} {until}")
    damaged = translate("Overview", "No. {0} is damaged: {1}")
    newer = translate("Overview", "No. {0} is of a newer version of Crashdesk")
    for name, reason in overview.skipped[:_DAMAGED_NAMED]:
        words = newer if name in overview.skipped_newer else damaged
        lines.append(words.format(sequence_in(name) or name, said(reason.partition(":")[0])))
    return "\n".join(lines)


def exchange_fact(
    situation: Situation, exchange: Exchange | None, display: Display, *, live: bool | None, problem: str
) -> Fact:
    """Whether the exchange answers, how old its answer is, and how much of it could be read."""
    if exchange is None:
        return Fact(translate("Overview", "Not connected"), Status.UNKNOWN, translate("Overview", "not known"))
    account = {True: translate("Overview", "live account"), False: translate("Overview", "sandbox"), None: ""}[live]
    note = " · ".join(part for part in (account, account_name(exchange.account_label)) if part)
    if problem:
        return Fact(exchange.id, Status.BAD, translate("Overview", "could not be read"), problem)
    plan = situation.plan
    if plan is None:
        word = (
            translate("Overview", "comparison out of date")
            if situation.outdated
            else translate("Overview", "not compared yet")
        )
        return Fact(exchange.id, Status.UNKNOWN, word, note)
    read, asked = plan.coverage.read_count(), len(plan.coverage.readings)
    scopes = translate("Overview", "{0} of {1} scopes, {2}").format(
        read, asked, kept_together(display.age(plan.made_at))
    )
    status = Status.OK if plan.coverage.complete else Status.DIFFERS
    return Fact(exchange.id, status, translate("Overview", "read {0}").format(scopes), note)


def _listed(symbols: Sequence[str]) -> str:
    """A symbol a line, as many as a card has room for."""
    shown = list(symbols[:_SYMBOLS_SHOWN])
    if more := len(symbols) - len(shown):
        shown.append(translate("Overview", "and {0} more").format(more))
    return "\n".join(shown)


def positions_fact(situation: Situation) -> Fact:
    """How many positions are as they were known."""
    plan = situation.plan
    unknown = plan is not None and not plan.positions and not plan.coverage.covers_all(ScopeKind.POSITIONS)
    if unknown:
        return Fact(translate("Overview", "Unknown"), Status.UNKNOWN, translate("Overview", "could not be read"))
    if plan is not None and situation.settled and not situation.unread:
        return Fact(translate("Overview", "As the exchange"), Status.OK, translate("Overview", "saved by the recovery"))
    if plan is None and situation.standing is Standing.RECOVERED:
        return Fact("—", Status.UNKNOWN, translate("Overview", "not compared since the recovery"))
    if plan is None:
        return Fact("—", Status.UNKNOWN, translate("Overview", "not compared"))
    return _compared_positions(situation, plan)


def _compared_positions(situation: Situation, plan: Plan) -> Fact:
    total, differing, unread = len(plan.positions), len(situation.differing), len(situation.unread)
    note = _listed(sorted({each.symbol for each in (*situation.differing, *situation.unread)}))
    if unread:
        answer = translate("Overview", "{0} of {1} not compared").format(unread, total)
        return Fact(answer, Status.UNKNOWN, translate("Overview", "could not be read"), note)
    if differing:
        one, many = translate("Overview", "{0} of {1} differs"), translate("Overview", "{0} of {1} differ")
        answer = (one if differing == 1 else many).format(differing, total)
        return Fact(answer, Status.DIFFERS, translate("Overview", "changed since"), note)
    if not total:
        return Fact(translate("Overview", "None"), Status.OK, translate("Overview", "flat on both sides"))
    answer = counted(total, translate("Overview", "1 of 1 matches"), translate("Overview", "{0} of {0} match"))
    return Fact(answer, Status.OK, translate("Overview", "quantity and side equal"))


def _others(situation: Situation, plan: Plan) -> str:
    """What else rests there and waits for nobody."""
    # By identity: they are the plan's own, and ten thousand keys are more than a second's tick may cost.
    waiting = {id(each) for each in situation.deciding}
    orphans = (
        [each for each in plan.orphans if each.key not in situation.adopted] if situation.adopted else plan.orphans
    )
    rest = [each for each in orphans if id(each) not in waiting]
    dismissed = sum(bool(each.dismissed) for each in rest)
    foreign = sum(each.kind is OrderVerdictKind.FOREIGN and not each.dismissed for each in rest)
    protecting = sum(each.protective for each in orphans)
    notes = [
        translate("Overview", "{0} more left alone: not ours").format(foreign) if foreign else "",
        translate("Overview", "{0} left before").format(dismissed) if dismissed else "",
        translate("Overview", "{0} protecting a position").format(protecting) if protecting else "",
    ]
    return "\n".join(note for note in notes if note)


def _money(orders: Sequence[OrderVerdict], display: Display) -> str:
    """What these orders are worth together, each currency for itself: `12 192.5 USDT`."""
    sums: dict[str, Decimal] = {}
    for each in orders:
        if each.notional is not None and each.live is not None:
            currency = quote_of(each.live.symbol)
            sums[currency] = sums.get(currency, Decimal(0)) + each.notional
    told = [f"{display.decimal(plain(total))} {currency}".strip() for currency, total in sorted(sums.items())]
    return " + ".join(told) or display.decimal(Decimal(0))


def orphans_fact(situation: Situation, display: Display) -> Fact:
    """How many orphan orders wait for a decision, and how much money they stand for."""
    plan = situation.plan
    if plan is None:
        return Fact("—", Status.UNKNOWN, translate("Overview", "not compared"))
    waiting = situation.deciding
    hidden = any(gap.scope.kind in _ORDER_SCOPES for gap in plan.coverage.gaps())
    if not waiting and hidden:
        return Fact(
            translate("Overview", "None seen"), Status.UNKNOWN, translate("Overview", "not all orders could be read")
        )
    if not waiting:
        return Fact(
            translate("Overview", "None"),
            Status.OK,
            translate("Overview", "nothing to decide"),
            _others(situation, plan),
        )
    if situation.standing is Standing.RUNNING:
        word = translate("Overview", "not in the last known state")
        note = translate("Overview", "A running bot may have placed them just now.")
        return Fact(display.count(len(waiting)), Status.UNKNOWN, word, note)
    known = [each.notional for each in waiting if each.notional is not None]
    total = _money(waiting, display)
    notional = translate("Overview", "notional {0}").format(total)
    if len(known) < len(waiting):
        notional = translate("Overview", "notional at least {0}").format(total)
    note = _others(situation, plan)
    count = display.count(len(waiting))
    answer = translate("Overview", "At least {0}").format(count) if hidden else count
    return Fact(answer, Status.DIFFERS, notional, note)
