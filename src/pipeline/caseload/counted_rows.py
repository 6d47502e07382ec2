"""The rows of a delivery that a figure about the caseload counts, as parts of an explanation.

The conditions are those of the counts: what is live (``IS_LIVE``), where spells begin and end
(``spells.spell_starts``, ``spell_ends``), whom a row is the first to name. Not here: which delivery counts,
the counts themselves (``delivery_counts``), reading many benefits in little time (``benefits_read``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from pipeline.caseload.benefits_read import Benefits, is_of, numbers
from pipeline.caseload.spells import ORIGIN
from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.projection import Known
from pipeline.versions.status_by_day import READING
from schemas.sources import caseload, caseload_totals
from schemas.sources.caseload import IS_LIVE


@dataclass(frozen=True)
class StockCell:
    """One cell of a table about the caseload."""

    municipality_code: str
    reference_date: date
    series: str

    @classmethod
    def of(cls, row: Mapping[str, Any], on: date | None = None) -> "StockCell":
        """The cell that a row of such a table stands in, or the one of its line on another date."""
        return cls(row["municipality_code"], on or row["reference_date"], row["series"])

    @property
    def key(self) -> tuple[str, date, str]:
        return self.municipality_code, self.reference_date, self.series


@dataclass(frozen=True)
class Reported:
    """What the deliveries that count say about one cell: benefits, or else a total."""

    lineage: Lineage
    cell: StockCell
    benefits: Benefits | None
    """All rows of the scope, of every series; None where no benefits were delivered."""
    total: pl.DataFrame
    """The reported total, where no benefits were delivered."""

    @classmethod
    def about(cls, lineage: Lineage, cell: StockCell) -> "Reported":
        benefits = lineage.known.once(_Reading(cell.municipality_code, cell.reference_date, lineage))
        if benefits is not None:
            return cls(lineage, cell, benefits, pl.DataFrame())
        named = {"municipality_code": cell.municipality_code, "reference_date": cell.reference_date}
        return cls(lineage, cell, None, lineage.rows(caseload_totals.SOURCE, **named, series=cell.series))

    @property
    def is_counted(self) -> bool:
        return self.benefits is not None

    def traces(self, part: str, rows: tuple[int, ...]) -> list[Trace]:
        """These benefits, or the total; where there is none of them, the row that shows that the date was delivered."""
        if self.benefits is None or not rows:
            return self.delivered(part if self.benefits is None else f"no {part}")
        return [self.lineage.trace(part, caseload.SOURCE.name, self.benefits.delivery, rows)]

    def delivered(self, part: str) -> list[Trace]:
        """One row that shows that the date was delivered."""
        if self.benefits is None:
            return self.lineage.traces(part, caseload_totals.SOURCE, self.total)
        return [self.lineage.trace(part, caseload.SOURCE.name, self.benefits.delivery, self.benefits.witness)]

    def stock(self, part: str) -> list[Trace]:
        return self.traces(part, self.benefits.stock(self.cell.series) if self.benefits else ())

    def persons(self, part: str) -> list[Trace]:
        """Rows that are the first to name somebody; where the persons are not known, the first that leaves it open."""
        return self.traces(part, self.benefits.naming(self.cell.series) if self.benefits else ())

    def live_and(self, part: str, also: pl.Expr) -> list[Trace]:
        """Those in stock of which something else is true; none where of nobody it is."""
        rows = numbers(self.benefits.live(self.cell.series).filter(also)) if self.benefits else ()
        return self.traces(part, rows) if rows else []

    def started(self, part: str, after: date) -> list[Trace]:
        """The dossiers with which spells began after a day, up to the reference date."""
        return self.traces(part, self._counted.started(self.cell.series, after))

    def ended(self, part: str, since: date, among: pl.Expr | None = None) -> list[Trace]:
        """The dossiers with which spells ended from a day on and before the reference date."""
        if among is None:
            return self.traces(part, self._counted.ended(self.cell.series, since))
        return self.traces(part, numbers(self._counted.ends(self.cell.series, since).filter(among)))

    def begun_before(self, part: str, previous: date) -> list[Trace]:
        """The first dossiers of spells that were restarted since a day: those in stock and those that ended would each
        be a new spell without them.
        """
        moved = self._counted.moved(previous).filter(is_of(self.cell.series))
        ends = self._counted.ends(self.cell.series, previous)
        counted = pl.concat([moved.filter(IS_LIVE).select("row"), ends.select("row")]).unique()
        own = moved.with_columns(origin=ORIGIN).join(counted, on="row", how="semi")
        since = own.group_by("client_key", "origin").agg(counted_from=pl.col("started_on").min())
        first = self._counted.starts(self.cell.series, previous).join(since, on=["client_key", "origin"])
        restarted = first.filter(pl.col("date") <= previous, pl.col("counted_from") > previous)
        return [] if restarted.is_empty() else self.traces(part, numbers(restarted))

    @property
    def _counted(self) -> Benefits:
        if self.benefits is None:
            raise LookupError(f"no benefits were delivered about {self.cell.key}")
        return self.benefits


@dataclass(frozen=True)
class _Reading:
    """Found once for a day as known; what is read of a delivery, once for all days."""

    municipality_code: str
    reference_date: date
    lineage: Lineage = field(compare=False)

    def __call__(self, _: Known) -> Benefits | None:
        place, day = self.municipality_code, self.reference_date
        scope = {"municipality_code": place, "reference_date": day}
        read = partial(self.lineage.scanned, caseload.SOURCE, **scope)
        for delivery, processing, rules in self.lineage.deciding(caseload.SOURCE, **scope).select(READING).iter_rows():
            told = partial(self.lineage.told_of, caseload.SOURCE, (delivery, processing, rules))
            return self.lineage.kept(Benefits(delivery, processing, rules, place, day, read, told))
        return None
