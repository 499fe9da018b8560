"""What the overview says of a situation: the sentence, the line under it, the button of the next step, the five facts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from crashdesk.exchange.protocol import Exchange
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.denied import denies_orders
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk.storage.names import sequence_in
from crashdesk_gui.display import Display
from crashdesk_gui.errors import newer_version, told_together
from crashdesk_gui.phrases import account_name, said
from crashdesk_gui.session import Overview
from crashdesk_gui.situation import Situation, Standing, Step
from crashdesk_gui.theme import Status
from crashdesk_gui.views.ago_words import ago, counted, kept_together
from crashdesk_gui.views.overview_recovered import recovered_sentence, still_open

translate = QCoreApplication.translate

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
    if situation.older is not None:
        return older_words(situation.older)
    return told_together(_standing_sentence(situation, display), _finding_sentence(situation, display)).strip()


def older_words(older: tuple[int, int]) -> str:
    """That an older state is compared, in the same words on every page; see `Situation.older`."""
    told = translate(
        "Overview",
        "This compares checkpoint {0}, not the last known state {1}: orders that came since look unknown.",
    )
    return told.format(*older)


def _standing_sentence(situation: Situation, display: Display) -> str:
    words = {
        Standing.CORRUPT: translate("Overview", "No checkpoint of this store can be trusted."),
        Standing.NEWER: translate("Overview", "This store was written by a newer version of Crashdesk."),
        Standing.INTERRUPTED: translate("Overview", "A recovery was begun and not finished."),
        Standing.RECOVERED: recovered_sentence(situation),
        Standing.EMPTY: translate("Overview", "There is no checkpoint in this store yet."),
        Standing.RECOVERING: translate("Overview", "A recovery is under way."),
        Standing.RUNNING: translate("Overview", "The bot is running."),
    }
    if situation.standing in words:
        return words[situation.standing]
    return _ended_sentence(situation, display)


def _ended_sentence(situation: Situation, display: Display) -> str:
    """It crashed, or it stopped in order; which of both nobody guesses."""
    if situation.stopped_at is None:
        crashed = translate("Overview", "The bot crashed.")
        return crashed if situation.crashed else translate("Overview", "The bot is not running.")
    if situation.crashed:
        told = translate("Overview", "The bot crashed {0}.")
    elif situation.ended:
        told = translate("Overview", "The bot stopped {0}.")
    else:
        told = translate("Overview", "The bot is not running; its last sign of life was {0}.")
    return told.format(ago(display, situation.stopped_at))


def _finding_sentence(situation: Situation, display: Display) -> str:
    plan = situation.plan
    silent = situation.standing in (Standing.RECOVERING, Standing.NEWER)
    if plan is None or silent or (situation.settled and not situation.deciding):
        return ""
    if situation.standing is Standing.RUNNING:
        return _running_sentence(situation, plan, display)
    if plan.denied and not situation.settled:
        return translate("Overview", "The account that is connected may be another one: look at the keys first.")
    # A part that could not be read is read again before anything is decided.
    unread = situation.step is Step.COMPARE and not situation.settled
    # That orders are still open is the news after a recovery; the button says what to do with them.
    named = situation.standing is Standing.RECOVERED and still_open(situation) > 0
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
        if situation.step in (Step.REVIEW, Step.COMPARE, Step.CONNECT) and situation.deciding and not (unread or named)
        else "",
        _decided_sentence(situation) if situation.step is Step.RECOVER and not named else "",
    ]
    if any(told) or (named and plan.coverage.complete):
        return told_together(*(each for each in told if each))
    return "" if situation.step is Step.RESUME else _whole_sentence(situation, plan)


def _decided_sentence(situation: Situation) -> str:
    """Once no order waits any more, what was decided or proposed waits for the recovery."""
    decided, proposed = situation.tally.decided, situation.tally.proposed
    if decided and proposed:
        told = translate("Overview", "{0} orders: {1} decided, {2} proposed for cancelling. Execute the recovery.")
        return told.format(situation.tally.settled, decided, proposed)
    if proposed:
        return counted(
            proposed,
            translate("Overview", "1 order is proposed for cancelling: execute the recovery."),
            translate("Overview", "{0} orders are proposed for cancelling: execute the recovery."),
        )
    if not decided:
        return ""
    return counted(
        decided,
        translate("Overview", "1 order is decided: execute the recovery."),
        translate("Overview", "{0} orders are decided: execute the recovery."),
    )


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


def explanation(situation: Situation, *, busy: bool, restartable: bool = False) -> str:
    """The muted line under the sentence: the next step by the name of its button, and what it is for."""
    if busy:
        return translate("Overview", "Working; the line at the bottom says what is being read.")
    if situation.standing is Standing.NEWER:
        return translate(
            "Overview",
            "It need not be damaged, and nothing was changed. Use the version of Crashdesk that wrote it, or update this one.",
        )
    if situation.standing is Standing.RUNNING:
        return translate(
            "Overview", "It holds the store, so you can look and compare; a recovery needs the bot stopped."
        )
    if situation.step is Step.COMPARE:
        return _why_compare(situation)
    if situation.step is Step.RESTART:
        return _why_restart(situation, restartable=restartable)
    plan = situation.plan if situation.step is Step.CONNECT else None
    return _why_other_keys(plan) if plan is not None and plan.denied else _why(situation.step)


def _why_restart(situation: Situation, *, restartable: bool) -> str:
    """A report that warns of something is read before a bot trades on."""
    if situation.report is not None and not situation.report.conclusion.clean:
        return (
            translate(
                "Overview",
                "The report of the recovery warns of something: look at it first. Start the bot again after that: it restores "
                "this state.",
            )
            if restartable
            else translate(
                "Overview",
                "The report of the recovery warns of something: look at it first. The bot's next start restores this state.",
            )
        )
    return (
        translate("Overview", "Start the bot again: it restores this state.")
        if restartable
        else translate("Overview", "The bot's next start restores this state.")
    )


def _why_other_keys(plan: Plan) -> str:
    if not denies_orders(plan):
        return translate(
            "Overview",
            "Every position that the store knows is gone, and nothing proves that this account closed it. If the keys are those "
            "of another account, connect with the right ones; if it was closed by hand, confirm that in the recovery.",
        )
    return translate(
        "Overview",
        "It has never heard of any order that the store knows, and holds none of its positions. Connect with the keys of the "
        "right account; a recovery on this one would give up all that the store knows.",
    )


def _why(step: Step) -> str:
    words = {
        Step.CONNECT: translate(
            "Overview",
            "Connect the exchange: what has happened there since is not known. Reading changes nothing.",
        ),
        Step.REVIEW: translate(
            "Overview",
            "Review the orphan orders: look at each and its evidence, and decide: cancel, adopt or leave. "
            "Nothing is sent before you confirm the last step.",
        ),
        Step.RECOVER: translate(
            "Overview",
            "Go to the recovery: the plan is ready. Executed, it saves the true state as a new checkpoint, from which the bot's "
            "next start goes on.",
        ),
        Step.COMPARE_LAST: translate(
            "Overview",
            "Compare the last known state before you decide on any order: what the bot placed since is known to it. "
            "Reading changes nothing.",
        ),
        Step.RESUME: translate(
            "Overview",
            "Resume the recovery: it first reads what became of the rest, and sends nothing twice. What was done stays done.",
        ),
    }
    return words.get(step, "")


def _why_compare(situation: Situation) -> str:
    if situation.standing is Standing.RECOVERED and situation.plan is None:
        return translate(
            "Overview",
            "Compare with the exchange first: how positions and stops stand since is not known. The bot's next start restores "
            "this state.",
        )
    if situation.outdated:
        return translate(
            "Overview",
            "Compare with the exchange again: the store knows more since the last comparison. Reading changes nothing.",
        )
    if situation.settled:
        return translate(
            "Overview",
            "Compare with the exchange and decide on what the recovery left open, before the bot starts. "
            "Reading changes nothing.",
        )
    if situation.plan is not None:
        return translate(
            "Overview",
            "Compare with the exchange again before you decide: a part of the account could not be read, and what is in it is "
            "unknown.",
        )
    return translate(
        "Overview",
        "Compare with the exchange: what has happened there since is not known. Comparing only reads; it changes nothing.",
    )


def offer(step: Step) -> Offer | None:
    """The button of a step, None for no step."""
    offers = {
        Step.CONNECT: Offer(translate("Overview", "Connect the exchange…"), "connect"),
        Step.COMPARE: Offer(translate("Overview", "Compare with the exchange"), "compare"),
        Step.COMPARE_LAST: Offer(translate("Overview", "Compare the last known state"), "compare"),
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
