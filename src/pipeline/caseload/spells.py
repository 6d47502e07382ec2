"""Spells: what a client experiences, whatever number of dossiers it took.

Dossiers of one client with the same original start date are one spell, also when the household form changed and the
dossier was ended and started again. Otherwise inflow and outflow are overstated. Here: where spells begin and end, and
the few benefits of a delivery that say so. Not here: counting them (``delivery_counts``), reading (``benefits_read``).
"""

from typing import TypeVar

import polars as pl

from schemas.sources.caseload import IS_LIVE

ORIGIN = pl.coalesce("original_started_on", "started_on")
SCOPE = ("municipality_code", "reference_date")
MOVED_DAYS = 62
"""How far back is looked for what moved: a month, and a delivery that was left out. Bridges over more are rare, and
take the benefits themselves."""

TELLING = pl.Schema(
    {
        "municipality_code": pl.String(),
        "reference_date": pl.Date(),
        "row": pl.Int64(),
        "client_key": pl.UInt32(),
        "scheme_code": pl.String(),
        "started_on": pl.Date(),
        "original_started_on": pl.Date(),
        "ended_on": pl.Date(),
        "end_reason": pl.String(),
        "is_witness": pl.Boolean(),
    }
)
"""Grain: one benefit. ``client_key`` numbers the clients of this delivery: it tells them apart and names nobody."""

Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)


def spell_starts(counted: Rows, by: list[str]) -> Rows:
    """One row per spell:

    ``by``, client_key, origin, date (its first day in this delivery), row (of the dossier that began then).
    """
    first = pl.col("started_on").min()
    return counted.group_by(*by, "client_key", ORIGIN.alias("origin")).agg(
        date=first, row=pl.col("row").sort_by("started_on", "row").first()
    )


def spell_ends(counted: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """One row per spell of which no dossier lives: its last day, and reason and row of the dossier that ended last."""
    marked = counted.with_columns(origin=ORIGIN, is_live=IS_LIVE)
    spell = [*by, "client_key", "origin"]
    ended = marked.filter(~pl.col("is_live")).join(marked.filter("is_live").select(spell), on=spell, how="anti")
    latest = ended.sort("ended_on", "row").group_by(spell, maintain_order=True)
    return latest.agg(date=pl.col("ended_on").last(), end_reason=pl.col("end_reason").last(), row=pl.col("row").last())


def spells_with(benefits: pl.DataFrame, dossier: pl.Expr, by: list[str]) -> pl.DataFrame:
    """All dossiers of the spells that have one of which this is true."""
    spell = [*by, "client_key", "origin"]
    every = benefits.with_columns(origin=ORIGIN)
    chosen = every.filter(dossier).select(spell).unique()
    # By day first: that leaves few to compare by client.
    near = every.filter(pl.col("origin").is_in(chosen["origin"].unique().implode()))
    return near.join(chosen, on=spell, how="semi", nulls_equal=True).drop("origin")


def witnesses(benefits: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Of each scope (``by``) a benefit that adds nothing but its date: one that lives, the first dossier of its spell.

    A later dossier by itself would look like a new spell. It is looked for among those that began no later than the
    first that lives; of a scope in which none of these will do there is none.
    """
    began = benefits.filter(IS_LIVE).group_by(by).agg(began=pl.col("started_on").min())
    # Few are as early as in any scope: only these are compared by scope.
    near = benefits.filter(pl.col("started_on") <= pl.lit(began["began"].max(), pl.Date()))
    early = near.join(began, on=by).filter(pl.col("started_on") <= pl.col("began"))
    is_first = pl.col("started_on") == pl.col("started_on").min().over(*by, "client_key", ORIGIN)
    found = early.filter(is_first & IS_LIVE).sort(*by, "started_on", "row")
    return found.unique(by, keep="first", maintain_order=True).drop("began")


def telling(rows: pl.LazyFrame) -> pl.DataFrame:
    """``TELLING`` of the benefits of one reading: those by which figures over time can be explained without the others.

    They are the dossiers of spells that began of late or are over, and of each scope the witness.
    """
    names = [name for name in TELLING.names() if name != "is_witness"]
    benefits = rows.select(names).collect()
    is_late = pl.col("started_on") > pl.col("reference_date") - pl.duration(days=MOVED_DAYS)
    moved = spells_with(benefits, is_late | ~IS_LIVE, [*SCOPE])
    shown = witnesses(benefits, [*SCOPE])
    found = pl.concat([moved, shown.join(moved, on="row", how="anti")]).sort("row")
    return found.select(
        *(pl.col(name).cast(TELLING[name]) for name in names if name != "client_key"),
        pl.col("client_key").rank("dense").cast(TELLING["client_key"]),
        is_witness=pl.col("row").is_in(shown["row"].implode()),
    ).select(TELLING.names())
