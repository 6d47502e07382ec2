"""The curated table ``deliveries``: what came in, and what became of it. Not here: which status follows from which
events (``delivery_status``).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.versions.projection import Known, Lineage, Projection, Row, Trace
from schemas.tables.deliveries import DELIVERIES


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return deliveries_table(known.statuses, known.versions)


def deliveries_table(statuses: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """Curated ``deliveries``.

    ``versions``: (delivery, version_of_scope) of recorded deliveries.

    The same bytes in two folders are one delivery: the folder in which they were recorded is shown before one that
    refused them.
    """
    order = ("recorded", "retracted", "held", "refused", "rejected")
    preference = pl.col("status").replace_strict({each: number for number, each in enumerate(order)})
    cause = pl.when(pl.col("rule") != "").then(pl.concat_str("rule", pl.lit(": "), "detail"))
    decision = pl.format("{} on {} by {}: {}", "decision", "decided_on", "decided_by", "why")
    reason = pl.concat_str(cause, decision, separator="; ", ignore_nulls=True).replace("", None)
    return (
        statuses.sort(preference, "recorded_at", "source")
        .unique("delivery", keep="first", maintain_order=True)
        .join(versions.group_by("delivery").agg(pl.col("version_of_scope").max()), on="delivery", how="left")
        .with_columns(reason=reason, processing=pl.col("processing").cast(pl.Int64))
        .pipe(DELIVERIES.shaped)
    )


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The file itself."""
    return whole_delivery(lineage, row["delivery"])


def whole_delivery(lineage: Lineage, delivery: str, rows: tuple[int, ...] = (), part: str = "file") -> list[Trace]:
    """A trace to a delivery by its hash alone, whichever source it belongs to; none where it is not known."""
    known = lineage.statuses.filter(pl.col("delivery") == delivery)
    return [lineage.trace(part, source, delivery, rows) for source in known["source"].head(1)]


PROJECTION = Projection(table=DELIVERIES, inputs=(), project=project, explain=explain)
