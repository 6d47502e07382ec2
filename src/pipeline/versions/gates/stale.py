"""The gate about a stock that stood still: next to nothing began or ended in the last months before its date.

An old export under a new date looks like that, whatever was delivered before. Here: what is kept of each batch, and the
judgement. Not here: a stock that differs from the one before it (``continuing``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.versions.gates.closed import Closed, listed, scope_name
from schemas.limits.deliveries import (
    STALE_BELOW_SHARE,
    STALE_BUCKET_DAYS,
    STALE_LEAST_REPEATED,
    STALE_LEAST_TOLD,
    STALE_LEAST_USUAL,
    STALE_USUAL_BUCKETS,
    STALE_WINDOWS,
)
from schemas.source import Source

AGES = pl.Schema(
    {"place": pl.String(), "valid_on": pl.Date(), "ago": pl.Int64(), "began": pl.Int64(), "ended": pl.Int64()}
)
"""Grain: place, date, and how many times 31 days before it. How many began and ended then."""

_KEPT = max(STALE_WINDOWS) + STALE_USUAL_BUCKETS


def ages(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    """``AGES`` of rows as the log would hold them; none where rows of the source do not go on."""
    by = source.gates.continuing
    if by is None or source.live_when is None:
        return pl.DataFrame(schema=AGES)
    place = pl.col(source.municipality) if source.municipality else pl.lit(None)
    day = pl.col(source.valid_on)
    scoped = rows.select(
        place=place.cast(pl.String),
        valid_on=day,
        began_ago=_ago((day - pl.col(by.started)).dt.total_days()),
        # The day before the date is the last on which one ended that is not current any more.
        ended_ago=pl.when(~source.live_when).then(_ago((day - pl.col(by.ended)).dt.total_days() - 1)),
    )
    began, ended = (scoped.filter(pl.col(ago).is_between(0, _KEPT - 1)) for ago in ("began_ago", "ended_ago"))
    counted = (
        began.group_by("place", "valid_on", ago="began_ago").agg(began=pl.len(), ended=pl.lit(0)),
        ended.group_by("place", "valid_on", ago="ended_ago").agg(began=pl.lit(0), ended=pl.len()),
    )
    return pl.concat([each.cast(AGES) for each in counted])


def _ago(days: pl.Expr) -> pl.Expr:
    return days.floordiv(STALE_BUCKET_DAYS)


@dataclass(frozen=True)
class Stale:
    """A gate where a stock stood still, and what is told where it is too small to be sure."""

    closed: tuple[Closed, ...]
    told: tuple[Closed, ...]


def stale(batches: Iterable[pl.DataFrame]) -> Stale:
    """Judge ``AGES`` of all batches: each place and date, and each date over all places."""
    each = pl.concat([pl.DataFrame(schema=AGES), *batches])
    found = _still(each)
    if each["place"].n_unique() > 1:
        found += _still(each.with_columns(place=pl.lit(None, pl.String())))
    held = [still for still in found if still.usual >= STALE_LEAST_USUAL]
    told = [still for still in found if still.moved == 0]
    if held:
        return Stale((Closed("DELIVERY-016", _words(held)),), ())
    return Stale((), (Closed("DELIVERY-017", _words(told)),) if told else ())


@dataclass(frozen=True)
class _Still:
    scope: str
    months: int
    moved: int
    usual: float

    def __str__(self) -> str:
        days = STALE_BUCKET_DAYS * self.months
        return f"{self.scope}: {self.moved} began or ended in {days} days, where {self.usual:.0f} beginnings are usual"


def _words(found: list[_Still]) -> str:
    return f"next to nothing began or ended of late, as in an export of an earlier date: {listed(map(str, found))}"


def _window(months: int) -> pl.Expr:
    """Of the buckets of a scope: moved in the last months, usual before them, repeated of older ends."""
    recent, ago = pl.col("ago") < months, pl.col("ago")
    return pl.struct(
        moved=(pl.col("began") + pl.col("ended")).filter(recent).sum(),
        usual=pl.col("began").filter(~recent & (ago < months + STALE_USUAL_BUCKETS)).implode(),
        repeated=pl.col("ended").filter(~recent).sum(),
    )


def _still(counts: pl.DataFrame) -> list[_Still]:
    """Of each scope the longest stretch in which it stood still."""
    found = {}
    buckets = counts.group_by("place", "valid_on", "ago").agg(pl.col("began", "ended").sum())
    windows = [_window(months).alias(str(months)) for months in STALE_WINDOWS]
    scopes = buckets.group_by("place", "valid_on").agg(windows).sort("valid_on", "place")
    for months in STALE_WINDOWS:
        for place, day, moved, began, repeated in (
            scopes.select("place", "valid_on", str(months)).unnest(str(months)).rows()
        ):
            filled = sorted([*began, *[0] * (STALE_USUAL_BUCKETS - len(began))])
            usual = months * (filled[STALE_USUAL_BUCKETS // 2 - 1] + filled[STALE_USUAL_BUCKETS // 2]) / 2
            # What began last is often registered weeks later: one month shows something only where the file tells of
            # ends, and these are of before. A file tells what ended since the date before it.
            least = STALE_LEAST_REPEATED if repeated else STALE_LEAST_TOLD
            if usual >= least and moved <= STALE_BELOW_SHARE * usual and (months > 1 or repeated):
                name = scope_name(place, None, day) if place else f"all places {scope_name(None, None, day)}"
                found[name] = _Still(name, months, moved, usual)
    return list(found.values())
