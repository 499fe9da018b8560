"""What an error means for the money, and what to do about it, in the operator's language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from crashdesk import errors
from crashdesk.storage.database import DatabaseNewer
from crashdesk.trouble import Trouble
from crashdesk.trouble_words import answers_to, until_text
from crashdesk_gui.phrases import said

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SPACE_AFTER_CHINESE = re.compile("(?<=。) ")
_NAME_FIRST = re.compile(r"\S*[^\sA-Za-z',;:.]|\S*[._]\w")


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in three answers: `title` what happened, `meaning` what it means for the money, `advice` what to do.

    `details` quotes the original words of an exchange, as they came; empty where there are none.
    """

    title: str
    meaning: str
    advice: str
    details: str = ""

    @property
    def sentence(self) -> str:
        """What happened, with its full stop."""
        return ended(self.title)

    @property
    def line(self) -> str:
        """What happened and what to do in one line, for a banner; quoted words on a line of their own."""
        return "\n".join(filter(None, (told_together(self.sentence, self.advice), self.details)))

    @property
    def body(self) -> str:
        """What it means and what to do, to stand behind or below the title; quoted words on a line of their own."""
        return "\n".join(filter(None, (told_together(self.meaning, self.advice), self.details)))


def explain(error: BaseException) -> Explanation:
    """The three answers to an error; a kind that is not known is explained by the closest one above it in the tree."""
    trouble = error.trouble if isinstance(error, errors.ExchangeError) else None
    if trouble is not None:
        return explain_trouble(trouble)
    known = _answers()
    for kind in type(error).__mro__:
        if kind in known:
            meaning, advice = known[kind]
            break
    else:
        meaning, advice = _unexpected()
    return Explanation(title=_what_happened(error), meaning=meaning, advice=advice)


def explain_trouble(trouble: Trouble) -> Explanation:
    """The three answers to an exchange that refuses or cannot be reached, with its own words as a quotation."""
    answers = answers_to(trouble)
    translate = QCoreApplication.translate
    quoted = []
    if trouble.until is not None:
        quoted.append(translate("Errors", "It says that this ends at {0}.").format(until_text(trouble.until)))
    if trouble.words:
        quoted.append(translate("Errors", "Original words: {0}").format(said(trouble.words)))
    return Explanation(
        title=_sentence(said(answers.what)),
        meaning=said(answers.meaning),
        advice=_sentence(said(answers.advice)),
        details="\n".join(quoted),
    )


def _sentence(clause: str) -> str:
    return QCoreApplication.translate("Errors", "{0}.").format(clause[:1].upper() + clause[1:])


def newer_version() -> str:
    """What is said of a file that is not damaged, and that this version cannot read."""
    return QCoreApplication.translate("Errors", "Written by a newer version of Crashdesk. Use that version to read it.")


def told_together(*sentences: str) -> str:
    """Sentences behind each other, with a space between them where the language puts one."""
    return _SPACE_AFTER_CHINESE.sub("", " ".join(sentences))


def ended(text: str) -> str:
    """A text as a sentence with its one full stop, as the language writes it."""
    full = text.endswith((".", "。", "?", "？", "!", "！"))
    return text if full else QCoreApplication.translate("Errors", "{0}.").format(text)


def sentence(text: str) -> str:
    """A text of the core, which begins as a clause does, as a sentence of its own."""
    return ended(f"{text[:1].upper()}{text[1:]}")


def _what_happened(error: BaseException) -> str:
    text = str(error).strip()
    if isinstance(error, OSError) and error.strerror:
        text = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    if not isinstance(error, (errors.CrashdeskError, OSError)):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    text = said(text or type(error).__name__)
    # A name is written as it is: of a file, a path, an id. A Chinese sentence that begins with Latin letters begins with one.
    return text if _NAME_FIRST.match(text) or _CHINESE.search(text) else text[0].upper() + text[1:]


def _answers() -> dict[type, tuple[str, str]]:
    return {**_state_answers(), **_store_answers(), **_system_answers(), **_exchange_answers(), **_recovery_answers()}


def _state_answers() -> dict[type, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        errors.StateError: (
            translate("Errors", "This state contradicts itself, so no position or order in it can be relied on."),
            translate(
                "Errors", "Choose an older checkpoint, and compare it with the exchange before anything is done."
            ),
        ),
        errors.CodecError: (
            translate(
                "Errors",
                "What this checkpoint says about orders and positions cannot be trusted. The other checkpoints are "
                "not affected.",
            ),
            translate(
                "Errors", "Use the newest valid checkpoint; keep this file if you want to find out what damaged it."
            ),
        ),
        **_newer_answers(),
        errors.MalformedJournal: (
            translate(
                "Errors",
                "What the bot noted after its newest checkpoint cannot be relied on. The checkpoints are not affected.",
            ),
            translate("Errors", "Compare with the exchange, and look at every open order before the bot goes on."),
        ),
        errors.StoreCorrupted: (
            translate("Errors", "No saved state can be trusted. The exchange alone knows the orders and positions."),
            translate(
                "Errors",
                "Connect the exchange and compare; recover from what the exchange says, or restore a backup of the "
                "directory.",
            ),
        ),
        errors.CheckpointNotFound: (
            translate(
                "Errors",
                "The file is gone, perhaps because newer checkpoints took its place. Nothing else is affected.",
            ),
            translate("Errors", "Choose another checkpoint from the history."),
        ),
    }


def _store_answers() -> dict[type, tuple[str, str]]:
    translate = QCoreApplication.translate
    nothing_changed = translate("Errors", "Nothing was changed, in the store or on the exchange.")
    return {
        errors.StorageError: (
            translate("Errors", "What was acknowledged as saved is still there. The exchange was not touched."),
            translate("Errors", "Check the disk, its free space and the permissions of the directory, then try again."),
        ),
        errors.NotAStore: (
            nothing_changed,
            translate(
                "Errors",
                "Open the directory in which the bot keeps its checkpoints, the one that holds checkpoint files or "
                "store.toml.",
            ),
        ),
        errors.StoreVanished: (
            translate(
                "Errors", "What was saved is where the directory went. Nothing can be recorded until it is back."
            ),
            translate("Errors", "Mount its disk or put the directory back; then it is read again by itself."),
        ),
        errors.DiskFull: (
            translate("Errors", "Nothing can be recorded, so nothing was begun. What was stored is as it was."),
            translate("Errors", "Free some space on the disk of the store, then try again."),
        ),
        errors.StoreLocked: (
            translate(
                "Errors",
                "Another process writes this store, most likely the bot. You can look and review; only it can save.",
            ),
            translate("Errors", "Stop the process that is named, then try again. Never delete the lock while it runs."),
        ),
        errors.AccountInUse: (
            nothing_changed,
            translate(
                "Errors",
                "Stop the bot that is named, or give each bot a client order id prefix of its own, so that neither takes the "
                "other's orders for its own.",
            ),
        ),
        errors.StoreDegraded: (
            translate("Errors", "The last save may not survive a power failure. Earlier checkpoints are not affected."),
            translate("Errors", "Check the disk before you rely on the newest checkpoint, then save again."),
        ),
    }


def _system_answers() -> dict[type, tuple[str, str]]:
    translate = QCoreApplication.translate
    nothing_changed = translate("Errors", "Nothing was changed, in the store or on the exchange.")
    return {
        errors.ConfigError: (
            nothing_changed,
            translate("Errors", "Correct the setting that is named, then try again."),
        ),
        PermissionError: (
            nothing_changed,
            translate(
                "Errors", "Run Crashdesk as the user that runs the bot, or change the permissions of the directory."
            ),
        ),
        OSError: (
            translate("Errors", "The operating system refused a file operation. The exchange was not touched."),
            translate("Errors", "Check the disk, its free space and the permissions of the directory, then try again."),
        ),
    }


def _newer_answers() -> dict[type, tuple[str, str]]:
    translate = QCoreApplication.translate
    advice = translate(
        "Errors", "Use the version of Crashdesk that wrote it, or update this one; then open the store again."
    )
    nothing = translate(
        "Errors", "It is not damaged, and nothing was changed; this version of Crashdesk cannot read it."
    )
    return {
        errors.NewerVersion: (
            translate("Errors", "The checkpoint is not damaged; this version of Crashdesk cannot read it."),
            advice,
        ),
        errors.StoreNewer: (nothing, advice),
        errors.ManifestNewer: (nothing, advice),
        DatabaseNewer: (nothing, advice),
    }


def _exchange_answers() -> dict[type, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        errors.ExchangeError: (
            translate(
                "Errors",
                "What the exchange holds now is not known. Orders may rest there and positions may have changed.",
            ),
            translate(
                "Errors", "Read the exchange again in a moment; until it answers, look at the account on its own site."
            ),
        ),
        errors.WrongAccount: (
            translate(
                "Errors", "Nothing was compared, sent or changed: what one account holds says nothing of another."
            ),
            translate(
                "Errors",
                "Connect the account that the store belongs to, or open the store of the account that is connected.",
            ),
        ),
        errors.ExchangeUnavailable: (
            translate(
                "Errors",
                "What the exchange holds now is not known. Orders that rest there go on filling without the bot.",
            ),
            translate("Errors", "Check the network and the exchange's status page, wait a moment, then read it again."),
        ),
        errors.ExchangeRefused: (
            translate(
                "Errors", "The exchange did not let this account be read or changed. Nothing was concluded from it."
            ),
            translate(
                "Errors",
                "Check the keys, their permissions and allowed addresses, and whether they are for live or sandbox; "
                "then connect again.",
            ),
        ),
        errors.ExchangeUnsupported: (
            translate(
                "Errors",
                "This part of the account cannot be seen from here. What is in it counts as unknown, not as empty.",
            ),
            translate("Errors", "Check it on the exchange's own site, or choose another market type."),
        ),
    }


def _recovery_answers() -> dict[type, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        errors.RecoveryError: (
            translate("Errors", "The recovery did not go on. The audit log says what was done up to then."),
            translate("Errors", "Look at the activity page, compare with the exchange again, then decide anew."),
        ),
        errors.PlanChanged: (
            translate("Errors", "Nothing was executed: what was approved is not what would have been done now."),
            translate("Errors", "Compare with the exchange again, review the new plan, then approve it."),
        ),
        errors.OperationCancelled: (
            translate(
                "Errors",
                "Steps that were finished stay done and are in the audit log; the steps after them were not begun.",
            ),
            translate("Errors", "Resume the recovery, or compare with the exchange again."),
        ),
        errors.DemoError: (
            translate("Errors", "Only the demonstration is affected; there is no real money in it."),
            translate("Errors", "Close the demonstration and start it again."),
        ),
        errors.CrashdeskError: (
            translate("Errors", "The operation did not finish. Take nothing as done that is not in the audit log."),
            translate("Errors", "Follow what the message says, then try again."),
        ),
    }


def _unexpected() -> tuple[str, str]:
    translate = QCoreApplication.translate
    return (
        translate(
            "Errors",
            "This is a fault in Crashdesk. The operation did not finish; take nothing as done that is not in the "
            "audit log.",
        ),
        translate(
            "Errors",
            "Compare with the exchange before you go on, and report this with the application's log from the "
            "activity page.",
        ),
    )
