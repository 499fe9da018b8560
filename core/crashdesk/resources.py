"""Where the files under ``resources/`` are: a checkout, an editable install and a wheel answer alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """The path of a resource, such as ``resource_path("icons", "pin.svg")``.

    Raises FileNotFoundError when the installation lacks it.
    """
    for root in (_PACKAGE / "_resources", _PACKAGE.parent.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"Crashdesk's resource {'/'.join(parts)} is missing: install the package again")
