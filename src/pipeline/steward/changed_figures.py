"""Figures that changed, as rows that any user interface can show: by a release, or as a plan would change them.

Not here: other rows (``report_rows``), the text around them (``figures_markdown``), which figures differ
(``versions.figure_diff``).
"""

from dataclasses import dataclass

import polars as pl

from pipeline.steward.report_rows import MOST_ROWS, Rows, as_rows, rank, read
from pipeline.store.releases.releases import Release

_KINDS = ("changed", "removed", "added")


@dataclass(frozen=True)
class Changes:
    """What the newest comparison of two releases found. ``rows`` is capped, ``by_table`` counts everything."""

    release: str
    previous: str
    published_at: str
    rows: Rows
    by_table: Rows
    count: int


def changes(release: Release) -> Changes | None:
    """The newest restatements that a release holds; ``None`` where it keeps none."""
    if "restatements.parquet" not in release.manifest["files"]:
        return None
    return newest_changes(read(release, "restatements"))


def newest_changes(restatements: pl.DataFrame) -> Changes | None:
    """The rows of the release that was published last, changed figures before removed and added ones."""
    if restatements.is_empty():
        return None
    latest = restatements.filter(pl.col("published_at") == pl.col("published_at").max())
    latest = latest.filter(pl.col("release") == pl.col("release").max())
    first = latest.row(0, named=True)
    return Changes(
        release=first["release"],
        previous=first["previous_release"],
        published_at=f"{first['published_at']:%d-%m-%Y %H:%M} UTC",
        rows=changed_rows(latest.drop("release", "previous_release", "published_at")),
        by_table=changed_by_table(latest),
        count=latest.height,
    )  # fmt: skip


def changed_rows(figures: pl.DataFrame) -> Rows:
    """Figures that differ, at most ``MOST_ROWS`` of them, the changed ones first."""
    ordered = figures.with_columns(rank=rank("kind", _KINDS)).sort("rank", "table", "key", "column")
    return as_rows(ordered.drop("rank").head(MOST_ROWS))


def changed_by_table(figures: pl.DataFrame) -> Rows:
    """How many figures differ, per table and kind of change."""
    kinds = [(pl.col("kind") == kind).sum().cast(pl.Int64).alias(kind) for kind in _KINDS]
    return as_rows(figures.group_by("table").agg(*kinds).sort("table"))
