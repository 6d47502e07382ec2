"""Which delivery speaks for a scope: the one with the latest own times.

Nothing is edited; losers stay in the log.

The winner is decided by (delivered_on, recorded_at, sha256) of the deliveries, so any order of loading gives the
same state.
"""

from collections.abc import Sequence

import polars as pl


def winning(rows: pl.DataFrame, ranks: pl.DataFrame, scope: Sequence[str]) -> pl.DataFrame:
    """Rows of the winning delivery of each scope.

    ``rows`` has delivery, processing and the scope columns; ``ranks`` (delivery, processing, delivered_on,
    recorded_at, rank) lists the deliveries that count. Times are taken from ``ranks``: the ledger is the authority,
    not the envelope of a row.
    """
    own = ["delivered_on", "recorded_at", "rules_version"]
    counting = rows.drop([name for name in own if name in rows.columns]).join(
        ranks, on=["delivery", "processing"], how="inner"
    )
    return counting.filter(pl.col("rank") == pl.col("rank").max().over(list(scope))).drop("rank")


def versions(scopes: pl.DataFrame) -> pl.DataFrame:
    """(delivery, version_of_scope): 1 for the first delivery about a scope, 2 for its first redelivery; the highest
    over a delivery's scopes.
    """
    scope = [name for name in scopes.columns if name not in ("delivery", "rank")]
    return (
        scopes.unique()
        .with_columns(version_of_scope=pl.col("rank").rank("dense").over(scope).cast(pl.Int64))
        .group_by("delivery")
        .agg(pl.col("version_of_scope").max())
    )
