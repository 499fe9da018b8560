"""Waiting for something that may never end, such as a disk that hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable


def done_within(seconds: float, work: Callable[[], None], *, name: str) -> bool:
    """Whether `work`, on a thread of its own, was done in that time; otherwise it goes on until the process ends.

    Raises what `work` raises in that time.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is raised where it can be heard
            raised.append(error)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return False
    if raised:
        raise raised[0]
    return True
