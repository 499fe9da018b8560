"""``python -m crashdesk``: the same as the command ``crashdesk``."""

from crashdesk.cli import main

if __name__ == "__main__":
    main()
