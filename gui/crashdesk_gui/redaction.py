"""Takes out of a text what must not leave the machine: keys, passwords, the home directory, the names of stores. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import msgspec

REMOVED = "[removed]"
"""What stands where a secret stood."""

# Not PWD, SSH_AUTH_SOCK, XAUTHORITY and the like: they name files.
_SECRET_NAME = re.compile(
    r"(?i)key(?!ring|board)|secret|passw|passphrase|(?<!^)(?<!^OLD)pwd|token|credential|auth(?!ority|_sock)|private|login"
    r"|cookie|signature|mnemonic"
)
_NAMED_VALUE = re.compile(
    r"""(?ix)
    ( (?: api[\s_-]?key | access[\s_-]?key | secret | passw(?:or)?d | passphrase | pwd | token | signature | credential
      | authorization | private[\s_-]?key | mnemonic | cookie | \bsign ) [\w.-]* ["']? \s* [:=] \s* )
    (?: (?: bearer | basic ) \s+ )?
    ( \[removed\] | b?"(?:[^"\\]|\\.)*" | b?'(?:[^'\\]|\\.)*' | [^\s,;&"'})\]]+ )
    """
)
_PEM = re.compile(r"-----BEGIN [^-]+-----.*?(?:-----END [^-]+-----|\Z)", re.DOTALL)
_USER_INFO = re.compile(r"(?<=://)[^/\s@]+@")
# Long runs of what keys are made of; `_is_key_like` tells them from words, paths and numbers.
_RUN = re.compile(r"[A-Za-z0-9+/=_-]{20,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_LONG_PART = 20
_SHORTEST_VALUE = 6


class Private(msgspec.Struct, frozen=True, kw_only=True):
    """What to take out: `values` are secrets as they are, `home` the home directory, `stores` directories of stores."""

    values: tuple[str, ...] = ()
    home: str = ""
    stores: tuple[str, ...] = ()


def private_values(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values of environment variables whose name speaks of a secret, the longest first."""
    found = {
        value for name, value in environ.items() if _SECRET_NAME.search(name) and len(value.strip()) >= _SHORTEST_VALUE
    }
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def without_secrets(text: str, values: Sequence[str] = ()) -> str:
    """The text without these values, and without what looks like a key, a password, a token or a private key."""
    for value in values:
        text = text.replace(value, REMOVED)
    text = _PEM.sub(REMOVED, text)
    text = _USER_INFO.sub(f"{REMOVED}@", text)
    text = _NAMED_VALUE.sub(lambda match: match[1] + REMOVED, text)
    return _RUN.sub(_judged, text)


def redacted(text: str, private: Private) -> str:
    """The text as it may be shown to strangers: no secret, no store by path or name, the home directory as ~."""
    for number, directory in enumerate(private.stores, start=1):
        text = _without_store(text, directory, f"[store {number}]")
    if len(private.home) > 1:
        text = re.sub(re.escape(private.home.rstrip("/\\")) + r"(?![\w.-])", "~", text)
    return without_secrets(text, private.values)


def _without_store(text: str, directory: str, instead: str) -> str:
    text = text.replace(directory, instead)
    name = PurePath(directory).name
    return re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", instead, text) if len(name) > 2 else text


def _judged(match: re.Match[str]) -> str:
    run = match[0]
    # A path is judged part by part. Base64 has slashes too, but then hardly ever neither "+" nor "=".
    if "/" in run and not set(run) & {"+", "="}:
        return "/".join(REMOVED if _is_key_like(part) else part for part in run.split("/"))
    return REMOVED if "/" in run or _is_key_like(run) else run


def _is_key_like(part: str) -> bool:
    """Whether letters and digits are mixed as in keys and not as in names of functions, files and orders."""
    if len(part) < _LONG_PART:
        return False
    if _UUID.search(part):
        return True
    digit, lower, upper = (any(map(test, part)) for test in (str.isdigit, str.islower, str.isupper))
    letters_and_digits = part.rstrip("=").isalnum() and digit and (lower or upper)
    return letters_and_digits or (digit and lower and upper)
