"""Which delivery caused a figure to change.

Here: what moved between two states of the deliveries, which place and time it covers, and which of it concerns a
figure. Not here: which figures changed (``figure_diff``).

The cause is found by place and time, not by trying each delivery alone: of the deliveries that concern a figure, the
nearest in time to it. How many there were is stated too, so that a reader knows when the cause is certain.
"""

from collections.abc import Collection, Mapping

import polars as pl

from pipeline.versions.key_text import parts_of
from schemas.catalogue import TABLES
from schemas.source import Source
from schemas.table import Table
from schemas.vocabulary import ALL_PROVIDERS, DeliveryStatus

MOVED = pl.Schema({"source": pl.String(), "delivery": pl.String(), "happened": pl.String(), "delivered_on": pl.Date()})
"""One row is one delivery that counts otherwise than before; ``happened`` states why."""

TOUCHED = pl.Schema({"delivery": pl.String(), "place": pl.String(), "provider": pl.String(), "day": pl.Date()})
"""One row is one place (municipality, region, programme, provider, claim) and time a delivery covers."""


def moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Deliveries that are recorded in one of two ledgers, and not alike in both."""
    columns = ["source", "delivery", "status", "processing", "delivered_on"]
    both = after.select(columns).join(
        before.select(columns), on=["source", "delivery"], how="full", coalesce=True, suffix="_before"
    )
    recorded = DeliveryStatus.RECORDED.value
    is_recorded = pl.col("status").eq_missing(pl.lit(recorded))
    was_recorded = pl.col("status_before").eq_missing(pl.lit(recorded))
    happened = (
        pl.when(is_recorded & (pl.col("status_before") == DeliveryStatus.RETRACTED))
        .then(pl.lit("reinstated"))
        .when(is_recorded & ~was_recorded)
        .then(pl.lit("recorded"))
        .when(pl.col("status") == DeliveryStatus.RETRACTED)
        .then(pl.lit("retracted"))
        .when(pl.col("processing") != pl.col("processing_before"))
        .then(pl.lit("reprocessed"))
        .otherwise(pl.lit("copied"))
    )
    differs = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in ("status", "processing", "delivered_on")
    )
    return (
        both.filter((is_recorded | was_recorded) & differs)
        .with_columns(happened=happened, delivered_on=pl.coalesce("delivered_on", "delivered_on_before"))
        .select(list(MOVED))
        .sort("source", "delivery")
    )


def sent_again(moves: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """``moves`` with the deliveries (source, delivery, again_on) by which a provider is known further since they were
    sent again: nothing else about them is another.
    """
    others = again.join(moves, on=["source", "delivery"], how="anti")
    copied = others.select("source", "delivery", happened=pl.lit("copied"), delivered_on="again_on")
    return pl.concat([moves, copied]).sort("source", "delivery")


def touched(rows: pl.LazyFrame, source: Source) -> pl.DataFrame:
    """What the rows of some deliveries of one source are about (shape ``TOUCHED``)."""
    by = ["delivery", "place", "provider"]
    # What lasts changes every month after it: its first day shows from when.
    first_day = [pl.col("day").min()] if source.is_lasting else []
    parts = [
        rows.select("delivery", place=subject.place, provider=subject.provider, day=pl.col(source.valid_on))
        .group_by(by if source.is_lasting else [*by, "day"])
        .agg(first_day)
        .collect()
        for subject in source.subjects
    ]
    return pl.concat([pl.DataFrame(schema=TOUCHED), *(part.select(list(TOUCHED)) for part in parts)])


def attribute(
    changes: pl.DataFrame, moves: pl.DataFrame, about: pl.DataFrame, sources: Mapping[str, Collection[str]]
) -> pl.DataFrame:
    """``changes`` (shape ``figure_diff.SHAPE``) with cause, event and candidates.

    ``moves`` has the shape ``MOVED``, ``about`` the shape ``TOUCHED`` of all that moved. ``sources``: per table those
    that it rests on.
    """
    known = about.join(moves, on="delivery", how="inner")
    parts = [
        _attributed(of_table, TABLES[str(name)], moves, known, sources[str(name)])
        for (name,), of_table in changes.group_by("table", maintain_order=True)
    ]
    nobody = pl.lit(None, pl.String())
    empty = changes.clear().with_columns(cause=nobody, event=nobody, candidates=pl.lit(0, pl.Int64()))
    return pl.concat([empty, *parts]).sort("table", "key", "column")


def _attributed(
    changes: pl.DataFrame, table: Table, moves: pl.DataFrame, known: pl.DataFrame, sources: Collection[str]
) -> pl.DataFrame:
    rows = _rows(changes, table)
    mine = known.filter(pl.col("source").is_in(list(sources)))
    is_of_provider = (
        pl.col("provider").is_null()
        | pl.col("row_provider").is_null()
        | (pl.col("row_provider") == ALL_PROVIDERS)
        | (pl.col("provider") == pl.col("row_provider"))
    )
    near = (
        rows.join(mine, on="place", how="inner")
        .filter(is_of_provider)
        .with_columns(
            is_later=(pl.col("day") > pl.col("row_day")).fill_null(value=False),
            distance=(pl.col("day") - pl.col("row_day")).dt.total_days().abs().fill_null(0),
        )
        .sort("key", "is_later", "distance", pl.col("delivered_on").to_physical().neg(), "delivery")
        .group_by("key", maintain_order=True)
        .agg(pl.col("delivery").first(), pl.col("happened").first(), candidates=pl.col("delivery").n_unique())
    )
    return (
        changes.join(near, on="key", how="left")
        .with_columns(_otherwise(moves, sources))
        .rename({"delivery": "cause", "happened": "event"})
        .with_columns(pl.col("event").fill_null("code"), pl.col("candidates").fill_null(0).cast(pl.Int64))
    )


def _rows(changes: pl.DataFrame, table: Table) -> pl.DataFrame:
    """One row per key that changed, with its place and day."""
    if table.subject is None:
        raise ValueError(f"table {table.name} has figures that are compared: declare its subject")
    named = changes.select("key").unique().with_columns(parts_of(pl.col("key"), table))
    subject = table.subject
    return named.select("key", place=subject.place, row_day=subject.day, row_provider=subject.provider)


def _otherwise(moves: pl.DataFrame, sources: Collection[str]) -> list[pl.Expr]:
    """Where nothing is about the place itself: what moved last in the sources of the table, else at all."""
    own = moves.filter(pl.col("source").is_in(list(sources)))
    among = (own if own.height else moves).sort("delivered_on", "delivery")
    if among.is_empty():
        return []
    last = among.row(-1, named=True)
    return [
        pl.col("delivery").fill_null(last["delivery"]),
        pl.col("happened").fill_null(last["happened"]),
        pl.col("candidates").fill_null(among["delivery"].n_unique()),
    ]
