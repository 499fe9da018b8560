"""Where a demonstration can begin: in an empty directory, or in one that is not there yet."""

from __future__ import annotations

from pathlib import Path

from crashdesk.errors import DemoError


def require_empty(directory: Path) -> None:
    """Raises DemoError for a directory in which a demonstration cannot begin, because something is there already."""
    try:
        empty = not directory.exists() or not any(directory.iterdir())
    except NotADirectoryError:
        raise DemoError(f"{directory} is a file; name a directory, which need not be there yet") from None
    except OSError as error:
        raise DemoError(f"{directory} cannot be read: {error.strerror or error}; name another directory") from error
    if not empty:
        raise DemoError(
            f"{directory} is not empty; the demonstration begins with an empty one: name another, or delete it"
        )
