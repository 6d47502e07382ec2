"""Curated tables about the deliveries themselves: what came in, what became of it, and why."""

import polars as pl

from schemas.table import Field, Invariant, Table
from schemas.vocabulary import DeliveryStatus, Severity

DELIVERIES = Table(
    name="deliveries",
    title="Deliveries",
    grain="one delivery (one file, by the sha256 of its bytes) under one of its names",
    key=("delivery", "file_name"),
    source="the log",
    is_restated=False,
    order=160,
    fields=(
        Field("delivery", pl.String(), "sha256 of the bytes of the file; where it has none that could be read, of its name and the reason"),
        Field("source", pl.String(), "Folder below data/raw; empty for what lies directly in it"),
        Field("file_name", pl.String(), "Path below data/raw. The same bytes under another name have a row of their own: copied, or rejected too"),
        Field("delivered_on", pl.Date(), "Day on which the sender said it: sidecar, else file name, else day of ingestion"),
        Field("is_day_assumed", pl.Boolean(), "True where neither sidecar nor file name states delivered_on, so that the day of ingestion was taken"),
        Field("recorded_at", pl.Datetime("us", "UTC"), "When the log took it"),
        Field("status", pl.String(), "recorded, held, rejected, removed (rejected, and the file was taken away since), refused (held, and a steward said no), retracted (recorded, and taken back), copied (the same bytes under another name; the rows are counted there) or unstable (still being written; tried again every night)", values=tuple(DeliveryStatus)),
        Field("rows_read", pl.Int64(), "Rows found in the file", "rows"),
        Field("rows_recorded", pl.Int64(), "Rows in the log", "rows"),
        Field("rows_quarantined", pl.Int64(), "Rows kept out, each with its reasons in findings", "rows"),
        Field("rows_duplicate", pl.Int64(), "Identical copies, counted and kept once", "rows"),
        Field("rows_held", pl.Int64(), "Rows waiting for a steward", "rows"),
        Field("version_of_scope", pl.Int64(), "1 for what was said first, 2 for its first redelivery, …; null where nothing was recorded", nullable=True),
        Field("rules_version", pl.String(), "Fingerprint of the rules it was judged by"),
        Field("processing", pl.Int64(), "0 for the first reading of the file, higher for later ones"),
        Field("simulated", pl.Boolean(), "True for made-up data of the simulator"),
        Field("sender", pl.String(), "Sender named in the sidecar", nullable=True),
        Field("reason", pl.String(), "Rule and cause where it was rejected or held, and of one that is held the day on which it was judged, whose figures these are; who decided what about it, and why", nullable=True),
        Field("also_delivered_as", pl.String(), "Other names under which the same bytes were found, separated by |", nullable=True),
    ),
    invariants=(
        Invariant(
            "no row is lost",
            pl.col("rows_read")
            == pl.when(pl.col("status").is_in([DeliveryStatus.HELD, DeliveryStatus.REFUSED]))
            .then(pl.col("rows_held"))
            .otherwise(pl.col("rows_recorded") + pl.col("rows_quarantined") + pl.col("rows_duplicate")),
        ),
    ),
)  # fmt: skip

FINDINGS = Table(
    name="findings",
    title="Findings",
    grain="one delivery, row, column and rule",
    key=("delivery", "row", "column", "rule"),
    source="validation of the deliveries",
    is_restated=False,
    order=170,
    fields=(
        Field("delivery", pl.String(), "sha256 of the delivery"),
        Field("row", pl.Int64(), "Row number as in the file, the header being row 1; 0 for the file as a whole"),
        Field("column", pl.String(), "Column as the contract names it; empty for a whole row or file"),
        Field("rule", pl.String(), "Code of the rule; the rules page says why it exists and what to do"),
        Field("severity", pl.String(), "reject, quarantine, hold or warn", values=tuple(Severity)),
        Field("source", pl.String(), "Folder below data/raw"),
    ),
)

RESTATEMENTS = Table(
    name="restatements",
    title="Restatements",
    grain="one figure (table, key and column) that differs between a release and the one before it",
    key=("release", "table", "key", "column"),
    source="the log: every release since the second, compared with the one that was current before",
    is_restated=False,
    order=150,
    names_release=True,
    fields=(
        Field("release", pl.String(), "Release in which the figure first stood like this"),
        Field("previous_release", pl.String(), "Release it was compared with"),
        Field("published_at", pl.Datetime("us", "UTC"), "When the release was published"),
        Field("table", pl.String(), "Curated table"),
        Field("key", pl.String(), "Key of the row in that table, its parts in order, separated by |"),
        Field("column", pl.String(), "The figure"),
        Field("kind", pl.String(), "added (there was no such figure), changed, or removed", values=("added", "changed", "removed")),
        Field("value_before", pl.Float64(), "The figure in the release before; null where added", "as in the table", nullable=True),
        Field("value_after", pl.Float64(), "The figure in this release; null where removed", "as in the table", nullable=True),
        Field("cause", pl.String(), "sha256 of the delivery that caused it: of those that came between the two releases and concern the figure, the one nearest in time to it; null where none did", nullable=True),
        Field("event", pl.String(), "What happened to that delivery; code where another version of the program made the difference", values=("recorded", "reprocessed", "copied", "retracted", "reinstated", "refused", "code")),
        Field("candidates", pl.Int64(), "Deliveries between the two releases that concern the figure; 1 = the cause is certain", "deliveries"),
    ),
    invariants=(
        Invariant("added and removed have one side", pl.col("value_before").is_null().eq(pl.col("kind") == "added") & pl.col("value_after").is_null().eq(pl.col("kind") == "removed")),
    ),
)  # fmt: skip
