"""How many rows of a delivery are good, and how many are in quarantine, per scope.

Here: counting. Not here: what follows from it (``outcome``).
Counts of several batches are added; a scope that a row does not say is null.
"""

import polars as pl

from schemas.source import Source


def of_batch(parsed: pl.DataFrame, good: pl.DataFrame, misshapen: int, source: Source) -> pl.DataFrame:
    """Of one batch; ``misshapen`` rows say nothing of their scope."""
    lost = parsed.lazy().select(source.counted_by, rows_good=pl.lit(0), rows_quarantined=pl.lit(1))
    kept = good.lazy().select(source.counted_by, rows_good=pl.lit(1), rows_quarantined=pl.lit(-1))
    counted = pl.concat([lost, kept]).pipe(_summed, source).collect()
    if not misshapen:
        return counted
    unsaid = pl.DataFrame({"rows_good": [0], "rows_quarantined": [misshapen]})
    return pl.concat([counted, unsaid.cast(pl.Int64)], how="diagonal_relaxed").select(counted.columns)


def of_leaving(rows: pl.DataFrame, conflicts: pl.DataFrame, source: Source) -> pl.DataFrame:
    """What becomes less, and more, by rows that share a key: copies leave, rows that differ go to quarantine."""
    left = rows.lazy().join(conflicts.lazy().select("row", "rule"), on="row")
    counted = left.select(
        source.counted_by,
        rows_good=pl.lit(-1),
        rows_quarantined=(pl.col("rule") == "DELIVERY-002").cast(pl.Int32),
    )
    return counted.pipe(_summed, source).collect()


def total(parts: list[pl.DataFrame], source: Source) -> pl.DataFrame:
    """All parts of a delivery together, sorted."""
    if not parts:
        return pl.DataFrame()
    summed = pl.concat(parts, how="vertical_relaxed").lazy().pipe(_summed, source).collect()
    return summed.sort(source.counted_by) if source.counted_by else summed


def _summed(rows: pl.LazyFrame, source: Source) -> pl.LazyFrame:
    counts = pl.col("rows_good", "rows_quarantined").cast(pl.Int64).sum()
    return rows.group_by(source.counted_by).agg(counts) if source.counted_by else rows.select(counts)
