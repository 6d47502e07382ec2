"""The curated table ``deliveries``: what came in, and what became of it. Not here: which status follows from which
events (``delivery_status``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from pipeline.versions.explanation import Behind, Explained, Lineage, Row, Stated, Trace
from pipeline.versions.projection import Known, Projection
from schemas.catalogue import SOURCES
from schemas.tables.deliveries import DELIVERIES
from schemas.vocabulary import CHANGES_WHAT_COUNTS, NOTHING_OF_IT, Decision, DeliveryStatus


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return deliveries_table(known.statuses, known.versions, known.other_names)


def deliveries_table(
    statuses: pl.DataFrame, versions: pl.DataFrame, other_names: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Curated ``deliveries``.

    ``versions``: (delivery, version_of_scope) of recorded deliveries. ``other_names``: further names of deliveries.
    """
    cause = pl.when(pl.col("rule") != "").then(pl.concat_str("rule", pl.lit(": "), "detail"))
    decision = decision_told()
    # What it is compared with may have changed since: its figures are those of that day.
    judged = pl.when(pl.col("status") == DeliveryStatus.HELD).then(
        pl.format("judged on {} beside what was known then", pl.col("recorded_at").dt.date())
    )
    reason = pl.concat_str(cause, judged, decision, separator="; ", ignore_nulls=True).replace("", None)
    has_version = pl.col("status") == DeliveryStatus.RECORDED
    return (
        pl.concat([statuses, *([] if other_names is None else [other_names])])
        .pipe(without_past_unstable)
        .join(versions.group_by("delivery").agg(pl.col("version_of_scope").max()), on="delivery", how="left")
        .with_columns(
            reason=reason,
            processing=pl.col("processing").cast(pl.Int64),
            version_of_scope=pl.when(has_version).then("version_of_scope"),
        )
        .pipe(DELIVERIES.shaped)
    )


def decision_told() -> pl.Expr:
    """What was decided, when, by whom and why; null where nothing was."""
    return pl.format("{} on {} by {}: {}", "decision", "decided_on", "decided_by", "why")


def letting_in(lineage: Lineage, traces: Iterable[Trace]) -> Iterator[Stated]:
    """What stewards decided about the deliveries that are named, of each file once: by it they count, or no more."""
    is_decided = pl.col("is_let_in") | pl.col("decision").is_not_null()
    decided = set(lineage.statuses.filter(is_decided).select("source", "delivery").iter_rows())
    for source, delivery, file_name in dict.fromkeys((each.source, each.delivery, each.file_name) for each in traces):
        if (source, delivery) in decided:
            told = lineage.decisions(source, delivery).filter(pl.col("decision").is_in(list(CHANGES_WHAT_COUNTS)))
            for text in told.select(decision_told()).to_series():
                yield Stated("decision", f"{file_name}: {text}")


def without_past_unstable(named: pl.DataFrame) -> pl.DataFrame:
    """Without the rows of files that were being written and have become something since."""
    is_unstable = pl.col("status") == DeliveryStatus.UNSTABLE
    became = named.filter(~is_unstable).group_by("file_name").agg(became_at=pl.col("recorded_at").max())
    is_past = is_unstable & (pl.col("became_at") > pl.col("recorded_at"))
    return (
        named.join(became, on="file_name", how="left", maintain_order="left")
        .filter(~is_past.fill_null(value=False))
        .drop("became_at")
    )


def _file(lineage: Lineage, row: Row, _column: str) -> Iterable[Trace]:
    """The file itself, under the name of the row."""
    for trace in whole_delivery(lineage, row["delivery"]):
        yield replace(trace, source=row["source"], file_name=row["file_name"], delivered_on=row["delivered_on"])


def _decided(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The file, and what stewards decided about it: that decides what became of it, and to accept it what was read.
    A copy tells what became of its delivery.
    """
    yield from _file(lineage, row, column)
    decided = lineage.decisions(row["source"], row["delivery"])
    if column in _OF_READING:
        decided = decided.filter(pl.col("decision") == Decision.ACCEPTED)
    is_told_of_copy = column == "reason" and row["status"] == DeliveryStatus.COPIED
    if is_told_of_copy or row["status"] not in _OTHERWISE:
        yield from (Stated("decision", each) for each in decided.select(decision_told()).to_series())


def _version(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The file, and the earlier ones about that of its scopes that was delivered most often."""
    yield from _decided(lineage, row, column)
    if row["version_of_scope"] is None:
        return
    source = SOURCES[row["source"]]
    about = lineage.sharing(source, row["delivery"])
    own = about.filter(delivery=row["delivery"])["rank"].max()
    until = about.filter(pl.col("rank") <= own)
    counted = until.group_by(source.scope, maintain_order=True).agg("delivery", times=pl.len()).sort("times")
    for deliveries in counted["delivery"].tail(1):
        for delivery in deliveries:
            if delivery != row["delivery"]:
                yield lineage.trace("earlier version", row["source"], delivery)


def whole_delivery(lineage: Lineage, delivery: str, rows: tuple[int, ...] = (), part: str = "file") -> list[Trace]:
    """A trace to a delivery by its hash alone, whichever source it belongs to; none where it is not known.

    The same bytes in two folders are one delivery: the folder in which they were not rejected is shown.
    """
    is_rejected = pl.col("status").is_in(NOTHING_OF_IT)
    known = lineage.statuses.filter(pl.col("delivery") == delivery).sort(is_rejected, "source")
    return [lineage.trace(part, source, delivery, rows) for source in known["source"].head(1)]


_OF_READING = (
    "recorded_at", "rows_read", "rows_recorded", "rows_quarantined", "rows_duplicate", "rows_held", "rules_version",
    "processing",
)  # fmt: skip
"""Columns of the last reading: what was held is read again where it is accepted."""
_OF_DECISIONS = ("status", "reason", "version_of_scope", *_OF_READING)
_OTHERWISE = (DeliveryStatus.COPIED, *NOTHING_OF_IT)
"""What became of a name without anybody deciding."""

PROJECTION = Projection(
    table=DELIVERIES,
    inputs=(),
    project=project,
    explain=(
        Explained(tuple(name for name in DELIVERIES.not_key if name not in _OF_DECISIONS), _file),
        Explained(("status", "reason", *_OF_READING), _decided),
        Explained(("version_of_scope",), _version, is_aside=True),
    ),
)
