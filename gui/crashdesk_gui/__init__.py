"""The Crashdesk desktop application: the Qt face of the `crashdesk` core."""

import builtins

# PySide puts an import of its own in the place of Python's: one that reads the source of every module, and keeps it, to find
# out which of them want its `__feature__`. None of ours does. Importing ccxt takes almost half as long again with it.
_import = builtins.__import__
try:
    import PySide6.QtCore  # noqa: F401
finally:
    builtins.__import__ = _import
