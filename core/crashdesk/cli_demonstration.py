"""What the terminal says of a demonstration: that its bot was killed, or trades still, or that its exchange has ended."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from crashdesk.cli_errors import MEANS, NEXT, TO_DO
from crashdesk.cli_next import typed
from crashdesk.config import StoreManifest
from crashdesk.demonstration import Demonstration, demonstration_state
from crashdesk.errors import ExchangeError, ExchangeUnavailable


@contextlib.contextmanager
def demonstration_explained(manifest: StoreManifest) -> Iterator[None]:
    """Say of an embedded exchange that does not answer, or keeps another time, what that means. Raises what it explains."""
    try:
        yield
    except ExchangeError as error:
        state = demonstration_state(manifest, error)
        if state is None:
            raise
        raise _explained(state) from error


def _explained(state: Demonstration) -> ExchangeUnavailable:
    if state is Demonstration.ENDED:
        told = ExchangeUnavailable("this store is a demonstration's; its exchange ended with it")
        told.add_note(
            f"{MEANS} No account is concerned. You can look at the store's history with `crashdesk list STORE`."
        )
        told.add_note(f"{TO_DO} To practise a recovery, start the demonstration anew: crashdesk demo --store DIRECTORY")
        told.add_note(f"{NEXT} crashdesk demo --store DIRECTORY, with a directory that is not there yet")
        return told
    told = ExchangeUnavailable("this store is a demonstration's, and its bot is still trading its day")
    told.add_note(f"{MEANS} There is nothing to recover from yet: the bot has not been killed. Nothing was written.")
    told.add_note(
        f"{TO_DO} Wait until the demonstration's window shows the crash, in less than a minute; then try again."
    )
    return told


def killed_words(store: Path) -> str:
    """For the terminal that shows the incident in a window: what happened, and what a second terminal can do."""
    return f"The sample bot was killed. In a second terminal: {typed('recover', store, '--dry-run')}"
