"""A fingerprint of what a piece of code does: the same for the same statements, whatever their comments and layout.

Here: reading our own modules and what of ours they import. Not here: which modules decide what (``jobs.fingerprints``).

Docstrings, comments and layout do not count. In declarations (``schemas``) neither does wording, such as the title of a
rule, unless it is asked for; what of it decides something is counted by value.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.store.kept_fingerprints import kept

_OURS = ("pipeline", "schemas")
_UNSTABLE = ("type_params", "type_comment", "kind", "ctx")
"""Fields that differ between versions of Python, or follow from the others."""
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
"""Fields of statements, and of their clauses, that hold statements."""
_WORDED_FROM = {"Rule": 2, "RuleFamily": 1, "Column": 3, "KeyPart": 2}
"""In which declarations texts are wording, and from which argument on. Elsewhere a text with a space is."""


def code_fingerprint(modules: Iterable[str], *, with_wording: bool = False) -> str:
    """Of these modules and of every module of ours that they import, directly or through others."""
    wanted = frozenset(modules)
    name = ",".join(sorted(wanted))
    return kept(f"{name} in words" if with_wording else name, _OURS, lambda: _made(wanted, with_wording=with_wording))


def _made(modules: frozenset[str], *, with_wording: bool) -> str:
    digest = hashlib.sha256()
    for name in sorted(_closure(modules)):
        hides_wording = not with_wording and name.split(".", maxsplit=1)[0] == "schemas"
        digest.update(f"{name}\n{_statements(name, hides_wording=hides_wording)}\n".encode())
    return digest.hexdigest()


@cache
def _closure(modules: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports(name)
    return frozenset(found)


@cache
def _tree(name: str) -> ast.Module:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module {name} to take a fingerprint of")
    return ast.parse(Path(spec.origin).read_bytes())


def _imports(name: str) -> list[str]:
    """Modules of ours that a module names in its imports; a name that is no module belongs to the one before it."""
    wanted: list[str] = []
    for node in _every_statement(_tree(name).body):
        if isinstance(node, ast.Import):
            wanted += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted += [f"{node.module}.{each.name}" for each in node.names]
    return [_module(each) for each in wanted if each.split(".")[0] in _OURS]


def _every_statement(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """These and those inside them. No import stands in an expression, of which there are thirty times as many."""
    for each in statements:
        yield each
        for block in _BLOCKS:
            yield from _every_statement(getattr(each, block, ()))


@cache
def _module(name: str) -> str:
    """The module that an imported name is, or stands in."""
    above = name.rpartition(".")[0]
    # Asked of a name below a module that is no package, ``find_spec`` would load that module.
    return name if (not above or _is_package(above)) and find_spec(name) is not None else above


@cache
def _is_package(name: str) -> bool:
    spec = find_spec(name)
    return spec is not None and spec.submodule_search_locations is not None


@cache
def _statements(name: str, *, hides_wording: bool) -> str:
    parts: list[str] = []
    _dump(_tree(name), parts, hides_wording=hides_wording)
    return "".join(parts)


def _dump(node: object, parts: list[str], *, hides_wording: bool) -> None:
    """Append the tree as text: classes and fields, in the order of the source."""
    if isinstance(node, ast.AST):
        parts.append(type(node).__name__)
        for name in node._fields:
            value = getattr(node, name, None)
            if hides_wording and isinstance(node, ast.Call) and isinstance(value, list):
                value = _without_wording(node, value)
            if value is not None and value != [] and name not in _UNSTABLE:
                parts.append(f" {name}=")
                _dump(value, parts, hides_wording=hides_wording)
        parts.append(";")
    elif isinstance(node, list):
        for each in node:
            if not _is_docstring(each):
                _dump(each, parts, hides_wording=hides_wording)
    elif hides_wording and isinstance(node, str) and " " in node:
        parts.append("…")
    else:
        parts.append(repr(node))


def _without_wording(call: ast.Call, arguments: Sequence[ast.AST]) -> list[ast.AST]:
    """The arguments of a declaration that are no wording; names and codes given by keyword are counted by value."""
    first = _WORDED_FROM.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if first is None:
        return list(arguments)
    return [
        each for place, each in enumerate(arguments) if not (_is_text(each) and (_is_named(each) or place >= first))
    ]


def _is_named(argument: ast.AST) -> bool:
    return isinstance(argument, ast.keyword)


def _is_text(argument: ast.AST) -> bool:
    value = argument.value if isinstance(argument, ast.keyword) else argument
    return isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))


def _is_docstring(node: object) -> bool:
    """A string that stands by itself: it explains something and does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
