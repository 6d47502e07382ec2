"""Benefits of one delivery to counts: all that later steps need of it, a few hundred rows instead of hundreds of
thousands.

Counts depend on nothing but their own delivery, so they are computed once. Grain: municipality, reference date,
series, kind, date, end reason. Kinds: ``benefits`` and ``persons`` in stock, clients ``above_age``; ``start`` and
``end`` of spells by day. Not here: what a spell is (``spells``), which delivery wins (``supersede``), intervals
between reference dates (``flow``).
"""

import polars as pl

from pipeline.caseload.spells import SCOPE, TELLING, spell_ends, spell_starts, telling
from pipeline.versions.projection import Counted
from schemas.limits.figures import AOW_AGE_AT_MOST, BRIDGE_DAYS
from schemas.sources.caseload import IS_LIVE, SOURCE
from schemas.vocabulary import COUPLE_HOUSEHOLD, SERIES_SCHEMES

READING = ("delivery", "processing")
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
    *READING, *SCOPE, "client_key", "partner_key", "scheme_code", "household_code",
    "started_on", "original_started_on", "ended_on", "end_reason", "birth_year", "row",
)  # fmt: skip


def delivery_counts(rows: pl.LazyFrame) -> pl.DataFrame:
    """Counts of the rows of one or more deliveries, each delivery by itself."""
    benefits = rows.select(_NEEDED).with_columns(is_live=IS_LIVE).collect()
    parts = [_counts_of_one(each) for each in _by_reading(benefits)]
    return pl.concat([pl.DataFrame(schema=SHAPE), *parts]).sort(SHAPE.names())


def _by_reading(benefits: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows of each reading of a delivery; mostly there is one."""
    is_other = pl.any_horizontal(pl.col(name) != pl.col(name).first() for name in READING)
    if not benefits.select(is_other.any()).item():
        return [benefits] if benefits.height else []
    return benefits.partition_by(READING)


def _counts_of_one(benefits: pl.DataFrame) -> pl.DataFrame:
    """``SHAPE`` of the rows of one reading, in no order."""
    reading = [pl.lit(benefits[name][0], SHAPE[name]).alias(name) for name in READING]
    live, moved, sums = benefits.filter("is_live"), _of_clients_that_moved(benefits), _sums(benefits)
    found: dict[tuple[str, ...], pl.DataFrame] = {}
    parts = []
    for series, schemes in SERIES_SCHEMES.items():
        there = tuple(scheme for scheme in schemes if scheme in sums["scheme_code"])
        if there not in found:  # series that hold the same rows have the same counts
            is_counted = pl.col("scheme_code").is_in(there)
            found[there] = _kinds(live.filter(is_counted), moved.filter(is_counted), _of_schemes(sums, there))
        parts.append(found[there].with_columns(series=pl.lit(series.value)))
    return pl.concat(parts).with_columns(reading).select(SHAPE.names()).cast(SHAPE)


def _kinds(live: pl.DataFrame, moved: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """All counts of some schemes of one reading."""
    kinds = {
        "benefits": sums.select(*SCOPE, count="benefits"),
        "persons": _persons(live, sums),
        ABOVE_AGE: sums.filter(pl.col(ABOVE_AGE) > 0).select(*SCOPE, count=ABOVE_AGE),
        "start": _starts(moved),
        "end": _ends(moved),
    }
    return pl.concat([each.with_columns(kind=pl.lit(kind)) for kind, each in kinds.items()], how="diagonal_relaxed")


def _sums(benefits: pl.DataFrame) -> pl.DataFrame:
    """Per scope and scheme what is only summed of the rows in stock."""
    summed = {
        "benefits": pl.lit(value=True),
        ABOVE_AGE: is_above_age(),
        "unnamed": _has_unnamed_partner(),
        "unknown": has_unknown_persons(),
    }
    sums = [(pl.col("is_live") & holds).sum().cast(pl.Int64).alias(name) for name, holds in summed.items()]
    return benefits.group_by(*SCOPE, "scheme_code").agg(sums)


def _of_schemes(sums: pl.DataFrame, schemes: tuple[str, ...]) -> pl.DataFrame:
    """``_sums`` over some schemes, of every scope."""
    is_counted = pl.col("scheme_code").is_in(schemes)
    return sums.group_by(SCOPE).agg(pl.exclude("scheme_code", *SCOPE).filter(is_counted).sum())


def _of_clients_that_moved(benefits: pl.DataFrame) -> pl.DataFrame:
    """All rows of clients of whom one began of late or is over: a spell of anybody else neither begins nor ends."""
    moved = benefits.filter(_is_recent("started_on") | ~pl.col("is_live"))["client_key"].unique()
    return benefits.filter(pl.col("client_key").is_in(moved.implode(), nulls_equal=True))


def _persons(live: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """Distinct clients and partners, plus one for each couple whose partner is not named.

    Unknown household form: no count at all.
    """
    keys = [live.select(*SCOPE, key=name).drop_nulls("key") for name in ("client_key", "partner_key")]
    named = pl.concat(keys) if keys[1].height else keys[0]
    people = named.group_by(SCOPE).agg(named=pl.col("key").n_unique())
    counted = sums.filter(pl.col("unknown") == 0).join(people, on=SCOPE, how="left")
    return counted.select(*SCOPE, count=pl.col("named").fill_null(0) + pl.col("unnamed"))


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


def _is_recent(day: str) -> pl.Expr:
    return pl.col(day) > pl.col("reference_date") - pl.duration(days=BRIDGE_DAYS)


def _starts(counted: pl.DataFrame) -> pl.DataFrame:
    # Lazily, so that rows are not looked for that nobody asks here.
    recent = spell_starts(counted.lazy(), [*SCOPE]).filter(_is_recent("date"))
    return recent.group_by(*SCOPE, "date").agg(count=pl.len()).collect(engine="in-memory")


def _ends(counted: pl.DataFrame) -> pl.DataFrame:
    return spell_ends(counted, [*SCOPE]).group_by(*SCOPE, "date", "end_reason").agg(count=pl.len())


COUNTED = Counted(
    source=SOURCE,
    columns=_NEEDED,
    shape=SHAPE,
    count=delivery_counts,
    telling_shape=TELLING,
    tell=telling,
)
