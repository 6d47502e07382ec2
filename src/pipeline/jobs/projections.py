"""Every projection, found where it is declared, and what each table rests on.

Here: the one list of them, checked. Not here: any projection (``caseload``, ``trajectories``, ``checks``,
``versions``).
"""

from collections.abc import Iterable
from types import ModuleType
from typing import TypeVar

from pipeline import caseload, checks, trajectories, versions
from pipeline.versions.projection import ByProvider, Counted, Projection
from schemas.catalogue import SOURCES, TABLES
from schemas.declaration_checks import BadDeclaration
from schemas.discovery import declared
from schemas.source import ReadMode, Source
from schemas.table import Table

T = TypeVar("T")

ROOMS: tuple[ModuleType, ...] = (caseload, trajectories, checks, versions)
"""Where projections stand."""


def _in_rooms(kind: type[T]) -> list[T]:
    return [each for room in ROOMS for each in declared(room, kind)]


def _one_each(found: Iterable[tuple[str, T]], expected: Iterable[str], what: str) -> dict[str, T]:
    by_name: dict[str, T] = {}
    for name, each in found:
        if name in by_name:
            raise BadDeclaration(f"{name} has two of {what}: keep one")
        by_name[name] = each
    rooms = ", ".join(room.__name__ for room in ROOMS)
    if missing := [name for name in expected if name not in by_name]:
        raise BadDeclaration(f"{', '.join(missing)}: no module declares {what}; add one to a room of {rooms}")
    return {name: by_name[name] for name in expected}


PROJECTIONS: dict[str, Projection] = _one_each(
    ((each.table.name, each) for each in _in_rooms(Projection)), TABLES, "a Projection"
)
"""By table, in the order of the tables."""

COUNTED: dict[str, Counted] = _one_each(
    ((each.source.name, each) for each in _in_rooms(Counted)),
    [source.name for source in SOURCES.values() if source.read is ReadMode.COUNTED],
    "how it is counted (Counted)",
)
"""By source."""

BY_PROVIDER: dict[str, ByProvider] = _one_each(
    ((each.source.name, each) for each in _in_rooms(ByProvider)),
    [source.name for source in SOURCES.values() if source.read is ReadMode.BY_PROVIDER],
    "what its providers come to (ByProvider)",
)
"""By source."""


def _sources(inputs: Iterable[Source | Table]) -> frozenset[str]:
    return frozenset(name for each in inputs for name in _sources_behind(each))


def _sources_behind(each: Source | Table) -> frozenset[str]:
    return frozenset({each.name}) if isinstance(each, Source) else _sources(PROJECTIONS[each.name].inputs)


SOURCES_OF: dict[str, frozenset[str]] = {name: _sources(each.inputs) for name, each in PROJECTIONS.items()}
"""Per table the names of all sources it rests on, also through other tables."""
