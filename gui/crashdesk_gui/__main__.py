"""``python -m crashdesk_gui [STORE ...]``: the desk without the rest of the command line."""

import sys
from pathlib import Path

from crashdesk.errors import ConfigError, CrashdeskError, NotAStore
from crashdesk_gui.app import run


def main() -> int:
    """Open the desk; a message and 2 for a wrong argument, 1 for another failure."""
    try:
        return run([Path(argument) for argument in sys.argv[1:]])
    except CrashdeskError as error:
        sys.stderr.write(f"crashdesk: {error}\n")
        return 2 if isinstance(error, NotAStore | ConfigError) else 1


if __name__ == "__main__":
    sys.exit(main())
