"""What the command line says of an error: what happened, what it means, what to do. Pure."""

from __future__ import annotations

from crashdesk.errors import (
    AccountInUse,
    CheckpointNotFound,
    ConfigError,
    CrashdeskError,
    ExchangeError,
    ExchangeUnsupported,
    NotAStore,
    RecoveryError,
    StorageError,
    StoreCorrupted,
    StoreLocked,
    StoreNewer,
)
from crashdesk.report_words import sentence
from crashdesk.storage.database import DatabaseNewer, DatabaseUnreliable, DatabaseUnusable
from crashdesk.trouble_words import answers_to, trouble_line, trouble_lines

MEANS = "What it means:"
TO_DO = "What to do:"
NEXT = "Next:"
"""Before the one next step, which stands last."""
_NOTHING = "Nothing was sent to the exchange and nothing was written."
_UNKNOWN = "What the exchange holds now is not known. Orders that rest there stay and go on filling without the bot."
_NEWER = "Nothing was changed and nothing is lost: this version cannot read what a newer one wrote."
_ANSWERS: tuple[tuple[type[CrashdeskError], str, str], ...] = (
    (
        StoreLocked,
        f"{_NOTHING} A store has one writer at a time.",
        "look at it meanwhile with `crashdesk show STORE` or `crashdesk recover STORE --dry-run`; to recover, stop that program",
    ),
    (StoreNewer, _NEWER, ""),
    (
        StoreCorrupted,
        "What the bot knew last cannot be told from this store. Orders that rest on the exchange stay and go on filling.",
        "look with `crashdesk verify STORE` what is wrong with each file",
    ),
    (AccountInUse, _NOTHING, ""),
    (NotAStore, _NOTHING, ""),
    (CheckpointNotFound, _NOTHING, ""),
    (ConfigError, _NOTHING, ""),
    (RecoveryError, _NOTHING, ""),
    (DatabaseNewer, _NEWER, ""),
    (
        DatabaseUnreliable,
        "Nothing was sent to the exchange: without its journal the store could not prove what was done.",
        "look whether the disk is full or failing (`df`, the system's log), then `crashdesk verify STORE`",
    ),
    (
        DatabaseUnusable,
        "Nothing was sent to the exchange: without its journal the store could not prove what was done.",
        "look whether the disk has room (`df`), and with `crashdesk verify STORE` what is wrong with each file",
    ),
    (StorageError, "Nothing was sent to the exchange. What was saved before is still there.", ""),
    (
        ExchangeUnsupported,
        _UNKNOWN,
        "check `exchange` (ccxt's id) and `market_type` in the store's store.toml",
    ),
    (
        ExchangeError,
        _UNKNOWN,
        "",
    ),
)


def interrupted_at_work(error: CrashdeskError, resume: str) -> None:
    """Note on an error that it came while orders were being handled, so that nobody takes it for one before that.

    `resume` is the command that goes on.
    """
    error.add_note(f"{MEANS} Orders may have been handled before this. What was done on the exchange stays done.")
    error.add_note(f"{TO_DO} Put right what is said above, then go on with what was decided: no request is sent twice.")
    error.add_note(f"{NEXT} {resume}")


def not_asked(error: CrashdeskError) -> None:
    """Note on an error that the exchange was not even asked."""
    error.add_note(
        f"{MEANS} The exchange was not asked, so what it holds now is not known. Orders that rest there stay and go on filling."
    )


def error_lines(error: CrashdeskError) -> list[str]:
    """What went wrong, what it means, what to do as far as the first line does not say it, and the next step; a line each."""
    notes: list[str] = getattr(error, "__notes__", [])
    last = [note for note in notes if note.startswith(NEXT)]
    told = [note for note in notes if not note.startswith(NEXT)]
    return [*([str(error), *told] if told else _explained(error)), *last]


def _explained(error: CrashdeskError) -> list[str]:
    trouble = error.trouble if isinstance(error, ExchangeError) else None
    if trouble is not None:
        return [str(error).removesuffix(trouble_line(trouble)) + answers_to(trouble).what, *trouble_lines(trouble)]
    text = str(error)
    lines = [text]
    for kind, meaning, advice in _ANSWERS:
        if isinstance(error, kind):
            if not (meaning == _NOTHING and "nothing was " in text.lower()):
                lines.append(f"{MEANS} {meaning}")
            if advice:
                lines.append(f"{TO_DO} {sentence(advice)}")
            break
    return lines


def system_error_lines(error: OSError) -> list[str]:
    """What the operating system refused where nobody expected it: most often what is printed has no room where it goes."""
    where = f" ({error.filename})" if error.filename else ", perhaps where this is printed to"
    return [
        f"crashdesk: the operating system refused a file operation: {error.strerror or error}{where}",
        f"{MEANS} The command ended in the middle. If a recovery was under way, what was done on the exchange stays done.",
        f"{TO_DO} Check the disk's room and permissions, then look with `crashdesk verify STORE`; a recovery that began goes on "
        "with `crashdesk recover STORE --resume`.",
    ]
