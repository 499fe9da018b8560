"""The sentences in which the core tells what a check of a whole store finds, and what to do about it; see `phrases`."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

FINDINGS = (
    QT_TRANSLATE_NOOP("Core", "store"),
    QT_TRANSLATE_NOOP("Core", "audit log"),
    QT_TRANSLATE_NOOP("Core", "the store's directory"),
    QT_TRANSLATE_NOOP("Core", "not one checkpoint can be read by this version"),
    QT_TRANSLATE_NOOP("Core", "not one checkpoint is valid"),
    QT_TRANSLATE_NOOP("Core", "restore a backup of the directory before starting the bot"),
    QT_TRANSLATE_NOOP("Core", "update Crashdesk"),
    QT_TRANSLATE_NOOP("Core", "update Crashdesk; the file is as it was"),
    QT_TRANSLATE_NOOP("Core", "was moved aside earlier: {reason}"),
    QT_TRANSLATE_NOOP("Core", "it is evidence: keep it until the incident is understood"),
    QT_TRANSLATE_NOOP("Core", "is what an interrupted save left behind"),
    QT_TRANSLATE_NOOP("Core", "the bot's next start, or --repair, removes it"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{who} is writing to it at this moment; not checked: what it has not handed to the disk yet, and "
        "whether the disk has kept what was written last",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "get_stats().journal of the bot tells what is not durable yet; check again when it is stopped",
    ),
    QT_TRANSLATE_NOOP("Core", "the bot's next start stops with status corrupted until that is done"),
    QT_TRANSLATE_NOOP("Core", "there is no checkpoint yet"),
    QT_TRANSLATE_NOOP("Core", "nothing to do if the bot has never run"),
    QT_TRANSLATE_NOOP("Core", "check the disk and the permissions"),
    QT_TRANSLATE_NOOP("Core", "check the permissions"),
    QT_TRANSLATE_NOOP("Core", "cannot be looked at: {reason}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "`crashdesk verify --repair` moves it to corrupt/ as long as another one is valid; so does the bot's "
        "next start where it is newer than every valid one",
    ),
    QT_TRANSLATE_NOOP("Core", "the second CRC implementation computes {computed}"),
    QT_TRANSLATE_NOOP("Core", "check this machine's memory and libraries"),
    QT_TRANSLATE_NOOP("Core", "its name says {found}, its content {expected}"),
    QT_TRANSLATE_NOOP("Core", "it was renamed: do not rely on its order"),
    QT_TRANSLATE_NOOP("Core", "--repair brings it up to date"),
    QT_TRANSLATE_NOOP("Core", "use --repair: it is moved to corrupt/ and rebuilt from the files that are kept"),
    QT_TRANSLATE_NOOP(
        "Core",
        "checkpoint {seq} is not in the history yet: lists and charts leave it out until the desk or --repair adds it",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "checkpoint {seq} is of {found} ns by its file's name and of {expected} ns in the history: the "
        "history is not of this file; --repair corrects it",
    ),
    QT_TRANSLATE_NOOP("Core", "others on this machine may read it (mode {permissions})"),
    QT_TRANSLATE_NOOP("Core", "others on this machine may read it (mode {permissions}), and {count} more"),
    QT_TRANSLATE_NOOP("Core", "use --repair, or chmod -R go-rwx on the store"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the bot's next start, or --repair, keeps what can be read of it in a new one and moves this one to corrupt/",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "is missing: what happened after the newest checkpoint is not known, nor what was decided before",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "restore a copy of the whole directory if there is one; the bot's next start begins a new journal and says so",
    ),
    QT_TRANSLATE_NOOP("Core", "see that nothing else holds the file, then check again"),
    QT_TRANSLATE_NOOP("Core", "from checkpoint {seq}: {problem}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "compare with the exchange before anything is trusted: changes after that checkpoint may be missing",
    ),
    QT_TRANSLATE_NOOP("Core", "checkpoints {first} and {last} do not lead to the same state"),
    QT_TRANSLATE_NOOP("Core", "keep a copy of the store and compare with the exchange before the bot starts"),
    QT_TRANSLATE_NOOP("Core", "the chain is broken at entry {seq} ({count} in all)"),
    QT_TRANSLATE_NOOP("Core", "somebody changed it: keep a copy"),
    QT_TRANSLATE_NOOP("Core", "entry {seq} is out of sequence"),
    QT_TRANSLATE_NOOP("Core", "entries are missing: keep a copy"),
    QT_TRANSLATE_NOOP("Core", "the newest {count} entries are gone"),
    QT_TRANSLATE_NOOP("Core", "somebody deleted them: keep a copy"),
    QT_TRANSLATE_NOOP(
        "Core",
        "recover with the desk or `crashdesk recover`, or look at every order yourself and say so: `crashdesk settle`",
    ),
)
"""What a check of the whole store finds, and what to do about it."""

CHECKED = (
    QT_TRANSLATE_NOOP("Core", "the checksums disagree: {noted} in the file, {computed} and {expected} computed"),
    QT_TRANSLATE_NOOP("Core", "damaged"),
)
"""What the desk's own check of files says."""

SENTENCES = (*FINDINGS, *CHECKED)
