"""The curated table ``findings``: what was found in the last reading of each delivery. Not here: finding it
(``intake``), but for what takes two deliveries to see.
"""

from collections.abc import Iterable

import polars as pl

from pipeline.versions.deliveries import whole_delivery
from pipeline.versions.explanation import Lineage, Row, Trace, every_column
from pipeline.versions.out_of_line import OUT_OF_LINE, out_of_line
from pipeline.versions.projection import Known, Projection
from schemas.catalogue import RULES, SOURCES
from schemas.tables.deliveries import FINDINGS

TWINS = "DELIVERY-010"
"""The rule about two deliveries of one day about one scope."""
ASSUMED = "FILE-082"
"""The rule about a delivery of which nobody stated the day."""
PERIOD = "FILE-095"
"""The rule about a name that begins with a period in its place."""


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    beside = [of_deliveries(known.twins, TWINS), of_deliveries(out_of_line(known.statuses), OUT_OF_LINE)]
    return findings_table(known.statuses, known.log_findings, pl.concat(beside))


def of_deliveries(found: pl.DataFrame, rule: str) -> pl.DataFrame:
    """One finding on each of these deliveries (source, delivery) as a whole."""
    return found.select(
        "delivery",
        pl.lit(0, pl.Int64()).alias("row"),
        pl.lit("").alias("column"),
        pl.lit(rule).alias("rule"),
        pl.lit(RULES[rule].severity.value).alias("severity"),
        "source",
    ).select(FINDINGS.columns)


def findings_table(statuses: pl.DataFrame, findings: pl.DataFrame, beside: pl.DataFrame | None = None) -> pl.DataFrame:
    """Curated ``findings``: those of the last reading of each delivery, and those that it takes others to see. That
    nobody stated a day is none where the same bytes came under a name that does.
    """
    reading = ["source", "delivery", "processing"]
    own = (
        findings.join(statuses.select(*reading, "is_day_assumed"), on=reading, how="inner")
        .filter(~pl.col("rule").is_in([ASSUMED, PERIOD]) | pl.col("is_day_assumed"))
        .select(FINDINGS.columns)
    )
    return (
        pl.concat([own, FINDINGS.empty() if beside is None else beside])
        .sort(*FINDINGS.key, "source")
        .unique(FINDINGS.key, keep="first", maintain_order=True)
    )


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The row of the file; none where the finding is about the file as a whole. Of two deliveries of one day, both."""
    yield from whole_delivery(lineage, row["delivery"], (row["row"],) if row["row"] else ())
    if row["rule"] == TWINS:
        about = lineage.sharing(SOURCES[row["source"]], row["delivery"])
        own = about.filter(delivery=row["delivery"])["delivered_on"].max()
        others = about.filter((pl.col("delivered_on") == own) & (pl.col("delivery") != row["delivery"]))
        for delivery in others["delivery"].head(1):
            yield lineage.trace("of the same day", row["source"], delivery)


PROJECTION = Projection(table=FINDINGS, inputs=(), project=project, explain=every_column(FINDINGS, explain))
