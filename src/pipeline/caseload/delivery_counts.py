"""Benefits of one delivery to counts: all that later steps need of it, a few hundred rows instead of hundreds of
thousands.

Counts depend on nothing but their own delivery, so they are computed once. Grain: municipality, reference date,
series, kind, date, end reason. Kinds: ``benefits`` and ``persons`` in stock, clients ``above_age``; ``start`` and
``end`` of spells by day. Not here: which delivery wins (``supersede``), intervals between reference dates (``flow``).

A spell is what the client experiences: dossiers of one client with the same original start date are one spell, also
when the household form changed and the dossier was ended and started again. Otherwise inflow and outflow are
overstated.
"""

import polars as pl

from pipeline.versions.projection import Counted
from schemas.limits import AOW_AGE_AT_MOST, BRIDGE_DAYS
from schemas.sources.caseload import IS_LIVE, SOURCE
from schemas.vocabulary import COUPLE_HOUSEHOLD, SERIES_SCHEMES

SCOPE = ("municipality_code", "reference_date")
ABOVE_AGE = "above_age"

SHAPE = pl.Schema(
    {
        "delivery": pl.String(),
        "processing": pl.Int16(),
        "municipality_code": pl.String(),
        "reference_date": pl.Date(),
        "series": pl.String(),
        "kind": pl.String(),
        "date": pl.Date(),
        "end_reason": pl.String(),
        "count": pl.Int64(),
    }
)

_NEEDED = (
    "delivery", "processing", *SCOPE, "client_key", "partner_key", "scheme_code", "household_code",
    "started_on", "original_started_on", "ended_on", "end_reason", "birth_year", "row",
)  # fmt: skip


def delivery_counts(rows: pl.LazyFrame) -> pl.DataFrame:
    """Counts of the rows of one or more deliveries, each delivery by itself."""
    benefits = rows.select(_NEEDED).with_columns(is_live=IS_LIVE).collect()
    by, parts = ["delivery", "processing", *SCOPE], [pl.DataFrame(schema=SHAPE)]
    every_scope = benefits.select(by).unique()
    for series, schemes in SERIES_SCHEMES.items():
        counted = benefits.filter(pl.col("scheme_code").is_in(schemes))
        live = counted.filter("is_live")
        stock = live.group_by(by).agg(count=pl.len())
        kinds = {
            "benefits": every_scope.join(stock, on=by, how="left").with_columns(pl.col("count").fill_null(0)),
            "persons": _persons(live, every_scope, by),
            ABOVE_AGE: live.filter(is_above_age()).group_by(by).agg(count=pl.len()),
            "start": _starts(counted, by),
            "end": _ends(counted, by),
        }
        parts += [each.with_columns(series=pl.lit(series.value), kind=pl.lit(kind)) for kind, each in kinds.items()]
    return pl.concat(parts, how="diagonal_relaxed").select(SHAPE.names()).cast(SHAPE).sort(SHAPE.names())


def _persons(live: pl.DataFrame, scopes: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Distinct clients and partners, plus one for each couple whose partner is not named.

    Unknown household form: no count at all.
    """
    named = pl.concat([live.select(*by, key="client_key"), live.select(*by, key="partner_key")]).drop_nulls("key")
    people = named.group_by(by).agg(named=pl.col("key").n_unique())
    extra = live.group_by(by).agg(unnamed=_has_unnamed_partner().sum(), unknown=has_unknown_persons().sum())
    counted = scopes.join(people, on=by, how="left").join(extra, on=by, how="left")
    return (
        counted.filter(pl.col("unknown").fill_null(0) == 0)
        .with_columns(count=pl.col("named").fill_null(0) + pl.col("unnamed").fill_null(0))
        .select(*by, "count")
    )


def is_above_age() -> pl.Expr:
    """Whether the client is above the age up to which CBS counts, whatever the day of birth in the year."""
    years = pl.col("reference_date").dt.year() - pl.col("birth_year")
    return (years > AOW_AGE_AT_MOST).fill_null(value=False)


def _has_unnamed_partner() -> pl.Expr:
    return (pl.col("household_code") == COUPLE_HOUSEHOLD) & pl.col("partner_key").is_null()


def has_unknown_persons() -> pl.Expr:
    """Nothing says whether there is a partner."""
    return pl.col("household_code").is_null() & pl.col("partner_key").is_null()


def first_to_name(live: pl.DataFrame) -> pl.DataFrame:
    """Rows that bring somebody into the count of persons whom no row before them names."""
    named = live.select("row", key=pl.concat_list("client_key", "partner_key")).explode("key").drop_nulls("key")
    first = named.group_by("key").agg(pl.col("row").min())["row"]
    return live.filter(pl.col("row").is_in(first.implode()) | _has_unnamed_partner())


def _starts(counted: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    spells = spell_starts(counted, by)
    recent = spells.filter(pl.col("date") > pl.col("reference_date").dt.offset_by(f"-{BRIDGE_DAYS}d"))
    return recent.group_by(*by, "date").agg(count=pl.len())


def _ends(counted: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return spell_ends(counted, by).group_by(*by, "date", "end_reason").agg(count=pl.len())


ORIGIN = pl.coalesce("original_started_on", "started_on")


def spell_starts(counted: pl.DataFrame, by: list[str]) -> pl.DataFrame:
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


COUNTED = Counted(source=SOURCE, shape=SHAPE, count=delivery_counts)
