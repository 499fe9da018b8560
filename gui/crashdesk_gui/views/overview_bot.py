"""What the overview says of the bot: whether it holds the store, or since when nobody does."""

from __future__ import annotations

import os
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from crashdesk_gui.display import Display
from crashdesk_gui.phrases import said
from crashdesk_gui.session import Overview
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Status
from crashdesk_gui.views.ago_words import kept_together
from crashdesk_gui.views.overview_words import Fact
from crashdesk_gui.views.switch_words import switch_line

translate = QCoreApplication.translate


def bot_fact(overview: Overview, situation: Situation, display: Display) -> Fact:
    """Whether a bot holds the store, who, or since when nobody does, and what becomes of its orders without it."""
    fact = _presence_fact(overview, situation, display)
    lines = (fact.note, switch_line(overview, situation, display))
    return replace(fact, note="\n".join(line for line in lines if line))


def _presence_fact(overview: Overview, situation: Situation, display: Display) -> Fact:
    presence = overview.presence
    holder = presence.holder if presence else None
    who = (
        translate("Overview", "{0}, process {1} on {2}")
        .format(said(holder.purpose or holder.program), holder.pid, holder.host)
        .replace(f" {holder.host}", f"\u00a0{holder.host}")
        if holder
        else ""
    )
    if situation.standing in (Standing.RUNNING, Standing.RECOVERING):
        word = translate("Overview", "holds the store")
        answer = (
            translate("Overview", "Running")
            if situation.standing is Standing.RUNNING
            else translate("Overview", "This desk")
            if holder is not None and holder.pid == os.getpid()
            else translate("Overview", "An operator")
        )
        return Fact(answer, Status.OK, word, who)
    if presence is None:
        return Fact(translate("Overview", "Unknown"), Status.UNKNOWN, translate("Overview", "cannot be told"))
    heard = situation.stopped_at
    if holder is not None and holder.by_hand:
        holder, who = None, ""  # how the bot ended, its own note would have told
    since = (
        translate("Overview", "last sign {0}").format(kept_together(display.age(heard)))
        if heard
        else translate("Overview", "never heard of")
    )
    if situation.standing in (Standing.RECOVERED, Standing.INTERRUPTED):
        again = translate("Overview", "not started again yet")
        return Fact(translate("Overview", "Not running"), Status.DIFFERS, again, since if heard else "")
    answer, note = (
        (translate("Overview", "Stopped"), translate("Overview", "It ended in order."))
        if situation.ended
        else (translate("Overview", "Crashed"), translate("Overview", "It ended without closing the store."))
        if situation.crashed
        else (translate("Overview", "Not running"), translate("Overview", "How it ended is not noted."))
    )
    return Fact(answer, Status.DIFFERS, since, "\n".join(part for part in (note, who) if part))
