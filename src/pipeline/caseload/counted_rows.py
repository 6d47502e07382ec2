"""The rows of a delivery that a figure about the caseload counts, as parts of an explanation.

The conditions are those of the counts: what is live (``IS_LIVE``), where spells begin and end
(``delivery_counts.spell_starts``, ``spell_ends``), whom a row is the first to name. Not here: which delivery counts,
the counts themselves (``delivery_counts``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from pipeline.caseload.delivery_counts import (
    ORIGIN,
    SCOPE,
    first_to_name,
    has_unknown_persons,
    spell_ends,
    spell_starts,
)
from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.projection import Known
from schemas.sources import caseload, caseload_totals
from schemas.sources.caseload import IS_LIVE
from schemas.vocabulary import SERIES_SCHEMES, Series


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
    benefits: pl.DataFrame
    """All rows of the scope, of every series."""
    total: pl.DataFrame
    """The reported total, where no benefits were delivered."""

    @classmethod
    def about(cls, lineage: Lineage, cell: StockCell) -> "Reported":
        return lineage.known.once(_Reading(cell, lineage))

    @property
    def is_counted(self) -> bool:
        return not self.benefits.is_empty()

    @property
    def series(self) -> pl.DataFrame:
        """Benefits of the series alone."""
        return self.benefits.filter(pl.col("scheme_code").is_in(SERIES_SCHEMES[Series(self.cell.series)]))

    @property
    def live(self) -> pl.DataFrame:
        return self.series.filter(IS_LIVE)

    def traces(self, part: str, benefits: pl.DataFrame) -> list[Trace]:
        """These benefits, or the total; where no benefit counts, the row that shows that the date was delivered."""
        if not self.is_counted:
            return self.lineage.traces(part, caseload_totals.SOURCE, self.total)
        return self.lineage.traces(part, caseload.SOURCE, self.witness if benefits.is_empty() else benefits)

    def delivered(self, part: str) -> list[Trace]:
        """One row that shows that the date was delivered."""
        return self.traces(part, self.witness)

    @property
    def witness(self) -> pl.DataFrame:
        """One benefit that adds nothing but its date: one that lives and is the first dossier of its spell, if any.

        A later dossier by itself would look like a new spell.
        """
        spell = ["client_key", ORIGIN]
        is_first = pl.col("started_on") == pl.col("started_on").min().over(spell)
        order = {"is_live": IS_LIVE, "is_first": is_first}
        return (
            self.benefits.with_columns(**order)
            .sort("is_live", "is_first", "started_on", "row", descending=[True, True, False, False])
            .head(1)
        )

    def stock(self, part: str) -> list[Trace]:
        return self.traces(part, self.live)

    def persons(self, part: str) -> list[Trace]:
        """Rows that are the first to name somebody; where the persons are not known, the first that leaves it open."""
        unknown = self.live.filter(has_unknown_persons())
        return self.traces(part, first_to_name(self.live) if unknown.is_empty() else unknown.head(1))

    def started(self, part: str, after: date) -> list[Trace]:
        """The dossiers with which spells began after a day, up to the reference date."""
        return self.traces(part, spell_starts(self.series, _BY).filter(pl.col("date") > after))

    def ended(self, part: str, since: date, among: pl.Expr | None = None) -> list[Trace]:
        """The dossiers with which spells ended from a day on and before the reference date."""
        ends = self._ended(since)
        return self.traces(part, ends if among is None else ends.filter(among))

    def begun_before(self, part: str, previous: date) -> list[Trace]:
        """The first dossiers of spells that were restarted since a day: those in stock and those that ended would each
        be a new spell without them.
        """
        ends = self._ended(previous).select("row")
        counted = pl.concat([self.live.select("row"), ends]).unique()
        own = self.series.with_columns(origin=ORIGIN).join(counted, on="row", how="semi")
        since = own.group_by("client_key", "origin").agg(counted_from=pl.col("started_on").min())
        first = spell_starts(self.series, _BY).join(since, on=["client_key", "origin"])
        restarted = first.filter(pl.col("date") <= previous, pl.col("counted_from") > previous)
        return [] if restarted.is_empty() else self.lineage.traces(part, caseload.SOURCE, restarted)

    def _ended(self, since: date) -> pl.DataFrame:
        inside = (pl.col("date") >= since) & (pl.col("date") < pl.col("reference_date"))
        return spell_ends(self.series, _BY).filter(inside)


@dataclass(frozen=True)
class _Reading:
    """Read once, however many parts of a figure rest on the same benefits."""

    cell: StockCell
    lineage: Lineage = field(compare=False)

    def __call__(self, _: Known) -> Reported:
        scope = {"municipality_code": self.cell.municipality_code, "reference_date": self.cell.reference_date}
        benefits = self.lineage.rows(caseload.SOURCE, **scope)
        totals = self.lineage.rows(caseload_totals.SOURCE, **scope, series=self.cell.series)
        return Reported(self.lineage, self.cell, benefits, totals if benefits.is_empty() else totals.clear())


_BY = ["delivery", *SCOPE]
