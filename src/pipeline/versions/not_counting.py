"""Deliveries that a steward took back or refused, where a figure would rest on them: told beside what is behind it, and
no part of that.

Here: which of their rows are about a figure, and whether these would decide. Not here: decisions about deliveries that
count (``deliveries.letting_in``), what is behind a figure (the projections).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.versions.deliveries import decision_told
from pipeline.versions.explanation import Lineage, Row, Stated, Trace
from pipeline.versions.gates.kept import from_text
from pipeline.versions.named_scopes import EVENTS_KEPT, STOCK_KEPT, NamedScopes
from pipeline.versions.status_by_day import READING
from schemas.source import ReadMode, Source
from schemas.sources import caseload, caseload_totals
from schemas.table import Table
from schemas.vocabulary import ALL_PROVIDERS, DeliveryStatus

PART = "does not count"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A row of a curated table, with the rows that are named for it."""

    table: Table
    row: Row
    own: Sequence[Trace]

    def says(self, columns: Iterable[str]) -> Values:
        """What its key says of these columns of a source."""
        there = set(columns) & set(self.table.key)
        return {name: self.row[name] for name in sorted(there) if self.row[name] != ALL_PROVIDERS}

    @property
    def until(self) -> date | None:
        """The day after which nothing is looked at."""
        if "month" not in self.table.key:
            return None
        last: date = pl.select(pl.lit(self.row["month"], pl.Date()).dt.month_end()).item()
        return last


def not_counting(lineage: Lineage, figure: Figure, sources: Mapping[str, Source]) -> Iterator[Stated]:
    """Of each delivery that counts no more, or never did: who decided so, when and why, and how many of its rows are
    about a figure and would decide, since nothing that counts came later about the same.
    """
    named = NamedScopes(lineage, figure.own)
    for delivery in lineage.out_of_use.iter_rows(named=True):
        if delivery["source"] not in sources:
            continue
        source = sources[delivery["source"]]
        is_recorded = delivery["status"] == DeliveryStatus.RETRACTED
        found = (_recorded(lineage, figure, source, delivery, named) if is_recorded
                 else _refused(figure, source, delivery, named))  # fmt: skip
        if found.height and (rows := int(_deciding(lineage, source, found, delivery)["rows"].sum())):
            count = "1 row" if rows == 1 else f"{rows:,} rows"
            what = "this would decide" if is_recorded else f"{_names(found)} never counted"
            yield Stated(PART, f"{delivery['file_name']}: {_decision(lineage, delivery)}; {count} of it about {what}")


def _decision(lineage: Lineage, delivery: Values) -> str:
    told = lineage.decisions(delivery["source"], delivery["delivery"])
    return str(told.filter(decision=delivery["status"]).select(decision_told()).to_series()[-1])


def _always(source: Source) -> set[str]:
    """Columns of which every row says something: of others a row without them may be about a figure too."""
    filled = (each.name for each in source.columns if each.required or each.must_be_filled)
    return {*source.scope, *source.key, source.valid_on, *filled}


def _recorded(lineage: Lineage, figure: Figure, source: Source, delivery: Values, named: NamedScopes) -> pl.DataFrame:
    """The scopes of which a delivery that was taken back has rows about a figure, with how many: by what its key says,
    or of rows that are named.
    """
    about = figure.says(_always(source))
    if about.keys() >= set(source.scope):
        about = {name: about[name] for name in source.scope}
    kept = lineage.kept_scopes(source, delivery["delivery"]) if about.keys() <= set(source.scope) else None
    if kept is not None:
        key = tuple(about[name] for name in source.scope) if about.keys() == set(source.scope) else None
        if key is not None and key not in kept.pairs and not named.may_be_about(source, kept.pairs):
            return kept.rows.clear()
        by_key = kept.rows.filter(_is_by_key(figure, source, about))
        others = kept.rows.join(by_key, on=list(source.scope), how="anti", nulls_equal=True)
        alike = others.join(named.scopes(source, others), on=list(source.scope), how="semi", nulls_equal=True)
        return pl.concat([by_key, alike])
    rows = lineage.every_row(source, delivery["delivery"])
    rows = rows.filter([pl.col(name) == pl.lit(delivery[name]) for name in READING[1:]])
    there = named.scopes(source).lazy()
    by_name = rows.join(there, on=list(source.scope), how="semi", nulls_equal=True)
    parts = (rows.filter(_is_by_key(figure, source, about)), by_name)
    each = [part.group_by(source.scope).agg(rows=pl.len().cast(pl.Int64)) for part in parts]
    return pl.concat(each).unique(source.scope).collect()


def _is_by_key(figure: Figure, source: Source, about: Values) -> pl.Expr:
    until = pl.lit(value=True) if figure.until is None else pl.col(source.valid_on) <= figure.until
    return pl.all_horizontal(pl.lit(value=bool(about)), until, *_same(about))


def _same(values: Values) -> list[pl.Expr]:
    return [pl.col(name).eq_missing(pl.lit(value)) for name, value in values.items()]


def _refused(figure: Figure, source: Source, delivery: Values, named: NamedScopes) -> pl.DataFrame:
    """The same of one that waited and was refused, by what is kept of it: places and dates, or providers."""
    by_part = STOCK_KEPT if source.is_stock else EVENTS_KEPT
    is_kept = set(by_part.values()) <= set(source.counted_by)
    if not delivery["scopes"] or not is_kept or not figure.says(_always(source)):
        return pl.DataFrame()
    kept = from_text(delivery["scopes"]).select(*by_part, rows="rows_good").rename(by_part)
    by_key = kept.filter(_same(figure.says(by_part.values())))
    dates = named.scopes(source).select(by_part.values()).unique()
    alike = kept.join(dates if source.is_stock else dates.clear(), on=list(by_part.values()), how="semi")
    return pl.concat([by_key, alike]).unique().group_by(by_part.values()).agg(pl.col("rows").sum())


def _names(found: pl.DataFrame) -> str:
    rows = found.drop("rows").sort(pl.all()).rows()
    return ", ".join(" ".join(map(str, row)) for row in rows)


def _deciding(lineage: Lineage, source: Source, found: pl.DataFrame, delivery: Values) -> pl.DataFrame:
    """Those about which nothing counts that came later, nor what goes before it wherever it came."""
    if source == caseload_totals.SOURCE:
        place = ["municipality_code", "reference_date"]
        counted = [values for values in found.select(place).unique().iter_rows(named=True)
                   if lineage.deciding(caseload.SOURCE, **values).height]  # fmt: skip
        found = found.join(pl.DataFrame(counted, schema=found.select(place).schema), on=place, how="anti")
    scopes = [name for name in source.scope if name in found.columns]
    if found.is_empty() or len(scopes) < len(source.scope):
        return found
    if source.read is ReadMode.COUNTED:
        each = [lineage.deciding(source, **values) for values in found.select(scopes).iter_rows(named=True)]
        there = pl.concat(each).select("delivery", *scopes).join(_days(lineage, source), on="delivery")
    else:
        said = {name: found[name][0] for name in scopes if found[name].n_unique() == 1}
        there = lineage.told(source, **said).select("delivery", "delivered_on", *scopes)
    own = pl.lit(delivery["delivered_on"], pl.Date())
    is_later = (pl.col("delivered_on") > own) | (
        (pl.col("delivered_on") == own) & (pl.col("delivery") > delivery["delivery"])
    )
    return found.join(there.filter(is_later), on=scopes, how="anti", nulls_equal=True)


def _days(lineage: Lineage, source: Source) -> pl.DataFrame:
    return lineage.statuses.filter(source=source.name).select("delivery", "delivered_on")
