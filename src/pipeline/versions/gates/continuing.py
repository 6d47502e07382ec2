"""The gate about a month of other dossiers: as many rows as before, and hardly any of them known.

Here: which scopes are compared with which, and the judgement. Not here: reading the keys of the rows
(``pipeline.jobs.ingest``), scopes of another size (``replaced``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pipeline.versions.gates.closed import Closed, listed, scope_name
from pipeline.versions.gates.preceding import Judged, preceding
from schemas.limits import KNOWN_BELOW_SHARE, LEAST_ROWS_DIFFERENCE, NEAREST_WITHIN_DAYS

_MOST_COMPARED = 24
"""Scopes of a delivery that are compared: whose file it is shows in any of them."""

ROW_KEYS = pl.Schema({"place": pl.String(), "valid_on": pl.Date(), "key": pl.UInt64()})
"""Grain: one row and one of the numbers by which it may be known. Hashes of pseudonyms, the same within a process."""


@dataclass(frozen=True)
class Neighbour:
    """A scope of the delivery that is judged, and the nearest one of the same place that was there before."""

    place: str
    valid_on: date
    rows: int
    delivery: str
    """The one that brought the nearest scope."""
    beside: date


def neighbours(judged: Judged, counting: pl.DataFrame) -> list[Neighbour]:
    """Scopes that are judged, each with the nearest date that stands of its place; small ones are left out."""
    before = preceding(counting, judged).filter(pl.col("rows") >= LEAST_ROWS_DIFFERENCE)
    stands = before.group_by("place", "valid_on", maintain_order=True).last().drop_nulls(["place", "valid_on"])
    brought = judged.brought.filter(pl.col("rows") >= LEAST_ROWS_DIFFERENCE).drop_nulls(["place", "valid_on"])
    found = []
    for place, valid_on, rows in (
        brought.select("place", "valid_on", "rows").sort("place", "valid_on").head(_MOST_COMPARED).iter_rows()
    ):
        near = stands.filter(pl.col("place") == place).select(
            "delivery", "valid_on", off=(pl.col("valid_on") - pl.lit(valid_on)).abs()
        )
        near = near.filter(pl.col("off") <= timedelta(NEAREST_WITHIN_DAYS)).sort("off", "valid_on")
        found += [Neighbour(place, valid_on, rows, row[0], row[1]) for row in near.head(1).iter_rows()]
    return found


def strange(pairs: Iterable[tuple[Neighbour, pl.DataFrame, pl.DataFrame]]) -> list[Closed]:
    """Closed where under ``KNOWN_BELOW_SHARE`` of the rows of a scope stand in the one beside it.

    Of each pair the ``ROW_KEYS`` of the delivery that is judged, with a column "row", and those of its neighbour.
    """
    found = []
    for near, own, beside in pairs:
        here = own.filter((pl.col("place") == near.place) & (pl.col("valid_on") == near.valid_on))
        there = beside.filter((pl.col("place") == near.place) & (pl.col("valid_on") == near.beside))
        rows, before = here["row"].n_unique(), there["row"].n_unique()
        known = here.join(there, on="key", how="semi")["row"].n_unique()
        # What grew or shrank is for another gate: of the smaller one the rows have to be known.
        if min(rows, before) >= LEAST_ROWS_DIFFERENCE and known < KNOWN_BELOW_SHARE * min(rows, before):
            scope = scope_name(near.place, None, near.valid_on)
            found.append(f"{scope}: {known} of {rows} rows known from {scope_name(None, None, near.beside)}")
    return [Closed("DELIVERY-012", f"other dossiers and clients than before: {listed(found)}")] if found else []
