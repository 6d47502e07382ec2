"""Every projection, found where it is declared, and what each table rests on.

Here: the one list of them, checked. Not here: any projection (``caseload``, ``trajectories``, ``checks``,
``versions``).
"""

from collections import Counter
from collections.abc import Iterable
from types import ModuleType
from typing import TypeVar

from pipeline import caseload, checks, names, trajectories, versions
from pipeline.versions.projection import ByProvider, Counted, Projection
from schemas.bad_declaration import BadDeclaration
from schemas.catalogue import SOURCES, TABLES
from schemas.declaration_checks import require_typed
from schemas.discovery import Placed, file_of, placed
from schemas.source import ReadMode, Source
from schemas.table import Table

T = TypeVar("T")

ROOMS: tuple[ModuleType, ...] = (caseload, trajectories, checks, versions, names)
"""Where projections stand."""


def _in_rooms(kind: type[T]) -> list[Placed[T]]:
    return [each for room in ROOMS for each in placed(room, kind)]


def _one_each(found: Iterable[tuple[str, Placed[T]]], expected: Iterable[str], what: str) -> dict[str, T]:
    """One declaration for each name; what is missing or there twice is noted in ``_FAULTS``."""
    by_name: dict[str, Placed[T]] = {}
    for name, each in found:
        if name in by_name:
            _FAULTS.append(f"{by_name[name].file} and {each.file}: {name} has two of {what}. Keep one.")
        by_name.setdefault(name, each)
    rooms = ", ".join(file_of(room.__name__).removesuffix(".py") for room in ROOMS)
    missing = [name for name in expected if name not in by_name]
    _FAULTS.extend(f"{name}: no module declares {what}. Add one to a room of {rooms}." for name in missing)
    return {name: by_name[name].value for name in expected if name in by_name}


_FAULTS: list[str] = []

_PROJECTIONS, _COUNTED, _BY_PROVIDER = _in_rooms(Projection), _in_rooms(Counted), _in_rooms(ByProvider)
require_typed([*_PROJECTIONS, *_COUNTED, *_BY_PROVIDER])

PROJECTIONS: dict[str, Projection] = _one_each(
    ((each.value.table.name, each) for each in _PROJECTIONS), TABLES, "a Projection"
)
"""By table, in the order of the tables."""

COUNTED: dict[str, Counted] = _one_each(
    ((each.value.source.name, each) for each in _COUNTED),
    [source.name for source in SOURCES.values() if source.read is ReadMode.COUNTED],
    "how it is counted (Counted)",
)
"""By source."""

BY_PROVIDER: dict[str, ByProvider] = _one_each(
    ((each.value.source.name, each) for each in _BY_PROVIDER),
    [source.name for source in SOURCES.values() if source.read is ReadMode.BY_PROVIDER],
    "what its providers come to (ByProvider)",
)
"""By source."""


def _explained(found: Placed[Projection]) -> list[str]:
    """Every column says once what is behind it; of the key all columns or none."""
    table = found.value.table
    named = Counter(name for each in found.value.explain for name in each.columns)
    keys = table.key if any(named[name] for name in table.key) else ()
    missing = [name for name in (*keys, *table.not_key) if not named[name]]
    wrong = [name for name, times in named.items() if times > 1 or name not in table.columns]
    said = [f"nothing says what is behind {', '.join(missing)}. Add Explained(...) for it"] if missing else []
    shows = found.value.row_shown_by
    said += (
        [f"row_shown_by={shows}, which has no explanation. Name a column that has one"]
        if shows and not named[shows]
        else []
    )
    said += [f"{', '.join(wrong)}: explained twice, or no column that has an explanation"] if wrong else []
    return [f"{found.file}: explain of {table.name}: {each}." for each in said]


_FAULTS.extend(fault for each in _PROJECTIONS for fault in _explained(each))

if _FAULTS:
    raise BadDeclaration(*_FAULTS)


def _sources(inputs: Iterable[Source | Table]) -> frozenset[str]:
    return frozenset(name for each in inputs for name in _sources_behind(each))


def _sources_behind(each: Source | Table) -> frozenset[str]:
    return frozenset({each.name}) if isinstance(each, Source) else _sources(PROJECTIONS[each.name].inputs)


SOURCES_OF: dict[str, frozenset[str]] = {name: _sources(each.inputs) for name, each in PROJECTIONS.items()}
"""Per table the names of all sources it rests on, also through other tables."""


def _modules_behind(each: Source | Table) -> frozenset[str]:
    if isinstance(each, Source):
        counted, digested = COUNTED.get(each.name), BY_PROVIDER.get(each.name)
        modules = set() if counted is None else {counted.count.__module__}
        modules |= set() if digested is None else {digested.digest.__module__, digested.digest_main.__module__}
        return frozenset(modules)
    own = PROJECTIONS[each.name].project
    behind = map(_modules_behind, PROJECTIONS[each.name].inputs)
    return frozenset({own.__module__} if own else ()).union(*behind)


MODULES_OF: dict[str, frozenset[str]] = {name: _modules_behind(each.table) for name, each in PROJECTIONS.items()}
"""Per table the modules that make it from the log: its own, those of the tables it rests on, and of what is counted."""


def _looks_at_latest(each: Source | Table) -> bool:
    if isinstance(each, Source):
        return False
    projection = PROJECTIONS[each.name]
    return projection.looks_at_latest or any(map(_looks_at_latest, projection.inputs))


RESTS_ON_LATEST = frozenset(name for name, each in PROJECTIONS.items() if _looks_at_latest(each.table))
"""The tables that the last day of delivery decides, also through other tables."""


def _is_kept(each: Source | Table) -> bool:
    if isinstance(each, Source):
        return True
    projection = PROJECTIONS[each.name]
    is_told_by_inputs = (
        bool(projection.inputs) and projection.project is not None and not projection.looks_at_what_waits
    )
    return is_told_by_inputs and all(map(_is_kept, projection.inputs))


KEPT_TABLES = frozenset(name for name, each in PROJECTIONS.items() if _is_kept(each.table))
"""The tables that change only with the deliveries that count for their sources (and the last day of delivery), and so
are kept from night to night: neither they nor a table behind them looks at anything else.
"""


def _without_subjects() -> list[str]:
    """A changed figure looks for the delivery that changed it among those about the same place."""
    compared = [name for name, table in TABLES.items() if table.is_restated and table.figures]
    resting = {source: [name for name in compared if source in SOURCES_OF[name]] for source in SOURCES}
    return [
        f"source {source}: figures of {', '.join(names)} rest on it and are compared from release to release, and "
        "nothing says what a row of the source is about. Give the source subjects, or the tables is_restated=False."
        for source, names in resting.items()
        if names and not SOURCES[source].subjects
    ]


if _faults := _without_subjects():
    raise BadDeclaration(*_faults)
