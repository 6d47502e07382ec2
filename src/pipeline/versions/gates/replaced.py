"""The gates about what a delivery would replace or add: shrunk or swollen, stray, about a place that is new.

Not here: what precedes it (``preceding``), the gates about what cannot be recorded (``quarantined``).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from pipeline.versions.gates.closed import Closed, from_to, listed, place_name, scope_name
from pipeline.versions.gates.preceding import Judged, preceding, standing
from schemas import reference
from schemas.limits.deliveries import (
    LEAST_ROWS_DIFFERENCE,
    MAIN_DATE_SHARE,
    NEAREST_WITHIN_DAYS,
    SHRUNK_BELOW_SHARE,
    STRAY_BELOW_HALF,
    STRAY_BELOW_SHARE,
    STRAY_LEAST_LOST,
    SWOLLEN_ABOVE_SHARE,
)
from schemas.limits.files import ROUNDING_TOLERANCE
from schemas.source import Source

_SCOPE = ["place", "line", "valid_on"]


def replaced(source: Source, judged: Judged, counting: pl.DataFrame) -> list[Closed]:
    """Closed gates of a delivery beside those of its source that count (``PLACED``) and precede it."""
    before = preceding(counting, judged)
    if before.is_empty():
        return []
    closed = []
    if source.is_compared:
        was = standing(before)
        closed += [*_stray(judged, was), *_resized(judged, was)]
    if source.gates.has_steady_places:
        closed += _new_places(judged, before)
    return closed


def _replacing(judged: Judged, was: pl.DataFrame) -> pl.DataFrame:
    """The scopes that stand already, with the rows that stand."""
    return judged.brought.join(was.rename({"rows": "before"}), on=_SCOPE, how="inner", nulls_equal=True)


def _stray(judged: Judged, was: pl.DataFrame) -> list[Closed]:
    brought = judged.brought
    every = pl.lit(brought["rows"].sum())
    dates = brought.group_by("valid_on").agg(on_date=pl.col("rows").sum())
    main = pl.lit(dates["on_date"].max()) > MAIN_DATE_SHARE * every
    is_elsewhere = main & (pl.col("on_date") < STRAY_BELOW_SHARE * every - ROUNDING_TOLERANCE)
    found = (
        _replacing(judged, was)
        .join(dates, on="valid_on", nulls_equal=True)
        .filter(pl.col("rows") < STRAY_BELOW_SHARE * every - ROUNDING_TOLERANCE)
        .filter((is_elsewhere & (pl.col("rows") < pl.col("before"))) | _is_stray_beside_others(pl.col("before")))
        .sort(_SCOPE)
    )
    if found.is_empty():
        return []
    scopes = listed(_arrow(row) for row in found.iter_rows(named=True))
    most = f"{100 * STRAY_BELOW_SHARE:g} %"
    return [
        Closed("DELIVERY-007", f"a scope with under {most} of the rows would replace more than it brings: {scopes}")
    ]


def _resized(judged: Judged, was: pl.DataFrame) -> list[Closed]:
    again = _replacing(judged, was).select(*_SCOPE, "rows", "before", beside=pl.lit(None, pl.Date()))
    new = judged.brought.join(was, on=_SCOPE, how="anti", nulls_equal=True)
    found = pl.concat([again.filter(_is_resized(pl.col("before"), pl.col("before"))), _beside_nearest(new, was)])
    if found.is_empty():
        return []
    scopes = listed(_arrow(row) for row in found.sort(_SCOPE).iter_rows(named=True))
    return [Closed("DELIVERY-006", f"far fewer or far more rows than before: {scopes}")]


def _beside_nearest(new: pl.DataFrame, was: pl.DataFrame) -> pl.DataFrame:
    """New scopes out of line with the nearest dates of the same place and line, on both sides where there are two."""
    line = ["place", "line"]
    stands = was.with_columns(pl.col(line).fill_null("")).drop_nulls("valid_on").sort("valid_on")
    asked = new.with_columns(pl.col(line).fill_null("")).drop_nulls("valid_on").sort("valid_on")
    sides = [
        asked.join_asof(
            stands.select(*line, "valid_on", pl.col("valid_on").alias("beside"), before="rows"),
            on="valid_on", by=line, strategy=strategy, check_sortedness=False, tolerance=f"{NEAREST_WITHIN_DAYS}d",
        ).drop_nulls("before")
        for strategy in ("backward", "forward")
    ]  # fmt: skip
    near = pl.concat(sides)
    ends = near.group_by(*_SCOPE, "rows").agg(
        least=pl.col("before").min(),
        most=pl.col("before").max(),
        beside_least=pl.col("beside").sort_by("before").first(),
        beside_most=pl.col("beside").sort_by("before").last(),
    )
    out = ends.filter(_is_resized(pl.col("least"), pl.col("most")))
    fewer = pl.col("rows") < pl.col("least")
    return out.select(
        pl.col(line).replace("", None),
        "valid_on",
        "rows",
        before=pl.when(fewer).then("least").otherwise("most"),
        beside=pl.when(fewer).then("beside_least").otherwise("beside_most"),
    )


def _is_shrunk(before: pl.Expr) -> pl.Expr:
    return pl.col("rows") < SHRUNK_BELOW_SHARE * before - ROUNDING_TOLERANCE


def _is_stray_beside_others(before: pl.Expr) -> pl.Expr:
    rows = pl.col("rows")
    return _is_shrunk(before) & ((before - rows >= STRAY_LEAST_LOST) | (rows < STRAY_BELOW_HALF * before))


def _is_resized(least: pl.Expr, most: pl.Expr) -> pl.Expr:
    """Under the bound below the least, or over the one above the most, and far enough away to matter."""
    shrunk = _is_shrunk(least) & (least - pl.col("rows") >= LEAST_ROWS_DIFFERENCE)
    swollen = pl.col("rows") > SWOLLEN_ABOVE_SHARE * most + ROUNDING_TOLERANCE
    return shrunk | (swollen & (pl.col("rows") - most >= LEAST_ROWS_DIFFERENCE))


def _arrow(row: Mapping[str, Any]) -> str:
    """A scope in words, with its rows before and after."""
    near = f" (new, beside {scope_name(None, None, row['beside'])})" if row.get("beside") else ""
    name = scope_name(row["place"], row["line"], row["valid_on"])
    return f"{name}{near}: {from_to(row['before'], row['rows'])}"


def _new_places(judged: Judged, before: pl.DataFrame) -> list[Closed]:
    """Places that the sender never reported about, though it had the occasion.

    Those who begin together are no surprise to each other: what came earlier has to be about an earlier date, or this
    delivery is also about a place that was there. What came on the same day is no history.
    """
    earlier = before.filter(pl.col("delivered_on") < judged.delivered_on)
    sender = pl.col("sender").fill_null("")
    history = earlier.filter(sender == (judged.sender or ""))  # of another sender nothing follows for this one
    brought = judged.brought.drop_nulls("place")
    known = _with_successors(history["place"].drop_nulls().unique())
    new = brought.filter(~pl.col("place").is_in(known.implode()))
    if new.is_empty() or known.is_empty():
        return []
    if new["place"].n_unique() == brought["place"].n_unique():  # about nothing that was there
        first = _begin(history["valid_on"])
        dates = new.group_by("place").agg(pl.col("valid_on").min())
        new = new.join(dates.filter((pl.lit(first) < pl.col("valid_on")).fill_null(value=True)), on="place", how="semi")
    if new.is_empty():
        return []
    rows = new.group_by("place").agg(pl.col("rows").sum()).sort("place")
    places = listed(f"{place_name(place)}: {from_to(0, count)}" for place, count in rows.iter_rows())
    return [Closed("DELIVERY-008", f"no earlier delivery of the sender held {places}")]


def _begin(dates: pl.Series) -> date | None:
    """Since when a sender reports. One date far before all others may be a typing error, so it takes two to begin."""
    known: list[date] = dates.drop_nulls().unique().sort().to_list()
    if len(known) > 2:
        return known[1]
    return known[0] if known else None


def _with_successors(places: pl.Series) -> pl.Series:
    """Places that were there, and what became of them: a municipality that merged goes on under another code."""
    changes = reference.municipal_changes()
    return pl.concat([places, changes.filter(pl.col("code").is_in(places.implode()))["successor"]]).unique()
