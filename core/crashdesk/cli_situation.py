"""What ``crashdesk recover`` says before it asks: whose account it is, how the bot ended, and what a recovery would do. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config import StoreManifest
from crashdesk.inspection import BotPresence
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.records import (
    OrderVerdict,
    OrderVerdictKind,
    Plan,
    PositionVerdictKind,
)
from crashdesk.reconcile.stop_cover import StopJudgement, by_urgency
from crashdesk.report_words import account_words, counted, span_text, utc_text
from crashdesk.storage.lock import LockHolder


def answer(presence: BotPresence, last_sign: int | None, now_ns: int, comparison: Comparison) -> str:
    """What happened, whether the state is intact, and how many orders want a decision, in one sentence."""
    plan = comparison.plan
    waiting = len(plan.needs_decision)
    asked = "that was read " if waiting == 0 and not plan.coverage.complete else ""
    orders = f"no order {asked}wants a decision" if not waiting else "1 order wants your decision"
    if waiting > 1:
        orders = f"{waiting} orders want your decision"
    return f"{_how_it_ended(presence, last_sign, now_ns)}; {_how_the_state_is(comparison)}; {orders}."


def situation_lines(manifest: StoreManifest, presence: BotPresence) -> list[str]:
    """Whose account it is, and what to mind while somebody holds the store."""
    lines = [f"Bot: {account_words(manifest.bot, manifest.exchange, manifest.account, manifest.mode)}"]
    if presence.bot_runs:
        lines.append("! The bot is running: an order that it places now may not be in the state that was read.")
    elif presence.running and presence.holder is not None:
        lines.append(
            f"! The store is held by an operator at another desk: {_operator(presence.holder)}. "
            "What is done there may not be in the state that was read."
        )
    return lines


def _how_it_ended(presence: BotPresence, last_sign: int | None, now_ns: int) -> str:
    holder = presence.holder
    if presence.bot_runs:
        return "! The bot is running"
    if presence.running:
        return "! An operator at another desk holds the store"
    heard = "it was never heard of" if last_sign is None else f"its last sign of life was {_ago(last_sign, now_ns)}"
    if holder is None:
        return f"The bot is not running ({heard})"
    if holder.by_hand:
        return f"The bot was not started since the last recovery or repair ({heard})"
    if holder.released_at is not None:
        return f"The bot ended in order ({heard})"
    return f"! The bot crashed without closing the store ({heard})"


def _how_the_state_is(comparison: Comparison) -> str:
    plan = comparison.plan
    if plan.denied:
        return "the account that was opened may be another one than the store's"
    if comparison.skipped:
        damaged = len(comparison.skipped)
        which = "the newest checkpoint is" if damaged == 1 else f"the newest {damaged} checkpoints are"
        state = f"{which} damaged, and the state that was read is of the one before"
    elif plan.journal_problem:
        state = "something that the bot did last may be missing from the state that was read"
    else:
        state = "what it knew last is intact"
    return state if plan.coverage.complete else f"{state}; not everything on the exchange could be read"


def _operator(holder: LockHolder) -> str:
    return f"{holder.purpose} (process {holder.pid} on {holder.host}, since {utc_text(holder.acquired_at)})"


def _ago(moment: int, now_ns: int) -> str:
    return f"{span_text(now_ns - moment)} ago, at {utc_text(moment)}"


def differences(plan: Plan) -> list[str]:
    """What is not as it was known, and what could not be told; nothing where all of it was read and nothing differs."""
    proposed = sum(verdict.preselected for verdict in plan.orphans)
    waiting = len(plan.needs_decision) - sum(verdict.preselected for verdict in plan.needs_decision)
    known = [verdict for verdict in plan.orders if verdict.known is not None]
    changed = sum(each.is_stale or each.kind is OrderVerdictKind.DRIFTED for each in known)
    moved = sum(each.differs for each in plan.positions)
    unread = sum(each.kind is PositionVerdictKind.UNKNOWN for each in plan.positions)
    parts = [
        (proposed, f"{proposed} to cancel"),
        (waiting, f"{counted(waiting, 'orphan order')} to decide on in the desk"),
        (changed, f"{counted(changed, 'known order')} changed or over"),
        (moved, "1 position differs" if moved == 1 else f"{moved} positions differ"),
        (unread, f"{counted(unread, 'position')} that could not be compared"),
        (plan.untold_orders, f"{counted(plan.untold_orders, 'known order')} that the exchange tells nothing of"),
        (plan.untold_intents, f"{counted(plan.untold_intents, 'order')} that may or may not have arrived"),
        (not plan.coverage.complete, "not everything could be read"),
        (plan.denied, "the account may be another one"),
        (plan.journal_problem and not plan.denied, "the journal is in doubt"),
    ]
    return [words for there, words in parts if there]


def verdict_line(plan: Plan) -> str:
    """`Verdict: 2 to cancel, 1 position differs`, `Verdict: nothing differs`, and how many positions lack a stop."""
    return f"Verdict: {', '.join(differences(plan)) or 'nothing differs'}{_bare(plan)}"


def question(manifest: StoreManifest, plan: Plan, chosen: Sequence[OrderVerdict]) -> str:
    """What the operator says yes or no to, with whose money it is about."""
    account = account_words("", manifest.exchange, manifest.account, manifest.mode)
    what = "Save the reconciled state"
    if chosen:
        orders = "this order" if len(chosen) == 1 else f"these {len(chosen)} orders"
        what = f"Cancel {orders} and save the reconciled state"
    return f"{account}{_bare(plan)}. {what}?"


def _bare(plan: Plan) -> str:
    """`; 2 positions with no stop or only a part of one`."""
    judged = [judgement for judgement, _ in by_urgency(plan.positions)]
    unknown = judged.count(StopJudgement.UNKNOWN)
    bare = len(judged) - judged.count(StopJudgement.ALL) - unknown
    told = f"; {counted(bare, 'position')} with no stop or only a part of one" if bare else ""
    return told + (f"; {counted(unknown, 'position')} of which nobody knows the stops" if unknown else "")
