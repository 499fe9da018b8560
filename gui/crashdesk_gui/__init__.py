"""The Crashdesk desktop application: the Qt face of the `crashdesk` core."""

import builtins
import os

_LAZY = "PYSIDE6_OPTION_LAZY"

# Left to itself, PySide makes each of its types when it is first used. Used first by two threads at once, or by a filter of
# events while another is being made, that ends the process with a segmentation fault. Made at import they cost less in all.
# PySide asks once. The programs that the desk starts are not told.
_lazy = os.environ.get(_LAZY)
os.environ[_LAZY] = "0"

# PySide puts an import of its own in the place of Python's: one that reads the source of every module, and keeps it, to find
# out which of them want its `__feature__`. None of ours does. Importing ccxt takes almost half as long again with it.
_import = builtins.__import__
try:
    import PySide6.QtCore  # noqa: F401
finally:
    builtins.__import__ = _import
    if _lazy is None:
        del os.environ[_LAZY]
    else:
        os.environ[_LAZY] = _lazy
