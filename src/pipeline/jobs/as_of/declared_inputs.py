"""A state as one projection may see it (``versions.projection.Known``): only what it declares to rest on.

Here: the sources and tables that a projection may ask for, and what several of them share. Not here: the state of a day
(``as_of_state``), any figure (the projections).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

import polars as pl

from pipeline.jobs.as_of.providers import Providers
from pipeline.jobs.as_of.row_lookup import looked_up
from pipeline.versions import supersede
from pipeline.versions.projection import Judge, Known, Lookup, Projection, UndeclaredInput
from schemas.source import Source
from schemas.table import Table

if TYPE_CHECKING:
    from pipeline.jobs.as_of.as_of_state import AsOfState

T = TypeVar("T")

Input = tuple[type, str]
"""A source or a table, by its kind and name; or the last day of delivery or decision (``looks_at_latest``)."""
_LATEST: Input = (date, "latest")


def _input(each: Source | Table) -> Input:
    return type(each), each.name


class DeclaredInputs:
    """A state as one projection may see it: the sources and tables that it declares, and no others."""

    def __init__(self, state: "AsOfState", projection: Projection) -> None:
        self._state = state
        self._projection = projection
        self._allowed = frozenset(map(_input, projection.inputs))
        if projection.looks_at_latest:
            self._allowed |= {_LATEST}
        self.used: set[Input] = set()

    @property
    def day(self) -> date | None:
        return self._state.day

    @property
    def latest(self) -> date | None:
        self._check(frozenset({_LATEST}))
        return self._state.latest

    @property
    def known_until(self) -> date | None:
        self._check(frozenset({_LATEST}))
        return self._state.known_until

    @property
    def statuses(self) -> pl.DataFrame:
        self._require_made_every_night()
        return self._state.statuses

    @property
    def other_names(self) -> pl.DataFrame:
        self._require_made_every_night()
        return self._state.contents.statuses.other_names(self._state.day)

    @property
    def log_findings(self) -> pl.DataFrame:
        self._require_made_every_night()
        return self._state.contents.findings

    @property
    def versions(self) -> pl.DataFrame:
        self._require_made_every_night()
        return self._state.versions

    @property
    def twins(self) -> pl.DataFrame:
        self._require_made_every_night()
        return self._state.twins

    def rows(self, source: Source) -> pl.DataFrame:
        """The rows that count: of each scope those of the winning delivery. Counts, where it is read as counts."""
        name, state = self._declared(source), self._state
        if name not in state.rows:
            ranks = state.contents.statuses.ranks(name, state.day)
            state.rows[name] = supersede.winning(state.contents.rows(source), ranks, source.scope)
        return state.rows[name]

    def redelivered(self, source: Source) -> pl.DataFrame:
        return supersede.redelivered(self._state.scopes(self._declared(source)))

    def reach(self, *sources: Source) -> date | None:
        return self._state.reach([self._declared(source) for source in sources])

    def reach_by_provider(self, source: Source) -> pl.DataFrame:
        return self._providers(source).readings.reach(self.day)

    def sent_again(self, source: Source) -> pl.DataFrame:
        return self._providers(source).readings.sent_again(self.day)

    def table(self, table: Table) -> pl.DataFrame:
        return self._state.table(self._declared(table))

    def once(self, step: Callable[[Known], T]) -> T:
        if step not in self._state.steps:
            own = DeclaredInputs(self._state, self._projection)
            self._state.steps[step] = step(cast(Known, own)), frozenset(own.used)
        value, used = self._state.steps[step]
        self._check(used)
        return cast(T, value)

    def on(self, day: date) -> Known:
        view = DeclaredInputs(self._state.on(day), self._projection)
        view.used = self.used
        return cast(Known, view)

    def providers(self, source: Source) -> Sequence[Mapping[str, pl.DataFrame]]:
        return self._providers(source).parts(self.day)

    def provider_part(self, source: Source, select: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        return self._providers(source).part(self.day, select)

    def beside_providers(self, source: Source, asked: pl.DataFrame, judge: Judge) -> pl.DataFrame:
        return self._providers(source).beside(asked, judge)

    def look_up(self, lookup: Lookup, asked: pl.DataFrame) -> pl.DataFrame:
        return looked_up(self._state.contents, lookup, self.rows(lookup.source), asked)

    def _providers(self, source: Source) -> Providers:
        return self._state.contents.providers[self._declared(source)]

    def _require_made_every_night(self) -> None:
        """A table that is kept while the same deliveries count may not look at those that do not count."""
        if self._projection.inputs and not self._projection.looks_at_what_waits:
            raise UndeclaredInput(
                f"the projection of {self._projection.table.name} looks at more than the deliveries that count for it: "
                "say looks_at_what_waits"
            )

    def _declared(self, each: Source | Table) -> str:
        self._check(frozenset({_input(each)}))
        return each.name

    def _check(self, used: frozenset[Input]) -> None:
        if unknown := sorted(name for _, name in used - self._allowed):
            raise UndeclaredInput(
                f"the projection of {self._projection.table.name} looks at {', '.join(unknown)}: add it to its inputs"
            )
        self.used |= used
