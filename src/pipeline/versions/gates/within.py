"""What rows of one delivery show beside each other: a person on many benefits, persons twice, a stock that stood still.

Here: what is kept of each batch while a file is read, and the judgement at its end; no other delivery is asked, so a
check before sending finds the same. Not here: what stands beside another delivery (``continuing``), taking rows to
quarantine (``pipeline.jobs.ingest``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.versions.gates.closed import Closed, listed, numbers, scope_name
from schemas.gates import Continuing
from schemas.limits.deliveries import DOUBLED_ABOVE_SHARE, LEAST_DOUBLED, MOST_BENEFITS_OF_ONE
from schemas.source import Source

_FIRST = 5
_SCOPE = ["place", "valid_on"]


@dataclass(frozen=True)
class Seen:
    """What is kept of the current rows of a batch. Hashes are the same within a process alone."""

    clients: pl.Series
    """A hash of date and client."""
    partners: pl.Series
    lines: pl.Series
    """A hash of place, date, client and line."""
    scopes: pl.DataFrame
    """place, valid_on, rows: current ones."""


def seen(source: Source, rows: pl.DataFrame) -> Seen | None:
    """What is kept of a batch as the log would hold it; None where rows of the source do not go on."""
    by = source.gates.continuing
    if by is None or source.live_when is None:
        return None
    live = rows.filter(source.live_when)
    named_partner = live.filter(pl.col(by.partner).is_not_null())
    return Seen(
        clients=live.select(_person(source, by.client)).to_series(),
        partners=named_partner.select(_person(source, by.partner)).to_series(),
        lines=live.select(_line(source, by)).to_series(),
        scopes=live.select(**_scope(source)).group_by(_SCOPE).agg(rows=pl.len().cast(pl.Int64)),
    )


def _person(source: Source, key: str) -> pl.Expr:
    return pl.struct(source.valid_on, person=pl.col(key)).hash()


def _line(source: Source, by: Continuing) -> pl.Expr:
    return pl.struct(*_named_line(source, by)).hash()


def _named_line(source: Source, by: Continuing) -> list[str]:
    """A client has one benefit of a scheme in a place at a time; who moves may have two for a while."""
    return [*([source.municipality] if source.municipality else []), source.valid_on, by.client, by.line]


def _scope(source: Source) -> dict[str, pl.Expr]:
    place = pl.col(source.municipality) if source.municipality else pl.lit(None)
    return {"place": place.cast(pl.String), "valid_on": pl.col(source.valid_on).cast(pl.Date)}


@dataclass(frozen=True)
class Suspects:
    """Which rows are worth looking at again, once all were seen."""

    source: Source
    crowded: pl.Series
    doubled: pl.Series
    scopes: pl.DataFrame

    @property
    def are_wanted(self) -> bool:
        return not (self.crowded.is_empty() and self.doubled.is_empty())

    def among(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Those of some rows that may be too many, or twice."""
        by = self.source.gates.continuing
        assert by is not None
        assert self.source.live_when is not None
        crowded = self.crowded.implode()
        is_crowded = _person(self.source, by.client).is_in(crowded) | _person(self.source, by.partner).is_in(crowded)
        return rows.filter(self.source.live_when & (is_crowded | _line(self.source, by).is_in(self.doubled.implode())))


def suspects(source: Source, batches: Iterable[Seen]) -> Suspects:
    """What may be wrong, by what was kept of all batches."""
    every = list(batches)
    nothing = pl.Series(dtype=pl.UInt64)
    clients = pl.concat([nothing, *(each.clients for each in every)])
    partners = pl.concat([nothing, *(each.partners for each in every)])
    scopes = pl.concat([_no_scopes(), *(each.scopes for each in every)])
    return Suspects(
        source,
        pl.concat([_more_often(each, MOST_BENEFITS_OF_ONE) for each in (clients, partners)]),
        _more_often(pl.concat([nothing, *(each.lines for each in every)]), 1),
        scopes.group_by(_SCOPE).agg(pl.col("rows").sum()),
    )


def _no_scopes() -> pl.DataFrame:
    return pl.DataFrame(schema={"place": pl.String(), "valid_on": pl.Date(), "rows": pl.Int64()})


def _more_often(hashes: pl.Series, most: int) -> pl.Series:
    ordered = hashes.sort()
    return ordered.filter(ordered == ordered.shift(most)).unique()


def crowded(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    """(row, column, rule) of current rows of somebody who is named on more of them than anybody has."""
    by = source.gates.continuing
    assert by is not None
    found = []
    for key in (by.client, by.partner):
        header = next(part.sources[0] for part in source.keys if part.name == key)
        many = rows.filter(pl.col(key).is_not_null() & (pl.len().over(source.valid_on, key) > MOST_BENEFITS_OF_ONE))
        found.append(many.select("row", pl.lit(header).alias("column"), pl.lit("DELIVERY-013").alias("rule")))
    return pl.concat(found).unique("row", keep="first", maintain_order=True).sort("row")


@dataclass(frozen=True)
class Doubled:
    """Persons with two current benefits of one kind: a gate where they are many, else rows that are told."""

    closed: tuple[Closed, ...]
    told: pl.DataFrame
    """row, column, rule."""


def doubled(source: Source, rows: pl.DataFrame, scopes: pl.DataFrame) -> Doubled:
    """``rows``: current ones that may be twice; ``scopes``: how many current rows each scope has."""
    by = source.gates.continuing
    assert by is not None
    again = rows.filter(pl.col("row") != pl.col("row").min().over(_named_line(source, by))).select(
        "row", **_scope(source)
    )
    counted = (
        again.group_by(_SCOPE)
        .agg(again=pl.len(), first=pl.col("row").sort().head(_FIRST))
        .join(scopes, on=_SCOPE)
        .with_columns(
            is_many=(pl.col("again") >= LEAST_DOUBLED) & (pl.col("again") > DOUBLED_ABOVE_SHARE * pl.col("rows"))
        )
        .sort(_SCOPE)
    )
    many = counted.filter("is_many")
    alone = again.join(counted.filter(~pl.col("is_many")), on=_SCOPE, how="semi").sort("row")
    few = alone.select("row", column=pl.lit(by.line), rule=pl.lit("DELIVERY-015"))
    if many.is_empty():
        return Doubled((), few)
    parts = [
        f"{scope_name(place, None, day)}: {count} of {of} current benefits ({numbers(first, count)})"
        for place, day, count, first, of in many.select(*_SCOPE, "again", "first", "rows").iter_rows()
    ]
    return Doubled((Closed("DELIVERY-014", f"clients who have another one of the same scheme: {listed(parts)}"),), few)
