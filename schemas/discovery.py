"""Finding declarations where they stand, so that no list has to name them a second time.

Here: the modules of a package, and the objects of one type in them. Not here: which declarations there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from traceback import walk_tb
from types import ModuleType
from typing import Generic, TypeVar

from schemas.bad_declaration import BadDeclaration

T = TypeVar("T")

_OURS = ("schemas.", "pipeline.")


def imported(name: str) -> ModuleType:
    """The module of this name. A mistake that keeps it from being read is a ``BadDeclaration`` with file and line."""
    try:
        return import_module(name)
    except BadDeclaration:
        raise
    except Exception as error:  # whatever a declaration can get wrong while it is read
        what = str(error).partition("\n")[0].rstrip(".")
        raise BadDeclaration(
            f"{_place(error, name)}: {type(error).__name__}: {what}. Correct what stands there."
        ) from error


def _place(error: Exception, name: str) -> str:
    """The last line of ours that was read before the error."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    read = [
        (str(frame.f_globals["__name__"]), line)
        for frame, line in walk_tb(error.__traceback__)
        if frame.f_code.co_name == "<module>" and frame.f_globals["__name__"].startswith(_OURS)
    ]
    return f"{file_of(read[-1][0])}, line {read[-1][1]}" if read else file_of(name)


def file_of(module: str) -> str:
    """Where a module of ours stands, as a person looks for it."""
    return f"{'src/' if module.startswith('pipeline.') else ''}{module.replace('.', '/')}.py"


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of a package, those of its packages too, by name."""
    for info in sorted(iter_modules(package.__path__), key=lambda each: each.name):
        module = imported(f"{package.__name__}.{info.name}")
        yield module
        if info.ispkg:
            yield from modules(module)


def module_names(package: ModuleType) -> list[str]:
    """Names of the modules of a package, those of its packages too, without reading any of them."""
    waiting, found = [(package.__name__, list(package.__path__))], []
    while waiting:
        name, path = waiting.pop()
        for info in iter_modules(path):
            found.append(f"{name}.{info.name}")
            if info.ispkg:
                waiting.append((found[-1], [f"{each}/{info.name}" for each in path]))
    return found


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A declaration and the file it stands in."""

    file: str
    value: T


def declared(package: ModuleType, kind: type[T]) -> tuple[T, ...]:
    """Every object of this type that a module of the package declares under a public name, each once."""
    return tuple(each.value for each in placed(package, kind))


def placed(package: ModuleType, kind: type[T]) -> tuple[Placed[T], ...]:
    """The same, with the file of each."""
    found: dict[int, Placed[T]] = {}
    for module in modules(package):
        for name, value in vars(module).items():
            if isinstance(value, kind) and not name.startswith("_"):
                found.setdefault(id(value), Placed(file_of(module.__name__), value))
    return tuple(found.values())
