"""Which delivery caused a figure to change.

Here: what moved between two states of the ledger, where it speaks about, and which of it concerns a figure. Not here:
which figures changed (``restate``).

The cause is found by place and time, not by trying each delivery alone: of the deliveries that concern a figure, the
nearest in time to it. How many there were is told too, so that a reader knows when the cause is certain.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.versions.figure_diff import KEY_SEPARATOR
from schemas.catalogue import SOURCES
from schemas.tables import TABLES
from schemas.vocabulary import ALL_PROVIDERS, DeliveryStatus, SourceName

MOVED = pl.Schema({"source": pl.String(), "delivery": pl.String(), "happened": pl.String(), "delivered_on": pl.Date()})
"""One row is one delivery that counts otherwise than before; ``happened`` says why."""

TOUCHED = pl.Schema({"delivery": pl.String(), "place": pl.String(), "provider": pl.String(), "day": pl.Date()})
"""One row is one place (municipality, region, programme, provider, claim) and time a delivery speaks about."""


def moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Deliveries that are recorded in one of two ledgers, and not alike in both."""
    told = ["source", "delivery", "status", "processing", "delivered_on"]
    both = after.select(told).join(
        before.select(told), on=["source", "delivery"], how="full", coalesce=True, suffix="_before"
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


def touched(rows: pl.LazyFrame, source: SourceName) -> pl.DataFrame:
    """What the rows of some deliveries of one source speak about (shape ``TOUCHED``)."""
    day = pl.col(SOURCES[source].valid_on)
    parts = [
        rows.select("delivery", place=place, provider=provider, day=day)
        .group_by("delivery", "place", "provider", *(() if source is SourceName.TRAJECTORY_EVENTS else ("day",)))
        # An event changes every month after it: its first day says from when.
        .agg(*([pl.col("day").min()] if source is SourceName.TRAJECTORY_EVENTS else []))
        .collect()
        for place, provider in _PLACES[source]
    ]
    return pl.concat([pl.DataFrame(schema=TOUCHED), *(part.select(list(TOUCHED)) for part in parts)])


_NOBODY = pl.lit(None, pl.String())
_OF_PROVIDER = ((pl.col("programme_code"), pl.col("provider_code")), (pl.col("provider_code"), pl.col("provider_code")))
_PLACES: dict[SourceName, tuple[tuple[pl.Expr, pl.Expr], ...]] = {
    SourceName.CASELOAD: ((pl.col("municipality_code"), _NOBODY),),
    SourceName.CASELOAD_TOTALS: ((pl.col("municipality_code"), _NOBODY),),
    SourceName.TRAJECTORY_EVENTS: _OF_PROVIDER,
    SourceName.PROVIDER_REPORTS: _OF_PROVIDER,
    SourceName.PUBLISHED_FIGURES: ((pl.col("claim_id"), _NOBODY),),
    SourceName.MUNICIPAL_STATISTICS: ((pl.col("region_code"), _NOBODY),),
    SourceName.NATIONAL_STATISTICS: ((pl.lit("national"), _NOBODY),),
}


@dataclass(frozen=True)
class _Concern:
    """How the key of a table says which deliveries concern a row: their sources, and place and day of the row."""

    sources: tuple[SourceName, ...]
    place: pl.Expr
    day: pl.Expr
    provider: pl.Expr = _NOBODY


_NO_DAY = pl.lit(None, pl.Date())
_REFERENCE_DATE = pl.col("reference_date").str.to_date("%Y-%m-%d", strict=False)
_MONTH_END = pl.col("month").str.to_date("%Y-%m-%d", strict=False).dt.month_end()
_CASELOAD = _Concern((SourceName.CASELOAD, SourceName.CASELOAD_TOTALS), pl.col("municipality_code"), _REFERENCE_DATE)
_OF_PROGRAMME = _Concern((SourceName.TRAJECTORY_EVENTS,), pl.col("programme_code"), _MONTH_END, pl.col("provider_code"))
_ALL = tuple(SourceName)
_CONCERNS: dict[str, _Concern] = {
    "caseload_stock": _CASELOAD,
    "caseload_flow": _CASELOAD,
    "outflow_reasons": _CASELOAD,
    **dict.fromkeys(
        ("programme_progress", "target_group_progress", "method_progress", "channel_progress"), _OF_PROGRAMME
    ),
    **dict.fromkeys(
        ("programme_occupancy", "activation"),
        _Concern((SourceName.TRAJECTORY_EVENTS,), pl.col("programme_code"), _MONTH_END),
    ),
    "placement_outcomes": _Concern(
        (SourceName.TRAJECTORY_EVENTS, SourceName.CASELOAD), pl.col("programme_code"), _NO_DAY
    ),
    "benchmark": _Concern(
        (SourceName.MUNICIPAL_STATISTICS, SourceName.CASELOAD, SourceName.CASELOAD_TOTALS),
        pl.col("region_code"),
        pl.date(pl.col("year").cast(pl.Int32, strict=False), 12, 31),
    ),
    "reconciliation": _Concern(
        _ALL, pl.col("subject").str.split("/").list.first(), pl.col("period").str.to_date("%Y-%m-%d", strict=False)
    ),
    "published_figures_check": _Concern(_ALL, pl.col("claim_id"), _NO_DAY),
}


def attribute(changes: pl.DataFrame, moves: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    """``changes`` (shape ``restate.SHAPE``) with cause, event and candidates.

    ``moves`` has the shape ``MOVED``, ``spoken`` the shape ``TOUCHED`` of all that moved.
    """
    known = spoken.join(moves, on="delivery", how="inner")
    parts = [
        _attributed(of_table, str(name), moves, known)
        for (name,), of_table in changes.group_by("table", maintain_order=True)
    ]
    empty = changes.clear().with_columns(cause=_NOBODY, event=_NOBODY, candidates=pl.lit(0, pl.Int64()))
    return pl.concat([empty, *parts]).sort("table", "key", "column")


def _attributed(changes: pl.DataFrame, table: str, moves: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    concern = _CONCERNS[table]
    rows = _rows(changes, table, concern)
    mine = known.filter(pl.col("source").is_in([source.value for source in concern.sources]))
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
        .with_columns(_otherwise(moves, concern))
        .rename({"delivery": "cause", "happened": "event"})
        .with_columns(pl.col("event").fill_null("code"), pl.col("candidates").fill_null(0).cast(pl.Int64))
    )


def _rows(changes: pl.DataFrame, table: str, concern: _Concern) -> pl.DataFrame:
    """One row per key that changed, with its place and day."""
    names = list(TABLES[table].key)
    parts = changes.select("key").unique().with_columns(pl.col("key").str.split(KEY_SEPARATOR).alias("parts"))
    named = parts.select(
        "key", *(pl.col("parts").list.get(n, null_on_oob=True).alias(name) for n, name in enumerate(names))
    )
    return named.select("key", place=concern.place, row_day=concern.day, row_provider=concern.provider)


def _otherwise(moves: pl.DataFrame, concern: _Concern) -> list[pl.Expr]:
    """Where nothing speaks about the place itself: what moved last in the sources of the table, else at all."""
    own = moves.filter(pl.col("source").is_in([source.value for source in concern.sources]))
    among = (own if own.height else moves).sort("delivered_on", "delivery")
    if among.is_empty():
        return []
    last = among.row(-1, named=True)
    return [
        pl.col("delivery").fill_null(last["delivery"]),
        pl.col("happened").fill_null(last["happened"]),
        pl.col("candidates").fill_null(among["delivery"].n_unique()),
    ]
