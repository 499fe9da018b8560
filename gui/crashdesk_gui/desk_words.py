"""What the frame says of a store: its health in the sidebar, and the exchange in the line at the bottom."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from crashdesk.config import AccountMode
from crashdesk.findings import Severity
from crashdesk.reconcile.records import Plan
from crashdesk.reconcile.tally import Tally
from crashdesk.verification import Verification
from crashdesk_gui.display import Display
from crashdesk_gui.errors import ended
from crashdesk_gui.joined_words import labelled, listed_apart
from crashdesk_gui.phrases import said, scope_words, scopes_explained
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Situation, Standing, judge
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.ago_words import counted
from crashdesk_gui.views.overview_recovered import lacking, still_open
from crashdesk_gui.views.sidebar import StoreEntry
from crashdesk_gui.views.status_line import ExchangeLine

translate = QCoreApplication.translate


def situation_of(session: StoreSession, reviewed: Collection[str]) -> Situation | None:
    """How a store stands; None while nothing is known of it. `reviewed` are the ids of the plans that were looked at."""
    if session.overview is None:
        return None
    return judge(
        session.overview,
        connected=session.exchange is not None,
        comparison=session.comparison,
        report=session.report,
        tally=tally_of(session, reviewed),
        own_pid=os.getpid(),
    )


def tally_of(session: StoreSession, reviewed: Collection[str]) -> Tally:
    """The numbers of the orphan orders: what is proposed waits no more as soon as the operator has seen it."""
    comparison = session.comparison
    return session.tally(accepted=comparison is not None and comparison.plan.id in reviewed)


def health(situation: Situation | None, display: Display, *, failed: bool = False) -> tuple[Status, str]:
    """A store's health as a status and a word or two; `situation` None while nothing is known."""
    if failed:
        return Status.BAD, translate("Desk", "cannot be read")
    if situation is None:
        return Status.WORKING, translate("Desk", "reading")
    if situation.older is not None and situation.standing is Standing.RECOVERED:
        return Status.DIFFERS, translate("Desk", "older state compared")
    if situation.standing is Standing.STOPPED:
        return Status.DIFFERS, _how_it_ended(situation, display)
    return {
        Standing.CORRUPT: (Status.BAD, translate("Desk", "damaged")),
        Standing.NEWER: (Status.DIFFERS, translate("Desk", "newer version")),
        Standing.INTERRUPTED: (Status.DIFFERS, translate("Desk", "recovery interrupted")),
        Standing.RECOVERED: _after_recovery(situation),
        Standing.EMPTY: (Status.UNKNOWN, translate("Desk", "empty")),
        Standing.RECOVERING: (Status.WORKING, translate("Desk", "recovering")),
        Standing.RUNNING: (Status.OK, translate("Desk", "running")),
    }[situation.standing]


def _after_recovery(situation: Situation) -> tuple[Status, str]:
    """Never calmer than the report, as long as there is one, nor than what was read since."""
    open_ones = still_open(situation)
    recovered = translate("Desk", "recovered")
    if open_ones:
        one, many = translate("Desk", "recovered, 1 order open"), translate("Desk", "recovered, {0} orders open")
        recovered = counted(open_ones, one, many)
    if situation.report is None:
        calm = situation.plan is None or (situation.clean and not lacking(situation))
        return Status.OK if calm else Status.DIFFERS, recovered
    # The start of the desk does not wait for what only a recovery needs.
    from crashdesk_gui.views.recovery_verdict import report_status

    return report_status(situation.report), recovered


def _how_it_ended(situation: Situation, display: Display) -> str:
    if not (situation.crashed or situation.ended):
        return translate("Desk", "not running")
    if situation.stopped_at is None:
        return translate("Desk", "crashed") if situation.crashed else translate("Desk", "stopped")
    words = translate("Desk", "crashed {0}") if situation.crashed else translate("Desk", "stopped {0}")
    return words.format(display.age(situation.stopped_at))


def store_entries(
    sessions: Iterable[StoreSession],
    situation: Callable[[StoreSession], Situation | None],
    live: Callable[[StoreSession], bool | None],
    display: Display,
) -> list[StoreEntry]:
    """The stores of the sidebar. `live` tells of connected accounts; of others the manifest does."""
    shown = list(sessions)
    places = own_places([(session.view.name, Path(session.key)) for session in shown])
    return [
        _store_entry(session, place, situation(session), live(session), display)
        for session, place in zip(shown, places, strict=True)
    ]


def _store_entry(
    session: StoreSession, place: str, situation: Situation | None, live: bool | None, display: Display
) -> StoreEntry:
    status, word = health(situation, display, failed=session.overview_error is not None)
    manifest = session.view.manifest
    if live is None and manifest is not None and manifest.exchange:
        live = manifest.mode is AccountMode.LIVE
    return StoreEntry(id=session.key, name=session.view.name, place=place, status=status, health=word, live=live)


def own_places(stores: Sequence[tuple[str, Path]]) -> list[str]:
    """For each store (name, path) the part of its path that only it has of those with its name; empty for a name of its own."""
    places = []
    for name, path in stores:
        rivals = [other for other_name, other in stores if other_name == name and other != path]
        places.append(_own_part(path, rivals) if rivals else "")
    return places


def _own_part(path: Path, rivals: Sequence[Path]) -> str:
    """The nearest directory in which `path` differs from every rival."""
    places = [reversed(each.parts) for each in rivals]
    open_rivals = list(places)
    for part in reversed(path.parts):
        open_rivals = [rival for rival in open_rivals if next(rival, "") == part]
        if not open_rivals:
            return part
    return str(path)


def last_reading(session: StoreSession) -> Plan | None:
    """What the exchange said last: a recovery reads it once more after its last step."""
    plans = [session.comparison.plan if session.comparison else None, session.report.final if session.report else None]
    return max((plan for plan in plans if plan is not None), key=lambda plan: plan.made_at, default=None)


def exchange_line(session: StoreSession, live: bool | None, absence: str = "") -> ExchangeLine | None:
    """What is known of the exchange of a store; None while none is connected. `absence` says why not, where it should be."""
    exchange = session.exchange
    if exchange is None:
        missing = ExchangeLine(exchange="", problem=translate("Desk", "its keys are missing"), tip=absence)
        return missing if absence else None
    problem = translate("Desk", "could not be read") if session.comparing_error is not None else ""
    plan = last_reading(session)
    if plan is None:
        return ExchangeLine(exchange=exchange.id, live=live, read_only=session.read_only, problem=problem)
    coverage = plan.coverage
    gaps = [
        translate("Desk", "Not read: {0} ({1})").format(scope_words(gap.scope), said(gap.reason or gap.status.value))
        for gap in coverage.gaps()
    ]
    return ExchangeLine(
        exchange=exchange.id,
        live=live,
        read_only=session.read_only,
        read_at=plan.made_at,
        covered=coverage.read_count(),
        scopes=len(coverage.readings),
        problem=translate("Desk", "reading again failed") if problem else "",
        tip="\n".join((scopes_explained(), *gaps)),
    )


def deciding_explained(count: int) -> str:
    """What the count beside the title of the orphan orders counts."""
    waiting = (
        translate("Desk", "1 orphan order needs your decision.")
        if count == 1
        else translate("Desk", "{0} orphan orders need your decision.")
    )
    not_counted = translate(
        "Desk", "What is decided, was seen proposed, is untouched or was left before is not counted."
    )
    return f"{waiting.format(count)} {not_counted}"


def still_worked_on(store: str) -> str:
    """Why a store cannot be removed from the list now."""
    words = translate("Desk", "{0} is still being worked on. Wait or cancel that first, then remove it.")
    return words.format(store)


def verification_tone(found: Verification) -> Tone:
    """The tone that goes with `verification_words`."""
    return Tone.OK if found.ok else Tone.DANGER


def verification_words(found: Verification) -> str:
    """What a verification found, in a sentence for a banner."""
    problems = [each for each in found.findings if each.severity is Severity.PROBLEM]
    if not problems:
        text = translate(
            "Desk", "All {0} checkpoints are intact, checked by two CRC implementations; {1} audit entries hold."
        )
        return text.format(found.checkpoints, found.audit_entries)
    first = listed_apart(labelled(said(each.subject), said(each.text)) for each in problems[:2])
    text = translate("Desk", "{0} of {1} checkpoints are intact, {2} problems: {3}. {4}")
    return text.format(found.valid, found.checkpoints, len(problems), first, ended(said(problems[0].advice)))
