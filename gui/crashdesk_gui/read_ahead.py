"""A large package is read by a worker and run by the window's thread: reading is more than half of an import.

What defines types of Qt must run in the window's thread; to find its files and to read what was compiled of them can be done
anywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType


class ModulesRead:
    """The modules of a package as they were read: a finder that is asked before Python's own within `used`."""

    def __init__(self) -> None:
        self._specs: dict[str, ModuleSpec] = {}

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What an import asks for."""
        return self._specs.get(name)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Within, what was read is not read again."""
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)

    def read(self, name: str, within: Sequence[str] | None = None, *, without: Sequence[str] = ()) -> None:
        """Read a package (or a module, `within` the places of its package), without those below it that nobody imports.

        Runs nothing of it. What is not there or is no plain file is left for the import to find or to miss.
        """
        spec = PathFinder.find_spec(name, within)
        if spec is None or spec.origin is None or not isinstance(spec.loader, SourceFileLoader):
            return
        try:
            code = spec.loader.get_code(name)
        except (ImportError, OSError, SyntaxError):
            return
        if code is None:
            return
        below = spec.submodule_search_locations
        self._specs[name] = _prepared(name, spec.origin, code, below)
        for file in sorted(Path(spec.origin).parent.iterdir()) if below is not None else ():
            module = file.stem
            if module not in ("__init__", *without) and (file.suffix == ".py" or (file / "__init__.py").is_file()):
                self.read(f"{name}.{module}", below, without=without)


class _Reader(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, _fullname: str) -> CodeType:
        return self._code


def _prepared(name: str, path: str, code: CodeType, below: list[str] | None) -> ModuleSpec:
    spec = spec_from_file_location(
        name, path, loader=_Reader(name, path, code), submodule_search_locations=None if below is None else list(below)
    )
    assert spec is not None  # it is only missing where neither a loader nor a place is given
    return spec
