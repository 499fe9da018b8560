"""The sentences in which the core speaks of a recovery, of its steps and of the demonstration; see `phrases`."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

PLANS = (
    QT_TRANSLATE_NOOP(
        "Core",
        "the plan that was shown is not the one to execute any more; compare again and decide anew",
    ),
    QT_TRANSLATE_NOOP("Core", "this plan was executed before; compare again to see what is left"),
    QT_TRANSLATE_NOOP(
        "Core",
        "checkpoint {seq}, which was compared, is gone from {directory}: it was deleted, or another disk is "
        "mounted there; nothing was sent. Bring it back, or compare again and decide anew",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "checkpoint {seq} is newer than the comparison: the bot has run or was recovered since; compare again"
        " and decide anew",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal holds changes that are newer than the comparison: the bot has run or was recovered "
        "since; compare again and decide anew",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal was damaged and is repaired now: it tells more than what was compared; compare again and"
        " decide anew",
    ),
    QT_TRANSLATE_NOOP("Core", "{key} is no orphan order of this plan; compare again before deciding"),
    QT_TRANSLATE_NOOP("Core", "there are two decisions on {key}; compare again and decide once"),
    QT_TRANSLATE_NOOP("Core", "an interrupted plan cannot be read back ({problem}); compare again instead"),
    QT_TRANSLATE_NOOP("Core", "no recovery of this store was interrupted; leave --resume out to begin one"),
    QT_TRANSLATE_NOOP("Core", "nothing was sent: {count} orders cannot be cancelled: {reason}"),
)
"""Why a plan must not be executed, or a recovery not go on."""

ENDINGS = (
    QT_TRANSLATE_NOOP(
        "Core",
        "the store vanished or its journal was replaced while the recovery ran; the orders that are left were"
        " not touched",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the audit log cannot be written any more: {problem}; the orders that are left were not touched",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the exchange's limit asks for a pause of {seconds} s ({reason}): the orders that are left were not "
        "touched; resume the recovery after it",
    ),
    QT_TRANSLATE_NOOP("Core", "{why}; what was done stands in this report alone, nothing was saved"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the exchange could not be read again, so nothing was saved: {problem}. Resume the recovery once it answers",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "nothing was saved: {problem}. What was done on the exchange stays done; resume the recovery",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the checkpoint was saved, but the audit log could not be completed: {problem}. Make room, then resume the recovery",
    ),
    QT_TRANSLATE_NOOP("Core", "the exchange could not be read again after cancelling: {problem}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{count} orphan orders were left for an operator: the journal, which tells the orders that somebody "
        "decided to keep, cannot be relied on ({problem})",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{count} open orders carry the prefix {prefix}, and the bot never wrote them down; they were left for an "
        "operator. If another bot's prefix begins with the same, name that in other_prefixes",
    ),
    QT_TRANSLATE_NOOP("Core", "the checkpoint could not be made: the bot's snapshot failed with {problem}"),
    QT_TRANSLATE_NOOP("Core", "the recovery manager was closed before this checkpoint was made"),
    QT_TRANSLATE_NOOP("Core", "there is no exchange to synchronise with: give one to RecoveryManager"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store {directory} could not be closed within {seconds} s: the disk does not answer. What changed"
        " last may not be durable ({count} changes wait). It stays locked while this process goes on trying; "
        "look at the disk, and compare with the exchange at the next start",
    ),
)
"""Why a recovery ended without a checkpoint."""

OUTCOMES = (
    QT_TRANSLATE_NOOP("Core", "a cancel was intended before; {what}"),
    QT_TRANSLATE_NOOP("Core", "refused: {reason}; it could not be read again either ({problem}); compare again"),
    QT_TRANSLATE_NOOP(
        "Core",
        "nothing was sent: {reason}; it could not be read again either ({problem}); compare again",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "refused: {reason}; the exchange no longer has it, and does not say whether it filled; compare the positions",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "nothing was sent: {reason}; the exchange no longer has it, and does not say whether it filled; "
        "compare the positions",
    ),
    QT_TRANSLATE_NOOP("Core", "the exchange no longer has it, nor tells whether a part had filled"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the exchange no longer has it and does not say whether it filled or was cancelled; compare the positions",
    ),
    QT_TRANSLATE_NOOP("Core", "the exchange no longer has it"),
    QT_TRANSLATE_NOOP("Core", "still open when the exchange was read again"),
    QT_TRANSLATE_NOOP("Core", "it is {status} now, {filled} filled"),
    QT_TRANSLATE_NOOP("Core", "what became of it could not be read ({reason}); compare again"),
    QT_TRANSLATE_NOOP("Core", "reduce-only"),
    QT_TRANSLATE_NOOP("Core", "close-position"),
    QT_TRANSLATE_NOOP("Core", "yes"),
    QT_TRANSLATE_NOOP("Core", "no"),
    QT_TRANSLATE_NOOP("Core", "{field} {old} → {new}"),
)
"""What became of one order."""

PROGRESS = (
    QT_TRANSLATE_NOOP("Core", "cancelling {what}"),
    QT_TRANSLATE_NOOP("Core", "adopting {what}"),
    QT_TRANSLATE_NOOP("Core", "leaving {what}"),
    QT_TRANSLATE_NOOP("Core", "{what}: waiting {seconds} s for the exchange's limit"),
    QT_TRANSLATE_NOOP("Core", "waiting {seconds} s for the exchange's limit"),
)
"""What a job is doing."""

DEMONSTRATION = (
    QT_TRANSLATE_NOOP("Core", "there is no incident yet; wait until the demonstration is staged"),
    QT_TRANSLATE_NOOP("Core", "the sample bot did not start; its own messages are above"),
    QT_TRANSLATE_NOOP("Core", "the sample bot could not start: {reason}"),
    QT_TRANSLATE_NOOP("Core", "the sample bot cannot be started: {problem}"),
    QT_TRANSLATE_NOOP("Core", "the sample bot did not end by itself"),
    QT_TRANSLATE_NOOP("Core", "recovery ended with {status}: {problem}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{directory} is not empty; the demonstration begins with an empty one: name another, or delete it",
    ),
    QT_TRANSLATE_NOOP("Core", "{directory} is a file; name a directory, which need not be there yet"),
    QT_TRANSLATE_NOOP("Core", "{directory} cannot be read: {reason}; name another directory"),
    QT_TRANSLATE_NOOP("Core", "the bot sent no order in time to be killed over; start the demonstration again"),
    QT_TRANSLATE_NOOP("Core", "the sample bot ended while it should have traded; its own messages are above"),
    QT_TRANSLATE_NOOP("Core", "the sample bot did not trade its day within {seconds} s; this machine is too busy"),
    QT_TRANSLATE_NOOP(
        "Core",
        "The embedded exchange cannot listen on 127.0.0.1 port {port}: {problem}. Give it a free port, or 0.",
    ),
    QT_TRANSLATE_NOOP("Core", "The embedded exchange at {address} does not answer: {problem}. Start it again."),
    QT_TRANSLATE_NOOP(
        "Core",
        "The embedded exchange did not start within {seconds} s or ended at once. Its own messages are above;"
        " `{command}` must be runnable.",
    ),
    QT_TRANSLATE_NOOP("Core", "exchange: {exchange} on {address}, seed {number}"),
    QT_TRANSLATE_NOOP("Core", "bot: killed while order {key} was on its way"),
    QT_TRANSLATE_NOOP("Core", "a colleague: one manual order, and a stop that protects the open position"),
    QT_TRANSLATE_NOOP("Core", "the market: {count} resting orders filled while the bot was down"),
)
"""Why the demonstration cannot go on."""

MATCHES = (
    QT_TRANSLATE_NOOP("Core", "the id is the same, but the client order id is {quoted} instead of {expected}"),
    QT_TRANSLATE_NOOP("Core", "{count} open orders carry the client order id {quoted}"),
    QT_TRANSLATE_NOOP("Core", "order {id} carries the same client order id, and is to {side}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "order {id} carries the client order id {quoted}, and order {known} could not be read by itself",
    ),
)
"""Why two records of one order contradict each other."""

SENTENCES = (*PLANS, *ENDINGS, *OUTCOMES, *PROGRESS, *DEMONSTRATION, *MATCHES)
