"""Every sentence that the core's source can put together, found in its syntax tree.

A text is rendered with a sample in each place. Where a place holds another text of the same module (a name that literals were
assigned to, an alternative, what a function returns), every rendering of that text is put there instead.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

CORE = Path(__file__).resolve().parents[1] / "core" / "crashdesk"
_MOST = 64
_DEEPEST = 5
_WORDS = re.compile(r"[A-Za-z]*[a-z]{2}[a-z']*")
_CODE = re.compile(r"\s*(SELECT|PRAGMA|CREATE|INSERT|UPDATE|DELETE) |\\b|<\w+")
_TO_NOBODY = frozenset({"debug", "info", "warning", "error", "exception", "compile", "execute", "fact"})
_ASSIGNED = (ast.Assign, ast.AnnAssign, ast.AugAssign)


class Sentence(NamedTuple):
    """One text of the source: where it stands, and its renderings; `own` is it without its places."""

    place: str
    own: str
    renderings: frozenset[str]


def sentences(sample: str) -> Iterator[Sentence]:
    """Every text of two words or more in the core's modules that is not only a part of another one."""
    for path in sorted(CORE.rglob("*.py")):
        yield from _module(path).sentences(sample)


@cache
def _module(path: Path) -> _Module:
    """Read once, however many samples its texts are rendered with."""
    return _Module(path)


class _Module:
    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(CORE).as_posix()
        self._sample = ""
        tree = ast.parse(path.read_text("utf-8"))
        nodes = list(ast.walk(tree))
        self._functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
        self._assignments: dict[ast.FunctionDef, list[ast.stmt]] = {}
        self._within: dict[int, ast.FunctionDef | None] = {}
        self._settle(tree, None)
        self._parts: set[int] = set()
        silent = {id(each) for node in nodes for each in _silent(node)}
        self._own = [
            (node, own) for node in nodes if id(node) not in silent and (own := _own(node)) and _is_sentence(own)
        ]

    def sentences(self, sample: str) -> Iterator[Sentence]:
        self._sample = sample
        self._parts.clear()
        found = [
            (node, Sentence(f"{self.name}:{node.lineno}", own, frozenset(self._texts(node, self._within[id(node)], 0))))
            for node, own in self._own
        ]
        yield from (sentence for node, sentence in found if id(node) not in self._parts)

    def _settle(self, node: ast.AST, function: ast.FunctionDef | None) -> None:
        self._within[id(node)] = function
        inner = node if isinstance(node, ast.FunctionDef) else function
        for child in ast.iter_child_nodes(node):
            self._settle(child, inner)

    def _texts(self, node: ast.AST, function: ast.FunctionDef | None, depth: int) -> set[str]:
        """The renderings of an expression; empty where it is no text that is known here."""
        if isinstance(node, ast.Constant):
            return {node.value} if isinstance(node.value, str) else set()
        if isinstance(node, ast.JoinedStr):
            choices = [sorted(self._place(value, function, depth)) for value in node.values]
            return {"".join(parts) for parts in islice(product(*choices), _MOST)}
        if isinstance(node, ast.IfExp):
            return self._inner(node.body, function, depth) | self._inner(node.orelse, function, depth)
        if isinstance(node, ast.BoolOp):
            return set().union({self._sample}, *(self._inner(each, function, depth) for each in node.values))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self._inner(node.left, function, depth), self._inner(node.right, function, depth)
            return {one + two for one, two in islice(product(sorted(left), sorted(right)), _MOST)}
        if isinstance(node, ast.Name):
            return self._named(node.id, function, depth)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._functions:
            called = self._functions[node.func.id]
            returned = [each.value for each in ast.walk(called) if isinstance(each, ast.Return) and each.value]
            return set().union(*(self._inner(each, called, depth) for each in returned))
        return set()

    def _inner(self, node: ast.AST, function: ast.FunctionDef | None, depth: int) -> set[str]:
        if depth >= _DEEPEST:
            return set()
        found = self._texts(node, function, depth + 1)
        if isinstance(node, ast.Constant | ast.JoinedStr):
            self._parts.add(id(node))
        return found

    def _place(self, value: ast.expr, function: ast.FunctionDef | None, depth: int) -> set[str]:
        if not isinstance(value, ast.FormattedValue):
            return self._texts(value, function, depth)
        if value.format_spec is not None:
            return {"7"}
        if value.conversion == ord("r") or "_shown(" in ast.unparse(value.value):
            return {"'a'"}
        return self._inner(value.value, function, depth) or {self._sample}

    def _named(self, name: str, function: ast.FunctionDef | None, depth: int) -> set[str]:
        found: set[str] = set()
        for node in self._assigned_in(function) if function is not None else ():
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(each, ast.Name) and each.id == name for each in targets):
                more = self._inner(node.value, function, depth) if node.value is not None else set()
                found = (
                    {a + b for a, b in product(sorted(found), sorted(more))}
                    if isinstance(node, ast.AugAssign)
                    else found | more
                )
        if found:
            return found
        value = getattr(self._imported(), name, None)
        return {value} if isinstance(value, str) else set()

    def _assigned_in(self, function: ast.FunctionDef) -> list[ast.stmt]:
        if function not in self._assignments:
            self._assignments[function] = [node for node in ast.walk(function) if isinstance(node, _ASSIGNED)]
        return self._assignments[function]

    def _imported(self) -> ModuleType:
        dotted = self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return importlib.import_module("crashdesk" if dotted == "__init__" else f"crashdesk.{dotted}")


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, what goes to the log or to SQLite, and the parts of a text that are looked at with it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (value for value in node.values if isinstance(value, ast.Constant))
    elif isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in _TO_NOBODY:
            yield from (each for argument in node.args for each in ast.walk(argument))


def _own(node: ast.AST) -> str:
    if not isinstance(node, ast.JoinedStr | ast.Constant):
        return ""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return " ".join(each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _is_sentence(own: str) -> bool:
    return " " in own.strip() and len(_WORDS.findall(own)) >= 2 and not _CODE.search(own)
