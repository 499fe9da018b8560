"""How another terminal asks a demonstration to start its bot again: a request and an answer, files in the demonstration's store.

The demonstration owns exchange and bot, and ends both; so it starts the bot itself, and nothing is left running after it.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import msgspec

from crashdesk.errors import DemoError
from crashdesk.storage.files import LocalFiles, write_small_file

_REQUEST = "demonstration.start"
_ANSWER = "demonstration.started"
_LOOK_EVERY_S = 0.1


class StartAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a request: `problem` says why the bot did not start, empty where it did."""

    problem: str = ""


def ask_to_start(directory: Path, *, patience_s: float) -> StartAnswer:
    """Ask the demonstration of this store to start its bot, and wait for the answer. Raises DemoError without one."""
    request, answer = directory / _REQUEST, directory / _ANSWER
    try:
        answer.unlink(missing_ok=True)
        write_small_file(LocalFiles(), request, b"")
        deadline = time.monotonic() + patience_s
        while not answer.exists():
            if time.monotonic() > deadline:
                raise DemoError(
                    f"the demonstration did not answer within {patience_s:.0f} s: only `crashdesk demo` with its window, or "
                    "with QT_QPA_PLATFORM=offscreen without one, starts its bot again"
                )
            time.sleep(_LOOK_EVERY_S)
        return msgspec.json.decode(answer.read_bytes(), type=StartAnswer)
    except (OSError, msgspec.DecodeError) as error:
        raise DemoError(f"the demonstration could not be asked: {error}") from error
    finally:
        for path in (request, answer):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def take_request(directory: Path) -> bool:
    """Whether somebody asks for the bot's start; a request is taken once. Raises OSError."""
    try:
        (directory / _REQUEST).unlink()
    except FileNotFoundError:
        return False
    return True


def answer_request(directory: Path, answer: StartAnswer) -> None:
    """Tell who asked what came of it. Raises OSError."""
    write_small_file(LocalFiles(), directory / _ANSWER, msgspec.json.encode(answer))
