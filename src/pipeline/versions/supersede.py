"""Which delivery counts for a scope: the one with the latest own times.

Nothing is edited; losers stay in the log. Here: the last in order of the deliveries about one scope, and which of them
came when. Not here: that order (``delivery_status.recorded``: delivered_on, sha256), which is the
deliveries' own, so that any order of loading gives the same state.
"""

from collections.abc import Sequence

import polars as pl


def winning(rows: pl.DataFrame, ranks: pl.DataFrame, scope: Sequence[str]) -> pl.DataFrame:
    """Rows of the winning delivery of each scope.

    ``rows`` has delivery, processing and the scope columns; ``ranks`` (delivery, processing, delivered_on,
    recorded_at, rank) lists the deliveries that count. Times are taken from ``ranks``: the
    delivery's status is the authority, not the envelope of a row.
    """
    own = ["delivered_on", "recorded_at", "rules_version"]
    counting = rows.drop([name for name in own if name in rows.columns]).join(
        ranks, on=["delivery", "processing"], how="inner"
    )
    return counting.filter(pl.col("rank") == pl.col("rank").max().over(list(scope))).drop(
        "rank", "is_day_assumed", strict=False
    )


def versions(scopes: pl.DataFrame) -> pl.DataFrame:
    """(delivery, version_of_scope): 1 for the first delivery about a scope, 2 for its first redelivery; the highest
    over a delivery's scopes. Frames that have been numbered before (delivery, version_of_scope) may be passed too.
    """
    if "version_of_scope" in scopes.columns:
        return scopes.group_by("delivery").agg(pl.col("version_of_scope").max())
    scope = [name for name in scopes.columns if name not in ("delivery", "rank")]
    return (
        scopes.unique()
        .with_columns(version_of_scope=pl.col("rank").rank("dense").over(scope).cast(pl.Int64))
        .group_by("delivery")
        .agg(pl.col("version_of_scope").max())
    )


def redelivered(scopes: pl.DataFrame) -> pl.DataFrame:
    """Scopes that more than one delivery is about. ``scopes``: delivery, rank and the scope."""
    scope = [name for name in scopes.columns if name not in ("delivery", "rank")]
    return scopes.group_by(scope).agg(pl.col("delivery").n_unique()).filter(pl.col("delivery") > 1).select(scope)


def twins(scopes: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Deliveries that share a scope with another one of the same day: neither is the later one, so hashes decide.

    ``scopes``: delivery and the scope; ``days``: delivery and delivered_on.
    """
    scope = [name for name in scopes.columns if name not in ("delivery", "rank")]
    about = scopes.select("delivery", *scope).unique().join(days, on="delivery")
    shared = pl.col("delivery").n_unique().over("delivered_on", *scope) > 1
    return about.filter(shared).select(pl.col("delivery").unique().sort())


def superseded(standing: pl.DataFrame, added: pl.DataFrame, scope: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that win when later deliveries are added to rows that won before, and ``versions`` of those deliveries.

    ``standing`` has the scope and ``version``, the number of deliveries about the scope so far. ``added`` has the same
    columns but ``version``, and delivery and ``rank``; later deliveries come after earlier ones.
    """
    place, wins = pl.lit(1, pl.Int64()), None  # of one delivery all do
    if added["rank"].n_unique() > 1:
        place = pl.col("rank").rank("dense").over(scope).cast(pl.Int64)
        wins = pl.col("rank") == pl.col("rank").max().over(scope)
    if standing.is_empty():
        numbered = added.with_columns(version=place)
    else:
        before = standing.select(*scope, "version").unique()
        with_before = added.join(before, on=scope, how="left", maintain_order="left")
        numbered = with_before.with_columns(version=pl.col("version").fill_null(0) + place)
        standing = standing.join(added.select(scope).unique(), on=scope, how="anti", maintain_order="left")
    winners = (numbered if wins is None else numbered.filter(wins)).select(standing.columns)
    of_added = numbered.group_by("delivery").agg(version_of_scope=pl.col("version").max())
    return pl.concat([standing, winners]), of_added
