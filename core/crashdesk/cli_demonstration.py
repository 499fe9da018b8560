"""What ``crashdesk recover`` says where a demonstration's exchange cannot be asked: it has ended, or its bot trades still."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from crashdesk.cli_errors import MEANS, TO_DO
from crashdesk.config import StoreManifest
from crashdesk.errors import ExchangeError, ExchangeUnavailable
from crashdesk.trouble import TroubleKind


@contextlib.contextmanager
def demonstration_explained(manifest: StoreManifest) -> Iterator[None]:
    """Say of an embedded exchange that does not answer, or keeps another time, what that means. Raises what it explains.

    It lives on this machine: nothing listening there says that the demonstration is over. Its time runs ahead to now while
    the bot trades its day, so that another time says that the bot was not killed yet.
    """
    try:
        yield
    except ExchangeError as error:
        told = _explained(error) if manifest.endpoint else None
        if told is None:
            raise
        raise told from error


def _explained(error: ExchangeError) -> ExchangeUnavailable | None:
    if isinstance(error, ExchangeUnavailable) and "refused" in str(error).casefold():
        told = ExchangeUnavailable("this store is a demonstration's; its exchange ended with it")
        told.add_note(
            f"{MEANS} No account is concerned. You can look at the store's history with `crashdesk list STORE`."
        )
        told.add_note(f"{TO_DO} To practise a recovery, start the demonstration anew: crashdesk demo --store DIRECTORY")
        return told
    if error.trouble is not None and error.trouble.kind is TroubleKind.CLOCK:
        told = ExchangeUnavailable("this store is a demonstration's, and its bot is still trading its day")
        told.add_note(
            f"{MEANS} There is nothing to recover from yet: the bot has not been killed. Nothing was written."
        )
        told.add_note(
            f"{TO_DO} Wait until the demonstration's window shows the crash, in less than a minute; then try again."
        )
        return told
    return None
