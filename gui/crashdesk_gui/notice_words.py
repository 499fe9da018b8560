"""Notices in the operator's words: a title and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.display import Display
from crashdesk_gui.errors import explain
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.notifications import Notice, NoticeKind, Work
from crashdesk_gui.views.ago_words import counted
from crashdesk_gui.views.sidebar import StoreEntry

translate = QCoreApplication.translate


def notice_words(notice: Notice, name: str, display: Display) -> tuple[str, str]:
    """(title, text) of one notice; `name` is the store's."""
    if notice.kind is NoticeKind.BOT_STOPPED:
        words = (
            translate("Notices", "{0}: the bot crashed")
            if notice.crashed
            else translate("Notices", "{0}: the bot has stopped")
        )
        title = words.format(name)
        if notice.at is None:
            return title, translate("Notices", "Open the desk to see what it left behind.")
        text = translate("Notices", "Its last sign of life was at {0}. Open the desk to see what it left behind.")
        return title, text.format(display.time(notice.at))
    if notice.kind is NoticeKind.ORPHANS:
        one = translate("Notices", "1 order needs your decision")
        many = translate("Notices", "{0} orders need your decision")
        count = (one if notice.count == 1 else many).format(display.count(notice.count))
        text = translate("Notices", "They are open at the exchange, and the bot's last known state does not have them.")
        return translate("Notices", "{0}: {1}").format(name, count), text
    if notice.kind is NoticeKind.RECOVERY_ENDED:
        if notice.saved:
            text = translate("Notices", "The reconciled state is saved for the bot's next start.")
            if notice.count:
                text = counted(
                    notice.count,
                    translate(
                        "Notices", "The reconciled state is saved. Before the bot starts, 1 order needs your decision."
                    ),
                    translate(
                        "Notices",
                        "The reconciled state is saved. Before the bot starts, {0} orders need your decision.",
                    ),
                )
            return translate("Notices", "{0}: the recovery is finished").format(name), text
        text = translate("Notices", "Nothing was saved for the bot. The report says which steps were done.")
        return translate("Notices", "{0}: the recovery ended before it was finished").format(name), text
    problem, _advice = failure_words(notice)
    return translate("Notices", "{0}: something did not succeed").format(name), problem


def work_words(work: Work) -> str:
    """What did not succeed."""
    return {
        Work.READING: translate("Notices", "The store cannot be read"),
        Work.COMPARING: translate("Notices", "The comparison failed"),
        Work.RECOVERING: translate("Notices", "The recovery failed"),
    }[work]


def failure_words(notice: Notice) -> tuple[str, str]:
    """(what failed and why, what it means and what to do) of a failure."""
    if notice.error is None:
        return work_words(notice.work), ""
    told = explain(notice.error)
    return labelled(work_words(notice.work), told.sentence), f"{told.meaning} {told.advice}"


def together(notices: Sequence[Notice], names: Mapping[str, str], display: Display) -> tuple[str, str]:
    """One (title, text) for everything that happened at about the same time."""
    told = [notice_words(notice, names.get(notice.store, notice.store), display) for notice in notices]
    if len(told) == 1:
        return told[0]
    title = translate("Notices", "{0} things need your attention").format(len(told))
    return title, "\n".join(each for each, _text in told)


def health_sentence(stores: Sequence[StoreEntry]) -> str:
    """How all stores stand, in one sentence."""
    if not stores:
        return translate("Notices", "Crashdesk: no store is open.")
    amiss = [entry for entry in stores if entry.needs_attention]
    if len(amiss) == 1:
        return translate("Notices", "Crashdesk: {0} needs attention ({1}).").format(amiss[0].called, amiss[0].health)
    if amiss:
        text = translate("Notices", "Crashdesk: {0} stores need attention: {1}.")
        return text.format(len(amiss), translate("Notices", ", ").join(entry.called for entry in amiss))
    if len(stores) == 1:
        return translate("Notices", "Crashdesk: 1 store, nothing needs attention.")
    return translate("Notices", "Crashdesk: {0} stores, nothing needs attention.").format(len(stores))
