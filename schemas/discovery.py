"""Finding declarations where they stand, so that no list has to name them a second time.

Here: the modules of a package, and the objects of one type in them. Not here: which declarations there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Generic, TypeVar

T = TypeVar("T")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of a package, those of its packages too, by name."""
    for info in sorted(iter_modules(package.__path__), key=lambda each: each.name):
        module = import_module(f"{package.__name__}.{info.name}")
        yield module
        if info.ispkg:
            yield from modules(module)


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
                found.setdefault(id(value), Placed(f"{module.__name__.replace('.', '/')}.py", value))
    return tuple(found.values())
