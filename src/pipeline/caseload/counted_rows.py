"""From a curated figure back to the rows it rests on.

Here: which rows of a delivery a figure counts. Not here: finding the delivery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.caseload.delivery_counts import SCOPE, spell_ends, spell_starts
from schemas.sources.caseload import IS_LIVE
from schemas.vocabulary import SERIES_SCHEMES, Series


@dataclass(frozen=True)
class Cell:
    """One cell of a table about the caseload."""

    municipality_code: str
    reference_date: date
    series: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Cell":
        """The cell that a row of such a table stands in."""
        return cls(row["municipality_code"], row["reference_date"], row["series"])


def counted_rows(rows: pl.DataFrame, cell: Cell) -> list[int]:
    """Row numbers of the benefits in stock."""
    return _of(rows, cell).filter(IS_LIVE)["row"].sort().to_list()


def started_rows(rows: pl.DataFrame, cell: Cell, previous: date) -> list[int]:
    """Row numbers of the dossiers with which spells began after ``previous``, up to the reference date."""
    starts = spell_starts(_of(rows, cell), list(SCOPE))
    return starts.filter(pl.col("date") > previous)["row"].sort().to_list()


def ended_rows(rows: pl.DataFrame, cell: Cell, previous: date, reason: str | None = None) -> list[int]:
    """Row numbers of the dossiers with which spells ended between ``previous`` and the reference date, for one reason
    or all.
    """
    ends = spell_ends(_of(rows, cell), list(SCOPE))
    inside = ends.filter((pl.col("date") >= previous) & (pl.col("date") < cell.reference_date))
    return (inside if reason is None else inside.filter(pl.col("end_reason") == reason))["row"].sort().to_list()


def _of(rows: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    return rows.filter(
        (pl.col("municipality_code") == cell.municipality_code)
        & (pl.col("reference_date") == cell.reference_date)
        & pl.col("scheme_code").is_in(SERIES_SCHEMES[Series(cell.series)])
    )
