"""One figure and its explanation, tried: the named rows alone give it, and each of them is needed.

Here: what a log comes to with some of its rows only. Not here: which figures are tried (``__main__``,
``test_explained``).
"""

import itertools
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, cast

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.lineage.explain import ExplainedCell, Explanation, explained
from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.projections import COUNTED, PROJECTIONS
from pipeline.jobs.workspace import Workspace
from pipeline.store.log.log import Log
from pipeline.versions import not_counting
from pipeline.versions.explanation import Trace
from schemas.catalogue import TABLES
from schemas.table import Table
from schemas.vocabulary import DeliveryStatus

Names = frozenset[tuple[str, str, int]]
"""Rows of the log: source, delivery, row; row 0 stands for a delivery as a whole."""


class _Some:
    """A table of the log, of which some rows are left."""

    def __init__(self, rows: pl.DataFrame, path: object) -> None:
        self._rows = rows
        self.path = path

    def rows(self, deliveries: Iterable[str] | None = None, **_years: object) -> pl.LazyFrame:
        """Also rows of other years: which files are left out is not what is tried."""
        found = self._rows if deliveries is None else self._rows.filter(pl.col("delivery").is_in(list(set(deliveries))))
        return found.lazy()


@dataclass(frozen=True)
class _SomeLog:
    sources: Mapping[str, Any]
    findings: Any


@dataclass(frozen=True)
class Lived:
    """The log of a folder, in memory."""

    workspace: Workspace
    events: pl.DataFrame
    rows: Mapping[str, pl.DataFrame]
    findings: pl.DataFrame

    @classmethod
    def of(cls, workspace: Workspace) -> "Lived":
        sources = workspace.log.sources
        rows = {name: table.rows().collect() for name, table in sources.items()}
        return cls(workspace, workspace.log.events(), rows, workspace.log.findings.rows().collect())

    def state(
        self,
        rows: Callable[[str, pl.DataFrame], pl.DataFrame],
        events: pl.DataFrame,
        findings: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
    ) -> LogContents:
        tables = self.workspace.log.sources
        sources = {name: _Some(rows(name, frame), tables[name].path) for name, frame in self.rows.items()}
        log = _SomeLog(sources, _Some(findings(self.findings), self.workspace.log.findings.path))
        return LogContents(
            replace(self.workspace, log=cast(Log, log)), events, lambda _: None, afresh=True, keeps=False
        )

    def whole(self) -> LogContents:
        return self.state(lambda _, frame: frame, self.events)

    def only(self, traces: Iterable[Trace]) -> LogContents:
        """The log of a folder that holds the named rows and nothing else: in the files that are named, each with what
        it was a copy of; of what is named as a whole in every file.
        """
        traces = [*traces]
        names = frozenset(names_of(traces))
        named, files = _by_source(names)
        events = self.events.filter(
            pl.col("delivery").is_in([delivery for _, delivery, _ in names]),
            (pl.col("event") != DeliveryStatus.COPIED)
            | pl.col("file_name").is_in([trace.file_name for trace in traces])
            | pl.col("delivery").is_in([trace.delivery for trace in traces if not trace.rows]),
        )
        return self.state(lambda source, frame: _kept(frame, named[source], files[source]), events)

    def without(self, name: tuple[str, str, int], whole: LogContents) -> LogContents:
        """The whole log without one row, or one delivery; what the other deliveries count is known from the whole."""
        source, delivery, row = name
        is_it = (pl.col("delivery") == delivery) & ((pl.col("row") == row) if row else pl.lit(value=True))
        events = self.events if row else self.events.filter(pl.col("delivery") != delivery)
        contents = self.state(
            lambda own, frame: frame.filter(~is_it) if own == source else frame,
            events,
            lambda findings: findings.filter(~is_it),
        )
        for each, counted in COUNTED.items():
            kept = whole.rows(counted.source)
            if each == source:
                left = counted.count(contents.workspace.log.sources[each].rows([delivery]))
                kept = pl.concat([kept.filter(pl.col("delivery") != delivery), left])
            contents.read[each] = kept
        return contents


def _by_source(names: Names) -> tuple[dict[str, list[tuple[str, int]]], dict[str, list[str]]]:
    named: dict[str, list[tuple[str, int]]] = defaultdict(list)
    files: dict[str, list[str]] = defaultdict(list)
    for source, delivery, row in sorted(names):
        (named[source].append((delivery, row)) if row else files[source].append(delivery))
    return named, files


def _kept(frame: pl.DataFrame, named: list[tuple[str, int]], files: list[str]) -> pl.DataFrame:
    keys = pl.DataFrame(named, schema={"delivery": pl.String(), "row": frame.schema["row"]}, orient="row")
    is_whole = frame.filter(pl.col("delivery").is_in(files))
    return pl.concat([is_whole, frame.join(keys, on=["delivery", "row"], how="semi")]).unique(
        ["delivery", "row", "processing"]
    )


@lru_cache(maxsize=4)
def state_of(contents: LogContents, day: date | None) -> AsOfState:
    """A log as known on a day: the figure and its explanation are asked of the same tables, each made once."""
    return AsOfState(contents, day)


@dataclass(frozen=True)
class Asked:
    """One figure: which table, row and column, as known on which day."""

    table: Table
    row: Mapping[str, Any]
    column: str
    day: date | None

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(self.row[name] for name in self.table.key)

    def __str__(self) -> str:
        return f"{self.table.name} {' '.join(map(str, self.key))} {self.column} as known on {self.day or 'the end'}"

    def again(self, contents: LogContents) -> tuple[bool, Any]:
        """Whether the row is there in another log, and its figure."""
        table = state_of(contents, self.day).table(self.table.name)
        same = [pl.col(name).eq_missing(pl.lit(value)) for name, value in zip(self.table.key, self.key, strict=True)]
        found = table.filter(same)
        return (True, found[self.column].to_list()[0]) if found.height else (False, None)

    def explained(self, contents: LogContents) -> Explanation:
        lineage = LogLineage(state_of(contents, self.day), PROJECTIONS[self.table.name])
        return explained(lineage, self.table, lineage.row(self.table, self.key) or self.row, self.column)

    def names(self, contents: LogContents) -> Names:
        return frozenset(names_of(self.explained(contents).traces))


def names_of(traces: Iterable[Trace]) -> Iterator[tuple[str, str, int]]:
    for trace in traces:
        yield from ((trace.source, trace.delivery, row) for row in trace.rows or (0,))


@dataclass
class Tried:
    """What came of the figures of one table."""

    cells: int = 0
    rows: int = 0
    left_out: int = 0
    insufficient: list[str] = field(default_factory=list)
    unneeded: list[str] = field(default_factory=list)
    seconds: float = 0.0


def cells(contents: LogContents, chance: random.Random, day: date | None, names: Iterable[str]) -> Iterator[Asked]:
    """A random figure of each of these tables, for as long as somebody asks; of each table every column in turn, those
    of the key as one: of them it is tried that there is such a row.
    """
    state = state_of(contents, day)
    each = {name: (*TABLES[name].not_key, TABLES[name].key[0]) for name in names}
    columns = {name: chance.sample(own, len(own)) for name, own in each.items()}
    for turn in itertools.count():
        for name, own in columns.items():
            table, frame = TABLES[name], state.table(name)
            if frame.height:
                row = frame[chance.randrange(frame.height)].to_dicts()[0]
                yield Asked(table, row, own[turn % len(own)], day)


UNTRIED: dict[str, str] = {
    "restatements": "names releases: tried apart, by the figures before and after (restated)",
    "releases": "names releases: made by the history of releases, and no delivery is behind it",
}
"""Tables that are not tried, and why. Of all others every column is."""


def faults(
    lived: Lived, whole: LogContents, asked: Asked, chance: random.Random, most: int
) -> Iterator[tuple[str, str]]:
    """Faults of one explanation; at most so many rows are left out in turn."""
    explanation = asked.explained(whole)
    names = frozenset(names_of(explanation.traces))
    wanted = (True, asked.row[asked.column])
    found = asked.again(lived.only(explanation.traces))
    if found != wanted:
        yield "insufficient", f"{asked}: {wanted[1]!r} is {found[1] if found[0] else 'gone'!r} from {len(names)} rows"
    for name in chance.sample(sorted(names), min(most, len(names))):
        other = lived.without(name, whole)
        if asked.again(other) == wanted and _is_the_same(explanation, asked.explained(other), name):
            yield "unneeded", f"{asked}: {wanted[1]!r} is the same without {name[0]} row {name[2]}"


def _is_the_same(before: Explanation, after: Explanation, name: tuple[str, str, int]) -> bool:
    """Nothing but that row is gone: the others decide as before, and the figures behind this one are the same."""
    return _shape(before, name) == _shape(after, name)


def _shape(of: Explanation | ExplainedCell, name: tuple[str, str, int]) -> object:
    own = {(trace.part, *row) for trace in of.own for row in names_of([trace]) if row != name}
    cells_behind = [(each.table, each.key, each.column, each.value, _shape(each, name)) for each in of.cells]
    stated = [each for each in of.stated if each.part not in ("decision", not_counting.PART)]
    return own, stated, cells_behind


def try_cells(
    lived: Lived, whole: LogContents, asked: Iterable[Asked], chance: random.Random, most: int = 3
) -> dict[str, Tried]:
    """By table, for each of the figures asked."""
    told: dict[str, Tried] = {}
    for each in asked:
        own = told.setdefault(each.table.name, Tried())
        began = time.perf_counter()
        rows = each.names(whole)
        own.seconds += time.perf_counter() - began
        own.cells += 1
        own.rows += len(rows)
        own.left_out += min(most, len(rows))
        for kind, fault in faults(lived, whole, each, chance, most):
            (own.insufficient if kind == "insufficient" else own.unneeded).append(fault)
    return told
